"""The table: a row for each subject, then the totals of each way to test."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.side_by_side.subjects import Subject
from benchmarks.side_by_side.trials import Outcome, Trial

Row = Mapping[str, Trial]
"""Way to test -> what came of it."""

WIDTH: Final = 44

_WORDS: Final[Mapping[tuple[bool, Outcome], str]] = {
    (True, Outcome.FAILED): "caught",
    (True, Outcome.HELD): "MISSED",
    (False, Outcome.FAILED): "ACCUSED",
    (False, Outcome.HELD): "holds",
}


@dataclass(frozen=True, slots=True)
class Totals:
    """What one way to test makes of all subjects.

    Attributes:
        caught: defects that failed.
        missed: defects that held.
        accused: conforming subjects that failed.
        cleared: conforming subjects that held.
        undecided: subjects without a verdict.
        requests: sent, by all runs.
        seconds: of all runs.
    """

    caught: int
    missed: int
    accused: int
    cleared: int
    undecided: int
    requests: int
    seconds: float


def totals(trials: Iterable[tuple[Subject, Trial]]) -> Totals:
    """Add up the trials of one way to test."""
    all_of_them = list(trials)
    words = [word(subject, trial) for subject, trial in all_of_them]
    return Totals(
        caught=words.count("caught"),
        missed=words.count("MISSED"),
        accused=words.count("ACCUSED"),
        cleared=words.count("holds"),
        undecided=words.count("undecided"),
        requests=sum(trial.requests for _, trial in all_of_them),
        seconds=sum(trial.seconds for _, trial in all_of_them),
    )


def word(subject: Subject, trial: Trial) -> str:
    """What came of a trial, in the light of what its subject is."""
    return _WORDS.get((subject.kind == "defect", trial.outcome), "undecided")


def head(ways: Sequence[str]) -> str:
    """The line above the rows."""
    return f"{'subject':<{WIDTH}}" + "".join(f" {way:<{WIDTH}}" for way in ways)


def row(subject: Subject, trials: Row) -> str:
    """One subject."""
    cells = [
        f"{word(subject, trial):<9} {trial.requests:>5} {trial.seconds:>4.0f} s {trial.why[:22]}"
        for trial in trials.values()
    ]
    name = f"{subject.family}: {subject.name}"
    return (f"{name[:WIDTH]:<{WIDTH}}" + "".join(f" {cell:<{WIDTH}}" for cell in cells)).rstrip()


def summary(rows: Mapping[Subject, Row]) -> str:
    """The lines below the rows: the totals of each way to test."""
    ways = {
        way: totals((subject, trials[way]) for subject, trials in rows.items())
        for way in dict.fromkeys(way for trials in rows.values() for way in trials)
    }
    names = f"{'':<28} {'caught':>7} {'missed':>7} {'accused':>12} {'undecided':>10}"
    lines = [names + f" {'requests':>9} {'seconds':>8}"]
    lines += [
        f"{way:<28} {one.caught:>7} {one.missed:>7}"
        f" {f'{one.accused} of {one.accused + one.cleared}':>12} {one.undecided:>10}"
        f" {one.requests:>9,} {one.seconds:>8,.0f}"
        for way, one in ways.items()
    ]
    return "\n".join(lines)
