"""Defects of the family dedup."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import hashlib
from dataclasses import replace
from typing import Final

from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call, Reply


def _by_start(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the beginning of the body, whatever the request id says."""
    return hashlib.blake2b(body[:150], digest_size=24).digest()


def _by_body(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the whole body, whatever the request id says."""
    return hashlib.blake2b(body, digest_size=24).digest()


def _by_size(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the length of the body."""
    return hashlib.blake2b(b"%d" % len(body), digest_size=24).digest()


def _by_id_start(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Of a request id the first two characters count."""
    request_id = call.headers.get("request-id") or call.headers.get("x-request-id") or ""
    return hashlib.blake2b(request_id[:2].encode(), digest_size=24).digest() if key else None


def _repeat_refused(call: Call, reply: Reply) -> Reply:
    """A repeat is answered with an error."""
    xml = b"<xml>" in bytes(reply.body)
    body = b'{"error":409,"error_text":"Duplicate request"}'
    if xml:
        body = b"<xml><error>409</error><error_text>Duplicate request</error_text></xml>"
    return replace(reply, body=body)


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
        Seams(repeat=_by_id_start),
    ),
    Defect(
        "repeat-refused",
        "dedup.same-answer",
        "A repeat is answered with an error.",
        Seams(repeated=_repeat_refused),
    ),
    Defect(
        "repeat-empty",
        "dedup.same-answer",
        "A repeat is answered with an empty result.",
        Seams(repeated=_repeat_empty),
    ),
)
