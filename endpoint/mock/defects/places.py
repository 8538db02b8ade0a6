"""Defects of the family matching: where a mode searches and must not."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import re
from typing import Final

from contracts.matching import MODES, Place, Search
from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call, Request, Settings, Value


def _searching(**modes: tuple[Search, ...]) -> Seams:
    return Seams(searches=modes)


def _also(mode: str, place: Place) -> Seams:
    """The mode also finds what stands at another place."""
    searches = MODES[mode].searches
    return Seams(searches={mode: (*searches, Search(searches[0].keys, place))})


def _any_provider(key: str, value: Value) -> Value:
    """Of a push subscription only the device is compared."""
    if key == "subscription_id" and isinstance(value, str):
        size, _, rest = value.partition(":")
        return rest[int(size) :]
    return value


def _provider_family(key: str, value: Value) -> Value:
    """android-firebase and android-huawei are one provider."""
    if key == "subscription_id" and isinstance(value, str):
        size, _, rest = value.partition(":")
        return rest[: int(size)].partition("-")[0] + ":" + rest[int(size) :]
    return value


def _unknown_provider_passed_over(call: Call, request: Request, settings: Settings) -> Request:
    """A provider that no subscription has is replaced by the one that has the device."""
    if request.matching == "push_sub" and request.items is not None:
        held = [one for profile in settings.profiles for one in profile.push_subs]
        at = {one.subscription_id: one.provider for one in held}
        providers = {one.provider for one in held}
        columns = request.items.columns
        columns["provider"] = [
            provider if provider in providers else at.get(str(device), provider)
            for provider, device in zip(
                columns["provider"], columns["subscription_id"], strict=True
            )
        ]
    return request


def _first_key_decides(call: Call, body: bytes) -> bytes:
    """In JSON without matching, a first item with a phone makes the search one by phone."""
    if b'"matching"' in body or not re.search(rb'"data"\s*:\s*\[\s*\{\s*"phone"', body):
        return body
    return body.replace(b"{", b'{"matching":"phone",', 1)


DEFECTS: Final = (
    Defect(
        "email-profile-finds-subscriptions",
        "matching.place",
        "email_profile also searches subscriptions.",
        _also("email_profile", "email_subs"),
    ),
    Defect(
        "email-sub-finds-profile",
        "matching.place",
        "email_sub also searches the profile field.",
        _also("email_sub", "email"),
    ),
    Defect(
        "phone-sub-finds-profile",
        "matching.place",
        "phone_sub also searches the profile's phones.",
        _also("phone_sub", "phones"),
    ),
    Defect(
        "profile-id-finds-email",
        "matching.place",
        "profile_id also searches the e-mail of the profile.",
        _also("profile_id", "email"),
    ),
    Defect(
        "custom-finds-subscriptions",
        "matching.place",
        "custom also searches custom-channel subscriptions.",
        _also("custom", "custom_subs"),
    ),
    Defect(
        "custom-sub-finds-profile",
        "matching.place",
        "custom_sub also searches the profile's field.",
        _also("custom_sub", "custom"),
    ),
    Defect(
        "email-phone-sub-finds-profile",
        "matching.place",
        "email_phone_sub also searches the profile's phones.",
        _searching(
            email_phone_sub=(*MODES["email_phone_sub"].searches, Search(("phone",), "phones"))
        ),
    ),
    Defect(
        "any-provider",
        "matching.provider",
        "A device is found at any provider.",
        Seams(key=_any_provider),
    ),
    Defect(
        "provider-family",
        "matching.provider",
        "A device is found at another provider of the same system.",
        Seams(key=_provider_family),
    ),
    Defect(
        "unknown-provider-passed-over",
        "matching.provider",
        "A device is found under a provider that no subscription has.",
        Seams(request=_unknown_provider_passed_over),
    ),
    Defect(
        "first-key-is-the-default",
        "matching.default",
        "Without matching, a first item with a phone is looked for by phone.",
        Seams(body=_first_key_decides),
    ),
    Defect(
        "email-takes-phone",
        "matching.own-key",
        "With matching email an item's phone is searched, too.",
        _searching(email=(*MODES["email"].searches, Search(("phone",), "phones"))),
    ),
    Defect(
        "custom-takes-email",
        "matching.own-key",
        "With matching custom an item's e-mail is searched, too.",
        _searching(custom=(*MODES["custom"].searches, Search(("email",), "email"))),
    ),
    Defect(
        "custom-takes-profile-id",
        "matching.own-key",
        "With matching custom an item's profile_id is searched, too.",
        _searching(custom=(*MODES["custom"].searches, Search(("profile_id",), "profile_id"))),
    ),
    Defect(
        "phone-sub-takes-email",
        "matching.own-key",
        "With matching phone_sub an item's e-mail is searched, too.",
        _searching(phone_sub=(*MODES["phone_sub"].searches, Search(("email",), "email_subs"))),
    ),
)
