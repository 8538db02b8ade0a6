"""One connection to the endpoint, kept alive: prepared bytes out, an answer in, nothing copied.

A user of Locust is a greenlet with one of these. The socket does not block; where it would, the
greenlet waits at gevent's hub. A server may answer before a body has left and read no further,
so that a write that has to wait also waits for the answer.

What stands between two requests is paid tens of thousands of times a second: the sockets are
the system's own rather than gevent's, and the parser calls back for nothing that is not used.
"""

import ssl
from collections.abc import Sequence
from typing import Final, TypeAlias

import httptools
from gevent.hub import Hub, get_hub
from greenlet import getcurrent, greenlet

from loadtests import sockets
from loadtests.sockets import Address, Failed, TimedOut

MOST_ANSWER: Final = 64_000_000
"""Bytes of an answer's body: some six times what 250,000 profiles take in either format."""

PIECE: Final = 1 << 16
"""Bytes that are asked of the system at once.

Python makes room for all of them each time. From 128 KiB on, malloc asks the system for that room
and gives it back, which took longer than all the rest of a small exchange.
"""

FINAL: Final = 200
"""The least status of an answer that is no interim one (1xx)."""

Part: TypeAlias = bytes | bytearray | memoryview
"""A piece of a request."""

_READ: Final = 1
_WRITE: Final = 2

_WOULD_BLOCK: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Connection:
    """Sends requests one after another; opens again what a server has closed.

    Attributes:
        status: of the latest answer.
        body: of the latest answer, after chunks.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._socket: sockets.Socket | None = None
        self._hub: Hub = get_hub()
        self._heads: list[bytes] = []
        self._pieces: list[bytes] = []
        self._size = 0
        self._complete = False
        self._kept = False
        self._greenlet: greenlet | None = None
        self._timer = self._hub.loop.timer(address.timeout, address.timeout)
        self.status = 0
        self.body = b""

    # -------------------------------------------------------------- an exchange

    def exchange(self, *parts: Part) -> None:
        """Send a request and read its answer into `status` and `body`.

        Args:
            parts: head and body, of any length; together they are the request.

        Raises:
            Failed: there was no answer, or none that is HTTP; the connection is closed.
        """
        reused = self._socket is not None
        self._greenlet = getcurrent()
        self._timer.again(self._expired)
        try:
            if self._socket is None:
                self._open()
            self._complete = False
            self._heads.clear()
            self._pieces.clear()
            self._size = self.status = 0
            early = self._send(parts)
            self._read()
        except Failed:
            self.close()
            raise
        except TimedOut:
            opened = self._socket is not None
            self.close()
            kind = "timed out" if opened else "no connection: timed out"
            raise Failed(kind, in_doubt=opened) from None
        except OSError as problem:
            self.close()
            raise Failed(sockets.kind_of(problem, reused=reused)) from None
        except BaseException:
            self.close()
            raise
        finally:
            self._greenlet = None
        if early or not self._kept:
            self.close()

    def close(self) -> None:
        """Close the connection; the next exchange opens one."""
        self._greenlet = None
        self._timer.stop()
        if self._socket is not None:
            self._either.close()
            self._readable.close()
            self._socket.close()
            self._socket = None

    def _expired(self) -> None:
        if self._greenlet is not None:
            self._greenlet.throw(TimedOut)

    def _open(self) -> None:
        found = sockets.opened(self._address)
        self._parser = httptools.HttpResponseParser(self)
        self._readable = self._hub.loop.io(found.fileno(), _READ)
        self._either = self._hub.loop.io(found.fileno(), _READ | _WRITE)
        self._socket = found

    # -------------------------------------------------------------- sending

    def _send(self, parts: Sequence[Part]) -> bool:
        """Send all parts; true where the answer came before all had left."""
        if len(parts) > 1 and self._address.tls is None:
            parts = self._begun(parts)
        early = False
        for part in parts:
            early = early or not self._send_part(part)
        return early

    def _begun(self, parts: Sequence[Part]) -> Sequence[Part]:
        """Send head and body in one call, as far as the system takes them; what is left of them."""
        assert self._socket is not None
        try:
            sent = self._socket.sendmsg(parts)
        except _WOULD_BLOCK:
            return parts
        left: list[Part] = []
        for part in parts:
            if sent < len(part):
                left.append(memoryview(part)[sent:])
            sent = max(sent - len(part), 0)
        return left

    def _send_part(self, part: Part) -> bool:
        """Send one part; false where the answer came before all of it had left."""
        assert self._socket is not None
        send = self._socket.send
        try:
            sent = send(part)
        except _WOULD_BLOCK:
            sent = 0
        if sent == len(part):
            return True
        rest = memoryview(part)[sent:]
        while rest:
            # What takes less than it was given is full; TLS takes a record at a time, and where
            # others raise, gevent's says 0.
            if (not sent or not self._address.tls) and self._answered_already():
                return False
            try:
                sent = send(rest)
            except _WOULD_BLOCK:
                sent = 0
            except (BrokenPipeError, ConnectionResetError):
                # What was answered before the connection broke can still be read.
                return False
            rest = rest[sent:]
        return True

    def _answered_already(self) -> bool:
        """Wait until something can be sent or read; whether an answer, no interim one, is there."""
        assert self._socket is not None
        self._either.start(getcurrent().switch, pass_events=True)
        try:
            happened = self._hub.switch()
        finally:
            self._either.stop()
        if happened == _WRITE:
            return False
        try:
            self._take(self._socket.recv(PIECE))
        except _WOULD_BLOCK:
            return False
        return self.status >= FINAL

    # -------------------------------------------------------------- reading

    def _read(self) -> None:
        assert self._socket is not None
        receive, wait, readable = self._socket.recv, self._hub.switch, self._readable
        # What Hub.wait does, without an object for each wait: whoever wakes this greenlet for
        # another reason is answered by a read that would block.
        readable.start(getcurrent().switch)
        try:
            while not self._complete:
                wait()
                try:
                    piece = receive(PIECE)
                except _WOULD_BLOCK:
                    continue
                self._take(piece)
        finally:
            readable.stop()
        pieces = self._pieces
        self.body = pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _take(self, piece: bytes) -> None:
        if not piece:
            self._ended()
            return
        if not self.status:
            self._heads.append(piece)
        try:
            self._parser.feed_data(piece)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            raise Failed("not HTTP") from None
        if self._size > MOST_ANSWER:
            raise Failed(f"an answer of more than {MOST_ANSWER:,} bytes")

    def _ended(self) -> None:
        """The server has closed: an answer without a length ends here, any other is cut off."""
        if self.status >= FINAL and not _has_length(self._heads):
            self._complete, self._kept = True, False
        else:
            raise Failed("cut off" if self._heads else "closed")

    # -------------------------------------------------------------- called by the parser

    def on_headers_complete(self) -> None:
        """The status is known."""
        self.status = self._parser.get_status_code()

    def on_body(self, piece: bytes) -> None:
        """A piece of the body."""
        self._pieces.append(piece)
        self._size += len(piece)

    def on_message_complete(self) -> None:
        """The answer is whole, unless it is an interim one (1xx)."""
        if self.status < FINAL:
            self.status = 0
            return
        self._complete = True
        self._kept = self._parser.should_keep_alive()


class _Lengths:
    """Called by a parser: whether the latest head says where its body ends."""

    def __init__(self) -> None:
        self.said = False

    def on_message_begin(self) -> None:
        """Another head: an interim answer may have come before."""
        self.said = False

    def on_header(self, name: bytes, _value: bytes) -> None:
        """One line of it."""
        self.said = self.said or name.lower() in {b"content-length", b"transfer-encoding"}


def _has_length(heads: Sequence[bytes]) -> bool:
    """Whether an answer says where it ends, from the pieces that its head came in."""
    lengths = _Lengths()
    httptools.HttpResponseParser(lengths).feed_data(b"".join(heads))
    return lengths.said
