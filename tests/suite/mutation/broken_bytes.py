"""The table of breaches in bytes and on the wire: what is neither JSON nor XML nor HTTP."""

import gzip
import re
from collections.abc import Sequence
from typing import Final

from tests.suite.mutation import changes as c
from tests.suite.mutation.message import Change, Delivery, Message, Mutation

_WELL_FORMED: Final = "format.well-formed"
_ANSWERED: Final = "transport.answered"


def _carried(value: bytes, fmt: str) -> Change:
    """Put bytes where any text may stand: in a further key, which by itself breaks nothing."""

    def edit(body: bytes) -> bytes:
        if body.lstrip().startswith(b"<"):
            return body.replace(b"<xml>", b"<xml><note>" + value + b"</note>", 1)
        return body.replace(b"{", b'{"note":"' + value + b'",', 1)

    return c.octets(edit, fmt)


def _bare(value: bytes) -> Change:
    """Put bytes where any JSON value may stand."""
    return c.octets(lambda body: body.replace(b"{", b'{"note":' + value + b",", 1), "json")


_CARRIED: Final = tuple(
    Mutation(f"bytes-{name}", _WELL_FORMED, f"A further key holds {sentence}.",
             _carried(value, fmt))
    for name, fmt, value, sentence in (
        ("not-utf-8", "", b"\xff", "a byte that UTF-8 does not know"),
        ("latin-1", "", b"caf\xe9", "a letter in Latin-1"),
        ("overlong", "", b"\xc0\xaf", "a slash in two bytes"),
        ("surrogate", "", b"\xed\xa0\x80", "a surrogate in UTF-8"),
        ("nul", "", b"\x00", "a NUL"),
        ("control", "", b"\x01", "a control character"),
        ("json-line-feed", "json", b"a\nb", "a bare line feed"),
        ("json-tab", "json", b"a\tb", "a bare tab"),
        ("json-bad-escape", "json", b"\\x41", "an escape that JSON does not know"),
        ("json-half-escape", "json", b"\\u00g1", "a \\u escape that is none"),
        ("xml-ampersand", "xml", b"a & b", "a bare ampersand"),
        ("xml-entity", "xml", b"a&nbsp;b", "an entity that is not declared"),
        ("xml-reference-to-nul", "xml", b"&#0;", "a reference to no character"),
        ("xml-open-tag", "xml", b"<b>", "a tag that is not closed"),
        ("xml-comment", "xml", b"<!-- a -- b -->", "a comment with two hyphens in it"),
        ("xml-cdata-end", "xml", b"]]>", "the end of a CDATA section that has no beginning"),
    )
)  # fmt: skip

_VALUES: Final = tuple(
    Mutation(f"bytes-json-{name}", _WELL_FORMED, f"A further key holds {value.decode()}.",
             _bare(value))
    for name, value in (
        ("nan", b"NaN"), ("leading-zero", b"01"), ("plus", b"+1"), ("undefined", b"undefined"),
        ("python-none", b"None"), ("single-quotes", b"'a'"), ("comment", b"1/* one */"),
        ("half-fraction", b"1."),
    )
)  # fmt: skip

_WHOLE: Final = tuple(
    Mutation(f"bytes-{name}", _WELL_FORMED, sentence, c.octets(edit, fmt))
    for name, fmt, sentence, edit in (
        ("cut-by-one", "", "The last byte is missing.", lambda body: body.rstrip()[:-1]),
        ("cut-in-half", "", "The second half is missing.", lambda body: body[: len(body) // 2]),
        ("empty", "", "The body is empty.", lambda _body: b""),
        ("doubled", "", "The body stands twice.", lambda body: body * 2),
        ("something-after", "", "A letter follows the body.", lambda body: body + b"x"),
        ("something-before", "", "A warning stands before the body.",
         lambda body: b"Warning: undefined index\n" + body),
        ("json-utf-16", "json", "The body is in UTF-16.",
         lambda body: body.decode().encode("utf-16")),
        ("xml-utf-16", "xml", "The body is in UTF-16.",
         lambda body: body.decode().encode("utf-16")),
        ("json-bom", "json", "JSON begins with a byte order mark.",
         lambda body: b"\xef\xbb\xbf" + body),
        ("json-bom-inside", "json", "A byte order mark stands behind the first brace.",
         lambda body: body.replace(b"{", b"{\xef\xbb\xbf", 1)),
        ("json-trailing-comma", "json", "A comma stands before the last brace.",
         lambda body: body.rstrip()[:-1] + b",}"),
        ("json-list-comma", "json", "A comma ends an array.",
         lambda body: re.sub(rb"\}\s*\]", b"},]", body)),
        ("json-missing-comma", "json", "A comma is missing.",
         lambda body: body.replace(b',"', b' "', 1)),
        ("json-single-quotes", "json", "Quotes are single.",
         lambda body: body.replace(b'"', b"'")),
        ("json-bare-key", "json", "The name error has no quotes.",
         lambda body: body.replace(b'"error"', b"error")),
        ("json-callback", "json", "The answer is the argument of a call.",
         lambda body: b"callback(" + body + b");"),
        ("json-as-text", "json", "The answer stands in quotes once more, without escapes.",
         lambda body: b'"' + body + b'"'),
        ("xml-no-end", "xml", "The root is not closed.",
         lambda body: body.replace(b"</xml>", b"")),
        ("xml-other-end", "xml", "error is closed by another tag.",
         lambda body: body.replace(b"</error>", b"</err>")),
        ("xml-declared-utf-16", "xml", "The prolog says UTF-16, and it is UTF-8.",
         lambda body: b'<?xml version="1.0" encoding="UTF-16"?>' + _without_prolog(body)),
        ("xml-declared-1251", "xml", "The prolog says windows-1251.",
         lambda body: b'<?xml version="1.0" encoding="windows-1251"?>' + _without_prolog(body)),
        ("xml-late-prolog", "xml", "An empty line stands before the prolog.",
         lambda body: b'\n<?xml version="1.0"?>' + _without_prolog(body)),
        ("xml-attribute", "xml", "An attribute's value has no quotes.",
         lambda body: body.replace(b"<error>", b"<error type=int>", 1)),
    )
)  # fmt: skip


def _without_prolog(body: bytes) -> bytes:
    return re.sub(rb"^\s*<\?xml .*?\?>\s*", b"", body)


_TEXT_IN_XML: Final = Mutation(
    "bytes-xml-bom-inside", "answer.xml-shape", "A byte order mark stands among the elements.",
    c.octets(lambda body: body.replace(b"<xml>", b"<xml>\xef\xbb\xbf", 1), "xml"),
)  # fmt: skip

# ------------------------------------------------------------------ on the wire


def _length(message: Message, more: int) -> bytes:
    return message.head(("Content-Length", str(len(message.body) + more))) + message.body


def _with(message: Message, body: bytes, *headers: tuple[str, str]) -> Delivery:
    return Delivery((message.head(*headers, ("Content-Length", str(len(body)))) + body,))


def _in_chunks(message: Message, chunks: bytes) -> bytes:
    return message.head(("Transfer-Encoding", "chunked")) + chunks


def _chunk(body: bytes, size: int | None = None) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body) if size is None else size, body)


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


_WIRE: Final = tuple(
    Mutation(f"wire-{name}", _ANSWERED, sentence, c.wire(deliver))
    for name, sentence, deliver in (
        ("length-too-large", "Content-Length is one more than comes before the end.",
         lambda m: Delivery((_length(m, 1),), "close")),
        ("stalls", "Content-Length is one more than ever comes.",
         lambda m: Delivery((_length(m, 1),))),
        ("length-too-small", "Content-Length is one less than comes.",
         lambda m: Delivery((_length(m, -1),))),
        ("length-negative", "Content-Length is negative.",
         lambda m: Delivery((m.head(("Content-Length", "-5")) + m.body,), "close")),
        ("body-cut", "The connection is closed in the middle of the body.",
         lambda m: Delivery((m.plainly()[: -len(m.body) // 2],), "close")),
        ("body-reset", "The connection is reset in the middle of the body.",
         lambda m: Delivery((m.plainly()[: -len(m.body) // 2],), "reset")),
        ("head-cut", "The connection is closed in the middle of the head.",
         lambda m: Delivery((_half(m.head()),), "close")),
        ("closed", "The connection is closed without an answer.",
         lambda _m: Delivery((), "close")),
        ("reset", "The connection is reset without an answer.",
         lambda _m: Delivery((), "reset")),
        ("chunk-size-garbled", "A chunk's size is no number.",
         lambda m: Delivery((_in_chunks(m, b"zz\r\n" + m.body + b"\r\n0\r\n\r\n"),), "close")),
        ("chunk-too-large", "A chunk is smaller than its size says.",
         lambda m: Delivery((_in_chunks(m, _chunk(m.body, len(m.body) + 9)),), "close")),
        ("no-last-chunk", "The last chunk is missing.",
         lambda m: Delivery((_in_chunks(m, _chunk(m.body)),), "close")),
        ("chunked-but-plain", "The head says chunked, and the body is not.",
         lambda m: Delivery((_in_chunks(m, m.body),), "close")),
        ("gzip-but-plain", "The head says gzip, and the body is not.",
         lambda m: _with(m, m.body, ("Content-Encoding", "gzip"))),
        ("gzip-cut", "The end of the gzip is missing.",
         lambda m: _with(m, gzip.compress(m.body)[:-9], ("Content-Encoding", "gzip"))),
        ("gzip-checksum", "The gzip's checksum is wrong.",
         lambda m: _with(m, gzip.compress(m.body)[:-8] + bytes(8), ("Content-Encoding", "gzip"))),
        ("unknown-coding", "The body is in a coding that nobody asked for.",
         lambda m: _with(m, m.body[::-1], ("Content-Encoding", "br"))),
        ("no-status", "The first line has no status.",
         lambda m: Delivery((m.plainly().replace(b"HTTP/1.1 ", b"HTTP/1.1 OK ", 1),), "close")),
        ("no-http", "The body comes without a head.", lambda m: Delivery((m.body,), "close")),
        ("garbled-header", "A line of the head is no header.",
         lambda m: _with(m, m.body, ("no colon\r\nX-After", "1"))),
        ("two-lengths", "Two Content-Length headers say different things.",
         lambda m: Delivery((m.head(("Content-Length", str(len(m.body))),
                                    ("Content-Length", str(len(m.body) + 1))) + m.body,), "close")),
    )
)  # fmt: skip

_SOMETIMES: Final = (
    Mutation("sometimes-13th-cut", _ANSWERED, "Every 13th is cut in its body.",
             c.wire(lambda m: Delivery((m.plainly()[: -len(m.body) // 2],), "close")), every=13),
    Mutation("sometimes-xml-length", _ANSWERED, "In XML Content-Length is one less.",
             c.wire(lambda m: Delivery((_length(m, -1),))), c.answers(fmt="xml")),
    Mutation("sometimes-gzip-but-plain", "transport.compressed-answer",
             "To clients that accept gzip the head says gzip, and the body is not.",
             c.wire(lambda m: _with(m, m.body, ("Content-Encoding", "gzip"))),
             lambda m: "gzip" in m.asked.codings),
    Mutation("sometimes-limit-reset", "limit.readable", "Over the limit the connection is reset.",
             c.wire(lambda _m: Delivery((), "reset")), c.answers(kinds=("limit",))),
    Mutation("sometimes-limit-cut", "limit.readable", "The over-limit answer is cut.",
             c.wire(lambda m: Delivery((m.plainly()[: -len(m.body) // 2],), "close")),
             c.answers(kinds=("limit",))),
    Mutation("sometimes-errors-not-utf-8", _WELL_FORMED, "Errors hold what is not UTF-8.",
             _carried(b"\xff", ""), c.answers(kinds=c.ERRORS)),
)  # fmt: skip

ROWS: Final[Sequence[Mutation]] = (
    *_CARRIED, *_VALUES, *_WHOLE, _TEXT_IN_XML, *_WIRE, *_SOMETIMES
)  # fmt: skip
