"""What one load run came to: what `runfile` writes, and what reports and comparisons read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from contracts.model import JsonValue
from loadtests.measured import Cell, Window, totals

Scenario = Literal["smoke", "throughput", "capacity", "spike", "soak", "limit", "rate"]

Verdict: TypeAlias = Literal["pass", "fail", "inconclusive", "broken"]
"""fail: an objective or a check was not kept; broken: the suite or the network failed."""

ALL: Final = "all requests"
"""The name of an objective's result that is about no single name."""

MOST_WINDOWS: Final = 600
"""Windows that a run file holds: a longer run's are merged."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run took place; never a token.

    Attributes:
        suite: version of this suite.
        python: version.
        locust: version.
        platform: operating system and machine.
        cpus: cores that the generator may use.
        target: name of the target file; mock.
        base_url: where the requests went.
        live: whether real messages left.
    """

    suite: str
    python: str
    locust: str
    platform: str
    cpus: int
    target: str
    base_url: str
    live: bool


@dataclass(frozen=True, slots=True)
class Named:
    """The requests of one name.

    Attributes:
        format: of the request body: json, xml.
        items: of one body.
        bytes: of one body.
        modes: matching modes that the bodies use.
        total: what they came to in the whole run.
    """

    format: str
    items: int
    bytes: int
    modes: tuple[str, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a capacity run.

    Attributes:
        start: seconds since the run began.
        seconds: how long the load was held.
        users: that ran.
        rate: requests a second that were asked for; None where users set the pace.
        profiles_per_second: that right answers named.
        p99: milliseconds; None where nothing was answered.
        error_share: failures of all requests, 0 to 1.
        broken: the objective that this step broke, in words.
    """

    start: float
    seconds: float
    users: int
    rate: float | None
    profiles_per_second: float
    p99: float | None
    error_share: float
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Conservation:
    """Whether what the answers say was sent is what the mock's journal holds.

    Attributes:
        checked: false against anything but the mock.
        said: profiles that answers named.
        journal: profiles that the journal holds.
        unexplained: a sentence for each difference.
    """

    checked: bool = False
    said: int = 0
    journal: int = 0
    unexplained: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One objective, held against what was measured.

    Attributes:
        name: of the requests, or `all requests`.
        objective: its key in the objectives file.
        wanted: the bound.
        measured: in the bound's unit; None where nothing could be measured.
        kept: whether the measured value is on the right side; never where there is none.
    """

    name: str
    objective: str
    wanted: float
    measured: float | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One load run.

    Attributes:
        started: ISO 8601, UTC.
        seconds: from the first request until the last answer.
        environment: where it took place.
        scenario: the traffic's shape.
        settings: all that two runs must share to be compared.
        complete: false after Ctrl-C, a lost worker, an automatic stop.
        missing: a sentence for each thing that the run lacks.
        names: the requests, by name.
        windows: the time series.
        steps: of a capacity run.
        knee: index of the last step that kept the objectives; None where none did.
        conservation: of profiles, between answers and journal.
        objectives: each that was judged.
        verdict: in one word.
        exit_code: of the command.
    """

    started: str
    seconds: float
    environment: Environment
    scenario: Scenario
    settings: Mapping[str, JsonValue]
    complete: bool
    missing: tuple[str, ...]
    names: Mapping[str, Named]
    windows: tuple[Window, ...]
    verdict: Verdict
    exit_code: int
    steps: tuple[Step, ...] = ()
    knee: int | None = None
    conservation: Conservation = field(default_factory=Conservation)
    objectives: tuple[Judged, ...] = ()

    @property
    def whole(self) -> Cell:
        """All requests, whatever their name."""
        return altogether(one.total for one in self.names.values())

    @property
    def breaches(self) -> tuple[Judged, ...]:
        """The objectives that were not kept."""
        return tuple(one for one in self.objectives if not one.kept)


def merged(windows: Sequence[Window], most: int = MOST_WINDOWS) -> tuple[Window, ...]:
    """At most so many windows: neighbours become one where there are more."""
    step = -(-len(windows) // most) or 1
    return tuple(_one(windows[at : at + step]) for at in range(0, len(windows), step))


def altogether(cells: Iterable[Cell]) -> Cell:
    """All cells as one, each of them left as it is."""
    whole = Cell()
    for cell in cells:
        whole.add(cell)
    return whole


def _one(neighbours: Sequence[Window]) -> Window:
    return Window(
        start=neighbours[0].start,
        seconds=sum(window.seconds for window in neighbours),
        # Another moment of the same processes, not other processes: nothing is added.
        users=max(window.users for window in neighbours),
        cells=totals(neighbours),
        memory=next((one.memory for one in reversed(neighbours) if one.memory), 0),
    )
