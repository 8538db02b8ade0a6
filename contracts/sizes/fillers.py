"""Items that find nobody: of every mode, short, usual or long, all of one width."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from contracts.matching import DEFAULT_MODE, MODES, ItemKey, Mode
from contracts.model import Format, Item, Params
from contracts.sizes.frames import items_of, written

Length = Literal["short", "usual", "long"]

BLOCK: Final = 1_000
"""Fillers that differ from each other; then they repeat, so that time and memory stay low."""


@dataclass(frozen=True, slots=True)
class Value:
    """How one value is made: `before`, a number of fixed width, `after`.

    Attributes:
        before: what stands before the number.
        digits: of the number.
        after: what stands behind the number.
        room: characters by which the value may grow, between number and `after`.
        padding: the character of which it grows.
    """

    before: str
    digits: int
    after: str = ""
    room: int = 0
    padding: str = "x"

    def text(self, number: int | str, extra: int = 0) -> str:
        """Write the value with this number, `extra` characters longer than it must be."""
        padding = self.padding * extra
        return f"{self.before}{number:0>{self.digits}}{padding}{self.after}"


_LABELS: Final = f"{'d' * 60}.{'d' * 60}.{'d' * 50}"

# No profile can have these values: .invalid is reserved (RFC 2606), the country code 999
# and the top-level domain xx are assigned to nobody, an ObjectId of second 0 was never made,
# and who makes one up for a test target does not make up this one.
# They stay plausible: a local part has at most 64 characters and an address 254 (RFC 5321),
# a phone 15 digits (E.164), an ObjectId exactly 24.
_VALUES: Final[Mapping[ItemKey, Mapping[Length, Value]]] = {
    "email": {
        "short": Value("", 3, "@q.xx", room=61),
        "usual": Value("nobody-", 8, "@nobody.invalid", room=49),
        "long": Value(f"nobody-{'x' * 20}", 8, f"@{_LABELS}.invalid", room=29),
    },
    "phone": {
        "short": Value("+999", 4, room=8, padding="0"),
        "usual": Value("+999", 8, room=4, padding="0"),
        "long": Value("+99900", 8, room=2, padding="0"),
    },
    "profile_id": dict.fromkeys(("short", "usual", "long"), Value("00000000c0ffee5e", 8)),
    "subscription_id": {
        "short": Value("~", 3, room=200),
        "usual": Value("nobody-", 8, room=200),
        "long": Value(f"nobody-{'x' * 150}", 8, room=200),
    },
    "field_value": {
        "short": Value("~", 3, room=200),
        "usual": Value("nobody-", 8, room=200),
        "long": Value(f"nobody-{'x' * 150}", 8, room=200),
    },
}

_PROVIDERS: Final[Mapping[Length, str]] = {
    "short": "ios-apns",
    "usual": "android-firebase",
    "long": "android-firebase",
}


def filler_item(mode: str, number: int) -> Item:
    """Make a well-formed item that finds nobody.

    Args:
        mode: a name in MODES.
        number: from 0 to 99,999,999; each gives another item.

    Raises:
        ValueError: the number does not fit.
    """
    if not 0 <= number < 10**8:
        raise ValueError(f"filler {number} does not fit eight digits")
    return _item(MODES[mode], "usual", number, _beside({}, MODES[mode], "usual"))


def _item(mode: Mode, length: Length, number: int | str, beside: Item, extra: int = 0) -> Item:
    key = _key(mode)
    return {**beside, key: _VALUES[key][length].text(number, extra)}


def _beside(params: Params, mode: Mode, length: Length) -> Item:
    """What stands beside the value in each item, where the request has it there.

    `provider`, unless one at the top is that of all items; `field_name`, where the request's
    own items have one.
    """
    if "provider" in mode.keys:
        return {} if "provider" in params else {"provider": _PROVIDERS[length]}
    named = [item for item in items_of(params) if "field_name" in item] if mode.field_name else ()
    return {"field_name": named[0]["field_name"]} if named else {}


def _key(mode: Mode) -> ItemKey:
    return next(key for key in mode.keys if key != "provider")


@dataclass(frozen=True, slots=True)
class Fillers:
    """The fillers of one mode, length and format, written.

    Attributes:
        beside: what each has beside its value.
        block: BLOCK fillers, a separator behind each.
        width: bytes of one filler with its separator.
        room: bytes by which one filler may grow; 0: it must not.
    """

    mode: Mode
    length: Length
    fmt: Format
    beside: Item
    block: bytes
    width: int
    room: int

    def item(self, number: int, extra: int = 0) -> Item:
        """Give one filler, `extra` characters longer than it must be."""
        return _item(self.mode, self.length, number, self.beside, extra)

    def run(self, start: int, stop: int) -> list[bytes]:
        """Give the fillers from index `start` to before `stop`, in pieces of whole blocks."""
        first, last = start * self.width, stop * self.width
        size = len(self.block)
        if first >= last:
            return []
        if first // size == (last - 1) // size:
            return [self.block[first % size : (last - 1) % size + 1]]
        whole = last // size - -(-first // size)
        return [
            *([self.block[first % size :]] if first % size else []),
            *[self.block] * whole,
            *([self.block[: last % size]] if last % size else []),
        ]

    def grown(self, extra: int) -> list[bytes]:
        """Give the fewest fillers that can be `extra` bytes longer, together."""
        shares = [self.room] * (extra // self.room) + [extra % self.room]
        return [written(self.item(number, share), self.fmt) for number, share in enumerate(shares)]

    @property
    def growers(self) -> int:
        """The number of fillers that can take up whatever does not fill a whole one."""
        return (self.width - 1) // self.room + 1 if self.room else 0


def fillers(params: Params, fmt: Format, length: Length) -> Fillers:
    """Write a block of fillers of the request's mode, email where it has none that exists."""
    name = params.get("matching")
    mode = MODES.get(name, DEFAULT_MODE) if isinstance(name, str) else DEFAULT_MODE
    value = _VALUES[_key(mode)][length]
    mark = "\ue000" * value.digits
    beside = _beside(params, mode, length)
    before, after = written(_item(mode, length, mark, beside), fmt).decode().split(mark)
    block = "".join(
        [f"{before}{number:0{value.digits}}{after}" for number in range(BLOCK)]
    ).encode()
    return Fillers(mode, length, fmt, beside, block, len(block) // BLOCK, value.room)
