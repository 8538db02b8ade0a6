"""Bodies of exactly N items."""

from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts import wire
from contracts.model import Format, Item, JsonValue, Params
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


@each_format
@pytest.mark.parametrize("count", [1, 3, BLOCK + 2])
def test_fillers_name_the_field_where_the_items_do(fmt: Format, count: int) -> None:
    """A server that wants `field_name` in each item is not asked without it."""
    own: Item = {"field_name": "Custom_ID", "field_value": "a"}

    body = counted({"matching": "custom_sub", "data": [own]}, fmt, count, {count - 1: own})

    assert [item["field_name"] for item in _items(body, fmt)] == ["Custom_ID"] * count


@each_format
@pytest.mark.parametrize("count", [1, 3, BLOCK + 2])
def test_fillers_have_no_provider_beside_one_at_the_top(fmt: Format, count: int) -> None:
    """One provider for all items is all items' own."""
    params: Params = {"matching": "push_sub", "provider": "ios-apns"}

    body = counted(params, fmt, count, {})

    assert {tuple(item) for item in _items(body, fmt)} == {("subscription_id",)}


def _items(body: bytes, fmt: Format) -> list[Item]:
    data = cast("dict[str, JsonValue]", wire.decode(body, fmt))["data"]
    return cast("list[Item]", data if isinstance(data, list) else [data])
