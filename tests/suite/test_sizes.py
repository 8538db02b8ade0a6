"""Bodies of exactly N bytes."""

from collections.abc import Sequence
from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts import wire
from contracts.matching import MODES
from contracts.model import BINARY_LIMIT, DECIMAL_LIMIT, FORMATS, Format, Item, JsonValue, Params
from contracts.sizes import BLOCK, Recipe, exact, filler_item, smallest
from tests.strategies import requests

ITEM_RECIPES = (Recipe.ITEMS, Recipe.SHORT_ITEMS, Recipe.LONG_ITEMS)
TEXT_RECIPES = tuple(recipe for recipe in Recipe if recipe not in ITEM_RECIPES)

each_format = pytest.mark.parametrize("fmt", FORMATS)
each_mode = pytest.mark.parametrize("mode", MODES)
each_recipe = pytest.mark.parametrize("recipe", list(Recipe), ids=lambda recipe: recipe.value)
each_item_recipe = pytest.mark.parametrize("recipe", ITEM_RECIPES, ids=lambda r: r.value)
each_text_recipe = pytest.mark.parametrize("recipe", TEXT_RECIPES, ids=lambda r: r.value)


each_quickly = settings(max_examples=15)
"""There are up to 176 cells, so that a few draws in each are many in all."""


def request(mode: str = "email", kept: int = 3) -> Params:
    """A request with a few items that are easy to tell from fillers."""
    return {
        "token": "abcdefghijklmnqrstuvwxyz",
        "trigger_id": 8,
        "matching": mode,
        "data": [{"email": f"kept-{number}&<Ж>@example.com"} for number in range(kept)],
        "format": "json",
    }


def read(body: bytes, fmt: Format) -> dict[str, JsonValue]:
    """A body's parameters."""
    return cast("dict[str, JsonValue]", wire.decode(body, fmt))


def data(body: bytes, fmt: Format) -> Sequence[Item]:
    """A body's items."""
    return cast("Sequence[Item]", read(body, fmt)["data"])


def places(body: bytes, fmt: Format) -> list[int]:
    """The indices of the items that are no fillers."""
    return [i for i, item in enumerate(data(body, fmt)) if "kept" in str(item.get("email"))]


@each_format
@each_recipe
@pytest.mark.parametrize(
    "size", [limit + more for limit in (DECIMAL_LIMIT, BINARY_LIMIT) for more in (-1, 0, 1)]
)
def test_a_body_has_exactly_its_size(fmt: Format, recipe: Recipe, size: int) -> None:
    """Around both readings of 10 MB, every size is met to the byte."""
    assert len(exact(request(), fmt, size, recipe)) == size


@each_format
@each_recipe
def test_a_body_may_have_100_megabytes(fmt: Format, recipe: Recipe) -> None:
    """The largest bodies, too, are exact."""
    assert len(exact(request(), fmt, 100_000_001, recipe)) == 100_000_001


@each_format
@each_mode
@each_recipe
@each_quickly
@given(params=st.integers(0, 4), more=st.integers(0, 70_000))
@example(params=0, more=0)
@example(params=1, more=1)
def test_every_size_from_the_smallest_is_met(
    fmt: Format, mode: str, recipe: Recipe, params: int, more: int
) -> None:
    """From its smallest size on, a request is written at every size, as the encoder writes it."""
    asked = request(mode, params)
    size = smallest(asked, fmt, recipe) + more

    body = exact(asked, fmt, size, recipe)

    assert len(body) == size
    assert recipe is Recipe.ESCAPES or wire.encode(read(body, fmt), fmt) == body


@each_format
@each_recipe
@each_quickly
@given(params=requests("xml"), more=st.integers(0, 1000))
def test_a_request_is_kept_whole(fmt: Format, recipe: Recipe, params: Params, more: int) -> None:
    """All parameters are kept, whatever they hold; only `data` and `content` grow."""
    body = read(exact(params, fmt, smallest(params, fmt, recipe) + more, recipe), fmt)

    kept = {**(params if fmt == "json" else wire.as_text(params))}
    for name in ("data", "content"):
        kept.pop(name, None)
        body.pop(name, None)
    assert body == kept


@each_format
@each_item_recipe
@pytest.mark.parametrize(
    ("kept", "expected"), [(2, [0, 1]), (3, [0, 0.5, 1]), (5, [0, 0.25, 0.5, 0.75, 1])]
)
def test_items_stand_first_last_and_between(
    fmt: Format, recipe: Recipe, kept: int, expected: list[float]
) -> None:
    """The first item is at the front, the last at the very end, the others spread evenly."""
    body = exact(request(kept=kept), fmt, 200_000, recipe)

    last = len(data(body, fmt)) - 1
    assert [index / last for index in places(body, fmt)] == pytest.approx(expected, abs=0.02)
    assert (places(body, fmt)[0], places(body, fmt)[-1]) == (0, last)


@each_format
@each_item_recipe
def test_a_single_item_stands_at_the_end(fmt: Format, recipe: Recipe) -> None:
    """A single item is found only by who reads the whole body."""
    body = exact(request(kept=1), fmt, 50_000, recipe)

    assert places(body, fmt) == [len(data(body, fmt)) - 1]


@each_format
@each_text_recipe
def test_a_huge_value_leaves_the_items_alone(fmt: Format, recipe: Recipe) -> None:
    """Where the weight is in `content`, `data` is as it was, and stands behind it."""
    body = exact(request(), fmt, 50_000, recipe)

    assert data(body, fmt) == request()["data"]
    assert list(read(body, fmt)).index("content") < list(read(body, fmt)).index("data")


@each_format
@pytest.mark.parametrize(
    ("recipe", "width"),
    [
        (Recipe.CONTENT, 1),
        (Recipe.TWO_BYTE, 2),
        (Recipe.THREE_BYTE, 3),
        (Recipe.FOUR_BYTE, 4),
    ],
    ids=str,
)
def test_characters_have_the_recipe_s_width(fmt: Format, recipe: Recipe, width: int) -> None:
    """The huge value consists of characters of that many bytes, but for the last few."""
    content = read(exact(request(), fmt, 50_001, recipe), fmt)["content"]
    text = cast("dict[str, str]", content)["padding"]

    assert {len(character.encode()) for character in text[: -width or None]} == {width}


@pytest.mark.parametrize(
    ("fmt", "written", "text"),
    [
        ("json", rb"\u0416\"\n\ud83d\ude00", 'Ж"\n😀'),
        ("xml", b"&amp;&#1078;&#128512;", "&ж😀"),
    ],
)
def test_escapes_are_written_as_escapes(fmt: Format, written: bytes, text: str) -> None:
    """The huge value is written with the format's escapes, and reads as what they stand for."""
    body = exact(request(), fmt, 50_000, Recipe.ESCAPES)
    value = cast("dict[str, str]", read(body, fmt)["content"])["padding"]

    assert written * 2000 in body
    assert value.rstrip("x") == text * body.count(written)


@each_format
def test_content_is_kept_beside_the_weight(fmt: Format) -> None:
    """What `content` held stays; a key of the same name is not overwritten."""
    params = {**request(), "content": {"padding": "mine"}}

    content = cast("dict[str, str]", read(exact(params, fmt, 900, Recipe.CONTENT), fmt)["content"])

    assert (list(content), content["padding"]) == (["padding", "padding_"], "mine")


@each_text_recipe
def test_content_as_json_text_in_xml_grows_inside(recipe: Recipe) -> None:
    """In XML `content` may be JSON text: the weight goes into that text."""
    params = {**request(), "content": '{"H1":"Ж"}'}

    content = read(exact(params, "xml", 50_000, recipe), "xml")["content"]

    assert list(cast("Params", wire.decode(str(content).encode(), "json"))) == ["H1", "padding"]


@each_format
@each_recipe
def test_too_small_a_size_is_refused(fmt: Format, recipe: Recipe) -> None:
    """Below its smallest size a request is refused, and the message says that size."""
    least = smallest(request(), fmt, recipe)

    with pytest.raises(ValueError, match=f"takes {least} at least"):
        exact(request(), fmt, least - 1, recipe)


@each_recipe
@pytest.mark.parametrize("wrong", [None, "text", 3, {"email": "a@b.c"}, ["text"]], ids=str)
def test_data_of_another_shape_is_refused(recipe: Recipe, wrong: JsonValue) -> None:
    """Only a request whose items can be kept is made larger."""
    with pytest.raises(ValueError, match=r"no array|no object"):
        exact({**request(), "data": wrong}, "json", 50_000, recipe)


@each_format
@each_mode
@each_item_recipe
def test_fillers_are_of_the_request_s_mode(fmt: Format, mode: str, recipe: Recipe) -> None:
    """A filler holds the keys of one of the mode's searches, and nothing else."""
    fillers = data(exact(request(mode, kept=0), fmt, 50_000, recipe), fmt)

    assert {tuple(item) for item in fillers} <= {search.keys for search in MODES[mode].searches}


@each_format
@each_item_recipe
def test_e_mail_fillers_stay_addresses(fmt: Format, recipe: Recipe) -> None:
    """A local part has at most 64 characters, an address 254, a domain nobody's name."""
    emails = [str(item["email"]) for item in data(exact(request(kept=0), fmt, 50_000, recipe), fmt)]

    assert max(len(email.split("@")[0]) for email in emails) <= 64
    assert max(map(len, emails)) <= 254
    assert {email.rsplit(".", 1)[1] for email in emails} <= {"invalid", "xx"}


@each_item_recipe
def test_phone_fillers_stay_phones(recipe: Recipe) -> None:
    """A phone has at most 15 digits, of a country code that is nobody's."""
    fillers = data(exact(request("phone", kept=0), "json", 50_000, recipe), "json")

    assert all(str(item["phone"]).startswith("+999") for item in fillers)
    assert {len(str(item["phone"])) for item in fillers} <= set(range(8, 17))


def test_identifier_fillers_stay_identifiers() -> None:
    """A profile_id keeps its 24 digits: the last bytes go into `content`."""
    body = exact(request("profile_id", kept=0), "json", 50_007, Recipe.ITEMS)

    assert {len(str(item["profile_id"])) for item in data(body, "json")} == {24}
    assert "content" in read(body, "json")


@each_mode
def test_fillers_differ(mode: str) -> None:
    """Each number gives another item."""
    fillers = [str(filler_item(mode, number)) for number in (*range(2 * BLOCK), 99_999_999)]

    assert len(set(fillers)) == 2 * BLOCK + 1


@pytest.mark.parametrize("number", [-1, 100_000_000])
def test_a_filler_s_number_has_eight_digits(number: int) -> None:
    """A number that would change the width is refused."""
    with pytest.raises(ValueError, match="eight digits"):
        filler_item("email", number)
