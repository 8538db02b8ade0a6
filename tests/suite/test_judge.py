"""The judge: which answers keep the documentation, and which clause the others break.

Each row of `KEEPS` is a freedom that design.md, "Clauses", grants; each row of `BREAKS` is
one that it does not, made by one change to an answer that keeps everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from contracts.model import Format
from endpoint.answer import Answer, Call, Ending, Headers
from tests.asking.judge import Judge, Reply
from tests.reporting.ledger import Ledger
from tests.reporting.verdicts import Breach, Broken

TOKEN = "tok-3n4f9c1e7a5b2d48"
ESCAPED_TOKEN = 'tok"3n&4f<9c\\1e'


@dataclass(frozen=True)
class Case:
    """One answer: its body, what the request's `format` was, and what came with it."""

    body: bytes
    asked: Format | None = "json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    either: bool = False


def judged(case: Case, token: str = TOKEN) -> Reply:
    """Have one answer judged."""
    answer = Answer(
        Call(b"{}", "application/json"),
        Ending.ANSWERED,
        "id",
        status=case.status,
        headers=Headers(tuple(case.headers.items())),
        body=case.body,
    )
    return Judge(Ledger(), token).reply(answer, case.asked, either=case.either)


def clause(case: Case, token: str = TOKEN) -> str:
    """The clause that an answer breaks; empty where it breaks none."""
    try:
        judged(case, token)
    except Breach as breach:
        return breach.clause
    return ""


def success(rest: bytes) -> bytes:
    """A success in JSON with this after error and error_text."""
    return b'{"error":0,"error_text":"Successful operation"' + rest + b"}"


def found(result: bytes) -> bytes:
    """A success in JSON with this as its result."""
    return success(b',"result":' + result)


def xml(rest: bytes) -> bytes:
    """A success in XML with this after error and error_text."""
    return b"<xml><error>0</error><error_text>Successful operation</error_text>" + rest + b"</xml>"


def profile(profile_id: bytes) -> bytes:
    """One result in XML."""
    return b"<result><profile_id>" + profile_id + b"</profile_id></result>"


ONE = found(b'[{"profile_id":"a1"}]')
ONE_XML = xml(profile(b"a1"))
ERROR = b'{"error":400,"error_text":"Invalid request"}'
ERROR_XML = b"<xml><error>400</error><error_text>Invalid request</error_text></xml>"
NONE = ()


KEEPS: Mapping[str, tuple[Case, tuple[str, ...]]] = {
    "one profile": (Case(ONE), ("a1",)),
    "one profile in XML": (Case(ONE_XML, "xml"), ("a1",)),
    "no format, JSON": (Case(ONE, None), ("a1",)),
    "error with HTTP 200": (Case(ERROR), NONE),
    "error with its own number": (Case(ERROR, status=400), NONE),
    "error with another 4xx": (Case(ERROR, status=422), NONE),
    "error 500 with HTTP 500": (
        Case(b'{"error":500,"error_text":"Internal"}', status=500), NONE
    ),
    "error in XML": (Case(ERROR_XML, "xml", 400), NONE),
    "other order of keys": (
        Case(b'{"result":[{"profile_id":"a1"}],"error_text":"Successful operation","error":0}'),
        ("a1",),
    ),
    "other order of elements": (
        Case(
            b"<xml>" + profile(b"a1")
            + b"<error_text>Successful operation</error_text><error>0</error></xml>",
            "xml",
        ),
        ("a1",),
    ),
    "results in any order, one twice": (
        Case(found(b'[{"profile_id":"b"},{"profile_id":"a"},{"profile_id":"b"}]')),
        ("b", "a", "b"),
    ),
    "results repeated in XML": (
        Case(xml(profile(b"b") + profile(b"a") + profile(b"b")), "xml"), ("b", "a", "b")
    ),
    "an empty result as []": (Case(found(b"[]")), NONE),
    "an empty result as null": (Case(found(b"null")), NONE),
    "no result": (Case(success(b"")), NONE),
    "no result in XML": (Case(xml(b""), "xml"), NONE),
    "an empty element": (Case(xml(b"<result/>"), "xml"), NONE),
    "an empty pair of tags": (Case(xml(b"<result></result>"), "xml"), NONE),
    "an empty array in XML": (Case(xml(b"<result array='true'/>"), "xml"), NONE),
    "an array of one in XML": (
        Case(xml(b"<result array='true'><profile_id>a1</profile_id></result>"), "xml"), ("a1",)
    ),
    "further keys": (Case(success(b',"took":3,"result":[{"profile_id":"a1","x":[]}]')), ("a1",)),
    "further elements": (Case(xml(profile(b"a1") + b"<took><ms>3</ms></took>"), "xml"), ("a1",)),
    "error_debug": (
        Case(b'{"error":400,"error_debug":"no token","error_text":"Invalid request"}'), NONE
    ),
    "error with an empty result": (
        Case(b'{"error":400,"error_text":"Invalid request","result":[]}'), NONE
    ),
    "error with a null result": (
        Case(b'{"error":400,"error_text":"Invalid request","result":null}'), NONE
    ),
    "text/plain": (Case(ONE, headers={"Content-Type": "text/plain"}), ("a1",)),
    "text/html": (Case(ONE, headers={"Content-Type": "text/html; charset=utf-8"}), ("a1",)),
    "Connection: close": (Case(ONE, headers={"Connection": "close"}), ("a1",)),
    "pretty JSON": (
        Case(
            b'\n{\r\n\t"error" : 0 ,\n "error_text": "Successful operation",\n'
            b' "result": [\n { "profile_id": "a1" }\n ]\n}\n'
        ),
        ("a1",),
    ),
    "pretty XML": (
        Case(
            b'<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n  <error>\n    0\n  </error>\n'
            b"  <error_text>Successful operation</error_text>\n  <result>\n"
            b"    <profile_id>a1</profile_id>\n  </result>\n</xml>\n",
            "xml",
        ),
        ("a1",),
    ),
    "an empty element, pretty": (Case(xml(b"\n  <result>\n  </result>\n"), "xml"), NONE),
    "a space in an empty element": (Case(xml(b"<result> </result>"), "xml"), NONE),
    "escapes in JSON": (
        Case(b'{"err\\u006fr":0,"error_text":"Successful \\u006fperation"}'), NONE
    ),
    "CDATA, references and a comment": (
        Case(
            b"<!-- ok --><xml><error><![CDATA[0]]></error>"
            b"<error_text>Successful&#32;operation</error_text></xml>",
            "xml",
        ),
        NONE,
    ),
    "a byte order mark in XML": (Case(b"\xef\xbb\xbf" + ONE_XML, "xml"), ("a1",)),
    "an error in XML where either will do": (Case(ERROR_XML, "json", 400, either=True), NONE),
    "an error in JSON where either will do": (Case(ERROR, "xml", 400, either=True), NONE),
    "either, with a byte order mark in XML": (
        Case(b"\xef\xbb\xbf" + ERROR_XML, "xml", 400, either=True), NONE
    ),
    "a text that names a file": (
        Case(b'{"error":400,"error_text":"at line 3 of data.js: unexpected end"}'), NONE
    ),
    "a number beyond 2^53 in a further key": (Case(success(b',"n":9007199254740993')), NONE),
}  # fmt: skip

ALARMS: Mapping[str, str] = {
    "a space in an empty element": "xml_reader._unprinted leaves a space without a line break",
    "either, with a byte order mark in XML": "judge._decoded takes a marked XML body for JSON",
}
"""Freedoms that are taken for breaches today."""


def rows(table: Mapping[str, object], known: Mapping[str, str]) -> list[object]:
    """The rows of a table by name, those with a known fault expected to fail."""
    return [
        pytest.param(name, marks=pytest.mark.xfail(reason=known[name]) if name in known else ())
        for name in table
    ]


@pytest.mark.parametrize("name", rows(KEEPS, ALARMS))
def test_an_answer_that_keeps_the_documentation_passes(name: str) -> None:
    """Nothing that the documentation leaves free is a breach, and the ids are read."""
    case, ids = KEEPS[name]

    assert judged(case).ids == ids


HTML = b"<!DOCTYPE html><html><head><title>502</title></head><body>Bad<br>Gateway</body></html>"

BREAKS: Mapping[str, tuple[str, Case]] = {
    # error
    "error as a string": ("answer.error", Case(ONE.replace(b":0", b':"0"'))),
    "error as 0.0": ("answer.error", Case(ONE.replace(b":0", b":0.0"))),
    "error as false": ("answer.error", Case(ONE.replace(b":0", b":false"))),
    "error as true": ("answer.error", Case(ERROR.replace(b":400", b":true"))),
    "error as null": ("answer.error", Case(ERROR.replace(b":400", b":null"))),
    "error as 400.0": ("answer.error", Case(ERROR.replace(b":400", b":400.0"))),
    "error missing": ("answer.error", Case(b'{"error_text":"Successful operation"}')),
    "error missing in XML": (
        "answer.error", Case(b"<xml><error_text>Successful operation</error_text></xml>", "xml")
    ),
    "error in words in XML": ("answer.error", Case(ONE_XML.replace(b">0<", b">none<"), "xml")),
    "a bare array": ("answer.error", Case(b"[]")),
    "a bare null": ("answer.error", Case(b"null")),
    # error_text
    "error_text null": ("answer.error-text", Case(b'{"error":400,"error_text":null}')),
    "error_text a number": ("answer.error-text", Case(b'{"error":400,"error_text":400}')),
    "error_text missing": ("answer.error-text", Case(b'{"error":400}')),
    "error_text missing in a success": ("answer.error-text", Case(b'{"error":0,"result":[]}')),
    "error_text missing in XML": (
        "answer.error-text", Case(b"<xml><error>400</error></xml>", "xml")
    ),
    "error_debug a number": (
        "answer.error-debug", Case(b'{"error":400,"error_text":"x","error_debug":1}')
    ),
    "error_debug null": (
        "answer.error-debug", Case(b'{"error":400,"error_text":"x","error_debug":null}')
    ),
    "another text of a success": ("answer.success-text", Case(ONE.replace(b"Succ", b"succ"))),
    "another text of a success in XML": (
        "answer.success-text", Case(ONE_XML.replace(b"Successful operation", b"OK"), "xml")
    ),
    # result
    "a bare string": ("answer.result", Case(found(b'["a1"]'))),
    "an integer id": ("answer.result", Case(found(b'[{"profile_id":1}]'))),
    "a null id": ("answer.result", Case(found(b'[{"profile_id":null}]'))),
    "another key": ("answer.result", Case(found(b'[{"id":"a1"}]'))),
    "a null among the profiles": ("answer.result", Case(found(b'[{"profile_id":"a1"},null]'))),
    "an object": ("answer.result", Case(found(b'{"profile_id":"a1"}'))),
    "a string": ("answer.result", Case(found(b'"a1"'))),
    "a count": ("answer.result", Case(found(b"1"))),
    # XML's shape
    "another root": (
        "answer.xml-shape",
        Case(ONE_XML.replace(b"<xml>", b"<response>").replace(b"</xml>", b"</response>"), "xml"),
    ),
    "two ids in one result": (
        "answer.xml-shape",
        Case(
            xml(b"<result><profile_id>a</profile_id><profile_id>b</profile_id></result>"), "xml"
        ),
    ),
    "an id as the result's text": ("answer.xml-shape", Case(xml(b"<result>a1</result>"), "xml")),
    "results in a result": (
        "answer.xml-shape", Case(xml(b"<result>" + profile(b"a1") + b"</result>"), "xml")
    ),
    "error twice in XML": ("answer.xml-shape", Case(xml(b"<error>0</error>"), "xml")),
    "text beside elements": ("answer.xml-shape", Case(xml(b"done"), "xml")),
    # the format
    "nothing at all": ("format.well-formed", Case(b"")),
    "nothing at all in XML": ("format.well-formed", Case(b"", "xml")),
    "a trailing comma": ("format.well-formed", Case(found(b'[{"profile_id":"a1"},]'))),
    "a comment in JSON": ("format.well-formed", Case(ONE + b"// ok")),
    "two values": ("format.well-formed", Case(ONE + ONE)),
    "cut short": ("format.well-formed", Case(ONE[:-1])),
    "cut short in XML": ("format.well-formed", Case(ONE_XML[:-1], "xml")),
    "single quotes": ("format.well-formed", Case(ONE.replace(b'"', b"'"))),
    "a byte order mark in JSON": ("format.well-formed", Case(b"\xef\xbb\xbf" + ONE)),
    "UTF-16": ("format.well-formed", Case(ONE.decode().encode("utf-16"))),
    "Latin-1": ("format.well-formed", Case(success(b',"note":"\xe9"'))),
    "a raw line break in a string": ("format.well-formed", Case(success(b',"note":"\n"'))),
    "NaN": ("format.well-formed", Case(success(b',"note":NaN'))),
    "a bare ampersand in XML": ("format.well-formed", Case(xml(b"<note>R&D</note>"), "xml")),
    "an HTML page": ("format.well-formed", Case(HTML, status=502)),
    "an HTML page for XML": ("format.well-formed", Case(HTML, "xml", 502)),
    "an HTML page for either": ("format.well-formed", Case(HTML, status=502, either=True)),
    "XML for json": ("format.json-answer", Case(ONE_XML, "json")),
    "JSON for xml": ("format.xml-answer", Case(ONE, "xml")),
    "XML for no format": ("format.default", Case(ONE_XML, None)),
    "an error in XML for json": ("format.errors", Case(ERROR_XML, "json", 400)),
    "an error in JSON for xml": ("format.errors", Case(ERROR, "xml", 400)),
    "an error in XML for no format": ("format.errors", Case(ERROR_XML, None, 400)),
    # the status
    "a success with HTTP 201": ("answer.http-status", Case(ONE, status=201)),
    "a success with HTTP 400": ("answer.http-status", Case(ONE, status=400)),
    "error 400 with HTTP 500": ("answer.error-status", Case(ERROR, status=500)),
    "an error with a redirect": ("answer.error-status", Case(ERROR, status=302)),
    "an error with HTTP 204": ("answer.error-status", Case(ERROR, status=204)),
    "an error with ids": (
        "answer.error-names-nobody",
        Case(b'{"error":400,"error_text":"Invalid request","result":[{"profile_id":"a1"}]}'),
    ),
    "an error with ids in XML": (
        "answer.error-names-nobody",
        Case(ERROR_XML.replace(b"</xml>", profile(b"a1") + b"</xml>"), "xml"),
    ),
    # what no answer may hold
    "the token": ("confidentiality.token", Case(success(f',"t":"{TOKEN}"'.encode()))),
    "the token in a header": (
        "confidentiality.token", Case(ONE, headers={"Location": f"/x?token={TOKEN}"})
    ),
    "the token in what is no JSON": ("confidentiality.token", Case(f"<{TOKEN}>".encode())),
    "a Python trace": (
        "confidentiality.internals",
        Case(b'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in <module>\n'),
    ),
    "a Go trace": (
        "confidentiality.internals",
        Case(b"panic: x\n\ngoroutine 7 [running]:\nmain.main()\n\t/srv/main.go:12 +0x1d\n"),
    ),
    "a Java trace": (
        "confidentiality.internals",
        Case(b"java.lang.NullPointerException\n\tat com.x.Main.run(Main.java:12)\n", status=500),
    ),
    "a Java trace in JSON": (
        "confidentiality.internals",
        Case(b'{"error":500,"error_text":"x\\n\\tat com.x.Main.run(Main.java:12)"}', status=500),
    ),
    "a Go trace in JSON": (
        "confidentiality.internals",
        Case(b'{"error":500,"error_text":"x\\n\\t/srv/main.go:12 +0x1d"}', status=500),
    ),
    "a Python trace in JSON": (
        "confidentiality.internals",
        Case(b'{"error":500,"error_text":"File \\"/srv/app.py\\", line 3, in run"}', status=500),
    ),
    "a Node trace": (
        "confidentiality.internals",
        Case(b"TypeError: x\n    at Object.<anonymous> (/srv/app.js:1:7)\n"),
    ),
    "a PHP trace": (
        "confidentiality.internals",
        Case(b"Fatal error: Uncaught x in /srv/app.php:3\nStack trace:\n#0 /srv/app.php(9): f()"),
    ),
    "a Rust panic": (
        "confidentiality.internals", Case(b"thread 'main' panicked at src/main.rs:2:5:\nx")
    ),
}  # fmt: skip

_ROOT = "a missing key is reported at (root), which _shaped takes for error"
_ESCAPED = "keeps_secrets looks at the bytes, not at the texts that they spell"

MISNAMED: Mapping[str, str] = {
    "error_text missing": _ROOT,
    "error_text missing in a success": _ROOT,
    "error_text missing in XML": _ROOT,
    "a Java trace in JSON": _ESCAPED,
    "a Python trace in JSON": _ESCAPED,
}
"""Breaches that pass, or get another clause than their own, today."""


@pytest.mark.parametrize("name", rows(BREAKS, MISNAMED))
def test_an_answer_that_breaks_one_thing_breaks_its_clause(name: str) -> None:
    """One change that the documentation does not allow is a breach of the clause about it."""
    expected, case = BREAKS[name]

    assert clause(case) == expected


ODD_ERRORS: Mapping[str, bytes] = {
    "bare strings": b'["a1"]',
    "other keys": b'[{"id":"a1"}]',
    "nulls": b"[null]",
    "integer ids": b'[{"profile_id":1}]',
    "an object": b'{"profile_id":"a1"}',
    "a string": b'"a1"',
}


_IDS = "_ids reads the result of an error, which no schema has looked at"

CRASHES: Mapping[str, str] = dict.fromkeys(
    ("bare strings", "other keys", "nulls", "integer ids"), _IDS
)
"""Odd results over which the suite itself falls today."""


@pytest.mark.parametrize("name", rows(ODD_ERRORS, CRASHES))
def test_an_error_with_an_odd_result_is_judged(name: str) -> None:
    """Whatever an error has for a result, it passes or is a breach; the suite itself goes on."""
    body = b'{"error":400,"error_text":"Invalid request","result":' + ODD_ERRORS[name] + b"}"

    assert clause(Case(body, status=400)) in {"", "answer.result", "answer.error-names-nobody"}


ENCODINGS: Mapping[str, tuple[bytes, Format]] = {
    "as it is": (ESCAPED_TOKEN.encode(), "xml"),
    "in JSON": (b'{"error":400,"error_text":"bad token tok\\"3n&4f<9c\\\\1e"}', "json"),
    "in JSON of Go": (
        b'{"error":400,"error_text":"bad token tok\\"3n\\u00264f\\u003c9c\\\\1e"}', "json"
    ),
    "in XML": (
        b"<xml><error>400</error><error_text>tok&quot;3n&amp;4f&lt;9c\\1e</error_text></xml>",
        "xml",
    ),
    "in a URL": (b'{"error":400,"error_text":"bad token tok%223n%264f%3C9c%5C1e"}', "json"),
}  # fmt: skip


UNSEEN: Mapping[str, str] = dict.fromkeys(
    ("in JSON", "in JSON of Go", "in XML", "in a URL"), _ESCAPED
)
"""Spellings of the token that pass today."""


@pytest.mark.parametrize("spelling", rows(ENCODINGS, UNSEEN))
def test_an_escaped_token_is_still_the_token(spelling: str) -> None:
    """An answer that contains the token as the format spells it breaks confidentiality."""
    body, fmt = ENCODINGS[spelling]

    assert clause(Case(body, fmt, 400), ESCAPED_TOKEN) == "confidentiality.token"


@pytest.mark.parametrize("ending", [Ending.RESET, Ending.CUT_SHORT, Ending.TIMED_OUT])
def test_an_answer_that_did_not_arrive_is_a_breach(ending: Ending) -> None:
    """Each request gets one complete answer."""
    answer = Answer(Call(b"{}"), ending, "id", detail="why")

    with pytest.raises(Breach, match=r"transport\.answered.*why"):
        Judge(Ledger(), TOKEN).reply(answer, "json")


def test_a_target_that_cannot_be_reached_is_no_breach() -> None:
    """Where there is no connection nothing can be said about the target."""
    answer = Answer(Call(b"{}"), Ending.UNREACHABLE, "id", detail="nothing listens there")

    with pytest.raises(Broken, match="nothing listens there"):
        Judge(Ledger(), TOKEN).reply(answer, "json")


def test_an_early_answer_is_an_answer() -> None:
    """A server may answer before it read the whole body."""
    answer = Answer(Call(b"{}"), Ending.ANSWERED_EARLY, "id", status=400, body=ERROR)

    assert Judge(Ledger(), TOKEN).reply(answer, "json").error == 400


@pytest.mark.parametrize(
    ("body", "shape"), [(found(b"[]"), "array"), (found(b"null"), "null"), (success(b""), "no key")]
)
def test_how_nobody_is_said_is_kept(body: bytes, shape: str) -> None:
    """A reply remembers how its result came, for the clause that leaves it open."""
    assert judged(Case(body)).shape == shape


def test_an_answer_counts_for_the_clauses_that_it_was_held_against() -> None:
    """The ledger learns that a success was examined, and that no error was."""
    ledger = Ledger()
    answer = Answer(Call(b"{}"), Ending.ANSWERED, "id", status=200, body=ONE)

    Judge(ledger, TOKEN).reply(answer, "json")

    assert ledger.examined["answer.success-text"] == 1
    assert ledger.examined["answer.error-status"] == 0


def test_a_long_list_of_ids_is_said_in_one_line() -> None:
    """A reply of a thousand profiles prints the first six and their number."""
    ids = b",".join(b'{"profile_id":"%d"}' % number for number in range(1000))

    assert str(judged(Case(found(b"[" + ids + b"]")))) == (
        "error 0 and 1000 ids: [0, 1, 2, 3, 4, 5, ...]"
    )
