"""Items that ask for several values, or hold what no page lists, as items of one value each."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, cast

from msgspec.structs import replace

from contracts.matching import DEFAULT_MODE, Mode
from endpoint.mock.behaviour import ITEM_EXTRAS, Behaviour, Several
from endpoint.mock.model import Items, Request, Value
from endpoint.mock.reading import refuse

PHONE: Final = re.compile(r"\+[0-9]+")
OBJECT_ID: Final = re.compile(r"[0-9a-f]{24}")


def expanded(items: Items, mode: Mode, request: Request, behaviour: Behaviour) -> Items:
    """The items as they are searched; the same ones where the policy asks for nothing else.

    Raises:
        Refused: the policy refuses these items.
    """
    if "custom_request" in items.columns:
        items = _with_queries(items, request, behaviour)
    if behaviour.item_extras == "passed over":
        items = _without_extras(items)
    if behaviour.phones_strict:
        _check(items, "phone", PHONE)
    if behaviour.profile_ids_strict:
        _check(items, "profile_id", OBJECT_ID)
    if behaviour.tags != "one value" and mode.name == "custom":
        items = _split(items, "field_value", ",", behaviour.tags)
    if behaviour.addresses != "one value" and "email" in items.columns:
        items = _split(items, "email", ";", behaviour.addresses)
    return items


def check_extras(items: Items) -> None:
    """Refuse items that hold a key which no page lists.

    Raises:
        Refused: one of them does.
    """
    for key in ITEM_EXTRAS:
        if any(value is not None for value in items.columns.get(key, ())):
            refuse(f"data: unknown key {key}")


def _without_extras(items: Items) -> Items:
    extras = [items.columns[key] for key in ITEM_EXTRAS if key in items.columns]
    plain = [all(value is None for value in values) for values in zip(*extras, strict=True)]
    columns = {
        key: [value if kept else None for value, kept in zip(column, plain, strict=True)]
        for key, column in items.columns.items()
    }
    return replace(items, columns=columns) if extras else items


def _check(items: Items, key: str, form: re.Pattern[str]) -> None:
    for at, value in enumerate(items.columns.get(key, ())):
        if value is not None and not form.fullmatch(str(value)):
            refuse(f"data[{at}].{key}: of another form")


def _split(items: Items, key: str, separator: str, policy: Several) -> Items:
    """An item for each part of a text that holds several values, or for the first."""
    rows: list[tuple[int, Value | None]] = []
    for at, value in enumerate(items.columns[key]):
        parts = value.split(separator) if isinstance(value, str) else []
        if len(parts) < 2:
            rows.append((at, value))
            continue
        if policy == "refused":
            refuse(f"data[{at}].{key}: several values")
        kept = parts if policy == "each" else parts[:1]
        rows.extend((at, part.strip()) for part in kept)
    return _rows(items, key, rows)


def _with_queries(items: Items, request: Request, behaviour: Behaviour) -> Items:
    """`custom_request` in place of, or beside, an item's e-mail."""
    queries = cast("Sequence[object]", items.columns["custom_request"])
    if behaviour.custom_request == "refused" and any(query is not None for query in queries):
        refuse("data: unknown key custom_request")
    if behaviour.custom_request == "refused" or (
        behaviour.custom_request == "alone" and request.matching is not None
    ):
        return items
    rows: list[tuple[int, Value | None]] = []
    for at, (email, query) in enumerate(zip(items.columns["email"], queries, strict=True)):
        asked: Sequence[Value | None] = _emails(query)
        if not asked or (email is not None and behaviour.custom_request_beside == "both"):
            asked = [email, *asked]
        elif email is not None and behaviour.custom_request_beside == "nobody":
            asked = [None]
        rows.extend((at, one) for one in asked)
    return _rows(items, DEFAULT_MODE.keys[0], rows)


def _emails(query: object) -> list[str]:
    """The addresses that a query asks for: of all queries the mock knows two."""
    wanted = query.get("email") if isinstance(query, Mapping) else None
    if isinstance(wanted, Mapping):
        wanted = wanted.get("$in")
    several = wanted if isinstance(wanted, list) else [wanted]
    return [one for one in several if isinstance(one, str)]


def _rows(items: Items, key: str, rows: Sequence[tuple[int, Value | None]]) -> Items:
    """Items by position in the former ones, each with its own value of one key."""
    columns = {name: [column[at] for at, _ in rows] for name, column in items.columns.items()}
    return Items(len(rows), {**columns, key: [value for _, value in rows]})
