"""A second process for large bodies, so that small requests need not wait for them.

It is forked from the server and serves one job after another: 10 MB of XML take 150 MB
as a tree, eight of them at once would be too many. It ends when the server's end of the
socket closes, whatever way the server ended.
"""

import asyncio
import contextlib
import ctypes
import gc
import os
import pickle
import signal
import socket
import struct
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import msgspec
from msgspec.structs import replace

from endpoint.mock.configuration import Configuration
from endpoint.mock.engine import Engine
from endpoint.mock.journal import Entry, entry
from endpoint.mock.model import Call, Reply
from endpoint.mock.spool import Spool

LENGTH: Final = struct.Struct("!I")
KEEP_FREE: Final = 96 * 1024 * 1024
"""Bytes of freed memory that the worker keeps for the next job."""
M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
"""How mallopt(3) of glibc numbers what it can be told."""
INLINE_ANSWER: Final = 64 * 1024
"""Bytes of an answer that go through the socket; larger ones go through a file in memory."""


class Done(msgspec.Struct):
    """What a served call comes to, ready for journal and wire."""

    reply: Reply
    entry: Entry | None
    repeat_key: bytes | None


def serve(engine: Engine, call: Call, body: bytes) -> Done:
    """Serve one call, here or in the worker."""
    outcome = engine.serve(call, body)
    sent = entry(outcome.sent) if outcome.sent else None
    return Done(outcome.reply, sent, outcome.repeat_key)


def _send(sock: socket.socket, message: object, fds: list[int]) -> None:
    data = pickle.dumps(message, protocol=5)
    framed = LENGTH.pack(len(data)) + data
    sent = socket.send_fds(sock, [framed], fds)
    sock.sendall(memoryview(framed)[sent:])


def _receive_exactly(sock: socket.socket, size: int) -> tuple[bytes, list[int]]:
    data = b""
    fds: list[int] = []
    while len(data) < size:
        piece, more, _, _ = socket.recv_fds(sock, size - len(data), 1)
        if not piece:
            raise EOFError
        data += piece
        fds += more
    return data, fds


@lru_cache(maxsize=1)
def _engine(configuration: Configuration) -> Engine:
    return configuration.engine()


def _work(sock: socket.socket) -> None:
    """The worker's whole life: receive a job, do it, send what came of it."""
    _keep_memory()
    gc.disable()  # nothing here makes cycles worth a walk over 250,000 objects
    while True:
        size, fds = _receive_exactly(sock, LENGTH.size)
        data, more = _receive_exactly(sock, LENGTH.unpack(size)[0])
        configuration, call = pickle.loads(data)  # noqa: S301 - from the server that forked us
        spool = Spool((fds + more)[0], call.size)
        body = spool.read()
        spool.close()
        done = serve(_engine(configuration), call, body)
        del body
        _give(sock, done)
        del done


def _give(sock: socket.socket, done: Done) -> None:
    """Send what came of a job: large parts in one file, the rest through the socket.

    A socket holds 200 KB: megabytes would take many turns between two processes.
    """
    answer = done.reply.body
    digits = done.entry.digits if done.entry else b""
    if len(answer) + len(digits) <= INLINE_ANSWER:
        done.reply.body = bytes(answer)
        _send(sock, (done, 0, 0), [])
        return
    out = Spool.new()
    out.write(answer)
    out.write(digits)
    done.reply.body = b""
    if done.entry:
        done.entry = replace(done.entry, digits=b"")
    _send(sock, (done, len(answer), len(digits)), [out.fd])
    out.close()


def _keep_memory() -> None:
    """Tell the allocator to keep what is freed: each page given back costs a fault again."""
    with contextlib.suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_TRIM_THRESHOLD, KEEP_FREE)
        mallopt(M_MMAP_THRESHOLD, KEEP_FREE)


def _fork() -> tuple[int, socket.socket]:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return pid, ours
    status = 1
    try:
        # Nothing of the server may stay open here: not its connections, whose clients
        # would wait for an end that never comes, nor its end of this socket.
        keep = os.dup2(theirs.fileno(), 3) if theirs.fileno() != 3 else 3
        os.closerange(4, os.sysconf("SC_OPEN_MAX"))
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        theirs.detach()
        ours.detach()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when we end
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _work(socket.socket(fileno=keep))
    except (EOFError, ConnectionError):
        status = 0
    finally:
        os._exit(status)


Finished = Callable[[Done | None], None]


class Worker:
    """The server's side: jobs queue up, one is worked on at a time."""

    def __init__(self) -> None:
        self._jobs: deque[tuple[Configuration, Call, Spool, Finished]] = deque()
        self._current: Finished | None = None
        self._data = bytearray()
        self._fds: list[int] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.pid, self._sock = _fork()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Listen for finished jobs in this loop."""
        self._loop = loop
        self._sock.setblocking(False)  # noqa: FBT003 - as the socket has it
        loop.add_reader(self._sock, self._readable)

    def submit(
        self, configuration: Configuration, call: Call, body: Spool, finished: Finished
    ) -> None:
        """Queue a job; `finished` gets what came of it, or None if the worker died of it."""
        self._jobs.append((configuration, call, body, finished))
        self._next()

    def _next(self) -> None:
        if self._current is not None or not self._jobs:
            return
        configuration, call, body, self._current = self._jobs.popleft()
        self._sock.setblocking(True)  # noqa: FBT003 - one small message into an empty socket
        try:
            _send(self._sock, (configuration, call), [body.fd])
        except OSError:
            self._died()
        finally:
            body.close()
            self._sock.setblocking(False)  # noqa: FBT003 - as the socket has it

    def _readable(self) -> None:
        try:
            piece, fds, _, _ = socket.recv_fds(self._sock, 1 << 20, 1)
        except BlockingIOError:
            return
        except OSError:
            piece, fds = b"", []
        if not piece:
            self._died()
            return
        self._data += piece
        self._fds += fds
        if len(self._data) < LENGTH.size:
            return
        end = LENGTH.size + LENGTH.unpack_from(self._data)[0]
        if len(self._data) < end:
            return
        done, answer, digits = pickle.loads(memoryview(self._data)[LENGTH.size : end])  # noqa: S301 - from our fork
        self._data = bytearray()
        if answer + digits:
            out = Spool(self._fds.pop(), answer + digits)
            view = out.view()
            out.close()
            done.reply.body = view[:answer]
            if done.entry:
                done.entry = replace(done.entry, digits=bytes(view[answer:]))
        self._finish(done)

    def _finish(self, done: Done | None) -> None:
        finished, self._current = self._current, None
        self._next()
        if finished:
            finished(done)

    def _died(self) -> None:
        """Replace the worker; the job that it had is lost."""
        assert self._loop is not None
        self._loop.remove_reader(self._sock)
        self._sock.close()
        os.waitpid(self.pid, 0)
        self._data = bytearray()
        self.pid, self._sock = _fork()
        self.attach(self._loop)
        self._finish(None)

    def close(self) -> None:
        """End the worker and wait for it."""
        if self._loop is not None:
            self._loop.remove_reader(self._sock)
        self._sock.close()
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
