"""Reads TOML tables key by key and keeps every mistake, so that all are told at once."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_LONGEST_SHOWN: Final = 80
"""Characters of a value that a message repeats; the reader has the file."""


class Unshown(ValueError):  # noqa: N818  # the name of what it is, as NotWellFormed
    """A value is a mistake, and may hold a secret: the message does not repeat it."""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What a key may hold.

    Attributes:
        expected: the end of the sentence "expected ...".
        read: turns the TOML value into ours; raises ValueError where it is no such thing.
    """

    expected: str
    read: Callable[[object], T]


def _text(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise ValueError


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError


def _whole(least: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        # Python calls a bool an int; TOML and this file do not.
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise ValueError

    return read


def _seconds(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6:
        return float(value)
    raise ValueError


def _text_or_whole(value: object) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return _text(value)


def _scalar(value: object) -> str | int | bool:
    if isinstance(value, str | int):
        return value
    raise ValueError


TEXT: Final = Kind("a non-empty string", _text)
TRUTH: Final = Kind("true or false", _truth)
POSITIVE: Final = Kind("a positive integer", _whole(1))
COUNT: Final = Kind("an integer, 0 or more", _whole(0))
SECONDS: Final = Kind("a positive number of seconds", _seconds)
TEXT_OR_WHOLE: Final = Kind("a non-empty string or an integer", _text_or_whole)
SCALAR: Final = Kind("a string, an integer or true/false", _scalar)


class Table:
    """One table of a TOML file: gives out values by key and notes the mistakes.

    Args:
        values: the table.
        path: where it stands in the file (`profiles[2]`), empty for the file itself.
        mistakes: the list to which mistakes are added, shared by all tables of a file.
    """

    def __init__(self, values: Mapping[str, object], path: str, mistakes: list[str]) -> None:
        self._values = values
        self._path = path
        self._mistakes = mistakes
        self._known: set[str] = set()

    def __contains__(self, key: str) -> bool:
        self._known.add(key)
        return key in self._values

    def where(self, key: str) -> str:
        """Return the key with its path, as messages name it."""
        return f"{self._path}.{key}" if self._path else key

    def mistake(self, key: str, said: str) -> None:
        """Note a mistake at a key of this table."""
        self._mistakes.append(f"{self.where(key)}: {said}")

    def optional(self, key: str, kind: Kind[T]) -> T | None:
        """Return the key's value; None where it is absent or a mistake."""
        if key not in self:
            return None
        return self._read(self.where(key), self._values[key], kind)

    def required(self, key: str, kind: Kind[T], otherwise: T) -> T:
        """Return the key's value; `otherwise` where it is a mistake, absence being one."""
        if key not in self:
            self.mistake(key, f"missing; expected {kind.expected}")
        value = self.optional(key, kind)
        return otherwise if value is None else value

    def all(self, key: str, kind: Kind[T]) -> tuple[T, ...]:
        """Return the elements of an array; nothing where it is absent or empty."""
        values = self._array(key, f"an array, each element {kind.expected}")
        read = (self._read(f"{self.where(key)}[{i}]", each, kind) for i, each in enumerate(values))
        return tuple(each for each in read if each is not None)

    def everything(self, kind: Kind[T]) -> dict[str, T]:
        """Return all keys of this table, where the keys are the writer's own."""
        read = {key: self.optional(key, kind) for key in self._values}
        return {key: value for key, value in read.items() if value is not None}

    def table(self, key: str) -> "Table":
        """Return the table under a key; an empty one where it is absent or a mistake."""
        value = self._values[key] if key in self else {}
        return self._as_table(self.where(key), value)

    def tables(self, key: str) -> list["Table"]:
        """Return the tables of an array of tables, however TOML spells it."""
        values = self._array(key, f"tables: [[{self.where(key)}]]")
        return [self._as_table(f"{self.where(key)}[{i}]", each) for i, each in enumerate(values)]

    def finish(self) -> None:
        """Note every key that nothing has asked for. Its value is not shown: it may be a token."""
        for key in self._values:
            if key not in self._known:
                near = difflib.get_close_matches(key, sorted(self._known), n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {self._listed()}"
                self.mistake(key, f"unknown key; {hint}")

    def _listed(self) -> str:
        return ", ".join(sorted(self._known))

    def _read(self, where: str, value: object, kind: Kind[T]) -> T | None:
        try:
            return kind.read(value)
        except ValueError as error:
            # A reader that knows more than "not this kind" says it.
            why = f" ({error})" if str(error) else ""
            what = "(not shown)" if isinstance(error, Unshown) else shown(value)
            self._mistakes.append(f"{where}: {what}: expected {kind.expected}{why}")
            return None

    def _array(self, key: str, expected: str) -> Sequence[object]:
        value = self._values[key] if key in self else []
        if isinstance(value, list):
            return value
        self.mistake(key, f"{shown(value)}: expected {expected}")
        return []

    def _as_table(self, where: str, value: object) -> "Table":
        if not isinstance(value, dict):
            self._mistakes.append(f"{where}: {shown(value)}: expected a table")
            # Its keys are missing, but saying so for each would bury the one mistake.
            return Table({}, where, [])
        return Table(value, where, self._mistakes)


def shown(value: object) -> str:
    """Return a value as the file would write it, shortened, for a message."""
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
