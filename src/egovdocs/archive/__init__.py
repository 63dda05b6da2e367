"""What lasts: export packages and fixity."""

from egovdocs.archive.checking import Verdict, check_bag
from egovdocs.archive.exporting import Exporter, NotRegisteredError, Render, bag_name
from egovdocs.archive.zipping import zip_bags

__all__ = ["Exporter", "NotRegisteredError", "Render", "Verdict", "bag_name", "check_bag", "zip_bags"]
