"""One meaning, many spellings: answers do not depend on them (API-en: RFC 8259, UTF-8; XML)."""

import re

import pytest
from hypothesis import given

from contracts import wire
from contracts.matching import MODES
from contracts.model import FORMATS, Format, Item
from contracts.wire import Spelling
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format, each_mode, each_pair
from tests.asking.known import Known
from tests.strategies import plans
from tests.strategies.plans import Plan

CONTENT = {
    "H1": 'Погода: "+5 °C" & <ветер> \\ /',
    "H2": "\U0001f324 it's",
    "H3": "",
    "H4": "a[b]c]]",
}

NUMBERS = ("1e5", "1E5", "1E+5", "1.5e-5", "100000.0", "-0", "0.1E006")
"""All that the grammar of numbers has: a sign, a fraction, an exponent in either letter case."""

CDATA = next(one for one in wire.SPELLINGS["xml"] if one.text == "cdata")

PLACE = 987_654_321
"""Where a number is put."""

BOUNDARIES = (1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536)
"""Bytes: where programs cut what they read into pieces."""

MOST_ASCII = 127

each_spelling = pytest.mark.parametrize(
    ("fmt", "spelling"),
    [(fmt, spelling) for fmt in FORMATS for spelling in wire.SPELLINGS[fmt]],
    ids=lambda value: value if isinstance(value, str) else value.name,
)


@pytest.mark.clause("spelling.json", "spelling.xml")
@each_spelling
@each_mode
def test_a_spelling_means_the_same(
    ask: Ask, known: Known, mode: str, fmt: Format, spelling: Spelling
) -> None:
    """Written differently, every known value still finds its profile."""
    ask.about(f"spelling.{fmt}")

    for items in known.layers(mode):
        ask.finds(ask.batch(mode, items, fmt), fmt, spelling=spelling)


@pytest.mark.clause("spelling.json", "spelling.xml")
@each_spelling
def test_a_spelling_of_content(ask: Ask, fmt: Format, spelling: Spelling) -> None:
    """Written differently, content is accepted as before, and an empty object beside it."""
    ask.about(f"spelling.{fmt}")
    content, nothing = ask.object_for(fmt, CONTENT), ask.object_for(fmt, {})

    ask.finds(ask.valid(fmt, content=content, custom_data=nothing), fmt, spelling=spelling)


@pytest.mark.clause("spelling.json")
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_content(ask: Ask, number: str) -> None:
    """Each way to write a number is one (RFC 8259, 6): content that has it is accepted."""
    params = ask.valid("json", content={"H1": PLACE})
    body = ask.encode(params, "json").replace(str(PLACE).encode(), number.encode())

    ask.finds(params, "json", body=body)


@pytest.mark.clause("spelling.json", "spelling.xml")
@each_spelling
@given(plan=plans.found_plans())
def test_a_spelling_of_any_batch(
    ask: Ask, known: Known, fmt: Format, spelling: Spelling, plan: Plan
) -> None:
    """Written differently, any batch finds what it finds when written plainly."""
    ask.about(f"spelling.{fmt}")
    mode = known.widest_mode

    ask.finds(ask.batch(mode, known.plan(mode, plan), fmt), fmt, spelling=spelling)


@pytest.mark.clause("spelling.json", "spelling.xml")
@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize("parameter", ["token", "trigger_id", "format", "data"])
@each_pair
def test_a_parameter_first_or_last(ask: Ask, formats: Formats, parameter: str, place: str) -> None:
    """Wherever a parameter stands among the others, it says what it always says."""
    ask.about(f"spelling.{formats.request}")
    params = ask.valid(formats.answer)
    own = {parameter: params[parameter]}
    others = {name: value for name, value in params.items() if name != parameter}

    ask.finds({**own, **others} if place == "first" else {**others, **own}, formats.request)


@pytest.mark.clause("spelling.xml")
@each_mode
def test_a_comment_within_a_value(ask: Ask, known: Known, mode: str) -> None:
    """A comment in the middle of a value is no part of it (XML 1.0, 2.5)."""
    params = ask.batch(mode, known.some(mode), "xml")
    head, data, items = ask.encode(params, "xml").partition(b"<data")
    items = re.sub(rb">([^<&]{2})([^<]+)</", rb">\1<!-- -->\2</", items)

    ask.finds(params, "xml", body=head + data + items)


@pytest.mark.clause("spelling.utf-8")
@each_format
def test_characters_beyond_ascii(ask: Ask, known: Known, fmt: Format) -> None:
    """Known values with characters beyond ASCII find their profiles."""
    mode, items = known.beyond_ascii()

    ask.finds(ask.batch(mode, items, fmt), fmt)


@pytest.mark.clause("spelling.utf-8")
@pytest.mark.parametrize("boundary", BOUNDARIES)
@each_format
def test_a_character_across_a_boundary(ask: Ask, known: Known, fmt: Format, boundary: int) -> None:
    """A character whose bytes lie on both sides of a buffer's end arrives as sent."""
    mode, items = known.beyond_ascii()
    params = ask.batch(mode, items[:1], fmt, content=ask.object_for(fmt, {"H1": ""}))
    at = next(at for at, byte in enumerate(ask.encode(params, fmt)) if byte > MOST_ASCII)

    before = "x" * (boundary - 1 - at)
    ask.finds({**params, "content": ask.object_for(fmt, {"H1": before})}, fmt)


@pytest.mark.clause("spelling.single-item")
@each_mode
def test_a_single_data_element_marked_as_array(ask: Ask, known: Known, mode: str) -> None:
    """One data element that bears array='true' is a batch of one."""
    ask.finds(ask.batch(mode, known.some(mode), "xml"), "xml")


@pytest.mark.clause("spelling.single-item-plain")
def test_a_single_data_element(ask: Ask) -> None:
    """One data element without array='true' is a batch of one, or is refused."""
    body = ask.encode(ask.valid("xml"), "xml").replace(b" array='true'", b"")

    reply = ask.finds_or_is_refused(ask.valid("xml"), "xml", body=body)

    ask.observe(names.accepted(reply))


@pytest.mark.clause("spelling.interleaved", "batch.union")
def test_data_elements_apart(ask: Ask, known: Known) -> None:
    """Data elements with another parameter between them are all read, or the request is refused."""
    ask.about("batch.union")
    params = ask.batch(known.widest_mode, known.one_each(known.widest_mode), "xml")
    body = ask.encode(params, "xml")
    moved = b"<format>xml</format>"
    body = body.replace(moved, b"", 1).replace(b"</data>", b"</data>" + moved, 1)

    reply = ask.finds_or_is_refused(params, "xml", body=body)

    ask.observe(names.accepted(reply), "spelling.interleaved")


@pytest.mark.clause("spelling.xml")
@pytest.mark.parametrize("brackets", ["]", "]]"])
@pytest.mark.parametrize("mode", [name for name, mode in MODES.items() if mode.keys != ("phone",)])
def test_what_follows_brackets_in_cdata_counts(
    ask: Ask, known: Known, mode: str, brackets: str
) -> None:
    """Only ]]> ends a CDATA section: a known value with brackets and more behind it is another.

    Not a phone's, of which a lenient server may look at the digits alone.
    """
    others = [item for item in known.every(mode) if "phone" not in item]
    ask.needs(others, "no known value but phones")
    item = others[0]
    key, value = list(item.items())[-1]
    longer: Item = {**item, key: f"{value}{brackets}x"}

    ask.finds_nobody(ask.batch(mode, [longer], "xml"), "xml", spelling=CDATA)


@pytest.mark.clause("spelling.charset")
@each_format
def test_charset_parameter(ask: Ask, fmt: Format) -> None:
    """A media type with charset=utf-8 is accepted or refused."""
    reply = ask.finds_or_is_refused(
        ask.valid(fmt), fmt, media_type=f"application/{fmt}; charset=utf-8", either=True
    )

    ask.observe(names.accepted(reply))


@pytest.mark.clause("spelling.text-xml")
def test_text_xml(ask: Ask) -> None:
    """An XML request sent as text/xml is accepted or refused."""
    reply = ask.finds_or_is_refused(ask.valid("xml"), "xml", media_type="text/xml", either=True)

    ask.observe(names.accepted(reply))


@pytest.mark.clause("spelling.bom")
@each_format
def test_byte_order_mark(ask: Ask, fmt: Format) -> None:
    """A body that begins with a byte order mark is accepted or refused."""
    body = b"\xef\xbb\xbf" + ask.encode(ask.valid(fmt), fmt)

    reply = ask.finds_or_is_refused(ask.valid(fmt), fmt, body=body, either=True)

    ask.observe(names.accepted(reply))


@pytest.mark.clause("spelling.no-media-type")
@each_format
def test_no_media_type(ask: Ask, fmt: Format) -> None:
    """A request without a Content-Type is served or refused."""
    reply = ask.finds_at_most_or_is_refused(ask.valid(fmt), fmt, media_type=None, either=True)

    ask.observe(names.taken(reply))


@pytest.mark.clause("spelling.prolog-encoding")
def test_another_encoding_in_the_prolog(ask: Ask) -> None:
    """A prolog that declares windows-1251, before ASCII content, is accepted or refused."""
    body = b'<?xml version="1.0" encoding="windows-1251"?>' + ask.encode(ask.valid("xml"), "xml")

    reply = ask.finds_at_most_or_is_refused(ask.valid("xml"), "xml", body=body, either=True)

    ask.observe(names.taken(reply))
