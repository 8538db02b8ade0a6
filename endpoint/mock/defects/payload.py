"""Defects of the family payload."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from contracts.matching import MODES
from contracts.model import Format
from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect, refusing
from endpoint.mock.model import Call, Items, Request, Settings, Value


def _losing(wanted: Callable[[Call, Request], bool]) -> Seams:
    """In such requests the last item is lost."""

    def lost(call: Call, request: Request, ids: list[str]) -> list[str]:
        return ids[:-1] if wanted(call, request) else ids

    return Seams(ids=lost)


def _nested(request: Request, name: str) -> bool:
    return any(isinstance(one, dict | list) for one in request.objects.get(name, {}).values())


def _item_from_content(call: Call, request: Request, _: Settings) -> Request:
    email, items = request.objects.get("content", {}).get("email"), request.items
    if call.format == "json" or items is None or email is None or "email" not in items.columns:
        return request
    columns = {key: [*column, None] for key, column in items.columns.items()}
    columns["email"][-1] = str(email)
    return replace(request, items=Items(items.count + 1, columns))


def _narrowed(_: Call, request: Request, __: Settings) -> Request:
    if "custom_data" not in request.objects or request.matching not in {None, "email"}:
        return request
    items = request.items and _items_of("email_profile", request.items)
    return replace(request, matching="email_profile", items=items)


def _levels(value: object) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_levels, inside), default=0)


def _beyond_ascii(request: Request, name: str) -> bool:
    return not repr(request.objects.get(name, {})).isascii()


def _setting_matching(name: str, fmt: Format | None = None) -> Seams:
    """Where matching is left out, the key matching of this object stands for it."""

    def taken(call: Call, request: Request, _: Settings) -> Request:
        inside = request.objects.get(name, {}).get("matching")
        absent = request.matching is None and fmt in {None, call.format}
        if not absent or not isinstance(inside, str) or inside not in MODES:
            return request
        items = request.items and _items_of(inside, request.items)
        return replace(request, matching=inside, items=items)

    return Seams(request=taken)


def _items_of(mode: str, items: Items) -> Items:
    """The items with the keys of another mode, as far as they were read."""
    nothing: list[Value | None] = [None] * items.count
    return replace(
        items, columns={key: items.columns.get(key, nothing) for key in MODES[mode].keys}
    )


def _adding_items_of(name: str) -> Seams:
    """An item that this object holds under the name data is one of the batch."""

    def taken(_: Call, request: Request, __: Settings) -> Request:
        inside, items = request.objects.get(name, {}).get("data"), request.items
        if items is None or not isinstance(inside, dict):
            return request
        columns = {key: [*column, inside.get(key)] for key, column in items.columns.items()}
        return replace(request, items=Items(items.count + 1, columns))

    return Seams(request=taken)


DEFECTS: Final = (
    Defect(
        "matching-required",
        "payload.optional",
        "matching must be given.",
        refusing(lambda _, request: request.matching is None, "matching is required"),
    ),
    Defect(
        "format-required",
        "payload.optional",
        "format must be given.",
        refusing(lambda _, request: request.answer_format is None, "format is required"),
    ),
    Defect(
        "skip-triggers-required",
        "payload.optional",
        "Where content is given, skip_triggers must be, too.",
        refusing(
            lambda _, request: "content" in request.objects and request.skip_triggers is None,
            "skip_triggers is required",
        ),
    ),
    Defect(
        "both-objects-refused",
        "payload.optional",
        "content and custom_data together are refused.",
        refusing(lambda _, request: len(request.objects) == 2, "content or custom_data"),
    ),
    Defect(
        "content-beyond-32-levels-refused",
        "payload.content",
        "content of more than 32 levels is refused.",
        refusing(lambda _, request: _levels(request.objects.get("content")) > 32, "too deep"),
    ),
    Defect(
        "content-refused",
        "payload.content",
        "content is refused.",
        refusing(lambda _, request: "content" in request.objects, "unknown key content"),
    ),
    Defect(
        "content-takes-item",
        "payload.content",
        "Where content is given, the last profile is left out.",
        _losing(lambda _, request: bool(request.objects.get("content"))),
    ),
    Defect(
        "content-nested-refused",
        "payload.content",
        "Objects and arrays within content are refused.",
        refusing(lambda _, request: _nested(request, "content"), "content: expected text"),
    ),
    Defect(
        "content-sets-matching",
        "payload.content",
        "Without matching, the key matching inside content is taken for it.",
        _setting_matching("content"),
    ),
    Defect(
        "content-holds-items",
        "payload.content",
        "What content holds under the name data is searched, too.",
        _adding_items_of("content"),
    ),
    Defect(
        "custom-data-refused",
        "payload.custom-data",
        "custom_data is refused.",
        refusing(lambda _, request: "custom_data" in request.objects, "unknown key custom_data"),
    ),
    Defect(
        "custom-data-takes-item",
        "payload.custom-data",
        "Where custom_data is given, the last profile is left out.",
        _losing(lambda _, request: bool(request.objects.get("custom_data"))),
    ),
    Defect(
        "custom-data-ascii-only",
        "payload.custom-data",
        "custom_data beyond ASCII is refused.",
        refusing(
            lambda _, request: _beyond_ascii(request, "custom_data"), "custom_data: not ASCII"
        ),
    ),
    Defect(
        "custom-data-flat-only",
        "payload.custom-data",
        "Objects and arrays within custom_data are refused.",
        refusing(lambda _, request: _nested(request, "custom_data"), "custom_data: expected text"),
    ),
    Defect(
        "skip-triggers-false-skips",
        "payload.skip-triggers",
        "skip_triggers false sends to nobody.",
        Seams(ids=lambda _, request, ids: [] if request.skip_triggers is False else ids),
    ),
    Defect(
        "skip-triggers-refused-in-xml",
        "payload.skip-triggers",
        "In XML, skip_triggers is refused.",
        refusing(
            lambda call, request: call.format == "xml" and request.skip_triggers is not None,
            "skip_triggers: expected a boolean",
        ),
    ),
    Defect(
        "content-refused-in-xml",
        "payload.xml-objects",
        "In XML, content is refused in either form.",
        refusing(
            lambda call, request: call.format == "xml" and "content" in request.objects,
            "content: expected an object",
        ),
    ),
    Defect(
        "custom-data-refused-in-xml",
        "payload.xml-objects",
        "In XML, custom_data is refused in either form.",
        refusing(
            lambda call, request: call.format == "xml" and "custom_data" in request.objects,
            "custom_data: expected an object",
        ),
    ),
    Defect(
        "custom-data-sets-matching-in-xml",
        "payload.xml-objects",
        "In XML, without matching, an element matching inside custom_data is taken for it.",
        _setting_matching("custom_data", "xml"),
    ),
    Defect(
        "custom-data-of-megabytes-refused",
        "payload.custom-data",
        "custom_data of more than a megabyte is refused.",
        refusing(
            lambda _, request: len(repr(request.objects.get("custom_data"))) > 1_000_000,
            "custom_data is too large",
        ),
    ),
    Defect(
        "skip-triggers-in-email-only",
        "payload.skip-triggers",
        "skip_triggers: true is taken in the default mode only.",
        refusing(
            lambda _, request: (
                bool(request.skip_triggers) and request.matching not in {None, "email"}
            ),
            "skip_triggers: unknown parameter",
        ),
    ),
    Defect(
        "scripts-refused",
        "payload.content",
        "Content with a script in it is refused.",
        refusing(lambda _, request: "<script" in repr(request.objects.get("content")), "forbidden"),
    ),
    Defect(
        "empty-key-refused",
        "payload.content",
        "A key of content without a character is refused.",
        refusing(
            lambda _, request: "" in request.objects.get("content", {}),
            "content: invalid key",
        ),
    ),
    Defect(
        "long-keys-refused",
        "payload.custom-data",
        "A key of custom_data of more than 64 characters is refused.",
        refusing(
            lambda _, request: any(len(key) > 64 for key in request.objects.get("custom_data", {})),
            "custom_data: invalid key",
        ),
    ),
    Defect(
        "dotted-keys-refused",
        "payload.custom-data",
        "A key of custom_data with a dot is refused.",
        refusing(
            lambda _, request: any("." in key for key in request.objects.get("custom_data", {})),
            "custom_data: invalid key",
        ),
    ),
    Defect(
        "content-adds-an-item-in-xml",
        "payload.content",
        "In XML, an element email within content is an item, too.",
        Seams(request=_item_from_content),
    ),
    Defect(
        "numbers-as-names-refused",
        "payload.content",
        "Content whose names are 0, 1 ... is taken for a list and refused.",
        refusing(
            lambda _, request: any(key.isdigit() for key in request.objects.get("content", {})),
            "content: expected an object",
        ),
    ),
    Defect(
        "control-characters-refused",
        "payload.content",
        "Content with a backspace or a form feed is refused, however it is escaped.",
        refusing(
            lambda _, request: any(
                isinstance(one, str) and not {"\b", "\f"}.isdisjoint(one)
                for one in request.objects.get("content", {}).values()
            ),
            "content: control character",
        ),
    ),
    Defect(
        "percent-signs-refused",
        "payload.content",
        "Content with a per cent sign is taken for a template that is broken, and refused.",
        refusing(
            lambda _, request: "%" in repr(request.objects.get("content")), "content: bad template"
        ),
    ),
    Defect(
        "numbers-beyond-32-bits-refused",
        "payload.custom-data",
        "An integer of custom_data beyond 32 bits is refused.",
        refusing(
            lambda _, request: any(
                isinstance(one, int) and one >> 31 not in (0, -1)
                for one in request.objects.get("custom_data", {}).values()
            ),
            "custom_data: number out of range",
        ),
    ),
    Defect(
        "custom-data-narrows-email",
        "payload.custom-data",
        "With custom_data, matching email looks only into the profile.",
        Seams(request=_narrowed),
    ),
)
