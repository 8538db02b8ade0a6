"""What a hostile server does once a request has come, or before.

Each behaviour is bounded by the test's end (`connection.server.stopping`), never by the client.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Final

from tests.reporting.verdicts import ExitCode
from tests.suite.rawserver import Behaviour, Connection

BREACH, BROKEN = ExitCode.BREACH, ExitCode.BROKEN
"""The accused, and those that cannot be judged."""

NO_END: Final = "did not end within 1 s"
TOO_LARGE: Final = "the answer has more than 1050704 bytes"
CUT: Final = "ended in the body of the answer"
NOT_HTTP: Final = "what came is not HTTP"
NOTHING: Final = "without a byte of an answer"
SILENCE: Final = "the answer did not begin within 1 s"
HEADERS: Final = "got more than 100 headers"

MEGABYTE: Final = 1 << 20
SUCCESS: Final = b'{"error":0,"error_text":"Successful operation","result":[]}'
OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TRICKLE_SECONDS: Final = 0.2
MANY: Final = 100_000


@dataclass(frozen=True)
class Hostile:
    """One behaviour.

    Attributes:
        behave: what the server does with each connection.
        code: the exit code that a run against it has to end with.
        said: what the run has to say about it.
    """

    behave: Behaviour
    code: ExitCode
    said: str


def _sending(pieces: Callable[[], Iterator[bytes]], pause: float = 0.0) -> Behaviour:
    """Read a request, then send pieces until there are none, or the client is gone."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        for piece in pieces():
            connection.send(piece)
            if connection.server.stopping.wait(pause):
                return

    return behave


def _said(*pieces: bytes) -> Behaviour:
    """Read a request, answer it with these bytes, and close."""
    return _sending(lambda: iter(pieces))


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


def _cut(head: bytes, body: bytes = b"") -> Behaviour:
    """Answer with less than was said, then close."""
    return _said(head + b"\r\n" + body)


def _silent(connection: Connection) -> None:
    """Accept, and never read a byte."""
    connection.server.stopping.wait()


def _mute(connection: Connection) -> None:
    """Read requests and never answer."""
    connection.read_request()
    connection.server.stopping.wait()


def _stalled(head: bytes) -> Behaviour:
    """Begin an answer and never end it."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        connection.send(head)
        connection.server.stopping.wait()

    return behave


def _reset(connection: Connection) -> None:
    connection.read_head()
    connection.reset()


def _reset_in_body(connection: Connection) -> None:
    connection.read_request()
    connection.send(OK + b"Content-Length: 1000\r\n\r\n" + SUCCESS)
    connection.reset()


def _reset_at_once(connection: Connection) -> None:
    connection.reset()


def _closed_at_once(connection: Connection) -> None:
    del connection


def _length(size: int) -> bytes:
    return OK + b"Content-Length: %d\r\n\r\n" % size


def _endless(head: bytes, piece: bytes) -> Behaviour:
    def pieces() -> Iterator[bytes]:
        yield head
        yield from repeat(piece)

    return _sending(pieces)


def _trickled(data: bytes) -> Behaviour:
    return _sending(lambda: (bytes([byte]) for byte in data), TRICKLE_SECONDS)


def _bomb() -> bytes:
    """300 MB of blanks and an answer, in 300 KB."""
    packer = zlib.compressobj(level=9, wbits=31)
    blanks = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(300))
    return blanks + packer.compress(SUCCESS) + packer.flush()


def _many_megabytes() -> Behaviour:
    """300 MB of JSON, said to be so long."""
    item = b'{"profile_id":"6606e08f10bcdd88297057a1"},'
    block = item * 25_000
    blocks = 300 * MEGABYTE // len(block)
    begin, end = SUCCESS[:-2], SUCCESS[-2:]

    def pieces() -> Iterator[bytes]:
        yield _length(len(begin) + blocks * len(block) + len(item) - 1 + len(end))
        yield begin
        yield from repeat(block, blocks)
        yield item[:-1] + end

    return _sending(pieces)


def _billion_laughs() -> bytes:
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a0 "ha">{levels}]>'
        "<xml><error>0</error><error_text>&a9;</error_text></xml>"
    ).encode()


def _json(members: bytes) -> Behaviour:
    return whole(b"{" + members + b"}")


TLS_ALERT: Final = struct.pack("!BHHBB", 21, 0x0301, 2, 2, 40)

BEHAVIOURS: Final[Mapping[str, Hostile]] = {
    # ------------------------------------------------------------ nothing, or not enough
    "reads nothing": Hostile(_silent, BROKEN, SILENCE),
    "never answers": Hostile(_mute, BROKEN, SILENCE),
    "closes at once": Hostile(_closed_at_once, BROKEN, NOTHING),
    "resets at once": Hostile(_reset_at_once, BROKEN, NOTHING),
    "resets while it is asked": Hostile(_reset, BROKEN, NOTHING),
    "resets in mid-answer": Hostile(_reset_in_body, BREACH, CUT),
    "stops in the status line": Hostile(_stalled(b"HTTP/1.1 20"), BREACH, NO_END),
    "stops in the head": Hostile(_stalled(OK), BREACH, NO_END),
    "stops before the body": Hostile(_stalled(_length(len(SUCCESS))), BREACH, NO_END),
    "one byte a moment, head": Hostile(_trickled(OK * 50), BREACH, NO_END),
    "one byte a moment, body": Hostile(_trickled(_length(10**6) + b" " * 500), BREACH, NO_END),
    "a length that never comes": Hostile(
        _cut(OK + b"Content-Length: 1000\r\n", SUCCESS), BREACH, CUT
    ),
    "cut in the head": Hostile(_said(OK), BREACH, "ended in the head of the answer"),
    "cut in a chunk": Hostile(
        _cut(OK + b"Transfer-Encoding: chunked\r\n", b"100\r\n" + SUCCESS),
        BREACH,
        CUT,
    ),
    "no last chunk": Hostile(
        _cut(OK + b"Transfer-Encoding: chunked\r\n", b"%x\r\n%b\r\n" % (len(SUCCESS), SUCCESS)),
        BREACH,
        CUT,
    ),
    # ------------------------------------------------------------ too much
    "endless head": Hostile(_endless(OK, b"X-More: %b\r\n" % (b"x" * 1000)), BREACH, HEADERS),
    "endless line": Hostile(
        _endless(b"HTTP/1.1 200 ", b"OK" * 1000), BREACH, "got more than 65536 bytes"
    ),
    "endless body": Hostile(_endless(OK + b"\r\n", b" " * 60_000), BREACH, TOO_LARGE),
    "endless chunks": Hostile(
        _endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"8\r\n        \r\n" * 5000),
        BREACH,
        TOO_LARGE,
    ),
    "endless chunk extension": Hostile(
        _endless(OK + b"Transfer-Encoding: chunked\r\n\r\n3b;", b"x" * 5000),
        BREACH,
        "chunk size line exceeded",
    ),
    "endless trailers": Hostile(
        _endless(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-More: yes\r\n" * 500),
        BREACH,
        NO_END,
    ),
    "endless 1xx answers": Hostile(
        _endless(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 500), BREACH, NO_END
    ),
    "a hundred thousand headers": Hostile(
        _said(OK + b"".join(b"X-%d: 1\r\n" % at for at in range(MANY)) + b"\r\n"),
        BREACH,
        HEADERS,
    ),
    "300 MB of JSON": Hostile(_many_megabytes(), BREACH, TOO_LARGE),
    "a gzip bomb": Hostile(
        whole(_bomb(), b"Content-Encoding: gzip"), BREACH, "unpacks to more than 1050704 bytes"
    ),
    "a length of 10^30": Hostile(_stalled(_length(10**30) + SUCCESS), BREACH, NO_END),
    # ------------------------------------------------------------ no HTTP
    "no HTTP": Hostile(_said(b"\x00\x01\xff it works \r\n\r\n"), BROKEN, NOT_HTTP),
    "HTTP/0.9": Hostile(_said(SUCCESS), BROKEN, NOT_HTTP),
    "HTTP/9.9": Hostile(_said(b"HTTP/9.9 200 OK\r\n\r\n" + SUCCESS), BREACH, "HTTP/9.9"),
    "a status of words": Hostile(
        _said(b"HTTP/1.1 fine\r\n\r\n" + SUCCESS), BREACH, "HTTP/1.1 fine"
    ),
    "a status of 99999": Hostile(
        _said(b"HTTP/1.1 99999 OK\r\n\r\n" + SUCCESS), BREACH, "HTTP/1.1 99999 OK"
    ),
    "bytes of TLS": Hostile(_said(TLS_ALERT), BROKEN, NOT_HTTP),
    "an SSH server": Hostile(_said(b"SSH-2.0-OpenSSH_9.6\r\n"), BROKEN, "SSH-2.0"),
    "two lengths": Hostile(
        _said(OK + b"Content-Length: 5\r\nContent-Length: 59\r\n\r\n" + SUCCESS),
        BREACH,
        "multiple unmatching values (5, 59)",
    ),
    "a negative length": Hostile(
        _said(OK + b"Content-Length: -1\r\n\r\n" + SUCCESS), BREACH, "Content-Length is '-1'"
    ),
    "a chunk of no number": Hostile(
        _said(OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + SUCCESS),
        BREACH,
        "InvalidChunkLength",
    ),
    "a header without a colon": Hostile(
        _said(OK + b"no header\r\n\r\n" + SUCCESS), BREACH, "a line of the head is no header"
    ),
    "gzip that is none": Hostile(
        whole(SUCCESS, b"Content-Encoding: gzip"), BREACH, "does not unpack as gzip"
    ),
    "an unknown coding": Hostile(
        whole(SUCCESS, b"Content-Encoding: rot13"), BREACH, "'rot13', which was not asked for"
    ),
    # ------------------------------------------------------------ HTTP, but no answer
    "204 without a body": Hostile(
        _said(b"HTTP/1.1 204 No Content\r\n\r\n"), BREACH, "HTTP 204, 0 bytes"
    ),
    "101 to another protocol": Hostile(
        _said(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
        BREACH,
        "HTTP 101, 0 bytes",
    ),
    "an empty body": Hostile(whole(b""), BREACH, "HTTP 200, 0 bytes"),
    "a redirect to itself": Hostile(
        whole(b"", b"Location: /api/v1.1/campaigns/triggers/start_batch", status=b"307 Again"),
        BROKEN,
        "HTTP 307 with 0 bytes",
    ),
    "HTML, 200": Hostile(
        whole(b"<!DOCTYPE html><html>Log in</html>", b"Content-Type: text/html"),
        BROKEN,
        "HTTP 200 with an HTML page",
    ),
    "HTML, 503": Hostile(
        whole(b"<html>Back soon</html>", b"Content-Type: text/html", status=b"503 Down"),
        BROKEN,
        "HTTP 503 with an HTML page",
    ),
    "401 of a proxy": Hostile(
        whole(b"", b'WWW-Authenticate: Basic realm="x"', status=b"401 Who"),
        BROKEN,
        "HTTP 401 with 0 bytes",
    ),
    # ------------------------------------------------------------ JSON and XML that harm
    "400,000 levels": Hostile(
        _json(b'"error":0,"error_text":' + b"[" * 400_000 + b"]" * 400_000),
        BREACH,
        "nested deeper than 64",
    ),
    "a million levels": Hostile(
        _json(b'"error":0,"error_text":' + b"[" * 10**6 + b"]" * 10**6), BREACH, TOO_LARGE
    ),
    "a number of a million digits": Hostile(
        _json(b'"error":' + b"9" * 10**6 + b',"error_text":"x"'),
        BREACH,
        "an integer of 1000000 digits",
    ),
    "keys that stand twice": Hostile(
        _json(b'"error":0,"error":400,"error_text":"Successful operation","result":[]'),
        BREACH,
        "the key 'error' stands twice",
    ),
    "NUL bytes": Hostile(whole(SUCCESS + b"\x00" * 1000), BREACH, "Extra data at byte 59"),
    "UTF-16": Hostile(
        whole(SUCCESS.decode().encode("utf-16")), BREACH, "not UTF-8: invalid start byte"
    ),
    "Latin-1": Hostile(
        _json(b'"error":0,"error_text":"\xe9\xe8","result":[]'),
        BREACH,
        "not UTF-8: invalid continuation byte",
    ),
    "billion laughs": Hostile(
        whole(_billion_laughs(), b"Content-Type: application/xml"),
        BREACH,
        "a body that is not JSON",
    ),
    "an external entity": Hostile(
        whole(
            b'<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
            b"<xml><error>0</error><error_text>&e;</error_text></xml>",
            b"Content-Type: application/xml",
        ),
        BREACH,
        "a body that is not JSON",
    ),
    "5,000 ids that nobody has": Hostile(
        _json(
            b'"error":0,"error_text":"Successful operation","result":['
            + b",".join([b'{"profile_id":"6606e08f10bcdd88297057ff"}'] * 5_000)
            + b"]"
        ),
        BREACH,
        "error 0 and 5000 ids",
    ),
    "a million ids that nobody has": Hostile(
        _json(
            b'"error":0,"error_text":"Successful operation","result":['
            + b",".join([b'{"profile_id":"6606e08f10bcdd88297057ff"}'] * 10**6)
            + b"]"
        ),
        BREACH,
        TOO_LARGE,
    ),
}
