"""A user of the load suite: one connection that sends batches, and looks at every answer."""

import itertools
import secrets
import ssl
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from time import perf_counter
from typing import Final
from urllib.parse import urlsplit

import gevent
from gevent.event import Event
from locust import User, task
from locust.env import Environment
from locust.exception import StopUser
from locust.user.task import LOCUST_STATE_STOPPING

from endpoint.target import Target
from loadtests.bodies import ID_WIDTH, Bodies, Message
from loadtests.budget import Budget
from loadtests.checks import WRONG, Checked
from loadtests.connection import Connection
from loadtests.schedule import Schedule
from loadtests.sockets import Address, Failed
from loadtests.tally import METHOD, Meter, Tally

TURN: Final = 0.1
"""Seconds of sending after which a user lets Locust look whether it is to stop."""

MOST_TURNS: Final = 10_000
"""Requests after which the order in which they are sent begins again."""

MICROSECONDS: Final = 1_000_000


class WrongAnswer(Exception):  # noqa: N818 - the name under which Locust lists it
    """An answer came and was not the right one."""


class NoAnswer(Exception):  # noqa: N818 - the name under which Locust lists it
    """No answer came."""


@dataclass
class Load:
    """What all users of one process share.

    Attributes:
        target: who is asked.
        bodies: what is sent.
        tally: counts it.
        schedule: when; none where each request waits for the one before.
        think: seconds that a user waits between requests.
        budget: what may still be sent.
        checked: the checks of each body.
        answered: right answers to each body.
        in_doubt: requests to each body that may have been executed, and got no right answer.
    """

    target: Target
    bodies: Bodies
    tally: Tally
    budget: Budget
    schedule: Schedule | None = None
    think: float = 0.0
    checked: list[Checked] = field(init=False)
    answered: Counter[int] = field(default_factory=Counter)
    in_doubt: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Prepare what each request needs."""
        self.checked = [Checked(body) for body in self.bodies.each]
        self.meters = [self.tally.meter(body.name) for body in self.bodies.each]
        self.address = address_of(self.target)
        self._order = itertools.cycle(order(self.bodies.weights))
        self._prefix = secrets.token_hex((ID_WIDTH - 10) // 2).encode()
        self._numbers = itertools.count()

    def begin(self) -> None:
        """Forget what an earlier run has counted."""
        self.answered.clear()
        self.in_doubt.clear()
        for checked in self.checked:
            checked.kept.clear()

    def next(self) -> int:
        """Which body is sent next."""
        return next(self._order)

    def request_id(self) -> bytes:
        """A request id that was never used before."""
        return b"%s%010x" % (self._prefix, next(self._numbers))


def order(weights: tuple[float, ...]) -> list[int]:
    """The order in which bodies are sent: each as often as it weighs, well mixed."""
    least = max(min(weights), sum(weights) / MOST_TURNS)
    turns = [at for at, weight in enumerate(weights) for _ in range(round(weight / least) or 1)]
    Random(0).shuffle(turns)  # noqa: S311 - the same order in each run, so that runs compare
    return turns


def address_of(target: Target) -> Address:
    """Where a target listens."""
    where = urlsplit(target.base_url)
    tls = None
    if where.scheme == "https":
        tls = ssl.create_default_context(cafile=target.ca_file)
    port = where.port or (443 if tls else 80)
    return Address(str(where.hostname), port, target.timeout_seconds, tls)


class BatchUser(User):
    """Sends one batch after another, and looks at every answer."""

    load: Load
    """Shared by all users of a process."""

    _given: Final = Event()

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._messages: dict[int, Message] = {}
        self._connection: Connection | None = None

    @classmethod
    def give(cls, load: Load) -> None:
        """Say what users share; those that are there already have waited for it."""
        cls.load = load
        cls._given.set()

    def on_start(self) -> None:
        """Begin once there is something to send: a late worker has users before it has bodies."""
        self._given.wait()
        self._connection = Connection(self.load.address)

    def on_stop(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    @task
    def batches(self) -> None:
        """Send for a while, then let Locust look whether to stop."""
        until = perf_counter() + TURN
        while perf_counter() < until:
            self._send()
            if self.load.think:
                gevent.sleep(self.load.think)
            if self._state == LOCUST_STATE_STOPPING:
                raise StopUser

    def _send(self) -> None:
        load, connection = self.load, self._connection
        assert connection is not None
        at = load.next()
        message = self._messages.get(at) or self._message(at)
        checked, meter = load.checked[at], load.meters[at]
        if not load.budget.reserve(len(message.body.expected)):
            raise StopUser
        due = load.schedule.wait() if load.schedule else 0.0
        message.renew(load.request_id())
        left = perf_counter()
        try:
            connection.exchange(*message.parts)
        except Failed as failed:
            load.in_doubt[at] += failed.in_doubt
            self._failed(meter, left, NoAnswer(failed.kind), 0)
            return
        took = perf_counter() - left
        answer = connection.body
        if wrong := checked.failure(connection.status, answer):
            load.in_doubt[at] += 1
            self._failed(meter, left, WrongAnswer(wrong), len(answer))
            return
        load.answered[at] += 1
        meter.profiles += checked.named
        meter.sent += len(message.body.payload)
        meter.received += len(answer)
        connection.body = b""  # an answer may be 10 MB, and users are many
        if load.schedule:
            meter.service.append(int(took * MICROSECONDS))
            took += left - due
        meter.latency.append(int(took * MICROSECONDS))

    def _message(self, at: int) -> Message:
        message = self._messages[at] = self.load.bodies.each[at].message()
        return message

    def _failed(self, meter: Meter, left: float, problem: Exception, size: int) -> None:
        """Count a failure, under its own name, here and in Locust's statistics."""
        kind = str(problem)
        meter.failures[kind if isinstance(problem, NoAnswer) else WRONG + kind] += 1
        self.environment.events.request.fire(
            request_type=METHOD,
            name=meter.name,
            response_time=(perf_counter() - left) * 1000,
            response_length=size,
            exception=problem,
            context={},
        )
