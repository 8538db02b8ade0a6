"""The scenarios, read from `scenarios.toml`: who sends what, how much of it, and for how long."""

import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from contracts.matching import MODES
from contracts.model import FORMATS, Format

FILE: Final = Path(__file__).with_name("scenarios.toml")

Shape = Literal["steady", "steps", "spike"]

EACH: Final = "each"
"""In the place of a list of modes: all eleven."""


class ScenarioError(Exception):
    """A scenario that does not exist, or a file of scenarios that cannot be used."""


class Requests(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requests of one kind, in each of several sizes, formats and modes.

    Attributes:
        items: items of a batch, each size a request of its own.
        bytes: bytes of a body that is filled with items.
        over_limit: a body over the limit of 10 MB, by either reading.
        formats: of request and answer.
        matching: modes; their requests are counted under one name.
        weight: how often, as against the others.
        turns: bodies for different profiles that take turns, so that requests differ.
    """

    formats: tuple[Format, ...] = FORMATS
    matching: tuple[str, ...] | Literal["each"] = ("email",)
    items: tuple[int, ...] = ()
    bytes: tuple[int, ...] = ()
    over_limit: bool = False
    weight: float = 1
    turns: int = 1

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes by name."""
        return tuple(MODES) if self.matching == EACH else self.matching


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a capacity run: how many users more, and for how many seconds each time."""

    users: int
    seconds: float


class Spike(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many times the load, after how many seconds, for how many seconds."""

    times: float
    after: float
    seconds: float


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """One traffic shape over prepared bodies.

    Attributes:
        sentence: what it is for.
        users: connections; with `rate`, those that the schedule may take.
        seconds: how long it runs.
        requests: what is sent.
        shape: steady, upward in steps, or a spike.
        rate: requests a second by a schedule; none where each waits for the one before.
        think: seconds that a user waits between requests.
        step: of a shape in steps.
        spike: of a spike.
    """

    sentence: str
    users: int
    seconds: float
    requests: tuple[Requests, ...]
    shape: Shape = "steady"
    rate: float | None = None
    think: float = 0.0
    step: Step | None = None
    spike: Spike | None = None

    @cached_property
    def settings(self) -> Mapping[str, object]:
        """All that makes two runs comparable, as plain data."""
        # As a run file gives it back: to_builtins leaves tuples, which no list equals.
        plain: dict[str, object] = msgspec.json.decode(msgspec.json.encode(self))
        return plain


def load(path: Path = FILE) -> dict[str, Scenario]:
    """All scenarios by name.

    Raises:
        ScenarioError: the file cannot be read, or an entry is not what it has to be.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        scenarios = msgspec.convert(table, dict[str, Scenario])
    except OSError as problem:
        raise ScenarioError(f"scenarios {path}: {problem.strerror}") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as problem:
        raise ScenarioError(f"scenarios {path}: {problem}") from None
    for name, scenario in scenarios.items():
        _check(path, name, scenario)
    return scenarios


def _check(path: Path, name: str, scenario: Scenario) -> None:
    unknown = {mode for one in scenario.requests for mode in one.modes} - MODES.keys()
    if unknown:
        raise ScenarioError(f"scenarios {path}: {name}: no matching mode {min(unknown)!r}")
    for one in scenario.requests:
        if bool(one.items) + bool(one.bytes) + one.over_limit != 1:
            raise ScenarioError(
                f"scenarios {path}: {name}: a request has either items, bytes or over_limit"
            )
    if any(one.turns < 1 for one in scenario.requests):
        raise ScenarioError(f"scenarios {path}: {name}: turns is 1 or more")
    if (scenario.shape == "steps") != (scenario.step is not None):
        raise ScenarioError(f"scenarios {path}: {name}: steps need step, and nothing else does")
    if (scenario.shape == "spike") != (scenario.spike is not None):
        raise ScenarioError(f"scenarios {path}: {name}: a spike needs spike, nothing else does")


def named(name: str, path: Path = FILE) -> Scenario:
    """One scenario.

    Raises:
        ScenarioError: there is none of that name.
    """
    scenarios = load(path)
    if name not in scenarios:
        raise ScenarioError(f"no scenario {name!r}; there are {', '.join(scenarios)}")
    return scenarios[name]


SHAPES: Final[tuple[Shape, ...]] = get_args(Shape)
