"""Known deviations: what they excuse, when they have to go, and how they are written."""

from datetime import date
from pathlib import Path

import pytest

from endpoint.target import TargetError
from tests.deviations import entries, judging
from tests.deviations.entries import Deviation
from tests.deviations.judging import BY_CHANCE, State
from tests.reporting.ledger import Case, Outcome, Standing
from tests.reporting.verdicts import ExitCode
from tests.suite.ledgers import HELD, POST, breach, case, ledger

TODAY = date(2026, 11, 25)
TOMORROW = date(2026, 11, 26)
YESTERDAY = date(2026, 11, 24)

NAME = "tests/contract/test_matching.py::test_x[phone-xml-in-json-out]"

PHONE = Deviation("matching.phone", (), "the parser drops the plus sign", TOMORROW)


def deviation(
    *cases: str, clause: str = POST, until: date = TODAY, chance: bool = False
) -> Deviation:
    """A deviation of some cases."""
    return Deviation(clause, cases, "a reason", until, chance=chance)


def named(name: str, outcome: Outcome = Outcome.HELD) -> Case:
    """A case by its name; one with a breach breaks POST."""
    of = breach() if outcome in {Outcome.BROKEN, Outcome.DEVIATES} else None
    return Case(name, (POST,), outcome, breach=of)


def state(known: Deviation, *cases: Case, today: date = TODAY) -> State:
    """What a run of these cases says of a deviation."""
    ((_, found, _),) = judging.states([known], cases, {}, today)
    return found


# ------------------------------------------------------------------ patterns


@pytest.mark.parametrize(
    ("pattern", "is_about"),
    [
        ("phone-xml-in-json-out", True),
        ("test_matching.py::*xml-in*", True),
        ("test_x[", True),
        ("test_x[phone-xml-in-json-out]", True),
        ("test_y*", False),
        ("[p]hone", False),
        ("phone.xml", False),
    ],
)
def test_a_pattern_is_looked_for_in_the_name(pattern: str, *, is_about: bool) -> None:
    """Brackets and dots are themselves, a star is any text."""
    assert deviation(pattern).is_about(NAME) is is_about


def test_without_patterns_all_cases_are_meant() -> None:
    """A deviation of a clause as such."""
    assert deviation().is_about(NAME)


def test_patterns_that_bear_on_nothing_are_found() -> None:
    """Each by itself, whatever the others bear on."""
    assert deviation("phone", "misspelt").unmet([NAME]) == ("misspelt",)


# ------------------------------------------------------------------ states


def test_what_is_broken_as_known_is_met() -> None:
    """One case is enough."""
    assert state(deviation(), named("a"), named("b", Outcome.DEVIATES)) is State.MET


def test_what_is_kept_again_is_stale() -> None:
    """Asked, and no case broke it: the entry has to go."""
    assert state(deviation("a"), named("a"), named("b")) is State.STALE


@pytest.mark.parametrize("outcome", [Outcome.NOT_RUN, Outcome.UNSUPPORTED, Outcome.NO_VERDICT])
def test_what_was_not_asked_is_not_stale(outcome: Outcome) -> None:
    """A skip says nothing, and neither does a case that is not its own."""
    assert state(deviation("a"), named("a", outcome), named("b")) is State.NOT_ASKED


def test_a_breach_of_another_clause_says_nothing_of_this_one() -> None:
    """The case that could have shown it ended before it came to that."""
    other = Case("a", (POST,), Outcome.BROKEN, breach=breach("batch.complete"))

    assert state(deviation("a"), other) is State.NOT_ASKED


@pytest.mark.parametrize(
    ("held", "expected"), [(BY_CHANCE - 1, State.NOT_ASKED), (BY_CHANCE, State.STALE)]
)
def test_what_comes_and_goes_has_to_stay_away_for_long(held: int, expected: State) -> None:
    """By chance alone it may not show a few times."""
    assert state(deviation(chance=True), *[named("a")] * held) is expected


def test_a_clause_that_each_answer_is_held_against_needs_no_case_of_its_own() -> None:
    """It is stale where its cases held and answers were held against it by the way."""
    known = deviation(clause="answer.error-text")
    ((_, found, _),) = judging.states([known], [named("a")], {"answer.error-text": 1}, TODAY)

    assert found is State.STALE


@pytest.mark.parametrize("outcome", [Outcome.HELD, Outcome.BROKEN])
def test_what_has_run_out_is_expired(outcome: Outcome) -> None:
    """Whether it still shows or not."""
    assert state(deviation(), named("a", outcome), today=TOMORROW) is State.EXPIRED


@pytest.mark.parametrize(("today", "is_excused"), [(TODAY, True), (TOMORROW, False)])
def test_the_last_day_is_one(today: date, *, is_excused: bool) -> None:
    """Until a day means with that day."""
    assert bool(judging.excused(POST, "a", [deviation()], today)) is is_excused


def test_another_clause_is_not_excused() -> None:
    """A case that breaks something else than is known is broken."""
    assert judging.excused("batch.complete", "a", [deviation()], TODAY) is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (State.STALE, "stale deviation, no case shows it any more"),
        (State.EXPIRED, "expired deviation, no case shows it any more"),
    ],
)
def test_what_has_to_go_fails_the_run_and_says_why(found: State, said: str) -> None:
    """The entry is named with its reason."""
    (line,) = judging.spoiled([(deviation(), found, 0)])

    assert line.startswith(f"{said}: {POST} (until 2026-11-25: a reason)")


@pytest.mark.parametrize("found", [State.MET, State.NOT_ASKED])
def test_what_may_stay_fails_nothing(found: State) -> None:
    """Met, or not asked."""
    assert list(judging.spoiled([(deviation(), found, 1)])) == []


# ------------------------------------------------------------------ the ledger


def test_a_known_deviation_fails_no_run() -> None:
    """Beside cases that held: exit code 0."""
    assert ledger(HELD, case(Outcome.DEVIATES, of=breach())).exit_code() is ExitCode.HELD


def test_a_stale_deviation_fails_a_run_that_holds() -> None:
    """Exit code 1, for somebody has to look."""
    run = ledger(HELD)
    run.spoiled = ("stale deviation",)

    assert run.exit_code() is ExitCode.BREACH


def test_a_clause_that_is_only_broken_as_known_deviates() -> None:
    """A clause that is broken elsewhere, too, is broken."""
    known, new = case(Outcome.DEVIATES, of=breach()), case(Outcome.BROKEN, of=breach())

    assert ledger(HELD, known).standings()[POST] is Standing.DEVIATES
    assert ledger(HELD, known, new).standings()[POST] is Standing.BROKEN


# ------------------------------------------------------------------ the file


def read(tmp_path: Path, text: str) -> tuple[Deviation, ...]:
    """What a file says."""
    file = tmp_path / "staging.deviations.toml"
    file.write_text(text, encoding="utf-8")
    return entries.load(file)


def test_a_file_is_read(tmp_path: Path) -> None:
    """Each key is where it belongs."""
    text = """
    [[deviation]]
    clause = "matching.phone"
    cases = ["*xml*"]
    reason = "why"
    ticket = "T-1"
    until = 2026-12-31
    chance = true
    """

    assert read(tmp_path, text) == (
        Deviation("matching.phone", ("*xml*",), "why", date(2026, 12, 31), "T-1", chance=True),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('clause = "matching.phone"\nreason = "x"', "until: missing"),
        ('clause = "matching.phone"\nuntil = 2026-12-31', "reason: missing"),
        ('clause = "matching.phone"\nreason = ""\nuntil = 2026-12-31', "a non-empty string"),
        ('clause = "nonsense"\nreason = "x"\nuntil = 2026-12-31', "the id of a clause"),
        ('clause = "batch.order"\nreason = "x"\nuntil = 2026-12-31', "pin it under [observed]"),
        ('clause = "matching.phone"\nreason = "x"\nuntil = "soon"', "a day, as 2026-12-31"),
        ('clause = "matching.phone"\nreason = "x"\nuntil = 2026-12-31\ncase = "a"', "'cases'"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path: Path, text: str, said: str) -> None:
    """With the key and what was expected."""
    with pytest.raises(TargetError) as caught:
        read(tmp_path, f"[[deviation]]\n{text}\n")

    assert said in str(caught.value)


def test_the_file_lies_beside_the_target_file() -> None:
    """staging.toml has staging.deviations.toml."""
    assert entries.beside("there/staging.toml") == Path("there/staging.deviations.toml")
