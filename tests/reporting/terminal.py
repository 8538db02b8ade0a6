"""What the terminal shows at the end: the table by family, then each breach on one screen."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from endpoint.secret import redact
from tests.reporting.ledger import Case, Ledger, Outcome, Standing
from tests.reporting.run import Run
from tests.reporting.verdicts import ExitCode

MOST_BREACHES: Final = 12
"""Breaches that are told in full; the others are counted."""

COLUMNS: Final = (
    Standing.HELD,
    Standing.BROKEN,
    Standing.UNSUPPORTED,
    Standing.NOT_RUN,
    Standing.OBSERVED,
    Standing.UNCHECKED,
)

VERDICTS: Final = {
    ExitCode.HELD: "HELD: every clause that could be checked holds",
    ExitCode.BREACH: "BROKEN: the target breaks the contract",
    ExitCode.INCONCLUSIVE: "INCONCLUSIVE",
    ExitCode.BROKEN: "NO VERDICT: the target could not be asked, or the suite failed",
}


def summary(reporter: pytest.TerminalReporter, run: Run) -> None:
    """Write the end of a run."""
    ledger = run.ledger
    code = ledger.exit_code()
    if ledger.cases:
        reporter.section("clauses", sep="=")
        for line in table(ledger):
            reporter.write_line(line)
        for line in observations(ledger):
            reporter.write_line(line)
        for line in not_checked(ledger):
            reporter.write_line(line)
    _breaches(reporter, ledger)
    _no_verdicts(reporter, ledger)
    reporter.section(f"verdict on {run.target.name}", sep="=")
    if run.interrupted:
        reporter.write_line("INTERRUPTED: what was seen until then", bold=True)
    else:
        reporter.write_line(VERDICTS[code], red=code != 0, green=code == 0, bold=True)
    for reason in filter(None, (ledger.stopped, ledger.inconclusive)):
        reporter.write_line(redact(reason, run.target.token))
    if ledger.timed_out:
        reporter.write_line(
            f"{ledger.timed_out} requests were not answered within {run.target.timeout_seconds:g} s"
        )
    broken = {case.breach.clause for case in ledger.breaches if case.breach}
    reporter.write_line(
        f"{ledger.requests} requests, {len(ledger.cases)} cases, {len(ledger.breaches)} with a "
        f"breach of {len(broken)} clauses" + ("" if run.interrupted else f"; exit code {int(code)}")
    )
    unasked = Counter(case.reason for case in ledger.cases if case.outcome is Outcome.NOT_RUN)
    for reason, count in unasked.items():
        reporter.write_line(f"{count} cases were not run: {reason}")


def _breaches(reporter: pytest.TerminalReporter, ledger: Ledger) -> None:
    """Each cause on one screen."""
    told = folded(ledger)
    for number, (case, more) in enumerate(told[:MOST_BREACHES], 1):
        if case.breach is None:
            continue
        reporter.section(f"breach {number} of {len(told)}: {case.breach.clause}", sep="-")
        for line in case.breach.lines:
            reporter.write_line(line)
        if case.breach.repeat:
            reporter.write_line(f"  repeat    {case.breach.repeat}")
        others = f"  (and {more} more cases)" if more else ""
        reporter.write_line(f"  test      {case.nodeid}{others}")


def _no_verdicts(reporter: pytest.TerminalReporter, ledger: Ledger) -> None:
    """Why some cases say nothing, each reason once."""
    by_reason: dict[str, list[Case]] = {}
    for case in ledger.without_verdict():
        by_reason.setdefault(case.reason, []).append(case)
    for reason, cases in list(by_reason.items())[:MOST_BREACHES]:
        reporter.section(f"no verdict: {len(cases)} cases", sep="-")
        reporter.write_line(reason[:2_000])
        reporter.write_line(f"  test      {cases[0].nodeid}")
    if len(by_reason) > MOST_BREACHES:
        reporter.write_line(f"and {len(by_reason) - MOST_BREACHES} reasons more")


def table(ledger: Ledger) -> Iterator[str]:
    """Clauses by family and standing."""
    counts: dict[str, Counter[Standing]] = {}
    for clause_id, standing in ledger.standings().items():
        counts.setdefault(clause_id.partition(".")[0], Counter())[standing] += 1
    yield f"{'family':<18}" + "".join(f"{column:>13}" for column in COLUMNS)
    for family, row in counts.items():
        yield f"{family:<18}" + "".join(f"{row[column] or '.':>13}" for column in COLUMNS)


def observations(ledger: Ledger) -> Iterator[str]:
    """What the target does where the documentation is silent."""
    if ledger.observed:
        yield ""
        yield "observed (the documentation leaves these open):"
    for clause, seen in sorted(ledger.observed.items()):
        yield f"  {clause:<34} {' | '.join(sorted(seen))}"


def not_checked(ledger: Ledger) -> Iterator[str]:
    """What was not checked, and why."""
    reasons: dict[str, set[str]] = {}
    for case in ledger.cases:
        if case.outcome in {Outcome.UNSUPPORTED, Outcome.NOT_RUN}:
            label = f"{case.outcome}: {case.reason}"
            reasons.setdefault(label, set()).update(case.clauses[:1])
    if reasons:
        yield ""
        yield "not checked:"
    for reason, about in sorted(reasons.items()):
        yield f"  {reason} [{', '.join(sorted(about))}]"


def folded(ledger: Ledger) -> list[tuple[Case, int]]:
    """One breach for each clause, the smallest request first, and how many more there are."""
    by_clause: dict[str, list[Case]] = {}
    for case in ledger.breaches:
        if case.breach is not None:
            by_clause.setdefault(case.breach.clause, []).append(case)
    return [(min(cases, key=_size), len(cases) - 1) for cases in by_clause.values()]


def _size(case: Case) -> int:
    return case.breach.request_bytes if case.breach else 0
