"""Request deduplication: the first answer again, for a day (facts.md, section 7)."""

import base64
import time
from collections import OrderedDict
from typing import Final

import msgspec
from msgspec.structs import replace

from endpoint.mock.model import Reply

LIVE_SECONDS: Final = 86_400
MOST_BYTES: Final = 16_000_000
"""What all remembered answers may weigh; the oldest are forgotten first."""
OVERHEAD: Final = 600
"""About how many bytes an answer costs besides its body."""


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
