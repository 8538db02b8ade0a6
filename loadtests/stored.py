"""Large bodies as files in memory: the system sends them from where they lie.

What is written to a socket is copied into the system first, byte by byte and for each request
anew. A file's pages the system only refers to (sendfile), and all users of a process share them.
"""

import mmap
import os
import weakref


class Stored:
    """Bytes that a connection sends without copying them.

    Attributes:
        file: its descriptor, open as long as this object lives.
        view: the same bytes, for connections that have to see them: encryption does.
    """

    __slots__ = ("__weakref__", "file", "view")

    def __init__(self, data: bytes) -> None:
        self.file = os.memfd_create("body")
        weakref.finalize(self, os.close, self.file)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self.file, rest) :]
        # Pages that nobody looks at are not mapped: the bytes are in memory once.
        self.view = memoryview(mmap.mmap(self.file, len(data), prot=mmap.PROT_READ))

    def __len__(self) -> int:
        """How many bytes."""
        return len(self.view)

    def __bytes__(self) -> bytes:
        """A copy of them."""
        return bytes(self.view)


def stored(data: bytes) -> "bytes | Stored":
    """The bytes as a file, where the system has files in memory (Linux); else as they are."""
    return Stored(data) if hasattr(os, "memfd_create") and data else data
