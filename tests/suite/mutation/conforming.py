"""The table of freedoms: what keeps the documentation, and may never be accused."""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from tests.suite.mutation import changes as c
from tests.suite.mutation.documents import JSON_STRING, Document, Fields, json_text, xml_text
from tests.suite.mutation.message import Change, Delivery, Message, Mutation, everywhere


def _free(
    name: str, sentence: str, change: Change, where: Callable[[Message], bool] = everywhere
) -> Mutation:
    return Mutation(name, None, sentence, change, where)


def _written(
    in_json: Callable[[Fields], str] | None, in_xml: Callable[[Fields], str] | None
) -> Change:
    """Write the same fields in another way."""

    def edit(_message: Message, document: Document) -> bytes | None:
        write = in_json if document.format == "json" else in_xml
        return None if write is None else write(document.fields).encode()

    return c.body(edit)


def _reordered(order: Callable[[list[str]], list[str]]) -> Change:
    return c.fields(lambda found: {name: found[name] for name in order(list(found))})


def _empty(value: object, fmt: str = "json") -> Change:
    """Give an empty result another form."""

    def edit(found: Fields) -> Fields | None:
        if found.get("result"):
            return None
        rest = {name: one for name, one in found.items() if name != "result"}
        return rest if value is c.GONE else {**rest, "result": value}

    return c.fields(edit, ("success",), fmt)


def _units(match: re.Match[str]) -> str:
    text = json.loads(match[0])
    return '"' + "".join(f"\\u{ord(one):04x}" for one in text) + '"'


def _decimal(text: str) -> str:
    return "".join(f"&#{ord(one)};" for one in text)


def _hexadecimal(text: str) -> str:
    return "".join(f"&#x{ord(one):x};" for one in text)


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _no_repeats(found: list[Fields]) -> list[Fields]:
    return list({str(one["profile_id"]): one for one in found}.values())


_ORDER: Final = (
    _free("keys-reversed", "Keys come in reverse order.", _reordered(lambda names: names[::-1])),
    _free("keys-sorted", "Keys come sorted.", _reordered(sorted)),
    _free("result-first", "result comes first.",
          _reordered(lambda names: sorted(names, key=lambda name: name != "result"))),
    _free("ids-reversed", "Profiles come in reverse order.",
          c.profiles(lambda found: found[::-1], 2)),
    _free("ids-sorted", "Profiles come sorted.",
          c.profiles(lambda found: sorted(found, key=lambda one: str(one["profile_id"])), 2)),
    _free("ids-once", "Each profile stands once.", c.profiles(_no_repeats)),
)  # fmt: skip

_FIELDS: Final = (
    _free("extra-keys", "Answers hold further keys of every type.",
          c.fields(lambda found: {"request_id": "a-1", "took": 0.25, "ok": True, "warnings": [],
                                  "meta": {"node": None, "profile_id": "none"}, **found},
                   fmt="json")),
    _free("extra-elements", "XML answers hold further elements.",
          c.fields(lambda found: {"request_id": "a-1", "meta": {"node": "3"}, **found},
                   fmt="xml")),
    _free("extra-item-keys", "Each profile comes with further keys.",
          c.profiles(lambda found: [{"email": "a@b.c", **one, "sent": 1} for one in found])),
    _free("empty-null", "An empty result is null.", _empty(None)),
    _free("empty-array", "An empty result is [].", _empty([])),
    _free("empty-absent", "An empty result is no key.", _empty(c.GONE)),
    _free("empty-element", "An empty result is an empty element.", _empty(None, "xml")),
    _free("empty-no-element", "An empty result is no element.", _empty(c.GONE, "xml")),
    _free("errors-empty-result", "Errors in JSON have an empty result.",
          c.setting("result", [], c.ERRORS)),
    _free("errors-null-result", "Errors in JSON have a result of null.",
          c.setting("result", None, c.ERRORS)),
    _free("error-debug-added", "Errors have an error_debug.",
          c.setting("error_debug", "line 1: \"data\" <expected> & more", ("error",), "")),
    _free("error-debug-gone", "Errors have no error_debug.",
          c.setting("error_debug", c.GONE, ("error",), "")),
    _free("error-words", "error_text of errors is worded otherwise, in Russian.",
          c.setting("error_text", "Неверный запрос: \"data\" < 1 & > 0", ("error",), "")),
    _free("error-number", "Errors have another number.",
          c.setting("error", 440, ("error",), "")),
)  # fmt: skip

_SPELLING: Final = (
    _free("json-indented", "JSON is indented.",
          _written(lambda found: json.dumps(found, indent=4, ensure_ascii=False), None)),
    _free("json-spread", "JSON is full of white space.",
          _written(lambda found: "\r\n\t" + json.dumps(found, separators=(" ,\t", " :\r\n"))
                   + "\n ", None)),
    _free("json-escapes", "Every character of every JSON text is an escape.",
          _written(lambda found: JSON_STRING.sub(_units, json_text(found)), None)),
    _free("json-solidus", "JSON escapes slashes and all that is not ASCII.",
          _written(lambda found: json.dumps({**found, "url": "http://a/b"}).replace("/", "\\/"),
                   None)),
    _free("xml-indented", "XML is indented.",
          _written(None, lambda found: xml_text(found, between="\n    ") + "\n")),
    _free("xml-prolog", "XML begins with a prolog.",
          _written(None, lambda found: '<?xml version="1.0" encoding="UTF-8"?>\n'
                   + xml_text(found))),
    _free("xml-prolog-quotes", "XML begins with a prolog in single quotes, in small letters.",
          _written(None, lambda found: "<?xml version='1.0' encoding='utf-8' standalone='yes'?>"
                   + xml_text(found))),
    _free("xml-bom", "XML begins with a byte order mark.",
          c.octets(lambda body: b"\xef\xbb\xbf" + body, "xml")),
    _free("xml-comments", "XML holds comments.",
          _written(None, lambda found: "<!-- a -->"
                   + xml_text(found, between="<!-- <error>1</error> -->") + "<!-- b -->")),
    _free("xml-instructions", "XML holds processing instructions.",
          _written(None, lambda found: xml_text(found, between="<?note a?>"))),
    _free("xml-cdata", "XML texts are CDATA sections.",
          _written(None, lambda found: xml_text(found, _cdata))),
    _free("xml-references", "XML texts are decimal references.",
          _written(None, lambda found: xml_text(found, _decimal))),
    _free("xml-hexadecimal", "XML texts are hexadecimal references.",
          _written(None, lambda found: xml_text(found, _hexadecimal))),
    _free("xml-array-marks", "XML results bear array='true', as on a sibling's page.",
          c.octets(lambda body: body.replace(b"<result>", b"<result array='true'>"), "xml")),
    _free("xml-spaces-in-tags", "XML tags end with white space.",
          c.octets(lambda body: re.sub(rb"<(/?[a-z_]+)>", rb"<\1 >", body), "xml")),
)  # fmt: skip


def _gzipped(message: Message) -> Delivery:
    body = gzip.compress(message.body)
    more = (("Content-Encoding", "gzip"), ("Content-Length", str(len(body))), ("Vary", "Accept"))
    return Delivery((message.head(*more) + body,))


def _deflated(message: Message) -> Delivery:
    body = zlib.compress(message.body)
    more = (("Content-Encoding", "deflate"), ("Content-Length", str(len(body))))
    return Delivery((message.head(*more) + body,))


def _in_chunks(size: int, after_size: bytes = b"", trailer: bytes = b"") -> Change:
    def deliver(message: Message) -> Delivery:
        cut = [message.body[at : at + size] for at in range(0, len(message.body), size)]
        chunks = b"".join(b"%X%s\r\n%s\r\n" % (len(one), after_size, one) for one in cut)
        head = message.head(("Transfer-Encoding", "chunked"))
        return Delivery((head + chunks + b"0\r\n" + trailer + b"\r\n",))

    return c.wire(deliver)


def _in_pieces(message: Message) -> Delivery:
    whole = message.plainly()
    step = max(1, len(whole) // 5)
    return Delivery(tuple(whole[at : at + step] for at in range(0, len(whole), step)))


def _closing(message: Message) -> Delivery:
    kept = tuple(pair for pair in message.headers if pair[0].lower() != "connection")
    said = replace(message, headers=(*kept, ("Connection", "close")))
    return Delivery((said.plainly(),), "close")


def _until_the_end(message: Message) -> Delivery:
    kept = tuple(pair for pair in message.headers if pair[0].lower() != "connection")
    said = replace(message, headers=(*kept, ("Connection", "close")))
    return Delivery((said.head() + said.body,), "close")


_HINTS: Final = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"

_TRANSPORT: Final = (
    _free("media-text", "Answers are text/json and text/xml.",
          c.media("text/json; charset=UTF-8", 'text/xml; charset="utf-8"')),
    _free("media-plain", "Answers are text/plain.", c.media("text/plain", "text/plain")),
    _free("media-wrong", "Answers are text/html.", c.media("text/html", "text/html")),
    _free("media-none", "Answers bear no Content-Type.", c.media("", "")),
    _free("errors-200", "Errors have HTTP status 200.", c.status(200, "OK", c.ERRORS)),
    _free("errors-own", "Errors have their own number as HTTP status.",
          c.status(None, "Error", c.ERRORS)),
    _free("errors-422", "Errors have HTTP status 422.", c.status(422, "No", c.ERRORS)),
    _free("limit-413", "The over-limit answer has HTTP status 413.",
          c.status(413, "Content Too Large", ("limit",))),
    _free("reason", "The reason phrase is another.", lambda m: replace(m, reason="Well Done")),
    _free("no-reason", "There is no reason phrase.", lambda m: replace(m, reason="")),
    _free("headers-extra", "Answers have further headers, and a long one.",
          c.header(lambda found: (*found, ("Server", "nginx"), ("Set-Cookie", "a=b; HttpOnly"),
                                  ("Set-Cookie", "c=d"), ("X-Trace", "t" * 4000),
                                  ("Retry-After", "0"), ("ETag", 'W/"1"')))),
    _free("headers-none", "Answers have no headers that they need not have.",
          c.header(lambda found: tuple(one for one in found if one[0].lower() == "connection"))),
    _free("headers-case", "Names of headers are in upper case.",
          c.header(lambda found: tuple((name.upper(), value) for name, value in found))),
    _free("chunked", "Answers come in chunks of 64 bytes.", _in_chunks(64)),
    _free("chunked-bytes", "Answers come in chunks of one byte.", _in_chunks(1)),
    _free("chunked-extensions", "Chunks have extensions, and a trailer follows.",
          _in_chunks(30, b";name=value", b"X-Checksum: 5\r\n")),
    _free("gzip-accepted", "Answers are compressed for clients that accept gzip.",
          c.wire(_gzipped), lambda m: "gzip" in m.asked.codings),
    _free("deflate-accepted", "Answers are deflated for clients that accept that.",
          c.wire(_deflated), lambda m: "deflate" in m.asked.codings),
    _free("connection-close", "Each connection serves one request, and says so.",
          c.wire(_closing)),
    _free("until-the-end", "The end of the connection is the end of the body.",
          c.wire(_until_the_end)),
    _free("early-hints", "A 103 comes before each answer.",
          c.wire(lambda m: Delivery((_HINTS + m.plainly(),)))),
    _free("pieces", "Answers leave in pieces.", c.wire(_in_pieces)),
)  # fmt: skip

ROWS: Final[Sequence[Mutation]] = (*_ORDER, *_FIELDS, *_SPELLING, *_TRANSPORT)
