"""What a load run measures: latencies by request name and second, merged without loss.

Latencies are whole microseconds. In a process they are counted as they are; what is kept and
what travels between processes is an HdrHistogram of three digits, so that any percentile of
any number of processes is within 0.1 % of the one over all raw samples.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, Self

from hdrh.histogram import HdrHistogram

LONGEST: Final = 3_600_000_000
"""Microseconds: what takes longer than an hour is counted as an hour."""

DIGITS: Final = 3
"""Significant digits of a latency in a histogram."""

Counts = Counter[int]
"""Latencies, in microseconds, and how often each was measured."""


def histogram() -> HdrHistogram:
    """An empty histogram of latencies in microseconds."""
    return HdrHistogram(1, LONGEST, DIGITS)


def rounded(counts: Mapping[int, int]) -> Counts:
    """Latencies to three digits, as a histogram keeps them: few different ones."""
    few: Counts = Counter()
    for value, count in counts.items():
        few[lowest(min(max(value, 1), LONGEST))] += count
    return few


def percentiles(counts: Mapping[int, int], percents: Sequence[float]) -> list[float]:
    """Percentiles of counted latencies, in microseconds; nan where there are none.

    What `HdrHistogram.get_value_at_percentile` gives, without its 24,000 counters: a report
    asks for thousands.
    """
    total = sum(counts.values())
    if not total:
        return [math.nan] * len(percents)
    latencies = sorted(counts)
    reached = list(accumulate(counts[value] for value in latencies))
    ranks = (max(int(min(percent, 100) * total / 100 + 0.5), 1) for percent in percents)
    return [float(highest(latencies[bisect_left(reached, rank)])) for rank in ranks]


def percentile(counts: Mapping[int, int], percent: float) -> float:
    """One percentile of counted latencies, in microseconds; nan where there are none."""
    return percentiles(counts, [percent])[0]


def lowest(latency: int) -> int:
    """The lowest latency that a histogram does not tell from this one."""
    shift = max(latency.bit_length() - 11, 0)
    return latency >> shift << shift


def highest(latency: int) -> int:
    """The highest latency that a histogram does not tell from this one."""
    clipped = min(max(latency, 1), LONGEST)
    return clipped | ((1 << max(clipped.bit_length() - 11, 0)) - 1)


def record(into: HdrHistogram, counts: Mapping[int, int]) -> None:
    """Add counted latencies to a histogram."""
    for value, count in counts.items():
        into.record_value(min(max(value, 1), LONGEST), count)


@dataclass(slots=True)
class Cell:
    """What requests of one name came to in one second, or in a whole run.

    Attributes:
        requests: answered or not.
        failures: by kind: no answer, a wrong one, too late.
        profiles: profiles that right answers named.
        sent: bytes of request bodies.
        received: bytes of answer bodies.
        latency: from the moment at which a request was due until its answer was there.
        service: from the moment at which it left; empty where it left when it was due.
    """

    requests: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    profiles: int = 0
    sent: int = 0
    received: int = 0
    latency: Counts = field(default_factory=Counter)
    service: Counts = field(default_factory=Counter)

    @property
    def failed(self) -> int:
        """Requests that failed."""
        return self.failures.total()

    def add(self, other: Self) -> None:
        """Count what another process, or another second, measured."""
        self.requests += other.requests
        self.failures.update(other.failures)
        self.profiles += other.profiles
        self.sent += other.sent
        self.received += other.received
        self.latency.update(other.latency)
        self.service.update(other.service)


@dataclass(slots=True)
class Window:
    """One stretch of a run.

    Attributes:
        start: seconds since the run began.
        seconds: how long it is.
        users: users that ran in it, of all processes.
        cells: by request name.
        memory: bytes that the mock held at its end; 0 where that is not known.
    """

    start: float
    seconds: float
    users: int = 0
    cells: dict[str, Cell] = field(default_factory=dict)
    memory: int = 0

    def cell(self, name: str) -> Cell:
        """What requests of a name came to, from now on."""
        return self.cells.setdefault(name, Cell())

    def add(self, other: Self) -> None:
        """Count another process's measurements of the same stretch."""
        self.users += other.users
        for name, cell in other.cells.items():
            self.cell(name).add(cell)


def totals(windows: Iterable[Window]) -> dict[str, Cell]:
    """All windows as one: what each request name came to in the whole run."""
    whole = Window(0, 0)
    for window in windows:
        whole.add(window)
    return whole.cells
