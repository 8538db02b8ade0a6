"""XML, strictly back: a request's parameters, and an answer in the shape of its JSON.

No DOCTYPE that declares anything is read: no entity can be declared, let alone expanded.
"""

import re
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from contracts.model import JsonValue
from contracts.wire.errors import MAX_DEPTH, Misshapen, NotWellFormed, check_size
from contracts.wire.xml import ROOT, Tree

SPACE: Final = " \t\r\n"

_ENCODINGS: Final = ("utf-8", "us-ascii")
"""What a prolog may declare: the documentation knows UTF-8 only, and ASCII is UTF-8."""

_PIECE: Final = 1 << 20
"""Characters of text that expat hands over at once."""


def decode(body: bytes) -> dict[str, Tree]:
    """Read a request's parameters; every scalar is text, exactly as it stands.

    Raises:
        NotWellFormed: not XML, a DOCTYPE, another encoding than UTF-8, nested too deeply.
        Misshapen: another root than `xml`, text among elements, an unknown attribute.
    """
    return _parameters(_read(body, str, strict=True))


def decode_answer(body: bytes) -> dict[str, JsonValue]:
    """Read an answer into the shape that it has in JSON: `error` an int, `result` a list.

    White space around a text is left out where it holds a line break: a pretty printer's.
    What the answer does not keep to (an `error` that is no number, two `profile_id` in one
    result) comes back as it is, for the schema to name.

    Raises:
        NotWellFormed: as `decode`.
        Misshapen: another root than `xml`, a namespace, text among elements, `error`,
            `error_text` or `error_debug` twice or with elements in it.
    """
    answer: dict[str, JsonValue] = dict(_parameters(_read(body, _unprinted, strict=False)))
    for name in ("error", "error_text", "error_debug"):
        if isinstance(answer.get(name), list):
            raise Misshapen(f"<{name}> stands twice")
        if isinstance(answer.get(name), dict):
            raise Misshapen(f"elements in <{name}> where text is expected")
    error, result = answer.get("error"), answer.get("result")
    if isinstance(error, str) and _INTEGER.fullmatch(error):
        answer["error"] = int(error)
    if result is not None:
        found = result if isinstance(result, list) else [result]
        answer["result"] = [
            one for one in found if not (isinstance(one, str) and not one.strip(SPACE))
        ]
    return answer


# Eighteen digits fit every integer that an error can be; more stay text, and int() is quick.
_INTEGER: Final = re.compile(r"-?[0-9]{1,18}")


def _unprinted(text: str) -> str:
    """Take off what a pretty printer put around a text."""
    if "\n" not in text:
        return text
    right = text.lstrip(SPACE)
    if "\n" in text[: len(text) - len(right)]:
        text = right
    left = text.rstrip(SPACE)
    return left if "\n" in text[len(left) :] else text


def _parameters(root: tuple[str, Tree]) -> dict[str, Tree]:
    name, params = root
    if name != ROOT:
        raise Misshapen(f"the root is <{name}>, not <{ROOT}>")
    if isinstance(params, dict):
        return params
    if isinstance(params, list) or params.strip(SPACE):
        raise Misshapen(f"text in <{ROOT}> where elements are expected")
    return {}


def _read(body: bytes, clean: Callable[[str], str], *, strict: bool) -> tuple[str, Tree]:
    """Read any document into its root's name and content.

    Args:
        body: the document.
        clean: what is done to the text of an element that holds nothing else.
        strict: whether attributes other than array='true' are refused.
    """
    check_size(body)
    if body[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        raise NotWellFormed("UTF-16, not UTF-8", 0)  # expat would follow the byte order mark
    parser = expat.ParserCreate("utf-8")
    builder = _Builder(parser, body, clean, strict=strict)
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise NotWellFormed(f"not XML: {reason}", max(parser.ErrorByteIndex, 0)) from None
    return builder.name, builder.root


class _Builder:
    """Expat's events to a tree; closures and one list of text keep a million events fast."""

    name = ""
    root: Tree = ""

    def __init__(
        self,
        parser: expat.XMLParserType,
        body: bytes,
        clean: Callable[[str], str],
        *,
        strict: bool,
    ) -> None:
        self._parser, self._body, self._clean, self._strict = parser, body, clean, strict
        self._texts: list[str] = []
        self._arrays: set[int] = set()
        parser.buffer_text = True
        parser.buffer_size = _PIECE
        parser.CharacterDataHandler = self._texts.append
        parser.StartElementHandler, parser.EndElementHandler = self._handlers()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration

    def _handlers(
        self,
    ) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
        texts, arrays, clean = self._texts, self._arrays, self._clean
        above: list[dict[str, Tree] | None] = []
        here: dict[str, Tree] | None = None

        def only_space(name: str) -> None:
            text = "".join(texts)
            texts.clear()
            if text.strip(SPACE):
                raise Misshapen(f"text beside elements, about <{name}>: {text.strip()[:40]!a}")

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal here
            if texts:
                only_space(name)
            above.append(here)
            here = None
            if attributes:
                self._attributes(name, attributes, len(above))
            if len(above) > MAX_DEPTH:
                raise NotWellFormed(
                    f"nested deeper than {MAX_DEPTH}", self._parser.CurrentByteIndex
                )

        def end(name: str) -> None:
            nonlocal here
            value: Tree
            if here is None:
                value = clean("".join(texts)) if texts else ""
                texts.clear()
            else:
                value = here
                if texts:
                    only_space(name)
            here = above.pop()
            if not above:
                self.name, self.root = name, value
                return
            if here is None:
                here = {}
            before = here.get(name)
            if arrays and len(above) + 1 in arrays:
                arrays.discard(len(above) + 1)
                before = here.setdefault(name, [])
            if before is None:
                here[name] = value
            elif type(before) is list:
                before.append(value)
            else:
                here[name] = [before, value]

        return start, end

    def _attributes(self, name: str, attributes: dict[str, str], depth: int) -> None:
        if attributes == {"array": "true"}:
            self._arrays.add(depth)
        elif not self._strict and attributes.get("xmlns"):
            # Other names to whoever reads namespaces; one that only a prefix stands for is none.
            raise Misshapen(f"<{name}> stands in the namespace {attributes['xmlns']!a:.80}")
        elif self._strict:
            raise Misshapen(f"attributes of <{name}> that nobody documented: {attributes!a}")

    def _doctype(self, name: str, system: str | None, _public: str | None, inside: int) -> None:
        if not self._strict and name == "xml" and system is None and not inside:
            return  # an answer that only names its root declares nothing
        # Expat is some way into the declaration by now.
        offset = self._body.rfind(b"<!DOCTYPE", 0, self._parser.CurrentByteIndex + 1)
        raise NotWellFormed("a DOCTYPE, which is not read", offset)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise NotWellFormed(f"declared as {encoding}, not UTF-8", self._parser.CurrentByteIndex)
