"""Unpacks an answer's Content-Encoding, to a bounded size."""

import zlib
from typing import Final

_GZIP: Final = zlib.MAX_WBITS | 16
_ZLIB: Final = zlib.MAX_WBITS
_RAW: Final = -zlib.MAX_WBITS

_CODINGS: Final[dict[str, tuple[int, ...]]] = {
    "gzip": (_GZIP,),
    "x-gzip": (_GZIP,),
    # RFC 9110 means zlib by "deflate"; the bare format is so common that all clients read it.
    "deflate": (_ZLIB, _RAW),
}


class Unpackable(ValueError):  # noqa: N818  # the name of what it is, as NotWellFormed
    """A body cannot be unpacked: the coding is unknown, broken, or its content too large."""

    def __init__(self, said: str, *, too_large: bool = False) -> None:
        super().__init__(said)
        self.too_large = too_large


def unpack(body: bytes, codings: str, most: int) -> bytes:
    """Return a body without its codings, the last applied first.

    Args:
        body: as it travelled.
        codings: the Content-Encoding header.
        most: bytes that the result, and each step on the way, may have.

    Raises:
        Unpackable: see there.
    """
    for coding in reversed(codings.lower().split(",")):
        name = coding.strip()
        if name in ("", "identity"):
            continue
        if name not in _CODINGS:
            raise Unpackable(f"the answer's Content-Encoding is {name!r}, which was not asked for")
        body = _step(body, name, most)
    return body


def _step(body: bytes, name: str, most: int) -> bytes:
    error: zlib.error | None = None
    for bits in _CODINGS[name]:
        try:
            return _inflate(body, bits, most)
        except zlib.error as this:
            error = error or this
    raise Unpackable(f"the answer's body does not unpack as {name}: {error}")


def _inflate(body: bytes, bits: int, most: int) -> bytes:
    found = bytearray()
    rest = body
    # A gzip file may consist of several members.
    while rest:
        stream = zlib.decompressobj(bits)
        found += stream.decompress(rest, most + 1 - len(found))
        if len(found) > most:
            raise Unpackable(f"the answer unpacks to more than {most} bytes", too_large=True)
        if not stream.eof:
            raise zlib.error("its end is missing")
        rest = stream.unused_data
    return bytes(found)
