"""What is not well-formed: requests are refused for it, and no value makes an error so."""

import pytest

from contracts.model import FORMATS, Format
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format, each_pair
from tests.asking.known import Known

ECHOES = {
    "markup": '<b a="1">&amp;</b>',
    "ampersands alone": "R&D & more",
    "end of CDATA": "]]>",
    "quotes": "a\"b'c\\d",
    "Cyrillic": "почта",
    "Latin-1": "café ÿ",
    "emoji": "\U0001f4e7",
    "white space": "tab\tnewline\n",
    "percent": "%s %d {0} ${x}",
    "long": "x" * 5_000,
}
"""Values that a server may repeat in its error: the answer has to stay well-formed."""

IN_JSON_ONLY = {"rare control characters": "a\bb\fc\x01\x1fd"}
"""Such values that XML cannot hold: a server that repeats them there has to leave them out."""

MALFORMED = {
    "json": {
        "nothing": b"",
        "cut short": b'{"token": "x", "trigger_id": 8, "data": [{"email": "a@example.com"}',
        "a stray comma": b'{"token": "x", "trigger_id": 8, "data": [],}',
        "single quotes": b"{'token': 'x', 'trigger_id': 8}",
        "not an object": b'["token"]',
        "null": b"null",
        "a number": b"8",
        "a text": b"start the campaign",
        "XML": b"<xml><token>x</token></xml>",
    },
    "xml": {
        "nothing": b"",
        "cut short": b"<xml><token>x</token><trigger_id>8</trigger_id><data><email>a@example.com",
        "a tag not closed": b"<xml><token>x</token><trigger_id>8<data></data></xml>",
        "a bare ampersand": b"<xml><token>x & y</token></xml>",
        "two roots": b"<xml><token>x</token></xml><xml></xml>",
        "a text": b"start the campaign",
        "JSON": b'{"token": "x", "trigger_id": 8}',
    },
}
"""Bodies that are not well-formed, each in one way; none holds a real token."""


MISTAKES: dict[str, bytes] = {
    "an end tag of another name": b"</triggers_id>",
    "end tags crossed": b"</xml></trigger_id>",
}
"""What stands for an end tag of a valid request, and makes it no XML any more (XML 1.0, 3.1).

Not here: ampersands, entities and quotes, which parsers in wide use forgive.
"""


@pytest.mark.clause("parameters.malformed", "parameters.malformed-code")
@pytest.mark.parametrize(
    ("fmt", "kind"), [(fmt, kind) for fmt, kinds in MALFORMED.items() for kind in kinds]
)
def test_a_malformed_body_is_refused(ask: Ask, fmt: Format, kind: str) -> None:
    """A body that is not well-formed is answered with an error of the documented shape."""
    ask.refuses_body(MALFORMED[fmt][kind], fmt)


@pytest.mark.clause("parameters.malformed", "parameters.malformed-code")
@pytest.mark.parametrize("lacking", ["last byte", "last bracket", "half"])
@each_format
def test_a_valid_request_cut_short_is_refused(ask: Ask, fmt: Format, lacking: str) -> None:
    """A request that lacks its end is not well-formed, and launches nothing."""
    body = ask.encode(ask.valid(fmt), fmt)
    end = {
        "last byte": -1,
        "last bracket": body.rindex(b"</xml>" if fmt == "xml" else b"]}"),
        "half": len(body) // 2,
    }[lacking]

    ask.refuses_body(body[:end], fmt)


@pytest.mark.clause("parameters.malformed", "parameters.malformed-code")
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_valid_request_with_a_mistake_in_its_xml_is_refused(ask: Ask, mistake: str) -> None:
    """What XML calls a fatal error launches nothing, whatever else the request holds."""
    body = ask.encode(ask.valid("xml"), "xml")

    ask.refuses_body(body.replace(b"</trigger_id>", MISTAKES[mistake], 1), "xml")


@pytest.mark.clause("format.well-formed")
@pytest.mark.parametrize("parameter", ["token", "matching", "field_name"])
@pytest.mark.parametrize("echo", ECHOES)
@each_pair
def test_an_error_stays_well_formed(
    ask: Ask, known: Known, formats: Formats, parameter: str, echo: str
) -> None:
    """Whatever a wrong value holds, the answer to it is well-formed."""
    params = ask.valid(formats.answer)
    if parameter == "field_name":
        params = ask.batch("custom", known.some("custom"), formats.answer)

    ask.finds_nobody({**params, parameter: ECHOES[echo]}, formats.request)


@pytest.mark.clause("format.well-formed")
@pytest.mark.parametrize("parameter", ["matching", "field_name"])
@pytest.mark.parametrize("echo", IN_JSON_ONLY)
@pytest.mark.parametrize("answer", FORMATS)
def test_an_error_about_what_xml_cannot_hold_stays_well_formed(
    ask: Ask, known: Known, parameter: str, echo: str, answer: Format
) -> None:
    """Whatever a wrong value in JSON holds, the answer to it is well-formed in either format."""
    mode = "custom" if parameter == "field_name" else ask.basic_mode
    params = ask.batch(mode, known.some(mode), answer)

    ask.finds_nobody({**params, parameter: IN_JSON_ONLY[echo]}, "json")
