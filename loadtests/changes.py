"""Better, worse or the same: a run against one or more earlier ones, name by name.

A change is worse when its whole interval lies beyond the margin. The intervals hold together: over
all names and figures of a comparison, one in twenty comparisons has an interval that is wrong on
the bad side. What runs differ by beyond what their windows show (a machine that is slower today) is
told from several earlier runs; with a single one, the margin is what stands against it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, variance
from typing import Final, Literal

from loadtests.contrast import Figure, Point, reach, student
from loadtests.kinds import KINDS, Kind
from loadtests.measured import Cell, Window
from loadtests.record import Run

Word = Literal["better", "worse", "same", "unclear"]

DOUBT: Final = 0.05
"""The chance of a false alarm in a whole comparison."""

ERROR_MARGIN: Final = 0.01
"""Failures that are no regression yet, as a share of all requests: one in a hundred."""

LONGEST_WARM_UP: Final = 5.0
"""Seconds that are left out of a name's windows at most, unless the caller says otherwise."""

_USUAL_SPREAD: Final = 0.01
"""What runs of one build on one machine usually differ by, beyond what their windows show."""

_USUAL_RUNS: Final = 3
"""Runs that this experience weighs as much as: two runs alone may agree by chance."""

_COMMON_LEVELS: Final = 4
"""Windows that make a load comparable: of one user fewer or more, a ramp has but one or two."""


@dataclass(frozen=True, slots=True)
class Change:
    """How much one figure of one name changed.

    Attributes:
        figure: the key of its kind.
        before: in the earlier runs: microseconds, profiles a second, a share.
        after: in the later one.
        change: after against before: 0.1 is a tenth more; for an error share, points.
        low: the least that it may be.
        high: the most that it may be; infinite where the runs are too short to tell.
        word: the verdict.
    """

    figure: str
    before: float
    after: float
    change: float
    low: float
    high: float
    word: Word


@dataclass(frozen=True, slots=True)
class NameChange:
    """What changed for the requests of one name; unclear where it may be both, better and worse."""

    name: str
    word: Word
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against earlier ones.

    Attributes:
        before: what the earlier runs are called.
        after: what the later one is called.
        margin: the share that is no regression yet.
        left_out: seconds of warm-up that were left out of each name's windows, at most.
        names: by request name.
    """

    before: tuple[str, ...]
    after: str
    margin: float
    left_out: float
    names: tuple[NameChange, ...]

    def named(self, word: Word) -> tuple[str, ...]:
        """The names with this verdict."""
        return tuple(one.name for one in self.names if one.word == word)


def compared(
    before: Sequence[Run],
    after: Run,
    *,
    labels: Sequence[str],
    margin: float,
    warm_up: float | None = None,
) -> Comparison:
    """Hold a run against one or more earlier ones of the same scenario and settings.

    Args:
        before: the earlier runs.
        after: the later one.
        labels: what the runs are called, in that order.
        margin: the share that is no regression yet: 0.05.
        warm_up: seconds to leave out of each name's first windows; None for a tenth of them,
            5 seconds at most.
    """
    runs = [*before, after]
    names = list(after.names)
    series = {name: _alike([_points(run, name, warm_up) for run in runs]) for name in names}
    doubt = DOUBT / max(len(names) * len(KINDS), 1)
    found: dict[str, list[Change]] = {name: [] for name in names}
    for kind in KINDS:
        figures = {name: [kind.of(points) for points in series[name]] for name in names}
        clear = {
            name: [one for one in of if one is not None]
            for name, of in figures.items()
            if None not in of
        }
        day = _day(kind, clear.values(), len(before))
        for name, of in clear.items():
            found[name].append(_change(kind, of, day, doubt, margin))
    return Comparison(
        before=tuple(labels[:-1]),
        after=labels[-1],
        margin=margin,
        left_out=LONGEST_WARM_UP if warm_up is None else warm_up,
        names=tuple(NameChange(name, _word(of), tuple(of)) for name, of in found.items()),
    )


def _points(run: Run, name: str, warm_up: float | None) -> list[Point]:
    """The windows from a name's first request to its last, without the warm-up."""
    active = [at for at, one in enumerate(run.windows) if _asked(one, name)]
    if not active:
        return []
    span = run.windows[active[0] : active[-1] + 1]
    seconds = span[-1].start + span[-1].seconds - span[0].start
    begin = span[0].start + (min(seconds / 10, LONGEST_WARM_UP) if warm_up is None else warm_up)
    return [
        Point(one.users, one.seconds, one.cells.get(name) or Cell())
        for one in span
        if one.start >= begin and one.seconds > 0
    ]


def _asked(window: Window, name: str) -> bool:
    return name in window.cells and window.cells[name].requests > 0


def _alike(runs: Sequence[list[Point]]) -> Sequence[list[Point]]:
    """The windows of each run at the loads that all of them held for a while."""
    held = []
    for points in runs:
        loads = [point.load for point in points]
        held.append(frozenset(load for load in loads if loads.count(load) >= _COMMON_LEVELS))
    common = frozenset.intersection(*held)
    kept = [[point for point in points if point.load in common] for points in runs]
    # Where users come and go all the time, no two windows have a load in common.
    most = all(2 * len(few) >= len(points) for few, points in zip(kept, runs, strict=True))
    return kept if most else runs


def _day(kind: Kind, names: Iterable[Sequence[Figure]], runs: int) -> float:
    """How far the day of the later run may lie from those of several earlier ones.

    What earlier runs differ by beyond what their windows explain, joined with what is usual. All
    names of a run share the machine's day: it is one look, so the plain doubt is enough.
    """
    if runs < 2:
        return 0
    beyond = []
    for figures in names:
        values = [kind.scaled(figure.value) for figure in figures[:-1]]
        if all(map(math.isfinite, values)):
            own = fmean(_error(kind, figure) ** 2 for figure in figures[:-1])
            beyond.append(variance(values) - own)
    found = max(fmean(beyond), 0) if beyond else 0
    usual = _USUAL_SPREAD**2 if kind.relative else 0
    freedom = runs - 1 + _USUAL_RUNS
    spread = math.sqrt(((runs - 1) * found + _USUAL_RUNS * usual) / freedom)
    return student(DOUBT, freedom) * spread * math.sqrt(1 + 1 / runs)


def _error(kind: Kind, figure: Figure) -> float:
    """About the standard error of a figure, on the scale on which changes add up."""
    low, high = (kind.scaled(value) for value in figure.within(1))
    return (high - low) / 2 if math.isfinite(high - low) else 0


def _change(
    kind: Kind, figures: Sequence[Figure], day: float, doubt: float, margin: float
) -> Change:
    """The change from the mean of the earlier figures to the last one.

    Limits of a difference from those of its sides: Zou and Donner 2008 (MOVER).
    """
    *before, after = figures
    errors = reach(doubt, *figures)
    usual = fmean(kind.scaled(figure.value) for figure in before)
    here = kind.scaled(after.value)
    below, above = _sides(kind, after, errors)
    sides = [_sides(kind, figure, errors) for figure in before]
    runs = len(before)
    low = here - usual - math.hypot(below, *(up / runs for _, up in sides), day)
    high = here - usual + math.hypot(above, *(down / runs for down, _ in sides), day)
    if math.isnan(low) or math.isnan(high):  # Nothing there on a side: no profile, no answer.
        low, high = -math.inf, math.inf
    distance = here - usual
    return Change(
        figure=kind.key,
        before=math.exp(usual) if kind.relative else usual,
        after=after.value,
        change=kind.change(distance) if not math.isnan(distance) else 0.0,
        low=kind.change(low),
        high=kind.change(high),
        word=_judged(kind, low, high, margin),
    )


def _sides(kind: Kind, figure: Figure, errors: float) -> tuple[float, float]:
    """How far a figure may lie below and above its value."""
    low, high = figure.within(errors)
    value = kind.scaled(figure.value)
    return value - kind.scaled(low), kind.scaled(high) - value


def _judged(kind: Kind, low: float, high: float, margin: float) -> Word:
    bound = math.log1p(margin) if kind.relative else ERROR_MARGIN
    if low < -bound and high > bound:
        return "unclear"  # As good a sign of a regression as of the opposite.
    grown, shrunk = low > bound, high < -bound
    if kind.more_is_better:
        grown, shrunk = shrunk, grown
    return "worse" if grown else "better" if shrunk else "same"


def _word(changes: Sequence[Change]) -> Word:
    words = {change.word for change in changes}
    if words & {"worse", "better"}:
        return "worse" if "worse" in words else "better"
    # An error share alone says nothing about how fast the answers came.
    clear = any(one.word == "same" and one.figure != "error share" for one in changes)
    return "same" if clear else "unclear"
