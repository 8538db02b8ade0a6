"""What changed between two runs: clauses and observations, and whether it got worse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tests.reporting.ledger import Standing
from tests.reporting.model import BreachRow, ClauseRow, Observation, Report


class Way(StrEnum):
    """In which direction a clause went."""

    WORSE = "worse"
    BETTER = "better"
    LOST = "no longer checked"
    GAINED = "checked now"
    OTHER = "otherwise"


_SAYS: Final = frozenset({Standing.HELD, Standing.BROKEN, Standing.OBSERVED})
"""Standings that say something of the target."""


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause that stands otherwise.

    Attributes:
        clause: the clause, as the later run knows it; as the earlier one does where it is gone.
        before: its standing, or `unknown` to a run that did not have the clause.
        after: the same, later.
        way: in which direction it went.
        breach: how it is broken now; None where it is not.
    """

    clause: ClauseRow
    before: str
    after: str
    way: Way
    breach: BreachRow | None


@dataclass(frozen=True, slots=True)
class ObservedChange:
    """One open clause in which the target does something else.

    Attributes:
        clause: the id.
        sentence: what is open.
        before: what was seen.
        after: what is seen now.
    """

    clause: str
    sentence: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Two runs beside each other.

    Attributes:
        before: the earlier run, or the one to compare with.
        after: the other one.
        clauses: that stand otherwise, the worse ones first.
        observed: open clauses in which both runs saw something, and not the same.
        doubts: why the runs can be compared only in part.
    """

    before: Report
    after: Report
    clauses: tuple[ClauseChange, ...]
    observed: tuple[ObservedChange, ...]
    doubts: tuple[str, ...]

    @property
    def is_worse(self) -> bool:
        """Whether a promise is broken that was not, or is checked no longer."""
        return any(one.way in {Way.WORSE, Way.LOST} for one in self.clauses)


def between(before: Report, after: Report) -> Changes:
    """What changed from one run to another."""
    return Changes(
        before,
        after,
        tuple(sorted(_clauses(before, after), key=lambda one: list(Way).index(one.way))),
        tuple(_observed(before, after)),
        tuple(_doubts(before, after)),
    )


def _clauses(before: Report, after: Report) -> Iterator[ClauseChange]:
    old = {row.id: row for row in before.clauses}
    new = {row.id: row for row in after.clauses}
    told = {breach.clause: breach for breach in after.plainest}
    for name in (*new, *(name for name in old if name not in new)):
        row = new.get(name) or old[name]
        was = old[name].standing if name in old else "unknown"
        now = new[name].standing if name in new else "unknown"
        # What is open is broken only where it is pinned; else it stands under `observed`.
        if was != now and (row.status != "open" or Standing.BROKEN in {was, now}):
            yield ClauseChange(row, was, now, _way(was, now), told.get(name))


def _way(before: str, after: str) -> Way:
    if after == Standing.BROKEN:
        return Way.WORSE
    if before == Standing.BROKEN:
        # What is not checked any more may be as broken as it was.
        return Way.BETTER if after in _SAYS else Way.LOST
    if after in _SAYS:
        return Way.GAINED
    return Way.LOST if before in _SAYS else Way.OTHER


def _observed(before: Report, after: Report) -> Iterator[ObservedChange]:
    old = _seen(before)
    for clause, one in _seen(after).items():
        if clause in old and set(old[clause].seen) != set(one.seen):
            was, now = tuple(old[clause].seen), tuple(one.seen)
            yield ObservedChange(clause, one.sentence, was, now)


def _seen(report: Report) -> Mapping[str, Observation]:
    return {one.clause: one for one in report.observations if one.seen}


def _doubts(before: Report, after: Report) -> Iterator[str]:
    for said, report in (("before", before), ("after", after)):
        if report.verdict not in {"held", "broken"}:
            yield f"{said}: {report.sentence}"
    for label, was, now in (
        ("effort", before.environment.effort, after.environment.effort),
        ("contract", before.environment.contract, after.environment.contract),
        (
            "options",
            " ".join(before.environment.options),
            " ".join(after.environment.options),
        ),
    ):
        if was != now:
            yield f"{label}: {was or 'none'} before, {now or 'none'} after"
