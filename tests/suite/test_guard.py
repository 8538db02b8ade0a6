"""The guard: sends are counted before they leave, and never pass `max_sends`."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from endpoint.guard import BudgetSpent, Guard
from endpoint.target import Safety


def test_a_live_target_is_sent_to_up_to_the_limit() -> None:
    """The last send of the budget is allowed."""
    guard = Guard(Safety(live=True, max_sends=3))
    guard.reserve(1)
    guard.reserve(2)

    assert (guard.sent, guard.left) == (3, 0)


def test_what_does_not_fit_is_refused_whole() -> None:
    """A refusal says what was wanted, what is left and of how much, and counts nothing."""
    guard = Guard(Safety(live=True, max_sends=3))
    guard.reserve(2)

    with pytest.raises(BudgetSpent, match=r"2 profiles, and 1 of safety.max_sends = 3") as caught:
        guard.reserve(2)
    assert (caught.value.wanted, caught.value.left, caught.value.maximum) == (2, 1, 3)
    assert guard.sent == 2


def test_a_request_that_finds_nobody_always_fits() -> None:
    """Nothing is counted where nobody can be sent to."""
    guard = Guard(Safety(live=True, max_sends=0))
    guard.reserve(0)

    assert guard.sent == 0


def test_a_live_target_without_a_limit_sends_to_nobody() -> None:
    """A live target file without max_sends allows no send."""
    with pytest.raises(BudgetSpent):
        Guard(Safety(live=True)).reserve(1)


def test_a_target_that_is_not_live_is_only_counted() -> None:
    """Sends to a target that is not live are counted and never refused."""
    guard = Guard(Safety(live=False, max_sends=1))
    guard.reserve(1000)

    assert (guard.sent, guard.left) == (1000, None)


def test_a_negative_number_is_no_reservation() -> None:
    """Nothing can be put back into the budget."""
    with pytest.raises(ValueError, match="negative"):
        Guard(Safety(live=True, max_sends=1)).reserve(-1)


def test_threads_share_one_budget() -> None:
    """Eight threads that want more than there is get exactly what there is."""
    guard = Guard(Safety(live=True, max_sends=100))

    def want(_: int) -> None:
        with contextlib.suppress(BudgetSpent):
            guard.reserve(3)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(want, range(200)))
    assert guard.sent == 99
