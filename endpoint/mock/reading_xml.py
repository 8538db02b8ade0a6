"""An XML body as a request: no entities, no DOCTYPE, bounded depth; text is text."""

import re
from itertools import takewhile
from typing import Final, cast

import msgspec
from lxml import etree

from endpoint.mock.behaviour import Behaviour
from endpoint.mock.model import Call, Items, Refused, Request, Value
from endpoint.mock.reading import as_files, as_format, refuse, withheld
from endpoint.mock.reading_json import StrictOuter

PARAMETERS: Final = frozenset(StrictOuter.__struct_fields__)
# More digits than these fit no integer of 64 bits.
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}")
TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
# What may stand before a DOCTYPE.
MISC: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
# The encoding that a prolog declares.
DECLARED: Final = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")

_HEADS: Final = etree.XPath("*[not(self::data)]")
_COUNT: Final = etree.XPath("count(data)")
_TWO_KEYS: Final = etree.XPath("boolean(data/*[2])")
_DEEP: Final = etree.XPath("boolean(*/*/*)")


def parse(body: bytes, *, windows_1251: bool = False) -> etree._Element:
    """Parse a body.

    `huge_tree` lets texts of 10 MB pass and lifts libxml2's own guard against entities
    that grow, so a DOCTYPE is refused before the parser sees it; depth stays bounded
    (2,048). UTF-8 is forced, or a declaration could make bytes mean what the search
    for a DOCTYPE does not see.

    Raises:
        Refused: it is not well-formed, has a DOCTYPE, or declares another encoding.
    """
    declared = DECLARED.match(body)
    taken = {b"utf-8", b"utf8", b"us-ascii", *((b"windows-1251",) if windows_1251 else ())}
    if declared and declared[1].lower() not in taken:
        refuse("XML encoding is not UTF-8")
    prolog = MISC.match(body)
    if prolog and body.startswith(b"<!", prolog.end()):
        refuse("DOCTYPE is not allowed")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        # The parser's own message may quote the body.
        line, column = error.position
        refuse(f"XML is not well-formed at line {line}, column {column}")
    if root.tag != "xml":
        refuse("expected element <xml>")
    if root.getroottree().docinfo.internalDTD is not None:
        refuse("DOCTYPE is not allowed")
    return root


def read(call: Call, body: bytes, behaviour: Behaviour) -> Request:
    """Read a request.

    Raises:
        Refused: it is not XML, or a parameter's text is not of the promised type.
    """
    root = parse(body, windows_1251=behaviour.windows_1251)
    heads, apart = _heads(root)
    answer_format = _text(heads, "format")
    try:
        request = _read(call, heads, root, behaviour)
    except Refused as refused:
        refused.answer_format = refused.answer_format or as_format(answer_format)
        raise
    request.interleaved = apart and not behaviour.interleaved_data
    return request


def _heads(root: etree._Element) -> tuple[dict[str, list[etree._Element]], bool]:
    """Take all elements but the items out of the root: by name, and whether any stood between.

    They usually stand before and behind the items; only where some stand between is
    each of 250,000 children asked for its name.
    """
    before = list(takewhile(_is_head, root))
    behind = list(takewhile(_is_head, reversed(root))) if len(before) < len(root) else []
    for element in (*before, *behind):
        root.remove(element)
    between: list[etree._Element] = []
    if _COUNT(root) != len(root):
        between = cast("list[etree._Element]", _HEADS(root))
        for element in between:
            root.remove(element)
    heads: dict[str, list[etree._Element]] = {}
    for element in (*before, *between, *reversed(behind)):
        heads.setdefault(str(element.tag), []).append(element)
    return heads, bool(between)


def _is_head(element: etree._Element) -> bool:
    return element.tag != "data"


def _read(
    call: Call,
    heads: dict[str, list[etree._Element]],
    root: etree._Element,
    behaviour: Behaviour,
) -> Request:
    if behaviour.strict_keys and (unknown := heads.keys() - PARAMETERS):
        refuse(f"unknown parameter {min(unknown)[:40]}")
    matching = _text(heads, "matching")
    attach = as_files(_files(heads.get("attach", []), behaviour), behaviour)
    trigger_id = _whole(heads, "trigger_id")
    if trigger_id is None and behaviour.id_alias:
        trigger_id = _whole(heads, "id")
    objects: dict[str, dict[str, object]] = {
        name: _object(name, heads[name][-1], behaviour)
        for name in ("content", "custom_data")
        if name in heads
    }
    count = len(root)
    return Request(
        format=call.format,
        token=_text(heads, "token"),
        answer_format=_text(heads, "format"),
        trigger_id=trigger_id,
        matching=matching,
        field_name=_text(heads, "field_name"),
        skip_triggers=_truth(heads, "skip_triggers"),
        attach=attach,
        provider=_text(heads, "provider"),
        withheld=withheld(heads, attach, behaviour),
        objects=objects,
        items=_items(root, behaviour.keys_of(matching or "email")) if count else None,
        plain_single=count == 1 and root[0].get("array") != "true",
    )


def _text(heads: dict[str, list[etree._Element]], name: str) -> str | None:
    """The text of a parameter; the last one counts, as in Go; None where it is absent."""
    elements = heads.get(name)
    if not elements:
        return None
    if len(elements[-1]):
        refuse(f"{name}: expected text")
    return elements[-1].text or ""


def _whole(heads: dict[str, list[etree._Element]], name: str) -> int | None:
    text = _text(heads, name)
    if text is None or not text.strip():
        return None
    if not WHOLE.fullmatch(text.strip()):
        refuse(f"{name}: expected an integer")
    return int(text)


def _truth(heads: dict[str, list[etree._Element]], name: str) -> bool | None:
    text = _text(heads, name)
    if text is None or not text.strip():
        return None
    truth = TRUTHS.get(text.strip())
    if truth is None:
        refuse(f"{name}: expected a boolean")
    return truth


def _object(name: str, element: etree._Element, behaviour: Behaviour) -> dict[str, object]:
    """`content` or `custom_data`: nested elements, or JSON text (which one is open)."""
    text = (element.text or "").strip()
    if len(element):
        if behaviour.xml_objects == "text":
            refuse(f"{name}: expected JSON text")
        if not behaviour.xml_nested and any(len(child) for child in element):
            refuse(f"{name}: expected text")
        return {str(child.tag): child.text or "" for child in element}
    if not text:
        return {}
    if behaviour.xml_objects == "elements":
        refuse(f"{name}: expected elements")
    try:
        return msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        return refuse(f"{name}: expected a JSON object")


def _files(elements: list[etree._Element], behaviour: Behaviour) -> list[dict[str, object]] | None:
    """`attach`: an element for each file, or one with JSON text; empty: no files."""
    if not elements:
        return None
    plain_single = len(elements) == 1 and elements[0].get("array") != "true"
    if plain_single and not behaviour.single_attach and behaviour.xml_attach != "text":
        refuse("attach: expected an array")
    refused = {"text": "elements", "elements": "text"}.get(behaviour.xml_attach)
    files: list[dict[str, object]] = []
    for element in elements:
        text = (element.text or "").strip()
        if refused == ("elements" if len(element) else "text" if text else None):
            refuse(f"attach: expected {behaviour.xml_attach}")
        try:
            if len(element):
                files.append({str(child.tag): child.text or "" for child in element})
            elif text.startswith("["):
                files.extend(msgspec.json.decode(text, type=list[dict[str, object]]))
            elif text:
                files.append(msgspec.json.decode(text, type=dict[str, object]))
        except (msgspec.DecodeError, RecursionError):
            refuse("attach: expected File objects")
    return files


def _items(root: etree._Element, keys: tuple[str, ...]) -> Items:
    """The items below a root that holds nothing but `<data>` elements."""
    count = len(root)
    if len(keys) == 1 and not _TWO_KEYS(root) and not _DEEP(root):
        # At most one child in each item and none deeper: as many elements of that name
        # as items means one in each, and a plain walk gives them in order.
        texts = [element.text or "" for element in root.iter(keys[0])]
        if len(texts) == count:
            return Items(count, {keys[0]: cast("list[Value | None]", texts)})
    columns: dict[str, list[Value | None]] = {key: [None] * count for key in keys}
    for at, item in enumerate(root):
        for child in item:
            column = columns.get(str(child.tag))
            if column is not None:
                column[at] = child.text or ""
    return Items(count, columns)
