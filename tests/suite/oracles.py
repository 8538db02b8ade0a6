"""What the oracle's tests share: two hand-written profiles, and expectations in short."""

import pytest

from contracts.model import FORMATS, Item
from endpoint.target import Profile, PushSubscription
from tests.asking.oracle import Expected, Oracle

ANN = "6606e08f10bcdd88297057a1"
BOB = "6606e08f10bcdd88297057b2"

RICH = Oracle(
    (
        Profile(
            ANN,
            email="ann@example.com",
            phones=("+79000000001", "+79000000002"),
            custom="003",
            email_subs=("ann.news@example.com", "ann.shop@example.com"),
            phone_subs=("+79000000011", "+79000000012"),
            push_subs=(
                PushSubscription("android-firebase", "ann-device"),
                PushSubscription("ios-apns", "shared-device"),
            ),
            custom_subs=("ann-channel", "0042"),
        ),
        Profile(
            BOB,
            email="bob@example.com",
            phones=("+79000000005",),
            custom=3,
            email_subs=("bob.news@example.com",),
            phone_subs=("+79000000015",),
            push_subs=(
                PushSubscription("ios-apns", "bob-device"),
                PushSubscription("android-firebase", "shared-device"),
            ),
            custom_subs=(42, "bob-channel"),
        ),
    )
)

NOBODY = Expected()


def exactly(*profile_ids: str) -> Expected:
    """These profiles, and nobody else."""
    return Expected(frozenset(profile_ids), frozenset(profile_ids), refusable=not profile_ids)


def perhaps(*profile_ids: str) -> Expected:
    """Any of these profiles, none of them, or an error."""
    return Expected(may=frozenset(profile_ids))


def two(**values: str | int) -> Oracle:
    """Ann and Bob, each with one custom value."""
    return Oracle((Profile(ANN, custom=values["ann"]), Profile(BOB, custom=values["bob"])))


def email(address: str) -> Item:
    """An item that asks for an address."""
    return {"email": address}


def phone(number: str) -> Item:
    """An item that asks for a number."""
    return {"phone": number}


def value(of: str | int) -> Item:
    """An item that asks for a custom value."""
    return {"field_value": of}


def device(provider: str, subscription_id: str) -> Item:
    """An item that asks for a push subscription."""
    return {"provider": provider, "subscription_id": subscription_id}


each_format = pytest.mark.parametrize("fmt", FORMATS)
