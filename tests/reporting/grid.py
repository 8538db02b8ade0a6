"""The grid of a report: eleven modes down, kinds of case across, four pairs of formats in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.matching import MODES
from tests.reporting.model import Report
from tests.reporting.traffic import Cell, Kind

HEADS: Final = {
    Kind.ONE: "one item",
    Kind.SOME: "several items",
    Kind.THOUSANDS: "1,000 items and more",
    Kind.MEGABYTES: "1 MB and more",
    Kind.IN_PARTS: "in chunks or pieces",
    Kind.RESPELLED: "spelled otherwise",
    Kind.NOBODY: "finds nobody",
    Kind.WRONG: "to be refused",
    Kind.TOO_LARGE: "over the limit",
    Kind.OPEN: "left open",
}
"""What stands above the columns."""


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of the grid: a pair of formats of a kind of case of a mode.

    Attributes:
        formats: as a reader says them.
        times: requests.
        state: `off` where there was none, `bad` where one broke a clause, else `on`.
        told: what it says, in words.
    """

    formats: str
    times: int
    state: str
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """A mode, and for each kind of case its four squares."""

    mode: str
    boxes: tuple[tuple[Square, ...], ...]


def lines(report: Report) -> Iterator[Line]:
    """The grid, a mode a line."""
    bad = {
        (place.mode, place.request, place.answer, kind)
        for breach in report.breaches
        if (place := breach.place)
        for kind in place.kinds
    }
    by_box: dict[tuple[str, str], list[Square]] = {}
    for cell in report.grid:
        is_bad = (cell.mode, cell.request, cell.answer, cell.kind) in bad
        by_box.setdefault((cell.mode, cell.kind), []).append(_square(cell, is_bad=is_bad))
    for mode in MODES:
        yield Line(mode, tuple(tuple(by_box[mode, kind]) for kind in Kind))


def empty(report: Report) -> int:
    """Cells that no request exercised."""
    return sum(not cell.fates for cell in report.grid)


def _square(cell: Cell, *, is_bad: bool) -> Square:
    formats = f"{cell.request.upper()} → {cell.answer.upper()}"
    times = sum(cell.fates.values())
    said = ", ".join(f"{count:,} {fate}" for fate, count in cell.fates.items())
    state = "bad" if is_bad else "on" if times else "off"
    return Square(formats, times, state, f"{formats}: {said or 'never exercised'}")
