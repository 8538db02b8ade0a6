"""What a hostile server may do once a request has come, or before.

Each act is bounded by the test's end (`connection.server.stopping`), never by the client.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Final

from tests.suite.rawserver import Behaviour, Connection

MEGABYTE: Final = 1 << 20
SUCCESS: Final = b'{"error":0,"error_text":"Successful operation","result":[]}'
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TRICKLE_SECONDS: Final = 0.2
MANY: Final = 100_000


def sending(pieces: Callable[[], Iterator[bytes]], pause: float = 0.0) -> Behaviour:
    """Read a request, then send pieces until there are none, or the client is gone."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        for piece in pieces():
            connection.send(piece)
            if connection.server.stopping.wait(pause):
                return

    return behave


def said(*pieces: bytes) -> Behaviour:
    """Read a request, answer it with these bytes, and close."""
    return sending(lambda: iter(pieces))


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> Behaviour:
    """Answer each request of a connection with a body of the length that is said."""
    lines = (b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body))
    if not any(header.lower().startswith(b"content-type") for header in headers):
        lines += (b"Content-Type: application/json",)
    answer = b"\r\n".join(lines) + b"\r\n\r\n" + body

    def behave(connection: Connection) -> None:
        while connection.read_request()[0]:
            connection.send(answer)

    return behave


def cut(head: bytes, body: bytes = b"") -> Behaviour:
    """Answer with less than was said, then close."""
    return said(head + b"\r\n" + body)


def silent(connection: Connection) -> None:
    """Accept, and never read a byte."""
    connection.server.stopping.wait()


def mute(connection: Connection) -> None:
    """Read requests and never answer."""
    connection.read_request()
    connection.server.stopping.wait()


def stalled(head: bytes) -> Behaviour:
    """Begin an answer and never end it."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        connection.send(head)
        connection.server.stopping.wait()

    return behave


def reset(connection: Connection) -> None:
    """Reset while the request is on its way."""
    connection.read_head()
    connection.reset()


def reset_in_body(connection: Connection) -> None:
    """Begin an answer, then reset."""
    connection.read_request()
    connection.send(OK + b"Content-Length: 1000\r\n\r\n" + SUCCESS)
    connection.reset()


def reset_at_once(connection: Connection) -> None:
    """Reset as soon as there is a connection."""
    connection.reset()


def closed_at_once(connection: Connection) -> None:
    """Close as soon as there is a connection."""
    del connection


def length(size: int) -> bytes:
    """The head of an answer of this length."""
    return OK + b"Content-Length: %d\r\n\r\n" % size


def endless(head: bytes, piece: bytes) -> Behaviour:
    """Say this, and then the piece again and again."""

    def pieces() -> Iterator[bytes]:
        yield head
        yield from repeat(piece)

    return sending(pieces)


def trickled(data: bytes) -> Behaviour:
    """Answer one byte at a time, with pauses."""
    return sending(lambda: (bytes([byte]) for byte in data), TRICKLE_SECONDS)


def bomb() -> bytes:
    """300 MB of blanks and an answer, in 300 KB."""
    packer = zlib.compressobj(level=9, wbits=31)
    blanks = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(300))
    return blanks + packer.compress(SUCCESS) + packer.flush()


def many_megabytes() -> Behaviour:
    """300 MB of JSON, said to be so long."""
    item = b'{"profile_id":"6606e08f10bcdd88297057a1"},'
    block = item * 25_000
    blocks = 300 * MEGABYTE // len(block)
    begin, end = SUCCESS[:-2], SUCCESS[-2:]

    def pieces() -> Iterator[bytes]:
        yield length(len(begin) + blocks * len(block) + len(item) - 1 + len(end))
        yield begin
        yield from repeat(block, blocks)
        yield item[:-1] + end

    return sending(pieces)


def billion_laughs() -> bytes:
    """XML whose one entity would be a billion of others."""
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a0 "ha">{levels}]>'
        "<xml><error>0</error><error_text>&a9;</error_text></xml>"
    ).encode()


def json(members: bytes) -> Behaviour:
    """Answer each request with an object of these members."""
    return whole(b"{" + members + b"}")


TLS_ALERT: Final = struct.pack("!BHHBB", 21, 0x0301, 2, 2, 40)
