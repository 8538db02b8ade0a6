"""Bodies of exactly N items."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts import wire
from contracts.model import Format, Item
from contracts.sizes import BLOCK, counted, filler_item
from tests.asking.cells import each_format, each_mode
from tests.strategies import items


@each_format
@given(
    count=st.integers(0, 3 * BLOCK + 5),
    at=st.dictionaries(st.integers(0, 3 * BLOCK + 5), items("email"), max_size=4),
)
@example(count=0, at={})
@example(count=1, at={})
@example(count=1, at={0: {"email": "a"}})
@example(count=2, at={0: {"email": "a"}, 1: {"email": "b"}})
@example(count=BLOCK, at={})
@example(count=2 * BLOCK + 1, at={BLOCK - 1: {"email": "a"}, BLOCK: {"email": "b"}})
def test_a_counted_body_holds_its_items(fmt: Format, count: int, at: dict[int, Item]) -> None:
    """Exactly `count` items: the given ones at their indices, fillers elsewhere."""
    placed = {index: item for index, item in at.items() if index < count}
    expected = [placed.get(i, filler_item("email", i % BLOCK)) for i in range(count)]

    body = counted({"trigger_id": 8}, fmt, count, placed)

    assert body == wire.encode({"trigger_id": 8, "data": expected}, fmt)


@each_format
@each_mode
def test_a_counted_body_is_of_its_mode(fmt: Format, mode: str) -> None:
    """Fillers are those of the request's mode."""
    expected = [filler_item(mode, number) for number in range(3)]

    body = counted({"matching": mode}, fmt, 3, {})

    assert body == wire.encode({"matching": mode, "data": expected}, fmt)


@each_format
def test_a_million_items_are_counted(fmt: Format) -> None:
    """A million items are a million items."""
    body = counted(
        {"trigger_id": 8}, fmt, 1_000_000, {0: {"email": "first"}, 999_999: {"email": "last"}}
    )

    assert body.count({"json": b'{"email":', "xml": b"<email>"}[fmt]) == 1_000_000
    assert body.index(b"first") < 200 < len(body) - 60 < body.index(b"last")


def test_an_item_beyond_the_count_is_refused() -> None:
    """There is no place for an item at or beyond `count`."""
    with pytest.raises(ValueError, match="no place for item 5 among 5"):
        counted({"trigger_id": 8}, "json", 5, {5: {"email": "a"}})
