"""Whom a load run asks for: synthetic profiles of the mock, a pool file's, or the target's own.

On a live target each of them gets a real message, so nobody is ever made up there.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Protocol, cast, overload

from contracts.matching import MODES, Place, Search
from contracts.model import Format, Item, JsonValue
from contracts.sizes.frames import written
from endpoint.target import Profile, PushSubscription, Target

NUMBER: Final = "NNNNNNNN"
"""Where the mock's admin face shows the number of a synthetic profile: eight digits."""


class PoolError(Exception):
    """A pool file that cannot be used; the message says where and why."""


class People(Protocol):
    """Items of `data` that find one profile each, no two of them the same."""

    @property
    def ids(self) -> Sequence[str]:
        """The profiles, in the order of their items."""

    def written(self, fmt: Format) -> list[bytes]:
        """The items as they stand in a body, each with what separates it from the next."""

    def item(self, at: int) -> Item:
        """One item."""


class Pool(Protocol):
    """Whom a batch can be made of."""

    def people(self, mode: str, count: int, first: int = 0) -> People:
        """At most `count` of those that a mode finds, without the `first` ones."""


@dataclass(frozen=True, slots=True)
class Numbered(Sequence[str]):
    """Texts that differ in a number of eight digits, made when they are looked at."""

    pattern: str
    size: int
    first: int = 0

    def __len__(self) -> int:
        """How many there are."""
        return self.size

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...

    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        """The texts with these numbers."""
        if isinstance(at, slice):
            places = range(*at.indices(self.size))
            if places == range(len(places)):
                return Numbered(self.pattern, len(places), self.first)
            return [self[one] for one in places]
        if not 0 <= at < self.size:
            raise IndexError(at)
        return self.pattern.replace(NUMBER, f"{self.first + at:08d}")


@dataclass(frozen=True, slots=True)
class SyntheticPeople:
    """Synthetic profiles of the mock, one number after another."""

    template: Item
    ids: Numbered

    def written(self, fmt: Format) -> list[bytes]:
        """The items, from one that was written once: digits need no escapes."""
        before, after = written(self.template, fmt).split(NUMBER.encode())
        first, size = self.ids.first, self.ids.size
        return [b"%s%08d%s" % (before, at, after) for at in range(first, first + size)]

    def item(self, at: int) -> Item:
        """One item."""
        number = f"{self.ids.first + at:08d}"
        return {key: str(it).replace(NUMBER, number) for key, it in self.template.items()}


@dataclass(frozen=True)
class SyntheticPool:
    """The mock's synthetic profiles: as many as it was told, each value made from a number.

    Attributes:
        size: how many there are.
        profile_id: the pattern of their ids.
        values: the pattern of their values, by place.
    """

    size: int
    profile_id: str
    values: Mapping[str, str]

    @classmethod
    def of(cls, population: Mapping[str, object]) -> "SyntheticPool":
        """The pool of a mock, from what its admin face says of its population."""
        return cls(
            cast("int", population["synthetic"]),
            cast("str", population["synthetic_id"]),
            cast("Mapping[str, str]", population["synthetic_values"]),
        )

    def people(self, mode: str, count: int, first: int = 0) -> SyntheticPeople:
        """Profiles that follow each other, by the mode's first search."""
        search = MODES[mode].searches[0]
        ids = Numbered(self.profile_id, max(min(count, self.size - first), 0), first)
        return SyntheticPeople(_item(search, self.values[search.place]), ids)


@dataclass(frozen=True, slots=True)
class Member:
    """An item, and the one profile that it finds."""

    item: Item
    profile_id: str


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """Profiles that somebody has made and listed."""

    members: Sequence[Member]

    @property
    def ids(self) -> Sequence[str]:
        """The profiles, in the order of their items."""
        return tuple(member.profile_id for member in self.members)

    def written(self, fmt: Format) -> list[bytes]:
        """The items."""
        return [written(member.item, fmt) for member in self.members]

    def item(self, at: int) -> Item:
        """One item."""
        return self.members[at].item


def _item(search: Search, pattern: str) -> Item:
    if search.place != "push_subs":
        return {search.keys[0]: pattern}
    # The mock writes a pair as the provider's length, a colon, the provider, the device.
    length, _, both = pattern.partition(":")
    return {"provider": both[: int(length)], "subscription_id": both[int(length) :]}


@dataclass(frozen=True)
class ProfilePool:
    """The profiles of a target file."""

    profiles: tuple[Profile, ...]

    def people(self, mode: str, count: int, first: int = 0) -> KnownPeople:
        """Each profile by one value that no other profile has."""
        return KnownPeople(list(islice(self._each(mode), first, first + count)))

    def _each(self, mode: str) -> Iterator[Member]:
        for profile in self.profiles:
            own = (
                Member(item, profile.profile_id)
                for search in MODES[mode].searches
                for item in _items(profile, search)
                if not self._shared(item, profile, mode)
            )
            yield from islice(own, 1)

    def _shared(self, item: Item, profile: Profile, mode: str) -> bool:
        texts = {str(value) for value in item.values()}
        return any(
            texts & {str(value) for value in held.values()}
            for other in self.profiles
            if other is not profile
            for search in (*MODES[mode].searches, *MODES[mode].open_searches)
            for held in _items(other, search)
        )


def _items(profile: Profile, search: Search) -> Iterator[Item]:
    held = _held(profile, search.place)
    for value in held:
        if isinstance(value, PushSubscription):
            yield {"provider": value.provider, "subscription_id": value.subscription_id}
        else:
            yield {search.keys[0]: value}


def _held(profile: Profile, place: Place) -> Sequence[str | int | PushSubscription]:
    held = cast(
        "str | int | tuple[str | int | PushSubscription, ...] | None", getattr(profile, place)
    )
    if held is None:
        return ()
    return held if isinstance(held, tuple) else (held,)


@dataclass(frozen=True)
class FilePool:
    """A CSV or JSON Lines file: a profile a line, streamed, of any length.

    Columns, or keys: `profile_id`, and those of items: email, phone, field_value, provider,
    subscription_id. A mode takes the lines that hold its keys; of lines of one profile the
    first. Empty lines are passed over.
    """

    path: Path

    def people(self, mode: str, count: int, first: int = 0) -> KnownPeople:
        """Lines that the mode can use, one after another.

        Raises:
            PoolError: the file cannot be read, or a line is not what it has to be.
        """
        return KnownPeople(list(islice(self._each(mode), first, first + count)))

    def _each(self, mode: str) -> Iterator[Member]:
        taken: set[str] = set()
        for number, line in self._lines():
            profile_id = line.get("profile_id")
            if not isinstance(profile_id, str) or not profile_id:
                raise self._broken(number, "it has no profile_id")
            if profile_id not in taken and (item := self._item(number, line, mode)):
                taken.add(profile_id)
                yield Member(item, profile_id)

    def _item(self, number: int, line: Mapping[str, JsonValue], mode: str) -> Item | None:
        """What a line can be found by; none where it lacks the mode's keys."""
        for search in MODES[mode].searches:
            values = {key: line.get(key) for key in search.keys}
            if any(value is None or value == "" for value in values.values()):
                continue
            if not all(isinstance(value, str | int) for value in values.values()):
                raise self._broken(number, f"{', '.join(values)}: expected text, or a whole number")
            return cast("Item", values)
        return None

    def _lines(self) -> Iterator[tuple[int, Mapping[str, JsonValue]]]:
        """What stands in the file, with the number of each line."""
        number = 0
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                if self.path.suffix.lower() == ".csv":
                    rows = csv.DictReader(file, strict=True)
                    for row in rows:
                        number = rows.line_num
                        yield number, row
                    return
                for number, line in enumerate(file, start=1):
                    if line.strip():
                        yield number, self._object(number, line)
        except OSError as problem:
            raise PoolError(f"pool file {self.path}: {problem.strerror}") from None
        except csv.Error as problem:
            raise self._broken(number + 1, f"not CSV: {problem}") from None
        except UnicodeDecodeError:
            # A file is decoded in blocks: which line it is, is not known.
            raise PoolError(f"pool file {self.path}, after line {number}: not UTF-8") from None

    def _object(self, number: int, line: str) -> Mapping[str, JsonValue]:
        try:
            value = json.loads(line)
        except json.JSONDecodeError as problem:
            raise self._broken(number, f"not JSON: {problem.msg}") from None
        if not isinstance(value, dict):
            raise self._broken(number, "expected an object")
        return value

    def _broken(self, number: int, why: str) -> PoolError:
        return PoolError(f"pool file {self.path}, line {number}: {why}")


def pool_of(target: Target, file: Path | None, population: Mapping[str, object] | None) -> Pool:
    """The pool of a run: the file's if one is given, else the mock's, else the target's."""
    if file is not None:
        return FilePool(file)
    if population is not None and population.get("synthetic"):
        return SyntheticPool.of(population)
    return ProfilePool(target.profiles)
