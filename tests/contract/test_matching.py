"""What each matching mode searches, and what it does not (DA-a, MATCH, MATCH-ug; SEED).

The cases named by an identifier (`57a7.email_subs.1`: the end of the profile's id, the place,
the ordinal) come from the target file: tests/asking/cases.py parametrises them.
"""

import pytest

from contracts import sizes
from contracts.matching import MODES, ItemKey
from contracts.model import Format, Item
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import (
    Formats,
    each_format,
    each_mode,
    each_mode_and_its_clause,
    each_pair,
)
from tests.asking.known import Known
from tests.asking.oracle import Identifier

ODD_VALUES = {"missing": "batch.odd-items", "empty": "batch.empty-values"}
"""What is odd about an item's value -> the open clause that it shows."""


def test_a_value_finds_its_profile(
    ask: Ask, mode: str, formats: Formats, identifier: Identifier
) -> None:
    """One item with one known value finds its profile, and nobody else."""
    ask.finds(ask.batch(mode, [identifier.item], formats.answer), formats.request)


@each_mode_and_its_clause
@each_pair
def test_a_mode_finds_all_its_profiles(ask: Ask, known: Known, mode: str, formats: Formats) -> None:
    """A batch with a value of every known profile finds them all."""
    ask.finds(ask.batch(mode, known.one_each(mode), formats.answer), formats.request)


@pytest.mark.clause("matching.place")
def test_a_value_that_stands_elsewhere_finds_nobody(
    ask: Ask, known: Known, mode: str, formats: Formats, foreign: Identifier
) -> None:
    """A known value of a place that the mode does not search is found by nobody, first or last."""
    others = known.beside(mode, foreign.profile_id)
    items = [foreign.item, *(others or known.some(mode)), foreign.item]

    ask.finds(ask.batch(mode, items, formats.answer), formats.request)
    if not others:
        # Beside its own profile it would be found unnoticed.
        ask.finds(ask.batch(mode, [foreign.item], formats.answer), formats.request)


@pytest.mark.clause("matching.place")
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "push_sub"])
@each_format
def test_a_value_of_another_key_finds_nobody(
    ask: Ask, known: Known, mode: str, fmt: Format
) -> None:
    """A known address given as profile_id, a known phone as e-mail: nobody is found by it."""
    for item in known.of_other_keys(mode):
        ask.finds_nobody(ask.batch(mode, [item], fmt), fmt)


@pytest.mark.clause("matching.default")
@each_pair
def test_without_matching_the_search_is_by_email(ask: Ask, known: Known, formats: Formats) -> None:
    """Left out, matching is email: fields and subscriptions alike, each value by itself."""
    for items in known.layers("email"):
        ask.finds(ask.batch("email", items, formats.answer, matching=None), formats.request)


@pytest.mark.clause("matching.default")
@each_format
def test_without_matching_no_other_key_is_searched(ask: Ask, known: Known, fmt: Format) -> None:
    """Left out, matching is email even where the items hold another key alone."""
    for item in known.under_other_keys("email"):
        ask.finds_or_is_refused(ask.batch("email", [item], fmt, matching=None), fmt)


@pytest.mark.clause("matching.provider")
@each_pair
def test_another_provider_finds_nobody(ask: Ask, known: Known, formats: Formats) -> None:
    """A known subscription_id under a provider of its own finds only that provider's profile."""
    for items in known.beside_and_alone("push_sub", known.at_other_providers()):
        ask.finds_or_is_refused(ask.batch("push_sub", items, formats.answer), formats.request)


@pytest.mark.clause("matching.provider")
@pytest.mark.parametrize("provider", ["firefox-firebase", "no-such-provider"])
@each_format
def test_a_provider_of_nobody_finds_nobody(
    ask: Ask, known: Known, provider: str, fmt: Format
) -> None:
    """A known subscription_id finds nobody under a provider that no subscription has at all."""
    for items in known.beside_and_alone("push_sub", known.at_other_providers([provider])):
        ask.finds_or_is_refused(ask.batch("push_sub", items, fmt), fmt)


@pytest.mark.clause("matching.provider")
@each_format
def test_provider_and_id_are_two_values(ask: Ask, known: Known, fmt: Format) -> None:
    """What only reads like a known subscription when both are joined finds nobody."""
    for items in known.beside_and_alone("push_sub", known.with_moved_border()):
        ask.finds_or_is_refused(ask.batch("push_sub", items, fmt), fmt)


@pytest.mark.clause("matching.provider")
@pytest.mark.parametrize("key", ["provider", "subscription_id"])
@each_pair
def test_half_a_push_subscription_finds_nobody(
    ask: Ask, known: Known, formats: Formats, key: str
) -> None:
    """Provider or subscription_id alone is passed over or refused, and finds nobody."""
    halves: list[Item] = [{key: item[key]} for item in known.every("push_sub")]

    ask.finds_or_is_refused(ask.batch("push_sub", halves, formats.answer), formats.request)


@pytest.mark.clause("matching.own-key", *ODD_VALUES.values())
@pytest.mark.parametrize("value", ODD_VALUES)
@each_mode
@each_pair
def test_an_item_without_a_value_finds_nobody(
    ask: Ask, known: Known, mode: str, formats: Formats, value: str
) -> None:
    """An item without the mode's keys, or with empty ones, is passed over or refused."""
    odd: Item = {} if value == "missing" else dict.fromkeys(MODES[mode].keys, "")
    items = [*known.several(mode), odd]

    reply = ask.finds_or_is_refused(ask.batch(mode, items, formats.answer), formats.request)
    # Alone as well: whoever stands beside it could be found by it unnoticed.
    ask.finds_or_is_refused(ask.batch(mode, [odd], formats.answer), formats.request)

    ask.observe(names.passed_over(reply), ODD_VALUES[value])


@pytest.mark.clause("matching.whole-value")
@each_mode
@each_format
def test_a_neighbouring_value_finds_nobody(ask: Ask, known: Known, mode: str, fmt: Format) -> None:
    """Values that differ from known ones by little find nobody, or are refused as odd."""
    for turn, near in enumerate(known.near(mode)):
        # Where each known value is a message to somebody, one message is enough.
        batches = [near] if turn and known.frugal else known.beside_and_alone(mode, near)
        for items in batches:
            ask.finds_or_is_refused(ask.batch(mode, items, fmt), fmt)


@pytest.mark.clause("matching.types")
@each_format
def test_a_value_with_a_lookalike_finds_its_own(ask: Ask, fmt: Format, twin: Identifier) -> None:
    """Custom values alike as numbers (003 and 3, 2^53 and 2^53 + 1) find each their profile."""
    ask.finds(ask.batch("custom", [twin.item], fmt), fmt)


@pytest.mark.clause("matching.own-key", "batch.foreign-keys")
@each_mode
@each_pair
def test_a_key_of_another_mode_finds_nobody(
    ask: Ask, known: Known, mode: str, formats: Formats
) -> None:
    """A known value under the key of another mode is not what this mode searches."""
    items: list[Item] = [*known.under_other_keys(mode), *known.some(mode)]

    reply = ask.finds_or_is_refused(ask.batch(mode, items, formats.answer), formats.request)

    ask.observe(names.passed_over(reply), "batch.foreign-keys")


@pytest.mark.clause("matching.own-key")
@each_mode
@each_format
def test_a_second_key_finds_nobody(ask: Ask, known: Known, mode: str, fmt: Format) -> None:
    """Beside the mode's own key, another key in the same item finds nobody."""
    for items in known.with_second_key(mode):
        ask.finds_or_is_refused(ask.batch(mode, items, fmt), fmt)


@pytest.mark.clause("matching.email_phone", "matching.email_phone_sub")
@pytest.mark.parametrize("mode", ["email_phone", "email_phone_sub"])
@pytest.mark.parametrize("keys", [("email", "phone"), ("phone", "email")], ids=" before ".join)
@each_pair
def test_email_and_phone_of_one_profile_find_it(
    ask: Ask, known: Known, mode: str, keys: tuple[ItemKey, ItemKey], formats: Formats
) -> None:
    """An item that holds both keys of one profile finds it, whichever stands first."""
    items: list[Item] = [{key: item[key] for key in keys} for item in known.with_both_keys(mode)]
    ask.about(f"matching.{mode}")

    ask.finds(ask.batch(mode, items, formats.answer), formats.request)


@pytest.mark.clause("matching.email_phone", "matching.email_phone_sub")
@pytest.mark.parametrize("mode", ["email_phone", "email_phone_sub"])
@pytest.mark.parametrize("unknown", ["email", "phone"])
@each_pair
def test_an_unknown_key_beside_a_known_one(
    ask: Ask, known: Known, mode: str, unknown: str, formats: Formats
) -> None:
    """E-mail or phone: where one of them is nobody's, the other one finds the profile."""
    items = [{**item, **sizes.filler_item(unknown, 0)} for item in known.with_both_keys(mode)]
    ask.about(f"matching.{mode}")

    ask.finds(ask.batch(mode, items, formats.answer), formats.request)


@pytest.mark.clause("matching.email_phone-subscriptions")
def test_email_phone_and_subscriptions(ask: Ask, known: Known) -> None:
    """email_phone finds by subscriptions as well, or it does not."""
    items = known.only_in_subscriptions()

    reply = ask.finds_or_is_refused(ask.batch("email_phone", items, "json"), "json")

    ask.observe("profile and subscriptions" if reply.ids else "profile only")


@pytest.mark.clause("matching.push-placement", "matching.custom_sub-placement")
@pytest.mark.parametrize("mode", ["push_sub", "custom_sub"])
def test_placement(ask: Ask, known: Known, mode: str) -> None:
    """Where provider and field_name stand: the first placement that finds a profile is used."""
    known.some(mode)

    clause = "matching.push-placement" if mode == "push_sub" else "matching.custom_sub-placement"
    ask.observe(ask.placement.of(mode), clause)


@pytest.mark.clause("matching.custom-placement")
def test_field_name_in_each_item(ask: Ask, known: Known) -> None:
    """A field_name in each item of custom is understood, passed over or refused."""
    items = [{"field_name": ask.target.field_name, **item} for item in known.several("custom")]

    reply = ask.finds_at_most_or_is_refused(
        ask.batch("custom", items, "json", field_name=None), "json"
    )

    ask.observe(names.taken(reply))
