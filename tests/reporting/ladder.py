"""The size ladder of a report as plain data, which a template makes SVG of: 360 units wide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts.model import BINARY_LIMIT, DECIMAL_LIMIT, FORMATS
from tests.reporting.model import Report
from tests.reporting.traffic import Fate, Rung

LEFT: Final = 92
RIGHT: Final = 348
LANE: Final = 20
TOP: Final = 26
"""Units: where the drawing begins, and how high one line of marks is."""

NEAR: Final = 0.12
"""Sizes this share away from the limit, at most, stand in the second picture."""

MOST_RUNGS: Final = 28

LIMIT_CLAUSE: Final = "limit.figure"

FATES: Final = {
    Fate.SERVED: "served",
    Fate.REFUSED: "refused",
    Fate.UNREADABLE: "not readable",
    Fate.UNANSWERED: "no answer",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: where, what became of the bodies, and what it says."""

    x: float
    y: float
    fate: str
    told: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing.

    Attributes:
        key: unique in its page.
        title: what it shows.
        told: the same in a sentence, for who cannot see it.
        height: of the drawing.
        rows: labels at the left.
        ticks: labels of the axis below.
        borders: vertical lines, or horizontal ones, with what they are.
        marks: what was sent.
    """

    key: str
    title: str
    told: str
    height: float
    rows: tuple[Label, ...]
    ticks: tuple[Label, ...]
    borders: tuple[Label, ...]
    marks: tuple[Mark, ...]


def limit_in_words(report: Report) -> str:
    """The limit as the target file gives it, as the page says it, and as it was found."""
    given = report.target.body_limit_bytes
    said = f"given in the target file: {given:,} bytes" if given else "documented: 10 MB"
    seen = next((one.seen for one in report.observations if one.clause == LIMIT_CLAUSE), {})
    found = ", ".join(f"{int(one):,} bytes" if one.isdigit() else one for one in seen)
    return f"{said}; found: {found or 'not asked'}"


def all_sizes(report: Report) -> Picture:
    """Every size on a logarithmic axis: a line of marks for each format and fate."""
    lanes: list[tuple[str, Fate]] = [
        (fmt, fate)
        for fmt in FORMATS
        for fate in Fate
        if fate in {Fate.SERVED, Fate.REFUSED}
        or any(one.request == fmt and one.fate == fate for one in report.ladder)
    ]
    y = {lane: TOP + LANE * (place + 0.5) for place, lane in enumerate(lanes)}
    low, high = math.log10(100), math.log10(4 * BINARY_LIMIT)

    def across(size: int) -> float:
        share = (math.log10(max(size, 100)) - low) / (high - low)
        return round(LEFT + min(share, 1) * (RIGHT - LEFT), 1)

    grouped: dict[tuple[int, float, str], list[Rung]] = {}
    for rung in report.ladder:
        at = y[rung.request, Fate(rung.fate)]
        grouped.setdefault((round(across(rung.size)), at, rung.fate), []).append(rung)
    marks = tuple(Mark(x, at, fate, _several(rungs)) for (x, at, fate), rungs in grouped.items())
    height = TOP + LANE * len(lanes)
    ticks = tuple(
        Label(across(size), height + 14, text)
        for size, text in ((100, "100 B"), (1_000, "1 kB"), (10_000, "10 kB"), (100_000, "100 kB"),
                           (1_000_000, "1 MB"), (10_000_000, "10 MB"))
    )  # fmt: skip
    limit = report.target.body_limit_bytes or DECIMAL_LIMIT
    rows = tuple(Label(LEFT - 8, y[lane] + 4, _lane(*lane)) for lane in lanes)
    return Picture(
        "sizes",
        "What became of bodies of each size",
        _told(report.ladder),
        height,
        rows,
        ticks,
        (Label(across(limit), TOP, f"{limit:,} bytes"),),
        marks,
    )


def near_limit(report: Report) -> Picture | None:
    """The sizes around the limit, a rung each; None where none was asked for."""
    given = report.target.body_limit_bytes
    low, high = (given, given) if given else (DECIMAL_LIMIT, BINARY_LIMIT)
    near = [one for one in report.ladder if low * (1 - NEAR) <= one.size <= high * (1 + NEAR)]
    border = given or BINARY_LIMIT
    sizes = sorted({one.size for one in near}, key=lambda size: abs(size - border))[:MOST_RUNGS]
    if not sizes:
        return None
    y = {size: TOP + LANE * (place + 0.5) for place, size in enumerate(sorted(sizes))}
    centre: dict[str, int] = {fmt: 170 + 110 * place for place, fmt in enumerate(FORMATS)}
    marks = tuple(
        Mark(
            centre[one.request] + 24 * (list(Fate).index(Fate(one.fate)) - 0.5),
            y[one.size],
            one.fate,
            f"{one.request.upper()}, {one.size:,} bytes: {one.times:,} {one.fate}",
        )
        for one in near
        if one.size in y
    )
    readings = (given,) if given else (DECIMAL_LIMIT, BINARY_LIMIT)
    borders = tuple(
        Label(LEFT, max(at for size, at in y.items() if size <= reading) + LANE / 2, f"{reading:,}")
        for reading in readings
        if any(size <= reading for size in sizes)
    )
    return Picture(
        "limit",
        "Around the limit",
        _told(near),
        TOP + LANE * len(sizes),
        tuple(Label(LEFT - 8, at + 4, f"{size:,}") for size, at in y.items()),
        tuple(Label(x, TOP - 10, fmt.upper()) for fmt, x in centre.items()),
        borders,
        marks,
    )


def _several(rungs: Sequence[Rung]) -> str:
    low, high = min(one.size for one in rungs), max(one.size for one in rungs)
    sizes = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    times = sum(one.times for one in rungs)
    return f"{rungs[0].request.upper()}, {sizes} bytes: {times:,} {rungs[0].fate}"


def _lane(fmt: str, fate: Fate) -> str:
    return f"{fmt.upper()} {FATES[fate]}"


def _told(rungs: Sequence[Rung]) -> str:
    """The largest body served and the smallest refused, by format."""
    said = []
    for fmt in FORMATS:
        of_format = [one for one in rungs if one.request == fmt]
        served = [one.size for one in of_format if one.fate == Fate.SERVED]
        refused = [one.size for one in of_format if one.fate == Fate.REFUSED]
        largest = f"{max(served):,} bytes" if served else "none"
        smallest = f"{min(refused):,} bytes" if refused else "none"
        said.append(f"{fmt.upper()}: largest served {largest}, smallest refused {smallest}")
    return "; ".join(said)
