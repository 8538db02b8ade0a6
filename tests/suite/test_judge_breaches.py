"""The judge: answers that break the documentation, and the clause that each of them breaks.

Each row is one change to an answer that keeps everything.
"""

from collections.abc import Mapping

import pytest

from contracts.model import Format
from tests.suite.judging import (
    ERROR,
    ERROR_XML,
    ONE,
    ONE_XML,
    TOKEN,
    Case,
    clause,
    found,
    profile,
    success,
    xml,
)

HTML = b"<!DOCTYPE html><html><head><title>500</title></head><body>Server<br>Error</body></html>"

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
    "an HTML page": ("format.well-formed", Case(HTML, status=500)),
    "an HTML page for XML": ("format.well-formed", Case(HTML, "xml", 500)),
    "an HTML page for either": ("format.well-formed", Case(HTML, status=500, either=True)),
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


@pytest.mark.parametrize(("expected", "case"), BREAKS.values(), ids=BREAKS)
def test_an_answer_that_breaks_one_thing_breaks_its_clause(expected: str, case: Case) -> None:
    """One change that the documentation does not allow is a breach of the clause about it."""
    assert clause(case) == expected


ODD_ERRORS: Mapping[str, bytes] = {
    "bare strings": b'["a1"]',
    "other keys": b'[{"id":"a1"}]',
    "nulls": b"[null]",
    "integer ids": b'[{"profile_id":1}]',
    "an object": b'{"profile_id":"a1"}',
    "a string": b'"a1"',
}


@pytest.mark.parametrize("result", ODD_ERRORS.values(), ids=ODD_ERRORS)
def test_an_error_with_an_odd_result_is_judged(result: bytes) -> None:
    """Whatever an error has for a result, it passes or is a breach; the suite itself goes on."""
    body = b'{"error":400,"error_text":"Invalid request","result":' + result + b"}"

    assert clause(Case(body, status=400)) in {"", "answer.result", "answer.error-names-nobody"}


ESCAPED_TOKEN = 'tok"3n&4f<9c\\1e'

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


@pytest.mark.parametrize(("body", "fmt"), ENCODINGS.values(), ids=ENCODINGS)
def test_an_escaped_token_is_still_the_token(body: bytes, fmt: Format) -> None:
    """An answer that contains the token as the format spells it breaks confidentiality."""
    assert clause(Case(body, fmt, 400), ESCAPED_TOKEN) == "confidentiality.token"
