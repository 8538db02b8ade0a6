"""Whom a request must find, may find and must not find: read off the target's known profiles.

Nothing here asks the target or knows the mock: the answer follows from the profiles of the
target file and from the table of matching modes.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final, Literal, TypeAlias, get_args

from contracts.matching import MODES, ItemKey, Mode, Place, Search
from contracts.model import FORMATS, Format, Item
from endpoint.target import Profile, PushSubscription
from tests.asking.counting import counted

Value: TypeAlias = str | int
Values: TypeAlias = tuple[Value, ...]
"""What one search compares: one value, or provider and subscription_id together."""

MOST_REMEMBERED: Final = 10_000
"""Items whose finds are kept: a night of generated ones must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One value of one known profile: where it stands, and the item that asks for it."""

    profile_id: str
    place: Place
    ordinal: int
    item: Item

    def __str__(self) -> str:
        """Name the identifier without its value, which may be personal data."""
        return f"{self.profile_id[-4:]}.{self.place}.{self.ordinal}"


@dataclass(frozen=True, slots=True)
class Expected:
    """Whom an answer names, by every reading of the documentation.

    Attributes:
        must: profiles that are named.
        may: all that can be named; `must` is part of it.
        refusable: whether an error is an answer as well.
    """

    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    refusable: bool = True

    def __or__(self, other: "Expected") -> "Expected":
        """What a batch of both is to find; a batch that must find somebody is not refused."""
        must = self.must | other.must
        return Expected(must, self.may | other.may, refusable=not must)


def values_at(profile: Profile, place: Place) -> tuple[Values, ...]:
    """The values of a profile in one place, in the order of the target file."""
    held: object = getattr(profile, place)
    if held is None:
        return ()
    if isinstance(held, tuple):
        return tuple(
            (one.provider, one.subscription_id) if isinstance(one, PushSubscription) else (one,)
            for one in held
        )
    return ((held,),) if isinstance(held, str | int) else ()


Reading = Literal["json", "xml", "lenient"]
"""How two values are compared: with their types, as texts, or as a lenient server may."""


def _key(values: Values, place: Place, reading: Reading) -> Hashable:
    """Equal for two values exactly where they are one value by that reading."""
    match reading:
        case "json":
            return tuple((type(value), value) for value in values)
        case "xml":
            return tuple(map(str, values))
        case "lenient":
            return tuple(_folded(str(value), place) for value in values)


def _folded(text: str, place: Place) -> str:
    """A text without letter case, outer spaces, a phone's punctuation and leading zeros.

    A device's id at its provider is no word of anybody's: its letter case tells devices apart.
    """
    text = text.strip()
    if place == "push_subs":
        return text
    text = text.casefold()
    if place in {"phones", "phone_subs"}:
        # 8 and +7 are the same country's prefix; punctuation is none of the number.
        return re.sub(r"^8(?=\d{10}$)", "7", re.sub(r"\D", "", text))
    return re.sub(r"^(-?)0+(?=\d+$)", r"\1", text)


@dataclass(frozen=True)
class Oracle:
    """The known profiles, asked what the endpoint would have to answer."""

    profiles: tuple[Profile, ...]

    @cached_property
    def _by_mode(self) -> Mapping[str, tuple[Identifier, ...]]:
        return {name: tuple(self._identifiers(mode)) for name, mode in MODES.items()}

    def identifiers(self, mode: str) -> tuple[Identifier, ...]:
        """The known values by which `mode` finds exactly one profile, first ones first."""
        return self._by_mode[mode]

    def supports(self, mode: str) -> bool:
        """Whether a known profile can be found by `mode`."""
        return bool(self.identifiers(mode))

    def one_each(self, mode: str, ordinal: int = 0) -> tuple[Identifier, ...]:
        """One identifier of each profile: the `ordinal`-th where it has so many, or the last."""
        chosen: dict[str, list[Identifier]] = {}
        for identifier in self.identifiers(mode):
            chosen.setdefault(identifier.profile_id, []).append(identifier)
        return tuple(found[min(ordinal, len(found) - 1)] for found in chosen.values())

    def expected(self, mode: str, items: Iterable[Item], fmt: Format) -> Expected:
        """Whom a batch of well-formed items finds."""
        total = Expected()
        for item, _ in counted(items):
            total |= self._of_item(MODES[mode], item, fmt)
        return total

    def most_times(self, mode: str, items: Iterable[Item]) -> Counter[str]:
        """How often each profile can stand in `result`: once for each value that finds it."""
        searches = (*MODES[mode].searches, *MODES[mode].open_searches)
        total: Counter[str] = Counter()
        for item, times in counted(items):
            for search in searches:
                for profile_id in self._found((search,), item, "lenient"):
                    total[profile_id] += times
        return total

    def elsewhere(self, mode: str) -> tuple[Identifier, ...]:
        """Values of known profiles under the mode's own keys that the mode must not find."""
        keys = set(MODES[mode].keys)
        return tuple(
            identifier
            for search in _SEARCH_OF.values()
            if set(search.keys) <= keys
            for identifier in self._at(search)
            if not any(self.expected(mode, [identifier.item], fmt).may for fmt in FORMATS)
        )

    def shared(self, mode: str) -> Iterator[Item]:
        """Items of `mode` that find several profiles by one value, alike in both formats."""
        for search in MODES[mode].searches:
            for identifier in self._at(search):
                found = [self._found((search,), identifier.item, fmt) for fmt in FORMATS]
                if len(found[0]) > 1 and found[0] == found[1]:
                    yield identifier.item

    def has_lookalike(self, identifier: Identifier) -> bool:
        """Whether another profile's value in the same place is the same number."""
        own = _numbers(map(str, identifier.item.values()))
        return any(
            own & _numbers(map(str, values))
            for profile in self.profiles
            if profile.profile_id != identifier.profile_id
            for values in values_at(profile, identifier.place)
        )

    def known_at_all(self, item: Item) -> int:
        """1 if any value of the item stands anywhere in a known profile, else 0."""
        texts = map(str, item.values() if isinstance(item, dict) else (item,))
        return int(not self._all_texts.isdisjoint(texts))

    def broken_by(self, mode: str, items: Iterable[Item], profile_id: str) -> str:
        """The clause that a server breaks which finds this profile by these items.

        Empty where nothing in the profile explains it.
        """
        profile = next((one for one in self.profiles if one.profile_id == profile_id), None)
        if profile is None:
            return "batch.nobody-else"
        asked = [item for item in items if isinstance(item, dict)]
        own = {str(item[key]) for item in asked for key in _asked_keys(MODES[mode], item)}
        other = {str(value) for item in asked for value in item.values()} - own
        held = {
            place: {str(value) for values in values_at(profile, place) for value in values}
            for place in get_args(Place)
        }
        devices = {str(item.get("subscription_id")) for item in asked}
        if mode == "push_sub" and devices & held["push_subs"]:
            return "matching.provider"
        if any(own & texts for place, texts in held.items() if place not in MODES[mode].places):
            return "matching.place"
        if any(other & texts for texts in held.values()):
            return "matching.own-key"
        if MODES[mode].field_name and _numbers(own) & _numbers(
            held["custom"] | held["custom_subs"]
        ):
            return "matching.types"
        return ""

    def _identifiers(self, mode: Mode) -> Iterator[Identifier]:
        for search in mode.searches:
            for identifier in self._at(search):
                # In both formats: "5" and 5 on two profiles are one text in XML.
                if all(
                    self._of_item(mode, identifier.item, fmt).must == {identifier.profile_id}
                    for fmt in FORMATS
                ):
                    yield identifier

    def _at(self, search: Search) -> Iterator[Identifier]:
        for profile in self.profiles:
            for ordinal, values in enumerate(values_at(profile, search.place)):
                item: Item = dict(zip(map(str, search.keys), values, strict=True))
                yield Identifier(profile.profile_id, search.place, ordinal, item)

    def _of_item(self, mode: Mode, item: Item, fmt: Format) -> Expected:
        """What one item finds, worked out once: a run asks of the same few again and again."""
        key = mode.name, fmt, repr(item)
        if key not in self._remembered:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = self._worked_out(mode, item, fmt)
        return self._remembered[key]

    @cached_property
    def _remembered(self) -> dict[tuple[str, Format, str], Expected]:
        return {}

    def _worked_out(self, mode: Mode, item: Item, fmt: Format) -> Expected:
        searches = (*mode.searches, *mode.open_searches)
        exact = self._found(mode.searches, item, fmt)
        by_any_reading = self._found(searches, item, fmt) | self._found(searches, item, "lenient")
        if len(_asked_keys(mode, item)) > 1 and len(mode.searches) > 1:
            # E-mail and phone in one item: who wins where they disagree is open.
            agreed = self._agreed(mode, item, fmt)
            return Expected(agreed, by_any_reading, refusable=not agreed)
        if len(exact) > 1 or self._found(mode.open_searches, item, fmt) - exact:
            # Several profiles for one item: what then happens is open.
            return Expected(may=by_any_reading)
        if exact and mode.field_name:
            # "003" is not 3 where profiles tell them apart; "3" and 3 are one text.
            by_any_reading = self._found(searches, item, "xml")
        return Expected(exact, exact | by_any_reading, refusable=not exact)

    def _agreed(self, mode: Mode, item: Item, fmt: Format) -> frozenset[str]:
        """The one profile that the item's keys find by themselves, if none finds another.

        A key that is nobody's by any reading takes nothing away: the search is by one or the
        other. What an empty key does, or one that is no text, is open.
        """
        searches = (*mode.searches, *mode.open_searches)
        keys = _asked_keys(mode, item)
        if any(not str(item[key]).strip() or not isinstance(item[key], str) for key in keys):
            return frozenset()
        alone: list[Item] = [{key: item[key]} for key in keys]
        somebodys = [one for one in alone if self._found(searches, one, "lenient")]
        by_key = [self._found(searches, one, fmt) for one in somebodys]
        if not by_key or any(len(found) != 1 for found in by_key):
            return frozenset()
        return self._found(mode.searches, item, fmt).intersection(*by_key)

    @cached_property
    def _index(self) -> Mapping[tuple[Place, Reading], Mapping[Hashable, frozenset[str]]]:
        index: dict[tuple[Place, Reading], dict[Hashable, frozenset[str]]] = {}
        for place, reading in product(get_args(Place), get_args(Reading)):
            holders = index.setdefault((place, reading), {})
            for profile in self.profiles:
                for values in values_at(profile, place):
                    key = _key(values, place, reading)
                    holders[key] = holders.get(key, frozenset()) | {profile.profile_id}
        return index

    @cached_property
    def _all_texts(self) -> frozenset[str]:
        return frozenset(
            str(value)
            for profile in self.profiles
            for place in get_args(Place)
            for values in values_at(profile, place)
            for value in values
        )

    def _found(self, searches: Iterable[Search], item: Item, reading: Reading) -> frozenset[str]:
        """The profiles that any of the searches finds for one item."""
        return frozenset().union(
            *(
                self._index[search.place, reading].get(
                    _key(asked, search.place, reading), frozenset()
                )
                for search in searches
                if (asked := _asked(search, item)) is not None
            )
        )


_SEARCH_OF: Mapping[Place, Search] = {
    search.place: search for mode in MODES.values() for search in mode.searches
}


def _numbers(texts: Iterable[str]) -> set[float]:
    """The numbers that careless servers take texts for: 003 is 3, 2^53 + 1 is 2^53."""
    return {float(text) for text in texts if re.fullmatch(r"-?\d{1,300}", text)}


def _asked_keys(mode: Mode, item: Item) -> tuple[ItemKey, ...]:
    return tuple(key for key in mode.keys if key in item) if isinstance(item, dict) else ()


def _asked(search: Search, item: Item) -> Values | None:
    """What an item asks of one search; None where it lacks a key or holds no plain value."""
    if not isinstance(item, dict):
        return None
    values = tuple(item.get(key) for key in search.keys)
    plain = tuple(v for v in values if isinstance(v, str | int) and not isinstance(v, bool))
    return plain if len(plain) == len(values) else None
