"""Values that differ from a known one by little: what a whole-value search does not find."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from contracts.matching import Place
from contracts.model import Item
from tests.asking.oracle import Identifier

MOST_IN_THREE_BYTES: Final = 0xFFFF

Change = Callable[[str], str]


# Only letters that have a character of their own with the mark: й and ё of the Cyrillic ones.
_ACUTE: Final = dict(zip("aeiou\u0430\u0435\u0438\u043e", "áéíóúӑёйӧ", strict=True))


def _next_digit(character: str) -> str:
    """Another digit, of the same kind: decimal for 0-9, hexadecimal for a-f."""
    return {"9": "8", "f": "e"}.get(character, chr(ord(character) + 1))


def _next(character: str) -> str:
    """Another character of the same kind, so that a well-formed value stays well-formed."""
    if character.isascii() and (character.isdigit() or character in "abcdef"):
        return _next_digit(character)
    return "b" if character == "a" else "a"


def _in_local_part(change: Change) -> Change:
    def changed(address: str) -> str:
        local, at, domain = address.partition("@")
        return change(local) + at + domain

    return changed


def _last_changed(text: str) -> str:
    return text[:-1] + _next(text[-1])


def _first_changed(text: str) -> str:
    return _next(text[0]) + text[1:]


def _middle_changed(text: str) -> str:
    middle = len(text) // 2
    return text[:middle] + _next(text[middle]) + text[middle + 1 :]


def _one_more(text: str) -> str:
    return text + text[-1]


def _one_fewer(text: str) -> str:
    return text[:-1] if len(text) > 2 else text + "x"


def _prefixed(text: str) -> str:
    return "x" + text


def _without_first(text: str) -> str:
    return text[1:] if len(text) > 2 else text + "y"


def _as_wildcard(text: str) -> str:
    """A character of SQL's patterns, which an address may hold, in place of another."""
    return text[:-1] + "_"


def _as_pattern(text: str) -> str:
    return text[: len(text) // 2 + 1] + "%"


def _dotted(text: str) -> str:
    """A regular expression that the known value would match."""
    middle = len(text) // 2
    return text[:middle] + "." + text[middle + 1 :]


def _dot_changed(text: str) -> str:
    """A dot is any character only in a regular expression."""
    return text.replace(".", "x", 1) if "." in text else _as_wildcard(text)


def _percent_encoded(text: str) -> str:
    """What a server finds that decodes once too often; so the next ones."""
    return f"%{ord(text[0]):02X}{text[1:]}" if text[0].isascii() else f"{text}%20"


def _as_reference(text: str) -> str:
    return f"&#{ord(text[0])};{text[1:]}"


def _as_named_reference(text: str) -> str:
    return text.replace("&", "&amp;")


def _as_escape(text: str) -> str:
    return f"\\u{ord(text[0]):04x}{text[1:]}"


_OTHER_PUNCTUATION: Final = str.maketrans("-_+&'/=:", "_-&'+:-/")
_WITHOUT_PUNCTUATION: Final = str.maketrans("", "", "-_+&'/=: ")


def _punctuation_changed(text: str) -> str:
    """Other characters between the letters, which a search index may pass over."""
    return text.translate(_OTHER_PUNCTUATION)


def _punctuation_dropped(text: str) -> str:
    return text.translate(_WITHOUT_PUNCTUATION)


def _one_dot_more(text: str) -> str:
    """Dots count: there are mail services, not this platform, that pass over them."""
    return f"{text[:1]}.{text[1:]}" if len(text) > 1 else f"{text}.{text}"


def _tagged(text: str) -> str:
    """What stands behind a plus sign counts: the same."""
    return f"{text}+tag"


def _spaced(text: str) -> str:
    """Spaces count; where there is none inside, one is made."""
    middle = len(text) // 2
    return text.replace(" ", "  ", 1) if " " in text else f"{text[:middle]} {text[middle:]}"


def _line_before(text: str) -> str:
    """Two lines: where ^ and $ are the ends of a line, the second one is the known value."""
    return f"x\n{text}"


def _line_after(text: str) -> str:
    return f"{text}\nx"


def _four_bytes_changed(text: str) -> str:
    """Another character beyond three bytes, which some databases hold for the same."""
    return "".join(chr(ord(one) ^ 1) if ord(one) > MOST_IN_THREE_BYTES else one for one in text)


def _marks_changed(text: str) -> str:
    """Other letters, without their marks or with one, which some databases hold for the same."""
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(one for one in parts if not unicodedata.combining(one))
    vowel = re.search("[aeiou\u0430\u0435\u0438\u043e]", text)
    if bare != text or vowel is None:
        return bare
    return text[: vowel.start()] + _ACUTE[vowel[0]] + text[vowel.end() :]


def _country_changed(phone: str) -> str:
    """The same digits in another country; not 8 for 7, which is the same one's prefix."""
    first = len(phone) - len(phone.lstrip("+"))
    return phone[:first] + ("2" if phone[first] == "1" else "1") + phone[first + 1 :]


def _shorter_domain(address: str) -> str:
    """The address without its last character, where what is left still ends like a domain."""
    last_label = address.rpartition(".")[2]
    return address[:-1] if len(last_label) > 2 else _last_changed(address)


_SAME_LENGTH: Final = (_last_changed, _first_changed, _middle_changed)
_LONGER_OR_SHORTER: Final = (_one_more, _one_fewer, _prefixed, _without_first)
_PATTERNS: Final = (_as_wildcard, _as_pattern, _dotted, _dot_changed)

_LINES: Final = (_line_before, _line_after)

_LIKE: Final = (_four_bytes_changed, _marks_changed, _punctuation_changed, _punctuation_dropped)

_DECODED: Final = (_percent_encoded, _as_reference, _as_named_reference, _as_escape)

_ADDRESS: Final = (
    *map(_in_local_part, (*_SAME_LENGTH, *_LONGER_OR_SHORTER, *_PATTERNS, *_DECODED, *_LIKE)),
    *map(_in_local_part, (_one_dot_more, _tagged)),
    _last_changed,
    _one_more,
    _shorter_domain,
    *_LINES,
)
_PHONE: Final = (_last_changed, _middle_changed, _country_changed, _one_more, _one_fewer)
_TEXT: Final = (
    *_SAME_LENGTH, *_LONGER_OR_SHORTER, *_PATTERNS, *_DECODED, _spaced, *_LINES, *_LIKE
)  # fmt: skip

CHANGES: Final[dict[Place, tuple[Change, ...]]] = {
    "email": _ADDRESS,
    "email_subs": _ADDRESS,
    "phones": _PHONE,
    "phone_subs": _PHONE,
    # Of another length it is no identifier at all, which a server may refuse.
    "profile_id": (
        *_SAME_LENGTH,
        _one_more,
        _one_fewer,
        _without_first,
        _as_pattern,
        _dotted,
        *_LINES,
    ),
    "push_subs": (*_TEXT, str.swapcase),
    "custom": _TEXT,
    "custom_subs": _TEXT,
}

MOST_KINDS: Final = max(map(len, CHANGES.values()))


def of(identifier: Identifier, kind: int) -> Item | None:
    """The neighbour of one known value by the `kind`-th change of its place, if there is one.

    It is well-formed, but may be odd enough (a number of another country, a per cent sign in an
    address) for a strict server to refuse it; it may be a known value itself.
    """
    key, value = list(identifier.item.items())[-1]
    changes = CHANGES[identifier.place]
    if isinstance(value, int):
        near = (value + 1, value - 1, value * 10 or 10, f"{value}x")
        return {**identifier.item, key: near[kind]} if kind < len(near) else None
    if isinstance(value, str) and len(value) > 1 and kind < len(changes):
        changed = changes[kind](value)
        # Not each value has a mark or a character of four bytes to change.
        return {**identifier.item, key: changed} if changed != value else None
    return None
