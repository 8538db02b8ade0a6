"""No page tells how many items are too many: a refusal for that is observed, all others break."""

import contextlib
from collections.abc import Iterator
from typing import Any, NoReturn, cast

import pytest

from contracts import wire
from contracts.model import FORMATS, Format, Params
from contracts.sizes import Recipe
from tests.asking.ask import Ask
from tests.asking.most_items import items_of
from tests.asking.question import Among, Growth, OfSize, Question
from tests.reporting.run import Run
from tests.reporting.verdicts import Unsupported
from tests.suite.diagnosing import MOCK, asking, met

MANY = Among(12_000, (11_999,))

PARAMS: Params = {
    "token": "x",
    "trigger_id": 8,
    "matching": "email",
    "data": [{"email": "ann@example.com"}],
}


@contextlib.contextmanager
def bounded() -> Iterator[Ask]:
    """A mock that refuses more than 10,000 items."""
    run = Run(MOCK, mock_variants=["10000-items-at-most"])
    try:
        assert run.open(), run.ledger.stopped or run.ledger.inconclusive
        run.ask.current = ("batch.complete",)
        yield run.ask
    finally:
        run.close()


def one_in(ask: Ask, growth: Growth, fmt: Format = "json", **how: Any) -> None:
    """Demand that one known item is found in a large body."""
    ask.finds(ask.batch("email", ask.known.some("email"), fmt), fmt, growth=growth, **how)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(
    "growth", [MANY, OfSize(3_000_000, Recipe.SHORT_ITEMS)], ids=["by number", "by size"]
)
def test_a_refusal_for_the_number_is_observed(fmt: Format, growth: Growth) -> None:
    """It breaks no promise; what the case is about cannot be seen."""
    with bounded() as ask:
        with pytest.raises(Unsupported, match="takes fewer items at once, as it may"):
            one_in(ask, growth, fmt)

        assert ask.ledger.observed["batch.most-items"] == {"fewer": 1}


def test_as_many_as_siblings_advise_are_served() -> None:
    """10,000 items are never too many, and this target takes them."""
    with bounded() as ask:
        one_in(ask, Among(10_000, (9_999,)))


def test_a_refusal_of_fewer_is_a_breach() -> None:
    """Where 10,000 are refused as well, there is no reading by which the target may do it."""
    with asking("default-for-few") as ask:
        params = ask.batch("email", ask.known.some("email"), "json", matching=None)

        assert met(ask, Question(params, "json", {"growth": MANY}, ask._finds)).refused_with


def test_a_refusal_for_the_bytes_is_a_breach() -> None:
    """As many bytes of few items are refused as well."""
    with asking("limit-1-mib") as ask:
        params = ask.batch("email", ask.known.some("email"), "json")
        filled = OfSize(2_000_000, Recipe.SHORT_ITEMS)

        assert met(ask, Question(params, "json", {"growth": filled}, ask._finds)).refused_with


def unasked(_: Question) -> NoReturn:
    """Fail: this question is only looked at."""
    pytest.fail("it was asked")


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(
    ("growth", "expected"),
    [(Among(700, (3,)), 700), (OfSize(20_000, Recipe.CONTENT), 1)],
    ids=["by number", "in content"],
)
def test_the_items_of_a_body_are_counted(growth: Growth, expected: int, fmt: Format) -> None:
    """A breach says how many items there were, however the body came to be."""
    question = Question(PARAMS, fmt, {"growth": growth}, unasked)

    assert items_of(question, growth.body(PARAMS, fmt)) == expected


@pytest.mark.parametrize("fmt", FORMATS)
def test_items_that_fill_a_body_are_counted(fmt: Format) -> None:
    """They are as many as a reader of the body finds."""
    filled = OfSize(20_000, Recipe.SHORT_ITEMS)
    body = filled.body(PARAMS, fmt)
    read = cast("dict[str, list[object]]", wire.decode(body, fmt))["data"]

    assert items_of(Question(PARAMS, fmt, {"growth": filled}, unasked), body) == len(read) > 300
