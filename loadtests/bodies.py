"""The bodies of a run: built before the clock starts, kept once for all users of a process.

A small request travels as one piece of bytes that each user has for itself, its request id
written into its place. A large one is a head of the user's own and a body that all share.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from contracts import sizes
from contracts.matching import MODES
from contracts.model import BINARY_LIMIT, PATH, REQUEST_MEDIA_TYPES, Format, Params
from contracts.sizes import Recipe
from contracts.sizes.frames import data_frame, separator
from contracts.wire import decode, encode
from endpoint.target import Target
from loadtests.pool import People, Pool
from loadtests.scenarios import Requests

OVER_LIMIT: Final = BINARY_LIMIT + 1
"""Bytes: too much by either reading of 10 MB."""

ONE_PIECE: Final = 1 << 16
"""Bytes of a request up to which head and body are one piece: one call sends it."""

LARGE: Final = 10_000
"""Items from which on a batch counts as large."""

LEAST_ITEM: Final = 20
"""Bytes: less than any item takes, with what separates it from the next."""

ID_WIDTH: Final = 24
"""Characters of a request id."""


class NothingToSend(Exception):  # noqa: N818 - read as a fact
    """No known profile can serve any request of the scenario."""


@dataclass(frozen=True, slots=True)
class Body:
    """One request of a scenario, ready to be sent any number of times.

    Attributes:
        name: under which it is counted: format, mode, size.
        format: of request and answer.
        matching: its mode.
        items: items of `data`.
        head: the head up to the first request id, between the two, and after the second.
        payload: the body.
        expected: the profiles that it finds, no two the same.
        over_limit: whether it has to be refused for its size.
    """

    name: str
    format: Format
    matching: str
    items: int
    head: tuple[bytes, bytes, bytes]
    payload: bytes
    expected: Sequence[str]
    over_limit: bool = False

    @property
    def tags(self) -> frozenset[str]:
        """What Locust's --tags and --exclude-tags know it by: format, mode, kind of size."""
        size = "over-limit" if self.over_limit else _size_tag(self.items)
        return frozenset((self.format, self.matching, size))

    def message(self) -> "Message":
        """The request as one user sends it, again and again."""
        return Message(self)


class Message:
    """A request of one user: what differs each time is written into its place.

    Attributes:
        body: what it is made of.
        parts: the pieces to send, in order.
    """

    __slots__ = ("_first", "_second", "_view", "body", "parts")

    def __init__(self, body: Body) -> None:
        before, between, after = body.head
        blank = b"0" * ID_WIDTH
        self.body = body
        self._first = slice(len(before), len(before) + ID_WIDTH)
        second = self._first.stop + len(between)
        self._second = slice(second, second + ID_WIDTH)
        start = bytearray(before + blank + between + blank + after)
        self.parts: tuple[bytes | bytearray, ...]
        if len(start) + len(body.payload) <= ONE_PIECE:
            start += body.payload
            self.parts = (start,)
        else:
            self.parts = (start, body.payload)
        # A view takes other bytes in a third of the time that the array itself does.
        self._view = memoryview(start)

    def renew(self, request_id: bytes) -> None:
        """Give it a request id of its own, of ID_WIDTH characters."""
        self._view[self._first] = request_id
        self._view[self._second] = request_id


@dataclass(frozen=True, slots=True)
class Bodies:
    """All bodies of a scenario and how often each is sent.

    Attributes:
        each: the bodies.
        weights: how often, as against the others; those of one name share its weight.
        unserved: the modes that no profile can serve.
    """

    each: tuple[Body, ...]
    weights: tuple[float, ...]
    unserved: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which requests are counted, in the scenario's order."""
        return tuple(dict.fromkeys(body.name for body in self.each))


@dataclass(frozen=True, slots=True)
class Tags:
    """Which of a scenario's bodies are sent.

    Attributes:
        only: those that have one of these; none for all.
        never: those that have none of these.
    """

    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    def admit(self, body: Body) -> bool:
        """Whether a body is sent."""
        return (not self.only or bool(self.only & body.tags)) and not self.never & body.tags


ALL_TAGS: Final = Tags()


def build(
    requests: Sequence[Requests], pool: Pool, target: Target, tags: Tags = ALL_TAGS
) -> Bodies:
    """Build every body of a scenario that its tags admit.

    Raises:
        NothingToSend: no known profile can serve any of them, or no tag admits one.
    """
    each: list[Body] = []
    weights: list[float] = []
    unserved: dict[str, None] = {}
    for kind in requests:
        for plan in _plans(kind):
            built = {
                mode: list(_turns(kind.turns, plan, mode, pool, target)) for mode in kind.modes
            }
            unserved |= dict.fromkeys(mode for mode, bodies in built.items() if not bodies)
            bodies = [body for turns in built.values() for body in turns if tags.admit(body)]
            each += bodies
            weights += [kind.weight / len(bodies) for _ in bodies]
    if not each:
        raise NothingToSend(
            "no request of this scenario has these tags: a format, a matching mode, single, "
            "batch, large or over-limit"
            if tags != ALL_TAGS
            else "no known profile can serve any request of this scenario"
        )
    return Bodies(tuple(each), tuple(weights), tuple(unserved))


@dataclass(frozen=True, slots=True)
class _Plan:
    """One size of a kind of requests: so many items, or so many bytes."""

    name: str
    format: Format
    items: int = 0
    bytes: int = 0
    over_limit: bool = False


def _plans(kind: Requests) -> Iterator[_Plan]:
    mode = kind.modes[0] if len(kind.modes) == 1 else "mixed"
    for fmt in kind.formats:
        for items in kind.items:
            yield _Plan(f"{fmt} {mode} x{items}", fmt, items=items)
        for size in kind.bytes:
            yield _Plan(f"{fmt} {mode} {size / 1e6:.3g} MB", fmt, bytes=size)
        if kind.over_limit:
            yield _Plan(f"{fmt} over limit", fmt, bytes=OVER_LIMIT, over_limit=True)


def _turns(turns: int, plan: _Plan, mode: str, pool: Pool, target: Target) -> Iterator[Body]:
    """The bodies of a plan in one mode, each for other profiles: as many as there are for."""
    most = plan.items or plan.bytes // LEAST_ITEM
    if target.safety.live or plan.over_limit:
        # Beyond one recipient, what a body weighs is items that find nobody.
        most = 1
    first = 0
    for _ in range(turns):
        people = pool.people(mode, most, first)
        if not people.ids:
            return
        body = _body(plan, mode, people, target)
        yield body
        first += len(body.expected)


def _body(plan: _Plan, mode: str, people: People, target: Target) -> Body:
    """The body of a plan in one mode, for these profiles."""
    params: Params = {
        "token": target.token.reveal(),
        "trigger_id": target.trigger_id,
        "format": plan.format,
        "matching": mode,
        **({"field_name": target.field_name} if MODES[mode].field_name else {}),
    }
    payload, ids, items = _payload(plan, params, people)
    return Body(
        plan.name,
        plan.format,
        mode,
        items,
        _head(target, plan.format, len(payload)),
        payload,
        ids,
        plan.over_limit,
    )


def _payload(plan: _Plan, params: Params, people: People) -> tuple[bytes, Sequence[str], int]:
    """The bytes of a body, whom it finds, and how many items it has."""
    fmt, ids = plan.format, people.ids
    if len(ids) == plan.items == 1:
        return encode({**params, "data": [people.item(0)]}, fmt), ids, 1
    if plan.over_limit or len(ids) < plan.bytes // LEAST_ITEM:
        some = [people.item(at) for at in range(len(ids))]
        body = sizes.exact({**params, "data": some}, fmt, plan.bytes, Recipe.ITEMS)
        return body, ids, _count(body, fmt)
    if len(ids) < plan.items:
        places = {at * plan.items // len(ids): people.item(at) for at in range(len(ids))}
        return sizes.counted(params, fmt, plan.items, places), ids, plan.items
    frame, items = data_frame(params, fmt), people.written(fmt)
    if plan.bytes:
        room = plan.bytes - frame.size + len(separator(fmt))
        items = items[: bisect_right(list(accumulate(map(len, items))), room)]
    items[-1] = items[-1].removesuffix(separator(fmt))
    return b"".join([frame.head, *items, frame.tail]), ids[: len(items)], len(items)


def _size_tag(items: int) -> str:
    if items == 1:
        return "single"
    return "batch" if items < LARGE else "large"


def _count(body: bytes, fmt: Format) -> int:
    """How many items a body has."""
    params = decode(body, fmt)
    data = params.get("data") if isinstance(params, Mapping) else None
    return len(data) if isinstance(data, Sequence) else 0


def _head(target: Target, fmt: Format, size: int) -> tuple[bytes, bytes, bytes]:
    """The head of a request around its two ids."""
    rest = target.base_url.partition("://")[2]
    host, _, prefix = rest.partition("/")
    path = f"/{prefix}{PATH}" if prefix else PATH
    lines: Mapping[str, str] = {
        "Host": host,
        "User-Agent": "start-batch-suite",
        "Accept": "*/*",
        "Content-Type": REQUEST_MEDIA_TYPES[fmt],
        "Content-Length": str(size),
    }
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{key}: {it}\r\n" for key, it in lines.items())
    return f"{head}Request-ID: ".encode(), b"\r\nX-Request-ID: ", b"\r\n\r\n"
