"""The schemas hold the documentation's examples, and nothing that is broken in one place."""

import json
import re
from collections.abc import Mapping
from typing import cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contracts import clauses, examples, schemas
from contracts.examples import Example
from contracts.matching import MODES, ItemKey, Mode, Search
from contracts.model import FORMATS, JsonValue
from contracts.validation import SchemaName, errors, is_valid, is_valid_fast
from tests.suite.breakages import BREAKAGES, Breakage, value_of

EXAMPLES = [pytest.param(each, id=f"{each.name}-{each.format}") for each in examples.load()]

BROKEN = [
    pytest.param(each, breakage, id=f"{each.name}-{each.format}-{breakage}")
    for each in examples.load()
    for breakage in BREAKAGES[each.name]
]

SEARCHES = [
    pytest.param(mode, search, id=f"{mode.name}-{'+'.join(search.keys)}")
    for mode in MODES.values()
    for search in {search.keys: search for search in mode.searches}.values()
]


def request_by(mode: Mode, item: JsonValue) -> dict[str, JsonValue]:
    """A request whose second item is the given one, and whose first is as the mode wants it."""
    return {
        "token": "t",
        "trigger_id": 8,
        "matching": mode.name,
        "field_name": "Custom_ID",
        "data": [dict.fromkeys(mode.keys, "x"), item],
    }


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_page_is_valid(example: Example) -> None:
    """Each of the page's eight examples keeps its schema."""
    value = value_of(example)

    assert errors(value, example.kind) == []
    assert is_valid(value, example.kind)
    assert is_valid_fast(value, example.kind)


@pytest.mark.parametrize(("example", "breakage"), BROKEN)
def test_a_broken_example_is_not(example: Example, breakage: Breakage) -> None:
    """An example broken in one place is refused by both validators, at that place."""
    value = breakage.of(value_of(example))

    assert {breakage.path} == {error.path for error in errors(value, example.kind)}
    assert not is_valid(value, example.kind)
    assert not is_valid_fast(value, example.kind)


@pytest.mark.parametrize("example", EXAMPLES)
def test_more_keys_do_no_harm(example: Example) -> None:
    """The documentation is silent about unknown keys: the schemas let them pass."""
    value = {**cast("dict[str, JsonValue]", value_of(example)), "another": [1.5, None]}

    assert errors(value, example.kind) == []


@pytest.mark.parametrize("empty", [[], None])
def test_an_empty_result_may_be_empty_or_null(empty: JsonValue) -> None:
    """How a success that found nobody writes `result` is open."""
    assert errors({"error": 0, "error_text": "", "result": empty}, "success-answer") == []


def test_an_empty_result_may_be_left_out() -> None:
    """A success without `result` is one that found nobody."""
    assert errors({"error": 0, "error_text": ""}, "success-answer") == []


@pytest.mark.parametrize(("mode", "search"), SEARCHES)
def test_an_item_with_the_keys_of_a_search_is_valid(mode: Mode, search: Search) -> None:
    """An item of a mode needs the keys of one of its searches, and no more."""
    request = request_by(mode, dict.fromkeys(search.keys, "x"))

    assert errors(request, "request") == []


@pytest.mark.parametrize(("mode", "search"), SEARCHES)
def test_an_item_that_lacks_a_key_is_not(mode: Mode, search: Search) -> None:
    """Without one of them it is refused, and the message names the key."""
    request = request_by(mode, dict.fromkeys(search.keys[1:], "x"))

    [error] = errors(request, "request")

    assert error.path == "data[1]"
    assert search.keys[0] in error.message


@pytest.mark.parametrize("name", [mode.name for mode in MODES.values() if mode.field_name])
def test_a_mode_of_a_custom_field_needs_its_name(name: str) -> None:
    """Matching custom and custom_sub are refused without field_name."""
    request = request_by(MODES[name], {"field_value": 3})
    del request["field_name"]

    assert [error.path for error in errors(request, "request")] == ["(root)"]


def test_without_matching_items_are_searched_by_email() -> None:
    """A request that leaves matching out is held to the schema of email."""
    items: list[JsonValue] = [{"email": "x"}, {"phone": "x"}]

    found = errors({"token": "t", "trigger_id": 8, "data": items}, "request")

    assert [error.path for error in found] == ["data[1]"]


# ---------------------------------------------------------------- messages


def test_an_error_says_what_was_expected_and_what_came() -> None:
    """A message can be understood without the schema."""
    profiles: list[JsonValue] = [{"profile_id": "a"}, {"profile_id": 7}]

    [error] = errors({"error": 0, "error_text": "", "result": profiles}, "success-answer")

    assert str(error) == "result[1].profile_id: expected a string, got 7"


def test_errors_stand_in_the_order_of_the_items() -> None:
    """The third item is spoken of before the eleventh."""
    items: list[JsonValue] = [{} if at in {2, 10} else {"email": "x"} for at in range(11)]

    found = errors({"token": "t", "trigger_id": 8, "data": items}, "request")

    assert [error.path for error in found] == ["data[2]", "data[10]"]


@pytest.mark.parametrize(
    "request_",
    [
        {"token": 5318008, "data": 5},
        {"token": ["5318008"]},
        {"token": {"5318008": 1}, "trigger_id": 1},
        "token=5318008",
        ["5318008"],
        5318008,
    ],
    ids=repr,
)
def test_no_message_shows_the_token(request_: JsonValue) -> None:
    """Whatever is wrong with a request, its token stays out of the message."""
    found = errors(request_, "request")

    assert found
    assert "5318008" not in str(found)


# ---------------------------------------------------------------- the two validators

Values = st.SearchStrategy[JsonValue]

FILE_DATA: Values = st.sampled_from(
    [
        "data:text/csv;base64,SEVMTE8K",
        "data:text/csv;charset=utf-8;base64,",
        "data:text/csv;base64,SEVMTE8",
        "data:text/csv;base64,SEVMTE8K\n",
        "data:text/csv,HELLO",
    ]
)
NEAR_MISSES: Values = st.sampled_from([0.0, 1.0, 400.0, 0.5, 0, 2**64, True, None, "0", [], {}])
WORDS = st.text(max_size=5)
TEXT: Values = WORDS
INTEGERS: Values = st.integers()
ANYTHING: Values = st.recursive(
    st.one_of(st.floats(allow_nan=False, allow_infinity=False), TEXT, NEAR_MISSES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


def mostly(right: Values) -> Values:
    """A right value, four times of five."""
    return st.integers(0, 9).flatmap(lambda n: {0: ANYTHING, 9: NEAR_MISSES}.get(n, right))


def objects(needed: Mapping[str, Values], free: Mapping[str, Values]) -> Values:
    """Objects with all keys of the first kind and any of the second, most values right."""
    return st.fixed_dictionaries(
        {key: mostly(right) for key, right in needed.items()},
        optional={key: mostly(right) for key, right in free.items()},
    )


def lists(right: Values) -> Values:
    """Up to three elements, most of them right."""
    return st.lists(mostly(right), max_size=3)


FILES = objects({"name": TEXT, "data": FILE_DATA}, {})
ITEMS = objects({"email": TEXT, "field_value": INTEGERS | TEXT}, {"phone": TEXT})

KINDS: dict[SchemaName, Values] = {
    "request": objects(
        {"token": TEXT, "trigger_id": INTEGERS, "data": lists(ITEMS), "field_name": TEXT},
        {
            "matching": st.sampled_from(["email", "custom", "push_sub", "email_phone"]),
            "format": st.sampled_from(FORMATS),
            "attach": lists(FILES),
            "content": st.dictionaries(WORDS, ANYTHING, max_size=1),
            "skip_triggers": st.booleans(),
        },
    ),
    "success-answer": objects(
        {"error": st.just(0), "error_text": TEXT},
        {"result": lists(objects({"profile_id": TEXT}, {}))},
    ),
    "error-answer": objects({"error": INTEGERS, "error_text": TEXT}, {"error_debug": TEXT}),
    "file-object": FILES,
}

DRAWN = st.sampled_from(list(KINDS)).flatmap(
    lambda kind: st.tuples(st.just(kind), mostly(KINDS[kind]))
)


@given(drawn=DRAWN)
@settings(max_examples=500)
def test_the_fast_validator_agrees_with_the_reference(
    drawn: tuple[SchemaName, JsonValue],
) -> None:
    """On right, slightly wrong and arbitrary values the two say the same."""
    kind, value = drawn

    assert is_valid(value, kind) == is_valid_fast(value, kind)


@given(drawn=DRAWN)
@settings(max_examples=500)
def test_a_value_is_valid_or_has_errors(drawn: tuple[SchemaName, JsonValue]) -> None:
    """There is a message for whatever is wrong, and none where nothing is."""
    kind, value = drawn

    assert is_valid(value, kind) == (not errors(value, kind))


# ---------------------------------------------------------------- the files


def test_the_request_schemas_are_what_the_table_of_modes_gives() -> None:
    """`python -m contracts.schemas` would change nothing."""
    on_disk = {
        path.name: path.read_text(encoding="utf-8") for path in schemas.FOLDER.glob("request*.json")
    }

    assert {name: schemas.text(schema) for name, schema in schemas.generated()} == on_disk


@pytest.mark.parametrize("name", schemas.load())
def test_a_schema_keeps_its_dialect(name: str) -> None:
    """Each file is a valid schema of 2020-12 under an id of its own."""
    schema = schemas.load()[name]

    Draft202012Validator.check_schema(dict(schema))

    assert schema["$schema"] == schemas.DIALECT
    assert schemas.BASE + name == schema["$id"]


@pytest.mark.parametrize("name", schemas.load())
def test_a_schema_rests_on_clauses_that_exist(name: str) -> None:
    """Every id in x-clauses is one of clauses.toml."""
    lists = re.findall(r'"x-clauses": \[(.*?)\]', json.dumps(schemas.load()[name]))

    assert set(re.findall(r'"(.*?)"', "".join(lists))) <= set(clauses.load())


def test_each_key_of_an_item_has_a_type() -> None:
    """The shared item knows the keys of the table of modes, and no others."""
    file = json.loads((schemas.FOLDER / "definitions.json").read_text(encoding="utf-8"))

    assert set(get_args(ItemKey)) == set(file["$defs"]["item"]["properties"])
