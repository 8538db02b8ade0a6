"""Bytes on their way in: httptools takes requests apart, bodies are weighed as they come."""

from typing import TYPE_CHECKING, Final, Protocol

import httptools

from contracts.model import ATTACH_LIMIT, BINARY_LIMIT
from endpoint.mock.behaviour import FAITHFUL
from endpoint.mock.incoming import Incoming
from endpoint.mock.model import ADMIN, Call
from endpoint.mock.reading import body_format

if TYPE_CHECKING:
    from endpoint.mock.server import Server

DRAIN_BYTES: Final = 64 * 1024 * 1024
"""How much of a body over the limit is read before it is answered."""
MOST_HEAD: Final = 1 << 20
"""Bytes of a request's headers, as in Go."""


class Owner(Protocol):
    """The connection that an inlet belongs to: what it is told, in this order."""

    def begun(self, incoming: Incoming) -> None:
        """The head of a request is there."""

    def limit_passed(self, incoming: Incoming) -> None:
        """Its body has just passed the limit; what comes of it from now on is not kept."""

    def drained_enough(self) -> None:
        """`DRAIN_BYTES` have come beyond the limit; said again with each further piece."""

    def complete(self, incoming: Incoming) -> None:
        """All of it is there."""


class Inlet:
    """The reading side of one connection.

    Attributes:
        incoming: the request that is arriving; None between two of them.
    """

    def __init__(self, server: "Server", owner: Owner) -> None:
        self.incoming: Incoming | None = None
        self._server = server
        self._owner = owner
        self._parser = httptools.HttpRequestParser(self)
        self._state: dict[str, object] = {}
        self._nth = 0

    def feed(self, data: bytes) -> bool:
        """Take requests apart; False where what came is not HTTP."""
        while data:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                if self._parser.get_method() == b"CONNECT":
                    return False
                # Not by recursion: one piece of data may hold a thousand such requests.
                data = self._head_without_offer() + data[upgrade.args[0] :]
            except httptools.HttpParserError:
                return False
            else:
                break
        return True

    def _head_without_offer(self) -> bytes:
        """The head of a request that offers another protocol, as if it did not.

        A server may pass over the offer (RFC 9110, 7.8), and Java's own client offers HTTP/2
        with each request. httptools takes what follows such a head for the other protocol; so
        the head is read again without the offer.
        """
        headers = {name: text for name, text in self._headers.items() if name != "upgrade"}
        lines = [f"{name}: {text}\r\n".encode("latin-1") for name, text in headers.items()]
        version = self._parser.get_http_version().encode("ascii")
        first = self._parser.get_method() + b" " + self._url + b" HTTP/" + version + b"\r\n"
        self._parser = httptools.HttpRequestParser(self)
        return b"".join((first, *lines, b"\r\n"))

    def drop(self) -> None:
        """Let go of everything; nothing more can be fed."""
        self.incoming = None
        self._state.clear()
        # Both know us: without the circles memory is free at once.
        del self._parser, self._owner

    # ------------------------------------------------------------ httptools

    def on_message_begin(self) -> None:
        """A request begins."""
        self._url = b""
        self._headers: dict[str, str] = {}
        self._head_size = 0
        self._head_done = False

    def on_url(self, url: bytes) -> None:
        """Take the request's target, which may come in parts."""
        self._url += url
        self._weigh_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; trailers after the body are not wanted."""
        if self._head_done:
            return
        self._weigh_head(len(name) + len(value))
        key, text = name.lower().decode("latin-1"), value.decode("latin-1")
        headers = self._headers
        headers[key] = f"{headers[key]}, {text}" if key in headers else text

    def _weigh_head(self, size: int) -> None:
        self._head_size += size
        if self._head_size > MOST_HEAD:
            raise ValueError("head too large")

    def on_headers_complete(self) -> None:
        """The body follows, if there is one."""
        self._head_done = True
        if self._parser.should_upgrade():
            return  # see `_head_without_offer`
        path, _, query = self._url.decode("latin-1").partition("?")
        call = Call(
            method=self._parser.get_method().decode("ascii"),
            path=path,
            query=query,
            headers=self._headers,
            version=self._parser.get_http_version(),
            number=self._server.number,
            nth=self._nth,
            connection=self._state,
            server=self._server.state,
        )
        self._nth += 1
        self.incoming = self._for_admin(call) if path.startswith(ADMIN) else self._begun(call)
        self._owner.begun(self.incoming)

    def _for_admin(self, call: Call) -> Incoming:
        """A request for the admin face, which has neither variants nor defects."""
        return Incoming(call, FAITHFUL, BINARY_LIMIT)

    def _begun(self, call: Call) -> Incoming:
        server = self._server
        server.number += 1
        behaviour = server.behaviour
        if behaviour.seams.route:
            call = behaviour.seams.route(call)
        limit = server.engine.limit_for(call)
        if behaviour.files_raise_limit:
            limit = max(limit, ATTACH_LIMIT)
        return Incoming(call, behaviour, limit)

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
                self._owner.drained_enough()
        elif incoming.weight > incoming.limit:
            incoming.over = True
            incoming.drop()
            self._owner.limit_passed(incoming)
        else:
            incoming.take(seams.piece(call, piece) if seams.piece else piece)

    def on_message_complete(self) -> None:
        """A request is whole."""
        incoming, self.incoming = self.incoming, None
        if incoming is None:
            return  # a head that is read again
        incoming.keep = self._parser.should_keep_alive()
        if incoming.call.size == 0:
            incoming.call.format = body_format(incoming.call.headers.get("content-type", ""), b"")
        self._owner.complete(incoming)
