"""Defects of the family matching: whom a mode must find and does not."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

from collections.abc import Callable
from typing import Final

from contracts.matching import MODES, Place
from endpoint.mock.behaviour import Seams, Stored
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call, Hits, Request, Settings

Values = tuple[Stored, ...]


def _first(mode: str, place: Place, count: int) -> Seams:
    """The mode finds only so many of a profile's values."""
    return _bent(mode, place, lambda values: values[:count])


def _only(mode: str, place: Place, wanted: Callable[[Stored], bool]) -> Seams:
    """The mode finds only such values."""
    return _bent(mode, place, lambda values: tuple(one for one in values if wanted(one)))


def _as(mode: str, place: Place, bent: Callable[[str], str]) -> Seams:
    """The mode has strings stored otherwise than they are searched."""
    return _bent(
        mode,
        place,
        lambda values: tuple(bent(one) if isinstance(one, str) else one for one in values),
    )


def _bent(mode: str, place: Place, bent: Callable[[Values], Values]) -> Seams:
    def kept(of_mode: str, of_place: Place, values: Values) -> Values:
        return bent(values) if (of_mode, of_place) == (mode, place) else values

    return Seams(stored=kept)


def _without(mode: str, place: Place) -> Seams:
    """The mode forgets one of the places that it should search."""
    searches = tuple(search for search in MODES[mode].searches if search.place != place)
    return Seams(searches={mode: searches})


def _default_is_profile(call: Call, request: Request, settings: Settings) -> Request:
    if request.matching is None:
        request.matching = "email_profile"
    return request


def _default_is_profile_in_xml(call: Call, request: Request, settings: Settings) -> Request:
    return _default_is_profile(call, request, settings) if call.format == "xml" else request


def _unlike_neighbours(request: Request, hits: Hits) -> Hits:
    """In profile_id mode an item is lost where another one found a profile before it."""
    return hits[:1] if request.matching == "profile_id" else hits


def _hidden(mode: str, key: str, *, by: str) -> Seams:
    """In this mode, a key of an item is not looked at where the item has the other one."""

    def hidden(call: Call, request: Request, settings: Settings) -> Request:
        if request.matching == mode and request.items is not None:
            columns = request.items.columns
            columns[key] = [
                None if other else value
                for value, other in zip(columns[key], columns[by], strict=True)
            ]
        return request

    return Seams(request=hidden)


DEFECTS: Final = (
    Defect(
        "default-is-email-profile",
        "matching.default",
        "Without matching, subscriptions are not searched.",
        Seams(request=_default_is_profile),
    ),
    Defect(
        "default-is-email-profile-in-xml",
        "matching.default",
        "In XML, without matching, subscriptions are not searched.",
        Seams(request=_default_is_profile_in_xml),
    ),
    Defect(
        "email-without-subscriptions",
        "matching.email",
        "email searches the profile field only.",
        _without("email", "email_subs"),
    ),
    Defect(
        "email-without-profile",
        "matching.email",
        "email searches subscriptions only.",
        _without("email", "email"),
    ),
    Defect(
        "email-profile-apostrophe-doubled",
        "matching.email_profile",
        "An apostrophe in a profile's e-mail is stored doubled, as SQL escapes it.",
        _as("email_profile", "email", lambda value: value.replace("'", "''")),
    ),
    Defect(
        "email-sub-first-only",
        "matching.email_sub",
        "Only the first e-mail subscription of a profile is found.",
        _first("email_sub", "email_subs", 1),
    ),
    Defect(
        "email-sub-third-lost",
        "matching.email_sub",
        "The third e-mail subscription of a profile is not found.",
        _first("email_sub", "email_subs", 2),
    ),
    Defect(
        "email-sub-plus-is-space",
        "matching.email_sub",
        "A plus in a subscription's address is stored as a space.",
        _as("email_sub", "email_subs", lambda value: value.replace("+", " ")),
    ),
    Defect(
        "phone-second-lost",
        "matching.phone",
        "Only the first phone of a profile is found.",
        _first("phone", "phones", 1),
    ),
    Defect(
        "phone-without-subscriptions",
        "matching.phone",
        "phone does not search SMS subscriptions.",
        _without("phone", "phone_subs"),
    ),
    Defect(
        "phone-sub-second-lost",
        "matching.phone_sub",
        "Only the first SMS subscription of a profile is found.",
        _first("phone_sub", "phone_subs", 1),
    ),
    Defect(
        "profile-id-letter-lost",
        "matching.profile_id",
        "An identifier that ends in a letter is not found.",
        _only("profile_id", "profile_id", lambda value: str(value)[-1].isdigit()),
    ),
    Defect(
        "profile-id-one-only",
        "matching.profile_id",
        "profile_id finds the first profile of a batch only.",
        Seams(hits=_unlike_neighbours),
    ),
    Defect(
        "push-second-lost",
        "matching.push_sub",
        "Only the first push subscription of a profile is found.",
        _first("push_sub", "push_subs", 1),
    ),
    Defect(
        "push-ios-lost",
        "matching.push_sub",
        "Push subscriptions at iOS providers are not found.",
        _only("push_sub", "push_subs", lambda value: not str(value).startswith("('ios")),
    ),
    Defect(
        "push-long-lost",
        "matching.push_sub",
        "A device id of more than 128 characters is not found.",
        _only("push_sub", "push_subs", lambda value: len(str(value)) <= 128),
    ),
    Defect(
        "custom-integers-lost",
        "matching.custom",
        "Profiles whose custom field is an integer are not found.",
        _only("custom", "custom", lambda value: isinstance(value, str)),
    ),
    Defect(
        "custom-falsy-lost",
        "matching.custom",
        "A profile whose custom field is 0 is not found, as if it had none.",
        _only("custom", "custom", bool),
    ),
    Defect(
        "custom-negative-lost",
        "matching.custom",
        "Profiles whose custom field is a negative integer are not found.",
        _only("custom", "custom", lambda value: not str(value).startswith("-")),
    ),
    Defect(
        "custom-long-cut",
        "matching.custom",
        "A custom value is stored with 64 characters at most.",
        _as("custom", "custom", lambda value: value[:64]),
    ),
    Defect(
        "custom-quotes-escaped",
        "matching.custom",
        "A quotation mark in a custom value is stored as &quot;.",
        _as("custom", "custom", lambda value: value.replace('"', "&quot;")),
    ),
    Defect(
        "custom-sub-second-lost",
        "matching.custom_sub",
        "Only the first custom-channel subscription of a profile is found.",
        _first("custom_sub", "custom_subs", 1),
    ),
    Defect(
        "custom-sub-ampersand-escaped",
        "matching.custom_sub",
        "An ampersand in a channel's value is stored as &amp;.",
        _as("custom_sub", "custom_subs", lambda value: value.replace("&", "&amp;")),
    ),
    Defect(
        "email-phone-without-phones",
        "matching.email_phone",
        "email_phone does not search phones.",
        _without("email_phone", "phones"),
    ),
    Defect(
        "email-phone-without-emails",
        "matching.email_phone",
        "email_phone does not search the e-mail field.",
        _without("email_phone", "email"),
    ),
    Defect(
        "email-phone-email-hides-phone",
        "matching.email_phone",
        "email_phone does not try the phone of an item whose e-mail finds nobody.",
        _hidden("email_phone", "phone", by="email"),
    ),
    Defect(
        "email-phone-sub-without-phones",
        "matching.email_phone_sub",
        "email_phone_sub does not search SMS subscriptions.",
        _without("email_phone_sub", "phone_subs"),
    ),
    Defect(
        "email-phone-sub-without-emails",
        "matching.email_phone_sub",
        "email_phone_sub does not search e-mail subscriptions.",
        _without("email_phone_sub", "email_subs"),
    ),
    Defect(
        "email-phone-sub-phone-hides-email",
        "matching.email_phone_sub",
        "email_phone_sub does not try the e-mail of an item whose phone finds nobody.",
        _hidden("email_phone_sub", "email", by="phone"),
    ),
)
