"""HTTP/1.1 as it passes: which requests go by, and where each answer ends."""

import zlib
from collections import deque
from dataclasses import dataclass

from tests.suite.mutation.message import FRAMING, Asked, Message

_END = b"\r\n\r\n"


class Requests:
    """Watches the bytes of requests, and gives the Host header another name.

    Bytes of bodies pass as they come; a head passes once it is whole. What cannot be followed
    passes as it is.

    Attributes:
        open: the requests that are not answered yet, in order.
    """

    def __init__(self, host: str, known: tuple[str, ...]) -> None:
        self.open: deque[Asked] = deque()
        self._host = host
        self._known = known
        self._kept = bytearray()
        self._state = "head"
        self._left = 0
        self._current = Asked()

    def passed(self, data: bytes) -> bytes:
        """Take bytes from the client; the bytes that are to go on to the target."""
        self._kept += data
        out = bytearray()
        while self._kept:
            piece = self._step()
            if not piece:
                break
            out += piece
        return bytes(out)

    def _step(self) -> bytes:
        match self._state:
            case "head":
                head = self._until(_END)
                return self._headed(head) if head else b""
            case "length" | "chunk":
                piece = self._taken(self._left)
                self._left -= len(piece)
                self._current.size += len(piece)
                if not self._left:
                    self._state = "head" if self._state == "length" else "size"
                return piece
            case "size":
                return self._sized(self._until(b"\r\n"))
            case "trailer":
                line = self._until(b"\r\n")
                self._state = "head" if line == b"\r\n" else "trailer"
                return line
        return self._taken(len(self._kept))

    def _headed(self, head: bytes) -> bytes:
        lines = head[: -len(_END)].split(b"\r\n")
        asked = Asked(lines[0].partition(b" ")[0].decode("latin-1"), known=self._known)
        out = [lines[0]]
        self._left, self._state = 0, "head"
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            text = value.strip().decode("latin-1")
            match name.lower():
                case b"host":
                    line = b"Host: " + self._host.encode()  # noqa: PLW2901 - the one that changes
                case b"accept-encoding":
                    asked.codings = text
                case b"content-length" if text.isdecimal():
                    self._left = int(text)
                case b"transfer-encoding":
                    asked.chunked = "chunked" in text.lower()
            out.append(line)
        if asked.chunked:
            self._state = "size"
        elif self._left:
            self._state = "length"
        self._current = asked
        self.open.append(asked)
        return b"\r\n".join(out) + _END

    def _sized(self, line: bytes) -> bytes:
        if line:
            digits = line.partition(b";")[0].strip()
            try:
                size = int(digits, 16)
            except ValueError:
                self._state = "lost"
                return line
            self._state = "chunk" if size else "trailer"
            self._left = size + 2
        return line

    def _until(self, mark: bytes) -> bytes:
        at = self._kept.find(mark)
        return self._taken(at + len(mark)) if at >= 0 else b""

    def _taken(self, size: int) -> bytes:
        piece = bytes(self._kept[:size])
        del self._kept[:size]
        return piece


@dataclass(frozen=True, slots=True)
class Came:
    """An answer that was taken off the stream.

    Attributes:
        raw: its bytes, as they came.
        message: what they say; None where they are passed on unread: 1xx, HEAD, no body.
        final: whether it answers a request: 1xx does not.
    """

    raw: bytes
    message: Message | None
    final: bool = True


class GarbledError(ValueError):
    """What the target says cannot be followed as HTTP: it passes as it is."""


def take(buffer: bytearray, asked: Asked, *, ended: bool) -> Came | None:
    """Take the first answer off a buffer; None where it is not whole.

    Args:
        buffer: what came from the target; the answer is removed from it.
        asked: the request that it is to.
        ended: whether nothing more will come.

    Raises:
        GarbledError: see there.
    """
    at = buffer.find(_END)
    if at < 0:
        return None
    first, *lines = bytes(buffer[:at]).decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    number, _, reason = rest.partition(" ")
    if not version.startswith("HTTP/1.") or not number.isdecimal():
        raise GarbledError(first)
    headers = tuple(
        (name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)
    )
    framing = {name.lower(): value for name, value in headers if name.lower() in FRAMING}
    begin, status = at + len(_END), int(number)
    interim = 100 <= status < 200
    if interim or asked.method == "HEAD" or status in {204, 304}:
        return Came(_cut(buffer, begin), None, final=not interim)
    body, end = _body(buffer, begin, framing, ended=ended)
    if end < 0:
        return None
    plain = _unpacked(body, framing.get("content-encoding", ""))
    kept = tuple(pair for pair in headers if pair[0].lower() not in FRAMING)
    message = Message(asked, status, reason, kept, plain) if plain else None
    return Came(_cut(buffer, end), message)


def _cut(buffer: bytearray, end: int) -> bytes:
    raw = bytes(buffer[:end])
    del buffer[:end]
    return raw


def _body(
    buffer: bytearray, begin: int, framing: dict[str, str], *, ended: bool
) -> tuple[bytes, int]:
    """The body, and where it ends in the buffer; -1 where it is not whole."""
    if "chunked" in framing.get("transfer-encoding", "").lower():
        return _chunks(buffer, begin)
    if "content-length" in framing:
        if not framing["content-length"].isdecimal():
            raise GarbledError("Content-Length")
        end = begin + int(framing["content-length"])
        return (bytes(buffer[begin:end]), end) if len(buffer) >= end else (b"", -1)
    return (bytes(buffer[begin:]), len(buffer)) if ended else (b"", -1)


def _chunks(buffer: bytearray, at: int) -> tuple[bytes, int]:
    body = bytearray()
    while (line := buffer.find(b"\r\n", at)) >= 0:
        try:
            size = int(bytes(buffer[at:line]).partition(b";")[0], 16)
        except ValueError:
            raise GarbledError("chunk size") from None
        if size == 0:
            # The empty line that ends the trailer may be the one behind the size.
            end = buffer.find(_END, line)
            return (bytes(body), end + len(_END)) if end >= 0 else (b"", -1)
        body += buffer[line + 2 : line + 2 + size]
        at = line + 2 + size + 2
    return b"", -1


def _unpacked(body: bytes, coding: str) -> bytes:
    """The body without its compression; nothing where it is in another coding."""
    bits = {"": None, "identity": None, "gzip": 31, "x-gzip": 31, "deflate": 15}
    name = coding.strip().lower()
    if name not in bits:
        return b""
    try:
        return body if bits[name] is None else zlib.decompress(body, bits[name] or 15)
    except zlib.error:
        return b""
