"""Items for what is open: what they hold, whom they may reach, and what they take."""

import re
from collections.abc import Callable

import pytest

from contracts import clauses
from contracts.matching import MODES
from endpoint.mock.variants import VARIANTS
from endpoint.mock.variants_open import OPEN
from endpoint.target import Profile
from tests.asking.known import Known
from tests.asking.oracle import Oracle
from tests.reporting.verdicts import Unsupported
from tests.suite.oracles import ANN, BOB, email, value
from tests.suite.runs import ROOT

BOTH = frozenset({ANN, BOB})

FAMILY = Known(
    Oracle(
        (
            Profile(ANN, email="ann@example.com", phones=("+79000000001",), custom="a"),
            Profile(BOB, email="bob@example.com", custom="b", email_subs=("ann@example.com",)),
        )
    )
)
SHARING = Known(
    Oracle(
        (
            Profile(ANN, email="ann@example.com", email_subs=("family@example.com",)),
            Profile(BOB, email_subs=("family@example.com",)),
        )
    )
)
ALONE = Known(Oracle((Profile(ANN, email="ann@example.com", phones=("+1",), custom=3),)))


def test_a_shared_value_may_reach_all_who_have_it() -> None:
    """The first mode in which several profiles have one value in one place."""
    assert SHARING.shared() == ("email", email("family@example.com"), BOTH)


def test_one_text_in_two_places_is_not_shared() -> None:
    """A field of one profile and a subscription of another: no one place has it twice."""
    with pytest.raises(Unsupported):
        FAMILY.shared()


def test_joined_values_are_those_of_two_profiles() -> None:
    """One text of two values, and whose they are."""
    assert FAMILY.joined("custom", ", ") == (value("a, b"), BOTH)


def test_a_value_that_holds_the_separator_is_not_joined() -> None:
    """It would be several values already."""
    known = Known(Oracle((Profile(ANN, custom="a,b"), Profile(BOB, custom="c"))))

    with pytest.raises(Unsupported):
        known.joined("custom", ", ")


def test_a_value_is_chosen_by_its_pattern() -> None:
    """A number of a country whose prefix has two spellings."""
    assert FAMILY.like("phone", r"\+7[0-9]{10}") == ("+79000000001", ANN)


def test_beside_is_another_profile() -> None:
    """An item that finds somebody else; none where there is nobody else."""
    assert FAMILY.beside("custom", ANN) == [value("b")]
    assert FAMILY.beside("custom", ANN, BOB) == []


def test_two_are_two_profiles() -> None:
    """Identifiers that find each another profile."""
    assert {one.profile_id for one in FAMILY.two("custom")} == BOTH


@pytest.mark.parametrize(
    "asked",
    [
        ALONE.shared,
        lambda: ALONE.joined("custom", ", "),
        lambda: ALONE.like("phone", r"\+7[0-9]{10}"),
        lambda: ALONE.two("email"),
    ],
    ids=["shared", "joined", "like", "two"],
)
def test_what_no_profile_shows_is_unsupported(asked: Callable[[], object]) -> None:
    """Never an empty batch in its place."""
    with pytest.raises(Unsupported):
        asked()


@pytest.mark.parametrize("mode", MODES)
def test_a_shared_value_is_no_identifier(mode: str) -> None:
    """What finds several profiles is nowhere demanded to find one."""
    shared = list(SHARING.oracle.shared(mode))

    assert [one for one in SHARING.oracle.identifiers(mode) if one.item in shared] == []


# ---------------------------------------------------------------- clauses and variants


def test_every_open_clause_has_a_detector() -> None:
    """A file of checks names each clause whose behaviour is to be observed."""
    checks = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "contract").glob("test_*.py")
    )
    named = set(re.findall(r'"([a-z]+\.[a-z0-9_-]+)"', checks))

    assert {one.id for one in clauses.load().values() if one.status == "open"} - named == set()


def test_the_variants_of_what_is_open_are_registered() -> None:
    """Each can be switched on by its name, and no name stands twice."""
    assert [VARIANTS[one.name] for one in OPEN] == list(OPEN)
