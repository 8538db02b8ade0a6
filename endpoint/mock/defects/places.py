"""Defects of the family matching: where a mode searches and must not."""

from typing import Final

from contracts.matching import MODES, Place, Search
from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Value


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
        "phone-sub-takes-email",
        "matching.own-key",
        "With matching phone_sub an item's e-mail is searched, too.",
        _searching(phone_sub=(*MODES["phone_sub"].searches, Search(("email",), "email_subs"))),
    ),
)
