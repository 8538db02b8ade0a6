"""The figures of a run that are compared with those of another, one row each."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.contrast import Figure, Point, percentile, quotient


@dataclass(frozen=True, slots=True)
class Kind:
    """A figure that is compared.

    Attributes:
        key: its name.
        of: what it is in a run's windows; None where they say too little.
        more_is_better: of throughput; of everything else less is.
        relative: whether it changes by a share of itself; an error share changes by points.
    """

    key: str
    of: Callable[[Sequence[Point]], Figure | None]
    more_is_better: bool = False
    relative: bool = True

    def scaled(self, value: float) -> float:
        """A value on the scale on which changes add up."""
        if not self.relative:
            return value
        return math.log(value) if value > 0 else -math.inf

    def change(self, distance: float) -> float:
        """A distance on that scale as a share, or as points."""
        return math.expm1(distance) if self.relative else distance


def _percentile(percent: float) -> Callable[[Sequence[Point]], Figure | None]:
    return lambda points: percentile(points, percent)


def _profiles(points: Sequence[Point]) -> Figure | None:
    seconds = [point.seconds for point in points]
    return quotient(points, [float(point.cell.profiles) for point in points], seconds)


def _errors(points: Sequence[Point]) -> Figure | None:
    requests = [float(point.cell.requests) for point in points]
    return quotient(points, [float(point.cell.failed) for point in points], requests)


KINDS: Final = (
    Kind("p50", _percentile(50)),
    Kind("p95", _percentile(95)),
    Kind("p99", _percentile(99)),
    Kind("profiles/s", _profiles, more_is_better=True),
    Kind("error share", _errors, relative=False),
)
