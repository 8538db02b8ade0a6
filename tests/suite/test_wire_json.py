"""JSON to bytes and strictly back."""

import json
import math
from functools import partial

import pytest
from hypothesis import example, given

from contracts import wire
from contracts.model import Format, JsonValue, Params
from contracts.wire import NotWellFormed, Unencodable
from tests.strategies import json_texts, json_values, requests

typed = partial(json.dumps, sort_keys=True)
"""A text that differs where values differ, also 1, 1.0 and true, or 0.0 and -0.0."""

MALFORMED = {
    "empty": (b"", 0),
    "white space only": (b"  ", 2),
    "byte order mark": (b'\xef\xbb\xbf{"a":1}', 0),
    "not UTF-8": (b'{"a":"\xd0\x96\xff"}', 8),
    "UTF-16": ('{"a":1}'.encode("utf-16"), 0),
    "overlong UTF-8": (b'{"a":"\xc0\x80"}', 6),
    "surrogate in UTF-8": (b'{"a":"\xed\xa0\x80"}', 6),
    "high surrogate escape alone": (rb'{"a":"\ud83d"}', 5),
    "low surrogate escape alone": (rb'{"b":0,"a":["\\ud83d","\ud83d\ude00","\ude00"]}', 37),
    "trailing text": (b'{"a":1} x', 8),
    "second value": (b'{"a":1}{"a":1}', 7),
    "trailing comma": (b'{"a":1,}', 7),
    "missing comma": ('{"Ж":1 "b":2}'.encode(), 8),
    "missing colon": (b'{"a" 1}', 5),
    "single quotes": (b"{'a':1}", 1),
    "unquoted key": (b"{a:1}", 1),
    "comment": (b'{"a":/* */1}', 5),
    "NaN": (b'{"a":NaN}', 5),
    "Infinity": (b'{"NaN":[1,Infinity]}', 10),
    "-Infinity": (b'{"a":-Infinity}', 5),
    "too large a float": (b'{"a":1e999}', 5),
    "leading zero": (b'{"a":01}', 6),
    "leading plus": (b'{"a":+1}', 5),
    "hexadecimal": (b'{"a":0x1}', 6),
    "bare point": (b'{"a":1.}', 6),
    "control character": (b'{"a":"\n"}', 6),
    "unknown escape": (rb'{"a":"\x41"}', 6),
    "cut": (b'{"a":"b', 5),
    "HTML": (b"<html></html>", 0),
    "duplicate key": (b'{"a":{"b":1,"c":{"b":2}},"d":[{"b":1}],"a":1}', 39),
    "duplicate key, escaped": (rb'{"a":1,"\u0061":1}', 7),
    "too many digits": (b'{"a":' + b"1" * 4301 + b"}", 5),
}


@given(json_values)
@example([1, 1.0, True, "1", None, 0.0, -0.0, 10**4299, -(2**63)])
@example({"a": 5e-324, "b": 1.7976931348623157e308, "c": 0.1, "": {"": []}})
def test_a_value_comes_back(value: JsonValue) -> None:
    """decode(encode(x)) is x, with every type and every digit."""
    back = wire.decode(wire.encode({"value": value}, "json"), "json")

    assert typed(back) == typed({"value": value})


@given(requests("json"))
def test_a_request_keeps_its_order(params: Params) -> None:
    """Parameters are written in the order of the mapping."""
    back = wire.decode(wire.encode(params, "json"), "json")

    assert json.dumps(back) == json.dumps(params)


@given(requests("json"))
def test_the_plain_spelling_is_that_of_the_standard_library(params: Params) -> None:
    """The plain spelling is compact UTF-8 without needless escapes."""
    expected = json.dumps(params, ensure_ascii=False, separators=(",", ":")).encode()

    assert wire.encode(params, "json") == expected


@given(json_texts)
def test_a_text_of_any_characters_is_read_as_the_standard_library_reads_it(text: str) -> None:
    """Reading escapes of any kind gives the text back."""
    assert wire.decode(json.dumps(text).encode(), "json") == text


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(math.nan, id="NaN"),
        pytest.param(math.inf, id="infinity"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param({"\udfff": 1}, id="lone surrogate in a key"),
        pytest.param(10**4300, id="4301 digits"),
        pytest.param(b"bytes", id="bytes"),
    ],
)
@pytest.mark.parametrize("spelling", [wire.PLAIN, *wire.SPELLINGS["json"]], ids=lambda s: s.name)
def test_what_json_cannot_carry_is_refused(value: JsonValue, spelling: wire.Spelling) -> None:
    """A value that JSON does not have is refused in every spelling, never bent."""
    with pytest.raises(Unencodable):
        wire.encode({"value": value}, "json", spelling)


@pytest.mark.parametrize(("body", "offset"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_json_is_refused_at_its_byte(body: bytes, offset: int) -> None:
    """What is not JSON of RFC 8259 is refused, with the byte where it breaks."""
    with pytest.raises(NotWellFormed) as refusal:
        wire.decode(body, "json")

    assert refusal.value.offset == offset


def test_a_duplicate_key_is_named() -> None:
    """The message about a duplicate key says which one it is."""
    with pytest.raises(NotWellFormed, match="'error' stands twice"):
        wire.decode(b'{"error":0,"error":400}', "json")


def test_an_integer_of_4300_digits_is_exact() -> None:
    """Integers are read exactly up to the bound."""
    assert wire.decode(b"9" * 4300, "json") == 10**4300 - 1


def test_numbers_keep_their_type() -> None:
    """0 is an integer, 0.0 and 0e0 are not."""
    assert typed(wire.decode(b"[0,0.0,0e0,-0.0]", "json")) == "[0, 0.0, 0.0, -0.0]"


@pytest.mark.parametrize("pair", [b"[]", b'{"a":}'], ids=["arrays", "objects"])
def test_nesting_is_read_up_to_the_bound(pair: bytes) -> None:
    """As many levels as MAX_DEPTH are read, one more is refused where it opens."""
    opening, closing = pair[:-1], pair[-1:]
    bound = wire.MAX_DEPTH

    wire.decode(opening * (bound - 1) + b"[]" + closing * (bound - 1), "json")
    with pytest.raises(NotWellFormed, match="nested deeper") as refusal:
        wire.decode(opening * bound + b"[]" + closing * bound, "json")

    assert refusal.value.offset == len(opening) * bound


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 1_000_000, id="arrays"),
        pytest.param(b'{"a":' * 100_000, id="objects"),
        pytest.param(b"[" * 200 + b"]" * 100, id="half closed"),
        pytest.param(b'"[' + b"[" * 100, id="in an open string"),
        pytest.param(b'"' + b'\\"' * 5_000_000, id="open string of escaped quotes"),
        pytest.param(b'"' * 5_000_001 + b"\\", id="quotes"),
    ],
)
def test_depth_never_ends_in_a_recursion_error(body: bytes) -> None:
    """However deep a body is, the answer is a refusal."""
    with pytest.raises(NotWellFormed):
        wire.decode(body, "json")


@pytest.mark.parametrize(
    "text",
    ["[" * 100, '"[{' * 100, '\\"[' * 100, "\\" * 99 + "[" * 100, '"' + "[" * 100 + '\\"'],
    ids=["plain", "quotes", "escaped quotes", "backslashes", "mixed"],
)
def test_brackets_in_strings_are_no_nesting(text: str) -> None:
    """Brackets inside strings do not count as depth, whatever stands around them."""
    assert wire.decode(wire.encode({"a": [text, text]}, "json"), "json") == {"a": [text, text]}


def test_too_deep_a_value_is_not_written() -> None:
    """What the decoder would refuse for its depth, the encoder does not write."""
    value: JsonValue = []
    for _ in range(wire.MAX_DEPTH):
        value = [value]

    with pytest.raises(Unencodable, match="nested deeper"):
        wire.encode({"value": value}, "json")


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_too_large_a_body_is_not_parsed(fmt: Format) -> None:
    """A body beyond MAX_BYTES is refused for its size alone."""
    with pytest.raises(NotWellFormed, match="more than"):
        wire.decode(bytes(wire.MAX_BYTES + 1), fmt)
