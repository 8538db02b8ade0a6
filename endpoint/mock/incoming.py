"""A request on its way in: its call, and its body in pieces or in a file in memory."""

from typing import Final

import msgspec

from endpoint.mock.behaviour import Behaviour
from endpoint.mock.model import Call
from endpoint.mock.spool import Spool

LARGE_BODY: Final = 64 * 1024
"""Bytes from which on a body goes to the worker: less is read in a millisecond or two."""


class Incoming(msgspec.Struct):
    """A request that is arriving, or waits for its answer.

    Attributes:
        call: what HTTP says about it.
        behaviour: how the mock behaved when it began.
        limit: bytes for which its body may count.
        weight: for how many bytes the body counts so far.
        kept: bytes of the body that were kept.
        over: the limit was passed; the body is gone.
        keep: the client would keep the connection.
        answered: its answer has left, maybe before its body was whole.
        pieces: the body, as long as it is small.
        spool: the body, once it is large.
    """

    call: Call
    behaviour: Behaviour
    limit: int
    weight: int = 0
    kept: int = 0
    over: bool = False
    keep: bool = True
    answered: bool = False
    pieces: list[bytes] = msgspec.field(default_factory=list)
    spool: Spool | None = None

    def body(self) -> bytes:
        """The body of a small request."""
        return self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)

    def take(self, piece: bytes) -> None:
        """Keep a piece of the body."""
        self.kept += len(piece)
        if self.spool is None:
            self.pieces.append(piece)
            if self.kept >= LARGE_BODY:
                self.spool = Spool.new()
                for kept in self.pieces:
                    self.spool.write(kept)
                self.pieces = []
        else:
            self.spool.write(piece)

    def drop(self) -> None:
        """Let go of the body."""
        self.pieces = []
        if self.spool is not None:
            self.spool.close()
            self.spool = None
