"""A file that only grows, line after line: who is killed while writing it leaves a beginning to go on with."""

import hashlib
from pathlib import Path

BLOCK = 1 << 20


class Growing:
    """Bytes are hashed as they come. With `at` the first so many of the file stay, and what lies behind them goes."""

    def __init__(self, path: Path, at: int = 0) -> None:
        self.file = open(path, "r+b" if at else "wb")  # noqa: SIM115  (closed by close)
        self.sum = hashlib.sha256()
        self.size = 0
        while self.size < at and (block := self.file.read(min(BLOCK, at - self.size))):
            self.sum.update(block)
            self.size += len(block)
        self.file.truncate(self.size)
        self.file.seek(self.size)

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.sum.update(data)
        self.size += len(data)

    def mark(self) -> tuple[int, str]:
        """How many bytes there are and their SHA-256; they are out of this process's hands then."""
        self.file.flush()
        return self.size, self.sum.hexdigest()

    def close(self) -> None:
        self.file.close()
