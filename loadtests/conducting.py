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
from gevent.event import Event
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING, MasterRunner

from endpoint.mock import Running, running
from endpoint.target import Target
from loadtests import budget, scenarios, slo
from loadtests.assisting import Orders
from loadtests.climb import Climb
from loadtests.driving import Driver, unpacked
from loadtests.gathered import Gathered
from loadtests.options import SYNTHETIC, Options
from loadtests.outcome import EXIT, Outcome
from loadtests.shapes import AT_ONCE, Climbing, Spiking
from loadtests.workers import Workers

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
        self._workers: Workers | None = None
        self._missing: list[str] = []
        self._concluded = False
        self._prepared = Event()
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
        if isinstance(self._environment.runner, MasterRunner):
            self._workers = Workers(self._environment.runner)
        else:
            self._driver = driver
        self._shape()
        self._prepared.set()

    def _shape(self) -> None:
        """Let the scenario say how many users run and for how long, unless the user did."""
        environment, scenario = self._environment, self.scenario
        parsed = environment.parsed_options
        assert parsed is not None
        environment.stop_timeout = environment.stop_timeout or STOP_SECONDS
        distributed = isinstance(environment.runner, MasterRunner)
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
        """Begin to measure: the first run, or the next one that the web page has asked for."""
        # The page is there a little earlier than the mock and the bodies are.
        self._prepared.wait()
        self.gathered.clear()
        self._missing, self._concluded = [], False
        if self.climb is not None:
            self.climb.begin()
        if self._mock is not None:
            self._mock.admin.reset()
        sends = self._target.safety.max_sends
        if self._workers is not None:
            options, tags = self._options, self._options.tags
            orders = Orders(
                0, options.scenario, sorted(tags.only), sorted(tags.never), options.rate,
                self._target.base_url, 1, sends,
            )  # fmt: skip
            self._workers.begin(orders)
        elif self._driver is not None:
            self._driver.budget.grant(sends)
            self._driver.begin(1)
        self._ticker = gevent.spawn(self._tick)

    def ready(self, client_id: str) -> None:
        """A worker can take orders, maybe in mid-run."""
        if self._workers is not None:
            self._workers.ready(client_id)

    def told(self, data: Mapping[str, Any]) -> None:
        """Take what a worker has measured."""
        if isinstance(news := data.get("start_batch"), bytes):
            self.gathered.add(unpacked(news))

    def _tick(self) -> None:
        while True:
            gevent.sleep(1.0)
            self._gather()
            if self._mock is not None:
                self.gathered.remember(_memory(self._mock.pid))
            if self._workers is not None:
                self._workers.share()
            if reason := self._options.autostop.reason(self.gathered.windows):
                logger.error(reason)
                self._missing.append(reason)
                self._end_run()
                return

    def _end_run(self) -> None:
        """End the run from inside: the process with it, unless the web page may want another."""
        runner = self._environment.runner
        assert runner is not None
        if self._headless:
            runner.quit()
        else:
            runner.stop()

    def _gather(self, *, last: bool = False) -> None:
        if self._driver is not None:
            self.gathered.add(self._driver.news(last=last))

    # -------------------------------------------------------------- after

    def end(self) -> None:
        """The users have stopped, or are asked to: measure the last stretch, and conclude."""
        # The ticker itself may have ended the run.
        if self._ticker is not None and self._ticker is not gevent.getcurrent():
            self._ticker.kill()
        if self._workers is not None:
            self._workers.end(self._environment.stop_timeout or STOP_SECONDS)
            self._missing += self._workers.missing
            self.gathered.said += self._workers.said
        elif self._driver is not None:
            self._driver.end()
        self._conclude()

    def ended(self, client_id: str, data: Mapping[str, Any]) -> None:
        """Take the last that a worker has measured."""
        self.told(data)
        if self._workers is not None:
            self._workers.ended(client_id)

    def _conclude(self) -> None:
        """Judge the run, write its files, say the verdict, set the exit code."""
        if self.outcome is None or self.gathered.began is None:
            return
        self._concluded = True
        self._gather(last=True)
        mock = self._mock.admin if self._mock else None
        code = self.outcome.conclude(self.gathered, self._missing, self.climb, mock)
        self._environment.process_exit_code = code

    def finish(self) -> None:
        """End the process: what still runs is interrupted."""
        try:
            self._stop()
            if not self._concluded and self._headless:
                print("load: nothing was measured: the run did not begin", file=sys.stderr)
                self._environment.process_exit_code = EXIT["broken"]
        finally:
            self._stack.close()

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
