"""A request written once, with a gap where its weight goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from contracts.model import Format, Item, JsonValue, Params, is_list
from contracts.wire import encode, json, xml

PADDING: Final = "padding"
"""The key of `content` that bears weight; underscores are added where it is taken."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A written request around a gap: `head` + what is put in + `tail` is the body."""

    head: bytes
    tail: bytes

    @property
    def size(self) -> int:
        """Bytes of the body with nothing in the gap."""
        return len(self.head) + len(self.tail)


def items_of(params: Params) -> Sequence[Item]:
    """Give the items of a request, none if it has no `data`.

    Raises:
        ValueError: `data` is no array of objects.
    """
    data = params.get("data", ())
    if not is_list(data):
        raise ValueError(f"data is no array: {data!a:.80}")
    items: list[Item] = []
    for item in data:
        if not isinstance(item, Mapping):
            raise ValueError(f"an item is no object: {item!a:.80}")  # noqa: TRY004 - as above
        items.append(item)
    return items


def separator(fmt: Format) -> bytes:
    """Give what stands between two items."""
    return b"," if fmt == "json" else b""


def written(item: Item, fmt: Format) -> bytes:
    """Write one item of many, with the separator behind it."""
    if fmt == "json":
        return json.encode(item) + b","
    # Two, because a list of one would bear array='true'.
    return xml.elements("data", [item, {}]).encode().removesuffix(b"<data></data>")


def data_frame(params: Params, fmt: Format) -> Frame:
    """Write a request whose gap takes the items of `data`, two at least."""
    mark = _mark(params, fmt)
    body = encode({**params, "data": mark}, fmt)
    if fmt == "json":
        return _split(body, f'"{mark}"', "[", "]")
    return _split(body, f"<data>{mark}</data>", "", "")


def content_frame(params: Params, fmt: Format) -> Frame:
    """Write a request whose gap takes the text of a value in `content`."""
    mark = _mark(params, fmt)
    return _split(encode(with_padding(params, fmt, mark), fmt), mark, "", "")


def with_padding(params: Params, fmt: Format, text: str) -> Params:
    """Add a value to `content`, which comes before `data` where there was none.

    In XML `content` may be JSON text instead of elements: the value is then added there.

    Raises:
        ValueError: `content` is something else.
    """
    content = params.get("content", {})
    if isinstance(content, Mapping):
        added: JsonValue = _with_key(content, text)
    else:
        added = json.text(_with_key(_from_json_text(content, fmt), text))
    if "content" in params:
        return {**params, "content": added}
    before = {key: value for key, value in params.items() if key != "data"}
    return {**before, "content": added, **params}


def _with_key(content: Mapping[str, JsonValue], text: str) -> Mapping[str, JsonValue]:
    key = PADDING
    while key in content:
        key += "_"
    return {**content, key: text}


def _from_json_text(content: JsonValue, fmt: Format) -> Mapping[str, JsonValue]:
    if fmt == "xml" and isinstance(content, str):
        try:
            inner = json.decode(content.encode())
        except ValueError:
            inner = None
        if isinstance(inner, Mapping):
            return inner
    raise ValueError(f"content can take no further key: {content!a:.80}")


def _mark(params: Params, fmt: Format) -> str:
    """Find a text that the request does not hold."""
    body = encode(params, fmt).decode()
    return next(mark for mark in (f"gap-{number}" for number in count()) if mark not in body)


def _split(body: bytes, at: str, opening: str, closing: str) -> Frame:
    head, tail = body.split(at.encode())
    return Frame(head + opening.encode(), closing.encode() + tail)
