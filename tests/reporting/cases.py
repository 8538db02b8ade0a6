"""From a finished test to a case of the ledger, and to what JUnit says of it."""

from collections.abc import Iterator
from typing import Final

import pytest
from _pytest.outcomes import Skipped

from contracts import clauses
from tests.deviations import judging
from tests.repeat import past
from tests.reporting.ledger import Case, Outcome
from tests.reporting.run import Run
from tests.reporting.selection import clauses_of
from tests.reporting.verdicts import Breach, NotRun, Unreachable, Unsupported

PLACE: Final = pytest.StashKey[int]()
"""An item's number among all that run."""

NO_CASE: Final = "no profile of the target file has a value that could show it"

BEFORE: Final = pytest.StashKey[int]()
"""Requests that were sent before an item ran."""


def properties(case: Case) -> Iterator[tuple[str, str]]:
    """What JUnit says of a case beside its outcome: of each clause its id, status and source."""
    known = clauses.load()
    for clause in case.clauses:
        yield from (
            ("clause", clause),
            ("status", known[clause].status),
            ("source", known[clause].source),
        )
    yield "outcome", str(case.outcome)
    if case.breach:
        yield "broken", case.breach.clause


def case_of(item: pytest.Item, error: BaseException | None, run: Run) -> Case:
    """What a test ended with, an error explained by further requests where it is a breach."""
    about = run.ask.current or clauses_of(item)
    outcome, reason, breach = Outcome.HELD, "", next(_breaches(error), None)
    match error:
        case None:
            pass
        case Unsupported() | NotRun():
            unsupported = isinstance(error, Unsupported)
            outcome, reason = Outcome.UNSUPPORTED if unsupported else Outcome.NOT_RUN, str(error)
        case Skipped():
            # pytest's own, for a test that the target file's profiles give no case to.
            about, outcome, reason = clauses_of(item), Outcome.UNSUPPORTED, NO_CASE
        case _ if breach is not None:
            breach = run.diagnosis.told(breach)
            outcome, reason = Outcome.BROKEN, str(breach)
        case _:
            outcome, reason = Outcome.NO_VERDICT, f"{type(error).__name__}: {error}"
            if isinstance(error, Unreachable):
                run.ledger.stopped = run.ask.hide(str(error))
    told = run.telling.told(breach, _met_by(item)) if breach else None
    hide = run.telling.hide
    if told and (
        excuse := judging.excused(told.clause, _met_by(item), run.deviations, run.started.date())
    ):
        outcome, reason = Outcome.DEVIATES, str(excuse)
    sent = run.ledger.requests - item.stash.get(BEFORE, run.ledger.requests)
    return Case(
        item.nodeid, about, outcome, hide(reason) if reason else "", told, item.stash[PLACE], sent
    )


def _met_by(item: pytest.Item) -> str:
    """The test that met a breach: of a past one, the test that met it first."""
    params = (
        item.callspec.params
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        else {}
    )
    earlier = params.get("past")
    return earlier.kept.test if isinstance(earlier, past.Past) else item.nodeid


def _breaches(error: BaseException | None) -> Iterator[Breach]:
    """The breaches in an error, also in what Hypothesis wraps around one that comes and goes."""
    if isinstance(error, Breach):
        yield error
    if error is None:
        return
    nested = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for inner in (*nested, error.__cause__, error.__context__):
        yield from _breaches(inner)
