"""Defects of the family batch: what many items do to each other."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call, Hits, Items, Refused, Request, Settings, Value


def _keeping(wanted: Callable[[int], slice], fmt: str = "") -> Seams:
    """Only these items of so many are looked at."""

    def kept(call: Call, request: Request, _: Settings) -> Request:
        if request.items is None or (fmt and call.format != fmt):
            return request
        return replace(request, items=request.items.keep(wanted(request.items.count)))

    return Seams(request=kept)


def _all_but_last(count: int) -> slice:
    return slice(None, -1 if count > 1 else None)


def _all_but_first(count: int) -> slice:
    return slice(1 if count > 1 else 0, None)


def _all_but_middle(call: Call, request: Request, _: Settings) -> Request:
    """Where two halves meet, an item is lost."""
    items = request.items
    if items is not None and items.count >= 1000:
        middle = items.count // 2
        columns = {
            key: column[:middle] + column[middle + 1 :] for key, column in items.columns.items()
        }
        request.items = Items(items.count - 1, columns)
    return request


def _half_of_two_bytes(call: Call, request: Request, _: Settings) -> Request:
    """In the modes of two keys, positions are kept in 16 bits with a sign."""
    if request.items is not None and (request.matching or "").startswith("email_phone"):
        return replace(request, items=request.items.keep(slice(32_768)))
    return request


def _until_unmatched(request: Request, hits: Hits) -> Hits:
    """The first item that finds nobody ends the search."""
    return [hit for at, hit in enumerate(hits) if hit[0] == at]


def _after_unmatched(request: Request, hits: Hits) -> Hits:
    """An item is lost after one that finds nobody."""
    positions = {at for at, _ in hits}
    return [hit for hit in hits if hit[0] == 0 or hit[0] - 1 in positions]


def _all_or_nothing(request: Request, hits: Hits) -> Hits:
    """Where one item finds nobody, nobody is sent to."""
    return hits if request.items is None or len(hits) == request.items.count else []


def _repeated_cancel(request: Request, hits: Hits) -> Hits:
    """A profile that two items find is left out."""
    found = [profiles for _, profiles in hits]
    return [hit for hit in hits if found.count(hit[1]) == 1] if len(hits) < 1000 else hits


def _after_repeated(request: Request, hits: Hits) -> Hits:
    """The item after a repeated one is lost."""
    seen: set[tuple[str, ...]] = set()
    kept: Hits = []
    lose = False
    for hit in hits:
        if not lose:
            kept.append(hit)
        lose = hit[1] in seen
        seen.add(hit[1])
    return kept


def _names_of_objects(call: Call, request: Request, _: Settings) -> Request:
    """Values are looked up among an object's own names, and one that is a function breaks it."""
    columns = request.items.columns.values() if request.items else ()
    if any("toString" in column for column in columns):
        raise Refused(500, "Internal server error")
    return request


def _finding_the_first(*values: Value | None) -> Seams:
    """In the place of an e-mail, these values find the first of all profiles."""

    def replaced(call: Call, request: Request, settings: Settings) -> Request:
        columns = request.items.columns if request.items else {}
        if set(columns) == {"email"}:
            first = settings.profiles[0].email
            columns["email"] = [first if one in values else one for one in columns["email"]]
        return request

    return Seams(request=replaced)


def _neighbour(call: Call, request: Request, ids: list[str]) -> list[str]:
    """The last identifier of three and more is that of somebody else."""
    if len(ids) < 3:
        return ids
    last = ids[-1]
    return [*ids[:-1], last[:-1] + ("0" if last[-1] != "0" else "1")]


def _one_more(call: Call, request: Request, ids: list[str]) -> list[str]:
    """The campaign's tester always gets a copy, and is named."""
    return [*ids, "000000000000000000000001"] if ids else ids


def _previous_too(call: Call, request: Request, ids: list[str]) -> list[str]:
    """What the connection's request before found is still there."""
    before = call.connection.get("ids", [])
    call.connection["ids"] = ids
    assert isinstance(before, list)
    return [*ids, *before]


def _fewer_than_twelve(call: Call, request: Request, ids: list[str]) -> list[str]:
    return ids[:10]


def _union_by_order(request: Request, hits: Hits) -> Hits:
    """Items must come in the order of the profiles' identifiers; others are passed over."""
    kept: Hits = []
    for hit in hits:
        if not kept or hit[1] >= kept[-1][1]:
            kept.append(hit)
    return kept


def _pairs_cancel(request: Request, hits: Hits) -> Hits:
    """Exactly two found profiles become one."""
    return hits[:1] if len(hits) == 2 else hits


DEFECTS: Final = (
    Defect(
        "after-10000-lost",
        "batch.complete",
        "Items past the 10,000th are not looked at.",
        _keeping(lambda _: slice(10_000)),
    ),
    Defect(
        "after-65535-lost",
        "batch.complete",
        "The number of items is kept in 16 bits.",
        _keeping(lambda count: slice(count if count < 65_536 else count % 65_536)),
    ),
    Defect(
        "after-100-lost",
        "batch.complete",
        "Items past the 100th are not looked at.",
        _keeping(lambda _: slice(100)),
    ),
    Defect(
        "after-1000-lost-in-xml",
        "batch.complete",
        "In XML, items past the 1,000th are not looked at.",
        _keeping(lambda _: slice(1_000), "xml"),
    ),
    Defect(
        "after-32768-lost-by-two-keys",
        "batch.complete",
        "In email_phone and email_phone_sub, items past the 32,768th are not looked at.",
        Seams(request=_half_of_two_bytes),
    ),
    Defect(
        "ten-results",
        "batch.complete",
        "result names ten profiles at most.",
        Seams(ids=_fewer_than_twelve),
    ),
    Defect(
        "last-item-lost",
        "batch.position",
        "The last of several items is not looked at.",
        _keeping(_all_but_last),
    ),
    Defect(
        "first-item-lost",
        "batch.position",
        "The first of several items is taken for a heading.",
        _keeping(_all_but_first),
    ),
    Defect(
        "last-item-of-1000-lost",
        "batch.position",
        "The last of 1,000 and more items is not looked at.",
        _keeping(lambda count: slice(count - 1 if count >= 1_000 else count)),
    ),
    Defect(
        "middle-item-lost",
        "batch.position",
        "Of 1,000 and more items the one in the middle is lost.",
        Seams(request=_all_but_middle),
    ),
    Defect(
        "items-in-order-of-ids",
        "batch.union",
        "An item that finds a lower identifier than the one before is passed over.",
        Seams(hits=_union_by_order),
    ),
    Defect(
        "two-become-one",
        "batch.union",
        "A batch that finds exactly two profiles names the first.",
        Seams(hits=_pairs_cancel),
    ),
    Defect(
        "unmatched-ends-search",
        "batch.unmatched-neighbours",
        "The first item that finds nobody ends the search.",
        Seams(hits=_until_unmatched),
    ),
    Defect(
        "item-after-unmatched-lost",
        "batch.unmatched-neighbours",
        "The item after one that finds nobody is lost.",
        Seams(hits=_after_unmatched),
    ),
    Defect(
        "all-or-nothing",
        "batch.unmatched-neighbours",
        "Where one item finds nobody, nobody is sent to.",
        Seams(hits=_all_or_nothing),
    ),
    Defect(
        "names-of-objects-fail",
        "batch.unmatched-neighbours",
        "A value that is the name of a method is an internal error.",
        Seams(request=_names_of_objects),
    ),
    Defect(
        "duplicates-cancel",
        "batch.duplicates",
        "A profile that two items find is left out.",
        Seams(hits=_repeated_cancel),
    ),
    Defect(
        "item-after-duplicate-lost",
        "batch.duplicates",
        "The item after a repeated one is lost.",
        Seams(hits=_after_repeated),
    ),
    Defect(
        "last-id-of-another",
        "batch.nobody-else",
        "Of three and more results the last identifier is another profile's.",
        Seams(ids=_neighbour),
    ),
    Defect(
        "wildcards-find-the-first",
        "matching.whole-value",
        "An e-mail that is a wildcard of SQL finds the first profile of all.",
        _finding_the_first("%"),
    ),
    Defect(
        "nothing-finds-the-first",
        "matching.own-key",
        "An item without an e-mail finds the first profile of all.",
        _finding_the_first(None),
    ),
    Defect(
        "tester-named",
        "batch.nobody-else",
        "Each result also names the campaign's tester.",
        Seams(ids=_one_more),
    ),
    Defect(
        "previous-result-kept",
        "transport.keep-alive",
        "result also names what the connection's request before found.",
        Seams(ids=_previous_too),
    ),
)
