"""A tiny server on raw sockets that does to a client whatever a test wants done.

A behaviour is a function that gets the connection. `serving(behaviour, ...)` runs one
behaviour for each connection, the last one again and again.
"""

import contextlib
import itertools
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Server:
    """A running server.

    Attributes:
        port: on 127.0.0.1.
        requests: head and body of each request that was read, in order.
        connections: how many were accepted.
        stopping: set when the test is over; what a behaviour waits for to hold a connection.
    """

    port: int = 0
    requests: list[tuple[bytes, bytes]] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass
class Connection:
    """One accepted connection, and what was read from it."""

    sock: socket.socket
    server: Server
    unread: bytearray = field(default_factory=bytearray)

    def read_some(self) -> bytes:
        """Return what one read gives, b"" at the end."""
        return self.sock.recv(1 << 16)

    def read_until(self, mark: bytes) -> bytes:
        """Return what comes up to and including a mark, or up to the end."""
        while mark not in self.unread:
            data = self.read_some()
            if not data:
                break
            self.unread += data
        at = self.unread.find(mark)
        return self._taken(len(self.unread) if at < 0 else at + len(mark))

    def read_exactly(self, size: int) -> bytes:
        """Return that many bytes, or fewer at the end."""
        while len(self.unread) < size:
            data = self.read_some()
            if not data:
                break
            self.unread += data
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        data = bytes(self.unread[:size])
        del self.unread[:size]
        return data

    def read_head(self) -> bytes:
        """Return the head of a request with its blank line; b"" where none comes."""
        return self.read_until(b"\r\n\r\n")

    def read_request(self) -> tuple[bytes, bytes]:
        """Return head and body of a request, the body after chunks; the server keeps both."""
        head = self.read_head()
        request = head, self._read_body(head)
        if head:
            self.server.requests.append(request)
        return request

    def _read_body(self, head: bytes) -> bytes:
        if b"transfer-encoding: chunked" in head.lower():
            return b"".join(iter(self.read_chunk, b""))
        length = [
            line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        ]
        return self.read_exactly(int(length[0]) if length else 0)

    def read_chunk(self) -> bytes:
        """Return one chunk; b"" for the last."""
        chunk = self.read_exactly(int(self.read_until(b"\r\n"), 16))
        self.read_until(b"\r\n")
        return chunk

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.sock.sendall(data)

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Behaviour = Callable[[Connection], None]


def answering(*answers: bytes) -> Behaviour:
    """Read requests on one connection and give these answers in turn, then close."""

    def behave(connection: Connection) -> None:
        for answer in answers:
            connection.read_request()
            connection.send(answer)

    return behave


@contextlib.contextmanager
def serving(
    *behaviours: Behaviour,
    certificate: tuple[Path, Path] | None = None,
    clients_of: Path | None = None,
) -> Iterator[Server]:
    """Run a server on a free port.

    Args:
        behaviours: one for each connection; the last one serves all others.
        certificate: chain and key; the server then speaks TLS.
        clients_of: the authority whose certificate each client has to have.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if certificate else None
    if context and certificate:
        context.load_cert_chain(*certificate)
    if context and clients_of:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients_of)
    server = Server()

    def handle(sock: socket.socket, number: int) -> None:
        server.connections = number + 1
        wrapped = context.wrap_socket(sock, server_side=True) if context else sock
        with contextlib.closing(wrapped):
            behaviours[min(number, len(behaviours) - 1)](Connection(wrapped, server))

    with listening(handle, server.stopping) as server.port:
        yield server


@contextlib.contextmanager
def listening(
    handle: Callable[[socket.socket, int], None], stopping: threading.Event
) -> Iterator[int]:
    """Listen on a free port of this machine, which is given; end all threads afterwards.

    Args:
        handle: gets each connection, in a thread of its own, and its number from 0.
        stopping: set when it is over.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []
    open_now: set[socket.socket] = set()

    def serve(sock: socket.socket, number: int) -> None:
        # What a client does to the server is the client's affair; what a test asserts is
        # the client's side of it.
        with contextlib.suppress(OSError, ValueError), contextlib.closing(sock):
            handle(sock, number)

    def accept() -> None:
        with contextlib.suppress(OSError):
            for number in itertools.count():
                sock, _ = listener.accept()
                open_now.add(sock)
                threads.append(threading.Thread(target=serve, args=(sock, number), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stopping.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for sock in open_now:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
