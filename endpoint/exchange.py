"""What happens to one call on the wire, kept by those who write and those who read."""

import re
import time
from dataclasses import dataclass, field
from typing import Final

from endpoint.answer import Call

_BEGINNING: Final = 4096
"""Bytes that are kept for messages: enough to hold a token whole, so that it is recognised."""

_INTERIM: Final = re.compile(rb"HTTP/1\.\d (1(?!01)\d\d)[ \r\n].*?\r?\n\r?\n", re.DOTALL)
_INTERIM_BEGUN: Final = re.compile(rb"HTTP/1\.\d 1(?!01)\d\d")


@dataclass(eq=False)
class Exchange:
    """What happened to one call; filled in on the way, whatever the way ends in.

    Attributes:
        call: what is sent.
        timeout: seconds for the answer, with `reading.SLOWEST_DOWNLOAD` for a large one, and,
            with `writing.SLOWEST_UPLOAD`, for the sending.
        connected: a connection was there; before that nothing was sent.
        reused: the connection had served before.
        sent: bytes of head and body that the system took.
        whole: all of the request was sent.
        early: bytes that came while the request was being sent, not read yet.
        answered_early: an answer began before the whole request was sent.
        interim: statuses of 1xx answers.
        received: bytes of the answer, 1xx answers excepted.
        beginning: the first bytes received, for messages.
        ended: the other side closed or reset the connection while it was read.
        timed_out: a bound of time was passed.
        failure: the error in which sending or reading ended.
        first_sent_at, first_byte_at: on the monotonic clock.
        answer_until: until when the answer must have come whole, on the same clock.
    """

    call: Call
    timeout: float
    connected: bool = False
    reused: bool = False
    sent: int = 0
    whole: bool = False
    early: bytearray = field(default_factory=bytearray)
    answered_early: bool = False
    interim: list[int] = field(default_factory=list)
    received: int = 0
    beginning: bytes = b""
    ended: bool = False
    timed_out: bool = False
    failure: OSError | None = None
    first_sent_at: float | None = None
    first_byte_at: float | None = None
    answer_until: float = 0.0

    @property
    def begun(self) -> bool:
        """Whether what came began as an answer of HTTP does."""
        return self.beginning.startswith(b"HTTP/")

    def came(self, data: bytes | memoryview) -> None:
        """Note bytes of an answer."""
        if self.first_byte_at is None:
            self.first_byte_at = time.monotonic()
        self.received += len(data)
        if len(self.beginning) < _BEGINNING:
            self.beginning += bytes(data[:_BEGINNING])

    def take_interim(self) -> None:
        """Remove whole 1xx answers from the early bytes."""
        while match := _INTERIM.match(self.early):
            self.interim.append(int(match[1]))
            del self.early[: match.end()]
            self.received = len(self.early)
            self.beginning = bytes(self.early[:_BEGINNING])
            if not self.early:
                self.first_byte_at = None
        if self.early and not _INTERIM_BEGUN.match(self.early):
            self.answered_early = True
