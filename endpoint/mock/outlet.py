"""Bytes on their way out: as fast as the client reads, or in the pieces that a `Wire` says."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Final

from endpoint.mock.behaviour import Wire

SLICE: Final = 256 * 1024
"""Bytes of a large answer that are handed to the transport at once."""


class Outlet:
    """The writing side of one connection; one reply at a time."""

    def __init__(self, transport: asyncio.Transport, left: Callable[[bool], None]) -> None:
        self._transport = transport
        self._left = left
        self._rest = memoryview(b"")
        self._paused = False
        transport.set_write_buffer_limits(high=SLICE)

    def send(self, head: bytes, body: memoryview) -> None:
        """Send a reply; `left` is called with True when the last byte was handed over."""
        if len(body) <= SLICE:
            self._transport.write(head + body)
            self._left(True)  # noqa: FBT003 - whether the connection may be kept
        else:
            self._transport.write(head)
            self._rest = body
            self._stream()

    def drop(self) -> None:
        """The client is gone: let go of what it did not take."""
        self._rest = memoryview(b"")

    def pause(self) -> None:
        """The client reads more slowly than we write."""
        self._paused = True

    def resume(self) -> None:
        """It has caught up."""
        self._paused = False
        if self._rest:
            self._stream()

    def _stream(self) -> None:
        while self._rest and not self._paused:
            piece, self._rest = self._rest[:SLICE], self._rest[SLICE:]
            self._transport.write(piece)
        if not self._rest:
            self._rest = memoryview(b"")  # an empty end would keep the whole answer in memory
            self._left(True)  # noqa: FBT003 - whether the connection may be kept

    def send_pieces(self, out: Wire, at: int = 0) -> None:
        """Send what a `Wire` says; `left` is called with False where it ends the connection."""
        if self._transport.is_closing():
            return
        if at < len(out.pieces):
            self._transport.write(out.pieces[at])
            if out.pause:
                loop = asyncio.get_running_loop()
                loop.call_later(out.pause, self.send_pieces, out, at + 1)
            else:
                self.send_pieces(out, at + 1)
        elif out.end == "reset":
            # Lingering for zero seconds is how a reset is asked for.
            raw = self._transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            self._left(out.end == "as said")
