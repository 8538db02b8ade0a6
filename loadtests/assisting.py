"""A worker's side of a run: it drives its users as the master says, and tells what they measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from locust.env import Environment

from endpoint.target import Target
from loadtests import budget, scenarios
from loadtests.bodies import Tags
from loadtests.driving import Driver, packed
from loadtests.options import Options

READY: Final = "start_batch ready"
"""A worker's message: it can take orders. Locust says that it is there before it can."""

BEGIN: Final = "start_batch begin"
"""The message by which a master tells its workers where the mock is, and what they may send."""

SHARE: Final = "start_batch share"
"""The message by which a master says how many workers keep the schedule from now on."""

END: Final = "start_batch end"
"""The message by which a master asks its workers to stop, and to tell the last of it."""

ENDED: Final = "start_batch ended"
"""A worker's answer: the last that it measured."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a master tells its workers before they begin.

    Attributes:
        run: its number: a worker may be told twice.
        scenario: by name.
        only: tags that a request has to have one of.
        never: tags that it may have none of.
        rate: requests a second of all of them; none for the scenario's own.
        base_url: where the target is: the embedded mock has an address of its own.
        processes: how many workers share the rate.
        sends: how many sends each of them may cause on a live target.
    """

    run: int
    scenario: str
    only: Sequence[str]
    never: Sequence[str]
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
        self._run = 0
        budget.require_allowed(target)

    def ready(self) -> None:
        """Ask for orders: there may be some already."""
        assert self._environment.runner is not None
        self._environment.runner.send_message(READY)

    def begin(self, data: Mapping[str, Any]) -> None:
        """Prepare and begin; the master says where the mock is."""
        orders = Orders(**data)
        if orders.run == self._run:
            return
        self._run = orders.run
        target = self._target.at(orders.base_url)
        tags = Tags(frozenset(orders.only), frozenset(orders.never))
        options = replace(self._options, scenario=orders.scenario, rate=orders.rate, tags=tags)
        driver = Driver(self._environment, target, scenarios.named(orders.scenario))
        driver.prepare(options)
        driver.budget.grant(orders.sends)
        driver.begin(orders.processes)
        self._driver = driver

    def share(self, data: Mapping[str, Any]) -> None:
        """Keep another part of the schedule: a worker came, or was lost."""
        if self._driver is not None:
            self._driver.share(data["processes"])

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
