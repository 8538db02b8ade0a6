"""The HTML report: one file, nothing fetched, readable on a telephone and in the dark."""

from loadtests.changes import Comparison
from loadtests.record import Run
from loadtests.report import figures, pictures
from loadtests.report.templates import page


def written(run: Run, comparison: Comparison | None = None) -> str:
    """A run's report as an HTML document.

    Args:
        run: to report.
        comparison: with earlier runs, where there are any.
    """
    return page("report.html.j2").render(
        run=run,
        verdict=figures.verdict(run),
        objectives=figures.objectives(run),
        rows=figures.rows(run),
        failures=figures.failures(run),
        steps=figures.steps(run),
        facts=figures.facts(run),
        conservation=figures.conservation(run),
        charts=pictures.whole(run),
        step_charts=pictures.steps(run),
        names=pictures.by_name(run),
        comparison=comparison,
        compared=figures.comparison_verdict(comparison) if comparison else "",
        changes=figures.changes(comparison) if comparison else (),
        intervals=pictures.against(comparison) if comparison else (),
    )
