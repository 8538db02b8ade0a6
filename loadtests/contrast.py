"""How sure a figure of one run is, when latencies within a second resemble each other.

A figure's uncertainty comes from how much the windows of the run differ, never from the number of
requests: a thousand latencies of one slow second are one piece of evidence. Windows that follow
each other resemble each other, too: so what is held to vary are sums of neighbouring windows
(overlapping batch means, Meketon and Schmeiser 1984) or, where that is more, a first-order
autoregression. A swing that is slower than the run no run shows by itself: that is what the
comparison's margin and several earlier runs are for.

The bounds of a percentile are percentiles themselves, those of the shares that the windows leave
possible (Woodruff 1952): no shape of the distribution is assumed, and nothing is drawn at random.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import NormalDist
from typing import Final

from loadtests.measured import Cell, Counts, percentiles
from loadtests.record import altogether

LEAST_WINDOWS: Final = 10
"""Windows without which nothing is said about a figure."""

LEAST_BEYOND: Final = 10
"""Latencies beyond a percentile without which nothing is said about it: 1,000 for p99."""


@dataclass(frozen=True, slots=True)
class Point:
    """What one window adds to a figure.

    Attributes:
        load: users of the window: windows are compared with those of the same load.
        seconds: its length.
        cell: what the requests came to in it.
    """

    load: int
    seconds: float
    cell: Cell


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one run, and how sure it is.

    Attributes:
        value: the figure.
        error: the standard error of what it is read from: of a percentile the share of
            latencies below it, else the value itself.
        freedom: degrees of freedom of the error.
        bounds: the lowest and the highest value within so many units of the error; the highest
            is infinite where the run is too short to tell.
    """

    value: float
    error: float
    freedom: float
    bounds: Callable[[float], tuple[float, float]]

    def within(self, reach: float) -> tuple[float, float]:
        """The lowest and the highest value within so many standard errors."""
        return self.bounds(reach * self.error)


def percentile(points: Sequence[Point], percent: float) -> Figure | None:
    """A latency's percentile, in microseconds; None where there is too little to say anything."""
    counts = altogether(point.cell for point in points).latency
    total = counts.total()
    if total * min(percent, 100 - percent) / 100 < LEAST_BEYOND:
        return None
    [value] = percentiles(counts, [percent])
    below = [_below(point.cell.latency, value) for point in points]
    share = sum(below) / total
    parts = [
        (few - share * point.cell.latency.total()) / total
        for few, point in zip(below, points, strict=True)
    ]

    def bounds(reach: float) -> tuple[float, float]:
        least, most = percent - 100 * reach, percent + 100 * reach
        low, high = percentiles(counts, [max(least, 0), min(most, 100)])
        return low if least > 0 else 0, high if most < 100 else math.inf

    return _figure(value, points, parts, bounds)


def quotient(
    points: Sequence[Point], above: Sequence[float], under: Sequence[float]
) -> Figure | None:
    """A quotient of sums over the windows: profiles by seconds, failures by requests."""
    whole = sum(under)
    if not whole:
        return None
    value = sum(above) / whole
    parts = [(a - value * u) / whole for a, u in zip(above, under, strict=True)]
    return _figure(value, points, parts, lambda reach: (max(value - reach, 0), value + reach))


def reach(doubt: float, *figures: Figure) -> float:
    """Standard errors that a difference of figures exceeds with that chance, if it is none.

    Their degrees of freedom are joined as Welch and Satterthwaite do.
    """
    variances = [figure.error**2 for figure in figures]
    least = sum(v * v / f.freedom for v, f in zip(variances, figures, strict=True))
    fewest = min(figure.freedom for figure in figures)
    return student(doubt, sum(variances) ** 2 / least if least else fewest)


def student(doubt: float, freedom: float) -> float:
    """How many standard errors are exceeded with that chance, by Student's distribution.

    Exact for one and two degrees of freedom; else by Abramowitz and Stegun, 26.7.5: within
    1 % down to a chance of 0.001 from six degrees on.
    """
    if freedom <= 1:
        return 1 / math.tan(math.pi * doubt)
    if freedom <= 2:
        odds = 1 - 2 * doubt
        return odds * math.sqrt(2 / (1 - odds * odds))
    z = NormalDist().inv_cdf(1 - doubt)
    return (
        z
        + (z**3 + z) / 4 / freedom
        + (5 * z**5 + 16 * z**3 + 3 * z) / 96 / freedom**2
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384 / freedom**3
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160 / freedom**4
    )


def _figure(
    value: float,
    points: Sequence[Point],
    parts: Sequence[float],
    bounds: Callable[[float], tuple[float, float]],
) -> Figure | None:
    """A figure whose error is that of the sum of one part for each window."""
    size = len(parts)
    if size < LEAST_WINDOWS:
        return None
    centred = _centred([point.load for point in points], parts)
    alone = _variance(centred, 1) * _resemblance(centred)
    together = _variance(centred, _block(size))
    return Figure(value, math.sqrt(max(alone, together)), _freedom(size), bounds)


def _below(counts: Counts, value: float) -> int:
    return sum(count for latency, count in counts.items() if latency <= value)


def _block(size: int) -> int:
    """Windows that are taken together: the cube root of their number, rounded."""
    return round(math.cbrt(size))


def _freedom(size: int) -> float:
    """Degrees of freedom of overlapping batch means."""
    return max(1.5 * (size / _block(size) - 1), 1)


def _centred(loads: Sequence[int], parts: Sequence[float]) -> list[float]:
    """The parts without what windows of one load share: no error, but the run's shape."""
    by_load: Mapping[int, list[float]] = defaultdict(list)
    for load, part in zip(loads, parts, strict=True):
        by_load[load].append(part)
    # A load that only one window has would explain all of it.
    usual = {load: sum(of) / len(of) if len(of) > 1 else 0 for load, of in by_load.items()}
    return [part - usual[load] for load, part in zip(loads, parts, strict=True)]


def _resemblance(parts: Sequence[float]) -> float:
    """How many times more the sum varies because each part resembles the one before.

    That of a first-order autoregression, its correlation mended for the bias of short series.
    """
    squares = sum(part * part for part in parts)
    if not squares:
        return 1
    found = sum(one * next_ for one, next_ in pairwise(parts)) / squares
    correlation = min(max(found + (1 + 3 * found) / len(parts), 0), 0.9)
    return (1 + correlation) / (1 - correlation)


def _variance(parts: Sequence[float], length: int) -> float:
    """The variance of the sum, from sums of so many neighbours."""
    size = len(parts)
    sums = [0.0, *accumulate(parts)]
    squares = sum((sums[at + length] - sums[at]) ** 2 for at in range(size - length + 1))
    return squares / (size - length + 1) * size / length * size / (size - length)
