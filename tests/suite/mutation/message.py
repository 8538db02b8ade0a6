"""An answer on its way through the proxy, and what a mutation is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

FRAMING: Final = frozenset({"content-length", "transfer-encoding", "content-encoding"})
"""Headers that say how a body travels; a changed answer gets its own."""


@dataclass(slots=True)
class Asked:
    """The request that an answer is to.

    Attributes:
        method: the HTTP method.
        chunked: whether its body travels in chunks.
        codings: the Accept-Encoding header.
        size: bytes of its body that came so far.
        known: ids of the target's known profiles.
    """

    method: str = "POST"
    chunked: bool = False
    codings: str = ""
    size: int = 0
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the client gets of an answer: bytes, piece by piece, and how the connection goes on."""

    pieces: tuple[bytes, ...]
    then: Literal["keep", "close", "reset"] = "keep"


@dataclass(frozen=True, slots=True)
class Message:
    """A whole answer.

    Attributes:
        asked: the request.
        status: the HTTP status.
        reason: what stands behind it.
        headers: without those of `FRAMING`.
        body: after chunks and compression.
        wire: how it is delivered.
    """

    asked: Asked
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    wire: "Callable[[Message], Delivery] | None" = None

    def head(self, *more: tuple[str, str]) -> bytes:
        """The head with its blank line, and these headers besides its own."""
        lines = [f"HTTP/1.1 {self.status} {self.reason}"]
        lines += [f"{name}: {value}" for name, value in (*self.headers, *more)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def plainly(self) -> bytes:
        """The answer with a Content-Length."""
        return self.head(("Content-Length", str(len(self.body)))) + self.body

    def delivered(self) -> Delivery:
        """What the client gets."""
        return self.wire(self) if self.wire else Delivery((self.plainly(),))


Change = Callable[[Message], Message | None]
"""Gives the changed answer, or None for one that there is nothing to change in."""

Where = Callable[[Message], bool]


def everywhere(_message: Message) -> bool:
    """Whatever the answer is."""
    return True


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change, and what is to come of it.

    Attributes:
        name: what it is chosen by.
        breaks: the id of the clause that it breaks; None where it keeps the documentation.
        sentence: what the answers are like.
        change: makes the change.
        where: to which answers.
        every: only each so-manieth of these.
        ends: exit codes with which the suite catches it.
    """

    name: str
    breaks: str | None
    sentence: str
    change: Change
    where: Where = everywhere
    every: int = 1
    ends: tuple[int, ...] = (1,)
