"""When a load run ends by itself."""

from collections import Counter

import pytest

from loadtests.autostop import Autostop
from loadtests.measured import Cell, Window

FAST = {1_000: 10}
SLOW = {5_000_000: 10}
"""Latencies in microseconds, and how many."""


def second(latency: dict[int, int], failed: int = 0) -> Window:
    """A second with these answers, and so many failures beside them."""
    cell = Cell(sum(latency.values()) + failed, latency=Counter(latency))
    cell.failures["closed"] = failed
    return Window(0.0, 1.0, cells={"json email x1": cell})


@pytest.mark.parametrize(
    ("windows", "said"),
    [
        ([second(FAST)] * 9, ""),
        ([second(FAST, 11)] * 2, ""),
        ([second(FAST, 11)] * 3, "more than 50% of the requests failed"),
        ([second(FAST, 11), second(FAST), second(FAST, 11)], ""),
        ([second(SLOW)] * 3, "half of the answers took more than 2,000 ms"),
        ([second(SLOW), second(SLOW), second(FAST)], ""),
        ([second(FAST)] * 5 + [second(SLOW)] * 3, "half of the answers"),
        ([second({})] * 3, ""),
    ],
)
def test_bounds_have_to_be_passed_in_a_row(windows: list[Window], said: str) -> None:
    """Three bad seconds in a row end a run; a good one between them does not let it end."""
    reason = Autostop(seconds=3, error_share=0.5, latency=2_000).reason(windows)

    assert said in reason
    assert bool(said) == bool(reason)


def test_a_run_can_be_told_never_to_stop() -> None:
    """0 seconds: it goes on, whatever fails."""
    assert Autostop(0, 0.5, 2_000).reason([second(SLOW, 100)] * 100) == ""
