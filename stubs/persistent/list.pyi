from collections import UserList
from typing import TypeVar

from persistent import Persistent

T = TypeVar("T")

class PersistentList(UserList[T], Persistent): ...
