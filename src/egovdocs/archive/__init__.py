"""What lasts: export packages and their checks."""

from egovdocs.archive.bag_zip import zip_bags
from egovdocs.archive.checking import BagVerdict, check_bag
from egovdocs.archive.exporting import Exporter, NotRegisteredError, Render, bag_name

__all__ = ["BagVerdict", "Exporter", "NotRegisteredError", "Render", "bag_name", "check_bag", "zip_bags"]
