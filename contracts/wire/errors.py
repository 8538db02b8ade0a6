"""What can go wrong between a request or an answer and its bytes.

The names say what is wrong, so that none of them needs "Error" behind it.
"""

from typing import Final

MAX_BYTES: Final = 128 * 1024 * 1024
"""Bytes read at most: more than the largest body that the suite builds (100 MB)."""

MAX_DEPTH: Final = 64
"""Nested objects, arrays or elements at most: the documented shapes need four."""


class Unencodable(ValueError):  # noqa: N818
    """A value that the format cannot carry; nothing is bent to fit."""


class NotWellFormed(ValueError):  # noqa: N818
    """Bytes that are not JSON or not XML, or that go beyond the reader's bounds.

    Attributes:
        reason: what is wrong, in a few words.
        offset: where, in bytes from the start of the body.
    """

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(f"{reason}, at byte {offset}")
        self.reason = reason
        self.offset = offset


class Misshapen(ValueError):  # noqa: N818
    """Well-formed XML that cannot be read as parameters or as an answer.

    Attributes:
        reason: what stands where something else was expected.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_size(body: bytes) -> None:
    """Refuse a body of more than MAX_BYTES before anything is parsed.

    Raises:
        NotWellFormed: the body is too large.
    """
    if len(body) > MAX_BYTES:
        raise NotWellFormed(f"{len(body)} bytes are more than the {MAX_BYTES} read", MAX_BYTES)
