"""One meaning, many spellings."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings

from contracts import wire
from contracts.model import FORMATS, Format, Params
from contracts.wire import PLAIN, SPELLINGS, Spelling
from tests.strategies import json_values, requests, xml_values

CELLS = [(fmt, spelling) for fmt in FORMATS for spelling in SPELLINGS[fmt]]
IDS = [f"{fmt}-{spelling.name}" for fmt, spelling in CELLS]

each_json = pytest.mark.parametrize("spelling", SPELLINGS["json"], ids=lambda s: s.name)
each_xml = pytest.mark.parametrize("spelling", SPELLINGS["xml"], ids=lambda s: s.name)

each_quickly = settings(max_examples=25)
"""Each spelling is a cell of its own, so that a few draws in each are many in all."""

SAMPLE: Params = {
    "trigger_id": 8,
    "content": {"H1": 'Погода/weather 😀 ]]> "q" \r\n', "empty": {}, "text": ""},
    "data": [{"email": "a&b@c.invalid"}, {"email": "'<d>'@e.invalid"}],
    "one": [{"field_value": "003"}],
}

LOOKS = {
    ("json", "reversed keys"): r'^\{"one":.*"content":\{"text":"","empty":\{\},"H1":.*\}$',
    ("json", "indented"): r'^\{\n  "trigger_id": 8,\n  "content": \{\n    "H1": ',
    ("json", "spread white space"): r'^\r\n\t\{\r\n\t "trigger_id"\t:\r\n 8 \t,.*\}\r\n\t$',
    ("json", "non-ASCII escaped"): r'"H1":"\\u041f\\u043e.*/weather \\ud83d\\ude00 \]\]> \\"q',
    ("json", "values escaped"): r'"email":"\\u0061\\u0026\\u0062\\u0040',
    ("json", "keys escaped"): r'"\\u0065\\u006D\\u0061\\u0069\\u006C":"a&b@c.invalid"',
    ("json", "a line break first"): r"^\n\{",
    ("json", "a line break last"): r"}\n\Z",
    ("json", "solidus escaped"): r'"H1":"Погода\\/weather',
    ("json", "everything at once"): r'^\r\n\t\{\r\n\t "\\u006F\\u006E\\u0065"\t:\r\n \[',
    ("xml", "prolog"): r'^<\?xml version="1.0" encoding="UTF-8"\?>\n<xml>',
    ("xml", "prolog without encoding"): r'^<\?xml version="1\.0"\?><xml>',
    ("xml", "a line break first"): r"^\n<xml>",
    ("xml", "a line break last"): r"</xml>\n\Z",
    ("xml", "prolog standalone"): r"encoding='utf-8' standalone='yes'\?><xml>",
    ("xml", "reversed parameters"): r"^<xml><one .*'&lt;d&gt;'.*<trigger_id>8</trigger_id></xml>$",
    ("xml", "indented"): r"\n  <data>\n    <email>a&amp;b@c.invalid</email>\n  </data>\n  <data>",
    (
        "xml",
        "white space in tags",
    ): r"\r\n\t<data \n>\r\n\t\t<email \n>a&amp;b@c.invalid</email \n>",
    ("xml", "comments"): r"<data><!-- .* --><email>a&amp;b@c.invalid</email><!-- .* --></data>",
    ("xml", "CDATA"): r"<H1><!\[CDATA\[Погода.*\]\]\]\]><!\[CDATA\[>.*\]\]>&#13;<!\[CDATA\[",
    ("xml", "CDATA within text"): r"<email>a&amp;b@<!\[CDATA\[c\.inv\]\]>alid</email>",
    ("xml", "greater-than signs bare"): r"\]\]&gt; .*<email>'&lt;d>'@",
    ("xml", "named references"): r"<H1>Погода.* &quot;q&quot; .*&apos;&lt;d&gt;&apos;",
    ("xml", "decimal references"): r"<H1>&#1055;.*/weather &#128512; \]\]&gt; ",
    ("xml", "hexadecimal references"): r"<email>&#x61;&#x26;&#x62;&#x40;",
    ("xml", "empty-element tags"): r"<empty/><text/>",
    ("xml", "array on all"): r"<data array='true'>.*<data array='true'>.*<one array='true'>",
    ("xml", "double quotes"): r'<data array="true">.*<data array="true">.*<one array="true">',
    ("xml", "everything at once"): r"^<\?xml .*<!-- a request -->.*<one\n\tarray =\n'true' \n>",
}


@each_json
@each_quickly
@given(params=requests("json"), value=json_values)
@example(params=SAMPLE, value=[[], {}, [{}], None, 1.5, "\x00/\x7f\u2028"])
def test_a_spelling_of_json_keeps_the_meaning(
    spelling: Spelling, params: Params, value: object
) -> None:
    """However it is spelled, the request reads the same."""
    request: Params = {**params, "value": value}  # type: ignore[dict-item]

    assert wire.decode(wire.encode(request, "json", spelling), "json") == request


@each_xml
@each_quickly
@given(params=requests("xml"), value=xml_values)
@example(params=SAMPLE, value={"a": [], "b": [{}], "c": [" ", "\r]]>"], "d": False})
def test_a_spelling_of_xml_keeps_the_meaning(
    spelling: Spelling, params: Params, value: object
) -> None:
    """However it is spelled, the request reads the same."""
    request: Params = {**params, "value": value}  # type: ignore[dict-item]

    assert wire.decode(wire.encode(request, "xml", spelling), "xml") == wire.as_text(request)


@pytest.mark.parametrize(("fmt", "spelling"), CELLS, ids=IDS)
def test_a_spelling_shows_what_it_is_named_for(fmt: Format, spelling: Spelling) -> None:
    """Each spelling changes what its name says."""
    body = wire.encode(SAMPLE, fmt, spelling).decode()

    assert re.search(LOOKS[fmt, spelling.name], body, re.DOTALL), body


@pytest.mark.parametrize("fmt", FORMATS)
def test_each_spelling_is_another_body(fmt: Format) -> None:
    """No two spellings of a format are the same bytes, nor is any the plain one."""
    bodies = sorted(wire.encode(SAMPLE, fmt, spelling) for spelling in (PLAIN, *SPELLINGS[fmt]))

    assert all(one != other for one, other in pairwise(bodies))


@pytest.mark.parametrize(("fmt", "spelling"), CELLS, ids=IDS)
def test_a_spelling_keeps_the_order_of_items(fmt: Format, spelling: Spelling) -> None:
    """Parameters may change places, items never do."""
    params: Params = {"data": [{"n": str(number)} for number in range(20)], "b": "c"}

    assert wire.decode(wire.encode(params, fmt, spelling), fmt) == params
