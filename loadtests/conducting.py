"""Conducts a run: from options to users, from what they measure to a verdict and its files.

There is one of these in the process that was started by hand: the only one, or the master.
Workers have a `Driver` each and tell it what they measure; it judges, writes, and sets the
exit code.
"""

import contextlib
import logging
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

import gevent
import psutil
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING, MasterRunner

from endpoint.mock import Running, running
from endpoint.target import Target
from loadtests import budget, scenarios, slo
from loadtests.assisting import Orders
from loadtests.climb import Climb
from loadtests.crew import Crew
from loadtests.driving import Driver, unpacked
from loadtests.gathered import Gathered
from loadtests.options import SYNTHETIC, Options
from loadtests.outcome import EXIT, Outcome
from loadtests.shapes import AT_ONCE, Climbing, Spiking

STOP_SECONDS: Final = 30.0
"""How long a request under way may take at the end, before it is cut off."""

logger = logging.getLogger(__name__)


class Conductor:
    """One run, from its begin to its verdict."""

    def __init__(self, environment: Environment, options: Options, target: Target) -> None:
        self._environment = environment
        self._options = options
        self._target = target
        self._stack = contextlib.ExitStack()
        self._mock: Running | None = None
        self._driver: Driver | None = None
        self._ticker: gevent.Greenlet[[], None] | None = None
        self._missing: list[str] = []
        self._concluded = False
        runner = environment.runner
        self.crew = Crew(runner) if isinstance(runner, MasterRunner) else None
        self.scenario = scenarios.named(options.scenario)
        self.objectives = slo.load(options.slo) if options.slo else slo.load()
        self.gathered = Gathered()
        self.climb: Climb | None = None
        self.outcome: Outcome | None = None
        budget.require_allowed(target)

    # -------------------------------------------------------------- before

    def prepare(self) -> None:
        """Start the mock, build the bodies, and take the scenario's figures where none were given.

        Raises:
            MockError, NothingToSend, PoolError, ObjectivesError: the run cannot begin.
        """
        if self._target.is_mock:
            self._mock = self._stack.enter_context(
                running(
                    self._target,
                    variants=self._options.variants,
                    defect=self._options.defect,
                    synthetic=SYNTHETIC,
                )
            )
            self._target = self._target.at(self._mock.base_url)
        driver = Driver(self._environment, self._target, self.scenario)
        bodies = driver.prepare(self._options).bodies
        self.objectives.of(self._options.scenario, bodies.names)  # type: ignore[arg-type]
        self.outcome = Outcome(self._options, self.scenario, self._target, bodies, self.objectives)
        if self.crew is None:
            self._driver = driver
        else:
            options, tags = self._options, self._options.tags
            self.crew.give(
                Orders(
                    options.scenario, sorted(tags.only), sorted(tags.never), options.rate,
                    self._target.base_url,
                )
            )  # fmt: skip
        self._shape()

    def _shape(self) -> None:
        """Let the scenario say how many users run and for how long, unless the user did."""
        environment, scenario = self._environment, self.scenario
        parsed = environment.parsed_options
        assert parsed is not None
        environment.stop_timeout = environment.stop_timeout or STOP_SECONDS
        distributed = self.crew is not None
        if parsed.num_users is None and scenario.shape == "spike":
            environment.shape_class = Spiking(scenario)
        elif parsed.num_users is None and scenario.shape == "steps":
            self.climb = Climb(self.gathered, self._broken)
            environment.shape_class = Climbing(scenario, self.climb, distributed=distributed)
        if environment.shape_class is not None:
            environment.shape_class.runner = environment.runner
            return
        parsed.num_users = parsed.num_users or scenario.users
        parsed.spawn_rate = parsed.spawn_rate or AT_ONCE
        parsed.run_time = parsed.run_time or scenario.seconds

    def _broken(self, start: float, end: float) -> str:
        assert self.outcome is not None
        return self.outcome.broken_between(self.gathered, start, end)

    # -------------------------------------------------------------- while it runs

    def begin(self) -> None:
        """Begin to measure; again, where the web page starts another run."""
        self.gathered.clear()
        self._missing.clear()
        self._concluded = False
        if self.climb is not None:
            self.climb.begin()
        if self._mock is not None:
            self._mock.admin.reset()
        if self.crew is not None:
            self.crew.begin(self._target.safety.max_sends)
        elif self._driver is not None:
            self._driver.begin(1, self._target.safety.max_sends)
        self._ticker = gevent.spawn(self._tick)

    def told(self, data: Mapping[str, Any]) -> None:
        """Take what a worker has measured."""
        if isinstance(news := data.get("start_batch"), bytes):
            self.gathered.add(unpacked(news))

    def _tick(self) -> None:
        runner = self._environment.runner
        assert runner is not None
        while True:
            gevent.sleep(1.0)
            self._gather()
            if self._mock is not None:
                self.gathered.remember(_memory(self._mock.pid))
            if self.crew is not None:
                self.crew.share()
            if reason := self._options.autostop.reason(self.gathered.windows):
                logger.error(reason)
                self._missing.append(reason)
                if self._headless:
                    runner.quit()
                else:
                    gevent.spawn(runner.stop)
                return

    def _gather(self, *, last: bool = False) -> None:
        if self._driver is not None:
            self.gathered.add(self._driver.news(last=last))

    # -------------------------------------------------------------- after

    def end(self) -> None:
        """The users have stopped, or are asked to: measure the last stretch.

        Who started the run on the web page may start another: its verdict is said now.
        """
        if self.crew is not None:
            self.crew.end(self._environment.stop_timeout or 0)
        elif self._driver is not None:
            self._driver.end()
        if not self._headless:
            self._conclude()

    def ended(self, client_id: str, data: Mapping[str, Any]) -> None:
        """Take the last that a worker has measured."""
        self.told(data)
        if self.crew is not None:
            self.crew.ended(client_id)

    def finish(self) -> None:
        """Judge what was not yet judged, and end the mock."""
        self._stop()
        try:
            self._conclude()
            if self._headless and self.gathered.began is None:
                print("load: nothing was measured: the run did not begin", file=sys.stderr)
                self._environment.process_exit_code = EXIT["broken"]
        finally:
            self._stack.close()

    def _conclude(self) -> None:
        """Judge the run, write its files, say the verdict, set the exit code."""
        if self._ticker is not None:
            self._ticker.kill()
        if self.outcome is None or self.gathered.began is None or self._concluded:
            return
        self._concluded = True
        self._gather(last=True)
        if self.crew is not None:
            self.gathered.said += self.crew.said
        missing = [*(self.crew.lost if self.crew else ()), *self._missing]
        mock = self._mock.admin if self._mock else None
        code = self.outcome.conclude(self.gathered, missing, self.climb, mock)
        self._environment.process_exit_code = code

    @property
    def _headless(self) -> bool:
        """Whether a run was asked for on the command line, not on the web page."""
        return bool(getattr(self._environment.parsed_options, "headless", False))

    def _stop(self) -> None:
        """Let users end what they have begun, where the run is ended from outside.

        The mock must outlive them, or their last requests would be failures.
        """
        runner = self._environment.runner
        if runner is None or runner.state not in {STATE_SPAWNING, STATE_RUNNING}:
            return
        after = time.time() - (self.gathered.began or time.time())
        self._missing.append(f"interrupted after {after:.0f} s: what came later is not there")
        runner.stop()


def _memory(pid: int) -> int:
    """Bytes that a process and its children hold."""
    try:
        mock = psutil.Process(pid)
        return sum(one.memory_info().rss for one in (mock, *mock.children(recursive=True)))
    except psutil.Error:
        return 0
