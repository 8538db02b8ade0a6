"""The answer's fields and their types (SEED: answer table and examples).

Every answer of a run is held against these clauses (tests/asking/judge.py); the cases here see
to it that each kind of answer occurs: with no, one, some and many profiles, and with an error.
"""

import pytest

from contracts.model import Format
from contracts.sizes import Recipe
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format, each_pair
from tests.asking.known import Known
from tests.asking.question import OfSize
from tests.strategies.plans import Nobody

SUCCESS = pytest.mark.clause(
    "answer.error", "answer.error-text", "answer.success-text", "answer.http-status"
)
ERROR = pytest.mark.clause(
    "answer.error", "answer.error-text", "answer.error-debug", "answer.error-status",
    "answer.error-names-nobody",
)  # fmt: skip


@SUCCESS
@pytest.mark.clause("answer.result", "answer.xml-shape")
@each_pair
def test_one_profile(ask: Ask, known: Known, formats: Formats) -> None:
    """A success with one profile has all documented fields."""
    mode = known.widest_mode

    ask.finds(ask.batch(mode, known.some(mode), formats.answer), formats.request)


@SUCCESS
@pytest.mark.clause("answer.result", "answer.xml-shape")
@each_pair
def test_some_profiles(ask: Ask, known: Known, formats: Formats) -> None:
    """A success with several profiles has an entry for each."""
    mode = known.widest_mode

    ask.finds(ask.batch(mode, known.one_each(mode), formats.answer), formats.request)


@SUCCESS
@pytest.mark.clause("answer.result", "answer.xml-shape")
@each_pair
def test_many_items_that_find_profiles(ask: Ask, known: Known, formats: Formats) -> None:
    """A success keeps its shape when thousands of items find profiles."""
    mode = known.widest_mode

    ask.finds(ask.batch(mode, ask.many(mode, 3_000), formats.answer), formats.request)


@SUCCESS
@pytest.mark.clause("answer.result", "answer.xml-shape")
@each_format
def test_an_answer_of_megabytes(ask: Ask, known: Known, fmt: Format) -> None:
    """A success is whole however large: a server that repeats ids answers more than 1 MiB here.

    A request as large that names few comes first: what is told of the second one is no matter of
    the request's own size.
    """
    mode = known.widest_mode
    many = ask.batch(mode, ask.many(mode, 30_000), fmt)
    size = len(ask.encode(many, fmt))
    ask.finds(ask.valid(fmt), fmt, growth=OfSize(size, Recipe.ITEMS))

    ask.finds(many, fmt)


@pytest.mark.clause("answer.media-type")
@SUCCESS
@each_pair
def test_nobody(ask: Ask, known: Known, formats: Formats) -> None:
    """A success with nobody has error and error_text; how it says nobody is open."""
    mode = known.widest_mode
    items = known.plan(mode, (Nobody(1), Nobody(2)))

    reply = ask.finds_nobody(ask.batch(mode, items, formats.answer), formats.request)

    ask.observe(names.media_type(reply), "answer.media-type")


@pytest.mark.clause("answer.status-of-errors", "answer.text-of-errors")
@ERROR
@pytest.mark.parametrize("missing", ["token", "trigger_id", "data"])
@each_pair
def test_an_error(ask: Ask, formats: Formats, missing: str) -> None:
    """An error has a number that is not 0 and a text, and names nobody."""
    reply = ask.refuses(ask.valid(formats.answer, **{missing: None}), formats.request)

    ask.observe(names.http_status(reply), "answer.status-of-errors")
    ask.observe(names.text(reply), "answer.text-of-errors")
