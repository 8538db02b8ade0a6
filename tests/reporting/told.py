"""A breach as it is told: plain text and figures, without the token, ready for any report."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from contracts import clauses
from contracts.model import JsonValue


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer as it is shown.

    Attributes:
        head: its first line.
        headers: the lines of its head.
        body: its body; of a large one the beginning and the end.
        size: of the body, in bytes.
        left_out: whether a part of the body is not shown.
    """

    head: str
    headers: tuple[str, ...] = ()
    body: str = ""
    size: int = 0
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the grid of modes and formats a request stands.

    Attributes:
        mode: the matching mode.
        request: the format that it is written in.
        answer: the format that it asks for.
        kinds: the kinds of case that it is.
    """

    mode: str
    request: str
    answer: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One breach in words.

    Attributes:
        clause: the id of the clause.
        symptom: in which way the answer is wrong.
        expected: what was expected.
        came: what came.
        shows: when it shows; empty where it always does.
        smallest: what is left of the request; empty where no request shows it.
        exchange: request and answer, a line each for head and body.
        repeat: a command line that repeats the request; empty where a plainer one is told.
        items: items of the request; None where it has none of its own.
        features: what the request has beyond the plainest one.
        request_bytes: size of the request's body.
        refused_with: the error number, where a valid request was refused.
        sent: the request; None where no single one shows the breach.
        came_back: its answer.
        place: where the request stands in the grid; None where it is no request of a mode.
        profiles: the profiles that were lost, or named for no reason.
        marks: values of the request that find these profiles, where others stand beside them.
        folder: where the breach is kept, to be repeated; empty where it is not.
    """

    clause: str
    symptom: str
    expected: str
    came: str
    shows: str = ""
    smallest: str = ""
    exchange: tuple[str, ...] = ()
    repeat: str = ""
    items: int | None = None
    features: tuple[str, ...] = ()
    request_bytes: int = 0
    refused_with: int | None = None
    sent: Message | None = None
    came_back: Message | None = None
    place: Place | None = None
    profiles: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    folder: str = ""

    @property
    def lines(self) -> list[str]:
        """The breach on one screen, without the command line."""
        return screen(
            self.clause, self.expected, self.came, self.shows, self.smallest, self.exchange
        )

    def figures(self) -> Mapping[str, JsonValue]:
        """What a program may want to know, without personal data."""
        shown = ("clause", "symptom", "shows", "smallest", "items", "request_bytes")
        every = asdict(self)
        return {**{name: every[name] for name in shown}, "features": list(self.features)}


def screen(
    clause_id: str,
    expected: str,
    came: str,
    shows: str,
    smallest: str,
    exchange: Iterable[str],
) -> list[str]:
    """A breach on one screen; what is empty is left out."""
    clause = clauses.load()[clause_id]
    return [
        f"  clause    {clause.sentence}",
        f"  source    {clause.source} ({clause.status})",
        f"  expected  {expected}",
        f"  came      {came}",
        *([f"  shows     {shows}"] if shows else []),
        *([f"  smallest  {smallest}"] if smallest else []),
        *exchange,
    ]
