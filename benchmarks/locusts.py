"""One process of Locust for benchmarks.driving: this suite's user, or one of Locust's own.

It says `ready`, waits for a line, drives, and prints what Locust's own statistics counted.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any, Final

# Before all others: it puts gevent in the place of sockets.
import gevent
from locust import FastHttpUser, HttpUser, User, task
from locust.env import Environment

from benchmarks import processes
from benchmarks.reading import SIZES, bodies_of, target_on
from contracts.model import PATH
from loadtests.budget import Budget
from loadtests.tally import Tally
from loadtests.users import BatchUser, Load

WARM_UP: Final = 0.5
"""Seconds of sending that are not counted."""

TICK: Final = 0.05
"""Seconds from one look at the clock to the next."""

Second = Callable[[], None]
"""Called once a second, and at the end: brings Locust's statistics up to date."""


def ours(environment: Environment, size: str, port: int) -> tuple[type[User], Second]:
    """The user of the load suite, with all that it does in a run."""
    target = target_on(port)
    tally = Tally(environment)
    BatchUser.give(Load(target, bodies_of(size, target), tally, Budget(target.safety)))

    def second() -> None:
        tally.end_second(0)
        tally.take()

    return BatchUser, second


def stock(kind: type[FastHttpUser | HttpUser], size: str, port: int) -> tuple[type[User], Second]:
    """A user of Locust's as its manual writes one, with the same body."""
    target = target_on(port)
    body = bodies_of(size, target).each[0].payload
    headers = {
        "Content-Type": "application/json",
        "Request-ID": "0" * 24,
        "X-Request-ID": "0" * 24,
    }

    def batch(self: Any) -> None:
        self.client.post(PATH, data=body, headers=headers)

    named = {"host": target.base_url, "tasks": [task(batch)]}
    return type("Stock", (kind,), named), lambda: None


def user(name: str, environment: Environment, size: str, port: int) -> tuple[type[User], Second]:
    """A user class by its name on the command line."""
    if name == "ours":
        return ours(environment, size, port)
    return stock(FastHttpUser if name == "fast" else HttpUser, size, port)


def drive(arguments: argparse.Namespace) -> dict[str, float]:
    """Let users send for a while; requests, failures, seconds, CPU seconds, bytes of memory."""
    environment = Environment()
    kind, second = user(arguments.user, environment, arguments.size, arguments.port)
    environment.user_classes = [kind]
    runner = environment.create_local_runner()
    print("ready", flush=True)
    sys.stdin.readline()
    runner.start(arguments.users, spawn_rate=arguments.users)
    gevent.sleep(WARM_UP)
    second()
    environment.stats.reset_all()
    cpu, begun = time.process_time(), time.perf_counter()
    memory, next_second = 0, begun + 1
    while (now := time.perf_counter()) < begun + arguments.seconds:
        if now >= next_second:
            second()
            memory = max(memory, processes.memory([os.getpid()]))
            next_second += 1
        gevent.sleep(TICK)
    second()
    total = environment.stats.total
    found = {
        "requests": total.num_requests - total.num_failures,
        "failures": total.num_failures,
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "memory": memory,
    }
    runner.quit()
    return found


def main() -> None:
    """Do as told on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("user", choices=["ours", "fast", "http"])
    parser.add_argument("--size", choices=list(SIZES), required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--users", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    print(json.dumps(drive(parser.parse_args())))


if __name__ == "__main__":
    main()
