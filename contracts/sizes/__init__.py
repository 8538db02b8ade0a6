"""Bodies of exactly N bytes or exactly N items, built at a speed near that of copying.

A small request is written once, with a gap; the gap is filled with copies of one block.
Nothing large is ever serialised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.model import Format, Item, Params
from contracts.sizes.fillers import BLOCK, Fillers, Length, filler_item, fillers
from contracts.sizes.frames import (
    Frame,
    content_frame,
    data_frame,
    items_of,
    separator,
    with_padding,
    written,
)
from contracts.wire import encode

__all__ = ["BLOCK", "Recipe", "counted", "exact", "filler_item", "smallest"]


class Recipe(StrEnum):
    """What a body's weight consists of."""

    ITEMS = "items"
    SHORT_ITEMS = "short items"
    LONG_ITEMS = "long items"
    CONTENT = "content"
    TWO_BYTE = "two-byte characters"
    THREE_BYTE = "three-byte characters"
    FOUR_BYTE = "four-byte characters"
    ESCAPES = "escapes"


_LENGTHS: Final[Mapping[Recipe, Length]] = {
    Recipe.ITEMS: "usual",
    Recipe.SHORT_ITEMS: "short",
    Recipe.LONG_ITEMS: "long",
}
"""The recipes whose weight is items; that of the others is one value in `content`."""

_ASCII: Final = b"0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_TEXTS: Final[Mapping[Recipe, Mapping[Format, tuple[bytes, int]]]] = {
    Recipe.CONTENT: {"json": (_ASCII, 1), "xml": (_ASCII, 1)},
    Recipe.TWO_BYTE: dict.fromkeys(("json", "xml"), ("съешьещёбулочек".encode(), 2)),
    Recipe.THREE_BYTE: dict.fromkeys(("json", "xml"), ("一二三四五六七八九十€".encode(), 3)),
    Recipe.FOUR_BYTE: dict.fromkeys(("json", "xml"), ("😀🙂🚀𝄞".encode(), 4)),
    Recipe.ESCAPES: {
        "json": (rb"\u0416\"\n\ud83d\ude00", 22),
        "xml": (b"&amp;&#1078;&#128512;", 21),
    },
}
"""The bytes that are repeated, and the width of what must not be cut in them."""

_PIECE: Final = 1 << 16
"""Bytes that are joined at once: few pieces, and each stays in the processor's cache."""


def exact(params: Params, fmt: Format, size: int, recipe: Recipe) -> bytes:
    """Write a request as a body of exactly `size` bytes.

    All parameters are kept. The items of `data` are kept in their order: among filler items
    the first stands at the front, the last at the very end, the others spread between; a
    single one stands at the end, where it is read only by who reads everything. The last
    bytes go into a value: into fillers, or into `content` where a filler cannot grow.

    Raises:
        ValueError: `size` is below `smallest`; `data` is no array of objects; `content` is
            needed and takes no key.
        Unencodable: a value that the format cannot carry.
    """
    if recipe not in _LENGTHS:
        return _weighed(params, fmt, size, recipe)
    plan = _plan(params, fmt, _LENGTHS[recipe])
    _check(size, plan.smallest, recipe)
    whole, rest = divmod(size - plan.fixed, plan.fillers.width)
    frame, grown = plan.frame, []
    if plan.fillers.room:
        grown = plan.fillers.grown(rest)
    elif rest:
        frame = data_frame(with_padding(params, fmt, "x" * rest), fmt)
    return _joined(frame, plan.kept, grown, plan.fillers, whole - len(grown))


def smallest(params: Params, fmt: Format, recipe: Recipe) -> int:
    """Give the least size, in bytes, that `exact` can make of this request.

    Raises:
        ValueError, Unencodable: as `exact`.
    """
    if recipe in _LENGTHS:
        return _plan(params, fmt, _LENGTHS[recipe]).smallest
    return content_frame(params, fmt).size


def counted(params: Params, fmt: Format, count: int, at: Mapping[int, Item]) -> bytes:
    """Write a request with exactly `count` items.

    Args:
        params: the request; its own `data`, if any, only says where the items stand, and
            whether each has its `field_name`.
        fmt: the format of the body.
        count: items of the body.
        at: items by index; at any other index i stands filler_item(mode, i % BLOCK), with
            `provider` and `field_name` where the request has them.

    Raises:
        ValueError: an index is not below `count`.
        Unencodable: a value that the format cannot carry.
    """
    if outside := [index for index in at if not 0 <= index < count]:
        raise ValueError(f"no place for item {outside[0]} among {count}")
    usual = fillers(params, fmt, "usual")
    if count < 2:
        return encode({**params, "data": [at.get(i, usual.item(i)) for i in range(count)]}, fmt)
    pieces: list[bytes] = []
    done = 0
    for index in sorted(at):
        pieces += usual.run(done, index)
        pieces.append(written(at[index], fmt))
        done = index + 1
    return _framed(data_frame(params, fmt), [*pieces, *usual.run(done, count)], fmt)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A request written for filler items.

    Attributes:
        frame: all but the items.
        kept: the request's own items, written.
        fillers: those that fill it.
        fixed: bytes of the body without fillers.
        smallest: bytes of the body with as few fillers as make up for any remainder.
    """

    frame: Frame
    kept: list[bytes]
    fillers: Fillers
    fixed: int
    smallest: int


def _plan(params: Params, fmt: Format, length: Length) -> _Plan:
    filling = fillers(params, fmt, length)
    if not filling.room:
        params = with_padding(params, fmt, "")
    frame = data_frame(params, fmt)
    kept = [written(item, fmt) for item in items_of(params)]
    fixed = frame.size + sum(map(len, kept)) - len(separator(fmt))
    # One filler at least, and two items: in XML a list of one is written otherwise.
    fewest = max(filling.growers, 1, 2 - len(kept))
    return _Plan(frame, kept, filling, fixed, fixed + fewest * filling.width)


def _joined(
    frame: Frame, kept: list[bytes], grown: list[bytes], filling: Fillers, count: int
) -> bytes:
    """Join the items: `count` fillers spread evenly between the kept ones."""
    before, between, last = kept[:1], kept[1:-1], kept[-1:]
    if len(kept) == 1:
        before = []
    gaps = len(between) + 1
    pieces = [*before, *grown]
    for gap in range(gaps):
        pieces += filling.run(count * gap // gaps, count * (gap + 1) // gaps)
        pieces += between[gap : gap + 1]
    return _framed(frame, [*pieces, *last], filling.fmt)


def _framed(frame: Frame, pieces: list[bytes], fmt: Format) -> bytes:
    pieces[-1] = pieces[-1].removesuffix(separator(fmt))
    return b"".join([frame.head, *pieces, frame.tail])


def _weighed(params: Params, fmt: Format, size: int, recipe: Recipe) -> bytes:
    """Write a request with one huge value in `content`."""
    items_of(params)
    frame = content_frame(params, fmt)
    _check(size, frame.size, recipe)
    weight = size - frame.size
    pattern, width = _TEXTS[recipe][fmt]
    block = pattern * (_PIECE // len(pattern))
    cut = weight - weight % width  # what is left is too little for a character
    return b"".join(
        [
            frame.head,
            *[block] * (cut // len(block)),
            block[: cut % len(block)],
            b"x" * (weight - cut),
            frame.tail,
        ]
    )


def _check(size: int, least: int, recipe: Recipe) -> None:
    if size < least:
        raise ValueError(
            f"{size} bytes are too few: this request with {recipe} takes {least} at least"
        )
