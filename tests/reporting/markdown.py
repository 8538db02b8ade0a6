"""The report as Markdown, for the summary of a CI job."""

from collections import Counter
from typing import Final

from contracts import clauses
from tests.reporting import grid, ladder
from tests.reporting.ledger import Standing
from tests.reporting.model import Report
from tests.reporting.page import facts
from tests.reporting.templates import text

MOST_BREACHES: Final = 12
"""Breaches that are told in full: a summary may have a megabyte."""


def written(report: Report) -> str:
    """The report as Markdown."""
    by_family: dict[str, Counter[str]] = {}
    for row in report.clauses:
        by_family.setdefault(row.family, Counter())[row.standing] += 1
    return text("contract.md.j2").render(
        report=report,
        columns=[str(one) for one in Standing],
        families=by_family,
        known=clauses.load(),
        most=MOST_BREACHES,
        more=Counter(breach.clause for breach in report.breaches),
        empty=grid.empty(report),
        limit=ladder.limit_in_words(report),
        facts=tuple(facts(report)),
    )
