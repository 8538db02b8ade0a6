"""How the latencies of one name lie, on a scale on which each doubling is as wide."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from loadtests import wording
from loadtests.measured import Cell, percentiles
from loadtests.report.charts import BOTTOM, LEFT, RIGHT, Bar, Chart, Line, Mark, Tick, upward

_SLOTS: Final = 48
"""Columns of a histogram, at most."""

_BELOW_MARKS: Final = 54
"""Where the columns end, so that the three labels of marks stand above them."""

_EACH_DOUBLING: Final = (8, 4, 2, 1)
"""Columns for each doubling: as many as leave no more than fit."""


def histogram(key: str, cell: Cell) -> Chart:
    """The latencies of one name; of an open model with the service times as a line."""
    both = {*cell.latency, *cell.service}
    least, most = max(min(both), 1), max(both)
    doublings = math.log2(most / least)
    each = next((n for n in _EACH_DOUBLING if doublings * n < _SLOTS), 0.5)
    first, last = math.floor(math.log2(least) * each), math.floor(math.log2(most) * each) + 1
    wide = (RIGHT - LEFT) / (last - first)

    def across(microseconds: float) -> float:
        return round(LEFT + (math.log2(microseconds) * each - first) * wide, 1)

    latency, service = (_slots(counts, each) for counts in (cell.latency, cell.service))
    top, y = upward([*latency.values(), *service.values()], _BELOW_MARKS)
    bars = tuple(
        Bar(
            x=round(LEFT + (slot - first) * wide, 1),
            y=top(count),
            width=round(max(wide - 1, 0.5), 1),
            height=round(BOTTOM - top(count), 1),
            style="s0",
            title=f"{_span(slot, each)}: {wording.count(count)} requests",
        )
        for slot, count in sorted(latency.items())
    )
    outline = "".join(
        f"L{round(LEFT + (slot - first) * wide, 1)} {top(service.get(slot, 0))}h{round(wide, 1)}"
        for slot in range(first, last)
    )
    marks, told = _marks(cell, across)
    return Chart(
        key=key,
        title="How often, by latency",
        told=told,
        across="latency, each doubling as wide",
        x=_ticks(2 ** (first / each), 2 ** (last / each), across),
        y=y,
        lines=(Line("service time", 1, "M" + outline[1:]),) if service else (),
        bars=bars,
        legend=(("latency since due", "s0"),) if service else (),
        marks=marks,
    )


def _slots(counts: Mapping[int, int], each: float) -> Counter[int]:
    slots: Counter[int] = Counter()
    for latency, count in counts.items():
        slots[math.floor(math.log2(max(latency, 1)) * each)] += count
    return slots


def _span(slot: int, each: float) -> str:
    begin, end = (wording.milliseconds(2 ** (at / each)) for at in (slot, slot + 1))
    return f"{begin} to {end} ms"


def _marks(cell: Cell, across: Callable[[float], float]) -> tuple[tuple[Mark, ...], str]:
    values = percentiles(cell.latency, (50, 95, 99))
    labels = [
        f"{name} {wording.milliseconds(value)} ms"
        for name, value in zip(("p50", "p95", "p99"), values, strict=True)
    ]
    marks = tuple(
        Mark(across(value), label, row)
        for row, (value, label) in enumerate(zip(values, labels, strict=True))
    )
    return marks, ", ".join(labels)


def _ticks(least: float, most: float, across: Callable[[float], float]) -> tuple[Tick, ...]:
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    round_ones = [of * 10.0**power for power in powers for of in (1, 2, 5)]
    inside = [value for value in round_ones if least <= value <= most]
    every = max(math.ceil(len(inside) / 5), 1)
    return tuple(Tick(across(value), _short(value)) for value in inside[::every])


def _short(microseconds: float) -> str:
    if microseconds >= 1_000_000:
        return f"{microseconds / 1_000_000:g} s"
    return f"{microseconds / 1000:g} ms"
