"""Bytes in an unnamed file in memory: received by one process, read by another, not copied."""

import mmap
import os
import tempfile
from typing import Final, Self

MEMORY_FILES: Final = hasattr(os, "memfd_create")


class Spool:
    """A growing sequence of bytes behind a file descriptor."""

    def __init__(self, fd: int, size: int = 0) -> None:
        self.fd = fd
        self.size = size

    @classmethod
    def new(cls) -> Self:
        """An empty one: memory on Linux, an unnamed temporary file elsewhere."""
        if MEMORY_FILES:
            return cls(os.memfd_create("mock-body"))
        with tempfile.TemporaryFile() as file:
            return cls(os.dup(file.fileno()))

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        """Append a piece."""
        rest = memoryview(piece)
        while rest:
            written = os.write(self.fd, rest)
            self.size += written
            rest = rest[written:]

    def read(self) -> bytes:
        """All bytes."""
        return os.pread(self.fd, self.size, 0) if self.size else b""

    def view(self) -> memoryview:
        """All bytes as pages of the file itself; valid also after `close`."""
        if not self.size:
            return memoryview(b"")
        return memoryview(mmap.mmap(self.fd, self.size, access=mmap.ACCESS_READ))

    def close(self) -> None:
        """Let go of the file; twice does no harm."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
