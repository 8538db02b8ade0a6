"""Request deduplication: the first answer again, for a day (facts.md, section 7)."""

import base64
import hashlib
import time
from collections import OrderedDict
from typing import Final

import msgspec
from msgspec.structs import replace

from endpoint.mock.model import Call, Reply

LIVE_SECONDS: Final = 86_400
MOST_BYTES: Final = 16_000_000
"""What all remembered answers may weigh; the oldest are forgotten first."""
OVERHEAD: Final = 600
"""About how many bytes an answer costs besides its body."""


def key_of(seed: bytes) -> bytes:
    """What a repeat is known by, made of what tells its request from others."""
    return hashlib.blake2b(seed, digest_size=24).digest()


def headers_of(call: Call) -> bytes:
    """All headers of a request, as the checksum takes them."""
    return "\n".join(f"{name}:{value}" for name, value in call.headers.items()).encode()


def checksum(call: Call, body: bytes) -> bytes:
    """What a request without an id is known by: its query, headers and body."""
    return key_of(b"\n".join((call.query.encode(), headers_of(call), body)))


class _Kept(msgspec.Struct, frozen=True):
    since: float
    reply: Reply


class Repeats:
    """Answers by what a repeat of their request is known by."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._weight = 0

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._weight = 0

    def first_answer(self, key: bytes, prefix: str) -> Reply | None:
        """The answer to the first request with this key, marked as a repeat.

        Args:
            key: what the request is known by.
            prefix: what the names of the extra headers begin with: "" or "X-".
        """
        kept = self._kept.get(key)
        if kept is None or time.monotonic() - kept.since > LIVE_SECONDS:
            return None
        marks = [
            (prefix + "Duplicate-Key", base64.b64encode(key).decode()),
            (prefix + "Duplicate-Request", "true"),
        ]
        return replace(kept.reply, headers=kept.reply.headers + marks)

    def keep(self, key: bytes, reply: Reply) -> None:
        """Remember an answer; one that is larger than all may weigh is not remembered."""
        weight = len(reply.body) + OVERHEAD
        if weight > MOST_BYTES:
            return
        old = self._kept.pop(key, None)
        if old is not None:
            self._weight -= len(old.reply.body) + OVERHEAD
        self._kept[key] = _Kept(time.monotonic(), reply)
        self._weight += weight
        while self._weight > MOST_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._weight -= len(oldest.reply.body) + OVERHEAD
