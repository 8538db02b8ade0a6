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
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import gevent
import psutil
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING, MasterRunner

from endpoint.mock import Running, running
from endpoint.target import Target
from loadtests import budget, scenarios, slo
from loadtests.climb import Climb
from loadtests.driving import Driver, packed, unpacked
from loadtests.gathered import Gathered
from loadtests.options import SYNTHETIC, Options
from loadtests.outcome import EXIT, Outcome
from loadtests.shapes import Climbing, Spiking

BEGIN: Final = "start_batch begin"
"""The message by which a master tells its workers where the mock is, and what they may send."""

END: Final = "start_batch end"
"""The message by which a master asks its workers to stop, and to tell the last of it."""

ENDED: Final = "start_batch ended"
"""A worker's answer: the last that it measured."""

END_SECONDS: Final = 10.0
"""How much longer than a request may take a worker has to answer."""

STOP_SECONDS: Final = 30.0
"""How long a request under way may take at the end, before it is cut off."""

AUTOSTOP_SECONDS: Final = 10
"""Seconds in a row that failed for the most part, after which a run ends by itself."""

AUTOSTOP_SHARE: Final = 0.5
"""Of a second's requests: the share of failures that counts as for the most part."""

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
            orders = Orders(
                self._options.scenario, self._options.rate, self._target.base_url, workers, sends
            )
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
            if self.gathered.failing(AUTOSTOP_SECONDS, AUTOSTOP_SHARE):
                self._stopped = (
                    f"stopped by itself: for {AUTOSTOP_SECONDS} s, more than "
                    f"{AUTOSTOP_SHARE:.0%} of the requests failed"
                )
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


@dataclass(frozen=True, slots=True)
class Orders:
    """What a master tells its workers before they begin.

    Attributes:
        scenario: by name.
        rate: requests a second of all of them; none for the scenario's own.
        base_url: where the target is: the embedded mock has an address of its own.
        processes: how many workers share the rate.
        sends: how many sends each of them may cause on a live target.
    """

    scenario: str
    rate: float | None
    base_url: str
    processes: int
    sends: int


class Assistant:
    """A worker's side of a run: it drives its users when the master says so."""

    def __init__(self, environment: Environment, options: Options, target: Target) -> None:
        self._environment = environment
        self._options = options
        self._target = target
        self._driver: Driver | None = None
        budget.require_allowed(target)

    def begin(self, data: Mapping[str, Any]) -> None:
        """Prepare and begin; the master says where the mock is."""
        orders = Orders(**data)
        target = self._target.at(orders.base_url)
        options = replace(self._options, scenario=orders.scenario, rate=orders.rate)
        driver = Driver(self._environment, target, scenarios.named(orders.scenario))
        driver.prepare(options)
        driver.budget.grant(orders.sends)
        driver.begin(orders.processes)
        self._driver = driver

    def tell(self, data: dict[str, Any]) -> None:
        """Add what was measured to Locust's own report to the master."""
        if self._driver is not None:
            data["start_batch"] = packed(self._driver.news())

    def end(self) -> None:
        """Stop the users, and tell the last of it; also where this worker alone is ended."""
        runner = self._environment.runner
        assert runner is not None
        runner.stop()
        if self._driver is not None:
            self._driver.end()
            runner.send_message(ENDED, {"start_batch": packed(self._driver.news(last=True))})
            self._driver = None


def _memory(pid: int) -> int:
    """Bytes that a process and its children hold."""
    try:
        mock = psutil.Process(pid)
        return sum(one.memory_info().rss for one in (mock, *mock.children(recursive=True)))
    except psutil.Error:
        return 0
