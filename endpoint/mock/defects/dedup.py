"""Defects of the family dedup."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import hashlib
import re
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call, Reply

Keyed = Callable[[Call, bytes | None, bytes], bytes | None]
"""What a repeat is known by, from the request, what it is known by without a bug, and its body."""


def _request_id(call: Call) -> str:
    """The id under either generation's name; empty where there is none."""
    return call.headers.get("request-id") or call.headers.get("x-request-id") or ""


def _by_start(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the beginning of the body, whatever the request id says."""
    return hashlib.blake2b(body[:150], digest_size=24).digest()


def _by_body(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the whole body, whatever the request id says."""
    return hashlib.blake2b(body, digest_size=24).digest()


def _by_size(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the length of the body."""
    return hashlib.blake2b(b"%d" % len(body), digest_size=24).digest()


def _by_64_kib(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the first 64 KiB of larger bodies, whatever the request id says."""
    start = hashlib.blake2b(body[:65_536], digest_size=24).digest()
    return start if len(body) > 65_536 else key


def _by_content(folded: Callable[[bytes], bytes]) -> Keyed:
    """Without a request id, the checksum is one of what some step before has left of the body."""

    def known_by(call: Call, key: bytes | None, body: bytes) -> bytes | None:
        if _request_id(call):
            return key
        return hashlib.blake2b(folded(body), digest_size=24).digest()

    return known_by


def _length_and_start(body: bytes) -> bytes:
    return b"%d " % len(body) + body[:64]


def _sorted(body: bytes) -> bytes:
    return bytes(sorted(body))


def _in_ascii(body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode("ascii", "replace")


def _without_space(body: bytes) -> bytes:
    return b"".join(body.split())


def _with_doubles(body: bytes) -> bytes:
    """Integers as they are once a parser has made doubles of them."""
    return re.sub(rb"[0-9]{16,18}", lambda found: b"%d" % int(float(found[0])), body)


def _by_part_of_id(part: Callable[[str], str]) -> Keyed:
    """Of a request id only a part counts."""

    def known_by(call: Call, key: bytes | None, body: bytes) -> bytes | None:
        request_id = _request_id(call)
        return hashlib.blake2b(part(request_id).encode(), digest_size=24).digest() if key else None

    return known_by


def _digits(request_id: str) -> str:
    return "".join(filter(str.isdigit, request_id))


def _only_ids(kept: Callable[[str], bool]) -> Keyed:
    """Requests are remembered under some ids only."""

    def known_by(call: Call, key: bytes | None, body: bytes) -> bytes | None:
        request_id = _request_id(call)
        return key if kept(request_id) else None

    return known_by


def _is_word(request_id: str) -> bool:
    return request_id.replace("-", "").isalnum()


def _remember(call: Call, reply: Reply) -> Reply:
    call.server["remembered"] = reply
    return reply


def _repeat_of_latest(call: Call, reply: Reply) -> Reply:
    """All remembered answers share one buffer: a repeat gets what was answered last."""
    latest = call.server.get("remembered")
    return latest if isinstance(latest, Reply) else reply


def _refused_for_good(call: Call, reply: Reply) -> Reply:
    """A request id that was refused once is refused for good, whoever sends it."""
    request_id = _request_id(call)
    refusal = call.server.get(f"refused {request_id}")
    if isinstance(refusal, Reply):
        return refusal
    if request_id and b"No access" in bytes(reply.body[:200]):
        call.server[f"refused {request_id}"] = reply
    return reply


def _refused_once(call: Call, reply: Reply) -> Reply:
    """A request id that was refused for its data succeeds the second time, with nobody."""
    request_id = _request_id(call)
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


DEFECTS: Final = (
    Defect(
        "repeat-by-start",
        "dedup.fresh-id",
        "A request whose first 150 bytes were seen before gets that answer.",
        Seams(repeat=_by_start),
    ),
    Defect(
        "repeat-by-body",
        "dedup.fresh-id",
        "A request whose body was seen before gets that answer, marked as a repeat.",
        Seams(repeat=_by_body),
    ),
    Defect(
        "repeat-by-size",
        "dedup.fresh-id",
        "A request whose length was seen before gets that answer.",
        Seams(repeat=_by_size),
    ),
    Defect(
        "repeat-by-id-start",
        "dedup.fresh-id",
        "Of a request id only the first two characters count.",
        Seams(repeat=_by_part_of_id(lambda one: one[:2])),
    ),
    Defect(
        "repeat-by-id-of-36",
        "dedup.fresh-id",
        "Of a request id only the first 36 characters count: those of a UUID.",
        Seams(repeat=_by_part_of_id(lambda one: one[:36])),
    ),
    Defect(
        "repeat-by-id-of-64",
        "dedup.fresh-id",
        "Of a request id only the first 64 characters count: the column holds no more.",
        Seams(repeat=_by_part_of_id(lambda one: one[:64])),
    ),
    Defect(
        "refused-for-good",
        "dedup.token",
        "A request id that came with a wrong token is refused with the right one, too.",
        Seams(reply=_refused_for_good),
    ),
    Defect(
        "repeat-by-long-id-lost",
        "dedup.any-form",
        "A request id of more than 64 characters is passed over.",
        Seams(repeat=_only_ids(lambda one: len(one) <= 64)),
    ),
    Defect(
        "repeat-by-words-only",
        "dedup.any-form",
        "A request id that holds more than letters, digits and dashes is passed over.",
        Seams(repeat=_only_ids(_is_word)),
    ),
    Defect(
        "repeat-by-id-digits",
        "dedup.fresh-id",
        "Of a request id only the digits count.",
        Seams(repeat=_by_part_of_id(_digits)),
    ),
    Defect(
        "repeat-by-id-any-case",
        "dedup.fresh-id",
        "Request ids are compared without letter case.",
        Seams(repeat=_by_part_of_id(str.lower)),
    ),
    Defect(
        "repeat-by-id-letters-and-digits",
        "dedup.fresh-id",
        "Of a request id letters and digits count, and nothing that stands between them.",
        Seams(repeat=_by_part_of_id(lambda one: "".join(filter(str.isalnum, one)))),
    ),
    Defect(
        "repeat-by-64-kib",
        "dedup.fresh-id",
        "A large request whose first 64 KiB were seen before gets that answer.",
        Seams(repeat=_by_64_kib),
    ),
    Defect(
        "repeat-by-length",
        "dedup.other-body",
        "Without a request id, a body is known by its first 64 bytes and its length.",
        Seams(repeat=_by_content(_length_and_start)),
    ),
    Defect(
        "repeat-whatever-order",
        "dedup.other-body",
        "Without a request id, a body is known by its characters in whatever order.",
        Seams(repeat=_by_content(_sorted)),
    ),
    Defect(
        "repeat-whatever-case",
        "dedup.other-body",
        "Without a request id, a body is known without regard to letter case.",
        Seams(repeat=_by_content(bytes.lower)),
    ),
    Defect(
        "repeat-whatever-script",
        "dedup.other-body",
        "Without a request id, all characters beyond ASCII of a body count as one.",
        Seams(repeat=_by_content(_in_ascii)),
    ),
    Defect(
        "repeat-whatever-space",
        "dedup.other-body",
        "Without a request id, a body is known without regard to white space.",
        Seams(repeat=_by_content(_without_space)),
    ),
    Defect(
        "repeat-whatever-last-digit",
        "dedup.other-body",
        "Without a request id, large integers of a body that make one double count as one.",
        Seams(repeat=_by_content(_with_doubles)),
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
