"""Answers, read into the shape that they have in JSON."""

import json

import pytest

from contracts import wire
from contracts.model import FORMATS, OVER_LIMIT, Format, JsonValue
from contracts.wire import Misshapen, NotWellFormed

SUCCESS = {
    "error": 0,
    "error_text": "Successful operation",
    "result": [
        {"profile_id": "6606e08f10bcdd88297057a7"},
        {"profile_id": "66101437dc4594c2934da6da"},
    ],
}

DOCUMENTED = {
    "success, json": (json.dumps(SUCCESS, indent=4), "json", SUCCESS),
    "success, xml": (
        (
            "<xml>\n<error>0</error>\n<error_text>Successful operation</error_text>\n<result>\n"
            "<profile_id>6606e08f10bcdd88297057a7</profile_id>\n</result>\n<result>\n"
            "<profile_id>66101437dc4594c2934da6da</profile_id>\n</result>\n</xml>\n"
        ),
        "xml",
        SUCCESS,
    ),
    "error, json": (json.dumps(OVER_LIMIT), "json", OVER_LIMIT),
    "error, xml": (
        (
            "<xml>\n<error>400</error>\n<error_debug>http: request body too large</error_debug>\n"
            "<error_text>Invalid request</error_text>\n</xml>"
        ),
        "xml",
        OVER_LIMIT,
    ),
}
"""The page's four answers (SEED, examples)."""

NEWLINES = "\n" * 1_000_000

READ: dict[str, tuple[str, JsonValue]] = {
    "no result": ("<error>0</error>", {"error": 0}),
    "empty result": ("<result/>", {"result": []}),
    "empty pair": ("<result></result>", {"result": []}),
    "printed empty result": ("<result>\n\t</result>", {"result": []}),
    "one result": (
        "<result><profile_id>a</profile_id></result>",
        {"result": [{"profile_id": "a"}]},
    ),
    "marked result": (
        "<result array='true'><profile_id>a</profile_id></result>",
        {"result": [{"profile_id": "a"}]},
    ),
    "empty among others": (
        "<result/><result><profile_id>a</profile_id></result>",
        {"result": [{"profile_id": "a"}]},
    ),
    "further keys": (
        (
            "<took>3</took><meta><a>1</a><a>2</a></meta><result><profile_id>a</profile_id>"
            "<status>sent</status></result>"
        ),
        {
            "took": "3",
            "meta": {"a": ["1", "2"]},
            "result": [{"profile_id": "a", "status": "sent"}],
        },
    ),
    "results apart": (
        (
            "<result><profile_id>a</profile_id></result><error>0</error>"
            "<result><profile_id>b</profile_id></result>"
        ),
        {"result": [{"profile_id": "a"}, {"profile_id": "b"}], "error": 0},
    ),
    "two identifiers in one result": (
        "<result><profile_id>a</profile_id><profile_id>b</profile_id></result>",
        {"result": [{"profile_id": ["a", "b"]}]},
    ),
    "bare identifier": ("<result>a</result>", {"result": ["a"]}),
    "a namespace that no name stands in": (
        "<error xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns=''>0</error>",
        {"error": 0},
    ),
    "other attributes": ("<error type='int'>0</error>", {"error": 0}),
    "negative number": ("<error>-1</error>", {"error": -1}),
    "no number": ("<error>none</error>", {"error": "none"}),
    "no integer": ("<error>0.0</error>", {"error": "0.0"}),
    "empty number": ("<error/>", {"error": ""}),
    "digits of another script": ("<error>\u0663</error>", {"error": "\u0663"}),
    "number with blanks": ("<error> 0 </error>", {"error": " 0 "}),
    "printed texts": (
        "\r\n  <error>\r\n    0\r\n  </error>\n<error_text>\n\tOK \n</error_text>\n",
        {"error": 0, "error_text": "OK"},
    ),
    "texts with blanks": (
        "<error_text> a\n b </error_text><error_debug>a \n</error_debug>",
        {"error_text": " a\n b ", "error_debug": "a"},
    ),
    "many line breaks": (
        f"<error_text>{'a' + NEWLINES + 'b'}</error_text>",
        {"error_text": f"a{NEWLINES}b"},
    ),
    "CDATA and references": (
        "<error_text><![CDATA[<a>]]>&amp;&#x416;&#128512;</error_text>",
        {"error_text": "<a>&Ж😀"},
    ),
    "comments and instructions": (
        "<!-- a --><error><?b c?>0<!-- d --></error><!-- e -->",
        {"error": 0},
    ),
    "white space in tags": ("<error >0</error\n>", {"error": 0}),
}

MISSHAPEN = {
    "a namespace": "<xml xmlns='urn:a'><error>0</error></xml>",
    "another root": "<response><error>0</error></response>",
    "HTML": "<html><body>502 Bad Gateway</body></html>",
    "text": "<xml>OK</xml>",
    "text beside elements": "<xml>OK<error>0</error></xml>",
    "error twice": "<xml><error>0</error><error>400</error></xml>",
    "error_text twice": "<xml><error_text>a</error_text><error_text>b</error_text></xml>",
    "elements in error": "<xml><error><code>0</code></error></xml>",
    "elements in error_text": "<xml><error_text><a/></error_text></xml>",
}


@pytest.mark.parametrize(("body", "fmt", "expected"), DOCUMENTED.values(), ids=DOCUMENTED)
def test_the_page_s_examples_are_read(body: str, fmt: Format, expected: JsonValue) -> None:
    """Both formats of an example come in the same shape."""
    assert wire.decode_answer(body.encode(), fmt) == expected


@pytest.mark.parametrize(("children", "expected"), READ.values(), ids=READ)
def test_an_xml_answer_is_read(children: str, expected: JsonValue) -> None:
    """An answer in XML comes in its JSON shape, and what breaks it comes as it is."""
    answer = wire.decode_answer(f"<xml>{children}</xml>".encode(), "xml")

    assert repr(answer) == repr(expected)


def test_a_byte_order_mark_is_part_of_xml() -> None:
    """XML allows the mark that JSON does not."""
    assert wire.decode_answer(b"\xef\xbb\xbf<xml><error>0</error></xml>", "xml") == {"error": 0}


@pytest.mark.parametrize("body", MISSHAPEN.values(), ids=MISSHAPEN)
def test_a_misshapen_answer_is_refused(body: str) -> None:
    """Well-formed XML that is no answer is misshapen."""
    with pytest.raises(Misshapen):
        wire.decode_answer(body.encode(), "xml")


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("body", [b"", b"Bad Gateway", b"\x00", b"<xml>", b"{"])
def test_what_is_no_answer_at_all_is_not_well_formed(fmt: Format, body: bytes) -> None:
    """A body of neither format is refused in both."""
    with pytest.raises(NotWellFormed):
        wire.decode_answer(body, fmt)


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_answer_of_250_000_identifiers_is_read(fmt: Format) -> None:
    """The largest answers are read whole and in order."""
    found: list[JsonValue] = [{"profile_id": f"{number:024x}"} for number in range(250_000)]
    body = wire.encode({"error": 0, "result": found}, fmt)

    assert wire.decode_answer(body, fmt) == {"error": 0, "result": found}
