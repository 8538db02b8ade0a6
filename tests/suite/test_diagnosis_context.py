"""What one breach says of others: the same cause, what came before it on its connection, chance."""

import re
from dataclasses import replace

import pytest

from contracts.model import Format
from contracts.sizes import Recipe
from endpoint import target as targets
from tests.asking.ask import Ask
from tests.asking.question import Question
from tests.asking.sized import Sized
from tests.diagnosis import Diagnosis
from tests.diagnosis.diagnosis import CONFIRMED, WELL_TOLD
from tests.reporting.verdicts import Breach
from tests.suite.diagnosing import asking, breach_of, met, rich

SMALL = replace(targets.load("mock"), body_limit_bytes=30_000)
"""The mock with a limit far below 10 MB."""


def about(ask: Ask, place: int, fmt: Format = "json") -> Question:
    """A question for one profile alone."""
    item = ask.known.one_each("email")[place]
    return Question(ask.batch("email", [item], fmt), fmt, {}, ask._finds)


def behind_another(ask: Ask, fmt: Format = "json") -> Breach:
    """What a request for one profile shows behind one for another, on the same connection."""
    ask.send(about(ask, 0, fmt).params, fmt)
    return met(ask, about(ask, 1, fmt))


def test_what_comes_and_goes_is_told_with_its_rate() -> None:
    """A request that fails one time in seven says so: in how many repeats of how many."""
    with asking("seventh-post-lost") as ask:
        ask.current = ("endpoint.post",)
        question = rich(ask)
        for _ in range(8):
            try:
                ask.demanded(question)
            except Breach as caught:
                breach = Diagnosis(ask).told(caught)
                break

    rate = re.fullmatch(r"sometimes: in (\d+) of 20 repeats", breach.shows)
    assert breach.clause == "endpoint.post"
    assert rate
    assert 0 < int(rate[1]) < 20


def test_what_came_before_is_told() -> None:
    """A result that holds that of the request before is the connection's fault."""
    with asking("previous-result-kept") as ask:
        breach = Diagnosis(ask).told(behind_another(ask))

    assert breach.clause == "transport.keep-alive"
    assert breach.shows == "only behind the request before it"


def test_what_is_large_is_the_targets_own() -> None:
    """Behind a body over a limit of 30,000 bytes, it is that body's fault, not any request's."""
    with asking("connection-spoiled", SMALL) as ask:
        sized, mode = Sized(ask), ask.known.widest_mode
        sized.refuses_as_too_large(mode, 30_001, Recipe.CONTENT, "json", fresh_connection=False)
        breach = Diagnosis(ask).told(met(ask, about(ask, 0)))

    assert breach.clause == "limit.next-request"
    assert breach.shows == "only behind the request before it"


def test_what_came_before_explains_nothing_else() -> None:
    """A breach that needs the request before it does not explain one that always shows."""
    with asking("previous-result-kept") as ask:
        diagnosis = Diagnosis(ask)
        first = diagnosis.told(behind_another(ask, "xml")).clause
    with asking("tester-named") as ask:
        question = about(ask, 0, "xml").with_items(ask.known.one_each("email"))
        later = replace(diagnosis, ask=ask).told(met(ask, question)).clause

    assert (first, later) == ("transport.keep-alive", "batch.nobody-else")


def test_what_came_before_is_looked_into_some_times() -> None:
    """What comes and goes is well told after eight breaches: the next cost three requests each."""
    with asking("previous-result-kept") as ask:
        diagnosis, costs, told = Diagnosis(ask), [], []
        for _ in range(WELL_TOLD + 4):
            breach = behind_another(ask)
            before = ask.ledger.requests
            told.append(diagnosis.told(breach))
            costs.append(ask.ledger.requests - before)

    assert {breach.clause for breach in told} == {"transport.keep-alive"}
    assert min(costs[:WELL_TOLD]) > CONFIRMED
    assert costs[WELL_TOLD:] == [CONFIRMED] * 4
    assert told[-1].shows == (
        "sometimes: in 0 of 3 repeats; another like it only behind the request before it"
    )


def test_what_is_well_told_hides_nothing_that_always_shows() -> None:
    """However many came and went before, a breach that always shows has its own clause."""
    with asking("previous-result-kept") as ask:
        diagnosis = Diagnosis(ask)
        for _ in range(WELL_TOLD + 1):
            diagnosis.told(behind_another(ask, "xml"))
    with asking("tester-named") as ask:
        question = about(ask, 0, "xml").with_items(ask.known.one_each("email"))
        breach = replace(diagnosis, ask=ask).told(met(ask, question))

    assert (breach.clause, breach.shows) == ("batch.nobody-else", "")


@pytest.mark.parametrize("number", [1, WELL_TOLD])
def test_what_was_not_made_plainer_is_no_cause(number: int) -> None:
    """Only a request from which everything was taken that the breach does not need explains."""
    with asking("previous-result-kept") as ask:
        diagnosis = Diagnosis(ask)
        for _ in range(number):
            diagnosis.told(behind_another(ask, "xml"))

    assert diagnosis.causes == []


def test_a_cause_is_found_once() -> None:
    """Eight breaches of one cause are told as one, and cost hardly more requests than one."""
    with asking("content-refused") as ask:
        diagnosis, clauses, costs = Diagnosis(ask), [], []
        for mode in ("email", "phone", "custom", "push_sub"):
            for fmt in ("json", "xml"):
                breach = met(ask, rich(ask, mode, fmt))
                before = ask.ledger.requests
                clauses.append(diagnosis.told(breach).clause)
                costs.append(ask.ledger.requests - before)

    assert set(clauses) == {"payload.content"}
    assert costs[0] > 0
    assert not any(costs[1:])


def test_explaining_counts_for_no_verdict() -> None:
    """However often a refusal is asked again, it is one refusal of one valid request."""
    with asking("content-refused") as ask:
        breach_of(ask, rich(ask))

        assert ask.ledger.valid == 1
        assert sum(ask.ledger.refusals.values()) == 1


def test_a_breach_in_an_unknown_mode_is_explained() -> None:
    """What is wrong in the answer to a mode that there is not is made plain like all else."""
    with asking("unknown-matching-is-email") as ask:
        params = {**rich(ask, fmt="json").params, "matching": "nonsense"}

        breach = breach_of(ask, Question(params, "json", {}, ask._finds_nobody))

    assert "not explained" not in breach.shows
    assert breach.answer is not None
    assert b"content" not in (breach.answer.call.body or b"content")
