"""XML: parameters to bytes in any spelling (XML 1.0, the shape of the page's examples).

The root is `xml`, each parameter a child, a list the same element repeated, an object
nested elements. XML has neither types nor empty lists: what comes back is `as_text`.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias
from xml.parsers import expat

from contracts.model import JsonValue, Params, is_list
from contracts.wire.errors import MAX_DEPTH, Unencodable
from contracts.wire.spellings import PLAIN, Layout, Spelling, Text

ROOT: Final = "xml"

Tree: TypeAlias = "str | dict[str, Tree] | list[Tree]"
"""What XML carries: text, named elements, and elements of one name."""


def encode(params: Params, spelling: Spelling = PLAIN) -> bytes:
    """Write a request as XML, in UTF-8.

    Raises:
        Unencodable: None, a list in a list, a key that is no XML name, a character that
            XML 1.0 does not have, NaN, an infinity, more than MAX_DEPTH nested elements.
    """
    body = "".join((spelling.prolog, *_written(ROOT, params, spelling, 1, ""), *_end(spelling)))
    return body.encode()


def elements(name: str, value: JsonValue) -> str:
    """Write one parameter plainly: no element for an empty list, one for each of a list's.

    Raises:
        Unencodable: as `encode`.
    """
    return "".join(_members({name: value}, PLAIN, 2))


_LINES: Final[Mapping[Layout, str]] = {"compact": "", "indented": "\n", "spread": "\r\n"}
_STEPS: Final[Mapping[Layout, str]] = {"compact": "", "indented": "  ", "spread": "\t"}
_IN_TAGS: Final[Mapping[Layout, str]] = {"compact": "", "indented": "", "spread": " \n"}
_BEFORE_ATTRIBUTES: Final[Mapping[Layout, str]] = {
    "compact": " ", "indented": " ", "spread": "\n\t"
}  # fmt: skip
_EQUALS: Final[Mapping[Layout, str]] = {"compact": "=", "indented": "=", "spread": " =\n"}

_COMMENT: Final = "<!-- <data><email>nobody@nobody.invalid</email></data> & ]]> -->"
"""A comment that a reader without a parser takes for an item."""


def _written(
    name: str, value: JsonValue, spelling: Spelling, depth: int, attribute: str
) -> Iterator[str]:
    """Write one element; `depth` is its own, 1 for the root."""
    if depth > MAX_DEPTH:
        raise Unencodable(f"nested deeper than {MAX_DEPTH}")
    if not _is_name(name):
        raise Unencodable(f"{name!a} is no XML name")
    inside = _IN_TAGS[spelling.layout]
    if isinstance(value, Mapping):
        content = "".join(_members(value, spelling, depth + 1))
        content += _between(spelling, depth - 1) if content else ""
    else:
        content = _TEXTS[spelling.text](_possible(scalar(value)))
    if not content and spelling.empty == "tag":
        yield f"<{name}{attribute}{inside}/>"
    else:
        yield f"<{name}{attribute}{inside}>{content}</{name}{inside}>"


def _members(value: Mapping[str, JsonValue], spelling: Spelling, depth: int) -> Iterator[str]:
    keys = reversed(list(value)) if spelling.order == "reversed" else value
    before, equals = _BEFORE_ATTRIBUTES[spelling.layout], _EQUALS[spelling.layout]
    for key in keys:
        member = value[key]
        if not is_list(member):
            yield _between(spelling, depth - 1)
            yield from _written(key, member, spelling, depth, "")
            continue
        marked = len(member) == 1 or spelling.arrays == "all"
        for element in member:
            if is_list(element):
                raise Unencodable(f"XML cannot carry the list in the list {key!a}")
            yield _between(spelling, depth - 1)
            mark = f"{before}array{equals}{spelling.quotes}true{spelling.quotes}" if marked else ""
            yield from _written(key, element, spelling, depth, mark)


def _between(spelling: Spelling, depth: int) -> str:
    """What stands before a tag that stands `depth` levels in."""
    line = _LINES[spelling.layout] + _STEPS[spelling.layout] * depth
    return f"{line}{_COMMENT}{line}" if spelling.comments else line


def _end(spelling: Spelling) -> tuple[str, ...]:
    comment = _COMMENT if spelling.comments else ""
    return _LINES[spelling.layout], comment, spelling.ending


def scalar(value: JsonValue) -> str:
    """Give the text that stands for a scalar.

    Raises:
        Unencodable: None, NaN, an infinity, an integer of too many digits, anything else.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        try:
            return repr(value)
        except ValueError as error:
            raise Unencodable(f"not written: {error}") from error
    raise Unencodable(f"XML cannot carry {value!a}")


def as_text(params: Params) -> dict[str, Tree]:
    """Give what `decode(encode(params))` gives back: the same with every scalar as text.

    An empty list leaves no trace, and an empty object is an empty text.

    Raises:
        Unencodable: a scalar that XML cannot carry; names and characters are not looked at.
    """
    return {key: _as_text(value) for key, value in params.items() if not is_list(value) or value}


def _as_text(value: JsonValue) -> Tree:
    if isinstance(value, Mapping):
        return as_text(value) or ""
    if is_list(value):
        return [_as_text(element) for element in value]
    return scalar(value)


_IMPOSSIBLE: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _possible(characters: str) -> str:
    if found := _IMPOSSIBLE.search(characters):
        raise Unencodable(f"XML 1.0 has no character {found[0]!a}")
    return characters


@lru_cache(maxsize=1024)
def _is_name(name: str) -> bool:
    """Whether expat reads `name` as a name, without a colon: that would be a namespace."""
    found: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda tag, _attributes: found.append(tag)
    try:
        parser.Parse(f"<{name}/>".encode(), True)  # noqa: FBT003 - expat's own signature
    except (expat.ExpatError, UnicodeEncodeError):
        return False
    return found == [name] and ":" not in name


def _escaped(characters: str) -> str:
    # ">" because of "]]>"; a bare carriage return would come back as a line feed.
    for character, reference in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        characters = characters.replace(character, reference)
    return characters


def _bare(characters: str) -> str:
    return _escaped(characters).replace("&gt;", ">").replace("]]>", "]]&gt;")


def _mixed(characters: str) -> str:
    third = len(characters) // 3
    rest = len(characters) - third
    first, middle, last = characters[:third], characters[third:rest], characters[rest:]
    return _escaped(first) + _cdata(middle) + _escaped(last)


def _named(characters: str) -> str:
    return _escaped(characters).replace('"', "&quot;").replace("'", "&apos;")


def _cdata(characters: str) -> str:
    inside = characters.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"<![CDATA[{inside}]]>"


def _hexadecimal(characters: str) -> str:
    """In turn with capital and with small digits: a reader has to take both."""
    codes = (f"{ord(one):{'Xx'[place % 2]}}" for place, one in enumerate(characters))
    return "".join(f"&#x{code};" for code in codes)


_TEXTS: Final[Mapping[Text, Callable[[str], str]]] = {
    "least": _escaped,
    "bare": _bare,
    "mixed": _mixed,
    "named": _named,
    "non-ascii": lambda characters: (
        _escaped(characters).encode("ascii", "xmlcharrefreplace").decode()
    ),
    "every": _hexadecimal,
    "cdata": _cdata,
}
