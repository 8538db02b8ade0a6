"""With pytest-xdist (`-n 2`): each process asks for itself, and one of them reports it all."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pytest

from tests.reporting.ledger import Case
from tests.reporting.run import Run

_LEDGER: Final = "start_batch"
"""The name under which a worker hands its ledger to the process that reports."""

_CASE: Final = "start_batch_case"
"""The attribute of a test report under which a worker tells a case as soon as it is known."""


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


def tell(report: pytest.TestReport, case: Case) -> None:
    """Send a case along with a test's report, for a worker that does not live to hand over."""
    vars(report)[_CASE] = msgspec.json.encode(case).decode()


def skipped(nodeid: str, location: tuple[str, int | None, str], reason: str) -> pytest.TestReport:
    """What pytest reports of a test that was not run to its end."""
    path, line, _ = location
    where = (path, line or 0, f"Skipped: {reason}")
    return pytest.TestReport(nodeid, location, {}, "skipped", where, "call")


class Collecting:
    """The hooks of the process that reports; registered where xdist is there to call them."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self._config = config
        self._run = run
        self._told: dict[object, dict[str, Case]] = {}
        """Worker -> the latest that it has told of each case, by its test's name."""
        self._begun: dict[str, pytest.TestReport] = {}
        """The tests that have been set up and have not ended, by name."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a worker tells of a case."""
        if report.when == "setup" and report.passed:
            self._begun[report.nodeid] = report
        else:
            self._begun.pop(report.nodeid, None)
        if data := vars(report).get(_CASE):
            case = msgspec.json.decode(data, type=Case)
            self._told.setdefault(getattr(report, "node", None), {})[case.nodeid] = case

    def pytest_keyboard_interrupt(self) -> None:
        """Take over what the workers have told: after Ctrl-C none hands over its ledger."""
        for begun in tuple(self._begun.values()):
            report = skipped(begun.nodeid, begun.location, "interrupted")
            vars(report)["node"] = vars(begun).get("node")  # JUnit tells tests apart by that, too
            self._config.hook.pytest_runtest_logreport(report=report)
        quiet(self._config)
        for node in tuple(self._told):
            self._run.ledger.take(self._last_words(node))

    def _last_words(self, node: object) -> Iterator[Case]:
        yield from self._told.pop(node, {}).values()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take over what a worker has learned; of a dead one, the cases that it has told."""
        told = self._last_words(node)
        data = getattr(node, "workeroutput", {}).get(_LEDGER)
        if data is not None:
            quiet(self._config)
            self._run.ledger.merge(data)
        elif error:
            self._run.ledger.take(told)
            self._run.ledger.stopped = f"a worker of the run died: {error}"
