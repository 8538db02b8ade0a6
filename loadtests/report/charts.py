"""Charts as plain data: places in a drawing of 360 units of width, which templates make SVG of.

They are drawn no wider, so that their letters can still be read on a telephone.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests import wording

WIDTH: Final = 360
HEIGHT: Final = 190
LEFT: Final = 46
RIGHT: Final = 342
TOP: Final = 10
BOTTOM: Final = 164


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line through time.

    Attributes:
        label: in the legend.
        style: number of its colour and dashes.
        path: of the SVG.
    """

    label: str
    style: int
    path: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; its title is what it says."""

    x: float
    y: float
    width: float
    height: float
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line with a label, on one of a few rows so that labels do not collide."""

    x: float
    label: str
    row: int


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing.

    Attributes:
        key: unique in its page.
        title: what it shows, with the unit.
        told: the same in a sentence with its figures, for who cannot see it.
        across: what the horizontal axis is, with its unit.
        x: ticks of that axis.
        y: ticks of the vertical one.
        lines: through time.
        bars: rectangles.
        legend: label and style of what the bars are, where that needs saying.
        marks: vertical lines.
    """

    key: str
    title: str
    told: str
    across: str
    x: tuple[Tick, ...]
    y: tuple[Tick, ...]
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    marks: tuple[Mark, ...] = ()


Series = tuple[str, Sequence[float]]
"""A label, and a value for each moment; nan where there is none."""


def over_time(
    key: str, title: str, moments: Sequence[float], series: Sequence[Series], end: float
) -> Chart:
    """Lines through the time of a run.

    Args:
        key: unique in its page.
        title: what it shows, with the unit.
        moments: seconds since the run began.
        series: one line each.
        end: of the run, in seconds.
    """
    top, y = upward(value for _, values in series for value in values)
    across, x, axis = time_axis(end)
    lines = tuple(
        Line(
            label, style, _path([(across(m), top(v)) for m, v in zip(moments, values, strict=True)])
        )
        for style, (label, values) in enumerate(series)
    )
    told = "; ".join(f"{label}: {_range(values)}" for label, values in series)
    return Chart(key, title, told, axis, x, y, lines)


def stacked(
    key: str,
    title: str,
    spans: Sequence[tuple[float, float]],
    series: Sequence[Series],
    end: float,
) -> Chart:
    """Counts of each stretch of time, one kind on the other.

    Args:
        key: unique in its page.
        title: what it shows.
        spans: begin and length of each stretch, in seconds.
        series: one kind each.
        end: of the run, in seconds.
    """
    sums = [sum(values) for values in zip(*(values for _, values in series), strict=True)]
    top, y = upward(sums)
    across, x, axis = time_axis(end)
    bars: list[Bar] = []
    for at, (begin, length) in enumerate(spans):
        below = 0.0
        for style, (label, values) in enumerate(series):
            if values[at]:
                low, below = below, below + values[at]
                wide = max(across(begin + length) - across(begin) - 0.5, 1)
                said = f"{label}: {wording.count(values[at])} at {wording.duration(begin)}"
                bars.append(_bar((across(begin), wide), (top(low), top(below)), f"s{style}", said))
    told = "; ".join(f"{label}: {wording.count(sum(values))}" for label, values in series)
    legend = tuple((label, f"s{style}") for style, (label, _) in enumerate(series))
    return Chart(key, title, told, axis, x, y, bars=tuple(bars), legend=legend)


def columns(
    key: str,
    title: str,
    across: str,
    values: Sequence[tuple[str, float, str, str]],
    legend: tuple[tuple[str, str], ...] = (),
) -> Chart:
    """One column for each of a few things.

    Args:
        key: unique in its page.
        title: what it shows, with the unit.
        across: what the things are.
        values: of each its label, its value, its style and what its title says.
        legend: label and style.
    """
    top, y = upward(value for _, value, _, _ in values)
    wide = (RIGHT - LEFT) / max(len(values), 1)
    bars = tuple(
        _bar((LEFT + at * wide + wide * 0.12, wide * 0.76), (top(0), top(value)), style, said)
        for at, (_, value, style, said) in enumerate(values)
        if math.isfinite(value)
    )
    every = max(math.ceil(len(values) / 8), 1)
    x = tuple(
        Tick(LEFT + (at + 0.5) * wide, label)
        for at, (label, _, _, _) in enumerate(values)
        if not at % every
    )
    told = "; ".join(said for *_, said in values)
    return Chart(key, title, told, across, x, y, bars=bars, legend=legend)


def upward(
    values: Iterable[float], highest: float = TOP
) -> tuple[Callable[[float], float], tuple[Tick, ...]]:
    """A vertical axis from 0 to beyond the largest value, which is drawn below `highest`."""
    most = max((value for value in values if math.isfinite(value)), default=0) or 1
    step = nice(most / 4)
    many = math.ceil(most / step - 1e-9)
    scale = (BOTTOM - highest) / (many * step)
    ticks = tuple(Tick(BOTTOM - n * step * scale, _short(n * step)) for n in range(many + 1))
    return (lambda value: round(BOTTOM - value * scale, 1)), ticks


def time_axis(end: float) -> tuple[Callable[[float], float], tuple[Tick, ...], str]:
    """A horizontal axis from 0 to the end of a run: places, ticks, and what it is."""
    end = end or 1
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200)
    step = next((one for one in steps if end / one <= 6), 86400)
    unit, each = ("s", 1) if end < 120 else ("min", 60) if end < 7200 else ("h", 3600)
    ticks = tuple(
        Tick(round(LEFT + n * step / end * (RIGHT - LEFT), 1), f"{n * step / each:g}")
        for n in range(int(end / step) + 1)
    )
    return (
        lambda moment: round(LEFT + min(moment / end, 1) * (RIGHT - LEFT), 1),
        ticks,
        f"time since the start, {unit}",
    )


def nice(value: float) -> float:
    """The next of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(of * power for of in (1, 2, 5, 10) if of * power >= value * (1 - 1e-9))


def _bar(x: tuple[float, float], y: tuple[float, float], style: str, title: str) -> Bar:
    """A rectangle from its left edge and width, and from its lower and upper edge."""
    (left, width), (low, high) = x, y
    return Bar(round(left, 1), high, round(width, 1), round(max(low - high, 0), 1), style, title)


def _path(places: Sequence[tuple[float, float]]) -> str:
    """A line that is broken where a value is missing; a lone value is a dot."""
    pieces: list[str] = []
    pen = "M"
    for x, y in places:
        if math.isfinite(y):
            # A piece of no length has round ends, so that a value between two gaps is seen.
            pieces.append(f"{pen}{x} {y}" + ("h0" if pen == "M" else ""))
            pen = "L"
        else:
            pen = "M"
    return "".join(pieces)


def _range(values: Sequence[float]) -> str:
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return "nothing measured"
    return f"{wording.figure(min(known))} to {wording.figure(max(known))}"


def _short(value: float) -> str:
    """A tick's number in few letters."""
    for letter, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
