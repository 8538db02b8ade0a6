"""Repeated requests: answered from memory or not, always rightly (DEDUP, DEDUP-adm)."""

import pytest

from tests.asking import names
from tests.asking.ask import Ask, fresh_id
from tests.asking.cells import Formats, each_pair
from tests.asking.known import Known


@pytest.mark.clause("dedup.fresh-id")
@each_pair
def test_a_fresh_id_is_executed(ask: Ask, known: Known, formats: Formats) -> None:
    """Requests that differ in one item only, each with a fresh id, get each their own answer."""
    for items in known.one_by_one(known.widest_mode):
        ask.finds(ask.batch(known.widest_mode, items, formats.answer), formats.request)


@pytest.mark.clause("dedup.fresh-id")
@each_pair
def test_the_same_body_with_a_fresh_id(ask: Ask, formats: Formats) -> None:
    """The same body sent again with a fresh id finds the same profile again."""
    ask.finds(ask.valid(formats.answer), formats.request)

    ask.finds(ask.valid(formats.answer), formats.request)


@pytest.mark.clause("dedup.same-answer")
@each_pair
def test_a_repeat_is_answered_alike(ask: Ask, formats: Formats) -> None:
    """The same request with the same request id is answered as the first time."""
    request_id = fresh_id()
    ask.finds(ask.valid(formats.answer), formats.request, request_id=request_id)

    reply = ask.finds(ask.valid(formats.answer), formats.request, request_id=request_id)

    ask.observe(names.duplicate_header(reply), "dedup.headers")


@pytest.mark.clause("access.token-checked", "dedup.same-answer")
@each_pair
def test_a_repeat_with_a_wrong_token_is_refused(ask: Ask, formats: Formats) -> None:
    """An earlier request's id does not open its answer to whoever lacks its token."""
    request_id = fresh_id()
    ask.finds(ask.valid(formats.answer), formats.request, request_id=request_id)

    wrong = ask.valid(formats.answer, token="wrong-0123456789")
    ask.refuses(wrong, formats.request, request_id=request_id)
