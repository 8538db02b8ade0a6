"""The judge: answers that did not arrive, and what it keeps of those that did."""

import pytest

from endpoint.answer import Answer, Call, Ending
from tests.asking.judge import MOST_GATEWAY, Judge
from tests.reporting.ledger import Ledger
from tests.reporting.verdicts import Breach, Broken, Unreachable
from tests.suite.judging import ERROR, ONE, TOKEN, Case, found, judged, success


@pytest.mark.parametrize("ending", [Ending.RESET, Ending.CUT_SHORT, Ending.TIMED_OUT])
def test_an_answer_that_did_not_arrive_is_a_breach(ending: Ending) -> None:
    """Each request gets one complete answer."""
    answer = Answer(Call(b"{}"), ending, "id", detail="why")

    with pytest.raises(Breach, match=r"transport\.answered.*why"):
        Judge(Ledger(), TOKEN).reply(answer, "json")


def test_a_target_that_cannot_be_reached_is_no_breach() -> None:
    """Where there is no connection nothing can be said about the target."""
    answer = Answer(Call(b"{}"), Ending.UNREACHABLE, "id", detail="nothing listens there")

    with pytest.raises(Broken, match="nothing listens there"):
        Judge(Ledger(), TOKEN).reply(answer, "json")


PAGE = b"<html><head><title>Bad Gateway</title></head><body>nginx</body></html>"


def gateways(status: int, body: bytes) -> Answer:
    """An answer as a gateway gives it."""
    return Answer(Call(b"{}"), Ending.ANSWERED, "id", status=status, body=body)


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("body", [PAGE, b"Bad Gateway", b""], ids=["page", "text", "nothing"])
def test_a_gateways_answer_is_no_breach(status: int, body: bytes) -> None:
    """What a proxy says of an upstream that did not answer is not blamed on the endpoint."""
    with pytest.raises(Broken, match=str(status)):
        Judge(Ledger(), TOKEN).reply(gateways(status, body), "json")


def test_a_gateway_that_goes_on_answering_is_a_target_out_of_reach() -> None:
    """Where only a proxy answers, again and again, nothing more is asked."""
    judge = Judge(Ledger(), TOKEN)
    for _ in range(MOST_GATEWAY - 1):
        with pytest.raises(Broken):
            judge.reply(gateways(502, PAGE), "json")

    with pytest.raises(Unreachable, match="in a row"):
        judge.reply(gateways(502, PAGE), "json")


def test_an_error_of_the_endpoint_is_judged_whatever_its_status() -> None:
    """An error in the documented shape is no gateway's, even with HTTP 502: a breach."""
    with pytest.raises(Breach) as caught:
        Judge(Ledger(), TOKEN).reply(gateways(502, ERROR), "json")

    assert caught.value.clause == "answer.error-status"


def test_a_wrong_token_may_be_repeated_to_its_sender() -> None:
    """A wrong token that holds the right one reveals nothing to who sent it."""
    wrong = TOKEN + "x"
    body = b'{"error":403,"error_text":"unknown token ' + wrong.encode() + b'"}'
    answer = Answer(Call(b"{}"), Ending.ANSWERED, "id", status=200, body=body)

    assert Judge(Ledger(), TOKEN, {wrong}).reply(answer, "json").error == 403


def test_an_early_answer_is_an_answer() -> None:
    """A server may answer before it read the whole body."""
    answer = Answer(Call(b"{}"), Ending.ANSWERED_EARLY, "id", status=400, body=ERROR)

    assert Judge(Ledger(), TOKEN).reply(answer, "json").error == 400


@pytest.mark.parametrize(
    ("body", "shape"), [(found(b"[]"), "array"), (found(b"null"), "null"), (success(b""), "no key")]
)
def test_how_nobody_is_said_is_kept(body: bytes, shape: str) -> None:
    """A reply remembers how its result came, for the clause that leaves it open."""
    assert judged(Case(body)).shape == shape


def test_an_answer_counts_for_the_clauses_that_it_was_held_against() -> None:
    """The ledger learns that a success was examined, and that no error was."""
    ledger = Ledger()
    answer = Answer(Call(b"{}"), Ending.ANSWERED, "id", status=200, body=ONE)

    Judge(ledger, TOKEN).reply(answer, "json")

    assert ledger.examined["answer.success-text"] == 1
    assert ledger.examined["answer.error-status"] == 0


def test_a_long_list_of_ids_is_said_in_one_line() -> None:
    """A reply of a thousand profiles prints the first six and their number."""
    ids = b",".join(b'{"profile_id":"%d"}' % number for number in range(1000))

    assert str(judged(Case(found(b"[" + ids + b"]")))) == (
        "error 0 and 1000 ids: [0, 1, 2, 3, 4, 5, ...]"
    )
