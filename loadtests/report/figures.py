"""The figures of a run as they are written in every report, in words and digits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from loadtests import wording
from loadtests.changes import Change, Comparison
from loadtests.measured import Cell, percentiles
from loadtests.measuring import MB, MEASURES, active_seconds
from loadtests.record import ALL, Judged, Run

PERCENTS = (50, 95, 99, 99.9)


@dataclass(frozen=True, slots=True)
class Row:
    """What the requests of one name, or all of them, came to.

    Attributes:
        name: of the requests.
        body: of one request, in words.
        requests: how many.
        rate: requests a second.
        profiles: a second.
        megabytes: of bodies, a second.
        latency: p50, p95, p99, p99.9 and the longest, milliseconds.
        service: the same, of open-model runs; else empty.
        failed: how many requests.
        errors: as a share.
    """

    name: str
    body: str
    requests: str
    rate: str
    profiles: str
    megabytes: str
    latency: tuple[str, ...]
    service: tuple[str, ...]
    failed: str
    errors: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Failures of one kind among the requests of one name."""

    name: str
    kind: str
    count: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a capacity run, in digits."""

    load: str
    profiles: str
    p99: str
    errors: str
    end: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One figure of one name against earlier runs, in digits."""

    name: str
    figure: str
    before: str
    after: str
    change: str
    interval: str
    word: str


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """One objective, in words."""

    name: str
    objective: str
    wanted: str
    measured: str
    kept: bool


def verdict(run: Run) -> str:
    """The verdict's reason in one sentence."""
    broken, judged = len(run.breaches), len(run.objectives)
    parts = [f"{judged} of {judged} objectives kept" if judged else "no objectives were judged"]
    if broken:
        parts = [f"{broken} of {judged} objectives not kept"]
    if run.conservation.unexplained:
        parts.append("answers and journal of the mock differ")
    if not run.complete:
        parts.append("the run is not complete")
    return ", ".join(parts)


def comparison_verdict(comparison: Comparison) -> str:
    """How many names are worse, better, the same, in one line."""
    counted = [
        f"{len(names)} {word}"
        for word in ("worse", "better", "same", "unclear")
        if (names := comparison.named(word))
    ]
    return f"{len(comparison.names)} request names: {', '.join(counted)}"


def rows(run: Run) -> tuple[Row, ...]:
    """All requests together, then each name."""
    bodies = {
        name: f"{one.format}, {wording.count(one.items)} items, {wording.size(one.bytes)}"
        for name, one in run.names.items()
    }
    return (
        _row(run, None, run.whole, ""),
        *(_row(run, name, one.total, bodies[name]) for name, one in run.names.items()),
    )


def failures(run: Run) -> tuple[Failure, ...]:
    """Failures by name and kind, the most frequent first."""
    found = [
        (count, name, kind)
        for name, one in run.names.items()
        for kind, count in one.total.failures.items()
        if count
    ]
    return tuple(
        Failure(name, kind, wording.count(count)) for count, name, kind in sorted(found)[::-1]
    )


def steps(run: Run) -> tuple[StepRow, ...]:
    """The steps of a capacity run."""
    return tuple(
        StepRow(
            load=f"{step.users} users" if step.rate is None else f"{step.rate:g} requests/s",
            profiles=wording.figure(step.profiles_per_second),
            p99=wording.figure(step.p99),
            errors=wording.share(step.error_share),
            end=step.broken or ("knee" if at == run.knee else "kept"),
        )
        for at, step in enumerate(run.steps)
    )


def objectives(run: Run) -> tuple[ObjectiveRow, ...]:
    """The objectives, those that were not kept first."""
    return tuple(_objective(one) for one in sorted(run.objectives, key=lambda one: one.kept))


def changes(comparison: Comparison) -> tuple[ChangeRow, ...]:
    """Each figure of each name against the baseline."""
    return tuple(_changes(comparison))


def facts(run: Run) -> tuple[tuple[str, str], ...]:
    """What, where, when and how, as pairs of label and text."""
    here = run.environment
    return (
        ("Scenario", run.scenario),
        ("Started", run.started),
        ("Length", wording.duration(run.seconds)),
        ("Target", f"{here.target}, {here.base_url}"),
        ("Messages", "real ones left" if here.live else "none left: no live target"),
        ("Suite", f"{here.suite}, Python {here.python}, Locust {here.locust}"),
        ("Machine", f"{here.platform}, {here.cpus} cores"),
        *((key, str(value)) for key, value in run.settings.items()),
    )


def conservation(run: Run) -> str:
    """Whether answers and journal agree, in one sentence."""
    kept = run.conservation
    if not kept.checked:
        return "Not checked: only the embedded mock has a journal."
    said, journal = wording.count(kept.said), wording.count(kept.journal)
    return f"Answers named {said} profiles, the journal holds {journal}."


def _row(run: Run, name: str | None, cell: Cell, body: str) -> Row:
    seconds = active_seconds(run.windows, name)
    return Row(
        name=ALL if name is None else name,
        body=body,
        requests=wording.count(cell.requests),
        rate=wording.figure(cell.requests / seconds),
        profiles=wording.figure(cell.profiles / seconds),
        megabytes=wording.figure(cell.sent / MB / seconds),
        latency=_latencies(cell.latency),
        service=_latencies(cell.service) if run.whole.service else (),
        failed=wording.count(cell.failed),
        errors=wording.share(cell.failed / cell.requests if cell.requests else None),
    )


def _latencies(counts: dict[int, int]) -> tuple[str, ...]:
    longest = max(counts, default=None)
    return tuple(map(wording.milliseconds, [*percentiles(counts, PERCENTS), longest]))


def _objective(one: Judged) -> ObjectiveRow:
    measure = MEASURES[one.objective]
    side = "at least" if measure.at_least else "at most"
    return ObjectiveRow(
        name=one.name,
        objective=one.objective,
        wanted=f"{side} {measure.shown(one.wanted)}",
        measured="nothing" if one.measured is None else measure.shown(one.measured),
        kept=one.kept,
    )


def _changes(comparison: Comparison) -> Iterator[ChangeRow]:
    for one in comparison.names:
        if one.word == "unclear":
            none = wording.NOTHING
            yield ChangeRow(one.name, "all", none, none, none, none, "unclear")
            continue
        for change in one.changes:
            yield ChangeRow(
                name=one.name,
                figure=label(change.figure),
                before=_value(change, change.before),
                after=_value(change, change.after),
                change=_worded(change)(change.change),
                interval=interval(change),
                word=change.word,
            )


def label(figure: str) -> str:
    """A compared figure with its unit."""
    return f"{figure}, ms" if figure.startswith("p") and figure[1:].isdecimal() else figure


def interval(change: Change) -> str:
    """Where a change surely lies."""
    worded = _worded(change)
    return f"{worded(change.low)} to {worded(change.high)}"


def _worded(change: Change) -> Callable[[float], str]:
    return wording.points if change.figure == "error share" else wording.change


def _value(change: Change, value: float) -> str:
    if change.figure == "error share":
        return wording.share(value)
    if change.figure == "profiles/s":
        return wording.figure(value)
    return wording.milliseconds(value)
