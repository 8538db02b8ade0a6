"""The judge: answers that keep the documentation, each in a way that it leaves free.

Each row is a freedom that design.md, "Clauses", grants.
"""

from collections.abc import Mapping

import pytest

from tests.suite.judging import (
    ERROR,
    ERROR_XML,
    ONE,
    ONE_XML,
    Case,
    found,
    judged,
    profile,
    success,
    xml,
)

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
    "a DOCTYPE that only names the root": (Case(b"<!DOCTYPE xml>" + ONE_XML, "xml"), ("a1",)),
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
    "error_debug null": (
        Case(b'{"error":400,"error_debug":null,"error_text":"Invalid request"}'), NONE
    ),
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


@pytest.mark.parametrize(("case", "ids"), KEEPS.values(), ids=KEEPS)
def test_an_answer_that_keeps_the_documentation_passes(case: Case, ids: tuple[str, ...]) -> None:
    """Nothing that the documentation leaves free is a breach, and the ids are read."""
    assert judged(case).ids == ids
