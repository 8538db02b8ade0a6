"""The ledger: what a run says of each clause."""

import pytest

from contracts import clauses
from tests.reporting.ledger import Case, Ledger, Outcome, Standing
from tests.suite.ledgers import (
    BROKEN,
    HELD,
    NO_VERDICT,
    NOT_RUN,
    OPEN,
    POST,
    UNSUPPORTED,
    breach,
    case,
    ledger,
)


def standing(run: Ledger, clause: str = POST) -> Standing:
    """What a run says of a clause."""
    return run.standings()[clause]


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ((), Standing.UNCHECKED),
        ((HELD,), Standing.HELD),
        ((HELD, UNSUPPORTED), Standing.HELD),
        ((BROKEN, HELD), Standing.BROKEN),
        ((UNSUPPORTED,), Standing.UNSUPPORTED),
        ((UNSUPPORTED, NOT_RUN), Standing.UNSUPPORTED),
        ((NOT_RUN,), Standing.NOT_RUN),
        ((NO_VERDICT,), Standing.UNCHECKED),
    ],
)
def test_a_clauses_standing(cases: tuple[Case, ...], expected: Standing) -> None:
    """A clause is as bad as its worst case, and never held by a skip."""
    assert standing(ledger(*cases)) is expected


def test_a_breach_counts_against_the_clause_that_it_names() -> None:
    """A case about one clause that shows a breach of another accuses the other only."""
    run = ledger(case(Outcome.BROKEN, POST, of=breach("answer.error")), HELD)

    assert standing(run, "answer.error") is Standing.BROKEN
    assert standing(run) is Standing.HELD


def test_a_clause_that_answers_were_held_against_is_held() -> None:
    """A general clause needs no case of its own."""
    run = ledger()
    run.examined["answer.error"] = 1

    assert standing(run, "answer.error") is Standing.HELD


def test_an_open_clause_is_observed() -> None:
    """What the documentation leaves open is observed, not held."""
    run = ledger(case(Outcome.HELD, OPEN))
    run.observe(OPEN, "as in data")
    run.observe(OPEN, "as in data")

    assert standing(run, OPEN) is Standing.OBSERVED
    assert run.observed[OPEN] == {"as in data": 2}


def test_an_open_clause_that_nothing_showed_is_unchecked() -> None:
    """A held case about an open clause that observed nothing says nothing of it."""
    assert standing(ledger(case(Outcome.HELD, OPEN)), OPEN) is Standing.UNCHECKED


def test_a_drift_from_a_pinned_behaviour_is_a_breach() -> None:
    """An open clause is broken where the target file pins another behaviour."""
    run = ledger(case(Outcome.BROKEN, OPEN, of=breach(OPEN)))
    run.observe(OPEN, "reversed")

    assert standing(run, OPEN) is Standing.BROKEN


def test_every_clause_has_a_standing() -> None:
    """The report's table leaves no clause out, and keeps their order."""
    assert list(Ledger().standings()) == list(clauses.load())
