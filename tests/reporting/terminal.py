"""What the terminal shows at the end: the table by family, then each breach on one screen."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from tests.reporting.building import ALWAYS
from tests.reporting.ledger import Outcome, Standing
from tests.reporting.model import BreachRow, Report
from tests.reporting.told import screen

MOST_BREACHES: Final = 12
"""Breaches that are told in full; the others are counted."""

LONGEST_REASON: Final = 2_000
"""Characters of why there is no verdict."""

COLUMNS: Final = tuple(Standing)


def summary(reporter: pytest.TerminalReporter, report: Report) -> None:
    """Write the end of a run."""
    if report.cases:
        reporter.section("clauses", sep="=")
        for line in (
            *table(report),
            *observations(report),
            *not_checked(report),
            *deviations(report),
        ):
            reporter.write_line(line)
    _breaches(reporter, report)
    _no_verdicts(reporter, report)
    reporter.section(f"verdict on {report.target.name}", sep="=")
    held, was_interrupted = report.verdict == "held", report.verdict == "interrupted"
    colour = {} if was_interrupted else {"red": not held, "green": held}
    reporter.write_line(report.sentence, bold=True, **colour)
    for reason in report.reasons:
        reporter.write_line(reason)
    counts = report.counts
    reporter.write_line(
        f"{counts.requests} requests, {counts.cases} cases, {counts.broken} with a "
        f"breach of {len(report.broken)} clauses; exit code {report.exit_code}"
    )
    for one in report.unchecked:
        if one.outcome == Outcome.NOT_RUN:
            reporter.write_line(f"{one.cases} cases were not run: {one.reason}")


def _breaches(reporter: pytest.TerminalReporter, report: Report) -> None:
    """Each cause on one screen."""
    told = report.plainest
    more = Counter(breach.clause for breach in report.breaches)
    for number, breach in enumerate(told[:MOST_BREACHES], 1):
        reporter.section(f"breach {number} of {len(told)}: {breach.clause}", sep="-")
        for line in lines(breach):
            reporter.write_line(line)
        if breach.repeat:
            reporter.write_line(f"  repeat    {breach.repeat}")
        if breach.folder:
            reporter.write_line(f"  again     {report.again(breach)}")
        count = more[breach.clause] - 1
        others = f"  (and {count} more cases)" if count else ""
        reporter.write_line(f"  test      {breach.test}{others}")


def _no_verdicts(reporter: pytest.TerminalReporter, report: Report) -> None:
    """Why some cases say nothing, each reason once."""
    silent = [one for one in report.unchecked if one.outcome == Outcome.NO_VERDICT]
    for one in silent[:MOST_BREACHES]:
        reporter.section(f"no verdict: {one.cases} cases", sep="-")
        reporter.write_line(one.reason[:LONGEST_REASON])
        reporter.write_line(f"  test      {one.test}")
    if len(silent) > MOST_BREACHES:
        reporter.write_line(f"and {len(silent) - MOST_BREACHES} reasons more")


def lines(breach: BreachRow) -> list[str]:
    """A breach on one screen, without the command line."""
    shows = "" if breach.shows == ALWAYS else breach.shows
    return screen(
        breach.clause, breach.expected, breach.came, shows, breach.smallest, breach.exchange
    )


def table(report: Report) -> Iterator[str]:
    """Clauses by family and standing."""
    counts: dict[str, Counter[str]] = {}
    for row in report.clauses:
        counts.setdefault(row.family, Counter())[row.standing] += 1
    yield f"{'family':<18}" + "".join(f"{column:>13}" for column in COLUMNS)
    for family, found in counts.items():
        yield f"{family:<18}" + "".join(f"{found[column] or '.':>13}" for column in COLUMNS)


def observations(report: Report) -> Iterator[str]:
    """What the target does where the documentation is silent."""
    seen = sorted((one for one in report.observations if one.seen), key=lambda one: one.clause)
    if seen:
        yield ""
        yield "observed (the documentation leaves these open):"
    for one in seen:
        yield f"  {one.clause:<34} {' | '.join(one.seen)}"


def deviations(report: Report) -> Iterator[str]:
    """The known deviations of the target, and what became of them."""
    if report.deviations:
        yield ""
        yield "known deviations:"
    for one in report.deviations:
        ticket = f", {one.ticket}" if one.ticket else ""
        met = f" in {one.met} cases" if one.met else ""
        yield f"  {one.state}{met}: {one.clause}, until {one.until}{ticket}: {one.reason}"


def not_checked(report: Report) -> Iterator[str]:
    """What was not checked, and why."""
    silent = [one for one in report.unchecked if one.outcome != Outcome.NO_VERDICT]
    if silent:
        yield ""
        yield "not checked:"
    for one in silent:
        yield f"  {one.outcome}: {one.reason} [{', '.join(one.clauses)}]"
