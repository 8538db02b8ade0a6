"""How many users run at each moment, where a scenario says so itself."""

from locust import LoadTestShape, User

from loadtests.climb import SETTLING, Climb
from loadtests.scenarios import Scenario

AT_ONCE = 100.0
"""Users a second: a step, or a spike, is there at once. Of more, Locust warns."""

LAG = 4.0
"""Seconds after which the last worker has told what it measured: Locust's workers do so every 3."""

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
        most = scenario.users // step.users
        ready = min(int((now - self._lag) // step.seconds), most)
        while len(climb.done) < ready and not climb.ended:
            at = len(climb.done)
            climb.judge(at * step.seconds, (at + 1) * step.seconds, (at + 1) * step.users)
        if climb.ended or len(climb.done) == most or now > scenario.seconds + self._lag:
            return None
        # After the last step its users stay until it is judged.
        return min(int(now // step.seconds) + 1, most) * step.users, AT_ONCE
