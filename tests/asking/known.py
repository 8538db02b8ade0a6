"""Items made of the target's known profiles: the vocabulary of the contract tests.

Each method gives well-formed items or raises `Unsupported` with what the target file would
have to hold: a case that no known profile can show is never silently passed over.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product
from typing import Final, TypeVar

from hypothesis.vendor.pretty import RepresentationPrinter

from contracts import sizes
from contracts.matching import MODES, PROVIDERS, Place
from contracts.model import FORMATS, Item
from tests.asking import neighbours
from tests.asking.oracle import Identifier, Oracle
from tests.reporting.verdicts import Unsupported
from tests.strategies.plans import Nobody, Plan

LAST: Final = -1
"""The ordinal of the last of a profile's values."""

FEW: Final = 2
"""Items that find somebody in one batch on a live target: the least that is more than one."""

MOST_NEIGHBOURS: Final = 400
"""Items in one batch of neighbouring values: enough for every kind, small enough to read."""


_T = TypeVar("_T")


@dataclass(frozen=True, repr=False)
class Known:
    """The known profiles, as items that a test sends.

    Attributes:
        oracle: what each of them finds.
        frugal: whether an item that finds somebody is a message to somebody: then few are sent.
    """

    oracle: Oracle
    frugal: bool = False

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints the arguments of a failing example."""
        return f"<Known: {len(self.oracle.profiles)} profiles>"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:  # noqa: FBT001 - IPython's protocol
        printer.text(repr(self))

    def every(self, mode: str) -> list[Item]:
        """Every known value that `mode` finds."""
        return self._few([identifier.item for identifier in self._identifiers(mode)])

    def one_each(self, mode: str, ordinal: int = 0) -> list[Item]:
        """One value of each known profile that `mode` finds."""
        self._identifiers(mode)
        return self._few([identifier.item for identifier in self.oracle.one_each(mode, ordinal)])

    def layers(self, mode: str) -> list[list[Item]]:
        """Every known value in batches in which no profile stands twice, at most six."""
        deepest = max(Counter(one.profile_id for one in self._identifiers(mode)).values())
        return [
            self.one_each(mode, ordinal) for ordinal in range(min(deepest, 1 if self.frugal else 6))
        ]

    def some(self, mode: str) -> list[Item]:
        """One value of one known profile: the anchor beside items that find nobody."""
        return self.one_each(mode)[:1]

    def several(self, mode: str) -> list[Item]:
        """The first, the middle and the last known profile: at most three items.

        Each is asked for by another of its values, the first, the second and the last, which
        stand in different places where the mode searches several.
        """
        first = self.one_each(mode)
        end = len(first) - 1
        asked = {0: 0, len(first) // 2: 1, end: LAST} if end else {0: 0}
        return [self.one_each(mode, ordinal)[place] for place, ordinal in asked.items()]

    def plan(self, mode: str, plan: Plan) -> list[Item]:
        """A drawn plan, filled in with known values and values of nobody."""
        items = self.every(mode)
        return [
            sizes.filler_item(mode, pick.number)
            if isinstance(pick, Nobody)
            else items[pick.index % len(items)]
            for pick in plan
        ]

    def near(self, mode: str) -> list[list[Item]]:
        """Values that differ from known ones by little, and belong to nobody by any reading.

        A batch for each way to differ: a server that refuses one way is asked the others.
        """
        changed = (
            [neighbours.of(identifier, kind) for identifier in self._identifiers(mode)]
            for kind in range(neighbours.MOST_KINDS)
        )
        batches = (
            [item for item in items if item is not None and self._is_nobodys(mode, item)]
            for items in changed
        )
        return [items[:MOST_NEIGHBOURS] for items in batches if items]

    def beside_and_alone(self, mode: str, items: Sequence[Item]) -> list[list[Item]]:
        """Items that find nobody, behind a known one and then alone.

        Whoever stands beside them could be found by them unnoticed. On a live target few stand
        alone: each may be counted as a send.
        """
        return [[*self.some(mode), *items], self._few([*items])]

    def at_other_providers(self, providers: Sequence[str] = PROVIDERS) -> list[Item]:
        """Known device ids, each under a provider under which nobody has it."""
        items = [
            {**identifier.item, "provider": provider}
            for identifier in self._identifiers("push_sub")
            for provider in providers
        ]
        return [item for item in items if self._is_nobodys("push_sub", item)]

    def with_moved_border(self) -> list[Item]:
        """Known subscriptions whose provider ends, and whose id begins, a character elsewhere."""
        items: list[Item] = []
        for identifier in self._identifiers("push_sub"):
            provider, device = map(str, (identifier.item[key] for key in MODES["push_sub"].keys))
            items.append({"provider": provider[:-1], "subscription_id": provider[-1] + device})
            items.append({"provider": provider + device[0], "subscription_id": device[1:]})
        return [item for item in items if self._is_nobodys("push_sub", item)]

    def of_other_keys(self, mode: str) -> list[Item]:
        """Known values that other keys search, under the keys of `mode`, one for each place."""
        found: dict[tuple[str, Place], Item] = {}
        for key, other in product(MODES[mode].keys, MODES):
            for identifier in self.oracle.identifiers(other):
                if len(identifier.item) == 1 and key not in identifier.item:
                    found[key, identifier.place] = {key: str(*identifier.item.values())}
        items = [item for item in found.values() if self._is_nobodys(mode, item)]
        if not items:
            raise Unsupported(f"no value of another key could be taken for one of {mode}")
        return items

    def under_other_keys(self, mode: str) -> list[Item]:
        """Known values under keys that `mode` does not have, one for each place."""
        foreign = [
            identifier.item
            for other in MODES
            for identifier in self.oracle.identifiers(other)[-1:]
            if not set(identifier.item) & set(MODES[mode].keys)
        ]
        if not foreign:
            raise Unsupported("no known profile has a value under another key")
        return _distinct(foreign)

    def with_second_key(self, mode: str) -> list[list[Item]]:
        """Batches of `mode`, one for each other key: its values beside one value of the own key.

        The values are other profiles'. One own value serves a batch, so that whoever is found by
        the other key is nobody's in it.
        """
        batches: dict[frozenset[str], list[Item]] = {}
        for own in self._identifiers(mode)[:3]:
            fresh: dict[frozenset[str], list[Item]] = {}
            for other in chain.from_iterable(map(self.oracle.identifiers, MODES)):
                is_foreign = not set(other.item) & set(MODES[mode].keys)
                if is_foreign and other.profile_id != own.profile_id:
                    fresh.setdefault(frozenset(other.item), []).append({**other.item, **own.item})
            batches = {**fresh, **batches}
        if not batches:
            raise Unsupported("this takes two known profiles with values under different keys")
        return self._few([self._few(_distinct(items)[:6]) for items in batches.values()])

    def with_both_keys(self, mode: str) -> list[Item]:
        """For each profile that has both, an item with its e-mail and its phone."""
        by_key: dict[str, dict[str, Item]] = {"email": {}, "phone": {}}
        for identifier in self._identifiers(mode):
            by_key[next(iter(identifier.item))][identifier.profile_id] = identifier.item
        both: list[Item] = [
            {**item, **by_key["phone"][profile_id]}
            for profile_id, item in by_key["email"].items()
            if profile_id in by_key["phone"]
        ]
        if not both:
            raise Unsupported(f"no known profile has both an e-mail and a phone for {mode}")
        return self._few(both)

    def only_in_subscriptions(self) -> list[Item]:
        """An e-mail or phone that stands in a subscription and in no profile's field."""
        found = [
            identifier.item
            for mode in ("email_sub", "phone_sub")
            for identifier in self.oracle.identifiers(mode)
            if (expected := self.oracle.expected("email_phone", [identifier.item], "json")).may
            and not expected.must
        ]
        if not found:
            raise Unsupported("no known profile has a value in a subscription only")
        return found[:1]

    def shared(self) -> tuple[str, Item, frozenset[str]]:
        """A mode, an item whose value several known profiles have, and these profiles."""
        for mode in MODES:
            for item in self.oracle.shared(mode):
                return mode, item, self.oracle.expected(mode, [item], "json").may
        raise Unsupported("no two known profiles have the same value in the same place")

    def joined(self, mode: str, separator: str) -> tuple[Item, frozenset[str]]:
        """An item with the values of two profiles as one text, and these profiles."""
        texts = {
            identifier.profile_id: (key, value)
            for identifier in self._identifiers(mode)
            for key, value in identifier.item.items()
            if isinstance(value, str) and separator.strip() not in value
        }
        if len(texts) < FEW:
            raise Unsupported(f"{mode}: this takes two known profiles with texts")
        first, second = list(texts.items())[:2]
        return (
            {first[1][0]: f"{first[1][1]}{separator}{second[1][1]}"},
            frozenset({first[0], second[0]}),
        )

    def like(self, mode: str, pattern: str) -> tuple[str, str]:
        """A known value that matches, and its profile."""
        for identifier in self._identifiers(mode):
            for value in identifier.item.values():
                if isinstance(value, str) and re.fullmatch(pattern, value):
                    return value, identifier.profile_id
        raise Unsupported(f"{mode}: no known profile has a value like {pattern}")

    def beside(self, mode: str, *others: str) -> list[Item]:
        """An item that finds another profile than these, if there is one.

        With it in the batch, an item that finds nobody is told from one that is refused also by
        a target that refuses what finds nobody at all.
        """
        found = (one.item for one in self.oracle.one_each(mode) if one.profile_id not in others)
        return list(found)[:1]

    def one(self, mode: str) -> Identifier:
        """An identifier of one profile."""
        return self._identifiers(mode)[0]

    def two(self, mode: str) -> tuple[Identifier, Identifier]:
        """Identifiers of two profiles."""
        both = self.oracle.one_each(mode)[:2]
        if len(both) < FEW:
            raise Unsupported(f"{mode}: this takes two known profiles")
        return both[0], both[1]

    def conflict(self, mode: str = "email_phone") -> tuple[str, str, Item]:
        """The profile of an e-mail, another profile of a phone, and an item with both."""
        identifiers = self._identifiers(mode)
        pairs = (
            (first.profile_id, second.profile_id, {**first.item, **second.item})
            for first in identifiers
            for second in identifiers
            if "email" in first.item
            and "phone" in second.item
            and first.profile_id != second.profile_id
        )
        pair = next(pairs, None)
        if pair is None:
            raise Unsupported("this takes one profile with an e-mail and another with a phone")
        return pair

    def one_by_one(self, mode: str) -> list[list[Item]]:
        """A batch of one for each of several profiles, at most a dozen."""
        return [[item] for item in self.one_each(mode)[:12]]

    def shares(self, mode: str, clients: int, turn: int) -> list[list[Item]]:
        """A batch for each client: neighbours ask for different profiles, turn by turn."""
        items = self.one_each(mode)
        return [[items[(client + turn) % len(items)]] for client in range(clients)]

    def beyond_ascii(self) -> tuple[str, list[Item]]:
        """A mode that finds values with characters beyond ASCII, and items with them."""
        for mode in MODES:
            items = [item for item in self._items(mode) if not str(item).isascii()]
            if items:
                return mode, items
        raise Unsupported("no known profile has a value with characters beyond ASCII")

    def beyond_ascii_or_any(self) -> tuple[str, list[Item]]:
        """What `beyond_ascii` gives, or the items of the widest mode."""
        for mode in MODES:
            if any(not str(item).isascii() for item in self._items(mode)):
                return self.beyond_ascii()
        return self.widest_mode, self.one_each(self.widest_mode)

    @cached_property
    def widest_mode(self) -> str:
        """The mode that finds the most known profiles."""
        return max(MODES, key=lambda mode: len(self.oracle.one_each(mode)))

    def _few(self, things: list[_T]) -> list[_T]:
        return things[:FEW] if self.frugal else things

    def _items(self, mode: str) -> list[Item]:
        return [identifier.item for identifier in self.oracle.identifiers(mode)]

    def _identifiers(self, mode: str) -> Sequence[Identifier]:
        identifiers = self.oracle.identifiers(mode)
        if not identifiers:
            places = " or ".join(sorted(search.place for search in MODES[mode].searches))
            raise Unsupported(f"{mode}: no profile of the target file has {places}")
        return identifiers

    def _is_nobodys(self, mode: str, item: Item) -> bool:
        return not any(self.oracle.expected(mode, [item], fmt).may for fmt in FORMATS)


def _distinct(items: Sequence[Item]) -> list[Item]:
    return list({repr(sorted(item.items())): item for item in items}.values())
