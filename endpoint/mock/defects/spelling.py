"""Defects of the family spelling."""

import re
from typing import Final

from contracts.model import Format
from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call, Request, Settings
from endpoint.mock.reading import refuse


def _rewriting(fmt: Format, pattern: bytes, put: bytes) -> Seams:
    """In bodies of this format, such places are read as something else."""
    places = re.compile(pattern, re.DOTALL)

    def body(call: Call, body: bytes) -> bytes:
        return places.sub(put, body) if call.format == fmt else body

    return Seams(body=body)


def _refusing(fmt: Format, pattern: bytes, debug: str) -> Seams:
    """Bodies of this format with such a place are refused."""
    places = re.compile(pattern, re.DOTALL)

    def body(call: Call, body: bytes) -> bytes:
        if call.format == fmt and places.search(body):
            refuse(debug)
        return body

    return Seams(body=body)


_APART: Final = re.compile(rb"(</data>\s*<(?!data\b|/xml|!).*?)<data\b.*</data>", re.DOTALL)


def _apart_lost(call: Call, body: bytes) -> bytes:
    # What objects hold under the name data is none of it.
    if call.format != "xml" or b"<content" in body or b"<custom_data" in body:
        return body
    return _APART.sub(rb"\1", body)


def _default_before_data(fmt: Format, data: bytes, name: bytes) -> Seams:
    """What stands behind the items is not read: this parameter is then the default."""

    def body(call: Call, body: bytes) -> bytes:
        at = body.find(data)
        if call.format != fmt or at < 0 or body.find(name) < at:
            return body
        return body[:at] + body[at:].replace(name, name.replace(b"a", b"q"))

    return Seams(body=body)


def _single_refused(call: Call, request: Request, _: Settings) -> Request:
    if call.format == "xml" and request.items is not None and request.items.count == 1:
        refuse("data: expected an array")
    return request


def _single_finds_nobody(call: Call, request: Request, ids: list[str]) -> list[str]:
    alone = request.items is not None and request.items.count == 1
    return [] if call.format == "xml" and alone and not request.plain_single else ids


DEFECTS: Final = (
    Defect(
        "json-slash-escape",
        "spelling.json",
        "An escaped slash in JSON keeps its backslash.",
        _rewriting("json", rb"(?<!\\)\\/", rb"\\\\/"),
    ),
    Defect(
        "json-unicode-escape",
        "spelling.json",
        "\\u escapes in JSON are read as text.",
        _rewriting("json", rb"(?<!\\)\\u([0-9A-Fa-f]{4})", rb"\\\\u\1"),
    ),
    Defect(
        "json-surrogates-refused",
        "spelling.json",
        "An escaped surrogate pair in JSON is refused.",
        _refusing("json", rb"\\u[dD][89abAB][0-9a-fA-F]{2}", "unpaired surrogate"),
    ),
    Defect(
        "json-capital-escapes-refused",
        "spelling.json",
        "\\u escapes with capital letters are refused.",
        _refusing("json", rb"\\u[0-9a-f]{0,3}[A-F]", "invalid escape"),
    ),
    Defect(
        "json-small-escapes-lost",
        "spelling.json",
        "\\u escapes with small letters are lost.",
        _rewriting("json", rb"\\u(?=[0-9A-F]{0,3}[a-f])[0-9a-fA-F]{4}", b""),
    ),
    Defect(
        "xml-small-references-lost",
        "spelling.xml",
        "Hexadecimal character references with small digits are lost.",
        _rewriting("xml", rb"&#x[0-9]*[a-f][0-9a-f]*;", b""),
    ),
    Defect(
        "json-space-before-colon",
        "spelling.json",
        "White space before a colon in JSON is refused.",
        _refusing("json", rb"\"\s+:", "invalid character"),
    ),
    Defect(
        "json-line-breaks-refused",
        "spelling.json",
        "Line breaks in JSON are refused.",
        _refusing("json", rb"\n", "invalid character"),
    ),
    Defect(
        "json-leading-space-refused",
        "spelling.json",
        "White space before the JSON value is refused.",
        _refusing("json", rb"\A\s", "invalid character"),
    ),
    Defect(
        "json-line-feed-first-refused",
        "spelling.json",
        "A line feed as the first byte of a JSON body is refused.",
        _refusing("json", rb"\A\n", "invalid character"),
    ),
    Defect(
        "json-matching-after-data",
        "spelling.json",
        "In JSON, matching behind data is not read.",
        _default_before_data("json", b'"data"', b'"matching"'),
    ),
    Defect(
        "json-format-after-data",
        "spelling.json",
        "In JSON, format behind data is not read.",
        _default_before_data("json", b'"data"', b'"format"'),
    ),
    Defect(
        "json-token-first",
        "spelling.json",
        "In JSON, a request that begins with data is refused.",
        _refusing("json", rb"\A\s*\{\s*\"data\"", "token is required"),
    ),
    Defect(
        "json-line-break-last-refused",
        "spelling.json",
        "A line break behind the JSON is refused.",
        _refusing("json", rb"\n\Z", "json: unexpected character behind the value"),
    ),
    Defect(
        "json-capital-exponent-refused",
        "spelling.json",
        "Numbers with a capital E are refused.",
        _refusing("json", rb":-?[\d.]+E", "json: invalid character 'E'"),
    ),
    Defect(
        "xml-line-break-first-refused",
        "spelling.xml",
        "White space before the root of XML is refused.",
        _refusing("xml", rb"\A\s", "xml: expected <"),
    ),
    Defect(
        "xml-greater-than-refused",
        "spelling.xml",
        "A greater-than sign in a text of XML has to be escaped.",
        _refusing("xml", rb">[^<]*[^<?\]-]>", "xml: unexpected >"),
    ),
    Defect(
        "xml-cdata-ends-at-bracket",
        "spelling.xml",
        "A bracket ends the text of a CDATA section.",
        _rewriting("xml", rb"(<!\[CDATA\[[^\]]*)\](?!\]>).*?(?=\]\]>)", rb"\1"),
    ),
    Defect(
        "xml-line-break-in-tag-refused",
        "spelling.xml",
        "A line break behind the name of an element is refused.",
        _refusing("xml", rb"<\w+\n", "xml: expected attribute"),
    ),
    Defect(
        "xml-data-apart-lost",
        "batch.union",
        "In XML, data elements behind another parameter are lost.",
        Seams(body=_apart_lost),
    ),
    Defect(
        "xml-prolog-needs-encoding",
        "spelling.xml",
        "An XML prolog that declares no encoding is refused.",
        _refusing("xml", rb"^<\?xml(?:(?!encoding).)*?\?>", "xml: no encoding"),
    ),
    Defect(
        "xml-prolog-refused",
        "spelling.xml",
        "An XML declaration is refused.",
        _refusing("xml", rb"\A\s*<\?xml", "expected element <xml>"),
    ),
    Defect(
        "xml-comments-refused",
        "spelling.xml",
        "Comments in XML are refused.",
        _refusing("xml", rb"<!--", "unexpected comment"),
    ),
    Defect(
        "xml-cdata-lost",
        "spelling.xml",
        "What stands in CDATA is lost.",
        _rewriting("xml", rb"<!\[CDATA\[.*?\]\]>", b""),
    ),
    Defect(
        "xml-hex-references-lost",
        "spelling.xml",
        "Hexadecimal character references are lost.",
        _rewriting("xml", rb"&#x[0-9A-Fa-f]+;", b""),
    ),
    Defect(
        "xml-decimal-references-lost",
        "spelling.xml",
        "Decimal character references are lost.",
        _rewriting("xml", rb"&#[0-9]+;", b""),
    ),
    Defect(
        "xml-amp-twice",
        "spelling.xml",
        "&amp; in XML stays as it is written.",
        _rewriting("xml", rb"&amp;", b"&amp;amp;"),
    ),
    Defect(
        "xml-indented-refused",
        "spelling.xml",
        "White space between items in XML is refused.",
        _refusing("xml", rb"</data>\s+<", "unexpected text"),
    ),
    Defect(
        "xml-matching-after-data",
        "spelling.xml",
        "In XML, matching behind the items is not read.",
        _default_before_data("xml", b"<data", b"matching>"),
    ),
    Defect(
        "single-refused",
        "spelling.single-item",
        "One <data>, also with array='true', is refused.",
        Seams(request=_single_refused),
    ),
    Defect(
        "single-marked-nobody",
        "spelling.single-item",
        "One <data> with array='true' finds nobody.",
        Seams(ids=_single_finds_nobody),
    ),
)
