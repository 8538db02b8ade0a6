"""A worker's side of a run: it drives its users as the master says, and tells what they measure."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from gevent.hub import get_hub
from locust.env import Environment
from locust.runners import STATE_INIT, WorkerRunner

from endpoint.target import Target
from loadtests import budget, scenarios
from loadtests.bodies import Tags
from loadtests.driving import Driver, packed
from loadtests.options import Options

HERE: Final = "start_batch here"
"""The message by which a worker asks for orders."""

PREPARE: Final = "start_batch prepare"
"""The master's answer: what is sent, and where the mock is."""

READY: Final = "start_batch ready"
"""A worker's message: it has prepared, and could begin."""

BEGIN: Final = "start_batch begin"
"""The message by which a master gives its workers their shares: users follow."""

SHARE: Final = "start_batch share"
"""The message by which a master says how many workers keep the schedule from now on."""

END: Final = "start_batch end"
"""The message by which a master asks its workers to stop, and to tell the last of it."""

ENDED: Final = "start_batch ended"
"""A worker's answer: the last that it measured."""

Result = TypeVar("Result")

PREPARING: Final = "preparing"
"""The state, for Locust, of a worker that cannot begin yet."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a master tells its workers to prepare for.

    Attributes:
        scenario: by name.
        only: tags that a request has to have one of.
        never: tags that it may have none of.
        rate: requests a second of all of them; none for the scenario's own.
        base_url: where the target is: the embedded mock has an address of its own.
    """

    scenario: str
    only: Sequence[str]
    never: Sequence[str]
    rate: float | None
    base_url: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker may do of a run.

    Attributes:
        processes: how many workers share the rate.
        sends: how many it may cause on a live target.
    """

    processes: int
    sends: int


class Assistant:
    """A worker's side of a run: it drives its users when the master says so."""

    def __init__(
        self,
        environment: Environment,
        options: Options,
        target: Target,
        mistakes: tuple[type[Exception], ...],
    ) -> None:
        runner = environment.runner
        assert isinstance(runner, WorkerRunner)
        self._environment = environment
        self._runner = runner
        self._options = options
        self._target = target
        self._mistakes = mistakes
        self._driver: Driver | None = None
        self._running = False
        budget.require_allowed(target)
        runner.worker_state = PREPARING

    def prepare(self, data: Mapping[str, Any]) -> None:
        """Build the bodies; a worker that cannot says why, and leaves."""
        if self._driver is not None:
            return
        orders = Orders(**data)
        target = self._target.at(orders.base_url)
        tags = Tags(frozenset(orders.only), frozenset(orders.never))
        options = replace(self._options, scenario=orders.scenario, rate=orders.rate, tags=tags)
        driver = Driver(self._environment, target, scenarios.named(orders.scenario))
        try:
            aside(lambda: driver.prepare(options))
        except self._mistakes as mistake:
            print(f"load: {mistake}", file=sys.stderr)
            self._environment.process_exit_code = 2
            self._runner.quit()
            return
        self._driver = driver
        # Where the run is on already, Locust has given it users, and says so itself.
        if self._runner.worker_state == PREPARING:
            self._runner.worker_state = STATE_INIT
        self._runner.send_message(READY)

    def begin(self, data: Mapping[str, Any]) -> None:
        """Begin to count, with this worker's share."""
        share = Share(**data)
        if self._driver is not None:
            self._driver.begin(share.processes, share.sends)
            self._running = True

    def share(self, data: Mapping[str, Any]) -> None:
        """Keep another part of the schedule: a worker came, or was lost."""
        if self._driver is not None:
            self._driver.share(data["processes"])

    def tell(self, data: dict[str, Any]) -> None:
        """Add what was measured to Locust's own report to the master."""
        if self._driver is not None and self._running:
            data["start_batch"] = packed(self._driver.news())

    def end(self) -> None:
        """Stop the users, and tell the last of it; also where this worker alone is ended."""
        self._runner.stop()
        if self._driver is not None and self._running:
            self._running = False
            self._driver.end()
            # Heartbeats go on meanwhile: a master takes a worker for lost that is silent for 4 s.
            last = aside(lambda: packed(self._driver.news(last=True)) if self._driver else b"")
            self._runner.send_message(ENDED, {"start_batch": last})


def aside(work: Callable[[], Result]) -> Result:
    """Do what takes a processor for seconds on a thread, while the other greenlets go on."""
    result: Result = get_hub().threadpool.apply(work)
    return result
