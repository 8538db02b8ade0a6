"""A TCP proxy that delays, cuts, resets and doubles what goes through it, by chance."""

import contextlib
import random
import select
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.suite.rawserver import listening

FAULTS: Final = (
    "delay",
    "throttle",
    "request lost",
    "request reset",
    "request cut",
    "answer lost",
    "answer cut",
    "answer reset",
    "request doubled",
)
"""What may happen to an exchange."""

DELAY_SECONDS: Final = 0.05
_READ: Final = 1 << 16
_TRICKLE: Final = 100


class _BrokenOff(Exception):  # noqa: N818  # no error: what the line does
    """The line breaks off, with a reset or as if closed."""

    def __init__(self, fault: str) -> None:
        self.is_reset = fault.endswith("reset")


@dataclass
class Line:
    """A running proxy.

    Attributes:
        upstream: the port on 127.0.0.1 that everything is passed on to.
        share: of all exchanges that meet a fault, 0 to 1.
        chance: draws them.
        port: where it listens.
        faults: what happened, how often.
        down: nothing is passed on, and each connection is closed.
    """

    upstream: int
    share: float
    chance: random.Random
    port: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    down: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def carry(self, client: socket.socket) -> None:
        """Serve one connection; a fault is drawn whenever the client begins to speak."""
        try:
            with socket.create_connection(("127.0.0.1", self.upstream)) as server:
                self._pass_on(client, server)
        except _BrokenOff as end:
            if end.is_reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        fault = ""
        answered = True
        while not self.stopping.is_set() and not self.down:
            for side in select.select((client, server), (), (), 0.2)[0]:
                data = side.recv(_READ)
                if not data:
                    return
                if side is server:
                    self._to_client(fault, data, client)
                    answered = True
                    continue
                fault = self._drawn() if answered else fault
                self._to_server(fault if answered else "", data, server)
                answered = False

    def _drawn(self) -> str:
        with self._lock:
            if self.chance.random() >= self.share:
                return ""
            fault = self.chance.choice(FAULTS)
            self.faults[fault] += 1
            return fault

    def _to_server(self, fault: str, data: bytes, server: socket.socket) -> None:
        if fault in {"request lost", "request reset"}:
            raise _BrokenOff(fault)
        if fault == "request cut":
            server.sendall(data[: len(data) // 2])
            raise _BrokenOff(fault)
        if fault == "delay":
            self.stopping.wait(DELAY_SECONDS)
        server.sendall(data)
        if fault == "request doubled":
            with socket.create_connection(("127.0.0.1", self.upstream)) as other:
                other.sendall(data)

    def _to_client(self, fault: str, data: bytes, client: socket.socket) -> None:
        if fault == "answer lost":
            raise _BrokenOff(fault)
        if fault in {"answer cut", "answer reset"}:
            client.sendall(data[: len(data) // 2])
            raise _BrokenOff(fault)
        if fault == "throttle":
            for at in range(0, len(data) // 2, _TRICKLE):
                client.sendall(data[at : at + _TRICKLE])
                self.stopping.wait(0.001)
            data = data[len(range(0, len(data) // 2, _TRICKLE)) * _TRICKLE :]
        client.sendall(data)


@contextlib.contextmanager
def bad_line(upstream: int, share: float, seed: int) -> Iterator[Line]:
    """Run a proxy to a port of this machine; `share` of the exchanges meet a fault."""
    line = Line(upstream, share, random.Random(seed))
    with listening(lambda client, _: line.carry(client), line.stopping) as line.port:
        yield line
