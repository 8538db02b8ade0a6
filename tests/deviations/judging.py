"""What a run says of the known deviations: met, gone, run out, or not asked about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from tests.deviations.entries import Deviation
from tests.reporting.ledger import Case, Outcome

BY_CHANCE: Final = 20
"""Cases that have to hold before a deviation that comes and goes is called stale."""

ASKED: Final = frozenset({Outcome.HELD, Outcome.BROKEN, Outcome.DEVIATES})
"""Outcomes of a case that has got its answers."""


class State(StrEnum):
    """What a run says of a deviation."""

    MET = "met"
    """The target deviates, as is known."""
    STALE = "stale"
    """It does not deviate any more: the entry has to go."""
    EXPIRED = "expired"
    """Its day is over: it is excused no longer."""
    NOT_ASKED = "not asked"
    """No case of it was run, or too few of one that comes and goes."""


def excused(clause: str, case: str, known: Iterable[Deviation], today: date) -> Deviation | None:
    """The deviation that excuses a breach; None where none does.

    Args:
        clause: that is broken.
        case: that met it, as pytest names it.
        known: the deviations of the target.
        today: the day of the run.
    """
    return next(
        (
            one
            for one in known
            if one.clause == clause and one.until >= today and one.is_about(case)
        ),
        None,
    )


def states(
    known: Sequence[Deviation],
    cases: Sequence[Case],
    examined: Mapping[str, int],
    today: date,
) -> Iterator[tuple[Deviation, State, int]]:
    """What a run says of each deviation, and how many of its cases broke the clause.

    Args:
        known: the deviations of the target.
        cases: of the run.
        examined: clause id -> answers that were held against it, whatever was asked.
        today: the day of the run.
    """
    for one in known:
        about = [case for case in cases if case.outcome in ASKED and one.is_about(case.nodeid)]
        met = sum(bool(case.breach and case.breach.clause == one.clause) for case in about)
        held = sum(
            case.outcome is Outcome.HELD
            and bool(one.clause in case.clauses or examined.get(one.clause, 0))
            for case in about
        )
        yield one, _state(one, met, held, today), met


def spoiled(found: Iterable[tuple[Deviation, State, int]]) -> Iterator[str]:
    """Why the deviations fail the run, a sentence each; none where they do not."""
    for one, state, met in found:
        if state is State.STALE:
            yield f"stale deviation, no case shows it any more: {one}"
        elif state is State.EXPIRED:
            still = f"{met} cases show it" if met else "no case shows it any more"
            yield f"expired deviation, {still}: {one}"


def _state(one: Deviation, met: int, held: int, today: date) -> State:
    if one.until < today:
        return State.EXPIRED
    if met:
        return State.MET
    return State.STALE if held >= (BY_CHANCE if one.chance else 1) else State.NOT_ASKED
