"""Repeated items, counted."""

from tests.asking.counting import counted


def test_an_object_that_repeats_is_told_once() -> None:
    """In the order of their first places, each with how often it stands there."""
    one, other = {"email": "a@example.com"}, {"email": "b@example.com"}

    assert counted([other, one, other]) == [(other, 2), (one, 1)]


def test_no_item_is_lost() -> None:
    """Equal items that are objects of their own stay apart: together, all are counted."""
    one = {"email": "a@example.com"}
    batch = [one, dict(one), one, 7, "text", None]

    assert sum(times for _, times in counted(batch)) == len(batch)
    assert [item for item, times in counted(batch) for _ in range(times)].count(one) == 3
