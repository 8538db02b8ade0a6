"""What was sent to whom, in bounded memory."""

import hashlib
from collections import Counter, deque
from typing import Final

import msgspec

from endpoint.mock.model import DIGITS, Block, Sent
from endpoint.mock.population import ID_PREFIX, identifiers

MOST_ENTRIES: Final = 20_000
MOST_BYTES: Final = 8_000_000
"""What all kept entries may weigh; older ones are dropped, their sums stay."""
MOST_BATCHES: Final = 64_000_000
"""What all distinct batches may weigh that are counted; what differs from them then is not."""


class Entry(msgspec.Struct, frozen=True):
    """One executed request: whom it was sent to, synthetic profiles as digits."""

    request_id: str
    mode: str
    known: tuple[str, ...]
    digits: bytes

    @property
    def weight(self) -> int:
        """About how many bytes it keeps."""
        return 200 + 24 * len(self.known) + len(self.digits)

    def profiles(self) -> list[str]:
        """All profile ids; known ones first."""
        return [*self.known, *identifiers(Block(self.digits))]


def entry(sent: Sent) -> Entry:
    """A journal entry; identifiers of synthetic profiles become digits."""
    if isinstance(sent.found, Block):
        return Entry(sent.request_id, sent.mode, (), sent.found.digits)
    known = []
    digits = []
    for profile_id in sent.found:
        if profile_id.startswith(ID_PREFIX):
            digits.append(profile_id[-DIGITS:])
        else:
            known.append(profile_id)
    return Entry(sent.request_id, sent.mode, tuple(known), "".join(digits).encode())


class Journal:
    """The entries that are kept, and sums over all that ever were."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.entries: deque[Entry] = deque()
        self.weight = 0
        self.requests = 0
        self.sends = 0
        self.repeats = 0
        self.counts: Counter[str] = Counter()
        self.times: Counter[tuple[tuple[str, ...], bytes]] = Counter()
        self.weight_of_batches = 0
        self.uncounted = 0

    def add(self, new: Entry) -> None:
        """Keep an entry; drop the oldest ones over the bounds."""
        weight = new.weight
        self.entries.append(new)
        self.weight += weight
        self.requests += 1
        self.sends += len(new.known) + len(new.digits) // DIGITS
        for profile_id in new.known:
            self.counts[profile_id] += 1
        self._count_batch(new, weight)
        while self.entries and (self.weight > MOST_BYTES or len(self.entries) > MOST_ENTRIES):
            self.weight -= self.entries.popleft().weight

    def _count_batch(self, new: Entry, weight: int) -> None:
        batch = (new.known, new.digits)
        if batch not in self.times:
            if self.weight_of_batches + weight > MOST_BATCHES:
                self.uncounted += 1
                return
            self.weight_of_batches += weight
        self.times[batch] += 1

    def batches(self) -> dict[str, object]:
        """How often each distinct set of profiles was sent to, whatever their order.

        A set is told by the SHA-256 of its ids, sorted, with a line break between two.
        """
        times: Counter[tuple[str, int]] = Counter()
        for (known, digits), count in self.times.items():
            profiles = sorted((*known, *identifiers(Block(digits))))
            digest = hashlib.sha256("\n".join(profiles).encode()).hexdigest()
            times[digest, len(profiles)] += count
        return {
            "batches": [
                {"digest": digest, "profiles": profiles, "times": count}
                for (digest, profiles), count in times.items()
            ],
            "uncounted": self.uncounted,
        }

    def count(self, profile_id: str) -> int:
        """How often a profile was sent to; for a synthetic one, in the entries that are kept."""
        if not profile_id.startswith(ID_PREFIX):
            return self.counts[profile_id]
        digits = profile_id[-DIGITS:].encode()
        total = 0
        for kept in self.entries:
            at = kept.digits.find(digits)
            while at >= 0:
                total += at % DIGITS == 0
                at = kept.digits.find(digits, at + 1)
        return total

    def as_data(self, latest: int) -> dict[str, object]:
        """The sums, and the latest entries, oldest first."""
        kept = list(self.entries)[-latest:] if latest else []
        return {
            "requests": self.requests,
            "sends": self.sends,
            "repeats": self.repeats,
            "dropped": self.requests - len(self.entries),
            "counts": dict(self.counts),
            "entries": [
                {"request_id": one.request_id, "matching": one.mode, "profiles": one.profiles()}
                for one in kept
            ],
        }
