"""The ledger: what the cases of a run add up to, and the exit code that says so."""

from dataclasses import replace

import pytest

from tests.reporting.ledger import Case, Ledger, Outcome
from tests.reporting.told import Told
from tests.reporting.verdicts import ExitCode
from tests.suite.ledgers import (
    BROKEN,
    HELD,
    NO_VERDICT,
    NOT_RUN,
    OPEN,
    POST,
    UNSUPPORTED,
    breach,
    case,
    ledger,
    refusal,
)


def test_a_run_that_holds_everything_is_0() -> None:
    """Every case held: exit code 0."""
    assert ledger(HELD, HELD, valid=10).exit_code() is ExitCode.HELD


def test_a_breach_is_1() -> None:
    """One broken case among many that held: exit code 1."""
    assert ledger(HELD, BROKEN, HELD).exit_code() is ExitCode.BREACH


@pytest.mark.parametrize("cases", [(), (UNSUPPORTED,), (NOT_RUN,), (UNSUPPORTED, NOT_RUN)])
def test_a_run_that_checked_nothing_is_6(cases: tuple[Case, ...]) -> None:
    """A skip is never a pass: with nothing checked the run is inconclusive."""
    run = ledger(*cases)

    assert run.exit_code() is ExitCode.INCONCLUSIVE
    assert run.inconclusive == "no clause could be checked"


def test_unsupported_cases_beside_held_ones_are_0() -> None:
    """A target without phones is not accused of it."""
    assert ledger(HELD, UNSUPPORTED, NOT_RUN).exit_code() is ExitCode.HELD


@pytest.mark.parametrize("code", [401, 402, 403, 429])
def test_valid_requests_mostly_refused_access_are_6(code: int) -> None:
    """With most valid requests refused for who asks, the run says to look at the token."""
    run = ledger(HELD, refusal(code), valid=10, refused=6, code=code)

    assert run.exit_code() is ExitCode.INCONCLUSIVE
    assert f"6 of 10 valid requests were refused (error {code})" in run.inconclusive
    assert "token" in run.inconclusive


@pytest.mark.parametrize("code", [402, 429])
def test_a_spent_tariff_or_rate_is_6(code: int) -> None:
    """Served at first and then refused for the tariff or the rate, a run is inconclusive."""
    run = ledger(HELD, refusal(code), valid=10, refused=2, code=code)

    assert run.exit_code() is ExitCode.INCONCLUSIVE


@pytest.mark.parametrize("code", [401, 403])
def test_valid_requests_half_refused_access_are_1(code: int) -> None:
    """A token that is served and refused by turns is no matter of access: it is a breach."""
    run = ledger(HELD, refusal(code), valid=10, refused=5, code=code)

    assert run.exit_code() is ExitCode.BREACH


@pytest.mark.parametrize("code", [1, 400, 404, 500])
def test_valid_requests_refused_for_themselves_are_1(code: int) -> None:
    """Another error judges the request, not who asks: refusing valid requests is a breach."""
    run = ledger(refusal(code), valid=10, refused=10, code=code)

    assert run.exit_code() is ExitCode.BREACH


def test_refusals_of_several_kinds_add_up() -> None:
    """Three times 401 and three times 403 are six of ten, and both numbers are named."""
    run = ledger(refusal(401), refusal(403), valid=10, refused=3, code=401)
    run.refusals[403] = 3

    assert run.exit_code() is ExitCode.INCONCLUSIVE
    assert "401, 403" in run.inconclusive


def test_only_the_access_errors_are_named_as_refusals() -> None:
    """A valid request that got error 400 is none of those that were refused access."""
    run = ledger(refusal(403), valid=10, refused=6, code=403)
    run.refusals[400] = 1

    assert run.exit_code() is ExitCode.INCONCLUSIVE
    assert "(error 403)" in run.inconclusive


def test_a_run_that_stopped_is_7() -> None:
    """A target that went out of reach, with nothing broken before: exit code 7."""
    run = ledger(HELD)
    run.stopped = "out of reach"

    assert run.exit_code() is ExitCode.BROKEN


def test_a_case_in_which_the_suite_failed_is_7() -> None:
    """An error of the suite itself is neither a pass nor a breach."""
    assert ledger(HELD, NO_VERDICT).exit_code() is ExitCode.BROKEN


def test_a_breach_outweighs_a_stop() -> None:
    """What was seen before the target went out of reach stays seen."""
    run = ledger(BROKEN, NO_VERDICT)
    run.stopped = "out of reach"

    assert run.exit_code() is ExitCode.BREACH


def test_a_reason_to_doubt_makes_a_held_run_6() -> None:
    """A run that may not be called green is inconclusive, whatever held."""
    run = ledger(HELD)
    run.inconclusive = "the target file has no profile"

    assert run.exit_code() is ExitCode.INCONCLUSIVE
    assert run.inconclusive == "the target file has no profile"


def test_a_breach_outweighs_a_reason_to_doubt() -> None:
    """What was seen outweighs what was not."""
    run = ledger(BROKEN)
    run.inconclusive = "max_sends was spent"

    assert run.exit_code() is ExitCode.BREACH


@pytest.mark.parametrize(
    "other", [case(Outcome.BROKEN, of=breach("confidentiality.token")), refusal(400)]
)
def test_a_breach_that_no_access_explains_outweighs_refusals(other: Case) -> None:
    """A token in an answer, or error 400, is a breach also where most were refused access."""
    assert ledger(refusal(401), other, valid=10, refused=9).exit_code() is ExitCode.BREACH


def test_the_exit_code_can_be_asked_for_twice() -> None:
    """Terminal and session both ask; the answer and its reason stay the same."""
    run = ledger(valid=10, refused=9)

    assert (run.exit_code(), run.inconclusive) == (run.exit_code(), run.inconclusive)


def test_requests_that_time_out_are_a_breach() -> None:
    """Where Hypothesis was cut off while shrinking, no case tells of the timeouts: the run does."""
    run = ledger(HELD, valid=10)
    run.timed_out = 3
    run.stopped = "3 requests were not answered in time"

    assert run.exit_code() is ExitCode.BREACH


def test_what_is_asked_aside_counts_for_no_verdict() -> None:
    """Explaining a breach refuses nothing, examines nothing and times nothing out."""
    run = ledger(HELD, valid=10)

    with run.aside():
        run.valid += 5
        run.timed_out += 1
        run.refusals[403] += 5
        run.examined["endpoint.post"] += 1

    assert (run.valid, run.timed_out, run.refusals[403]) == (10, 0, 0)
    assert "endpoint.post" not in run.examined


def test_what_two_processes_learned_is_one_ledger() -> None:
    """With pytest-xdist each process has a share: together they say what one would have said."""
    here, there = ledger(HELD, valid=3), ledger(BROKEN, UNSUPPORTED, valid=4)
    for one, requests in ((here, 5), (there, 7)):
        one.requests = requests
        one.observe(OPEN, "ascending")
        one.refusals[403] += 1
        one.examined[POST] += 2
    there.cases[0] = replace(there.cases[0], place=-1)

    here.merge(there.as_data())

    assert [case.outcome for case in here.cases] == [
        Outcome.BROKEN, Outcome.HELD, Outcome.UNSUPPORTED,
    ]  # fmt: skip
    assert (here.requests, here.valid, here.refusals[403], here.examined[POST]) == (12, 7, 2, 4)
    assert here.observed == {OPEN: {"ascending": 2}}
    assert here.breaches[0].breach == breach()
    assert here.exit_code() is ExitCode.BREACH


def test_a_ledger_survives_the_way_to_another_process() -> None:
    """Nothing of a case is lost on the way, the breach in all its words least of all."""
    told = Told(
        POST, "lost", "wanted", "came", "sometimes", "1 item", ("a", "b"), "curl", 1, ("x",), 9, 400
    )
    run = ledger(Case("test", (POST, OPEN), Outcome.BROKEN, "why", told, 4))
    other = Ledger()
    other.merge(run.as_data())

    assert other.cases == run.cases
    assert other.summary() == run.summary()
