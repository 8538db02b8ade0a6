"""Where some repeats are known, all of them are, and nothing else is (DEDUP)."""

import base64
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

import pytest

from contracts.model import Params
from endpoint.answer import Upload
from tests.asking.ask import Ask, fresh_id
from tests.asking.cells import PAIRS, Formats, each_mode, each_pair
from tests.asking.known import Known
from tests.asking.question import Among, How
from tests.asking.repeats import MANY, WITHOUT_ID, is_marked, long_id
from tests.asking.reply import Reply
from tests.reporting.verdicts import Unsupported

FORMS: dict[str, Callable[[], str]] = {
    "long": long_id,
    "digits": lambda: str(uuid.uuid4().int),
    "Base64": lambda: base64.b64encode(b"\xfb\xff" + uuid.uuid4().bytes).decode(),
    "a sentence": lambda: f"order no. {uuid.uuid4().int}, sent (again) by: cron@host/7; try=2",
}
"""Request ids of other forms than a UUID's."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a request and its repeat travel, and what comes in between.

    Attributes:
        formats: of both.
        how: both are sent.
        again: how the repeat is sent besides.
        others: requests with ids of their own between the two.
        seconds: between the two.
        repeats: how many there are; the last one counts.
        has_id: whether they bear a request id.
    """

    formats: Formats = PAIRS[0]
    how: How = field(default_factory=How)
    again: How = field(default_factory=How)
    others: int = 0
    seconds: float = 0.0
    repeats: int = 1
    has_id: bool = True


COURSES = {
    "on one connection": Course(),
    "on another connection": Course(again=How(fresh_connection=True)),
    "on connections of their own": Course(how=How(fresh_connection=True)),
    **{str(formats): Course(formats) for formats in PAIRS[1:]},
    "in chunks": Course(how=How(upload=Upload.CHUNKED)),
    "a large body": Course(how=How(growth=Among(MANY, (0,)))),
    "the second repeat": Course(repeats=2),
    "after others": Course(others=20),
    "a second later": Course(seconds=1.2),
}

ALSO_WITHOUT_ID = [name for name, course in COURSES.items() if not course.seconds]
"""The courses of repeats without an id: one wait is enough."""

PLAIN = ("on one connection", "on connections of their own")
"""Courses by which it is seen whether repeats are known at all."""

Needs = Callable[[Course], None]


@pytest.fixture(scope="module")
def needs_memory(ask: Ask) -> Needs:
    """Ends a test as unsupported where no plain repeat is marked; asked once.

    Where repeats without an id are known, those with one have to be: the id goes first (DEDUP).
    """

    @cache
    def marks_any(*, has_id: bool) -> bool:
        plain = (replace(COURSES[name], has_id=has_id) for name in PLAIN)
        return any(is_marked(repeat(ask, ask.valid("json"), course)) for course in plain)

    def check(course: Course) -> None:
        if not (marks_any(has_id=course.has_id) or (course.has_id and marks_any(has_id=False))):
            kind = "" if course.has_id else " without a request id"
            raise Unsupported(f"the target marks no repeats{kind}")

    return check


@pytest.mark.clause("dedup.every-repeat")
@pytest.mark.parametrize("course", COURSES)
def test_a_repeat_is_known(ask: Ask, needs_memory: Needs, course: str) -> None:
    """A repeat is marked as one, however it and its first travel, and whatever lies between."""
    is_known(ask, needs_memory, COURSES[course], f"a repeat ({course})")


@pytest.mark.clause("dedup.every-repeat")
@pytest.mark.parametrize("course", ALSO_WITHOUT_ID)
def test_a_repeat_without_an_id_is_known(ask: Ask, needs_memory: Needs, course: str) -> None:
    """Where repeats without any request id are marked, each of them is."""
    taken = replace(COURSES[course], has_id=False)

    is_known(ask, needs_memory, taken, f"a repeat without an id ({course})")


@pytest.mark.clause("dedup.every-repeat")
@each_mode
def test_a_repeat_is_known_in_each_mode(
    ask: Ask, known: Known, needs_memory: Needs, mode: str
) -> None:
    """A repeat is marked as one in whichever mode it searches."""
    params = ask.batch(mode, known.some(mode), "json")

    is_known(ask, needs_memory, Course(), f"a repeat with matching {mode}", params)


@pytest.mark.clause("dedup.any-form")
@pytest.mark.parametrize("form", FORMS)
def test_an_id_of_any_form_is_remembered(ask: Ask, needs_memory: Needs, form: str) -> None:
    """A repeat under an unusual id is marked, where one under a plain id is."""
    request_id = FORMS[form]()
    course = Course(how=How(request_id=request_id))

    is_known(ask, needs_memory, course, f"a repeat under {request_id!r}")


@pytest.mark.clause("dedup.fresh-id")
@each_pair
def test_a_first_request_is_not_marked(ask: Ask, formats: Formats) -> None:
    """The answer to an id that came for the first time does not say that it is a repeat's."""
    reply = ask.finds(ask.valid(formats.answer), formats.request)

    # What was lost on a kept connection has come twice.
    if is_marked(reply) and not reply.answer.resent:
        ask.fail(reply.answer, "an answer marked as a repeat's", "one of its own: the id is new")


def is_known(
    ask: Ask, needs_memory: Needs, course: Course, what: str, params: Params | None = None
) -> None:
    """Demand that a repeat is marked as one, where any is."""
    needs_memory(course)

    reply = repeat(ask, params or ask.valid(course.formats.answer), course)

    if not is_marked(reply):
        expected = "Duplicate-Request: true, as on other repeats by this target"
        ask.fail(reply.answer, f"{what}, executed again: it is not marked", expected)


def repeat(ask: Ask, params: Params, course: Course) -> Reply:
    """The answer to the last repeat of a request."""
    fmt = course.formats.request
    key: How = {"request_id": fresh_id()} if course.has_id else {"headers": WITHOUT_ID}
    first: How = {**key, **course.how}
    again: How = {**first, **course.again}
    if not course.has_id:
        # New to the target: otherwise the first one might be an earlier one's repeat.
        params = {**params, "content": ask.object_for(fmt, {"H1": fresh_id()})}
    ask.finds(params, fmt, **first)
    for _ in range(min(course.others, ask.affordable(course.others))):
        ask.finds(params, fmt)
    time.sleep(course.seconds)
    return [ask.finds(params, fmt, **again) for _ in range(course.repeats)][-1]
