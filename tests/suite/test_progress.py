"""How far a run has come, on a terminal and in a log."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.reporting.progress import Progress
from tests.suite.runs import ROOT

CASES: Final = 100


class Log:
    """pytest's reporter, as far as progress needs one."""

    def __init__(self, *, isatty: bool) -> None:
        self.isatty = isatty
        self.showfspath = True
        self.lines: list[str] = []

    def write_line(self, line: str) -> None:
        """Keep a line of a log."""
        self.lines.append(line)

    def rewrite(self, line: str, *, erase: bool) -> None:
        """Keep a state of the terminal's line, which leaves nothing of the one before."""
        assert erase
        self.lines.append(line)


def _told(seconds_of_a_case: float, *, isatty: bool = False, failing: int = 0) -> list[str]:
    """What is told while a hundred cases run, each of which takes so long."""
    log = Log(isatty=isatty)
    now = 0.0
    progress = Progress(log, lambda: now)  # type: ignore[arg-type]
    progress.pytest_xdist_node_collection_finished([f"case-{at}" for at in range(CASES)])
    for at in range(CASES):
        now += seconds_of_a_case
        outcome = "failed" if at < failing else "passed"
        report = pytest.TestReport(f"case-{at}", ("", 0, ""), {}, outcome, None, "call")  # type: ignore[arg-type]
        progress.pytest_runtest_logreport(report)
        progress.pytest_runtest_logfinish(f"case-{at}")
    progress.pytest_sessionfinish()
    return log.lines


def test_a_log_has_few_lines() -> None:
    """One in twenty seconds, whatever number of cases there are."""
    told = _told(1.0)

    assert told == [
        " 20%  20 of 100 cases, 20 s, some 80 s left",
        " 40%  40 of 100 cases, 40 s, some 60 s left",
        " 60%  60 of 100 cases, 60 s, some 40 s left",
        " 80%  80 of 100 cases, 80 s, some 20 s left",
        "100%  100 of 100 cases, 2 min",
    ]


def test_a_short_run_leaves_a_log_alone() -> None:
    """Nobody waits long enough to ask."""
    assert _told(0.1) == []


def test_a_terminal_is_renewed_at_once() -> None:
    """Ten times a second; an estimate comes when there is something to go on."""
    told = _told(0.2, isatty=True)

    assert sum("cases" in line for line in told) == CASES + 1
    assert "left" not in told[5]
    assert "some 15 s left" in told[24]
    assert told[-2:] == ["100%  100 of 100 cases, 20 s", ""]


def test_failures_are_counted() -> None:
    """Whoever watches need not wait for the end to know that there will be bad news."""
    assert "3 failed" in _told(1.0, failing=3)[0]


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a terminal shows of a run."""
    ours, theirs = pty.openpty()
    folder = tmp_path_factory.mktemp("terminal")
    with subprocess.Popen(_command(folder), stdout=theirs, stderr=theirs, cwd=ROOT) as process:
        os.close(theirs)
        seen = b"".join(_read(ours))
    os.close(ours)
    assert process.returncode == 0, seen
    return seen.decode()


def _command(folder: Path) -> list[str]:
    tests = "tests/contract/test_access.py"
    options = ["--effort", "smoke", "--report-dir", str(folder)]
    return [sys.executable, "-m", "pytest", *options, tests]


def _read(fd: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(fd, 1 << 16)
        except OSError:  # Linux says so where the other side has closed
            return
        if not piece:
            return
        yield piece


def test_a_terminal_shows_one_line(screen: str) -> None:
    """It ends at all cases, and no dot stands beside it."""
    assert re.search(r"\r100%  (\d+) of \1 cases, \d+ s *\r?\n", screen)
    assert not re.search(r"^\.+", screen, re.MULTILINE)
    assert "test_access.py" not in screen


def test_the_names_of_tests_stay_with_v(tmp_path: Path) -> None:
    """Who asks for them gets them, and pytest's words beside them."""
    run = subprocess.run(
        [*_command(tmp_path), "-v"], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert "test_no_token_is_refused[json-in-json-out] PASSED" in run.stdout
    assert " cases, " not in run.stdout.partition("= clauses =")[0]
