"""Objectives: what a load run is held against, read from `slo.toml`.

ObjectivesError: a file that cannot be used, or an objective for requests that there are not.
"""

import difflib
import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, get_args

from loadtests.measured import Window
from loadtests.measuring import MEASURES, Measure
from loadtests.record import ALL, Judged, Scenario

DEFAULT_FILE: Final = Path(__file__).parent / "slo.toml"

SCENARIOS: Final[tuple[Scenario, ...]] = get_args(Scenario)


class ObjectivesError(Exception):
    """Objectives that cannot be used.

    Attributes:
        source: the file.
        mistakes: one sentence for each mistake, beginning with its place.
    """

    def __init__(self, source: Path, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join((f"objectives file {source} cannot be used:", *mistakes)))
        self.source = source
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Objective:
    """One line of the file.

    Attributes:
        scenario: whose runs it is for.
        pattern: of request names; None for all requests together.
        measure: what is measured.
        wanted: the bound, in the measure's unit.
    """

    scenario: Scenario
    pattern: str | None
    measure: Measure
    wanted: float

    def matches(self, name: str) -> bool:
        """Whether it is about the requests of this name; * stands for any text."""
        # Square brackets and question marks are no wildcards here.
        return self.pattern is not None and fnmatchcase(name, _literal(self.pattern))

    @property
    def place(self) -> str:
        """Where it stands in the file."""
        table = self.scenario if self.pattern is None else f'{self.scenario}."{self.pattern}"'
        return f"[{table}] {self.measure.key}"


@dataclass(frozen=True, slots=True)
class Objectives:
    """A file of objectives, in its order."""

    source: Path
    objectives: tuple[Objective, ...]

    def of(self, scenario: Scenario, names: Collection[str]) -> tuple[tuple[str, Objective], ...]:
        """What is wanted of each name in one scenario: of lines about the same, the last.

        Args:
            scenario: that is run.
            names: of all requests that it sends.

        Raises:
            ObjectivesError: an objective is for a name that the scenario does not send.
        """
        own = [one for one in self.objectives if one.scenario == scenario]
        unmet = [one for one in own if one.pattern is not None and not any(map(one.matches, names))]
        if unmet:
            raise ObjectivesError(self.source, [_nobody(one, names) for one in unmet])
        wanted: dict[tuple[str, str], Objective] = {}
        for one in own:
            for name in [ALL] if one.pattern is None else filter(one.matches, names):
                wanted[name, one.measure.key] = one
        return tuple((name, one) for (name, _), one in wanted.items())


def load(source: Path = DEFAULT_FILE) -> Objectives:
    """Read a file of objectives.

    Raises:
        ObjectivesError: it cannot be read, or holds mistakes: all of them, one a line.
    """
    mistakes: list[str] = []
    objectives: list[Objective] = []
    for scenario, table in _toml(source).items():
        if scenario not in SCENARIOS:
            mistakes.append(f"[{scenario}]: there is no such scenario{_near(scenario, SCENARIOS)}")
        elif not isinstance(table, Mapping):
            mistakes.append(f"{scenario}: expected a table, not {table!r}")
        else:
            objectives += _read(scenario, None, table, mistakes)
    if mistakes:
        raise ObjectivesError(source, mistakes)
    return Objectives(source, tuple(objectives))


def judged(
    objectives: Objectives,
    scenario: Scenario,
    names: Collection[str],
    windows: Sequence[Window],
) -> tuple[Judged, ...]:
    """Hold a run's windows against the objectives of its scenario.

    Where nothing could be measured, an objective is not kept.

    Args:
        objectives: of the file.
        scenario: that was run.
        names: of all requests that the scenario sends.
        windows: of the run, of all processes together.

    Raises:
        ObjectivesError: an objective is for a name that the scenario does not send.
    """
    return tuple(_judged(name, one, windows) for name, one in objectives.of(scenario, names))


def told(result: Judged) -> str:
    """A result in one line: the requests, the objective, what was wanted, what was measured."""
    measure = MEASURES[result.objective]
    side = "at least" if measure.at_least else "at most"
    measured = "nothing" if result.measured is None else measure.shown(result.measured)
    return (
        f"{result.name}: {result.objective}: wanted {side} {measure.shown(result.wanted)}, "
        f"measured {measured}"
    )


def _judged(name: str, one: Objective, windows: Sequence[Window]) -> Judged:
    measured = one.measure.of(windows, None if name == ALL else name)
    if math.isnan(measured) or math.isinf(measured):
        return Judged(name, one.measure.key, one.wanted, None, kept=False)
    kept = measured >= one.wanted if one.measure.at_least else measured <= one.wanted
    return Judged(name, one.measure.key, one.wanted, measured, kept)


def _toml(source: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(source.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        said = f"it cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        said = f"it is not UTF-8: byte {error.start}"
    except tomllib.TOMLDecodeError as error:
        said = f"it is not TOML: {error}"
    raise ObjectivesError(source, [said])


def _read(
    scenario: Scenario, pattern: str | None, table: Mapping[str, object], mistakes: list[str]
) -> list[Objective]:
    """One table's objectives; what is wrong with it goes to the mistakes."""
    found: list[Objective] = []
    for key, value in table.items():
        place = f"[{scenario}] {key}" if pattern is None else f'[{scenario}."{pattern}"] {key}'
        if isinstance(value, Mapping) and pattern is None and key not in MEASURES:
            found += _read(scenario, key, value, mistakes)
        elif key not in MEASURES:
            mistakes.append(f"{place}: there is no such objective{_near(key, MEASURES)}")
        elif pattern is not None and not MEASURES[key].by_name:
            mistakes.append(f"{place}: it is measured for a scenario only, not for a name")
        elif (bound := _bound(value, MEASURES[key])) is None:
            hint = '; is "p99.9" in quotes meant?' if isinstance(value, Mapping) else ""
            mistakes.append(f"{place}: expected {MEASURES[key].expected}, not {value!r}{hint}")
        else:
            found.append(Objective(scenario, pattern, MEASURES[key], bound))
    return found


def _bound(value: object, measure: Measure) -> float | None:
    # Python calls a bool an int; TOML and this file do not.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= measure.most else None


def _literal(pattern: str) -> str:
    return pattern.replace("[", "[[]").replace("?", "[?]")


def _nobody(one: Objective, names: Collection[str]) -> str:
    near = _near(one.pattern or "", names)
    return f"{one.place}: the scenario sends no requests of that name{near}"


def _near(word: str, words: Collection[str]) -> str:
    [near, *_] = [*difflib.get_close_matches(word, words, 1), ""]
    return f"; is {near!r} meant?" if near else f"; there are: {', '.join(sorted(words))}"
