"""Defects of the family dedup: which requests are remembered, and for how long."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import time
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.defects.dedup import Keyed, request_id_of
from endpoint.mock.model import Call, Reply
from endpoint.mock.repeats import checksum, key_of


def _only(kept: Callable[[Call, bytes], bool]) -> Keyed:
    """Some requests are remembered, and the others are executed each time."""

    def known_by(call: Call, key: bytes | None, body: bytes) -> bytes | None:
        return key if kept(call, body) else None

    return known_by


def _is_word(call: Call, body: bytes) -> bool:
    return request_id_of(call).replace("-", "").isalnum()


def _of_connection(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Each connection has a memory of its own."""
    number = call.connection.setdefault("number", call.number)
    return _in_memory(number, key)


def _latest_alone(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """The memory has one place: another request takes it."""
    if key and key != call.server.get("key"):
        call.server["key"], call.server["since"] = key, call.number
    return _in_memory(call.server.get("since"), key)


def _for_a_second(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """A request is remembered for a second."""
    since = call.server.setdefault(f"since {key!r}", time.monotonic())
    is_old = isinstance(since, float) and time.monotonic() - since > 1
    return _in_memory("old", key) if is_old else key


def _in_memory(name: object, key: bytes | None) -> bytes | None:
    """What a repeat is known by in one of several memories."""
    return key_of(f"{name} ".encode() + key) if key else None


def _with_checksum(kept: Callable[[Call], object]) -> Keyed:
    """A repeat without an id is known by its checksum; some requests are remembered."""

    def known_by(call: Call, key: bytes | None, body: bytes) -> bytes | None:
        if not kept(call):
            return None
        return key if request_id_of(call) else checksum(call, body)

    return known_by


def _once(call: Call, reply: Reply) -> Reply:
    """A request is remembered until it was repeated once."""
    key = dict(reply.headers).get("Duplicate-Key")
    if f"repeated {key}" in call.server:
        others = [one for one in reply.headers if not one[0].startswith("Duplicate-")]
        return replace(reply, headers=others)
    call.server[f"repeated {key}"] = True
    return reply


DEFECTS: Final = (
    Defect(
        "repeat-by-long-id-lost",
        "dedup.any-form",
        "A request id of more than 64 characters is passed over.",
        Seams(repeat=_only(lambda call, _: len(request_id_of(call)) <= 64)),
    ),
    Defect(
        "repeat-by-words-only",
        "dedup.any-form",
        "A request id that holds more than letters, digits and dashes is passed over.",
        Seams(repeat=_only(_is_word)),
    ),
    Defect(
        "repeat-not-in-xml",
        "dedup.every-repeat",
        "XML requests are not remembered.",
        Seams(repeat=_only(lambda call, _: call.format != "xml")),
    ),
    Defect(
        "repeat-not-in-chunks",
        "dedup.every-repeat",
        "Requests in chunks are not remembered.",
        Seams(repeat=_only(lambda call, _: not call.chunked)),
    ),
    Defect(
        "repeat-not-by-id",
        "dedup.every-repeat",
        "Requests with an id are not remembered, those without one are.",
        Seams(repeat=_with_checksum(lambda call: not request_id_of(call))),
    ),
    Defect(
        "repeat-without-id-not-in-xml",
        "dedup.every-repeat",
        "XML requests without an id are not remembered, JSON ones are.",
        Seams(repeat=_with_checksum(lambda call: request_id_of(call) or call.format != "xml")),
    ),
    Defect(
        "repeat-without-id-not-in-chunks",
        "dedup.every-repeat",
        "Requests in chunks without an id are not remembered, others are.",
        Seams(repeat=_with_checksum(lambda call: request_id_of(call) or not call.chunked)),
    ),
    Defect(
        "repeat-not-when-large",
        "dedup.every-repeat",
        "Requests of more than 64 KiB are not remembered.",
        Seams(repeat=_only(lambda _, body: len(body) <= 65_536)),
    ),
    Defect(
        "repeat-not-in-custom-sub",
        "dedup.every-repeat",
        "Requests for subscriptions of custom channels are not remembered.",
        Seams(repeat=_only(lambda _, body: b"custom_sub" not in body)),
    ),
    Defect(
        "repeat-on-its-connection",
        "dedup.every-repeat",
        "Repeats are known on the connection of their first request alone.",
        Seams(repeat=_of_connection),
    ),
    Defect(
        "repeat-of-the-last-alone",
        "dedup.every-repeat",
        "Of all requests only the last one is remembered.",
        Seams(repeat=_latest_alone),
    ),
    Defect(
        "repeat-for-a-second",
        "dedup.every-repeat",
        "What came a second ago is forgotten.",
        Seams(repeat=_for_a_second),
    ),
    Defect(
        "repeat-once",
        "dedup.every-repeat",
        "A second repeat is not known.",
        Seams(repeated=_once),
    ),
)
