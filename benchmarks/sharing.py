"""How much of the processors others take while something is measured."""

import os
import resource
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from benchmarks.processes import cpu_seconds

BUSY: Final = (0, 1, 2, 5, 6, 7)
"""Columns of a core in /proc/stat: user, nice, system, both kinds of interrupts, stolen."""


class Sharing:
    """Counts from when it is made.

    Args:
        cores: whose time is looked at.
        pid: a child of this process that is measured too, and still runs.
    """

    def __init__(self, cores: Collection[int], pid: int) -> None:
        self._cores = cores
        self._pid = pid
        self._begun = self._now()

    def others(self) -> float:
        """The share of the cores' time, 0 to 1, that was taken by none of our processes."""
        wall, busy, own = (now - then for now, then in zip(self._now(), self._begun, strict=True))
        return max(busy - own, 0.0) / (wall * len(self._cores))

    def _now(self) -> tuple[float, float, float]:
        """Seconds: of the clock, of these cores, of our processes."""
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = time.process_time() + cpu_seconds(self._pid) + ended.ru_utime + ended.ru_stime
        return time.perf_counter(), _busy(self._cores), own


def _busy(cores: Collection[int]) -> float:
    names = {f"cpu{core}" for core in cores}
    lines = map(str.split, Path("/proc/stat").read_text(encoding="ascii").splitlines())
    ticks = sum(
        int(columns[at]) for name, *columns in lines if name in names for at in BUSY
    )  # fmt: skip
    return ticks / os.sysconf("SC_CLK_TCK")
