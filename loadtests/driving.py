"""Drives the users of one process: prepares what they share, counts, and reports.

There is one of these in each process that runs users: a worker, or the only process.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import gevent
import msgspec
from locust.env import Environment
from locust.runners import WorkerRunner

from endpoint.mock.running import Admin
from endpoint.target import Target
from loadtests import bodies, pool
from loadtests.budget import Budget
from loadtests.checks import in_full
from loadtests.gathered import News
from loadtests.options import Options
from loadtests.scenarios import Scenario
from loadtests.schedule import Schedule
from loadtests.tally import Tally
from loadtests.users import BatchUser, Load

SECOND: Final = 1.0


def population_of(target: Target) -> Mapping[str, object] | None:
    """What the embedded mock says of its population; none of any other target."""
    return Admin(target.base_url).population() if target.is_mock else None


class Driver:
    """One process's part of a run."""

    def __init__(self, environment: Environment, target: Target, scenario: Scenario) -> None:
        self._environment = environment
        self._target = target
        self._scenario = scenario
        self._tally = Tally(environment)
        self.budget = Budget(target.safety)
        self.load: Load | None = None
        self._ticker: gevent.Greenlet[[], None] | None = None

    def prepare(self, options: Options) -> Load:
        """Build the bodies, once for all users of the process.

        Raises:
            NothingToSend, PoolError: there is nobody to ask for.
        """
        target = self._target
        people = pool.pool_of(target, options.pool, population_of(target))
        built = bodies.build(self._scenario.requests, people, target, options.tags)
        load = Load(
            target, built, self._tally, self.budget,
            schedule=self._schedule(options), think=self._scenario.think,
        )  # fmt: skip
        self.load = load
        return load

    def _schedule(self, options: Options) -> Schedule | None:
        rate = options.rate or self._scenario.rate
        return Schedule(rate) if rate else None

    def begin(self, processes: int, sends: int) -> None:
        """Begin to count, from nothing.

        Args:
            processes: that share the schedule's rate.
            sends: that this process may cause on a live target.
        """
        load = self.load
        assert load is not None
        BatchUser.give(load)
        load.begin()
        self.budget.begin(sends)
        if load.schedule:
            load.schedule.begin()
        self.share(processes)
        self._tally.begin()
        self._ticker = gevent.spawn(self._tick)

    def share(self, processes: int) -> None:
        """Keep the part of one of so many processes of the schedule."""
        if self.load is not None and self.load.schedule is not None:
            self.load.schedule.share(processes)

    def _tick(self) -> None:
        while True:
            gevent.sleep(SECOND)
            self._end_second()

    def _end_second(self) -> None:
        runner = self._environment.runner
        self._tally.end_second(runner.user_count if runner else 0)

    def end(self) -> None:
        """Count the last stretch."""
        if self._ticker is not None:
            self._ticker.kill()
            self._ticker = None
            self._end_second()

    def news(self, *, last: bool = False) -> News:
        """What was measured since the last call; with the last of it, the full check's finds."""
        news = News(self._tally.take())
        load = self.load
        if load is None:
            return news
        news.answered, load.answered = load.answered, Counter()
        news.in_doubt, load.in_doubt = load.in_doubt, Counter()
        if last:
            for checked in load.checked:
                if wrong := in_full(checked):
                    news.wrong.setdefault(checked.body.name, Counter()).update(wrong)
                checked.kept.clear()
            if unserved := load.bodies.unserved:
                news.said.append(f"not asked, because no profile serves it: {', '.join(unserved)}")
            if self.budget.exhausted:
                news.said.append(f"max_sends was reached: {self.budget.spent} sends were caused")
        return news


def packed(news: News) -> bytes:
    """News as they travel from a worker to its master."""
    return msgspec.msgpack.encode(news)


def unpacked(data: bytes) -> News:
    """News as a master receives them."""
    return msgspec.msgpack.decode(data, type=News, dec_hook=_counter)


def _counter(_: type, value: object) -> object:
    """A Counter, the only type of ours that msgpack does not know, from the map that it was."""
    return Counter(value) if isinstance(value, dict) else value


def is_worker(environment: Environment) -> bool:
    """Whether this process only runs users, and a master asks it to."""
    return isinstance(environment.runner, WorkerRunner)
