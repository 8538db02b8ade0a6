"""Defects of the family transport."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import zlib
from typing import Final

from msgspec.structs import replace

from endpoint.mock.behaviour import Seams, Wire
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call, Reply, Request, Settings
from endpoint.mock.reading import refuse

SMALL: Final = 60_000
"""Bytes below which a body is not cut by the network of one machine."""


LEAST_GZIP: Final = 150
"""Bytes of an answer from which on it is compressed: two profiles and more."""


def _every(number: int, wire: Wire | None = None) -> Seams:
    """One answer in so many leaves otherwise; without a `Wire`: cut in half."""

    def out(call: Call, head: bytes, body: bytes) -> Wire:
        if call.number % number != number - 1:
            return Wire((head + body,))
        return wire or Wire((head + body[: len(body) // 2],), end="close")

    return Seams(wire=out)


def _broken_chunk(call: Call, head: bytes, body: bytes) -> Wire:
    """Answers of several profiles end in a chunk that is shorter than it says."""
    if body.count(b"profile_id") < 2 or call.version != "1.1":
        return Wire((head + body,))
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    head = b"\r\n".join((*lines[:-2], b"Transfer-Encoding: chunked", b"", b""))
    return Wire((head + b"%x\r\n" % (len(body) + 8) + body,), end="close")


def _third_dropped(call: Call, head: bytes, body: bytes) -> Wire:
    return Wire((), end="close") if call.nth == 2 else Wire((head + body,))


LARGE: Final = 512
"""Bytes: an answer that names a dozen profiles."""


def _large_broken_off(call: Call, head: bytes, body: bytes) -> Wire:
    if len(body) < LARGE:
        return Wire((head + body,))
    return Wire((head, body[: LARGE // 2]), end="close")


def _answer_before(call: Call, reply: Reply) -> Reply:
    """Every third request of a connection gets the answer of the one before."""
    before = call.connection.get("reply")
    call.connection["reply"] = reply
    if call.nth % 3 == 2 and isinstance(before, Reply):
        return before
    return reply


def _second_chunk_lost(call: Call, piece: bytes) -> bytes:
    return b"" if call.chunked and call.pieces == 2 else piece


def _small_chunks_lost(call: Call, piece: bytes) -> bytes:
    """A chunk of one byte is taken for the end."""
    return b"" if call.chunked and len(piece) == 1 else piece


def _chunked_refused(call: Call, body: bytes) -> bytes:
    if call.chunked:
        refuse("unexpected EOF")
    return body


def _chunked_empty(call: Call, body: bytes) -> bytes:
    """A body in more than 16 chunks is read up to the 16th."""
    if call.chunked and call.pieces > 16 and call.size < SMALL:
        refuse("unexpected EOF")
    return body


def _pieces_refused(call: Call, body: bytes) -> bytes:
    """Only what comes with the first packet is read."""
    if not call.chunked and call.pieces > 1 and call.size < SMALL:
        refuse("unexpected EOF")
    return body


def _cut_character(call: Call, piece: bytes) -> bytes:
    """Each piece is decoded for itself: a character that is cut becomes U+FFFD."""
    return piece.decode("utf-8", "replace").encode() if call.size < SMALL else piece


def _gzip_always(call: Call, reply: Reply) -> Reply:
    """Answers for clients that accept gzip are compressed and not marked."""
    return _compressed(call, reply, marked=False, cut=0)


def _gzip_cut(call: Call, reply: Reply) -> Reply:
    """The check sum at the end of a compressed answer is missing."""
    return _compressed(call, reply, marked=True, cut=8)


def _gzip_is_deflate(call: Call, reply: Reply) -> Reply:
    """What is called gzip is zlib."""
    return _compressed(call, reply, marked=True, cut=0, bits=15)


def _compressed(call: Call, reply: Reply, *, marked: bool, cut: int, bits: int = 31) -> Reply:
    if "gzip" not in call.headers.get("accept-encoding", "") or len(reply.body) < LEAST_GZIP:
        return reply
    packer = zlib.compressobj(1, wbits=bits)
    body = packer.compress(bytes(reply.body)) + packer.flush()
    headers = [*reply.headers, *([("Content-Encoding", "gzip")] if marked else [])]
    return replace(reply, headers=headers, body=body[: len(body) - cut])


def _gzip_loses_last(call: Call, reply: Reply) -> Reply:
    """Compressed answers are made of a buffer that lacks the last profile."""
    body = bytes(reply.body)
    at = body.rfind(b',{"profile_id"')
    if at < 0:
        at = body.rfind(b"<result>")
        end = body.rfind(b"</xml>")
    else:
        end = body.rfind(b"]")
    if at < 0 or "gzip" not in call.headers.get("accept-encoding", ""):
        return reply
    return _compressed(call, replace(reply, body=body[:at] + body[end:]), marked=True, cut=0)


def _park(call: Call, reply: Reply) -> None:
    call.server["slot"] = reply


def _latest(call: Call, reply: Reply) -> Reply:
    """All requests share one place for the answer."""
    latest = call.server.get("slot")
    return latest if isinstance(latest, Reply) else reply


def _begin(call: Call, request: Request, _: Settings) -> Request:
    call.server["mode"] = call.connection["mode"] = request.matching
    return request


def _mode_of_latest(call: Call, reply: Reply) -> Reply:
    """The mode stands in one place for all requests: whoever comes later changes it."""
    own = call.connection.pop("mode", None)  # none of large requests: another process has it
    if own is None or own == call.server["mode"]:
        return reply
    body = b'{"error":0,"error_text":"Successful operation","result":[]}'
    if b"<xml>" in bytes(reply.body):
        body = b"<xml><error>0</error><error_text>Successful operation</error_text></xml>"
    return replace(reply, body=body)


def _busy(call: Call, reply: Reply) -> Reply:
    """More than four at once are sent away."""
    if call.in_flight > 4:
        return replace(reply, body=b'{"error":429,"error_text":"Busy"}', status=503)
    return reply


def _parser_not_reset(call: Call, body: bytes) -> bytes:
    """What a JSON body that breaks off left behind stands before the connection's next one."""
    before = call.connection.pop("unread", b"")
    assert isinstance(before, bytes)
    if not before and call.format == "json" and body.count(b"{") > body.count(b"}"):
        call.connection["unread"] = body
    return before + body


DEFECTS: Final = (
    Defect(
        "one-in-thirty-cut",
        "transport.answered",
        "One answer in thirty breaks off.",
        _every(30),
    ),
    Defect(
        "one-in-twenty-reset",
        "transport.answered",
        "One connection in twenty is reset instead of answered.",
        _every(20, Wire((), end="reset")),
    ),
    Defect(
        "broken-chunk",
        "transport.answered",
        "Answers with several profiles end in a chunk that is too short.",
        Seams(wire=_broken_chunk),
    ),
    Defect(
        "large-answer-cut",
        "transport.answered",
        "An answer of 512 bytes or more breaks off.",
        Seams(wire=_large_broken_off),
    ),
    Defect(
        "third-answer-is-second",
        "transport.keep-alive",
        "Every third request of a connection gets the answer before its own.",
        Seams(late=_answer_before),
    ),
    Defect(
        "chunked-refused",
        "transport.chunked",
        "A body in chunks is refused.",
        Seams(body=_chunked_refused),
    ),
    Defect(
        "second-chunk-lost",
        "transport.chunked",
        "The second chunk of a body is lost.",
        Seams(piece=_second_chunk_lost),
    ),
    Defect(
        "one-byte-chunks-lost",
        "transport.chunked",
        "Chunks of one byte are lost.",
        Seams(piece=_small_chunks_lost),
    ),
    Defect(
        "many-chunks-refused",
        "transport.chunked",
        "A small body in more than 16 chunks is refused.",
        Seams(body=_chunked_empty),
    ),
    Defect(
        "pieces-refused",
        "transport.pieces",
        "A small body that comes in more than one piece is refused.",
        Seams(body=_pieces_refused),
    ),
    Defect(
        "cut-characters-lost",
        "transport.pieces",
        "A character that is cut by the border of two pieces is lost.",
        Seams(piece=_cut_character),
    ),
    Defect(
        "no-continue",
        "transport.expect",
        "A client that expects 100-continue is hung up on.",
        Seams(no_continue=True),
    ),
    Defect(
        "gzip-unmarked",
        "transport.compressed-answer",
        "Compressed answers are not marked as such.",
        Seams(reply=_gzip_always),
    ),
    Defect(
        "gzip-cut",
        "transport.compressed-answer",
        "Compressed answers lack their check sum.",
        Seams(reply=_gzip_cut),
    ),
    Defect(
        "gzip-is-zlib",
        "transport.compressed-answer",
        "What is called gzip is zlib.",
        Seams(reply=_gzip_is_deflate),
    ),
    Defect(
        "gzip-last-lost",
        "transport.compressed-answer",
        "Compressed answers lack the last profile.",
        Seams(reply=_gzip_loses_last),
    ),
    Defect(
        "answers-mixed",
        "transport.concurrency",
        "Of requests that come at once, all get the answer of the last.",
        Seams(parked=_park, late=_latest, delay=0.02),
    ),
    Defect(
        "mode-shared",
        "transport.concurrency",
        "Of requests that come at once in several modes, only those of the last's find somebody.",
        Seams(request=_begin, late=_mode_of_latest, delay=0.02),
    ),
    Defect(
        "busy-at-five",
        "transport.concurrency",
        "More than four requests at once are sent away.",
        Seams(late=_busy, delay=0.02),
    ),
    Defect(
        "third-request-dropped",
        "transport.keep-alive",
        "The third request of a connection is taken, and the connection closed.",
        Seams(wire=_third_dropped),
    ),
    Defect(
        "broken-off-body-stays",
        "transport.keep-alive",
        "What was read of a JSON body that breaks off is read again with the next request.",
        Seams(body=_parser_not_reset),
    ),
)
