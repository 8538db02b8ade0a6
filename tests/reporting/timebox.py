"""A run's time: a slow target is asked what can be asked in it, a case of each clause first.

A target that answers in 20 ms is through in two minutes, one that takes a second in an hour and a
half. Nobody waits that long for a verdict, and who stops the run early has seen whole families of
clauses and nothing of the others.
"""

import statistics
import time
from dataclasses import dataclass
from typing import Final

import pytest

from tests.reporting import parallel, selection
from tests.reporting.run import Run
from tests.reporting.verdicts import NotRun

MINUTES: Final = {"smoke": 10.0, "ci": 30.0, "nightly": None}
"""How long a run asks, by effort; None where it asks all, however long that takes."""

REQUESTS_A_CASE: Final = 2
"""How many a case sends, on the average."""

LOOKS: Final = 3
"""Answers that are timed where the first one was slow: it may have been only that one."""


@dataclass(frozen=True, slots=True)
class Timebox:
    """The time of a run.

    Attributes:
        minutes: how long it asks.
        until: when that ends, by the monotonic clock, in seconds.
    """

    minutes: float
    until: float

    @property
    def is_over(self) -> bool:
        """Whether nothing new is to be asked."""
        return time.monotonic() >= self.until


TIMEBOX: Final = pytest.StashKey[Timebox]()


def begin(session: pytest.Session, run: Run) -> None:
    """Start the clock; let the clauses take turns where the target is too slow for all cases."""
    options = session.config.option
    minutes = options.minutes or MINUTES[options.effort]
    if minutes is None:
        return
    session.config.stash[TIMEBOX] = Timebox(minutes, time.monotonic() + minutes * 60)
    # With xdist each process has to have its tests in the same order.
    if not parallel.is_worker(session.config) and _is_too_slow(run, len(session.items), minutes):
        selection.take_turns(session.items)


def require_time(config: pytest.Config, run: Run) -> None:
    """Let no case begin once the time is over.

    Raises:
        NotRun: it is.
    """
    box = config.stash.get(TIMEBOX, None)
    if box is not None and box.is_over:
        run.ledger.overtime = f"the run's {box.minutes:g} minutes were over (--minutes, or -n 8)"
        raise NotRun(run.ledger.overtime)


def _is_too_slow(run: Run, cases: int, minutes: float) -> bool:
    """Whether all cases would take longer, as far as a few answers can tell."""
    longest = minutes * 60 / (cases * REQUESTS_A_CASE)
    if run.target.safety.live or run.first_seconds <= longest:
        return False  # a live target's clauses take turns anyway
    return statistics.median(run.seconds_of_an_answer() for _ in range(LOOKS)) > longest
