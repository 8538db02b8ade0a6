"""Items made of known profiles: each is what its method says, or the target cannot show it."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.matching import MODES, PROVIDERS
from contracts.model import FORMATS, Format, Item
from endpoint import target as targets
from endpoint.target import Profile, PushSubscription
from tests.asking import neighbours
from tests.asking.known import LAST, MOST_NEIGHBOURS, Known
from tests.asking.oracle import Identifier, Oracle
from tests.reporting.verdicts import Unsupported
from tests.strategies import plans

ANN = "6606e08f10bcdd88297057a1"
BOB = "6606e08f10bcdd88297057b2"

MOCK = Known(Oracle(targets.load("mock").profiles))
EMPTY = Known(Oracle((Profile(ANN),)))
SMALL = Known(
    Oracle(
        (
            Profile(
                ANN,
                email="ann@example.com",
                phones=("+79000000001",),
                email_subs=("ann.news@example.com",),
            ),
            Profile(BOB, email="bob@example.com", phones=("+79000000005",)),
        )
    )
)

each_mode = pytest.mark.parametrize("mode", MODES)
each_format = pytest.mark.parametrize("fmt", FORMATS)


def must(known: Known, mode: str, item: Item, fmt: Format = "json") -> frozenset[str]:
    """Whom one item must find."""
    return known.oracle.expected(mode, [item], fmt).must


def may(known: Known, mode: str, item: Item, fmt: Format = "json") -> frozenset[str]:
    """Whom one item may find, by any reading."""
    return known.oracle.expected(mode, [item], fmt).may


@each_mode
@each_format
def test_every_known_item_finds_one_profile(mode: str, fmt: Format) -> None:
    """Each item of `every` must find exactly one profile, in both formats."""
    assert {len(must(MOCK, mode, item, fmt)) for item in MOCK.every(mode)} == {1}


@each_mode
def test_one_each_finds_each_profile_once(mode: str) -> None:
    """As many items as profiles that the mode can find."""
    found = [must(MOCK, mode, item) for item in MOCK.one_each(mode)]

    assert len(set(found)) == len(found)
    assert set(found) == {must(MOCK, mode, item) for item in MOCK.every(mode)}


def test_several_are_the_first_the_middle_and_the_last() -> None:
    """Three items that stand for all, each with another of a profile's values."""
    first, second, last = (MOCK.one_each("email", ordinal) for ordinal in (0, 1, LAST))

    assert MOCK.several("email") == [first[0], second[len(second) // 2], last[-1]]


def test_several_are_looked_for_in_each_place() -> None:
    """The profile's own e-mail, and one of a subscription."""
    held = {str(one.item): one.place for one in MOCK.oracle.identifiers("email")}

    assert {held[str(item)] for item in MOCK.several("email")} == {"email", "email_subs"}


def test_several_of_one_is_one() -> None:
    """A target with one profile has one item to give."""
    alone = Known(Oracle((Profile(ANN, email="ann@example.com"),)))

    assert alone.several("email") == [{"email": "ann@example.com"}]


@each_mode
@each_format
def test_a_near_value_is_nobodys(mode: str, fmt: Format) -> None:
    """A value that differs by little may find nobody, by any reading."""
    close = [item for items in MOCK.near(mode) for item in items]

    assert close
    assert not [item for item in close if may(MOCK, mode, item, fmt)]


@each_mode
def test_near_values_fit_in_one_batch(mode: str) -> None:
    """However many profiles there are, the batch stays one that can be read."""
    profiles = tuple(
        Profile(
            f"{number:024x}",
            email=f"p{number}@example.com",
            phones=(f"+7900{number:07}",),
            custom=f"value-{number}",
            email_subs=(f"s{number}@example.com",),
            phone_subs=(f"+7901{number:07}",),
            push_subs=(PushSubscription("ios-apns", f"device-{number}"),),
            custom_subs=(f"channel-{number}",),
        )
        for number in range(0, 6_000, 13)
    )
    batches = Known(Oracle(profiles)).near(mode)

    assert max(map(len, batches)) == MOST_NEIGHBOURS


def every_near(one: Identifier) -> list[Item]:
    """All neighbours of one known value."""
    every = (neighbours.of(one, kind) for kind in range(neighbours.MOST_KINDS))
    return [item for item in every if item is not None]


@pytest.mark.parametrize("place", list(neighbours.CHANGES))
def test_a_neighbour_is_another_value(place: str) -> None:
    """Every change of a known value gives a value that is not the known one."""
    known: list[Identifier] = [
        one for mode in MODES for one in MOCK.oracle.identifiers(mode) if one.place == place
    ]

    assert known
    assert not [one for one in known if one.item in every_near(one)]


@settings(max_examples=200)
@given(st.integers(min_value=-(2**70), max_value=2**70))
def test_the_neighbours_of_an_integer_are_no_spellings_of_it(number: int) -> None:
    """They are other integers, and a text that no conversion as a whole makes an integer of."""
    one = Identifier(ANN, "custom", 0, {"field_value": number})
    *integers, text = (item["field_value"] for item in every_near(one))

    assert {type(each) for each in integers} == {int}
    assert isinstance(text, str)
    with pytest.raises(ValueError, match="invalid literal"):
        int(text)


@settings(max_examples=200)
@given(st.from_regex(r"[0-9a-f]{24}", fullmatch=True))
def test_an_id_has_neighbours_that_are_ids(profile_id: str) -> None:
    """Three neighbours of an id have 24 hexadecimal digits: a server has no reason to refuse them.

    The others have another length, or hold a pattern: it may refuse them, but not find anybody.
    """
    one = Identifier(profile_id, "profile_id", 0, {"profile_id": profile_id})
    near = [str(item["profile_id"]) for item in every_near(one)]
    ids = [each for each in near if len(each) == 24 and set(each) <= set("0123456789abcdef")]

    assert ids == near[:3]
    assert {len(each) for each in near[3:]} > {23, 25}


@settings(max_examples=200)
@given(st.from_regex(r"\+7[0-9]{10}", fullmatch=True))
def test_the_neighbours_of_a_phone_are_phones(number: str) -> None:
    """A phone's neighbours are a plus and digits."""
    one = Identifier(ANN, "phones", 0, {"phone": number})
    near = [str(item["phone"]) for item in every_near(one)]

    assert not [each for each in near if not (each[0] == "+" and each[1:].isdecimal())]


def test_the_neighbours_of_an_address_have_one_at_sign() -> None:
    """An address's neighbours are addresses, with something on both sides."""
    addresses = [
        str(item["email"]).split("@")
        for one in MOCK.oracle.identifiers("email")
        for item in every_near(one)
    ]

    assert not [parts for parts in addresses if len(parts) != 2 or not all(parts)]


def test_a_device_at_other_providers_is_nobodys() -> None:
    """Each known device id, under every provider that it does not have."""
    items = MOCK.at_other_providers()

    assert {item["provider"] for item in items} == set(PROVIDERS)
    assert not [item for item in items if may(MOCK, "push_sub", item)]


@each_mode
def test_items_under_other_keys_lack_the_modes_keys(mode: str) -> None:
    """A foreign key stands alone: by the mode's own keys nobody is asked for."""
    items = MOCK.under_other_keys(mode)

    assert items
    assert not [item for item in items if set(item) & set(MODES[mode].keys)]


@each_mode
def test_a_second_key_leaves_the_own_one_as_it_was(mode: str) -> None:
    """Beside another profile's value the item still must find its own profile only."""
    items = [item for batch in MOCK.with_second_key(mode) for item in batch]

    assert items
    assert {len(must(MOCK, mode, item)) for item in items} == {1}
    assert not [item for item in items if must(MOCK, mode, item) != may(MOCK, mode, item)]


@each_mode
def test_each_second_key_has_a_batch_of_its_own(mode: str) -> None:
    """Every key that the mode has not stands beside one and the same own value."""
    batches = MOCK.with_second_key(mode)

    own = set(MODES[mode].keys)
    others = [{key for item in batch for key in item} - own for batch in batches]
    assert set().union(*others) == {key for one in MODES.values() for key in one.keys} - own
    assert all(len({must(MOCK, mode, item) for item in batch}) == 1 for batch in batches)


@pytest.mark.parametrize("mode", ["email_phone", "email_phone_sub"])
@each_format
def test_both_keys_of_one_profile_find_it(mode: str, fmt: Format) -> None:
    """E-mail and phone of one profile, in one item, must find that profile."""
    items = MOCK.with_both_keys(mode)

    assert {tuple(item) for item in items} == {("email", "phone")}
    assert {len(must(MOCK, mode, item, fmt)) for item in items} == {1}


def test_a_value_in_subscriptions_only_is_open() -> None:
    """What email_phone may find, and need not."""
    assert SMALL.only_in_subscriptions() == [{"email": "ann.news@example.com"}]


def test_a_conflict_names_two_profiles() -> None:
    """One profile's e-mail with another's phone."""
    item = {"email": "ann@example.com", "phone": "+79000000005"}

    assert SMALL.conflict() == (ANN, BOB, item)


def test_a_batch_of_one_for_each_of_a_dozen() -> None:
    """One by one: at most twelve batches, each of one item."""
    assert [len(batch) for batch in MOCK.one_by_one("email")] == [1] * 12


def test_neighbouring_clients_ask_for_different_profiles() -> None:
    """In one turn two clients do not ask for the same profile, while there are others."""
    shares = MOCK.shares("email", clients=8, turn=3)

    assert len({str(batch) for batch in shares}) == 8


def test_values_beyond_ascii() -> None:
    """A mode and its items, of which none is plain ASCII."""
    mode, items = MOCK.beyond_ascii()

    assert not [item for item in items if str(item).isascii()]
    assert {len(must(MOCK, mode, item)) for item in items} == {1}


@settings(max_examples=50)
@given(plans.unmatched_plans())
def test_a_plan_of_nobody_finds_nobody(plan: plans.Plan) -> None:
    """Items that are drawn to find nobody are nobody's, in every mode."""
    found = {may(MOCK, mode, item) for mode in MODES for item in MOCK.plan(mode, plan)}

    assert found == {frozenset()}


@settings(max_examples=50)
@given(plans.found_plans())
def test_a_plan_is_filled_in_item_by_item(plan: plans.Plan) -> None:
    """Each pick of a plan becomes one item, known where it says so."""
    items = MOCK.plan("email", plan)

    assert [bool(must(MOCK, "email", item)) for item in items] == [
        isinstance(pick, plans.Known) for pick in plan
    ]


UNSUPPORTED: Mapping[str, Callable[[], object]] = {
    "phone: no profile of the target file has phone_subs or phones": lambda: EMPTY.some("phone"),
    "push_sub: no profile of the target file has push_subs": EMPTY.at_other_providers,
    "a value under another key": lambda: EMPTY.under_other_keys("profile_id"),
    "two known profiles": lambda: EMPTY.with_second_key("profile_id"),
    "in a subscription only": EMPTY.only_in_subscriptions,
    "characters beyond ASCII": EMPTY.beyond_ascii,
    "both an e-mail and a phone for email_phone": lambda: Known(
        Oracle((Profile(ANN, email="a@example.com"),))
    ).with_both_keys("email_phone"),
    "one profile with an e-mail and another with a phone": lambda: Known(
        Oracle((Profile(ANN, email="a@example.com", phones=("+79000000001",)),))
    ).conflict(),
}


@pytest.mark.parametrize("reason", UNSUPPORTED)
def test_what_no_profile_can_show_is_said(reason: str) -> None:
    """A case that the target cannot show is skipped, with what its file would have to hold."""
    with pytest.raises(Unsupported, match=reason):
        UNSUPPORTED[reason]()


def test_known_profiles_print_as_their_number() -> None:
    """A failing example shows no address of anybody."""
    assert repr(SMALL) == "<Known: 2 profiles>"
