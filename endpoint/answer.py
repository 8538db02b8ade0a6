"""What is sent and what came back: a `Call`, and the `Answer` that it always gets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

WHOLE: Final = 1 << 62
"""A piece size that no body reaches: `sizes=(5, WHOLE)` cuts a body once, after 5 bytes."""


class Upload(StrEnum):
    """How the body travels."""

    LENGTH = "Content-Length"
    CHUNKED = "chunked"
    PIECES = "Content-Length, in pieces"


class Ending(StrEnum):
    """How a call ended."""

    ANSWERED = "answered"
    ANSWERED_EARLY = "answered early"
    """A whole answer, which began before the whole body was sent."""
    RESET = "reset"
    """The connection was closed or reset without a byte of an answer."""
    CUT_SHORT = "cut short"
    """The answer began, and the connection ended before it was whole."""
    TIMED_OUT = "timed out"
    NOT_HTTP = "not HTTP"
    """What came cannot be read as HTTP: garbage, broken chunks, a broken compression."""
    TOO_LARGE = "too large"
    """The answer is larger than the client reads (`client.most_answer_bytes`)."""
    UNREACHABLE = "unreachable"
    """No connection: name, address, port, proxy or certificate. Nothing was sent."""


@dataclass(frozen=True)
class Call:
    """One request as it is sent, bytes and all; printed, it shows neither body nor token.

    Attributes:
        body: the bytes; None for a request without a body.
        media_type: the Content-Type header; None for none.
        method: the HTTP method.
        headers: further headers; they replace the client's own of the same name, and
            None leaves the client's own out. A Content-Length here is sent as it is,
            true or not.
        query: what follows the question mark of the URL, already percent-encoded.
        path_suffix: what follows the endpoint's path ("/").
        upload: how the body travels.
        sizes: for CHUNKED and PIECES, bytes of each chunk or piece in turn; the last size
            serves for the rest of the body.
        pause_seconds: for CHUNKED and PIECES, waited between two of them; PIECES waits a
            few milliseconds even where this is 0, or the pieces would travel as one.
        fresh_connection: use a connection of its own, and close it afterwards.
        accept_encoding: the Accept-Encoding header; None asks for `identity`.
        expect: send the head with `Expect: 100-continue`, and the body once the server
            asks for it or says nothing for a second.
        request_id: the Request-ID and X-Request-ID; None for a fresh one.
    """

    body: bytes | None
    media_type: str | None = None
    method: str = "POST"
    headers: Mapping[str, str | None] = field(default_factory=dict)
    query: str = ""
    path_suffix: str = ""
    upload: Upload = Upload.LENGTH
    sizes: tuple[int, ...] = ()
    pause_seconds: float = 0.0
    fresh_connection: bool = False
    accept_encoding: str | None = None
    expect: bool = False
    request_id: str | None = None

    def url(self, endpoint: str) -> str:
        """Return where the call goes: the endpoint's address with suffix and query."""
        return f"{endpoint}{self.path_suffix}" + (f"?{self.query}" if self.query else "")

    def __post_init__(self) -> None:
        if any(size < 1 for size in self.sizes):
            raise ValueError("a chunk or a piece holds at least one byte")

    def pieces(self) -> Iterator[memoryview]:
        """Yield the body in the pieces in which it is to travel, without copying it."""
        rest = memoryview(self.body or b"")
        sizes = iter(self.sizes)
        size = WHOLE
        while rest:
            size = next(sizes, size)
            yield rest[:size]
            rest = rest[size:]

    def __repr__(self) -> str:
        size = "no body" if self.body is None else f"{len(self.body)} bytes"
        said = [self.method, size, f"of {self.media_type}" if self.media_type else "of no type"]
        said += [f"{self.upload}"] if self.upload is not Upload.LENGTH else []
        said += [f"headers {', '.join(self.headers)}"] if self.headers else []
        # A query may hold the token.
        said += [f"a query of {len(self.query)} characters"] if self.query else []
        said += ["Expect: 100-continue"] if self.expect else []
        return f"<Call: {', '.join(said)}>"


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of an answer: in the order in which they came, names in any case."""

    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """Return the values of a header, joined by commas where it came several times."""
        return ", ".join(self.all(name)) or default

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a header."""
        return tuple(value for key, value in self.pairs if key.lower() == name.lower())

    def __contains__(self, name: str) -> bool:
        return bool(self.all(name))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __repr__(self) -> str:
        # A value may echo the token.
        return f"<Headers: {', '.join(name for name, _ in self.pairs)}>"


@dataclass(frozen=True)
class Answer:
    """What came back for a call, whatever happened on the way.

    Attributes:
        call: what was sent.
        ending: how it ended.
        request_id: the Request-ID that was sent.
        status: the HTTP status; None where no head of an answer was read.
        headers: of the answer.
        body: the answer's body after chunks and compression; where it was cut short, what
            came of it. May hold the token: redact it before it is written down.
        interim: statuses of 1xx answers that came first.
        detail: for people: what went wrong, without the token; empty where nothing did.
        sent_bytes: bytes of head and body that the system took for sending.
        body_sent: whether all of the request was sent.
        first_byte_seconds: from the first byte sent to the first of the answer; None where
            none came.
        seconds: the whole call, connecting included.
        reused: whether it travelled on a connection that had served before.
        resent: whether it was sent once before, on a connection that the server had closed.
        begun: whether what came began as an answer of HTTP does, however it went on.
    """

    call: Call
    ending: Ending
    request_id: str
    status: int | None = None
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    interim: tuple[int, ...] = ()
    detail: str = ""
    sent_bytes: int = 0
    body_sent: bool = False
    first_byte_seconds: float | None = None
    seconds: float = 0.0
    reused: bool = False
    resent: bool = False
    begun: bool = False

    @property
    def answered(self) -> bool:
        """Whether a whole answer came, early or not."""
        return self.ending in (Ending.ANSWERED, Ending.ANSWERED_EARLY)

    def __repr__(self) -> str:
        status = "" if self.status is None else f" {self.status}, {len(self.body)} bytes"
        detail = f" ({self.detail})" if self.detail else ""
        return f"<Answer: {self.ending}{status}{detail}, {self.request_id}>"
