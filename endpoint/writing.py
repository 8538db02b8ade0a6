"""Writes a request while listening for its answer.

urllib3 writes the whole body before it looks for an answer, and says afterwards neither how
much of it left nor whether the answer came first. An endpoint with a body limit answers in
the middle of a body. So the socket is watched while the body is written, and what happens
is kept in an `Exchange`.
"""

import contextlib
import itertools
import selectors
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Final

from endpoint.answer import Call, Upload
from endpoint.exchange import Exchange

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

_MOST_AT_ONCE: Final = 1 << 20
"""Bytes offered to the system at once; it takes what it has room for."""

_MOST_EARLY: Final = 1 << 20
"""Bytes of an early answer that are kept while the body is still being written."""

_BLOCKED: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Writer:
    """Sends one request on a connected socket and listens while it does.

    Ends without an exception where the other side stops taking bytes: what it said
    before is still to be read.
    """

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._sock = sock
        self._exchange = exchange
        self._closed = False
        # TLS tells what it has sent once it has sent all that it was given.
        self._at_once = _WRITE if isinstance(sock, ssl.SSLSocket) else _MOST_AT_ONCE
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
            self._exchange.whole = all(
                self._is_wanted() and self._write(frame) for frame in self._frames(head)
            )
        except TimeoutError:
            self._exchange.timed_out = True
            raise
        except OSError as error:
            self._exchange.failure = error

    def _frames(self, head: bytes) -> Iterator[bytes | bytearray | memoryview]:
        """Yield what is to be written at once, waiting between two where the call says so."""
        call = self._exchange.call
        pause = call.pause_seconds
        if call.upload is Upload.PIECES:
            pause = pause or PIECE_PAUSE_SECONDS
        pending = bytearray(head)
        begun = False
        for frame in _framed(call):
            if pause and begun:
                self._listen(pause)
            begun = True
            if len(frame) > _WRITE:
                yield pending + frame[:_WRITE]
                yield frame[_WRITE:]
                pending = bytearray()
            else:
                pending += frame
            if pending and (pause or len(pending) >= _WRITE):
                yield pending
                pending = bytearray()
        if pending:
            yield pending

    def _write(self, data: bytes | bytearray | memoryview) -> bool:
        """Write all of the data; return False where the other side wants no more."""
        rest = memoryview(data)
        while rest and not self._closed:
            with contextlib.suppress(*_BLOCKED):
                written = self._sock.send(rest[: self._at_once])
                rest = rest[written:]
                self._exchange.sent += written
            if rest and not self._wait_for_room():
                return False
        return not rest

    def _is_wanted(self) -> bool:
        """Look for an answer, without waiting; return False where the other side closed."""
        if self._exchange.sent and self._select(selectors.EVENT_READ, 0):
            self._take()
        return not self._closed

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
        self._left()  # raises: a server's dribble, or long pauses, do not lengthen the call

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
                # No more is kept, or it would have no bound: the rest is read as the answer.
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
    """Yield the body with its framing: bare, or as chunks with the last, empty one.

    Every second chunk's size is in upper case: clients write either (RFC 9112, 7.1).
    """
    if call.upload is not Upload.CHUNKED:
        yield from call.pieces()
        return
    before = b""
    sizes = itertools.cycle((b"%x\r\n", b"%X\r\n"))
    for piece in call.pieces():
        start = before + next(sizes) % len(piece)
        if len(piece) > _WRITE:
            yield start
            yield piece
            before = b"\r\n"
        else:
            yield start + piece + b"\r\n"
            before = b""
    yield before + b"0\r\n\r\n"
