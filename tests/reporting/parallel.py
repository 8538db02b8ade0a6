"""With pytest-xdist (`-n 2`): each process asks for itself, and one of them reports it all."""

from typing import Any

import pytest

from tests.reporting.run import Run

_LEDGER = "start_batch"
"""The name under which a worker hands its ledger to the process that reports."""


def is_worker(config: pytest.Config) -> bool:
    """Whether this process only runs tests, and another one reports."""
    return hasattr(config, "workerinput")


def is_wanted(config: pytest.Config) -> bool:
    """Whether the tests are to be spread over several processes."""
    return is_worker(config) or bool(getattr(config.option, "numprocesses", None))


def quiet(config: pytest.Config) -> None:
    """Let pytest print no traceback and no list of failures: the breaches are told at the end."""
    config.option.tbstyle = "no"
    config.option.reportchars = ""
    if reporter := config.pluginmanager.get_plugin("terminalreporter"):
        reporter.reportchars = ""


def hand_over(config: pytest.Config, run: Run) -> None:
    """Give what this worker has learned to the process that reports."""
    if run.is_open:
        output: dict[str, Any] = getattr(config, "workeroutput")  # noqa: B009 - xdist's, untyped
        output[_LEDGER] = run.ledger.as_data()


class Collecting:
    """The hooks of the process that reports; registered where xdist is there to call them."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self._config = config
        self._run = run

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take over what a worker has learned; what a dead one knew is lost, and said to be."""
        data = getattr(node, "workeroutput", {}).get(_LEDGER)
        if data is not None:
            quiet(self._config)
            self._run.ledger.merge(data)
        elif error:
            self._run.ledger.stopped = f"a worker of the run died: {error}"
