"""One meaning, many spellings: the ways in which the same request may be written.

RFC 8259 (JSON) and XML 1.0 say that each of these means the same as the plain one. A
field says what a spelling changes; a field of the other format is left at its default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from contracts.model import Format

Order = Literal["given", "reversed"]
"""Of the keys of every object; elements of a list keep theirs."""

Layout = Literal["compact", "indented", "spread"]
"""White space between tokens; `spread`: tabs and CRLF wherever they may stand, also in tags."""

Text = Literal[
    "least",  # escapes only what must be
    "non-ascii",  # JSON: \u escapes, XML: decimal character references
    "every",  # each character, also ASCII: JSON: \u escapes, XML: hexadecimal references
    "solidus",  # JSON: \/
    "bare",  # XML: a greater-than sign as it is, but in "]]>"
    "cdata",  # XML: CDATA sections
    "mixed",  # XML: text, a CDATA section and text again within one value
    "named",  # XML: the five predefined entities wherever one serves
]

Empty = Literal["pair", "tag"]
"""An element without content: `<a></a>` or `<a/>`."""

Arrays = Literal["one", "all"]
"""Which list elements bear array='true': those of a list of one, or all."""

Quotes = Literal["'", '"']


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write the same meaning.

    Attributes:
        name: for a test's id and for the report.
        order: of the keys of every object.
        layout: white space between tokens.
        text: how the characters of values are written.
        keys: how the characters of keys are written (JSON).
        prolog: what stands before the root (XML), or the value (JSON: white space alone).
        comments: whether comments stand between the elements (XML).
        empty: how an element without content is written (XML).
        arrays: which elements bear array='true' (XML).
        quotes: around the value of that attribute (XML).
        ending: white space behind it all.
    """

    name: str
    order: Order = "given"
    layout: Layout = "compact"
    text: Text = "least"
    keys: Text = "least"
    prolog: str = ""
    comments: bool = False
    empty: Empty = "pair"
    arrays: Arrays = "one"
    quotes: Quotes = "'"
    ending: str = ""


PLAIN: Final = Spelling("plain")

SPELLINGS: Final[Mapping[Format, tuple[Spelling, ...]]] = {
    "json": (
        Spelling("reversed keys", order="reversed"),
        Spelling("indented", layout="indented"),
        Spelling("spread white space", layout="spread"),
        Spelling("non-ASCII escaped", text="non-ascii", keys="non-ascii"),
        Spelling("values escaped", text="every"),
        Spelling("keys escaped", keys="every"),
        Spelling("a line break first", prolog="\n"),
        Spelling("a line break last", ending="\n"),
        Spelling("solidus escaped", text="solidus", keys="solidus"),
        Spelling("everything at once", "reversed", "spread", text="every", keys="every"),
    ),
    "xml": (
        Spelling("prolog", prolog='<?xml version="1.0" encoding="UTF-8"?>\n'),
        Spelling(
            "prolog standalone",
            prolog="<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
        ),
        Spelling("prolog without encoding", prolog='<?xml version="1.0"?>'),
        Spelling("a line break first", prolog="\n"),
        Spelling("a line break last", ending="\n"),
        Spelling("reversed parameters", order="reversed"),
        Spelling("indented", layout="indented"),
        Spelling("white space in tags", layout="spread"),
        Spelling("comments", comments=True),
        Spelling("CDATA", text="cdata"),
        Spelling("CDATA within text", text="mixed"),
        Spelling("greater-than signs bare", text="bare"),
        Spelling("named references", text="named"),
        Spelling("decimal references", text="non-ascii"),
        Spelling("hexadecimal references", text="every"),
        Spelling("empty-element tags", empty="tag"),
        Spelling("array on all", arrays="all"),
        Spelling("double quotes", arrays="all", quotes='"'),
        Spelling(
            "everything at once",
            order="reversed",
            layout="spread",
            text="every",
            prolog='<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- a request -->\r\n',
            comments=True,
            empty="tag",
            arrays="all",
        ),
    ),
}
"""The spellings of each format; PLAIN is not among them."""
