"""Conservation: what the answers say was sent is what the mock's journal holds."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from endpoint.mock import Admin
from loadtests.bodies import Bodies
from loadtests.gathered import Gathered
from loadtests.record import Conservation


def digest(profile_ids: Iterable[str]) -> str:
    """A batch of profiles by the hash of their sorted ids, as the journal's face names them."""
    return hashlib.sha256("\n".join(sorted(profile_ids)).encode()).hexdigest()


def conserved(bodies: Bodies, gathered: Gathered, mock: Admin, *, all_told: bool) -> Conservation:
    """Compare, profile by profile: each batch that was answered for stands in the journal.

    Where not all processes told what they measured, the journal may hold more.
    """
    said: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    sizes: dict[str, int] = {}
    names: dict[str, str] = {}
    for at, body in enumerate(bodies.each):
        if body.over_limit:
            continue
        key = digest(body.expected)
        said[key] += gathered.answered[at]
        doubtful[key] += gathered.in_doubt[at]
        sizes[key] = len(body.expected)
        names[key] = body.name
    journal = mock.batches()
    held = Counter({one.digest: one.times for one in journal})
    unexplained = [
        f"{names[key]}: answers name its {sizes[key]} profiles {said[key]} times, "
        f"the journal holds them {held[key]} times"
        for key in said
        if held[key] < said[key] or (all_told and held[key] > said[key] + doubtful[key])
    ]
    unexplained += [
        f"the journal holds {one.profiles} profiles, {one.times} times, that no answer named"
        for one in journal
        if one.digest not in said
    ]
    return Conservation(
        checked=True,
        said=sum(times * sizes[key] for key, times in said.items()),
        journal=sum(one.times * one.profiles for one in journal),
        unexplained=tuple(unexplained),
    )
