"""A token that cannot be printed by accident, and its removal from text in every spelling.

A request spells its token in many ways (escapes, character references, CDATA), and a
report quotes requests and answers. So the token is looked for character by character,
each in any of its spellings, and not as one string.

Redact first, shorten afterwards: half a token is no longer recognised.
"""

import base64
import re
from functools import lru_cache
from html.entities import codepoint2name
from typing import Final
from urllib.parse import quote

MASK: Final = "***"

# What may stand between two characters of a token without changing its meaning: the seam of
# two CDATA sections, a comment, and the zero bytes of UTF-16.
_SEAM: Final = r"(?:\x00|\]\]>|<!\[CDATA\[|<!--.{0,200}?-->)*"

# A printed string is escaped once more, and a report may print a printed string. Bounded, or
# a text of backslashes alone would take quadratic time.
_BACKSLASHES: Final = r"\\{0,8}"

_MARKS: Final = ("\\", "%", "&", "\0", "]]>", "<!")
"""One of these stands in every spelling but the token as it is and an encoding of all of it."""

_LEAST_BASE64: Final = 6
"""A shorter token has so short a core in base64 that unrelated text would be masked."""


class Secret:
    """A token: printed, formatted or logged it is `***`; only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the token itself, for the wire and for nothing that is written down."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def redact(text: str, token: Secret | str) -> str:
    """Return `text` with the token, in whatever spelling, replaced by `***`."""
    value = token.reveal() if isinstance(token, Secret) else token
    return spellings(value).sub(MASK, text) if value and _may_hold(text, value) else text


def holds(text: str, token: str) -> bool:
    """Return whether `text` holds the token, in whatever spelling."""
    return _may_hold(text, token) and spellings(token).search(text) is not None


@lru_cache(maxsize=16)
def spellings(token: str) -> re.Pattern[str]:
    """Return a pattern of all spellings of a token: plain, escaped, or encoded.

    It also finds the token in bytes that were decoded as Latin-1, which any bytes can be.
    """
    # The longest first, or a part of what a longer one matches would stay.
    encoded = (re.escape(each) for each in sorted(_encodings(token), key=len, reverse=True))
    by_character = _SEAM.join(_spelled(character) for character in token)
    return re.compile("|".join((by_character, *encoded)), re.DOTALL)


def _may_hold(text: str, token: str) -> bool:
    """Return false for most texts that hold no spelling of the token, and for none that do."""
    return any(mark in text for mark in _MARKS) or any(each in text for each in _unmarked(token))


@lru_cache(maxsize=16)
def _unmarked(token: str) -> frozenset[str]:
    """Return all spellings that bear no mark: as in text, in bytes, in a form, or encoded."""
    in_bytes = token.encode("utf-8", "surrogatepass").decode("latin-1")
    return _encodings(token) | {token, in_bytes, token.replace(" ", "+")}


def _spelled(character: str) -> str:
    """Return the pattern of one character in all its spellings."""
    code = ord(character)
    utf8 = character.encode("utf-8", "surrogatepass")
    utf16 = character.encode("utf-16-be", "surrogatepass")
    units = [int.from_bytes(utf16[i : i + 2], "big") for i in range(0, len(utf16), 2)]
    plain = (
        re.escape(character) if character.isalnum() else rf"{_BACKSLASHES}{re.escape(character)}"
    )
    ways = [
        plain,
        "".join(rf"\\{_BACKSLASHES}u{_any_case(f'{unit:04x}')}" for unit in units),
        "".join(rf"\\{_BACKSLASHES}x{_any_case(f'{byte:02x}')}" for byte in utf8),
        "".join(f"%(?:25)*{_any_case(f'{byte:02x}')}" for byte in utf8),
        rf"\\{_BACKSLASHES}U{_any_case(f'{code:08x}')}",
        rf"&(?:amp;)*#0{{0,8}}{code};",
        rf"&(?:amp;)*#[xX]0{{0,8}}{_any_case(f'{code:x}')};",
    ]
    if len(utf8) > 1:
        ways.append(re.escape(utf8.decode("latin-1")))
    names = {"'": "apos", '"': "quot"}
    if name := codepoint2name.get(code) or names.get(character):
        ways.append(f"&(?:amp;)*{name};")
    if character == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(ways)})"


def _any_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _encodings(token: str) -> frozenset[str]:
    """Return what a token looks like inside base64 and hexadecimal text."""
    data = token.encode("utf-8", "surrogatepass")
    found = {data.hex(), data.hex().upper()}
    if len(data) >= _LEAST_BASE64:
        alone = base64.b64encode(data).decode("ascii").rstrip("=")
        found |= {alone, alone.replace("+", "-").replace("/", "_"), quote(alone, safe="")}
        for before in range(3):
            text = base64.b64encode(b"\0" * before + data).decode("ascii")
            # The first and the last character also hold bits of the neighbours.
            whole = text[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
            found |= {whole, whole.replace("+", "-").replace("/", "_"), quote(whole, safe="")}
    return frozenset(found)
