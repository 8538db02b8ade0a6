"""An HTTP/1.1 proxy on loopback that changes one thing in answers, or nothing at all.

One thread serves one connection of the client with one of its own to the target. Requests pass
as they come, and answers to which the mutation does not apply pass byte for byte.
"""

import contextlib
import select
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tests.suite.mutation.message import Asked, Delivery, Message, Mutation
from tests.suite.mutation.streams import GarbledError, Requests, take

_READ: Final = 1 << 18
_MOST_WAITING: Final = 1 << 20
"""Bytes for the target that may wait here before the client has to."""

_PIECE_PAUSE: Final = 0.005
"""Seconds between two pieces of one answer, so that they arrive as two."""

_LINGER: Final = 2.0
"""Seconds that the client has to read what is left, before its connection is closed."""

_BLOCKED: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


@dataclass
class Proxy:
    """A running proxy.

    Attributes:
        base_url: what to ask instead of the target.
        answers: how many answers passed.
        applied: how many of them were changed.
    """

    base_url: str
    mutation: Mutation | None
    answers: int = 0
    applied: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _matched: int = 0

    def mutated(self, message: Message) -> Delivery | None:
        """What is delivered in place of an answer; None where it passes as it is."""
        mutation = self.mutation
        with self._lock:
            self.answers += 1
            if mutation is None or not mutation.where(message):
                return None
            changed = mutation.change(message)
            if changed is None or (changed == message and changed.wire is None):
                return None
            self._matched += 1
            if self._matched % mutation.every:
                return None
            self.applied += 1
            return changed.delivered()


class _Relay:
    """One connection of the client, and the one to the target that belongs to it."""

    def __init__(
        self, proxy: Proxy, client: socket.socket, target: socket.socket, requests: Requests
    ) -> None:
        self._proxy, self._client, self._target = proxy, client, target
        self._requests = requests
        self._to_target = bytearray()
        self._to_client: deque[bytes] = deque()
        self._came = bytearray()
        self._client_ended = self._target_ended = self._target_deaf = False
        self._garbled = False
        self._then = "keep"

    def run(self) -> None:
        """Relay until one of the two has ended and the other got what was left."""
        self._client.setblocking(False)  # noqa: FBT003 - the socket's own signature
        self._target.setblocking(False)  # noqa: FBT003
        while not (self._then != "keep" and not self._to_client):
            self._wait()
            self._hear_client()
            self._tell_target()
            self._hear_target()
            if not self._tell_client():
                return
            if self._client_ended and not self._to_target and not self._to_client:
                if not self._requests.open:
                    return
                # A client that only ended its sending still waits for the answer.
                self._half_close()
        self._end()

    def _wait(self) -> None:
        read = [] if self._client_ended or len(self._to_target) > _MOST_WAITING else [self._client]
        read += [] if self._target_ended else [self._target]
        write = [self._client] if self._to_client else []
        write += [self._target] if self._to_target and not self._target_deaf else []
        pending = isinstance(self._target, ssl.SSLSocket) and self._target.pending()
        if not pending:
            select.select(read, write, [], 1.0)

    def _hear_client(self) -> None:
        if self._client_ended or len(self._to_target) > _MOST_WAITING:
            return
        with contextlib.suppress(*_BLOCKED):
            try:
                data = self._client.recv(_READ)
            except OSError as problem:
                if isinstance(problem, _BLOCKED):
                    raise
                data = b""
            self._client_ended = not data
            passed = self._requests.passed(data)
            # A target that has closed is told no more, and the client may still send.
            self._to_target += b"" if self._target_deaf else passed

    def _tell_target(self) -> None:
        while self._to_target and not self._target_deaf:
            try:
                sent = self._target.send(memoryview(self._to_target)[:_READ])
            except _BLOCKED:
                return
            except OSError:
                self._target_deaf = True
                self._to_target.clear()
                return
            del self._to_target[:sent]

    def _hear_target(self) -> None:
        with contextlib.suppress(*_BLOCKED):
            while not self._target_ended:
                try:
                    data = self._target.recv(_READ)
                except OSError as problem:
                    if isinstance(problem, _BLOCKED):
                        raise
                    data = b""
                    if not self._came and not self._to_client:
                        self._then = "reset"
                self._came += data
                self._target_ended = not data
                self._answer()

    def _answer(self) -> None:
        """Pass on what is whole of what came."""
        while self._came and self._then == "keep" and not self._garbled:
            asked = self._requests.open[0] if self._requests.open else Asked("?")
            try:
                came = take(self._came, asked, ended=self._target_ended)
            except GarbledError:
                self._garbled = True
                break
            if came is None:
                break
            if came.final and self._requests.open:
                self._requests.open.popleft()
            delivery = self._proxy.mutated(came.message) if came.message else None
            if delivery is None:
                self._to_client.append(came.raw)
            else:
                self._to_client.extend(delivery.pieces)
                self._then = delivery.then
        if self._came and (self._garbled or (self._target_ended and self._then == "keep")):
            self._to_client.append(bytes(self._came))
            self._came.clear()
        if self._target_ended and self._then == "keep":
            self._then = "close"

    def _tell_client(self) -> bool:
        """Send what is there for the client; False where it has gone."""
        while self._to_client:
            data = self._to_client.popleft()
            try:
                sent = self._client.send(data[:_READ]) if data else 0
            except _BLOCKED:
                self._to_client.appendleft(data)
                return True
            except OSError:
                return False
            if sent < len(data):
                self._to_client.appendleft(data[sent:])
            elif self._to_client:
                time.sleep(_PIECE_PAUSE)
        return True

    def _half_close(self) -> None:
        if not self._target_deaf and not isinstance(self._target, ssl.SSLSocket):
            with contextlib.suppress(OSError):
                self._target.shutdown(socket.SHUT_WR)
        self._target_deaf = True

    def _end(self) -> None:
        if self._then == "reset":
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        # Closing with unread bytes would be a reset, which can cost the client its answer.
        with contextlib.suppress(OSError):
            self._client.shutdown(socket.SHUT_WR)
            self._client.settimeout(_LINGER)
            until = time.monotonic() + _LINGER
            while time.monotonic() < until and self._client.recv(_READ):
                pass


@contextlib.contextmanager
def proxying(
    base_url: str,
    mutation: Mutation | None = None,
    *,
    known: Sequence[str] = (),
    ca_file: Path | None = None,
) -> Iterator[Proxy]:
    """Run a proxy before a target; end it at the end of the block.

    Args:
        base_url: of the target; a path prefix stays as it is.
        mutation: what is changed; None passes everything byte for byte, but the Host header.
        known: ids of the target's known profiles.
        ca_file: certificates to trust.
    """
    target = urlsplit(base_url)
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    proxy = Proxy(f"http://127.0.0.1:{listener.getsockname()[1]}{target.path}", mutation)
    context = ssl.create_default_context(cafile=ca_file) if target.scheme == "https" else None
    clients: set[socket.socket] = set()

    def connect() -> socket.socket:
        port = target.port or (443 if context else 80)
        sock = socket.create_connection((str(target.hostname), port), timeout=30)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return context.wrap_socket(sock, server_hostname=target.hostname) if context else sock

    def serve(client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, connect() as upstream:
            requests = Requests(target.netloc.rpartition("@")[2], tuple(known))
            _Relay(proxy, client, upstream, requests).run()
        clients.discard(client)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                clients.add(client)
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield proxy
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for client in list(clients):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
