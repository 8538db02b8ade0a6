"""The load suite: `locust -f loadtests/locustfile.py --scenario throughput --target FILE`.

All of Locust's own options hold: --headless, --users, --run-time, --html, --csv, --processes,
--master, --worker. Without --users and --run-time the scenario's own figures are taken.
"""

import sys
from argparse import Namespace
from typing import Any

import gevent
from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import WorkerRunner

from endpoint.mock import MockError, UnknownNameError
from endpoint.target import TargetError, load
from loadtests import options
from loadtests.assisting import BEGIN, END, ENDED, HERE, PREPARE, READY, SHARE, Assistant
from loadtests.bodies import NothingToSend
from loadtests.budget import LoadRefused
from loadtests.compare import NotComparable
from loadtests.conducting import Conductor
from loadtests.outcome import CannotWrite
from loadtests.pool import PoolError
from loadtests.runfile import RunFileError
from loadtests.scenarios import ScenarioError
from loadtests.slo import ObjectivesError
from loadtests.users import BatchUser

__all__ = ["BatchUser"]

UNUSABLE = 2
"""The exit code of options, or of a file, that cannot be used."""

MISTAKES = (
    CannotWrite, LoadRefused, MockError, NotComparable, NothingToSend, ObjectivesError, PoolError,
    RunFileError, ScenarioError, TargetError, UnknownNameError,
)  # fmt: skip


def add_options(parser: LocustArgumentParser) -> None:
    """Add the suite's own options."""
    options.add_to(parser)


def prepare(environment: Environment, **_: Any) -> None:
    """Get everything ready before the first user starts; say in one line what hinders it."""
    try:
        assert isinstance(environment.parsed_options, Namespace)
        asked = options.read(environment.parsed_options)
        # Here tags choose requests. Locust would take them to choose tasks: there is one.
        environment.tags = environment.exclude_tags = None
        environment.parsed_options.tags = environment.parsed_options.exclude_tags = []
        target = load(asked.target)
        if isinstance(environment.runner, WorkerRunner):
            attend(environment, Assistant(environment, asked, target, MISTAKES))
        else:
            conduct(environment, Conductor(environment, asked, target))
    except MISTAKES as mistake:
        print(f"load: {mistake}", file=sys.stderr)
        sys.exit(UNUSABLE)


def attend(environment: Environment, assistant: Assistant) -> None:
    """Let a worker take part."""
    runner = environment.runner
    assert runner is not None
    runner.register_message(PREPARE, lambda msg, **_: assistant.prepare(msg.data), concurrent=True)
    runner.register_message(BEGIN, lambda msg, **_: assistant.begin(msg.data))
    runner.register_message(SHARE, lambda msg, **_: assistant.share(msg.data))
    runner.register_message(END, lambda **_: assistant.end(), concurrent=True)
    environment.events.quitting.add_listener(lambda **_: assistant.end())
    environment.events.report_to_master.add_listener(lambda data, **_: assistant.tell(data))
    runner.send_message(HERE)


def conduct(environment: Environment, conductor: Conductor) -> None:
    """Let the only process, or the master, conduct."""
    happens = environment.events
    runner = environment.runner
    assert runner is not None
    runner.register_message(ENDED, lambda msg, **_: conductor.ended(msg.node_id, msg.data))
    if crew := conductor.crew:
        runner.register_message(HERE, lambda msg, **_: crew.met(msg.node_id), concurrent=True)
        runner.register_message(READY, lambda msg, **_: crew.ready(msg.node_id))
        happens.worker_connect.add_listener(lambda client_id, **_: crew.connected(client_id))
    happens.test_start.add_listener(lambda **_: conductor.begin())
    happens.worker_report.add_listener(lambda data, **_: conductor.told(data))
    happens.test_stop.add_listener(lambda **_: conductor.end())
    happens.quitting.add_listener(lambda **_: conductor.finish())
    conductor.prepare()
    # It took seconds in which the loop did not look at the clock: from then on Locust would
    # count the run's time.
    gevent.get_hub().loop.update_now()


events.init_command_line_parser.add_listener(add_options)
events.init.add_listener(prepare)
