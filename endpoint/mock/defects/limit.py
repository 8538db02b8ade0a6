"""Defects of the family limit."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import re
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from contracts.model import ATTACH_LIMIT, OVER_LIMIT
from endpoint.mock import answers
from endpoint.mock.behaviour import Seams, Wire
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Answer, Call, Reply

NGINX: Final = b"<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n</html>\r\n"

CONTINUING: Final = bytes(range(0x80, 0xC0))
"""The bytes that continue a character in UTF-8."""

CONTENT: Final = re.compile(rb"\"content\"\s*:|<content>")
"""Where content begins, in either format."""

NEEDED: Final = [re.compile(rb"[\"<]%s[\"> ]" % one) for one in (b"token", b"trigger_id", b"data")]


def _of(limit: Callable[[Call, int], int]) -> Seams:
    return Seams(limit=limit)


def _is_over(answer: Answer) -> bool:
    return answer.debug == OVER_LIMIT["error_debug"]


def _chunked_unlimited(call: Call, limit: int) -> int:
    return ATTACH_LIMIT if call.chunked else limit


def _chunked_megabyte(call: Call, limit: int) -> int:
    return 1 << 20 if call.chunked else limit


def _xml_five(call: Call, limit: int) -> int:
    return 5_000_000 if "xml" in call.headers.get("content-type", "") else limit


def _characters(call: Call, piece: bytes) -> int:
    """Bytes that continue a character do not count."""
    return len(piece.translate(None, CONTINUING))


def _framing(call: Call, piece: bytes) -> int:
    """Chunk sizes count, too, and generously."""
    return len(piece) + (len(piece) // 16 if call.chunked else 0)


def _noted(call: Call, limit: int) -> int:
    """All of a body is let in; where it should have ended is kept for `_cut_in_content`."""
    call.connection["limit"] = limit
    return 10 * ATTACH_LIMIT


def _cut_in_content(call: Call, body: bytes) -> bytes:
    """A body over the limit passes if the limit cuts its content, and nothing is left to read."""
    limit = call.connection["limit"]
    assert isinstance(limit, int)
    if len(body) <= limit:
        return body
    content = CONTENT.search(body, 0, limit)
    before = body[: content.start()] if content else b""
    if not all(name.search(before) for name in NEEDED):
        raise answers.over_limit()
    return body


def _other_words(_: Call, answer: Answer) -> Answer:
    return replace(answer, text="Request Entity Too Large") if _is_over(answer) else answer


def _other_number(_: Call, answer: Answer) -> Answer:
    return replace(answer, error=413) if _is_over(answer) else answer


def _no_debug(_: Call, answer: Answer) -> Answer:
    return replace(answer, debug="") if _is_over(answer) else answer


def _no_debug_in_xml(_: Call, answer: Answer) -> Answer:
    return replace(answer, debug="") if _is_over(answer) and answer.format == "xml" else answer


def _other_debug(_: Call, answer: Answer) -> Answer:
    if _is_over(answer):
        return replace(answer, debug="http: request body too large (max 10 MB)")
    return answer


def _html(_: Call, answer: Answer, body: bytes) -> bytes:
    return NGINX if _is_over(answer) else body


def _in_json(_: Call, answer: Answer) -> Answer:
    return replace(answer, format="json") if _is_over(answer) else answer


def _in_xml(_: Call, answer: Answer) -> Answer:
    return replace(answer, format="xml") if _is_over(answer) else answer


def _once_over(call: Call, answer: Answer) -> Answer:
    if _is_over(answer):
        call.server["over"] = True
    return answer


def _nothing_after(call: Call, limit: int) -> int:
    """The request after one over the limit is refused as well."""
    return 0 if call.server.pop("over", False) else limit


def _connection_spoiled(call: Call, limit: int) -> int:
    """On a connection that had a body over the limit, nothing passes any more."""
    return 0 if call.connection.get("over") else limit


def _spoil(call: Call, answer: Answer) -> Answer:
    if _is_over(answer):
        call.connection["over"] = True
    return answer


def _cut(call: Call, reply: Reply) -> Reply:
    """The answer announces more than comes."""
    if b"too large" in bytes(reply.body):
        reply.headers.append(("Content-Length", str(len(reply.body) + 10)))
        reply.close = True
    return reply


DEFECTS: Final = (
    Defect(
        "limit-one-less",
        "limit.accepts",
        "A body of exactly the limit is refused.",
        _of(lambda _, limit: limit - 1),
        needs_limit=True,
    ),
    Defect(
        "limit-with-query",
        "limit.accepts",
        "What follows the question mark of the URL counts towards the limit.",
        _of(lambda call, limit: limit - len(call.query)),
        needs_limit=True,
    ),
    Defect(
        "limit-9-mb",
        "limit.accepts",
        "The limit is 9,000,000 bytes.",
        _of(lambda _, limit: min(limit, 9_000_000)),
    ),
    Defect(
        "limit-8-mib",
        "limit.accepts",
        "The limit is 8 MiB.",
        _of(lambda _, limit: min(limit, 8 << 20)),
    ),
    Defect("limit-5-mb-in-xml", "limit.accepts", "In XML the limit is 5 MB.", _of(_xml_five)),
    Defect(
        "limit-1-mib",
        "limit.accepts",
        "The limit is 1 MiB, as a proxy in front has it.",
        _of(lambda _, limit: min(limit, 1 << 20)),
    ),
    Defect(
        "limit-one-more",
        "limit.refuses",
        "A body of one byte over the limit is served.",
        _of(lambda _, limit: limit + 1),
        needs_limit=True,
    ),
    Defect("no-limit", "limit.refuses", "There is no limit.", _of(lambda _, __: 10 * ATTACH_LIMIT)),
    Defect("limit-16-mib", "limit.refuses", "The limit is 16 MiB.", _of(lambda _, __: 16 << 20)),
    Defect(
        "no-limit-in-xml",
        "limit.refuses",
        "In XML there is no limit.",
        _of(
            lambda call, limit: (
                ATTACH_LIMIT if "xml" in call.headers.get("content-type", "") else limit
            )
        ),
    ),
    Defect(
        "content-over-limit-served",
        "limit.refuses",
        "A body over the limit is served where the limit cuts a content that comes last.",
        Seams(limit=_noted, body=_cut_in_content),
    ),
    Defect(
        "over-limit-other-words",
        "limit.answer",
        "error_text of the over-limit answer is Request Entity Too Large.",
        Seams(answer=_other_words),
    ),
    Defect(
        "over-limit-413",
        "limit.answer",
        "error of the over-limit answer is 413.",
        Seams(answer=_other_number),
    ),
    Defect(
        "over-limit-no-debug",
        "limit.answer",
        "The over-limit answer has no error_debug.",
        Seams(answer=_no_debug),
    ),
    Defect(
        "over-limit-no-debug-in-xml",
        "limit.answer",
        "In XML, the over-limit answer has no error_debug.",
        Seams(answer=_no_debug_in_xml),
    ),
    Defect(
        "over-limit-other-debug",
        "limit.answer",
        "error_debug of the over-limit answer has a remark behind it.",
        Seams(answer=_other_debug),
    ),
    Defect(
        "over-limit-html",
        "limit.answer",
        "The over-limit answer is the page of a proxy.",
        Seams(written=_html),
    ),
    Defect(
        "over-limit-in-json",
        "limit.answer-format",
        "The over-limit answer is always JSON.",
        Seams(answer=_in_json),
    ),
    Defect(
        "over-limit-in-xml",
        "limit.answer-format",
        "The over-limit answer is always XML.",
        Seams(answer=_in_xml),
    ),
    Defect(
        "characters-counted",
        "limit.bytes",
        "The limit counts characters.",
        Seams(weigh=_characters),
    ),
    Defect(
        "chunked-unlimited",
        "limit.chunked",
        "A body in chunks has no limit.",
        _of(_chunked_unlimited),
    ),
    Defect(
        "chunked-1-mib",
        "limit.chunked",
        "A body in chunks is limited to 1 MiB.",
        _of(_chunked_megabyte),
    ),
    Defect(
        "framing-counted",
        "limit.chunked",
        "The framing of chunks counts.",
        Seams(weigh=_framing),
    ),
    Defect(
        "chunk-heads-counted",
        "limit.chunked",
        "Each chunk counts for 8 bytes more than it holds.",
        Seams(weigh=lambda call, piece: len(piece) + 8 * call.chunked),
    ),
    Defect(
        "over-limit-reset",
        "limit.readable",
        "The connection is reset when the limit is passed.",
        Seams(over_limit=Wire((), end="reset")),
    ),
    Defect(
        "over-limit-silent",
        "limit.readable",
        "The connection is closed when the limit is passed.",
        Seams(over_limit=Wire((), end="close")),
    ),
    Defect(
        "over-limit-cut",
        "limit.readable",
        "The over-limit answer breaks off.",
        Seams(reply=_cut),
    ),
    Defect(
        "after-over-limit-refused",
        "limit.next-request",
        "The request after one over the limit is refused as too large.",
        Seams(answer=_once_over, limit=_nothing_after),
    ),
    Defect(
        "connection-spoiled",
        "limit.next-request",
        "A connection that had a body over the limit refuses all others.",
        Seams(answer=_spoil, limit=_connection_spoiled),
    ),
)
