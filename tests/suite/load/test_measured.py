"""Counted latencies and their percentiles."""

import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.measured import LONGEST, histogram, percentile, percentiles, record, rounded

counts = st.dictionaries(st.integers(0, 2 * LONGEST), st.integers(1, 1000), min_size=1)
percents = st.floats(0.1, 100)


@given(counts, percents)
def test_percentiles_are_those_of_hdr_histogram(measured: dict[int, int], percent: float) -> None:
    """What is read from sparse counts is what HdrHistogram reads from all of its counters."""
    filled = histogram()
    record(filled, measured)

    assert filled.get_value_at_percentile(percent) == percentile(measured, percent)


@given(counts, percents)
def test_rounding_moves_no_percentile(measured: dict[int, int], percent: float) -> None:
    """Latencies of three digits have the percentiles of those that they stand for."""
    assert percentile(measured, percent) == percentile(rounded(measured), percent)


@pytest.mark.parametrize("percent", [50, 95, 99, 99.9])
def test_percentiles_are_within_a_hundredth_of_the_raw_ones(percent: float) -> None:
    """A percentile is within 1 % of the one over all raw samples, sorted."""
    rng = random.Random(5)
    raw = sorted(int(20_000 * rng.lognormvariate(0, 1)) for _ in range(50_000))
    exact = raw[math.ceil(percent / 100 * len(raw)) - 1]

    assert percentile(Counter(raw), percent) == pytest.approx(exact, rel=0.01)


def test_nothing_has_no_percentile() -> None:
    """Without latencies a percentile is not a number."""
    assert all(map(math.isnan, percentiles({}, [50, 99])))
