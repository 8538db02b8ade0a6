"""A JSON body as a request: strictly typed, items straight into columns."""

from functools import cache
from operator import attrgetter
from typing import Any, Final, cast

import msgspec

from contracts.model import Format
from endpoint.mock.behaviour import ITEM_EXTRAS, Behaviour
from endpoint.mock.model import Call, Items, Refused, Request, Value
from endpoint.mock.reading import as_files, as_format, check_utf8, refuse, withheld

BOM: Final = b"\xef\xbb\xbf"

ITEM_TYPES: Final[dict[str, object]] = {
    # Go's decoder, by which the platform reads, refuses a number where a string is promised.
    "email": str | None,
    "phone": str | None,
    "profile_id": str | None,
    "provider": str | None,
    "subscription_id": str | None,
    "field_value": str | int | None,
    "field_name": str | None,
    **dict.fromkeys(ITEM_EXTRAS, object),
    "custom_data": dict[str, object] | None,
    "custom_request": dict[str, object] | None,
}


class Outer(msgspec.Struct):
    """The top-level parameters; `data` stays bytes until `matching` is known."""

    token: str | None = None
    format: str | None = None
    trigger_id: int | None = None
    matching: str | None = None
    field_name: str | None = None
    skip_triggers: bool | None = None
    attach: list[dict[str, object]] | None = None
    content: dict[str, object] | None = None
    custom_data: dict[str, object] | None = None
    provider: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


class StrictOuter(Outer, forbid_unknown_fields=True):
    """The same, and nothing else."""


class _FormatOnly(msgspec.Struct):
    format: object = None


_FORMAT_ONLY: Final = msgspec.json.Decoder(_FormatOnly)


class _Beside(msgspec.Struct):
    """What siblings of the endpoint take."""

    id: int | None = None
    resource_id: object = None
    db_id: object = None
    timeout: object = None
    subscription_filter: object = None


_BESIDE: Final = msgspec.json.Decoder(_Beside)


@cache
def _outer_decoder(*, strict_keys: bool, lenient: bool) -> msgspec.json.Decoder[Outer]:
    shape = StrictOuter if strict_keys else Outer
    return cast("msgspec.json.Decoder[Outer]", msgspec.json.Decoder(shape, strict=not lenient))


@cache
def _item_decoder(keys: tuple[str, ...]) -> msgspec.json.Decoder[list[msgspec.Struct]]:
    """Reads an array of items for these keys; other keys are passed over.

    `gc=False`: a quarter of a million small objects that hold only strings need not be
    walked by the garbage collector.
    """
    fields = [(key, ITEM_TYPES[key], None) for key in keys]
    item = msgspec.defstruct("Item", fields, gc=False)
    return msgspec.json.Decoder(list[item])  # type: ignore[valid-type]


def read(call: Call, body: bytes, behaviour: Behaviour) -> Request:
    """Read a request.

    Raises:
        Refused: it is not JSON, or a parameter has another type than is promised.
    """
    if behaviour.bom:
        body = body.removeprefix(BOM)
    if behaviour.trailing:
        body = body[: body.rfind(b"}") + 1]
    check_utf8(body)
    try:
        return _read(call, body, behaviour)
    except (msgspec.DecodeError, RecursionError) as error:
        # ValidationError is a DecodeError; its message names the place, never the value.
        reason = str(error)
    except Refused as refused:
        refused.answer_format = refused.answer_format or _format_of(body)
        raise
    return refuse(reason, _format_of(body))


def _format_of(body: bytes) -> Format | None:
    try:
        return as_format(_FORMAT_ONLY.decode(body).format)
    except (msgspec.DecodeError, RecursionError):
        return None


def _read(call: Call, body: bytes, behaviour: Behaviour) -> Request:
    outer = _outer_decoder(
        strict_keys=behaviour.strict_keys,
        lenient=behaviour.lenient_numbers,
    ).decode(body)
    files = as_files(outer.attach, behaviour)
    beside = _beside(body, behaviour)
    objects = {"content": outer.content, "custom_data": outer.custom_data}
    if not behaviour.long_numbers and _holds_long_number(objects):
        refuse("number out of range", as_format(outer.format))
    return Request(
        format=call.format,
        token=outer.token,
        answer_format=outer.format,
        trigger_id=outer.trigger_id if outer.trigger_id is not None else beside.get("id"),
        matching=outer.matching,
        field_name=outer.field_name,
        skip_triggers=outer.skip_triggers,
        attach=files,
        provider=outer.provider,
        withheld=withheld(beside, files, behaviour),
        objects={name: value for name, value in objects.items() if value is not None},
        items=_items(outer, behaviour),
    )


def _holds_long_number(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_long_number, value.values()))
    if isinstance(value, list):
        return any(map(_holds_long_number, value))
    return isinstance(value, int) and not -(1 << 63) <= value < 1 << 63


def _beside(body: bytes, behaviour: Behaviour) -> dict[str, Any]:
    """What is given of the siblings' parameters, where the policy asks for them."""
    if not behaviour.id_alias and behaviour.siblings == "ignored":
        return {}
    every = msgspec.structs.asdict(_BESIDE.decode(body))
    return {name: value for name, value in every.items() if value is not None}


def _items(outer: Outer, behaviour: Behaviour) -> Items | None:
    if bytes(memoryview(outer.data)[:4]) == b"null":
        return None
    keys = behaviour.keys_of(outer.matching or "email")
    rows = _item_decoder(keys).decode(outer.data)
    columns = {key: cast("list[Value | None]", list(map(attrgetter(key), rows))) for key in keys}
    return Items(len(rows), columns)
