"""How many users run at each moment, where a scenario says so itself."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from locust import LoadTestShape, User

from loadtests.gathered import Gathered
from loadtests.measured import percentile
from loadtests.record import Step, altogether
from loadtests.scenarios import Scenario

AT_ONCE = 1_000.0
"""Users a second: a step, or a spike, is there at once."""

LAG = 4.0
"""Seconds after which the last worker has told what it measured: Locust's workers do so every 3."""

SETTLING = 1.0
"""Seconds at the beginning of a step that are not judged: its users are only coming."""

GROWTH = 1.05
"""By how much more has to come through than in the best step so far; else the knee is passed."""

FLAT = 2
"""Steps in a row without growth that end a run."""

Users = tuple[int, float] | tuple[int, float, list[type[User]] | None] | None


class Spiking(LoadTestShape):
    """So many times the users at once, and back."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self._scenario = scenario

    def tick(self) -> Users:
        """How many users there are now; none at the end."""
        scenario, now = self._scenario, self.get_run_time()
        spike = scenario.spike
        if spike is None or now > scenario.seconds:
            return None
        high = spike.after <= now < spike.after + spike.seconds
        return round(scenario.users * (spike.times if high else 1)), AT_ONCE


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


class Climbing(LoadTestShape):
    """More users step by step, until an objective breaks or no more comes through."""

    def __init__(self, scenario: Scenario, climb: Climb, *, distributed: bool) -> None:
        super().__init__()
        self._scenario = scenario
        self._climb = climb
        self._lag = LAG if distributed else SETTLING

    def tick(self) -> Users:
        """How many users there are now; none at the end."""
        scenario, climb, now = self._scenario, self._climb, self.get_run_time()
        step = scenario.step
        if step is None:
            return None
        ready = int((now - self._lag) // step.seconds)
        while len(climb.done) < ready and not climb.ended:
            at = len(climb.done)
            climb.judge(at * step.seconds, (at + 1) * step.seconds, (at + 1) * step.users)
        number = int(now // step.seconds)
        users = (number + 1) * step.users
        if climb.ended or now > scenario.seconds + self._lag or users > scenario.users:
            return None
        return users, AT_ONCE
