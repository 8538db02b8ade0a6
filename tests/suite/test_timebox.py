"""A run's time: what a slow target is asked, and what a run says of the rest."""

from pathlib import Path
from typing import cast

import pytest

from contracts import clauses
from tests.reporting import selection
from tests.reporting.ledger import Outcome
from tests.reporting.verdicts import ExitCode
from tests.suite.ledgers import POST, case, ledger
from tests.suite.runs import output, started

OVERTIME = "the run's 10 minutes were over"

PROMISED = [clause.id for clause in clauses.load().values() if clause.status != "open"]


def test_time_that_leaves_out_promises_is_inconclusive() -> None:
    """Where time was over before a promise was asked at all, the run is not green, and names it."""
    run = ledger(case(Outcome.HELD, POST), case(Outcome.NOT_RUN, "limit.answer"))
    run.overtime = OVERTIME

    assert run.exit_code() is ExitCode.INCONCLUSIVE
    assert run.inconclusive == f"{OVERTIME}, before these were asked: limit.answer"


def test_time_that_leaves_out_cases_of_promises_that_held_is_green() -> None:
    """Where each promise was asked and held, cases that time left out do not redden a run."""
    asked = [case(Outcome.HELD, clause) for clause in PROMISED]
    run = ledger(*asked, case(Outcome.NOT_RUN, "limit.answer"))
    run.overtime = OVERTIME

    assert run.exit_code() is ExitCode.HELD


def test_a_breach_outweighs_the_time(tmp_path: Path) -> None:
    """A breach met in time is told as ever."""
    code, printed = _ended(tmp_path, "0.05", "--mock-defect", "error-text-lacks")

    assert code == 1
    assert "answer.error-text" in printed


def test_a_run_ends_with_its_time(tmp_path: Path) -> None:
    """A run with far too little time ends, says what it did not ask, and is inconclusive."""
    code, printed = _ended(tmp_path, "0.002")

    assert code == 6
    assert "the run's 0.002 minutes were over (--minutes, or -n 8), before these" in printed
    assert "cases were not run" in printed


@pytest.mark.parametrize("minutes", ["0", "-1", "soon"])
def test_minutes_have_to_be_some(tmp_path: Path, minutes: str) -> None:
    """--minutes takes a number above 0."""
    code, printed = _ended(tmp_path, minutes)

    assert code == 4
    assert "--minutes" in printed


class Item:
    """As much of a test as an order of tests looks at."""

    def __init__(self, name: str, clause: str) -> None:
        self.name = name
        self._mark = pytest.mark.clause(clause).mark

    def iter_markers(self, name: str) -> list[pytest.Mark]:
        """The marks of this name."""
        return [self._mark] if name == "clause" else []


def test_in_turns_each_clause_comes_before_any_again() -> None:
    """What is promised first, then what is open, and only then any clause's second case."""
    items = [
        Item("post 1", "endpoint.post"),
        Item("post 2", "endpoint.post"),
        Item("order 1", "batch.order"),
        Item("limit 1", "limit.answer"),
        Item("limit 2", "limit.answer"),
    ]

    selection.take_turns(cast("list[pytest.Item]", items))

    assert [item.name for item in items] == ["post 1", "limit 1", "order 1", "post 2", "limit 2"]


def _ended(folder: Path, minutes: str, *options: str) -> tuple[int, str]:
    """A run at smoke effort that has this many minutes: its exit code and its output."""
    process = started(
        folder, "tests/contract", "-q", "--effort", "smoke", "--minutes", minutes, *options
    )
    printed = output(process)
    return process.returncode, printed
