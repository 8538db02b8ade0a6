"""A run may be ended at any moment: whatever pytest is at just then, the report tells of it."""

import json
import signal
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.reporting.interrupts import Interrupts
from tests.suite.runs import output, started
from tests.suite.whole_runs import options, target_file

INTERRUPTED: Final = 2

STRIKES: Final = """
import os, signal, pytest

@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def {hook}:
    yield
    for _ in range({times}):
        os.kill(os.getpid(), signal.{name})
"""
"""A plugin of the old kind, out of whose second half pytest lets no exception come."""

HOOKS: Final = {
    "as a test's report is made": "pytest_runtest_makereport(item, call)",
    "as a report is told": "pytest_runtest_logreport(report)",
    "after a test was set up": "pytest_runtest_setup(item)",
    "after a test": "pytest_runtest_teardown(item)",
    "as a test has ended": "pytest_pyfunc_call(pyfuncitem)",
}


def _run(folder: Path, hook: str, name: str, times: int = 1) -> tuple[int, str, Path]:
    plugin = folder / "strikes.py"
    plugin.write_text(STRIKES.format(hook=hook, name=name, times=times), encoding="utf-8")
    file = target_file(folder, "mock")
    process = started(
        folder,
        *options(file),
        *("-p", "strikes", "tests/contract/test_access.py"),
        apart=True,
        env={"PYTHONPATH": f"{folder}:{':'.join(sys.path)}"},
    )
    printed = output(process)
    return process.returncode, printed, folder / "reports"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_a_signal_at_any_moment_ends_in_a_report(tmp_path: Path, hook: str, name: str) -> None:
    """The exit code is pytest's for an interrupted run, and no internal error is told."""
    code, printed, reports = _run(tmp_path, hook, name)

    assert "INTERNALERROR" not in printed
    assert "Traceback" not in printed
    assert code == INTERRUPTED, printed
    report = json.loads((reports / "contract.json").read_bytes())
    assert (report["verdict"], report["exit_code"]) == ("interrupted", INTERRUPTED)


def test_a_signal_while_the_report_is_written_costs_no_report(tmp_path: Path) -> None:
    """Who presses Ctrl-C at the very end gets the verdict that the run has come to."""
    code, printed, reports = _run(tmp_path, "pytest_sessionfinish(session)", "SIGINT")

    assert "Traceback" not in printed
    assert code == 0, printed
    assert json.loads((reports / "contract.json").read_bytes())["verdict"] == "held"


def test_the_signals_are_given_back() -> None:
    """Who runs pytest inside of a program of one's own finds its handlers as they were."""
    before = _handlers()
    interrupts = Interrupts()
    interrupts.pytest_sessionstart()
    taken = _handlers()
    interrupts.pytest_unconfigure()

    assert taken != before
    assert _handlers() == before


def _handlers() -> list[object]:
    return [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
