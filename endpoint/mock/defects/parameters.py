"""Defects of the family parameters."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import re
from collections.abc import Callable
from typing import Final

from contracts.matching import MODES
from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call, Items, Request, Settings
from endpoint.mock.reading import refuse

MATCHING: Final = re.compile(rb"(\"matching\"\s*:\s*\"|<matching>)([^\"<]*)(\"|</matching>)")


def _no_trigger_is_fine(call: Call, request: Request, settings: Settings) -> Request:
    if request.trigger_id is None:
        request.trigger_id = settings.trigger_id
    return request


def _no_trigger_is_fine_in_xml(call: Call, request: Request, settings: Settings) -> Request:
    return _no_trigger_is_fine(call, request, settings) if call.format == "xml" else request


def _any_trigger(call: Call, request: Request, settings: Settings) -> Request:
    if request.trigger_id is not None:
        request.trigger_id = settings.trigger_id
    return request


def _negative_trigger(call: Call, request: Request, settings: Settings) -> Request:
    """The sign is lost."""
    if request.trigger_id is not None:
        request.trigger_id = abs(request.trigger_id)
    return request


def _trigger_zero(call: Call, request: Request, settings: Settings) -> Request:
    """Zero means the first campaign that there is."""
    if request.trigger_id == 0:
        request.trigger_id = settings.trigger_id
    return request


_NO_ARRAY: Final = re.compile(rb'"data":("[^"]*"|\d+|true)')


def _no_array_is_empty(call: Call, body: bytes) -> bytes:
    return _NO_ARRAY.sub(b'"data":[]', body) if call.format == "json" else body


def _no_data_is_fine(call: Call, request: Request, settings: Settings) -> Request:
    request.items = request.items or Items(0, {key: [] for key in _keys(request)})
    return request


def _no_data_is_fine_in_xml(call: Call, request: Request, settings: Settings) -> Request:
    return _no_data_is_fine(call, request, settings) if call.format == "xml" else request


def _keys(request: Request) -> tuple[str, ...]:
    mode = MODES.get(request.matching or "email")
    return mode.keys if mode else ()


def _unknown_matching_is_email(call: Call, body: bytes) -> bytes:
    """Whatever is not known is searched as email is."""
    return _with_matching(body, lambda name: name if name in MODES else "email")


def _matching_by_start(call: Call, body: bytes) -> bytes:
    """A name that begins like a known one is that one."""

    def known(name: str) -> str:
        starts = [mode for mode in MODES if name.startswith(mode)]
        return max(starts, key=len, default=name)

    return _with_matching(body, known)


def _profile_id_by_start(call: Call, body: bytes) -> bytes:
    """A pattern without its end."""
    return _with_matching(body, lambda name: re.sub("^profile_id.+", "profile_id", name))


def _no_text_is_email(_: Call, body: bytes) -> bytes:
    """A number or a boolean in the place of matching is passed over: the default holds."""
    return re.sub(rb'"matching": ?(?:true|false|[0-9]+)', b'"matching":"email"', body, count=1)


def _with_matching(body: bytes, known: Callable[[str], str]) -> bytes:
    def put(match: re.Match[bytes]) -> bytes:
        name = match[2].decode("utf-8", "replace")
        return match[1] + known(name).encode() + match[3]

    return MATCHING.sub(put, body)


def _field_name_may_lack(call: Call, request: Request, settings: Settings) -> Request:
    if request.field_name is None and request.matching == "custom":
        request.field_name = settings.field_name
    return request


def _field_name_may_lack_in_sub(call: Call, request: Request, settings: Settings) -> Request:
    if request.field_name is None and request.matching == "custom_sub":
        request.field_name = settings.field_name
    return request


def _any_field_name(call: Call, request: Request, settings: Settings) -> Request:
    if request.field_name:
        request.field_name = settings.field_name
    return request


def _field_by_start(call: Call, request: Request, settings: Settings) -> Request:
    if request.field_name and settings.field_name.startswith(request.field_name):
        request.field_name = settings.field_name
    return request


def _any_field_name_for_sub(call: Call, request: Request, settings: Settings) -> Request:
    return _any_field_name(call, request, settings) if request.matching == "custom_sub" else request


def _in_mode(mode: str, bent: Callable[[Call, Request, Settings], Request]) -> Seams:
    """A bug of one mode only."""

    def of_mode(call: Call, request: Request, settings: Settings) -> Request:
        return bent(call, request, settings) if request.matching == mode else request

    return Seams(request=of_mode)


def _phone_profile_is_phone(call: Call, body: bytes) -> bytes:
    return MATCHING.sub(
        lambda found: found[1] + found[2].replace(b"phone_profile", b"phone") + found[3], body
    )


def _late_matching_is_lost(call: Call, body: bytes) -> bytes:
    """What stands behind the first 64 KiB is items, to a reader in a hurry."""
    found = MATCHING.search(body, 65_536)
    return body[: found.start(2)] + b"email" + body[found.end(2) :] if found else body


def _large_needs_matching(call: Call, request: Request, settings: Settings) -> Request:
    if request.matching is None and request.items and request.items.count > 1_000:
        refuse("matching is required")
    return request


DEFECTS: Final = (
    Defect(
        "trigger-not-required",
        "parameters.trigger-id-required",
        "Without trigger_id the only campaign is launched.",
        Seams(request=_no_trigger_is_fine),
    ),
    Defect(
        "trigger-not-required-in-xml",
        "parameters.trigger-id-required",
        "In XML, without trigger_id the only campaign is launched.",
        Seams(request=_no_trigger_is_fine_in_xml),
    ),
    Defect(
        "any-trigger",
        "parameters.trigger-id-chooses",
        "Whatever trigger_id says, the only campaign is launched.",
        Seams(request=_any_trigger),
    ),
    Defect(
        "negative-trigger",
        "parameters.trigger-id-chooses",
        "The sign of trigger_id is lost.",
        Seams(request=_negative_trigger),
    ),
    Defect(
        "trigger-zero",
        "parameters.trigger-id-chooses",
        "trigger_id 0 launches the first campaign.",
        Seams(request=_trigger_zero),
    ),
    Defect(
        "data-not-required",
        "parameters.data-required",
        "Without data the answer is a success.",
        Seams(request=_no_data_is_fine),
    ),
    Defect(
        "data-of-any-type",
        "parameters.data-array",
        "data that is no array is taken for an empty one.",
        Seams(body=_no_array_is_empty),
    ),
    Defect(
        "data-not-required-in-xml",
        "parameters.data-required",
        "In XML, without data the answer is a success.",
        Seams(request=_no_data_is_fine_in_xml),
    ),
    Defect(
        "unknown-matching-is-email",
        "parameters.matching-values",
        "An unknown matching is searched as email is.",
        Seams(body=_unknown_matching_is_email),
    ),
    Defect(
        "matching-by-start",
        "parameters.matching-values",
        "A matching that begins with a known one is searched as that one.",
        Seams(body=_matching_by_start),
    ),
    Defect(
        "matching-profile-id-by-start",
        "parameters.matching-values",
        "A matching that begins with profile_id is searched as that one.",
        Seams(body=_profile_id_by_start),
    ),
    Defect(
        "field-name-not-required",
        "parameters.field-name-required",
        "custom without field_name searches the only field.",
        Seams(request=_field_name_may_lack),
    ),
    Defect(
        "field-name-not-required-for-sub",
        "parameters.field-name-required",
        "custom_sub without field_name searches the only field.",
        Seams(request=_field_name_may_lack_in_sub),
    ),
    Defect(
        "any-field-name",
        "parameters.field-name-chooses",
        "Whatever field_name says, the only field is searched.",
        Seams(request=_any_field_name),
    ),
    Defect(
        "field-name-by-start",
        "parameters.field-name-chooses",
        "The beginning of a field's name is enough.",
        Seams(request=_field_by_start),
    ),
    Defect(
        "any-field-name-for-sub",
        "parameters.field-name-chooses",
        "With custom_sub, whatever field_name says, the only field is searched.",
        Seams(request=_any_field_name_for_sub),
    ),
    Defect(
        "matching-of-no-text-is-email",
        "parameters.matching-values",
        "matching that is no string is taken as email.",
        Seams(body=_no_text_is_email),
    ),
    Defect(
        "no-trigger-in-custom",
        "parameters.trigger-id-required",
        "Matching by a custom field does without trigger_id.",
        _in_mode("custom", _no_trigger_is_fine),
    ),
    Defect(
        "any-trigger-in-email-profile",
        "parameters.trigger-id-chooses",
        "email_profile sends whatever campaign is named.",
        _in_mode("email_profile", _any_trigger),
    ),
    Defect(
        "phone-profile-is-phone",
        "parameters.matching-values",
        "matching takes phone_profile, too, by analogy.",
        Seams(body=_phone_profile_is_phone),
    ),
    Defect(
        "matching-behind-data-lost",
        "spelling.json",
        "matching that stands behind 64 KiB of data is not read.",
        Seams(body=_late_matching_is_lost),
    ),
    Defect(
        "default-for-few",
        "matching.default",
        "More than 1,000 items without matching are refused.",
        Seams(request=_large_needs_matching),
    ),
)
