"""Requests to XML and strictly back."""

import math

import pytest
from hypothesis import example, given
from lxml import etree

from contracts import wire
from contracts.model import JsonValue, Params
from contracts.wire import Misshapen, NotWellFormed, Unencodable
from tests.strategies import requests, xml_texts, xml_values

MALFORMED = {
    "empty": (b"", 0),
    "no root": (b"<?xml version='1.0'?>\n", 22),
    "not closed": (b"<xml><a>1</a>", 13),
    "wrong closing tag": (b"<xml><a>1</b></xml>", 11),
    "second root": (b"<xml/><xml/>", 6),
    "text after the root": (b"<xml/>x", 6),
    "bare ampersand": (b"<xml><a>1 & 2</a></xml>", 11),
    "unknown entity": (b"<xml><a>&nbsp;</a></xml>", 8),
    "bare less-than": (b"<xml><a>1 < 2</a></xml>", 11),
    "end of CDATA in text": (b"<xml><a>]]></a></xml>", 10),
    "control character": (b"<xml><a>\x01</a></xml>", 8),
    "reference to a control character": (b"<xml><a>&#1;</a></xml>", 8),
    "attribute twice": (b"<xml><a b='1' b='2'/></xml>", 14),
    "name with a digit first": (b"<xml><1/></xml>", 6),
    "not UTF-8": (b"<xml><a>\xd0\x96\xff</a></xml>", 10),
    "UTF-16": ("<xml/>".encode("utf-16"), 0),
    "another encoding declared": (b"<?xml version='1.0' encoding='windows-1251'?><xml/>", 0),
    "prolog not at the front": (b" <?xml version='1.0'?><xml/>", 1),
    "DOCTYPE": (b"<!-- <!DOCTYPE --><!DOCTYPE xml><xml/>", 18),
    "entity declared": (b"<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><a>&a;</a></xml>", 0),
    "external entity": (b"<!DOCTYPE xml SYSTEM 'file:///etc/passwd'><xml/>", 0),
    "HTML": (b"<html><br></html>", 12),
    "JSON": (b'{"error":0}', 0),
    "nested too deeply": (b"<a>" * 1_000_000, 64 * 3),
}

MISSHAPEN = {
    "another root": b"<request/>",
    "text for parameters": b"<xml>abc</xml>",
    "text before elements": b"<xml><a>x<b>1</b></a></xml>",
    "text after elements": b"<xml><a><b>1</b>x</a></xml>",
    "unknown attribute": b"<xml><a type='int'>1</a></xml>",
    "array of another value": b"<xml><a array='1'>1</a></xml>",
}


@given(requests("xml"))
def test_a_request_comes_back_as_text(params: Params) -> None:
    """decode(encode(x)) is x with every scalar as text, in the order of the mapping."""
    back = wire.decode(wire.encode(params, "xml"), "xml")

    assert repr(back) == repr(wire.as_text(params))


@given(xml_values)
@example([])
@example({})
@example("")
@example([{}])
@example({"a": {"b": []}})
@example([True, 10**4299, 0.1, 5e-324, -0.0])
@example({"item": [{"a": [1]}, {"a": [1, 2]}]})
def test_a_value_comes_back_as_text(value: JsonValue) -> None:
    """decode(encode(x)) is as_text(x), whatever x holds."""
    params = {"value": value}

    assert wire.decode(wire.encode(params, "xml"), "xml") == wire.as_text(params)


@given(xml_texts)
@example(" \t\r\n ")
@example("]]>")
@example("\r\n]]>\r")
def test_text_comes_back_exactly(text: str) -> None:
    """Text comes back character by character, line ends and outer white space included."""
    assert wire.decode(wire.encode({"a": text, "b": {"c": text}}, "xml"), "xml") == {
        "a": text,
        "b": {"c": text},
    }


@given(requests("xml"))
def test_another_parser_reads_the_same_items(params: Params) -> None:
    """A parser that is not ours finds the same items in the same order."""
    body = wire.encode(params, "xml")

    items = [
        {child.tag: child.text or "" for child in item}
        for item in etree.fromstring(body).findall("data")
    ]

    assert items == wire.as_text(params)["data"]


@given(xml_values, xml_values)
@example(1, "1")
@example(["a"], "a")
@example({"a": ["", ""]}, {"a": ""})
def test_requests_written_alike_are_alike(one: JsonValue, other: JsonValue) -> None:
    """Two requests have the same bytes only if they have the same text."""
    pair = [{"value": value} for value in (one, other)]

    assert len({wire.encode(params, "xml") for params in pair}) == len(
        {repr(wire.as_text(params)) for params in pair}
    )


def test_the_shape_is_that_of_the_page() -> None:
    """A child for each parameter, a list repeated, one element marked, none left out."""
    params: Params = {
        "trigger_id": 85,
        "skip_triggers": False,
        "attach": [],
        "content": {"H1": "a<b&c>\r"},
        "data": [{"email": "a@b.c"}, {"email": "d@e.f"}],
        "one": [{"field_value": 3}],
    }

    assert wire.encode(params, "xml").decode() == (
        "<xml><trigger_id>85</trigger_id><skip_triggers>false</skip_triggers>"
        "<content><H1>a&lt;b&amp;c&gt;&#13;</H1></content>"
        "<data><email>a@b.c</email></data><data><email>d@e.f</email></data>"
        "<one array='true'><field_value>3</field_value></one></xml>"
    )


@pytest.mark.parametrize(
    "params",
    [
        pytest.param({"a": None}, id="null"),
        pytest.param({"a": math.nan}, id="NaN"),
        pytest.param({"a": -math.inf}, id="infinity"),
        pytest.param({"a": "\x00"}, id="control character"),
        pytest.param({"a": "\ufffe"}, id="noncharacter"),
        pytest.param({"a": "\ud800"}, id="lone surrogate"),
        pytest.param({"a": [[1]]}, id="list in a list"),
        pytest.param({"a": 10**4300}, id="4301 digits"),
        pytest.param({"a": b"bytes"}, id="bytes"),
        pytest.param({"": 1}, id="empty name"),
        pytest.param({"a b": 1}, id="name with a blank"),
        pytest.param({"a b='c'": 1}, id="name with an attribute"),
        pytest.param({"1": 1}, id="name of a digit"),
        pytest.param({"a><b": 1}, id="name with a tag"),
        pytest.param({"a:b": 1}, id="name with a colon"),
        pytest.param({"\ud800": 1}, id="lone surrogate in a name"),
    ],
)
@pytest.mark.parametrize("spelling", [wire.PLAIN, *wire.SPELLINGS["xml"]], ids=lambda s: s.name)
def test_what_xml_cannot_carry_is_refused(params: Params, spelling: wire.Spelling) -> None:
    """A value that XML does not have is refused in every spelling, never bent."""
    with pytest.raises(Unencodable):
        wire.encode(params, "xml", spelling)


def test_too_deep_a_value_is_not_written() -> None:
    """What the decoder would refuse for its depth, the encoder does not write."""
    value: JsonValue = ""
    for _ in range(wire.MAX_DEPTH):
        value = {"a": value}

    with pytest.raises(Unencodable, match="nested deeper"):
        wire.encode({"value": value}, "xml")


def test_nesting_is_read_up_to_the_bound() -> None:
    """As many elements as MAX_DEPTH are read one inside the other, and no more."""
    inner = wire.MAX_DEPTH - 1

    wire.decode(b"<xml>" + b"<a>" * inner + b"</a>" * inner + b"</xml>", "xml")
    with pytest.raises(NotWellFormed, match="nested deeper"):
        wire.decode(b"<xml>" + b"<a>" * (inner + 1) + b"</a>" * (inner + 1) + b"</xml>", "xml")


@pytest.mark.parametrize(("body", "offset"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_xml_is_refused_at_its_byte(body: bytes, offset: int) -> None:
    """What is not XML, or declares entities, is refused, with the byte where it breaks."""
    with pytest.raises(NotWellFormed) as refusal:
        wire.decode(body, "xml")

    assert refusal.value.offset == offset


@pytest.mark.parametrize("body", MISSHAPEN.values(), ids=MISSHAPEN)
def test_xml_of_another_shape_is_refused_otherwise(body: bytes) -> None:
    """Well-formed XML that holds no parameters is misshapen, not malformed."""
    with pytest.raises(Misshapen):
        wire.decode(body, "xml")
