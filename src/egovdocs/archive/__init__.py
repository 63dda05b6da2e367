"""What lasts: export packages and fixity."""

from .checking import Verdict, check_bag
from .exporting import Exporter, NotRegisteredError, Render, bag_name
from .zipping import zip_bags

__all__ = ["Exporter", "NotRegisteredError", "Render", "Verdict", "bag_name", "check_bag", "zip_bags"]
