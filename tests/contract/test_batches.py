"""Many items in one request: all found, none else, wherever they stand (SEED: data, result)."""

import pytest
from hypothesis import example, given

from contracts.matching import MODES
from contracts.model import Format, Item, JsonValue
from contracts.sizes import Recipe
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format, each_mode, each_pair
from tests.asking.known import Known
from tests.asking.question import Among
from tests.asking.sized import Sized
from tests.strategies import plans
from tests.strategies.plans import Nobody, Plan

COUNTS = (1, 2, 3, 10, 99, 100, 101, 256, 500, 1_000, 1_001, 1_024, 2_048, 5_000, 10_000, 10_001)
LARGE_COUNTS = (20_000, 32_769, 50_001, 65_536, 65_537, 100_001)
BEYOND_TWO_BYTES = 66_001
"""Items: more than 65,536."""

MANY = 4_000
"""Items: more than 100 kB in either format."""

FULL_BODY = 9_990_000
"""Bytes: more than 250,000 short items in JSON, and under either reading of 10 MB."""

BORDERS = (1, 2, 10, 64, 99, 100, 127, 128, 255, 256, 499, 500, 511, 512, 999, 1_000, 1_023, 1_024,
           1_999, 2_000, 2_047, 2_048, 4_095, 4_096, 4_999, 5_000, 8_191, 8_192, 9_999, 10_000,
           16_383, 16_384, 19_999, 20_000, 32_767, 32_768, 49_999, 50_000, 65_534, 65_535,
           65_536, 99_999, 100_000, 131_071, 131_072)  # fmt: skip
"""Indices at which servers cut batches in pieces, or count beyond what a number holds."""

ODD_ITEMS: dict[str, Item] = {
    "no key": {},
    "empty value": {"email": ""},
    "another kind of value": {"email": 12_345},
    "only white space": {"email": " "},
    "two addresses": {"email": "a@nobody.invalid;b@nobody.invalid"},
    "not an address": {"email": "nobody"},
    "extra key": {"email": "nobody@nobody.invalid", "note": "x"},
    "a wildcard": {"email": "*"},
    "an SQL wildcard": {"email": "%"},
    "a regular expression": {"email": ".*"},
    "a condition": {"email": "' OR '1'='1"},
    "a long value": {"email": f"{'n' * 300}@nobody.invalid"},
    "a very long value": {"email": f"{'n' * 70_000}@nobody.invalid"},
}

JSON_ONLY_ITEMS: dict[str, JsonValue] = {
    "a query object": {"email": {"$ne": ""}},
    "a list of values": {"email": ["nobody@nobody.invalid"]},
    "null": {"email": None},
    "a zero byte": {"email": "a\0b@nobody.invalid"},
    "not an object": "nobody@nobody.invalid",
    "nothing": None,
    "a number": 5,
    "an array": [],
}


ODD_VALUES: dict[str, JsonValue] = {
    "a query object": {"$ne": ""},
    "an empty object": {},
    "an empty list": [],
    "null": None,
    "a fraction": 3.5,
    "true": True,
}
"""What no key of an item promises to take."""

WORDS = ("constructor", "__proto__", "toString", "null", "undefined", "None", "nil", "NaN")
"""Texts that mean something to the languages in which servers are written."""


@pytest.mark.clause("batch.complete", "batch.position")
@pytest.mark.parametrize("count", COUNTS)
@each_pair
def test_first_middle_and_last_are_found(
    sized: Sized, known: Known, count: int, formats: Formats
) -> None:
    """Among items that find nobody, the first, the middle and the last are found."""
    sized.finds_among(known.widest_mode, (0, count // 2, count - 1), count, formats)


@pytest.mark.slow
@pytest.mark.clause("batch.complete", "batch.position")
@pytest.mark.parametrize("count", LARGE_COUNTS)
@each_format
def test_large_batches_are_found(sized: Sized, known: Known, count: int, fmt: Format) -> None:
    """A large batch is served to its last item."""
    sized.finds_among(known.widest_mode, (0, count // 2, count - 1), count, Formats(fmt, fmt))


@pytest.mark.slow
@pytest.mark.clause("batch.complete", "batch.position")
@each_mode
@each_format
def test_large_batches_are_found_in_each_mode(sized: Sized, mode: str, fmt: Format) -> None:
    """In each mode, a batch beyond what two bytes can count is served to its last item."""
    sized.finds_among(mode, (0, BEYOND_TWO_BYTES - 1), BEYOND_TWO_BYTES, Formats(fmt, fmt))


@pytest.mark.clause("batch.complete", "batch.position", "batch.most-items")
@each_format
def test_the_largest_batches_are_found(ask: Ask, sized: Sized, known: Known, fmt: Format) -> None:
    """A batch that fills the body with short items is served to its last item."""
    sized.finds_at_size(known.widest_mode, FULL_BODY, Recipe.SHORT_ITEMS, Formats(fmt, fmt))
    ask.observe("as many as fit", "batch.most-items")


@pytest.mark.slow
@pytest.mark.clause("batch.position")
@pytest.mark.parametrize("turn", range(4))
@each_format
def test_no_border_inside_a_batch_loses_an_item(
    sized: Sized, known: Known, turn: int, fmt: Format
) -> None:
    """At the indices where servers cut batches in pieces, items are found as elsewhere."""
    borders = BORDERS[turn * len(BORDERS) // 4 : (turn + 1) * len(BORDERS) // 4]

    sized.finds_among(known.widest_mode, borders, borders[-1] + 2, Formats(fmt, fmt))


@pytest.mark.clause("batch.complete")
@each_mode
@each_pair
@given(plan=plans.found_plans())
def test_a_batch_finds_what_its_items_find(
    ask: Ask, known: Known, mode: str, formats: Formats, plan: Plan
) -> None:
    """Found or not, once or twice, in any order: a batch is the union of its items."""
    ask.finds(ask.batch(mode, known.plan(mode, plan), formats.answer), formats.request)


@pytest.mark.clause("batch.nobody-else", "batch.all-unmatched")
@each_mode
@each_pair
@given(plan=plans.unmatched_plans())
@example(plan=(Nobody(0),))
def test_items_of_nobody_find_nobody(
    ask: Ask, known: Known, mode: str, formats: Formats, plan: Plan
) -> None:
    """A batch without a known value names nobody, in success or in an error."""
    reply = ask.finds_nobody(
        ask.batch(mode, known.plan(mode, plan), formats.answer), formats.request
    )

    ask.observe(names.nobody(reply), "batch.all-unmatched")


@pytest.mark.clause("batch.unmatched-neighbours")
@each_mode
@each_pair
@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_an_unmatched_item_changes_nothing(
    ask: Ask, known: Known, mode: str, formats: Formats, place: str
) -> None:
    """An item that finds nobody, wherever it stands, costs its neighbours nothing."""
    items = known.one_each(mode)
    at = {"before": 0, "between": (len(items) + 1) // 2, "after": len(items)}[place]
    nobody = known.plan(mode, (Nobody(7),))

    ask.finds(ask.batch(mode, [*items[:at], *nobody, *items[at:]], formats.answer), formats.request)


@pytest.mark.clause("batch.unmatched-neighbours", "matching.whole-value")
@pytest.mark.parametrize("mode", ["push_sub", "custom", "custom_sub"])
@each_format
def test_words_of_programs_find_nobody(ask: Ask, known: Known, mode: str, fmt: Format) -> None:
    """A text that is also a word of a programming language is a text like any other."""
    key = MODES[mode].keys[-1]
    texts = [item for item in known.several(mode) if isinstance(item[key], str)]
    ask.needs(texts, "no known value of this kind is a text")
    words: list[Item] = [{**texts[0], key: word} for word in WORDS]

    ask.finds(ask.batch(mode, [*words, texts[0], *words], fmt), fmt)
    alone = words[: ask.affordable(len(words))]
    ask.finds_or_is_refused(ask.batch(mode, alone, fmt), fmt)


@pytest.mark.clause("batch.duplicates", "batch.repeats")
@pytest.mark.parametrize("times", [2, 3, 50])
@each_mode
@each_pair
def test_repeated_items_lose_nobody(
    ask: Ask, known: Known, mode: str, formats: Formats, times: int
) -> None:
    """Items that stand several times in data name their profiles at least once."""
    items = known.several(mode) * ask.affordable(times)

    reply = ask.finds(ask.batch(mode, items, formats.answer), formats.request)

    ask.observe("once" if len(reply.ids) == len(set(reply.ids)) else "repeated", "batch.repeats")


@pytest.mark.clause("batch.duplicates")
@each_mode
@each_format
def test_all_values_of_a_profile_at_once(ask: Ask, known: Known, mode: str, fmt: Format) -> None:
    """Every value of every known profile in one batch names each profile."""
    ask.finds(ask.batch(mode, known.every(mode), fmt), fmt)


@pytest.mark.clause("batch.union", "batch.order")
@pytest.mark.parametrize("order", ["forwards", "backwards"])
@each_mode
@each_format
def test_the_order_of_items_changes_nothing(
    ask: Ask, known: Known, mode: str, fmt: Format, order: str
) -> None:
    """Forwards and backwards, a batch finds the same profiles."""
    items = known.one_each(mode)[:: 1 if order == "forwards" else -1]

    reply = ask.finds(ask.batch(mode, items, fmt), fmt)

    ask.observe(names.order(reply, known.oracle, mode, items), "batch.order")


@pytest.mark.clause("batch.odd-items")
@pytest.mark.parametrize("odd", ODD_ITEMS)
@each_format
def test_odd_items_among_good_ones(ask: Ask, known: Known, odd: str, fmt: Format) -> None:
    """An odd item is passed over, or the request is refused; nothing in between."""
    items = known.several("email")
    among = ask.batch("email", [*items[:1], ODD_ITEMS[odd], *items[1:]], fmt)
    alone = ask.batch("email", [ODD_ITEMS[odd]], fmt)

    reply = ask.finds_or_is_refused(among, fmt, either=True)
    ask.finds_or_is_refused(alone, fmt, either=True)

    ask.observe(names.passed_over(reply))


@pytest.mark.clause("batch.odd-items")
@pytest.mark.parametrize("odd", JSON_ONLY_ITEMS)
def test_items_of_odd_types_among_good_ones(ask: Ask, known: Known, odd: str) -> None:
    """An item of another type is passed over, or the request is refused."""
    items: list[JsonValue] = [*known.several("email")]
    among = ask.batch("email", [], "json", data=[*items[:1], JSON_ONLY_ITEMS[odd], *items[1:]])
    alone = ask.batch("email", [], "json", data=[JSON_ONLY_ITEMS[odd]])

    reply = ask.finds_or_is_refused(among, "json", either=True)
    ask.finds_or_is_refused(alone, "json", either=True)

    ask.observe(names.passed_over(reply))


@pytest.mark.clause("matching.whole-value")
@pytest.mark.parametrize("odd", ODD_VALUES)
@each_mode
def test_a_value_of_an_odd_type_finds_nobody(ask: Ask, known: Known, mode: str, odd: str) -> None:
    """A value that is neither text nor integer is no profile's, or the request is refused."""
    items = known.several(mode)
    item: Item = {**items[-1], MODES[mode].keys[-1]: ODD_VALUES[odd]}

    # Alone as well: whoever stands beside it could be found by it unnoticed.
    for batch in ([*items[:1], item], [item]):
        ask.finds_or_is_refused(ask.batch(mode, batch, "json"), "json", either=True)


@pytest.mark.clause("matching.default", "batch.complete")
@pytest.mark.parametrize("count", [1_001, 10_001])
@each_format
def test_a_large_batch_without_matching(ask: Ask, known: Known, count: int, fmt: Format) -> None:
    """Left out, matching is email, however many items there are."""
    params = ask.batch("email", known.some("email"), fmt, matching=None)

    ask.finds(params, fmt, growth=Among(count, (count - 1,)))


@pytest.mark.clause("spelling.json", "spelling.xml")
@each_mode
@each_format
def test_a_large_batch_before_all_else(ask: Ask, known: Known, mode: str, fmt: Format) -> None:
    """Parameters that stand behind a hundred kilobytes of items say what they always say."""
    ask.about(f"spelling.{fmt}")
    params = ask.batch(mode, known.some(mode), fmt)

    ask.finds({"data": params["data"], **params}, fmt, growth=Among(MANY, (MANY - 1,)))
