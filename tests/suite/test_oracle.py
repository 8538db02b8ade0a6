"""The oracle: whom a request must find, may find and must not find, by hand-written profiles."""

import pytest

from contracts.matching import MODES
from contracts.model import Format, Item
from endpoint.target import Profile
from tests.asking.oracle import Expected, Oracle
from tests.suite.oracles import (
    ANN,
    BOB,
    NOBODY,
    RICH,
    device,
    each_format,
    email,
    exactly,
    perhaps,
    phone,
    two,
    value,
)

FINDS_ANN: tuple[tuple[str, Item], ...] = (
    ("email", email("ann@example.com")),
    ("email", email("ann.news@example.com")),
    ("email", email("ann.shop@example.com")),
    ("email_profile", email("ann@example.com")),
    ("email_sub", email("ann.news@example.com")),
    ("email_sub", email("ann.shop@example.com")),
    ("phone", phone("+79000000001")),
    ("phone", phone("+79000000002")),
    ("phone", phone("+79000000011")),
    ("phone", phone("+79000000012")),
    ("phone_sub", phone("+79000000012")),
    ("profile_id", {"profile_id": ANN}),
    ("push_sub", device("android-firebase", "ann-device")),
    ("push_sub", device("ios-apns", "shared-device")),
    ("custom", value("003")),
    ("custom_sub", value("ann-channel")),
    ("custom_sub", value("0042")),
    ("email_phone", email("ann@example.com")),
    ("email_phone", phone("+79000000002")),
    ("email_phone", {"email": "ann@example.com", "phone": "+79000000002"}),
    ("email_phone_sub", email("ann.shop@example.com")),
    ("email_phone_sub", phone("+79000000011")),
    ("email_phone_sub", {"email": "ann.shop@example.com", "phone": "+79000000011"}),
)


@each_format
@pytest.mark.parametrize(("mode", "item"), FINDS_ANN)
def test_a_value_where_the_mode_looks_must_find_its_profile(
    mode: str, item: Item, fmt: Format
) -> None:
    """Each mode demands the profile that holds the value in its place, and nobody else."""
    assert RICH.expected(mode, [item], fmt) == exactly(ANN)


def test_each_of_the_eleven_modes_is_in_the_table_above() -> None:
    """No mode is left out of the cases that must find somebody."""
    assert {mode for mode, _ in FINDS_ANN} == set(MODES)


FINDS_NOBODY: tuple[tuple[str, Item], ...] = (
    ("email", email("ann@example.co")),
    ("email", email("nn@example.com")),
    ("email", phone("+79000000001")),
    ("email_profile", email("ann.news@example.com")),
    ("email_sub", email("ann@example.com")),
    ("phone", phone("+7900000000")),
    ("phone", email("ann@example.com")),
    ("phone_sub", phone("+79000000001")),
    ("profile_id", {"profile_id": ANN[:-1] + "f"}),
    ("profile_id", email("ann@example.com")),
    ("push_sub", device("ios-apns", "ann-device")),
    ("push_sub", {"subscription_id": "ann-device"}),
    ("push_sub", {"provider": "android-firebase"}),
    ("custom", value("ann-channel")),
    ("custom", value("030")),
    ("custom_sub", value("003")),
    ("email_phone", {"profile_id": ANN}),
    ("email_phone_sub", email("ann@example.com")),
    ("email_phone_sub", phone("+79000000002")),
)


@each_format
@pytest.mark.parametrize(("mode", "item"), FINDS_NOBODY)
def test_a_value_elsewhere_must_find_nobody(mode: str, item: Item, fmt: Format) -> None:
    """A value in another place, under another key or unknown allows nobody, and an error."""
    assert RICH.expected(mode, [item], fmt) == NOBODY


MAY_FIND_ANN: tuple[tuple[str, Item], ...] = (
    ("email", email("Ann@Example.COM")),
    ("email_sub", email(" ann.news@example.com")),
    ("phone", phone("79000000001")),
    ("phone", phone("89000000001")),
    ("phone_sub", phone("+7 (900) 000-00-12")),
    ("profile_id", {"profile_id": ANN.upper()}),
    ("email_phone", email("ann.news@example.com")),
    ("email_phone", phone("+79000000011")),
)


@each_format
@pytest.mark.parametrize(("mode", "item"), MAY_FIND_ANN)
def test_what_a_lenient_reading_finds_is_neither_demanded_nor_forbidden(
    mode: str, item: Item, fmt: Format
) -> None:
    """Letter case, a phone's spelling and the pages' contradictions leave the answer open."""
    assert RICH.expected(mode, [item], fmt) == perhaps(ANN)


@each_format
def test_keys_that_name_different_profiles_may_find_either(fmt: Format) -> None:
    """Who wins where e-mail and phone disagree is open: either, both, nobody or an error."""
    item = {"email": "ann@example.com", "phone": "+79000000005"}

    assert RICH.expected("email_phone", [item], fmt) == perhaps(ANN, BOB)


def test_a_second_key_that_the_mode_does_not_have_counts_for_nothing() -> None:
    """In email, another profile's phone beside the e-mail finds nobody else."""
    item = {"email": "ann@example.com", "phone": "+79000000005"}

    assert RICH.expected("email", [item], "json") == exactly(ANN)


@each_format
def test_an_address_of_two_profiles_may_find_either(fmt: Format) -> None:
    """What happens where several profiles match one item is open."""
    both = Oracle(
        (Profile(ANN, email="x@example.com"), Profile(BOB, email_subs=("x@example.com",)))
    )

    assert both.expected("email", [email("x@example.com")], fmt) == perhaps(ANN, BOB)


@each_format
def test_a_field_and_a_strangers_subscription_leave_email_phone_open(fmt: Format) -> None:
    """An address in one profile's field and in another's subscription may find either."""
    both = Oracle(
        (Profile(ANN, email="x@example.com"), Profile(BOB, email_subs=("x@example.com",)))
    )

    assert both.expected("email_phone", [email("x@example.com")], fmt) == perhaps(ANN, BOB)


# ------------------------------------------------------------------ types and numbers


@each_format
def test_a_string_with_zeros_finds_its_own_profile(fmt: Format) -> None:
    """Where one profile has "003" and another 3, "003" finds the first only."""
    assert RICH.expected("custom", [value("003")], fmt) == exactly(ANN)


@each_format
def test_an_integer_finds_its_own_profile(fmt: Format) -> None:
    """Where one profile has "003" and another 3, 3 finds the second only."""
    assert RICH.expected("custom", [value(3)], fmt) == exactly(BOB)


def test_a_string_of_an_integers_digits_is_open_in_json() -> None:
    """The string "3" may find the profile that has the integer 3."""
    assert two(ann="x", bob=3).expected("custom", [value("3")], "json") == perhaps(BOB)


def test_a_string_of_an_integers_digits_is_the_integer_in_xml() -> None:
    """XML has no types: the text 3 finds the profile that has the integer 3."""
    assert RICH.expected("custom", [value("3")], "xml") == exactly(BOB)


@each_format
def test_zeros_are_lenient_where_nobody_else_has_the_value(fmt: Format) -> None:
    """Where nothing tells them apart, "003" may find the profile that has 3."""
    alone = two(ann="other", bob=3)

    assert alone.expected("custom", [value("003")], fmt) == perhaps(BOB)


def test_in_json_a_string_must_find_its_profile_and_may_find_the_integers() -> None:
    """With "5" on one profile and 5 on another, JSON's "5" demands the string's."""
    expected = Expected(frozenset({ANN}), frozenset({ANN, BOB}), refusable=False)

    assert two(ann="5", bob=5).expected("custom", [value("5")], "json") == expected


def test_in_xml_a_string_and_an_integer_of_the_same_digits_are_one_text() -> None:
    """With "5" on one profile and 5 on another, XML's 5 may find either."""
    assert two(ann="5", bob=5).expected("custom", [value("5")], "xml") == perhaps(ANN, BOB)


def test_a_value_that_xml_cannot_tell_apart_identifies_nobody() -> None:
    """Where "5" and 5 are on two profiles, neither is used as a value that finds just one."""
    assert two(ann="5", bob=5).identifiers("custom") == ()


@each_format
@pytest.mark.parametrize(("number", "owner"), [(2**53, ANN), (2**53 + 1, BOB)])
def test_neighbours_beyond_2_53_find_each_their_own(number: int, owner: str, fmt: Format) -> None:
    """2^53 and 2^53 + 1 are two integers, though one float."""
    oracle = two(ann=2**53, bob=2**53 + 1)

    assert oracle.expected("custom", [value(number)], fmt) == exactly(owner)


@each_format
def test_a_neighbour_that_nobody_has_finds_nobody(fmt: Format) -> None:
    """2^53 + 1 finds nobody where one profile has 2^53 and none has the neighbour."""
    assert two(ann=2**53, bob=7).expected("custom", [value(2**53 + 1)], fmt) == NOBODY


@pytest.mark.parametrize(("ann", "bob"), [("003", 3), (2**53, 2**53 + 1), (2**53, "x")])
def test_lookalikes(ann: str | int, bob: str | int) -> None:
    """A value has a lookalike exactly where another profile's is the same number to a float."""
    oracle = two(ann=ann, bob=bob)

    assert oracle.has_lookalike(oracle.identifiers("custom")[0]) is isinstance(bob, int)


# ------------------------------------------------------------------ batches


def test_a_batch_demands_what_its_items_demand() -> None:
    """Two items that find two profiles demand both, and an error is no answer."""
    items = [email("ann@example.com"), email("nobody@example.com"), email("bob@example.com")]

    assert RICH.expected("email", items, "json") == exactly(ANN, BOB)


def test_a_batch_with_an_open_item_may_not_be_refused() -> None:
    """An item in other letter case beside a plain one: the plain one's profile is demanded."""
    items = [email("BOB@example.com"), email("ann@example.com")]
    expected = Expected(frozenset({ANN}), frozenset({ANN, BOB}), refusable=False)

    assert RICH.expected("email", items, "json") == expected


def test_an_empty_batch_finds_nobody() -> None:
    """No items demand nothing, allow nobody, and may be refused."""
    assert RICH.expected("email", [], "json") == NOBODY
