"""What an objective can be about: each measure of a run as one row of a table."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from loadtests import wording
from loadtests.measured import Cell, Window, percentile
from loadtests.record import altogether

MB: Final = 1_000_000
"""Bytes of a megabyte, as the endpoint's documentation counts its limit."""

_CALM_WINDOWS: Final = 3
"""Windows that must be calm one after another before a spike is said to be over."""

_CALM: Final = 2.0
"""How often the p95 of before a spike a calm one may be: shared machines double it by chance."""

_CALM_ERRORS: Final = 0.01
"""Failures more than before the spike, as a share of requests, that a calm window may have."""

_WARM_UP: Final = 0.1
"""Share of a run that is no part of a drift: caches fill, memory grows to its size."""

_LEAST_WINDOWS: Final = 8
"""Windows without which there is no drift to speak of."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is measured of a run.

    Attributes:
        key: its name in the objectives file.
        unit: of its values.
        of: its value in the windows, for the requests of a name, or of all where that is None;
            nan where nothing can be measured.
        at_least: whether a bound is the least; else it is the most.
        by_name: whether it can be asked for a single name.
        most: the largest bound that makes sense.
    """

    key: str
    unit: str
    of: Callable[[Sequence[Window], str | None], float]
    at_least: bool = False
    by_name: bool = True
    most: float = math.inf

    @property
    def expected(self) -> str:
        """What a bound has to be, in words."""
        limit = "" if math.isinf(self.most) else f" to {self.most:g}"
        return f"a number from 0{limit}" + (f" ({self.unit})" if self.unit else "")

    def shown(self, value: float) -> str:
        """A value with its unit."""
        if not self.unit:
            return wording.share(value)
        return f"{wording.figure(value)} {self.unit}"


def cells(windows: Sequence[Window], name: str | None) -> list[Cell]:
    """What requests of a name, or all where that is None, came to in each window."""
    if name is None:
        return [altogether(window.cells.values()) for window in windows]
    return [window.cells.get(name) or Cell() for window in windows]


def active_seconds(windows: Sequence[Window], name: str | None) -> float:
    """Seconds from a name's first request to its last: a name may have only a part of a run."""
    active = [at for at, cell in enumerate(cells(windows, name)) if cell.requests]
    if not active:
        return math.nan
    first, last = windows[active[0]], windows[active[-1]]
    return last.start + last.seconds - first.start


def _percentile(percent: float) -> Callable[[Sequence[Window], str | None], float]:
    def milliseconds(windows: Sequence[Window], name: str | None) -> float:
        return percentile(altogether(cells(windows, name)).latency, percent) / 1000

    return milliseconds


def _error_share(windows: Sequence[Window], name: str | None) -> float:
    return _share(altogether(cells(windows, name)))


def _share(cell: Cell) -> float:
    return cell.failed / cell.requests if cell.requests else math.nan


def _profiles(windows: Sequence[Window], name: str | None) -> float:
    return altogether(cells(windows, name)).profiles / active_seconds(windows, name)


def _megabytes(windows: Sequence[Window], name: str | None) -> float:
    return altogether(cells(windows, name)).sent / MB / active_seconds(windows, name)


def recovery(windows: Sequence[Window], name: str | None) -> float:
    """Seconds from the end of a spike until the answers are as before it.

    The spike is where more than half of the most users run. As before is: three windows, one
    after another, with a p95 of at most twice that of before, and no more than a hundredth of
    failures more.

    Returns:
        The seconds; nan without a spike, infinite where it never got calm again.
    """
    half = max((window.users for window in windows), default=0) / 2
    high = [at for at, window in enumerate(windows) if window.users > half]
    before = altogether(cells(windows[: high[0]], name)) if high else Cell()
    after = windows[high[-1] + 1 :] if high else ()
    if not before.requests or not after:
        return math.nan
    slow = percentile(before.latency, 95) * _CALM
    often = _share(before) + _CALM_ERRORS
    calm = [
        # A window without answers is no calm one: they are still being waited for.
        bool(cell.latency) and percentile(cell.latency, 95) <= slow and _share(cell) <= often
        for cell in cells(after, name)
    ]
    for at in range(len(calm) - _CALM_WINDOWS + 1):
        if all(calm[at : at + _CALM_WINDOWS]):
            return after[at].start - after[0].start
    return math.inf


def _latency_drift(windows: Sequence[Window], name: str | None) -> float:
    first, last = (altogether(cells(part, name)).latency for part in _quarters(windows))
    return percentile(last, 95) / percentile(first, 95) - 1


def _memory_drift(windows: Sequence[Window], _: str | None) -> float:
    known = [window for window in windows if window.memory]
    first, last = ([window.memory for window in part] for part in _quarters(known))
    return fmean(last) / fmean(first) - 1 if first and last else math.nan


def _quarters(windows: Sequence[Window]) -> tuple[Sequence[Window], Sequence[Window]]:
    """The first and the last quarter, without the warm-up."""
    warm = windows[math.ceil(len(windows) * _WARM_UP) :]
    if len(warm) < _LEAST_WINDOWS:
        return (), ()
    quarter = len(warm) // 4
    return warm[:quarter], warm[-quarter:]


MEASURES: Final[Mapping[str, Measure]] = {
    measure.key: measure
    for measure in (
        Measure("p50", "ms", _percentile(50)),
        Measure("p95", "ms", _percentile(95)),
        Measure("p99", "ms", _percentile(99)),
        Measure("p99.9", "ms", _percentile(99.9)),
        Measure("error_share", "", _error_share, most=1),
        Measure("profiles_per_second", "profiles/s", _profiles, at_least=True),
        Measure("mb_per_second", "MB/s", _megabytes, at_least=True),
        Measure("recovery_seconds", "s", recovery),
        Measure("latency_drift", "", _latency_drift),
        Measure("memory_drift", "", _memory_drift, by_name=False),
    )
}
