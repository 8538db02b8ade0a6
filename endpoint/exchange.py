"""One call on the wire: writes while it listens, and reads within bounds of time.

urllib3 writes the whole body before it looks for an answer, and says afterwards neither how
much of it left nor whether the answer came first. An endpoint with a body limit answers in
the middle of a body. So the socket is watched for an answer while the body is written, and
what happens is kept in an `Exchange`.
"""

import contextlib
import http.client
import io
import re
import selectors
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from typing import Final

from endpoint.answer import Call, Upload

SLOWEST_UPLOAD: Final = 100_000
"""Bytes per second: what a slow line still carries, so a large body is given longer."""

EXPECT_SECONDS: Final = 1.0
"""How long a body waits for `100 Continue`; RFC 9110 lets a server never send it."""

STALLED_SECONDS: Final = 0.5
"""After an early answer, how long the rest of the body may wait for a server to go on
reading; it need not."""

PIECE_PAUSE_SECONDS: Final = 0.005
"""Long enough that two pieces reach a server in two reads."""

_WRITE: Final = 1 << 16
"""Bytes that are joined into one write: a head alone in its segment meets Nagle's delay."""

_MOST_EARLY: Final = 1 << 20
"""Bytes of an early answer that are kept while the body is still being written."""

_BEGINNING: Final = 4096
"""Bytes that are kept for messages: enough to hold a token whole, so that it is recognised."""

_INTERIM: Final = re.compile(rb"HTTP/1\.\d (1(?!01)\d\d)[ \r\n].*?\r?\n\r?\n", re.DOTALL)
_INTERIM_BEGUN: Final = re.compile(rb"HTTP/1\.\d 1(?!01)\d\d")

_BLOCKED: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


@dataclass(eq=False)
class Exchange:
    """What happened to one call; filled in on the way, whatever the way ends in.

    Attributes:
        call: what is sent.
        timeout: seconds for the answer, and, with `SLOWEST_UPLOAD`, for the sending.
        connected: a connection was there; before that nothing was sent.
        reused: the connection had served before.
        sent: bytes of head and body that the system took.
        whole: all of the request was sent.
        early: bytes that came while the request was being sent, not read yet.
        answered_early: an answer began before the whole request was sent.
        interim: statuses of 1xx answers.
        received: bytes of the answer, 1xx answers excepted.
        beginning: the first bytes received, for messages.
        ended: the other side closed or reset the connection while it was read.
        timed_out: a bound of time was passed.
        failure: the error in which sending or reading ended.
        first_sent_at, first_byte_at: on the monotonic clock.
    """

    call: Call
    timeout: float
    connected: bool = False
    reused: bool = False
    sent: int = 0
    whole: bool = False
    early: bytearray = field(default_factory=bytearray)
    answered_early: bool = False
    interim: list[int] = field(default_factory=list)
    received: int = 0
    beginning: bytes = b""
    ended: bool = False
    timed_out: bool = False
    failure: OSError | None = None
    first_sent_at: float | None = None
    first_byte_at: float | None = None
    answer_until: float = 0.0

    def came(self, data: bytes | memoryview) -> None:
        """Note bytes of an answer."""
        if self.first_byte_at is None:
            self.first_byte_at = time.monotonic()
        self.received += len(data)
        if len(self.beginning) < _BEGINNING:
            self.beginning += bytes(data[:_BEGINNING])

    def take_interim(self) -> None:
        """Remove whole 1xx answers from the early bytes."""
        while match := _INTERIM.match(self.early):
            self.interim.append(int(match[1]))
            del self.early[: match.end()]
            self.received = len(self.early)
            self.beginning = bytes(self.early[:_BEGINNING])
            if not self.early:
                self.first_byte_at = None
        if self.early and not _INTERIM_BEGUN.match(self.early):
            self.answered_early = True


class Writer:
    """Sends one request on a connected socket and listens while it does.

    Ends without an exception where the other side stops taking bytes: what it said
    before is still to be read.
    """

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._sock = sock
        self._exchange = exchange
        self._closed = False
        call = exchange.call
        pauses = call.pause_seconds * sum(1 for _ in call.pieces()) if call.pause_seconds else 0
        seconds = exchange.timeout + len(call.body or b"") / SLOWEST_UPLOAD + pauses
        self._until = time.monotonic() + seconds

    def send(self, head: bytes) -> None:
        """Send a head and the body of the call.

        Raises:
            TimeoutError: the other side took no more bytes, and the time was up.
        """
        call = self._exchange.call
        self._exchange.first_sent_at = time.monotonic()
        self._sock.setblocking(False)  # noqa: FBT003  # the socket's own signature
        try:
            if call.expect and call.body is not None:
                if not (self._write(head) and self._may_go_on()):
                    return
                head = b""
            self._exchange.whole = all(self._write(frame) for frame in self._frames(head))
        except TimeoutError:
            self._exchange.timed_out = True
            raise
        except OSError as error:
            self._exchange.failure = error

    def _frames(self, head: bytes) -> Iterator[bytes | memoryview]:
        """Yield what is to be written at once, waiting between two where the call says so."""
        call = self._exchange.call
        pause = call.pause_seconds
        if call.upload is Upload.PIECES:
            pause = pause or PIECE_PAUSE_SECONDS
        pending = head
        begun = False
        for frame in _framed(call):
            if pause and begun:
                self._listen(pause)
            begun = True
            if len(frame) > _WRITE:
                yield pending + bytes(frame[:_WRITE])
                yield frame[_WRITE:]
                pending = b""
            else:
                pending += frame
            if pending and (pause or len(pending) >= _WRITE):
                yield pending
                pending = b""
        if pending:
            yield pending

    def _write(self, data: bytes | memoryview) -> bool:
        """Write all of the data; return False where the other side wants no more."""
        rest = memoryview(data)
        while rest and not self._closed:
            with contextlib.suppress(*_BLOCKED):
                written = self._sock.send(rest)
                rest = rest[written:]
                self._exchange.sent += written
            if rest and not self._wait_for_room():
                return False
        return not rest

    def _wait_for_room(self) -> bool:
        usual = min(self._exchange.timeout, self._left())
        patience = STALLED_SECONDS if self._exchange.answered_early else usual
        room = self._select(selectors.EVENT_READ | selectors.EVENT_WRITE, patience)
        if room & selectors.EVENT_READ:
            self._take()
        elif not room and self._exchange.answered_early:
            return False
        elif not room:
            raise TimeoutError("no more bytes were taken")
        return not self._closed

    def _may_go_on(self) -> bool:
        """Wait for `100 Continue`; return False where another answer came instead."""
        self._listen(EXPECT_SECONDS, until_spoken=True)
        return not self._closed and not self._exchange.answered_early

    def _listen(self, seconds: float, *, until_spoken: bool = False) -> None:
        """Wait, taking in what comes; `until_spoken` ends it with the first answer."""
        until = time.monotonic() + seconds
        exchange = self._exchange
        while not self._closed and (left := until - time.monotonic()) > 0:
            if self._select(selectors.EVENT_READ, left):
                self._take()
            if until_spoken and (exchange.answered_early or 100 in exchange.interim):
                return
        self._left()

    def _take(self) -> None:
        """Take in all that has come; note where the other side has closed."""
        exchange = self._exchange
        try:
            while len(exchange.early) < _MOST_EARLY:
                data = self._sock.recv(_WRITE)
                if not data:
                    self._closed = True
                    break
                exchange.early += data
                exchange.came(data)
            else:
                self._closed = True
        except _BLOCKED:
            pass
        except OSError as error:
            exchange.failure = error
            self._closed = True
        exchange.take_interim()

    def _select(self, events: int, seconds: float) -> int:
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, events)
            return next((ready for _, ready in selector.select(seconds)), 0)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request was not taken in time")
        return left


def _framed(call: Call) -> Iterator[bytes | memoryview]:
    """Yield the body with its framing: bare, or as chunks with the last, empty one."""
    if call.upload is not Upload.CHUNKED:
        yield from call.pieces()
        return
    before = b""
    for piece in call.pieces():
        start = before + b"%x\r\n" % len(piece)
        if len(piece) > _WRITE:
            yield start
            yield piece
            before = b"\r\n"
        else:
            yield start + piece + b"\r\n"
            before = b""
    yield before + b"0\r\n\r\n"


class _Bounded(io.RawIOBase):
    """The receiving side of a connection, with an end in time and an eye on what comes."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, exchange: Exchange) -> None:
        self._raw = raw
        self._sock = sock
        self._exchange = exchange

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        exchange = self._exchange
        if exchange.early:
            size = min(len(buffer), len(exchange.early))
            buffer[:size] = exchange.early[:size]
            del exchange.early[:size]
            return size
        try:
            # A socket without time left would not block; one with a little times out.
            self._sock.settimeout(max(exchange.answer_until - time.monotonic(), 0.001))
            size = self._raw.readinto(buffer) or 0
        except TimeoutError:
            exchange.timed_out = True
            raise
        except OSError as error:
            exchange.failure = error
            exchange.ended = True
            raise
        exchange.ended = size == 0
        exchange.came(buffer[:size]) if size else None
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class Response(http.client.HTTPResponse):
    """http.client's reader of answers, stricter where it guesses, and within bounds."""

    def __init__(
        self, sock: socket.socket, method: str | None = None, *, exchange: Exchange
    ) -> None:
        super().__init__(sock, method=method)
        self._exchange = exchange
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_Bounded(raw, sock, exchange), _WRITE)

    def _read_status(self) -> tuple[str, int, str]:
        # http.client skips 100 only; 102 and 103 are answers before the answer as well.
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 <= status < 200 or status == http.HTTPStatus.SWITCHING_PROTOCOLS:
                return version, status, reason
            self._exchange.interim.append(status)
            http.client.parse_headers(self.fp)

    def begin(self) -> None:
        """Read the head of the answer.

        Raises:
            http.client.HTTPException: it is cut short, or no HTTP that can be relied on.
        """
        super().begin()
        if self._exchange.ended:
            # http.client takes the end of the connection for the end of the head.
            raise http.client.IncompleteRead(b"")
        garbled = (MissingHeaderBodySeparatorDefect, FirstHeaderLineIsContinuationDefect)
        if any(isinstance(defect, garbled) for defect in self.headers.defects):
            raise http.client.HTTPException("a line of the head is no header")
        for value in self.headers.get_all("Content-Length", []):
            if not all(part.strip().isdecimal() for part in str(value).split(",")):
                raise http.client.HTTPException(f"Content-Length is {value!r}")
        # What is left of an unfinished request would be read as the next one.
        self.will_close = self.will_close or not self._exchange.whole
