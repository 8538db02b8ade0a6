"""One connection: its requests are answered one at a time, in the order in which they came."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from endpoint.mock import answers, wire
from endpoint.mock.behaviour import Behaviour
from endpoint.mock.incoming import Incoming
from endpoint.mock.inlet import Inlet
from endpoint.mock.model import INVALID, Call, Refused, Reply
from endpoint.mock.outlet import Outlet

if TYPE_CHECKING:
    from endpoint.mock.server import Server

DRAIN_SECONDS: Final = 10.0
"""How long a body over the limit is read before, or after, it is answered."""
HALF_CLOSED_SECONDS: Final = 0.5
"""How long it is read after a half-closed answer: as long as Go lingers."""


class Connection(asyncio.Protocol):
    """The protocol of one connection, between its inlet and its outlet.

    Attributes:
        queue: whole requests that wait for their turn.
        busy: one is worked on, or its answer is leaving.
        pumping: `_pump` is at work, further up the stack.
        closing: no further request is taken.
        ended: the client sends no more.
        lost: the client is gone.
        keep: the answer that leaves lets the connection stay.
        timer: what is done about a body over the limit if the client does nothing.
    """

    def __init__(self, server: "Server") -> None:
        self.server = server
        self.inlet = Inlet(server, self)
        self.queue: deque[Incoming] = deque()
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
        """Take requests in, and no more of them than one ahead of the answers."""
        if self.closing and self.inlet.incoming is None:
            return
        if not self.inlet.feed(data):
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
        arriving = self.inlet.incoming
        for incoming in (*self.queue, *([arriving] if arriving else ())):
            incoming.drop()
            if not incoming.answered:
                self.server.in_flight -= 1
        self.queue.clear()
        self.inlet.drop()
        self.outlet.drop()

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        self.outlet.pause()

    def resume_writing(self) -> None:
        """It has caught up."""
        self.outlet.resume()

    # ------------------------------------------------------------ what the inlet tells

    def begun(self, incoming: Incoming) -> None:
        """The head of a request is there: its client may wait for leave to send the body."""
        self.server.in_flight += 1
        call, behaviour = incoming.call, incoming.behaviour
        if "expect" not in call.headers or call.version != "1.1":
            return
        if behaviour.seams.no_continue:
            self.transport.close()
        elif behaviour.expect == "refused":
            refused = Refused(417, "No expectations", status=417)
            self._answer_early(incoming, self.server.refuse(call, refused))
        elif behaviour.expect == "continue" and not self.busy and not self.queue:
            self.transport.write(wire.CONTINUE)

    def limit_passed(self, incoming: Incoming) -> None:
        """Answer a body over the limit now, or when the client has sent all of it."""
        behaviour = incoming.behaviour
        if behaviour.seams.over_limit:
            incoming.answered = self.closing = True
            self.server.in_flight -= 1
            self.outlet.send_pieces(behaviour.seams.over_limit)
        elif behaviour.over_limit == "drained":
            self.timer = self.loop.call_later(DRAIN_SECONDS, self.drained_enough)
        else:
            self.drained_enough()

    def drained_enough(self) -> None:
        """Answer a body over the limit while it is still coming."""
        incoming = self.inlet.incoming
        if incoming is None or incoming.answered or self.busy:
            return  # an earlier request's answer comes first: this one's waits for its end
        if self.timer:
            self.timer.cancel()
        self._answer_early(incoming, self.server.refuse(incoming.call, answers.over_limit()))

    def _answer_early(self, incoming: Incoming, reply: Reply) -> None:
        """Answer a client that is still sending, then go on reading for a while.

        Closing at once would make the client's system throw the answer away: unread
        bytes turn a close into a reset.
        """
        incoming.answered = True
        self.server.in_flight -= 1
        self._write_last(incoming.call, reply, incoming.behaviour)
        half = incoming.behaviour.over_limit == "half-closed"
        if half:
            self.transport.write_eof()
        seconds = HALF_CLOSED_SECONDS if half else DRAIN_SECONDS
        self.closing = True
        self.timer = self.loop.call_later(seconds, self.transport.close)

    def complete(self, incoming: Incoming) -> None:
        """All of a request is there: it waits for its turn."""
        if self.timer:
            self.timer.cancel()
        if incoming.answered:
            self.transport.close()
            return
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
        routed = server.route(call, incoming.body)
        if routed is not None:
            incoming.drop()
            self._answer(incoming, routed)
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
        arriving = self.inlet.incoming
        if self.busy or self.queue or (arriving and arriving.answered):
            self.keep = False
            return
        call = Call("", "", "", {}, "1.1")
        refused = Refused(400, INVALID, "malformed HTTP", status=400)
        self._write_last(call, self.server.refuse(call, refused), self.server.behaviour)
        self.transport.close()

    def _write_last(self, call: Call, reply: Reply, behaviour: Behaviour) -> None:
        """Put a reply on the wire past the outlet: nothing else is leaving, and nothing follows."""
        head = wire.head(call, reply, behaviour, keep=False, chunked=False)
        self.transport.write(head + bytes(reply.body))
