"""Defects of the family dedup: how repeats are answered, and marked."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

from typing import Final

from msgspec.structs import replace

from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.defects.dedup import request_id_of
from endpoint.mock.model import Call, Reply


def _remember(call: Call, reply: Reply) -> Reply:
    call.server["remembered"] = reply
    return reply


def _repeat_of_latest(call: Call, reply: Reply) -> Reply:
    """All remembered answers share one buffer: a repeat gets what was answered last."""
    latest = call.server.get("remembered")
    return latest if isinstance(latest, Reply) else reply


def _refused_for_good(call: Call, reply: Reply) -> Reply:
    """A request id that was refused once is refused for good, whoever sends it."""
    request_id = request_id_of(call)
    refusal = call.server.get(f"refused {request_id}")
    if isinstance(refusal, Reply):
        return refusal
    if request_id and b"No access" in bytes(reply.body[:200]):
        call.server[f"refused {request_id}"] = reply
    return reply


def _refused_once(call: Call, reply: Reply) -> Reply:
    """A request id that was refused for its data succeeds the second time, with nobody."""
    request_id = request_id_of(call)
    if not request_id or b"Invalid request" not in bytes(reply.body[:200]):
        return reply
    seen = f"refused once {request_id}" in call.server
    call.server[f"refused once {request_id}"] = True
    return _repeat_empty(call, reply) if seen else reply


def _marked(name: str, value: str | None) -> Seams:
    """One of the headers of a repeat has another value, or is not there."""

    def changed(_: Call, reply: Reply) -> Reply:
        others = [(known, said) for known, said in reply.headers if known != name]
        return replace(reply, headers=[*others, *([(name, value)] if value is not None else [])])

    return Seams(repeated=changed)


def _repeat_refused(call: Call, reply: Reply) -> Reply:
    """A repeat is answered with an error."""
    xml = b"<xml>" in bytes(reply.body)
    body = b'{"error":409,"error_text":"Duplicate request"}'
    if xml:
        body = b"<xml><error>409</error><error_text>Duplicate request</error_text></xml>"
    return replace(reply, body=body)


def _repeat_first_only(call: Call, reply: Reply) -> Reply:
    """A repeat is answered with the first profile alone."""
    body, begin, end = bytes(reply.body), b'{"profile_id"', b"}"
    if b"<xml>" in body:
        begin, end = b"<result>", b"</result>"
    first = body.find(begin)
    if first < 0:
        return reply
    last = body.rfind(end, 0, body.rfind(b"]") + 1 or None) + len(end)
    after_first = body.find(end, first) + len(end)
    return replace(reply, body=body[:after_first] + body[last:])


def _repeat_empty(call: Call, reply: Reply) -> Reply:
    """A repeat is answered with an empty result."""
    body = b'{"error":0,"error_text":"Successful operation","result":[]}'
    if b"<xml>" in bytes(reply.body):
        body = b"<xml><error>0</error><error_text>Successful operation</error_text></xml>"
    return replace(reply, body=body)


def _marked_at_once(call: Call, reply: Reply) -> Reply:
    """Each answer bears the headers of a repeat."""
    marks = [("Duplicate-Key", "bm8gcmVwZWF0"), ("Duplicate-Request", "true")]
    is_marked = any(name == "Duplicate-Request" for name, _ in reply.headers)
    return reply if is_marked else replace(reply, headers=[*reply.headers, *marks])


DEFECTS: Final = (
    Defect(
        "refused-for-good",
        "dedup.token",
        "A request id that came with a wrong token is refused with the right one, too.",
        Seams(reply=_refused_for_good),
    ),
    Defect(
        "repeat-at-once",
        "dedup.fresh-id",
        "The first answer already is marked as a repeat's.",
        Seams(late=_marked_at_once),
    ),
    Defect(
        "repeat-said-with-1",
        "dedup.marked",
        "Duplicate-Request of a repeat is 1 instead of true.",
        _marked("Duplicate-Request", "1"),
    ),
    Defect(
        "repeat-without-key",
        "dedup.marked",
        "A repeat lacks Duplicate-Key.",
        _marked("Duplicate-Key", None),
    ),
    Defect(
        "repeat-refused",
        "dedup.same-answer",
        "A repeat is answered with an error.",
        Seams(repeated=_repeat_refused),
    ),
    Defect(
        "repeat-of-latest",
        "dedup.same-answer",
        "A repeat is answered as the latest request was, whoever sent that.",
        Seams(late=_remember, repeated=_repeat_of_latest),
    ),
    Defect(
        "refused-once",
        "dedup.same-answer",
        "The repeat of a request that was refused succeeds.",
        Seams(late=_refused_once),
    ),
    Defect(
        "repeat-first-only",
        "dedup.same-answer",
        "A repeat is answered with the first of several profiles alone.",
        Seams(repeated=_repeat_first_only),
    ),
    Defect(
        "repeat-empty",
        "dedup.same-answer",
        "A repeat is answered with an empty result.",
        Seams(repeated=_repeat_empty),
    ),
)
