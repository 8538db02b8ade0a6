"""An answer as bytes, in JSON and in XML."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from xml.sax.saxutils import escape

import msgspec

from contracts.model import OVER_LIMIT, Format
from endpoint.mock.behaviour import Behaviour
from endpoint.mock.model import DIGITS, Answer, Block, Found, Refused
from endpoint.mock.population import ID_PREFIX, identifiers

MEDIA_TYPES: Final[Mapping[str, Mapping[Format, str]]] = {
    "application": {"json": "application/json", "xml": "application/xml"},
    "text": {"json": "text/json; charset=utf-8", "xml": "text/xml; charset=utf-8"},
    "plain": {"json": "text/plain; charset=utf-8", "xml": "text/plain; charset=utf-8"},
}

PROLOG: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'

OWN_WORDS: Final = "Malformed or forbidden: see the manual <chapter 4 & 5>"

PLAIN_ID: Final = re.compile(r"[0-9A-Za-z_.-]*", re.ASCII)


def over_limit() -> Refused:
    """The documented answer to a body over the limit."""
    return Refused(
        int(OVER_LIMIT["error"]), str(OVER_LIMIT["error_text"]), str(OVER_LIMIT["error_debug"])
    )


def write(answer: Answer, behaviour: Behaviour) -> bytes:
    """The bytes of an answer."""
    members: list[tuple[str, int | str | Found]] = [("error", answer.error)]
    if answer.debug:
        members.append(("error_debug", answer.debug))
    members.append(("error_text", answer.text))
    if answer.result is not None:
        members.append(("result", answer.result))
    if answer.extra:
        members.extend(answer.extra.items())
    if behaviour.extra_keys:
        members.append(("elapsed", 0))
        members.append(("version", "72"))
    if behaviour.keys == "reversed":
        members.reverse()
    return (_json if answer.format == "json" else _xml)(members, behaviour)


def _json(members: list[tuple[str, int | str | Found]], behaviour: Behaviour) -> bytes:
    line, indent = (b"\n  ", b" ") if behaviour.pretty else (b"", b"")
    parts: list[bytes | memoryview] = []
    for name, value in members:
        parts.append(b'%s%s"%s":%s' % (b"," if parts else b"{", line, name.encode(), indent))
        if isinstance(value, (list, Block)):
            parts += _json_result(value, behaviour)
        elif isinstance(value, str) and behaviour.escapes:
            parts.append(b'"' + "".join(_escaped(char) for char in value).encode() + b'"')
        else:
            parts.append(msgspec.json.encode(value))
    parts.append(b"\n}\n" if behaviour.pretty else b"}")
    # A result may be 10 MB: it is copied once, here.
    return b"".join(parts)


def _escaped(char: str) -> str:
    """A character as JSON's escape: another spelling of the same text."""
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _json_result(found: Found, behaviour: Behaviour) -> list[bytes | memoryview]:
    if not found:
        return [b"null" if behaviour.empty == "null" else b"[]"]
    left, right = b'{"profile_id":"', b'"}'
    if behaviour.pretty:
        left, right = b'\n    {\n      "profile_id": "', b'"\n    }'
    if behaviour.extra_item_keys:
        right = b'","status":"sent' + right
    records = _records(found, left, right + b",", _json_text)
    return [b"[", memoryview(records)[:-1], b"]"]


def _json_text(text: str) -> str:
    return msgspec.json.encode(text).decode()[1:-1]


def _xml(members: list[tuple[str, int | str | Found]], behaviour: Behaviour) -> bytes:
    line = b"\n  " if behaviour.pretty else b""
    parts: list[bytes | bytearray] = [PROLOG if behaviour.prolog else b"", b"<xml>"]
    for name, value in members:
        tag = name.encode()
        if isinstance(value, (list, Block)):
            left, right = b"<result><profile_id>", b"</profile_id></result>"
            if behaviour.pretty:
                left = b"\n  <result>\n    <profile_id>"
                right = b"</profile_id>\n  </result>"
            if behaviour.extra_item_keys:
                right = right.replace(b"</result>", b"<status>sent</status></result>")
            parts.append(_records(value, left, right, escape))
            if not value and behaviour.empty_element:
                parts.append(line + b"<result/>")
            continue
        text = escape(str(value))
        if isinstance(value, str) and behaviour.escapes:
            text = f"<![CDATA[{value}]]>"
        parts.append(b"%s<%s>%s</%s>" % (line, tag, text.encode(), tag))
    parts.append(b"\n</xml>\n" if behaviour.pretty else b"</xml>")
    return b"".join(parts)


def _records(
    found: Found, left: bytes, right: bytes, escaped: Callable[[str], str]
) -> bytes | bytearray:
    """Each profile id between two pieces of text.

    A block's records are of one width: they are made by repeating one of them, and the
    digits are copied into their columns, eight copies for any number of profiles.
    """
    if isinstance(found, Block):
        head = left + ID_PREFIX.encode()
        record = head + b"0" * DIGITS + right
        records = bytearray(record) * len(found)
        for place in range(DIGITS):
            records[len(head) + place :: len(record)] = found.digits[place::DIGITS]
        return records
    ids = identifiers(found)
    if not ids:
        return b""
    if not PLAIN_ID.fullmatch("".join(ids)):
        ids = [escaped(profile_id) for profile_id in ids]
    return left + (right + left).decode().join(ids).encode() + right
