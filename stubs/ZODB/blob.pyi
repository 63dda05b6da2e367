from typing import IO

from persistent import Persistent

class Blob(Persistent):
    def open(self, mode: str = ...) -> IO[bytes]: ...
    def consumeFile(self, filename: str) -> None: ...
