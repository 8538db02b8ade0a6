"""The Markdown report: the figures of the HTML report, for the summary of a CI job."""

from loadtests.changes import Comparison
from loadtests.record import Run
from loadtests.report import figures
from loadtests.report.templates import text


def written(run: Run, comparison: Comparison | None = None) -> str:
    """A run's report as Markdown.

    Args:
        run: to report.
        comparison: with earlier runs, where there are any.
    """
    return text("report.md.j2").render(
        run=run,
        verdict=figures.verdict(run),
        objectives=figures.objectives(run),
        rows=figures.rows(run),
        failures=figures.failures(run),
        steps=figures.steps(run),
        facts=figures.facts(run),
        conservation=figures.conservation(run),
        comparison=comparison,
        compared=figures.comparison_verdict(comparison) if comparison else "",
        changes=figures.changes(comparison) if comparison else (),
    )
