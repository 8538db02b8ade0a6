"""The steps of a capacity run: each judged by itself, until one breaks what was promised."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from loadtests.gathered import Gathered
from loadtests.measured import percentile
from loadtests.record import Step, altogether

SETTLING = 1.0
"""Seconds at the beginning of a step that are not judged: its users are only coming."""

GROWTH = 1.05
"""By how much more has to come through than in the best step so far; else the knee is passed."""

FLAT = 2
"""Steps in a row without growth that end a run."""


@dataclass
class Climb:
    """The steps of a capacity run so far.

    Attributes:
        done: the steps that were judged.
        flat: steps in a row that brought no more through.
    """

    gathered: Gathered
    broken: Callable[[float, float], str]
    done: list[Step] = field(default_factory=list)
    flat: int = 0

    def begin(self) -> None:
        """Begin from the first step, whatever an earlier run has reached."""
        self.done.clear()
        self.flat = 0

    def judge(self, start: float, end: float, users: int) -> None:
        """Judge the step that lasted from `start` to `end`, in seconds of the run."""
        cell = altogether(self.gathered.between(start + SETTLING, end).values())
        rate = cell.profiles / (end - start - SETTLING)
        best = max((step.profiles_per_second for step in self.done), default=0.0)
        broken = self.broken(start + SETTLING, end)
        self.flat = 0 if rate >= best * GROWTH else self.flat + 1
        if not broken and self.flat >= FLAT:
            broken = f"no more than {best:,.0f} profiles a second come through"
        p99 = percentile(cell.latency, 99) / 1000
        step = Step(
            start=start,
            seconds=end - start,
            users=users,
            rate=None,
            profiles_per_second=rate,
            p99=None if math.isnan(p99) else p99,
            error_share=cell.failed / cell.requests if cell.requests else 1.0,
            broken=broken or None,
        )
        self.done.append(step)

    @property
    def ended(self) -> bool:
        """Whether the last step broke an objective."""
        return bool(self.done) and self.done[-1].broken is not None

    @property
    def knee(self) -> int | None:
        """The step that brought most through and kept the objectives; none where none did."""
        kept = [at for at, step in enumerate(self.done) if step.broken is None]
        return max(kept, key=lambda at: self.done[at].profiles_per_second) if kept else None
