"""The oracle: what the profiles offer to ask for, and which clause one named wrongly breaks."""

import pytest

from contracts.matching import MODES
from contracts.model import Item
from endpoint.target import Profile
from tests.asking.oracle import Oracle
from tests.suite.oracles import ANN, BOB, RICH, device, email, phone, two, value

# ------------------------------------------------------------------ what the target file offers


def test_a_mode_without_values_is_not_supported() -> None:
    """A target whose profiles have e-mails only cannot show the phone modes."""
    oracle = Oracle((Profile(ANN, email="ann@example.com"),))

    assert [mode for mode in MODES if oracle.supports(mode)] == [
        "email", "email_profile", "profile_id", "email_phone",
    ]  # fmt: skip


def test_identifiers_are_values_that_find_one_profile() -> None:
    """A shared address is no identifier; an own one is."""
    oracle = Oracle(
        (
            Profile(ANN, email="x@example.com", email_subs=("ann@example.com",)),
            Profile(BOB, email_subs=("x@example.com",)),
        )
    )

    assert [one.item for one in oracle.identifiers("email")] == [email("ann@example.com")]


def test_one_each_gives_a_profiles_later_value() -> None:
    """The second value of each profile where it has one, else its last."""
    found = [one.item for one in RICH.one_each("phone_sub", 1)]

    assert found == [phone("+79000000012"), phone("+79000000015")]


def test_elsewhere_are_values_that_the_mode_must_not_find() -> None:
    """For phone_sub these are the phones of profile fields."""
    found = [one.item for one in RICH.elsewhere("phone_sub")]

    assert found == [phone("+79000000001"), phone("+79000000002"), phone("+79000000005")]


def test_elsewhere_leaves_out_what_may_be_found() -> None:
    """For email_phone subscriptions are open, so that nothing is surely elsewhere."""
    assert RICH.elsewhere("email_phone") == ()


def test_an_identifier_prints_without_its_value() -> None:
    """A test's name holds the end of a profile's id, a place and a number; no address."""
    assert [str(one) for one in RICH.identifiers("email_sub")] == [
        "57a1.email_subs.0", "57a1.email_subs.1", "57b2.email_subs.0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "known"),
    [
        (email("ann@example.com"), 1),
        (value(3), 1),
        ({"anything": "shared-device"}, 1),
        (email("nobody@example.com"), 0),
    ],
)
def test_a_known_value_under_any_key_counts_as_a_possible_send(item: Item, known: int) -> None:
    """The budget of sends counts an item that a wrong server might find."""
    assert RICH.known_at_all(item) == known


# ------------------------------------------------------------------ which clause was broken

BROKEN_BY: tuple[tuple[str, Item, str, str], ...] = (
    ("email", email("ann@example.com"), "6606e08f10bcdd88297057ff", "batch.nobody-else"),
    ("email_profile", email("bob.news@example.com"), BOB, "matching.place"),
    ("email_sub", email("bob@example.com"), BOB, "matching.place"),
    ("phone_sub", phone("+79000000005"), BOB, "matching.place"),
    ("custom", value("bob-channel"), BOB, "matching.place"),
    ("push_sub", device("android-huawei", "bob-device"), BOB, "matching.provider"),
    ("push_sub", device("ios-apns", "bob-devic"), BOB, ""),
    ("email", {"email": "ann@example.com", "phone": "+79000000005"}, BOB, "matching.own-key"),
    ("email", {"profile_id": BOB}, BOB, "matching.own-key"),
    ("custom", value("003"), BOB, "matching.types"),
    ("custom_sub", value("0042"), BOB, "matching.types"),
    ("email", email("ob@example.com"), BOB, ""),
    ("custom", value("30"), BOB, ""),
)


@pytest.mark.parametrize(("mode", "item", "named", "clause"), BROKEN_BY)
def test_the_broken_clause_is_read_off_the_profile(
    mode: str, item: Item, named: str, clause: str
) -> None:
    """A profile named wrongly is traced to the value by which the server took it."""
    assert RICH.broken_by(mode, [item], named) == clause


def test_the_clause_of_a_rounded_integer() -> None:
    """A server that finds 2^53 by 2^53 + 1 compares floats: that is a matter of types."""
    oracle = two(ann=2**53, bob=7)

    assert oracle.broken_by("custom", [value(2**53 + 1)], ANN) == "matching.types"
