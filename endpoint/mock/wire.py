"""A reply as the bytes of HTTP/1.1."""

import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

from endpoint.mock.behaviour import Behaviour, Wire
from endpoint.mock.model import Call, Reply

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
REASONS: Final = {status.value: status.phrase for status in HTTPStatus}
SMALL_CHUNK: Final = 700
LARGE_CHUNK: Final = 60_000
"""Bytes of a chunk: several for an ordinary answer, not too many for a large one."""


class _Clock:
    """The Date header's text, made once a second."""

    second = 0
    text = ""

    def now(self) -> str:
        second = int(time.time())
        if second != self.second:
            self.second, self.text = second, formatdate(second, usegmt=True)
        return self.text


_CLOCK: Final = _Clock()


def head(call: Call, reply: Reply, behaviour: Behaviour, *, keep: bool, chunked: bool) -> bytes:
    """Status line and headers, with the empty line that ends them."""
    if behaviour.terse_head:
        lines = [f"HTTP/1.1 {reply.status} "]
    else:
        phrase = REASONS.get(reply.status, "Error")
        lines = [f"HTTP/1.1 {reply.status} {phrase}", "Date: " + _CLOCK.now()]
    sized = False
    for name, value in reply.headers:
        lines.append(f"{name}: {value}")
        sized = sized or name.lower() == "content-length"
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    elif not sized:
        lines.append(f"Content-Length: {len(reply.body)}")
    if not keep:
        lines.append("Connection: close")
    elif call.version == "1.0":
        lines.append("Connection: keep-alive")
    if behaviour.terse_head:
        lines[1:] = map(_with_lower_name, lines[1:])
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _with_lower_name(line: str) -> str:
    name, colon, value = line.partition(":")
    return name.lower() + colon + value


def chunks(body: bytes) -> bytes:
    """A body in chunks, with the one that ends it."""
    size = SMALL_CHUNK if len(body) < LARGE_CHUNK else LARGE_CHUNK
    parts = []
    for at in range(0, len(body), size):
        piece = body[at : at + size]
        parts += [b"%x\r\n" % len(piece), piece, b"\r\n"]
    return b"".join((*parts, b"0\r\n\r\n"))


def in_pieces(data: bytes) -> Wire:
    """An answer that leaves in up to eight pieces, a moment apart."""
    size = max(-(-len(data) // 8), 1)
    pieces = tuple(data[at : at + size] for at in range(0, len(data), size))
    return Wire(pieces, pause=0.001)
