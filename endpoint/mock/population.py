"""Who can be found: the target's profiles, and synthetic ones that follow a formula.

A synthetic profile is a number of eight digits; its values and its identifier are made
from the number, so that a population of a hundred million costs no memory. A column of
values that are all synthetic is found by one regular expression over the joined text and
by copying digits between records of fixed width, not by 250,000 steps of Python.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import lt
from typing import Final, cast

from contracts.matching import PROVIDERS, Mode, Place, Search
from contracts.model import Format
from endpoint.mock.behaviour import Behaviour, Stored
from endpoint.mock.model import DIGITS, Block, Found, Hits, KnownProfile, Settings, Value

MOST: Final = 10**DIGITS
"""Synthetic profiles at most: as many as there are numbers."""
ID_PREFIX: Final = "5ca1ab1e00000000"
"""A synthetic profile_id is this and the number's eight digits: 24 hexadecimal characters."""


def pair(provider: str, subscription_id: str) -> str:
    """Two strings as one, injectively, so that push subscriptions are a column like any other."""
    return f"{len(provider)}:{provider}{subscription_id}"


@dataclass(frozen=True)
class Form:
    """How the values of synthetic profiles at one place are spelled: prefix, number, suffix."""

    prefix: str
    suffix: str = ""

    def value(self, number: int) -> str:
        """The value of profile `number`."""
        return f"{self.prefix}{number:0{DIGITS}d}{self.suffix}"

    @cached_property
    def width(self) -> int:
        """Characters of a value."""
        return len(self.prefix) + DIGITS + len(self.suffix)

    @cached_property
    def mark(self) -> str:
        """A part that no other value is likely to have: where it is absent, nobody is found."""
        return max(self.prefix, self.suffix, key=len)

    @cached_property
    def one(self) -> re.Pattern[str]:
        """Matches one value, its digits as group 1."""
        return re.compile(f"{re.escape(self.prefix)}([0-9]{{{DIGITS}}}){re.escape(self.suffix)}")

    @cached_property
    def lines(self) -> re.Pattern[str]:
        """Matches values joined by newlines, all of this form."""
        line = f"{re.escape(self.prefix)}[0-9]{{{DIGITS}}}{re.escape(self.suffix)}"
        return re.compile(f"(?:{line}\n)*+{line}")

    def digits(self, text: str, count: int) -> bytes:
        """The digits of `count` joined values; `lines` must have matched them."""
        source = text.encode("ascii")
        digits = bytearray(count * DIGITS)
        for place in range(DIGITS):
            digits[place::DIGITS] = source[len(self.prefix) + place :: self.width + 1]
        return bytes(digits)


FORMS: Final[dict[Place, Form]] = {
    "profile_id": Form(ID_PREFIX),
    "email": Form("p", "@synthetic.invalid"),
    "phones": Form("+99901"),
    "custom": Form("synthetic-"),
    "email_subs": Form("s", "@synthetic.invalid"),
    "phone_subs": Form("+99902"),
    "push_subs": Form(pair(PROVIDERS[0], "synthetic-device-")),
    "custom_subs": Form("synthetic-channel-"),
}


def stored(profile: KnownProfile, place: Place) -> tuple[Stored, ...]:
    """What a profile keeps at a place."""
    match place:
        case "push_subs":
            return tuple((push.provider, push.subscription_id) for push in profile.push_subs)
        case "profile_id" | "email" | "custom":
            value = getattr(profile, place)
            return () if value is None else (value,)
        case _:
            return tuple(getattr(profile, place))


class Table:
    """What one key of a mode finds: known values by a dict, synthetic ones by their form.

    Attributes:
        known: value -> the profiles of the target file that have it.
        forms: of the synthetic profiles' values.
        size: how many synthetic profiles there are.
        compared: how a value is written before it is looked for; None: as it is.
    """

    def __init__(
        self, forms: Sequence[Form], size: int, compared: Callable[[Value], Value] | None
    ) -> None:
        self.known: dict[Value, tuple[str, ...]] = {}
        self.forms = tuple(forms)
        self.size = size
        self.compared = compared

    def add(self, value: Value, profile_id: str) -> None:
        """One more profile has this value."""
        found = self.known.get(value, ())
        if profile_id not in found:
            self.known[value] = (*found, profile_id)

    def find(self, column: list[Value | None], *, repeats: bool) -> Block | Hits:
        """Who is found by a column of values.

        Args:
            column: one value for each item, None where the item has none.
            repeats: whether two items may name one profile, so that a block may hold it twice.
        """
        text = _joined(column) if self.size else ""
        forms = [form for form in self.forms if form.mark in text]
        for form in forms:
            block = self._block(form, column, text, repeats=repeats)
            if block is not None:
                return block
        hits: Hits = []
        known = self.known
        if known and not known.keys().isdisjoint(column):
            hits = [(at, known[value]) for at, value in enumerate(column) if value in known]
        for form in forms:
            one = form.one.fullmatch
            hits += [
                (at, (ID_PREFIX + match[1],))
                for at, value in enumerate(column)
                if type(value) is str and (match := one(value)) and int(match[1]) < self.size
            ]
        return hits

    def _block(
        self, form: Form, column: list[Value | None], text: str, *, repeats: bool
    ) -> Block | None:
        """The whole column as one block, where all its values are synthetic ones of a form."""
        if (
            len(text) != len(column) * (form.width + 1) - 1
            or not form.lines.fullmatch(text)
            or self._is_known(form)
            or not (repeats or _all_different(cast("list[str]", column)))
        ):
            return None
        digits = form.digits(text, len(column))
        return Block(digits) if _below(self.size, digits) else None

    def _is_known(self, form: Form) -> bool:
        """Whether a profile of the target file has a value that looks synthetic."""
        return any(isinstance(value, str) and form.one.fullmatch(value) for value in self.known)


def _joined(column: list[Value | None]) -> str:
    """The strings of a column, one a line."""
    try:
        return "\n".join(column)  # type: ignore[arg-type]
    except TypeError:  # integers, or items without the key
        return "\n".join([value for value in column if type(value) is str])


def _all_different(strings: list[str]) -> bool:
    """Whether no string of a column stands twice; a column in ascending order shows it sooner."""
    return all(map(lt, strings, islice(strings, 1, None))) or len(set(strings)) == len(strings)


def _below(size: int, digits: bytes) -> bool:
    """Whether all numbers of a block are below a size."""
    zeros = DIGITS - len(str(size)) + 1
    if all(digits[place::DIGITS].count(b"0") * DIGITS == len(digits) for place in range(zeros)):
        return True  # below a power of ten that the size reaches: the common case, in no time
    return all(int(digits[at : at + DIGITS]) < size for at in range(0, len(digits), DIGITS))


class Population:
    """Every profile that a mode can find, for one behaviour."""

    def __init__(self, settings: Settings, behaviour: Behaviour) -> None:
        self.settings = settings
        self.behaviour = behaviour
        self._tables: dict[tuple[str, Format], dict[tuple[str, ...], Table]] = {}

    def tables(self, mode: Mode, fmt: Format) -> dict[tuple[str, ...], Table]:
        """Key or keys of an item -> whom they find, made when first asked for."""
        tables = self._tables.get((mode.name, fmt))
        if tables is None:
            tables = self._tables[mode.name, fmt] = self._build(mode, fmt)
        return tables

    def _build(self, mode: Mode, fmt: Format) -> dict[tuple[str, ...], Table]:
        by_keys: dict[tuple[str, ...], list[Search]] = {}
        for search in self.behaviour.searches(mode):
            by_keys.setdefault(search.keys, []).append(search)
        return {keys: self._table(mode, keys, searches, fmt) for keys, searches in by_keys.items()}

    def _table(
        self, mode: Mode, keys: tuple[str, ...], searches: Sequence[Search], fmt: Format
    ) -> Table:
        forms = [FORMS[search.place] for search in searches]
        compared = self._normaliser(keys[-1])
        table = Table(forms, self.settings.synthetic, compared)
        seam = self.behaviour.seams.stored
        values: list[tuple[Value, str]] = []
        for profile in self.settings.profiles:
            for search in searches:
                kept = stored(profile, search.place)
                for value in seam(mode.name, search.place, kept) if seam else kept:
                    plain = pair(*value) if isinstance(value, tuple) else value
                    values.append((compared(plain) if compared else plain, profile.profile_id))
        for value, profile_id in values:
            # XML has text only: an integer is found by its exact digits.
            table.add(str(value) if fmt == "xml" else value, profile_id)
        if self.behaviour.lenient_values:
            _add_lenient(table, values)
        return table

    def _normaliser(self, key: str) -> Callable[[Value], Value] | None:
        """How values of a key are compared; None where they are compared as they are."""
        seam = self.behaviour.seams.key
        fold = self.behaviour.email_case and key == "email"
        phone = self._as_phone if key == "phone" and self._bends_phones else None
        if not (seam or fold or phone):
            return None

        def compared(value: Value) -> Value:
            if seam:
                value = seam(key, value)
            if isinstance(value, str):
                value = value.casefold() if fold else value
                value = phone(value) if phone else value
            return value

        return compared

    @property
    def _bends_phones(self) -> bool:
        policy = self.behaviour
        return any(
            (policy.phone_plus, policy.phone_eight, policy.phone_spaces, policy.phone_digits)
        )

    def _as_phone(self, phone: str) -> str:
        """A phone in the one spelling by which it is compared."""
        if self.behaviour.phone_spaces:
            phone = phone.replace(" ", "")
        if self.behaviour.phone_eight and re.fullmatch(r"8[0-9]{10}", phone):
            phone = f"+7{phone[1:]}"
        if self.behaviour.phone_digits:
            return re.sub(r"\D", "", phone)
        return phone.removeprefix("+") if self.behaviour.phone_plus else phone


def _add_lenient(table: Table, values: Sequence[tuple[Value, str]]) -> None:
    """Let text find an integer and the other way round, where nothing tells them apart."""
    exact = set(table.known)
    for value, profile_id in values:
        other: Value = str(value)
        if isinstance(value, str):
            if not re.fullmatch("[0-9]{1,18}", value):
                continue
            other = int(value)
        if other not in exact:
            table.add(other, profile_id)


def identifiers(found: Found) -> list[str]:
    """Who was found, as a list of profile ids."""
    if isinstance(found, list):
        return found
    text = found.digits.decode("ascii")
    return [ID_PREFIX + text[at : at + DIGITS] for at in range(0, len(text), DIGITS)]
