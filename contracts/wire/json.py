"""JSON: values to bytes in any spelling, and strictly back (RFC 8259)."""

import json
import math
import re
import sys
from collections.abc import Callable, Mapping
from typing import Final, cast

from contracts.model import JsonValue, is_list
from contracts.wire.errors import MAX_DEPTH, NotWellFormed, Unencodable, check_size
from contracts.wire.spellings import PLAIN, Layout, Spelling, Text

MAX_DIGITS: Final = sys.int_info.default_max_str_digits
"""Digits of an integer at most: beyond them Python converts in quadratic time and refuses."""

# ------------------------------------------------------------------ to bytes


def encode(value: JsonValue, spelling: Spelling = PLAIN) -> bytes:
    """Write a value as JSON, in UTF-8.

    Raises:
        Unencodable: NaN, an infinity, a lone surrogate, a key that is no string, an
            integer of more than MAX_DIGITS digits, more than MAX_DEPTH nested levels.
    """
    try:
        body = text(value, spelling).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise Unencodable(f"JSON cannot carry the lone surrogate {half!a}") from None
    except RecursionError:
        raise Unencodable(f"nested deeper than {MAX_DEPTH}") from None
    except (TypeError, ValueError) as error:
        raise Unencodable(f"JSON cannot carry this: {error}") from error
    if not _is_shallow(body):
        raise Unencodable(f"nested deeper than {MAX_DEPTH}")
    return body


def text(value: JsonValue, spelling: Spelling = PLAIN) -> str:
    """Write a value as JSON text; errors are those of the json module."""
    if spelling == PLAIN:
        return _PLAIN_WRITER.encode(value)
    line = _LINES[spelling.layout]
    outside = line if spelling.layout == "spread" else ""
    return spelling.prolog + outside + _spelled(value, spelling, 0) + outside + spelling.ending


def _plainer(value: JsonValue) -> JsonValue:
    if isinstance(value, Mapping):
        return dict(value)
    if is_list(value):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


_PLAIN_WRITER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plainer
)

_LINES: Final[Mapping[Layout, str]] = {"compact": "", "indented": "\n", "spread": "\r\n\t"}
_STEPS: Final[Mapping[Layout, str]] = {"compact": "", "indented": "  ", "spread": " "}
_COLONS: Final[Mapping[Layout, str]] = {"compact": ":", "indented": ": ", "spread": "\t:\r\n "}
_COMMAS: Final[Mapping[Layout, str]] = {"compact": ",", "indented": ",", "spread": " \t,"}


def _units(characters: str) -> str:
    units = characters.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02X}{units[i + 1]:02X}" for i in range(0, len(units), 2))


def _non_ascii(characters: str) -> str:
    # With small hexadecimal digits, as most libraries write them; "every" has capital ones.
    quoted: str = _PLAIN_WRITER.encode(characters)
    return re.sub(r"[^\x00-\x7f]", lambda match: _units(match[0]).lower(), quoted)


_STRINGS: Final[Mapping[Text, Callable[[str], str]]] = {
    "least": _PLAIN_WRITER.encode,
    "non-ascii": _non_ascii,
    "every": lambda characters: f'"{_units(characters)}"',
    "solidus": lambda characters: _PLAIN_WRITER.encode(characters).replace("/", "\\/"),
}


def _spelled(value: JsonValue, spelling: Spelling, depth: int) -> str:
    if isinstance(value, str):
        return _STRINGS[spelling.text](value)
    if isinstance(value, Mapping):
        write_key, colon = _STRINGS[spelling.keys], _COLONS[spelling.layout]
        keys = reversed(list(value)) if spelling.order == "reversed" else value
        members = [
            f"{write_key(key)}{colon}{_spelled(value[key], spelling, depth + 1)}" for key in keys
        ]
        return _bracketed("{", members, "}", spelling.layout, depth)
    if is_list(value):
        elements = [_spelled(element, spelling, depth + 1) for element in value]
        return _bracketed("[", elements, "]", spelling.layout, depth)
    return _PLAIN_WRITER.encode(value)


def _bracketed(opening: str, parts: list[str], closing: str, layout: Layout, depth: int) -> str:
    if not parts:
        return opening + (_LINES[layout] if layout == "spread" else "") + closing
    line, step = _LINES[layout], _STEPS[layout]
    inner, outer = line + step * (depth + 1), line + step * depth
    return opening + inner + f"{_COMMAS[layout]}{inner}".join(parts) + outer + closing


# ------------------------------------------------------------------ and back


class _RefusedError(ValueError):
    """The json module would accept what RFC 8259 or this suite does not."""


def _distinct(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RefusedError
    return members


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _RefusedError
    return number


def _no_constant(_name: str) -> float:
    raise _RefusedError


_READER: Final = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_float=_finite, parse_constant=_no_constant
)


def decode(body: bytes) -> JsonValue:
    """Read JSON strictly: UTF-8 without a BOM, one value, each key once, finite numbers.

    Integers stay integers, of whatever size; `0.0` stays a float.

    Raises:
        NotWellFormed: anything else, with the byte where it breaks.
    """
    check_size(body)
    if body.startswith(b"\xef\xbb\xbf"):
        raise NotWellFormed("a byte order mark before the JSON", 0)
    try:
        characters = body.decode()
    except UnicodeDecodeError as error:
        raise NotWellFormed(f"not UTF-8: {error.reason}", error.start) from None
    if not _is_shallow(body) and (too_deep := _first_refused(body)):
        raise too_deep
    try:
        value = cast("JsonValue", _READER.decode(characters))
        if _SURROGATE_ESCAPE.search(body):
            _PLAIN_WRITER.encode(value).encode()
    except json.JSONDecodeError as error:
        offset = len(characters[: error.pos].encode())
        raise NotWellFormed(f"not JSON: {error.msg}", offset) from None
    except ValueError:
        raise _first_refused(body) or NotWellFormed("JSON that cannot be read", 0) from None
    return value


# An escape of a surrogate, be it one of a pair or alone; or something that looks like it.
_SURROGATE_ESCAPE: Final = re.compile(rb"\\u[dD][89a-fA-F]")

_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKET: Final = bytes(byte for byte in range(256) if byte not in b'[]{}"')


def _is_shallow(body: bytes) -> bool:
    """Whether the body is surely nested no deeper than MAX_DEPTH; False if it may be.

    Ten million bytes are too many for a loop in Python, so that whole layers are taken off
    at once: escapes, then all but quotes and brackets, strings, and innermost pairs.
    """
    rest = body.replace(rb"\\", b"").replace(rb"\"", b"") if b"\\" in body else body
    rest = rest.translate(_BRACKETS, _NO_BRACKET).replace(b'""', b"")
    if b'"' in rest:
        rest = re.sub(rb'"[^"]*"', b"", rest)
    if b"[" * (MAX_DEPTH + 1) in rest:
        return False
    for _ in range(MAX_DEPTH):
        if not rest:
            break
        rest = rest.replace(b"[]", b"")
    return not rest


# Possessive, and taking a string that is never closed as one, so that it stays linear.
_TOKEN: Final = re.compile(
    rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{},]|NaN|-?Infinity|-?[0-9][0-9.eE+-]*+',
    re.DOTALL,
)


def _first_refused(body: bytes) -> NotWellFormed | None:
    """Find the first token that is refused; slow, for bodies known to be bad or odd."""
    seen: list[set[str] | None] = []
    key_expected = False
    for token in _TOKEN.finditer(body):
        word, offset = token[0], token.start()
        if word in b"{[":
            seen.append(set() if word == b"{" else None)
            key_expected = word == b"{"
            if len(seen) > MAX_DEPTH:
                return NotWellFormed(f"nested deeper than {MAX_DEPTH}", offset)
        elif word in b"}]":
            seen = seen[:-1]
            key_expected = False
        elif word == b",":
            key_expected = bool(seen) and seen[-1] is not None
        elif reason := _word_refused(word, seen[-1] if key_expected else None):
            return NotWellFormed(reason, offset)
        else:
            key_expected = False
    return None


def _word_refused(word: bytes, keys: set[str] | None) -> str:
    """Say why a string or number is refused, "" if it is not; a key is added to `keys`."""
    if word[:1] == b'"':
        return _string_refused(word, keys)
    if word[-1:] in b"Ny":
        return f"{word.decode()} is no JSON number"
    if word.lstrip(b"-").isdigit():
        digits = len(word.lstrip(b"-"))
        return f"an integer of {digits} digits" if digits > MAX_DIGITS else ""
    try:
        return f"{word[:20].decode()} is beyond a float's range" if math.isinf(float(word)) else ""
    except ValueError:
        return ""


def _string_refused(word: bytes, keys: set[str] | None) -> str:
    if keys is None and b"\\" not in word:
        return ""  # a value without escapes holds no half of a pair
    try:
        key = json.loads(word)
    except ValueError:
        return ""  # the parser says it better
    try:
        key.encode()
    except UnicodeEncodeError:
        return "an escape of half a surrogate pair"
    if keys is None:
        return ""
    if key in keys:
        return f"the key {key!r} stands twice in one object"
    keys.add(key)
    return ""
