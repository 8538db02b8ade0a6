"""What no page tells about values and items: spellings, several in one, several profiles.

These cases never fail for what they see: it is observed (facts.md, sections 1, 2 and 11). They
stand apart because they come last, as those of test_open_requests.py do.
"""

import re
from collections.abc import Mapping
from typing import Final

import pytest

from contracts.model import Item, JsonValue
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import each_row
from tests.asking.known import Known
from tests.asking.reaching import reaches_at_most

IN_ITEMS: Final[Mapping[str, Mapping[str, JsonValue]]] = {
    "payload.item-custom-data": {"custom_data": {"field": "value"}},
    "payload.item-content": {"content": {"H1": "value"}},
    "payload.item-attach": {
        "attach": [{"name": "a.csv", "data": "data:text/csv;base64,SEVMTE8K"}],
    },
    "payload.item-timeout": {"timeout": {"days": 0, "hours": 0, "minutes": 0}},
    "payload.item-resource-id": {"resource_id": 2_147_483_646},
    "payload.item-subscription-filter": {
        "subscription_filter": {"email": {"email": "nobody@nobody.invalid", "not_strict": True}}
    },
}

SEVERAL: Final = {"matching.tags": ("custom", ", "), "matching.addresses": ("email", ";")}
"""Clause -> the mode, and what joins two values to one text."""

BOTH_KEYS: Final = {
    "matching.email_phone-conflict": "email_phone",
    "matching.email_phone_sub-conflict": "email_phone_sub",
}

PHONES: Final = {
    "matching.phone-spelling": (r"\+(\d+)", r"\1"),
    "matching.phone-eight": (r"\+7(\d{10})", r"8\1"),
    "matching.phone-spaces": (r"(\+\d)(\d{3})(\d{4,})", r"\1 \2 \3"),
}
"""Clause -> a known phone, and how it is spelled."""

QUERIES: Final = {
    "matching.custom-request": None,
    "matching.custom-request-with-matching": "email",
}
"""Clause -> the parameter matching beside a query."""


@each_row(IN_ITEMS)
def test_a_parameter_inside_an_item(ask: Ask, known: Known, clause: str) -> None:
    """An item with a parameter of its own is found, passed over or refused."""
    own = known.one("email")
    item: Item = {**own.item, **IN_ITEMS[clause]}
    items = [item, *known.beside("email", own.profile_id)]

    reply = ask.finds_at_most_or_is_refused(ask.batch("email", items, "json"), "json")

    ask.observe(names.takes(reply, own.profile_id))


@pytest.mark.clause("matching.ambiguous")
def test_a_value_of_several_profiles(ask: Ask, known: Known) -> None:
    """A value that several profiles have finds all, some or none of them, or is refused."""
    mode, item, profiles = known.shared()
    items = [item, *known.beside(mode, *profiles)]

    reply = ask.finds_at_most_or_is_refused(ask.batch(mode, items, "json"), "json")

    ask.observe(names.reached(reply, profiles))


@each_row(SEVERAL)
def test_several_values_in_one_text(ask: Ask, known: Known, clause: str) -> None:
    """Two known values as one text are one value that nobody has, or find both or one of them."""
    mode, separator = SEVERAL[clause]
    item, profiles = known.joined(mode, separator)

    reply = reaches_at_most(ask, mode, [item, *known.beside(mode, *profiles)], profiles)

    ask.observe(names.reached(reply, profiles))


@pytest.mark.clause("matching.email-case")
def test_email_in_other_letter_case(ask: Ask, known: Known) -> None:
    """An e-mail address in other letter case finds its profile, or nobody."""
    email, profile_id = known.like("email", ".*[A-Za-z].*")
    items = [{"email": email.swapcase()}, *known.beside("email", profile_id)]

    reply = ask.finds_at_most_or_is_refused(ask.batch("email", items, "json"), "json")

    ask.observe(names.finds(reply, profile_id))


@each_row(PHONES)
def test_a_phone_in_another_spelling(ask: Ask, known: Known, clause: str) -> None:
    """A phone without its plus, with 8 for +7, or with spaces finds its profile, or nobody."""
    pattern, spelled = PHONES[clause]
    phone, profile_id = known.like("phone", pattern)
    items = [{"phone": re.sub(pattern, spelled, phone)}, *known.beside("phone", profile_id)]

    reply = ask.finds_at_most_or_is_refused(ask.batch("phone", items, "json"), "json")

    ask.observe(names.finds(reply, profile_id))


@each_row(BOTH_KEYS)
def test_email_and_phone_of_two_profiles(ask: Ask, known: Known, clause: str) -> None:
    """Where e-mail and phone belong to different profiles, one wins, or both, or none."""
    mode = BOTH_KEYS[clause]
    by_email, by_phone, item = known.conflict(mode)
    items = [item, *known.beside(mode, by_email, by_phone)]

    reply = ask.finds_at_most_or_is_refused(ask.batch(mode, items, "json"), "json")

    ask.observe(names.winner(reply, {"email": by_email, "phone": by_phone}))


@each_row(QUERIES)
def test_custom_request(ask: Ask, known: Known, clause: str) -> None:
    """An item with custom_request finds by it, finds nobody, or is refused."""
    own = known.one("email_profile")
    query: Item = {"custom_request": {"email": {"$in": [own.item["email"]]}}}
    items = [query, *known.beside("email", own.profile_id)]

    reply = reaches_at_most(ask, "email", items, {own.profile_id}, matching=QUERIES[clause])

    ask.observe(names.finds(reply, own.profile_id))


@pytest.mark.clause("matching.custom-request-or-email")
def test_custom_request_beside_an_email(ask: Ask, known: Known) -> None:
    """An item with an e-mail and another profile's query finds either, both or nobody."""
    own, other = known.two("email_profile")
    profiles = {"email": own.profile_id, "custom_request": other.profile_id}
    both: Item = {**own.item, "custom_request": {"email": {"$in": [other.item["email"]]}}}
    items = [both, *known.beside("email", *profiles.values())]

    reply = reaches_at_most(ask, "email", items, set(profiles.values()), matching=None)

    ask.observe(names.winner(reply, profiles))


@pytest.mark.clause("matching.bad-profile-id-code")
def test_the_number_of_a_bad_profile_id(ask: Ask, known: Known) -> None:
    """A profile_id that is no identifier is passed over, or refused with a number."""
    items: list[Item] = [{"profile_id": "nobody"}, *known.beside("profile_id")]

    reply = ask.finds_at_most_or_is_refused(ask.batch("profile_id", items, "json"), "json")

    ask.observe(names.number(reply))
