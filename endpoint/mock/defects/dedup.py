"""Defects of the family dedup: what a repeat is known by."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import re
from collections.abc import Callable
from typing import Final

from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call
from endpoint.mock.repeats import headers_of, key_of

Keyed = Callable[[Call, bytes | None, bytes], bytes | None]
"""What a repeat is known by, from the request, what it is known by without a bug, and its body."""


def request_id_of(call: Call) -> str:
    """The id under either generation's name; empty where there is none."""
    return call.headers.get("request-id") or call.headers.get("x-request-id") or ""


def _by_start(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the beginning of the body, whatever the request id says."""
    return key_of(body[:150])


def _by_body(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the whole body, whatever the request id says."""
    return key_of(body)


def _by_size(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the length of the body."""
    return key_of(b"%d" % len(body))


def _by_64_kib(call: Call, key: bytes | None, body: bytes) -> bytes | None:
    """Repeats are known by the first 64 KiB of larger bodies, whatever the request id says."""
    start = key_of(body[:65_536])
    return start if len(body) > 65_536 else key


def _without_id(seed: Callable[[Call, bytes], bytes]) -> Keyed:
    """Without a request id, the checksum is of a part of the request alone."""

    def known_by(call: Call, key: bytes | None, body: bytes) -> bytes | None:
        return key if request_id_of(call) else key_of(seed(call, body))

    return known_by


def _by_content(folded: Callable[[bytes], bytes]) -> Keyed:
    """Without a request id, the checksum is one of what some step before has left of the body."""
    return _without_id(lambda _, body: folded(body))


def _length_and_start(body: bytes) -> bytes:
    return b"%d " % len(body) + body[:64]


def _sorted(body: bytes) -> bytes:
    return bytes(sorted(body))


def _in_ascii(body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode("ascii", "replace")


def _without_format(body: bytes) -> bytes:
    return re.sub(rb'"format":"\w+"|<format>\w+', b"", body)


def _without_space(body: bytes) -> bytes:
    return b"".join(body.split())


def _with_doubles(body: bytes) -> bytes:
    """Integers as they are once a parser has made doubles of them."""
    return re.sub(rb"[0-9]{16,18}", lambda found: b"%d" % int(float(found[0])), body)


def _by_part_of_id(part: Callable[[str], str]) -> Keyed:
    """Of a request id only a part counts."""

    def known_by(call: Call, key: bytes | None, body: bytes) -> bytes | None:
        request_id = request_id_of(call)
        return key_of(part(request_id).encode()) if key else None

    return known_by


def _digits(request_id: str) -> str:
    return "".join(filter(str.isdigit, request_id))


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
        "repeat-whatever-url",
        "dedup.other-url",
        "Without a request id, the URL does not count.",
        Seams(repeat=_without_id(lambda call, body: headers_of(call) + body)),
    ),
    Defect(
        "repeat-whatever-headers",
        "dedup.other-headers",
        "Without a request id, headers do not count.",
        Seams(repeat=_without_id(lambda call, body: call.query.encode() + body)),
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
        "repeat-whatever-format",
        "dedup.other-body",
        "Without a request id, the format that is asked for does not count.",
        Seams(repeat=_by_content(_without_format)),
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
)
