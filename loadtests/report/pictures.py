"""Which charts a run has: for all requests together, for each name, against earlier runs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loadtests import wording
from loadtests.changes import ERROR_MARGIN, Change, Comparison
from loadtests.measured import Cell, Counts, Window, percentiles
from loadtests.measuring import MB, cells
from loadtests.record import Run, merged
from loadtests.report import figures, histograms
from loadtests.report.charts import Chart, Series, columns, over_time, stacked

_MOMENTS: Final = 150
"""Windows that a line has at most: more cannot be told apart on a telephone."""

_STRETCHES: Final = 48
"""The same for columns."""

_STEPS: Final = (("kept", "s0"), ("knee", "knee"), ("broken", "broken"))
"""The legend of step charts."""

_KINDS: Final = 4
"""Kinds of failure with a colour of their own; the rest are drawn as others."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One line of a comparison chart, on a scale from 0 to 100.

    Attributes:
        name: of the requests.
        said: the change and its interval in digits.
        word: the verdict.
        low: where the interval begins.
        high: where it ends.
        at: where the change is.
    """

    name: str
    said: str
    word: str
    low: float
    high: float
    at: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """One figure of all names against the baseline.

    Attributes:
        key: unique in its page.
        title: what it shows.
        told: the same in a sentence, for who cannot see it.
        begin: of the margin, on a scale from 0 to 100.
        end: of the margin.
        left: label of the scale's begin.
        right: label of its end.
        lines: one for each name.
    """

    key: str
    title: str
    told: str
    begin: float
    end: float
    left: str
    right: str
    lines: tuple[Interval, ...]


def whole(run: Run) -> tuple[Chart, ...]:
    """The charts of all requests together."""
    windows = merged(run.windows, _MOMENTS)
    if not windows:
        return ()
    return (
        *_throughput(run, windows),
        *_latencies(run, windows, None, "all"),
        *_load(run, windows),
        *_failures(run),
        *_memory(run, windows),
    )


def steps(run: Run) -> tuple[Chart, ...]:
    """The step charts of a capacity run."""
    if not run.steps:
        return ()
    by_rate = all(step.rate is not None for step in run.steps)
    labels = [f"{step.rate if by_rate else step.users:g}" for step in run.steps]
    told = figures.steps(run)
    styles = [
        "broken" if step.broken else "knee" if at == run.knee else "s0"
        for at, step in enumerate(run.steps)
    ]
    across = "requests/s that were asked for" if by_rate else "users"
    return tuple(
        columns(key, title, across, list(zip(labels, values, styles, said, strict=True)), _STEPS)
        for key, title, values, said in (
            (
                "steps-profiles",
                "Profiles/s by step",
                [step.profiles_per_second for step in run.steps],
                [f"{one.load}: {one.profiles} profiles/s, {one.end}" for one in told],
            ),
            (
                "steps-p99",
                "p99 by step, ms",
                [math.nan if step.p99 is None else step.p99 for step in run.steps],
                [f"{one.load}: p99 {one.p99} ms, {one.end}" for one in told],
            ),
        )
    )


def by_name(run: Run) -> tuple[tuple[str, tuple[Chart, ...]], ...]:
    """The charts of each name: how its latencies lie, and how they went."""
    windows = merged(run.windows, _MOMENTS)
    return tuple(
        (
            name,
            (
                histograms.histogram(f"histogram-{at}", one.total),
                *_latencies(run, windows, name, f"name-{at}"),
            ),
        )
        for at, (name, one) in enumerate(run.names.items())
        if one.total.latency
    )


def against(comparison: Comparison) -> tuple[Intervals, ...]:
    """The comparison charts: one for each figure."""
    by_figure: dict[str, list[tuple[str, Change]]] = {}
    for one in comparison.names:
        for change in one.changes:
            by_figure.setdefault(change.figure, []).append((one.name, change))
    return tuple(
        _intervals(figure, changes, comparison.margin)
        for figure, changes in by_figure.items()
        # Runs without any failure need no chart that says so.
        if any(change.high or change.low for _, change in changes)
    )


def _throughput(run: Run, windows: Sequence[Window]) -> list[Chart]:
    measured = cells(windows, None)
    profiles = _each_second(windows, [cell.profiles for cell in measured])
    megabytes = _each_second(windows, [cell.sent / MB for cell in measured])
    return [
        _over_time(run, windows, "profiles", "Profiles/s", [("profiles/s", profiles)]),
        _over_time(run, windows, "megabytes", "MB/s of request bodies", [("MB/s", megabytes)]),
    ]


def _latencies(run: Run, windows: Sequence[Window], name: str | None, key: str) -> list[Chart]:
    measured = cells(windows, name)
    open_model = any(cell.service for cell in measured)
    since = " since a request was due" if open_model else ""
    charts = [
        _over_time(
            run,
            windows,
            f"{key}-latency",
            f"Latency{since}, ms",
            _percentiles([cell.latency for cell in measured]),
        )
    ]
    if open_model:
        series = _percentiles([cell.service for cell in measured])
        charts.append(_over_time(run, windows, f"{key}-service", "Service time, ms", series))
    return charts


def _percentiles(counts: Sequence[Counts]) -> list[Series]:
    found = [percentiles(one, (50, 95, 99)) for one in counts]
    return [
        (label, [values[at] / 1000 for values in found])
        for at, label in enumerate(("p50", "p95", "p99"))
    ]


def _load(run: Run, windows: Sequence[Window]) -> list[Chart]:
    users = [float(window.users) for window in windows]
    requests = _each_second(windows, [cell.requests for cell in cells(windows, None)])
    return [
        _over_time(run, windows, "users", "Users", [("users", users)]),
        _over_time(run, windows, "rate", "Requests/s", [("requests/s", requests)]),
    ]


def _failures(run: Run) -> list[Chart]:
    windows = merged(run.windows, _STRETCHES)
    measured = cells(windows, None)
    kinds = [kind for kind, _ in run.whole.failures.most_common()]
    if not kinds:
        return []
    series = [(kind, _of_kinds(measured, [kind])) for kind in kinds[:_KINDS]]
    if kinds[_KINDS:]:
        series.append(("others", _of_kinds(measured, kinds[_KINDS:])))
    spans = [(window.start, window.seconds) for window in windows]
    return [stacked("failures", "Failures by kind", spans, series, _end(run))]


def _of_kinds(measured: Sequence[Cell], kinds: Sequence[str]) -> list[float]:
    return [float(sum(cell.failures[kind] for kind in kinds)) for cell in measured]


def _memory(run: Run, windows: Sequence[Window]) -> list[Chart]:
    held = [window.memory / MB if window.memory else math.nan for window in windows]
    if all(map(math.isnan, held)):
        return []
    return [_over_time(run, windows, "memory", "Memory of the mock, MB", [("MB", held)])]


def _over_time(
    run: Run, windows: Sequence[Window], key: str, title: str, series: Sequence[Series]
) -> Chart:
    middles = [window.start + window.seconds / 2 for window in windows]
    return over_time(key, title, middles, series, _end(run))


def _each_second(windows: Sequence[Window], sums: Sequence[float]) -> list[float]:
    return [
        value / window.seconds if window.seconds else math.nan
        for value, window in zip(sums, windows, strict=True)
    ]


def _end(run: Run) -> float:
    last = run.windows[-1]
    return max(run.seconds, last.start + last.seconds)


def _intervals(figure: str, changes: Sequence[tuple[str, Change]], margin: float) -> Intervals:
    bound = ERROR_MARGIN if figure == "error share" else margin
    ends = [abs(one) for _, change in changes for one in (change.low, change.high)]
    reach = max(2 * bound, *(end for end in ends if math.isfinite(end) and end < 1), 0.001)

    def placed(value: float) -> float:
        return round(50 + 50 * min(max(value / reach, -1), 1), 1)

    lines = tuple(
        Interval(
            name=name,
            said=f"{wording.change(change.change)} ({figures.interval(change)})",
            word=change.word,
            low=placed(change.low),
            high=placed(change.high),
            at=placed(change.change),
        )
        for name, change in changes
    )
    return Intervals(
        key=f"change-{figure.split('/', maxsplit=1)[0].replace(' ', '-')}",
        title=f"Change of {figure}",
        told="; ".join(f"{line.name}: {line.said}, {line.word}" for line in lines),
        begin=placed(-bound),
        end=placed(bound),
        left=wording.change(-reach),
        right=wording.change(reach),
        lines=lines,
    )
