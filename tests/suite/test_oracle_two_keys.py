"""The oracle on items with an e-mail and a phone: whom one finds, what the other changes."""

import pytest

from contracts.model import Format, Item
from endpoint.target import Profile
from tests.asking.oracle import Expected, Oracle
from tests.suite.oracles import ANN, BOB, NOBODY, RICH, each_format, exactly, perhaps

STRANGER = "nobody@nobody.invalid"
"""An e-mail address of nobody's."""

UNLISTED = "+70000000000"
"""A phone of nobody's."""


def both(email: str, phone: str) -> Item:
    """An item that asks for an address and a number."""
    return {"email": email, "phone": phone}


ONE_IS_NOBODYS: tuple[tuple[str, Item], ...] = (
    ("email_phone", both("ann@example.com", UNLISTED)),
    ("email_phone", both(STRANGER, "+79000000002")),
    ("email_phone_sub", both("ann.shop@example.com", UNLISTED)),
    ("email_phone_sub", both(STRANGER, "+79000000011")),
    # By subscriptions, what stands in Bob's own fields is nobody's.
    ("email_phone_sub", both("bob@example.com", "+79000000011")),
    ("email_phone_sub", both("ann.shop@example.com", "+79000000005")),
)


@each_format
@pytest.mark.parametrize(("mode", "item"), ONE_IS_NOBODYS)
def test_a_key_of_nobodys_takes_nothing_away(mode: str, item: Item, fmt: Format) -> None:
    """E-mail or phone: where one is nobody's, the other one's profile is demanded."""
    assert RICH.expected(mode, [item], fmt) == exactly(ANN)


@each_format
def test_two_keys_of_nobodys_find_nobody(fmt: Format) -> None:
    """Two unknown keys demand nothing, allow nobody, and may be refused."""
    assert RICH.expected("email_phone", [both(STRANGER, UNLISTED)], fmt) == NOBODY


OPEN: tuple[tuple[Item, Expected], ...] = (
    (both("ann@example.com", "89000000005"), perhaps(ANN, BOB)),
    (both("ANN@example.com", "+79000000005"), perhaps(ANN, BOB)),
    (both("ann@example.com", "+79000000015"), perhaps(ANN, BOB)),
    (both("bob.news@example.com", "+79000000001"), perhaps(ANN, BOB)),
    (both("ANN@example.com", UNLISTED), perhaps(ANN)),
    (both("ann.news@example.com", UNLISTED), perhaps(ANN)),
    (both("ann.news@example.com", "+79000000011"), perhaps(ANN)),
)
"""An item -> whom it may find: one key is somebody's by some reading only."""


@each_format
@pytest.mark.parametrize(("item", "expected"), OPEN)
def test_a_key_that_is_somebodys_by_some_reading_leaves_the_item_open(
    item: Item, expected: Expected, fmt: Format
) -> None:
    """A lenient spelling, or a subscription, may be in conflict with the other key."""
    assert RICH.expected("email_phone", [item], fmt) == expected


@each_format
def test_a_key_of_two_profiles_leaves_the_item_open(fmt: Format) -> None:
    """An address that two profiles have finds either, whatever the phone beside it."""
    oracle = Oracle((Profile(ANN, email="x@example.com"), Profile(BOB, email="x@example.com")))

    assert oracle.expected("email_phone", [both("x@example.com", UNLISTED)], fmt) == perhaps(
        ANN, BOB
    )


@each_format
def test_a_batch_with_a_key_of_nobodys_may_not_be_refused(fmt: Format) -> None:
    """Items with one unknown key each demand what their known keys find."""
    items = [both("ann@example.com", UNLISTED), both(STRANGER, "+79000000005")]

    assert RICH.expected("email_phone", items, fmt) == exactly(ANN, BOB)
