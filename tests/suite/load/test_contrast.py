"""How sure a figure is: against what statistics books and simulated runs say."""

import math
import random
from collections import Counter

import pytest

from loadtests.contrast import Figure, Point, percentile, quotient, reach, student
from loadtests.measured import Cell, rounded


@pytest.mark.parametrize(
    ("doubt", "freedom", "table"),
    [
        (0.05, 1, 6.314),
        (0.05, 2, 2.920),
        (0.05, 5, 2.015),
        (0.001, 10, 4.144),
        (0.001, 20, 3.552),
        (0.0005, 30, 3.646),
        (0.025, 1000, 1.962),
    ],
)
def test_student_is_as_in_the_tables(doubt: float, freedom: float, table: float) -> None:
    """Quantiles of Student's distribution are right within 1 %."""
    assert student(doubt, freedom) == pytest.approx(table, rel=0.01)


def points(seed: int, *, resemblance: float, windows: int = 60, level: int = 0) -> list[Point]:
    """Windows of 50 latencies, whose speeds vary by 5 % and resemble their neighbours."""
    rng = random.Random(seed)
    speed = rng.gauss(0, 0.05)
    found = []
    for at in range(windows):
        speed = resemblance * speed + math.sqrt(1 - resemblance**2) * rng.gauss(0, 0.05)
        shift = level * (at >= windows / 2)
        drawn = Counter(int(20_000 * rng.lognormvariate(speed + shift, 0.2)) for _ in range(50))
        found.append(Point(10 + shift, 1.0, Cell(50, profiles=50, latency=rounded(drawn))))
    return found


@pytest.mark.parametrize(("percent", "deviations"), [(50, 0), (95, 1.6449)])
@pytest.mark.parametrize("resemblance", [0, 0.5])
def test_an_interval_holds_the_truth_as_often_as_it_says(
    percent: float, deviations: float, resemblance: float
) -> None:
    """Of 200 intervals that are wrong once in ten on either side, about 40 are.

    Sixty windows that resemble each other by half are worth twenty: some more are wrong then.
    """
    truth = 20_000 * math.exp(math.hypot(0.2, 0.05) * deviations)
    wrong = 0
    for seed in range(200):
        figure = percentile(points(seed, resemblance=resemblance), percent)
        assert figure is not None
        low, high = figure.within(reach(0.1, figure))
        wrong += not low <= truth <= high

    assert 25 <= wrong <= 65


def test_resembling_windows_are_less_sure() -> None:
    """The same number of requests tells less where seconds resemble their neighbours."""
    alone, alike = (
        sum(width(percentile(points(seed, resemblance=of), 50)) for seed in range(20))
        for of in (0, 0.8)
    )

    assert alike > 1.3 * alone


def width(figure: Figure | None) -> float:
    """Of an interval of one standard error to either side."""
    assert figure is not None
    low, high = figure.within(1)
    return high - low


def test_the_shape_of_a_run_is_no_uncertainty() -> None:
    """Windows of twice the users, and so three times the latency, make nothing less sure."""
    steady = width(percentile(points(1, resemblance=0), 50))
    stepped = points(1, resemblance=0, level=1)
    shapeless = [Point(10, one.seconds, one.cell) for one in stepped]

    assert width(percentile(stepped, 50)) < 3 * steady
    assert width(percentile(shapeless, 50)) > 5 * steady


def test_too_little_says_nothing() -> None:
    """Nine windows, or 500 latencies for a p99, are too few."""
    assert percentile(points(1, resemblance=0, windows=9), 50) is None
    assert percentile(points(1, resemblance=0, windows=10), 99) is None
    assert quotient([], [], []) is None
