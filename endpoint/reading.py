"""Reads an answer within bounds of time, and more strictly than http.client does."""

import http.client
import io
import socket
import time
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from typing import Final

from endpoint.exchange import Exchange

_BUFFER: Final = 1 << 16
"""Bytes that are asked of the system at once."""

SLOWEST_DOWNLOAD: Final = 25_000
"""Bytes per second: an answer of megabytes that comes as slowly is given longer, while it comes,
up to twice the time."""

MOST_TO_A_BYTE: Final = 2
"""Bytes of an answer for each byte of its request, for which it is given longer: a small request
has no large answer, and what dribbles endlessly in answer to one is not waited for."""

_LATE_SECONDS: Final = 0.5
"""After its time an answer may go on coming for as long: it may be this process that was slow."""


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
        left = self._seconds_left()
        try:
            self._sock.settimeout(left)
            size = self._raw.readinto(buffer) or 0
        except TimeoutError:
            exchange.timed_out = True
            raise
        except OSError as error:
            exchange.failure = error
            exchange.ended = True
            raise
        exchange.ended = size == 0
        if size:
            exchange.came(buffer[:size])
        return size

    def _seconds_left(self) -> float:
        left = self._exchange.answer_until + self._for_its_size() - time.monotonic()
        if left < -_LATE_SECONDS:
            # What never stops never lets the socket wait, and so never time out.
            self._exchange.timed_out = True
            raise TimeoutError("the answer went on and on")
        # A socket without time left would not block; one with a little times out.
        return max(left, 0.001)

    def _for_its_size(self) -> float:
        exchange = self._exchange
        size = min(exchange.received, MOST_TO_A_BYTE * len(exchange.call.body or b""))
        return min(size / SLOWEST_DOWNLOAD, exchange.timeout)

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
        self.fp = io.BufferedReader(_Bounded(raw, sock, exchange), _BUFFER)

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
