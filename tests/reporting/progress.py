"""How far a run has come: one line that renews itself on a terminal, few lines in a log."""

import time
from collections.abc import Callable, Generator, Sequence
from typing import Final

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.reporting.selection import asks

LINES_SECONDS: Final = 20.0
"""Between two lines of a log."""

RENEWED_SECONDS: Final = 0.1
"""Between two states of a terminal's line."""

EARLY_SECONDS: Final = 2.0
EARLY_SHARE: Final = 0.03
"""Before both have passed an estimate would be a guess."""

SLOW: Final = 20
"""Plain cases that take as long as one whose bodies are of megabytes."""

_Status = tuple[str, str, str]


class Progress:
    """The hooks that tell it, in place of pytest's dots."""

    def __init__(
        self, reporter: pytest.TerminalReporter, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._reporter = reporter
        self._clock = clock
        self._weights: dict[str, int] = {}
        """What a test weighs, by name; empty where nothing is told."""
        self._whole = self._done = self._cases = self._failed = 0
        self._begun = self._told = 0.0

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn what there is to do."""
        if any(map(asks, session.items)):
            self._begin({item.nodeid: _weight(item) for item in session.items})

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Learn it from a worker, which tells no more than the names."""
        if not self._weights:
            self._begin(dict.fromkeys(ids, 1))

    def _begin(self, weights: dict[str, int]) -> None:
        self._weights, self._whole = weights, sum(weights.values())
        self._begun = self._told = self._clock()
        self._reporter.showfspath = False

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, _Status, _Status]:
        """Count a test without a letter for it."""
        category, letter, word = yield
        return (category, "", "") if self._weights else (category, letter, word)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what failed."""
        self._failed += report.failed

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Tell how far it is, where it is time to."""
        if not self._weights:
            return
        self._cases += 1
        self._done += self._weights.get(nodeid, 0)
        now = self._clock()
        if now - self._told >= (RENEWED_SECONDS if self._reporter.isatty else LINES_SECONDS):
            self._told = now
            self._tell(self._line(now - self._begun))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Leave the terminal's line as it was last."""
        if self._weights and self._reporter.isatty:
            self._tell(self._line(self._clock() - self._begun))
            self._reporter.write_line("")

    def _tell(self, line: str) -> None:
        if self._reporter.isatty:
            self._reporter.rewrite(line, erase=True)
        else:
            self._reporter.write_line(line)

    def _line(self, seconds: float) -> str:
        share = self._done / self._whole
        said = [
            f"{share:4.0%}  {self._cases:,} of {len(self._weights):,} cases",
            *([f"{self._failed} failed"] if self._failed else []),
            lasting(seconds),
        ]
        if seconds > EARLY_SECONDS and EARLY_SHARE < share < 1:
            said.append(f"some {lasting(seconds / share - seconds)} left")
        return ", ".join(said)


def lasting(seconds: float) -> str:
    """A time for people: `40 s`, `7 min`, `2 h 5 min`."""
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _weight(item: pytest.Item) -> int:
    """How many plain cases take as long as this one."""
    if item.get_closest_marker("slow"):
        return SLOW
    drawn = is_hypothesis_test(getattr(item, "obj", None))
    return settings.default.max_examples if drawn and settings.default else 1
