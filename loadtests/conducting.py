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
from dataclasses import asdict
from typing import Any, Final

import gevent
import psutil
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING, MasterRunner

from endpoint.mock import Running, running
from endpoint.target import Target
from loadtests import budget, scenarios, slo
from loadtests.assisting import BEGIN, END, Orders
from loadtests.climb import Climb
from loadtests.driving import Driver, unpacked
from loadtests.gathered import Gathered
from loadtests.options import SYNTHETIC, Options
from loadtests.outcome import EXIT, Outcome
from loadtests.shapes import Climbing, Spiking

END_SECONDS: Final = 10.0
"""How much longer than a request may take a worker has to answer."""

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
        self._lost: list[str] = []
        self._workers: set[str] = set()
        self._ended: set[str] = set()
        self._ending = False
        self._stopped = ""
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
        if not isinstance(self._environment.runner, MasterRunner):
            self._driver = driver
        self._shape()

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
        parsed.spawn_rate = parsed.spawn_rate or float(parsed.num_users)
        parsed.run_time = parsed.run_time or scenario.seconds

    def _broken(self, start: float, end: float) -> str:
        assert self.outcome is not None
        return self.outcome.broken_between(self.gathered, start, end)

    # -------------------------------------------------------------- while it runs

    def begin(self) -> None:
        """Begin to measure."""
        self.gathered.clear()
        runner = self._environment.runner
        if isinstance(runner, MasterRunner):
            self._workers = {client.id for client in runner.clients.ready}
            workers = max(len(self._workers), 1)
            sends = self._target.safety.max_sends // workers
            options, tags = self._options, self._options.tags
            orders = Orders(
                options.scenario, sorted(tags.only), sorted(tags.never), options.rate,
                self._target.base_url, workers, sends,
            )  # fmt: skip
            runner.send_message(BEGIN, asdict(orders))
        elif self._driver is not None:
            self._driver.budget.grant(self._target.safety.max_sends)
            self._driver.begin(1)
        self._ticker = gevent.spawn(self._tick)

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
            self._stopped = self._options.autostop.reason(self.gathered.windows)
            if self._stopped:
                logger.error(self._stopped)
                self._environment.runner.quit()  # type: ignore[union-attr]
                return

    def _gather(self, *, last: bool = False) -> None:
        if self._driver is not None:
            self.gathered.add(self._driver.news(last=last))

    # -------------------------------------------------------------- after

    def end(self) -> None:
        """The users have stopped, or are asked to: measure the last stretch."""
        runner = self._environment.runner
        if isinstance(runner, MasterRunner):
            self._end_workers(runner)
        elif self._driver is not None:
            self._driver.end()

    def _end_workers(self, runner: MasterRunner) -> None:
        """Wait for what each worker has still to tell: Locust itself waits half a second."""
        self._ending = True
        runner.send_message(END)
        until = time.monotonic() + self._environment.stop_timeout + END_SECONDS
        while self._awaited(runner):
            gevent.sleep(0.05)
            if time.monotonic() > until:
                break
        self._lost += ["a worker was lost, and what it had not yet told"] * len(
            self._workers - self._ended
        )

    def _awaited(self, runner: MasterRunner) -> set[str]:
        """The workers that have still to tell, and can: neither silent nor gone."""
        silent = {one.id for one in runner.clients.missing}
        return (self._workers - self._ended - silent) & set(runner.clients)

    def ended(self, client_id: str, data: Mapping[str, Any]) -> None:
        """Take the last that a worker has measured."""
        self.told(data)
        self._ended.add(client_id)
        if not self._ending:
            self._lost.append("a worker was ended from outside: what it would have sent later")

    def finish(self) -> None:
        """Judge the run, write its files, say the verdict, set the exit code."""
        if self._ticker is not None:
            self._ticker.kill()
        self._stop()
        try:
            if self.outcome is not None and self.gathered.began is not None:
                self._gather(last=True)
                missing = [*self._lost, *([self._stopped] if self._stopped else [])]
                mock = self._mock.admin if self._mock else None
                code = self.outcome.conclude(self.gathered, missing, self.climb, mock)
                self._environment.process_exit_code = code
            elif self._headless:
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
        self._lost.append(f"interrupted after {after:.0f} s: what came later is not there")
        runner.stop()


def _memory(pid: int) -> int:
    """Bytes that a process and its children hold."""
    try:
        mock = psutil.Process(pid)
        return sum(one.memory_info().rss for one in (mock, *mock.children(recursive=True)))
    except psutil.Error:
        return 0
