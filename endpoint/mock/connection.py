"""One connection: httptools takes requests apart, this puts answers on the wire."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

import httptools

from contracts.model import ATTACH_LIMIT, BINARY_LIMIT
from endpoint.mock import answers, wire
from endpoint.mock.behaviour import FAITHFUL
from endpoint.mock.incoming import Incoming
from endpoint.mock.model import Call, Refused, Reply
from endpoint.mock.outlet import Outlet
from endpoint.mock.reading import body_format

if TYPE_CHECKING:
    from endpoint.mock.server import Server

ADMIN: Final = "/_mock/"
DRAIN_BYTES: Final = 64 * 1024 * 1024
DRAIN_SECONDS: Final = 10.0
"""How much of a body over the limit is read before, or after, it is answered."""
GO_LINGER_SECONDS: Final = 0.5
MOST_HEAD: Final = 1 << 20
"""Bytes of a request's headers, as in Go."""


class Connection(asyncio.Protocol):
    """The protocol of one connection; answers leave in the order of the requests."""

    def __init__(self, server: "Server") -> None:
        self.server = server
        self.parser = httptools.HttpRequestParser(self)
        self.queue: deque[Incoming] = deque()
        self.incoming: Incoming | None = None
        self.state: dict[str, object] = {}
        self.nth = 0
        self.busy = False
        self.pumping = False
        self.closing = False
        self.ended = False
        self.lost = False
        self.keep = True
        self.timer: asyncio.TimerHandle | None = None

    # ------------------------------------------------------------ asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.loop = asyncio.get_running_loop()
        self.outlet = Outlet(transport, self._left)

    def data_received(self, data: bytes) -> None:
        """Take requests apart."""
        if self.closing and self.incoming is None:
            return
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._not_http()
        if self.busy and self.queue:
            self.transport.pause_reading()

    def eof_received(self) -> bool:
        """The client sends no more; it may still want its answers."""
        self.ended = True
        return self.busy or bool(self.queue)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Let go of everything."""
        self.lost = True
        if self.timer:
            self.timer.cancel()
        for incoming in (*self.queue, *([self.incoming] if self.incoming else ())):
            incoming.drop()
            if not incoming.answered:
                self.server.in_flight -= 1
        self.queue.clear()
        self.incoming = None
        self.outlet.drop()
        self.state.clear()
        del self.parser  # it knows us: without the circle memory is free at once

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        self.outlet.pause()

    def resume_writing(self) -> None:
        """It has caught up."""
        self.outlet.resume()

    # ------------------------------------------------------------ httptools

    def on_message_begin(self) -> None:
        """A request begins."""
        self.url = b""
        self.headers: dict[str, str] = {}
        self.head_size = 0
        self.head_done = False

    def on_url(self, url: bytes) -> None:
        """Take the request's target, which may come in parts."""
        self.url += url
        self._weigh_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; trailers after the body are not wanted."""
        if self.head_done:
            return
        self._weigh_head(len(name) + len(value))
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text

    def _weigh_head(self, size: int) -> None:
        self.head_size += size
        if self.head_size > MOST_HEAD:
            raise ValueError("head too large")

    def on_headers_complete(self) -> None:
        """The body follows, if there is one."""
        self.head_done = True
        server = self.server
        path, _, query = self.url.decode("latin-1").partition("?")
        call = Call(
            method=self.parser.get_method().decode("ascii"),
            path=path,
            query=query,
            headers=self.headers,
            version=self.parser.get_http_version(),
            number=server.number,
            nth=self.nth,
            connection=self.state,
            server=server.state,
        )
        server.in_flight += 1
        self.nth += 1
        self.incoming = self._admin(call) if path.startswith(ADMIN) else self._begun(call)
        if "expect" in self.headers and call.version == "1.1":
            self._expected(self.incoming)

    def _admin(self, call: Call) -> Incoming:
        """A request for the admin face, which has neither variants nor defects."""
        return Incoming(call, FAITHFUL, BINARY_LIMIT)

    def _begun(self, call: Call) -> Incoming:
        server = self.server
        server.number += 1
        behaviour = server.behaviour
        if behaviour.seams.route:
            call = behaviour.seams.route(call)
        limit = server.engine.limit_for(call)
        if behaviour.files_raise_limit:
            limit = max(limit, ATTACH_LIMIT)
        return Incoming(call, behaviour, limit)

    def _expected(self, incoming: Incoming) -> None:
        call, behaviour = incoming.call, incoming.behaviour
        if behaviour.seams.no_continue:
            self.transport.close()
        elif behaviour.expect == "refused":
            self._answer_early(
                self.server.refuse(call, Refused(417, "No expectations", status=417))
            )
        elif behaviour.expect == "continue" and not self.busy and not self.queue:
            self.transport.write(wire.CONTINUE)

    def on_body(self, piece: bytes) -> None:
        """Take a piece of the body, chunk framing removed."""
        incoming = self.incoming
        if incoming is None or incoming.answered:
            return
        call, seams = incoming.call, incoming.behaviour.seams
        if not call.size:
            call.format = body_format(call.headers.get("content-type", ""), piece)
        call.pieces += 1
        call.size += len(piece)
        incoming.weight += seams.weigh(call, piece) if seams.weigh else len(piece)
        if incoming.over:
            if call.size > incoming.limit + DRAIN_BYTES:
                self._over_limit_early()
        elif incoming.weight > incoming.limit:
            self._over_limit(incoming)
        else:
            incoming.take(seams.piece(call, piece) if seams.piece else piece)

    def _over_limit(self, incoming: Incoming) -> None:
        """The limit is passed: forget the body, answer now or when the client has sent all."""
        incoming.over = True
        incoming.drop()
        behaviour = incoming.behaviour
        if behaviour.seams.over_limit:
            incoming.answered = self.closing = True
            self.server.in_flight -= 1
            self.outlet.send_pieces(behaviour.seams.over_limit)
        elif behaviour.over_limit == "drained":
            self.timer = self.loop.call_later(DRAIN_SECONDS, self._over_limit_early)
        else:
            self._over_limit_early()

    def _over_limit_early(self) -> None:
        incoming = self.incoming
        if incoming is None or incoming.answered or self.busy:
            return  # an earlier request's answer comes first: this one's waits for its end
        if self.timer:
            self.timer.cancel()
        self._answer_early(self.server.refuse(incoming.call, answers.over_limit()))

    def _answer_early(self, reply: Reply) -> None:
        """Answer a client that is still sending, then go on reading for a while.

        Closing at once would make the client's system throw the answer away: unread
        bytes turn a close into a reset.
        """
        incoming = self.incoming
        assert incoming is not None
        incoming.answered = True
        self.server.in_flight -= 1
        behaviour = incoming.behaviour
        reply.close = True
        head = wire.head(incoming.call, reply, behaviour, keep=False, chunked=False)
        self.transport.write(head + bytes(reply.body))
        half = behaviour.over_limit == "half-closed"
        if half:
            self.transport.write_eof()
        seconds = GO_LINGER_SECONDS if half else DRAIN_SECONDS
        self.closing = True
        self.timer = self.loop.call_later(seconds, self.transport.close)

    def on_message_complete(self) -> None:
        """A request is whole."""
        incoming, self.incoming = self.incoming, None
        assert incoming is not None
        if self.timer:
            self.timer.cancel()
        if incoming.answered:
            self.transport.close()
            return
        incoming.keep = self.parser.should_keep_alive()
        incoming.call.in_flight = self.server.in_flight
        self.queue.append(incoming)
        self._pump()

    # ------------------------------------------------------------ answering

    def _pump(self) -> None:
        """Work on waiting requests, one at a time; not recursively, however many there are."""
        if self.pumping:
            return
        self.pumping = True
        while self.queue and not self.busy and not self.closing:
            self.busy = True
            self._work(self.queue.popleft())
        self.pumping = False

    def _work(self, incoming: Incoming) -> None:
        server, call = self.server, incoming.call
        if call.size == 0:
            call.format = body_format(call.headers.get("content-type", ""), b"")
        routed = server.route(call, incoming.body)
        if routed is not None:
            incoming.drop()
            self._answer(incoming, routed.reply)
        elif incoming.over:
            self._answer(incoming, server.refuse(call, answers.over_limit()))
        elif incoming.spool is not None:
            spool, incoming.spool = incoming.spool, None
            call.size = incoming.kept
            server.serve_large(call, spool, lambda reply: self._answer(incoming, reply))
        else:
            self._answer(incoming, server.serve(call, incoming.body()))

    def _answer(self, incoming: Incoming, reply: Reply) -> None:
        behaviour = incoming.behaviour
        if behaviour.seams.parked:
            behaviour.seams.parked(incoming.call, reply)
        delay = behaviour.slow + behaviour.seams.delay
        if delay:
            self.loop.call_later(delay, self._leave, incoming, reply)
        else:
            self._leave(incoming, reply)

    def _leave(self, incoming: Incoming, reply: Reply) -> None:
        """Put a reply on the wire."""
        incoming.answered = True
        self.server.in_flight -= 1
        if self.lost:
            return
        call, behaviour = incoming.call, incoming.behaviour
        if behaviour.seams.late:
            reply = behaviour.seams.late(call, reply)
        self.keep = incoming.keep and not reply.close
        chunked = behaviour.chunked and call.version == "1.1"
        head = wire.head(call, reply, behaviour, keep=self.keep, chunked=chunked)
        body = memoryview(b"") if call.method == "HEAD" else memoryview(reply.body)
        if chunked and call.method != "HEAD":
            body = memoryview(wire.chunks(bytes(body)))
        if behaviour.seams.wire:
            self.outlet.send_pieces(behaviour.seams.wire(call, head, bytes(body)))
        elif behaviour.pieces:
            self.outlet.send_pieces(wire.in_pieces(head + body))
        else:
            self.outlet.send(head, body)

    def _left(self, kept: bool) -> None:  # noqa: FBT001 - the outlet's word for it
        """An answer has left: close, or go on with the next request."""
        self.busy = False
        if not (self.keep and kept) or (self.ended and not self.queue):
            self.closing = True
            self.transport.close()
            return
        self._pump()
        if not self.busy and not self.transport.is_reading() and not self.ended:
            self.transport.resume_reading()

    def _not_http(self) -> None:
        """What came is not HTTP: say so and close."""
        self.closing = True
        if self.busy or self.queue or (self.incoming and self.incoming.answered):
            self.keep = False
            return
        call = Call("", "", "", {}, "1.1")
        reply = self.server.refuse(
            call, Refused(400, "Invalid request", "malformed HTTP", status=400)
        )
        head = wire.head(call, reply, self.server.behaviour, keep=False, chunked=False)
        self.transport.write(head + bytes(reply.body))
        self.transport.close()
