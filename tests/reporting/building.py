"""Builds the report of a run from its ledger."""

from collections import Counter
from collections.abc import Iterator

from contracts import clauses
from tests.asking.ask import PINNED_JOINT
from tests.reporting.ledger import Case, Ledger, Outcome, Standing
from tests.reporting.model import (
    FORMAT,
    BreachRow,
    CaseRow,
    ClauseRow,
    Counts,
    DeviationRow,
    Observation,
    Report,
    TargetFacts,
    Unchecked,
)
from tests.reporting.run import Run
from tests.reporting.told import Told
from tests.reporting.verdicts import ExitCode

ALWAYS = "always"

VERDICTS = {
    ExitCode.HELD: ("held", "HELD: every clause that could be checked holds"),
    ExitCode.BREACH: ("broken", "BROKEN: the target breaks the contract"),
    ExitCode.INCONCLUSIVE: ("inconclusive", "INCONCLUSIVE"),
    ExitCode.BROKEN: (
        "no verdict",
        "NO VERDICT: the target could not be asked, or the suite failed",
    ),
}

HIDDEN = "each of their cases showed a breach of another promise"

INTERRUPTED = ("interrupted", "INTERRUPTED: what was seen until then")


def report(run: Run, exit_code: int) -> Report:
    """The report of a run that has ended.

    Args:
        run: the run.
        exit_code: that the process ends with.
    """
    ledger = run.ledger
    verdict, sentence = VERDICTS[ledger.exit_code()]
    counts = _counts(ledger)
    if run.interrupted:
        verdict, sentence = INTERRUPTED
    elif verdict == "held" and counts.deviating:
        sentence = f"HELD, but for what is known: {counts.deviating} cases deviate, and are excused"
    return Report(
        FORMAT,
        verdict,
        sentence,
        exit_code,
        tuple(map(run.hide, _reasons(run))),
        _target(run),
        run.started.isoformat(timespec="seconds"),
        round(run.seconds, 3),
        counts,
        tuple(_clauses(ledger)),
        tuple(_breaches(ledger)),
        tuple(_deviations(run)),
        tuple(_observations(run)),
        tuple(_unchecked(ledger)),
        tuple(ledger.traffic.grid()),
        tuple(ledger.traffic.ladder()),
        tuple(
            CaseRow(one.nodeid, one.clauses, str(one.outcome), one.reason) for one in ledger.cases
        ),
        run.environment,
    )


def _reasons(run: Run) -> Iterator[str]:
    ledger = run.ledger
    yield from filter(None, (ledger.stopped, ledger.inconclusive))
    yield from ledger.spoiled
    if run.not_begun:
        yield f"{run.not_begun:,} further cases were not begun: --resume goes on with them"
    if ledger.lost:
        yield (
            f"{ledger.lost} of {ledger.requests} requests lost their connection on the way: asked "
            "again and answered, or left out where that might have sent twice"
        )
    if ledger.timed_out:
        limit = f"{run.target.timeout_seconds:g} s"
        yield f"{ledger.timed_out} requests were not answered within {limit}"


def _target(run: Run) -> TargetFacts:
    target = run.target
    live = target.safety.live
    return TargetFacts(
        target.name,
        target.base_url,
        live,
        target.safety.max_sends if live else None,
        run.ask.guard.sent if run.is_open else None,
        len(target.profiles),
        target.body_limit_bytes,
    )


def _counts(ledger: Ledger) -> Counts:
    ended = Counter(case.outcome for case in ledger.cases)
    return Counts(
        ledger.requests,
        ledger.requests - ledger.traffic.noted,
        ledger.timed_out,
        len(ledger.cases),
        ended[Outcome.HELD],
        ended[Outcome.BROKEN],
        ended[Outcome.DEVIATES],
        ended[Outcome.UNSUPPORTED],
        ended[Outcome.NOT_RUN],
        ended[Outcome.NO_VERDICT],
    )


def _clauses(ledger: Ledger) -> Iterator[ClauseRow]:
    cases: Counter[str] = Counter()
    held: Counter[str] = Counter()
    requests: Counter[str] = Counter()
    for case in ledger.cases:
        cases.update(case.clauses)
        requests.update(dict.fromkeys(case.clauses, case.requests))
        held.update(case.clauses if case.outcome is Outcome.HELD else ())
    standings = ledger.standings()
    for clause in clauses.load().values():
        yield ClauseRow(
            clause.id,
            clause.family,
            clause.sentence,
            clause.source,
            clause.status,
            clause.reasoning,
            str(standings[clause.id]),
            requests[clause.id],
            ledger.examined[clause.id],
            cases[clause.id],
            held[clause.id],
        )


def _breaches(ledger: Ledger) -> Iterator[BreachRow]:
    """Grouped by clause; in each group the plainest one first."""
    by_clause: dict[str, list[tuple[Case, Told]]] = {}
    for case in ledger.breaches:
        if case.breach is not None:
            by_clause.setdefault(case.breach.clause, []).append((case, case.breach))
    for group in by_clause.values():
        # One that can be repeated before one that cannot; then what needs the least.
        group.sort(key=lambda one: (not one[1].repeat, len(one[1].features), one[1].request_bytes))
        for place, (case, told) in enumerate(group):
            yield _breach(case, told, is_plainest=not place)


def _breach(case: Case, told: Told, *, is_plainest: bool) -> BreachRow:
    return BreachRow(
        told.clause,
        is_plainest,
        told.symptom,
        told.expected,
        told.came,
        told.shows or ALWAYS,
        told.smallest,
        told.items,
        told.features,
        told.request_bytes,
        told.place,
        told.profiles,
        told.marks,
        told.sent,
        told.came_back,
        told.exchange,
        told.repeat,
        told.folder,
        case.nodeid,
    )


def _deviations(run: Run) -> Iterator[DeviationRow]:
    for one, state, met in run.deviations_found():
        yield DeviationRow(
            one.clause,
            one.cases,
            one.reason,
            one.ticket,
            one.until.isoformat(),
            one.chance,
            str(state),
            met,
        )


def _observations(run: Run) -> Iterator[Observation]:
    for clause in clauses.load().values():
        seen = run.ledger.observed.get(clause.id, Counter())
        pinned = run.target.observed.get(clause.id)
        if clause.status != "open" or not (seen or pinned is not None):
            continue
        allowed = str(pinned).split(PINNED_JOINT)
        if pinned is None:
            state = "free"
        elif not seen:
            state = "not seen"
        else:
            state = "as pinned" if set(seen) <= set(allowed) else "drifted"
        yield Observation(
            clause.id,
            clause.sentence,
            dict(sorted(seen.items())),
            clause.alternatives,
            None if pinned is None else str(pinned),
            state,
        )


def _unchecked(ledger: Ledger) -> Iterator[Unchecked]:
    said_nothing = (Outcome.NO_VERDICT, Outcome.NOT_RUN, Outcome.UNSUPPORTED)
    by_reason: dict[tuple[Outcome, str], list[Case]] = {}
    for case in ledger.cases:
        if case.outcome in said_nothing:
            by_reason.setdefault((case.outcome, case.reason), []).append(case)
    in_order = sorted(by_reason.items(), key=lambda one: (said_nothing.index(one[0][0]), one[0][1]))
    for (outcome, reason), cases in in_order:
        about = {clause for case in cases for clause in case.clauses[:1]}
        yield Unchecked(str(outcome), reason, tuple(sorted(about)), len(cases), cases[0].nodeid)
    yield from _hidden(ledger)


def _hidden(ledger: Ledger) -> Iterator[Unchecked]:
    """The promises of which nothing is known because each of their cases broke another one."""
    standings, known = ledger.standings(), clauses.load()
    cases = [
        case
        for case in ledger.cases
        if case.breach
        and any(
            known[one].status != "open" and standings[one] is Standing.UNCHECKED
            for one in case.clauses[:1]
        )
    ]
    if cases:
        about = {case.clauses[0] for case in cases}
        yield Unchecked("hidden", HIDDEN, tuple(sorted(about)), len(cases), cases[0].nodeid)
