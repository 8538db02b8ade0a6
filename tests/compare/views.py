"""The comparison of two runs as terminal text and as a page."""

from collections.abc import Iterator

from tests.compare.changes import Changes
from tests.reporting.model import Report
from tests.reporting.templates import page


def text(changes: Changes) -> Iterator[str]:
    """The comparison, a line each."""
    yield f"before  {told(changes.before)}"
    yield f"after   {told(changes.after)}"
    for doubt in changes.doubts:
        yield f"mind    {doubt}"
    yield ""
    if not changes.clauses:
        yield "no clause stands otherwise"
    for one in changes.clauses:
        yield f"{one.way:<18} {one.clause.id:<34} {one.before} -> {one.after}"
        if one.breach:
            yield f"{'':<18}   expected  {one.breach.expected}"
            yield f"{'':<18}   came      {one.breach.came}"
    for seen in changes.observed:
        was, now = " | ".join(seen.before), " | ".join(seen.after)
        yield f"{'observed':<18} {seen.clause:<34} {was} -> {now}"
    yield ""
    yield sentence(changes)


def html(changes: Changes) -> str:
    """The comparison as an HTML document."""
    return page("compare.html.j2").render(
        changes=changes,
        before=told(changes.before),
        after=told(changes.after),
        sentence=sentence(changes),
    )


def sentence(changes: Changes) -> str:
    """The comparison in a sentence."""
    ways = [one.way for one in changes.clauses]
    counted = ", ".join(f"{ways.count(way)} {way}" for way in dict.fromkeys(ways))
    verdict = "WORSE" if changes.is_worse else "NOT WORSE"
    return (
        f"{verdict}: {counted or 'no clause changed'}; {len(changes.observed)} observations changed"
    )


def told(report: Report) -> str:
    """One run in a line."""
    asked = " ".join((report.environment.target, *report.environment.options)).strip()
    where = f"{report.target.name} at {report.target.base_url}"
    return f"{report.verdict}, {where}, {report.started}, {report.environment.effort}, {asked}"
