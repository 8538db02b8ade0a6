"""Reads and writes answers for the mutations: with code of its own, not the suite's.

Both formats come as one shape: `error` an int, `result` a list of dicts, all else as it stands.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, cast
from xml.etree import ElementTree as ET

Fields = dict[str, object]

TOO_LARGE: Final = "http: request body too large"


@dataclass(frozen=True, slots=True)
class Document:
    """An answer's body, read.

    Attributes:
        format: what it is written in.
        fields: name -> value, in the order in which they stand.
    """

    format: Literal["json", "xml"]
    fields: Fields

    @property
    def kind(self) -> str:
        """What it says: `success`, `limit` (the over-limit answer) or `error`."""
        if self.fields["error"] == 0:
            return "success"
        return "limit" if self.fields.get("error_debug") == TOO_LARGE else "error"

    @property
    def profiles(self) -> list[Fields]:
        """The entries of `result` that name one; none where it is null, absent or no list."""
        result = self.fields.get("result")
        found = cast("list[object]", result) if isinstance(result, list) else []
        return [cast("Fields", one) for one in found if isinstance(one, dict) and _names(one)]

    @property
    def ids(self) -> list[str]:
        """The ids in `result`."""
        return [str(profile["profile_id"]) for profile in self.profiles]

    def with_fields(self, fields: Fields) -> bytes:
        """The body with other fields."""
        return json_text(fields).encode() if self.format == "json" else xml_text(fields).encode()


def _names(entry: object) -> bool:
    return "profile_id" in cast("Fields", entry)


def read(body: bytes) -> Document | None:
    """The body as a document; None where it is no answer of the endpoint's."""
    try:
        if body.lstrip().startswith(b"<"):
            root = ET.fromstring(body)  # noqa: S314 - the answer of a server under test
            if root.tag != "xml":
                return None
            found = Document("xml", _answer(root))
        else:
            value = json.loads(body)
            if not isinstance(value, dict):
                return None
            found = Document("json", value)
    except (ValueError, ET.ParseError):
        return None
    error = found.fields.get("error")
    return found if isinstance(error, int) and not isinstance(error, bool) else None


def _answer(root: ET.Element) -> Fields:
    fields = cast("Fields", _tree(root) or {})
    if str(fields.get("error", "")).isdecimal():
        fields["error"] = int(str(fields["error"]))
    if "result" in fields:
        result = fields["result"]
        entries = cast("list[object]", result) if isinstance(result, list) else [result]
        fields["result"] = [one for one in entries if isinstance(one, dict)]
    return fields


def _tree(element: ET.Element) -> object:
    if not len(element):
        return element.text or ""
    fields: dict[str, list[object]] = {}
    for child in element:
        fields.setdefault(child.tag, []).append(_tree(child))
    return {name: found[0] if len(found) == 1 else found for name, found in fields.items()}


# ------------------------------------------------------------------ and back


def json_text(fields: object) -> str:
    """JSON without white space."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def escaped(text: str) -> str:
    """A text in XML, escaped where it must be."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def xml_text(
    fields: Fields, text: Callable[[str], str] = escaped, between: str = "", root: str = "xml"
) -> str:
    """XML; `text` writes the texts, `between` stands before each tag that follows a tag."""
    return f"<{root}>{_children(fields, text, between)}{between}</{root}>"


def _children(fields: Fields, text: Callable[[str], str], between: str) -> str:
    return "".join(
        between + _element(name, one, text, between)
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    )


def _element(name: str, value: object, text: Callable[[str], str], between: str) -> str:
    if value is None:
        return f"<{name}/>"
    if isinstance(value, dict):
        return f"<{name}>{_children(cast('Fields', value), text, between)}{between}</{name}>"
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{text(said)}</{name}>"


JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
