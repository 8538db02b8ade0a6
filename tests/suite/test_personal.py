"""What profiles are found by, in a report: shortened in every spelling, and nothing else is."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest

from endpoint import target as targets
from endpoint.target import MOCK_FILE, Profile, PushSubscription
from tests.reporting import personal, showing
from tests.reporting.personal import Personal

PROFILE = Profile(
    "6606e08f10bcdd88297057a7",
    email="contract.one+<a&b>@example.com",
    phones=("+79000000001",),
    custom="003",
    email_subs=("второй@example.com",),
    push_subs=(PushSubscription("ios-apns", "device-token-0123"),),
    custom_subs=(9007199254740993,),
)
VALUES = (
    "contract.one+<a&b>@example.com", "+79000000001", "второй@example.com", "device-token-0123",
    "9007199254740993",
)  # fmt: skip

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": lambda value: json.dumps(value)[1:-1],
    "XML": escape,
    "percent": lambda value: quote(value, safe=""),
    "upper case": str.upper,
}

HIDDEN = Personal((PROFILE,))


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_cut_down_to_its_ends(value: str, spell: Callable[[str], str]) -> None:
    """However a request spells it, the middle goes and the text around it stays."""
    shown = HIDDEN.shortened(f"before|{spell(value)}|after")

    assert spell(value) not in shown
    assert shown.startswith("before|")
    assert shown.endswith("|after")
    assert "…" in shown


@pytest.mark.parametrize("text", ["6606e08f10bcdd88297057a7", "003", "nobody@nobody.invalid", ""])
def test_other_text_stays_as_it_is(text: str) -> None:
    """Ids, values that are too short to tell from other text, and people who are nobody."""
    assert HIDDEN.shortened(text) == text
    assert not HIDDEN.stands_in(text)


def test_nobody_has_nothing_to_shorten() -> None:
    """Without profiles every text stays."""
    assert Personal().shortened("a@b.example") == "a@b.example"


def test_a_value_at_the_cut_of_a_large_body_is_not_left_in_part() -> None:
    """What is shortened is shortened before anything is cut."""
    for before in range(showing.HEAD - 40, showing.HEAD + 5):
        body = b" " * before + VALUES[0].encode() + b" " * 100_000
        shown, left_out = showing.excerpt(body, HIDDEN.shortened)

        assert left_out
        assert "ontract" not in shown


def test_the_mocks_own_profiles_are_nobodys() -> None:
    """They are shown as they are; those of a file of one's own are not, mock or not."""
    own = targets.load("mock")
    mine = replace(own, profiles=(PROFILE,))

    assert personal.of(own, shown=False) == Personal()
    assert own.profiles == targets.load(MOCK_FILE).profiles
    assert personal.of(mine, shown=False).profiles == (PROFILE,)
    assert personal.of(mine, shown=True) == Personal()
