"""Where some repeats are known, all of them are, and nothing else is (DEDUP)."""

import base64
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import pytest

from contracts.model import Params
from endpoint.answer import Upload
from tests.asking.ask import Ask, fresh_id
from tests.asking.cells import PAIRS, Formats, each_mode, each_pair
from tests.asking.known import Known
from tests.asking.question import Among, How
from tests.asking.repeats import is_marked
from tests.asking.reply import Reply
from tests.reporting.verdicts import Unsupported

MANY = 3_000
"""Items: more than 64 KiB in either format."""

FORMS: dict[str, Callable[[], str]] = {
    "long": lambda: "-".join(("a", fresh_id(), "0" * 80, fresh_id())),
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
    """

    formats: Formats = PAIRS[0]
    how: How = field(default_factory=How)
    again: How = field(default_factory=How)
    others: int = 0
    seconds: float = 0.0
    repeats: int = 1


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

PLAIN = (
    COURSES["on one connection"],
    COURSES["on connections of their own"],
    Course(how=How(headers={"Request-ID": None, "X-Request-ID": None})),
)
"""Where a repeat is marked in one of these, repeats are known at all."""


@pytest.fixture(scope="module")
def needs_memory(ask: Ask) -> Callable[[], None]:
    """Ends a test as unsupported where no plain repeat is marked; asked once."""

    @cache
    def marks_any() -> bool:
        # New to the target: without an id, the first one might be an earlier run's repeat.
        new = ask.valid("json", content={"H1": fresh_id()})
        return any(is_marked(repeat(ask, new, course)) for course in PLAIN)

    def check() -> None:
        if not marks_any():
            raise Unsupported("the target marks no repeats")

    return check


@pytest.mark.clause("dedup.every-repeat")
@pytest.mark.parametrize("course", COURSES)
def test_a_repeat_is_known(ask: Ask, needs_memory: Callable[[], None], course: str) -> None:
    """A repeat is marked as one, however it and its first travel, and whatever lies between."""
    needs_memory()
    taken = COURSES[course]

    reply = repeat(ask, ask.valid(taken.formats.answer), taken)

    is_known(ask, reply, f"a repeat ({course})")


@pytest.mark.clause("dedup.every-repeat")
@each_mode
def test_a_repeat_is_known_in_each_mode(
    ask: Ask, known: Known, needs_memory: Callable[[], None], mode: str
) -> None:
    """A repeat is marked as one in whichever mode it searches."""
    params = ask.batch(mode, known.some(mode), "json")
    needs_memory()

    reply = repeat(ask, params, Course())

    is_known(ask, reply, f"a repeat with matching {mode}")


@pytest.mark.clause("dedup.any-form")
@pytest.mark.parametrize("form", FORMS)
def test_an_id_of_any_form_is_remembered(
    ask: Ask, needs_memory: Callable[[], None], form: str
) -> None:
    """A repeat under an unusual id is marked, where one under a plain id is."""
    needs_memory()
    request_id = FORMS[form]()

    reply = repeat(ask, ask.valid("json"), Course(), request_id)

    is_known(ask, reply, f"a repeat under {request_id!r}")


@pytest.mark.clause("dedup.fresh-id")
@each_pair
def test_a_first_request_is_not_marked(ask: Ask, formats: Formats) -> None:
    """The answer to an id that came for the first time does not say that it is a repeat's."""
    reply = ask.finds(ask.valid(formats.answer), formats.request)

    # What was lost on a kept connection has come twice.
    if is_marked(reply) and not reply.answer.resent:
        ask.fail(reply.answer, "an answer marked as a repeat's", "one of its own: the id is new")


def repeat(ask: Ask, params: Params, course: Course, request_id: str = "") -> Reply:
    """The answer to the last repeat of a request."""
    fmt = course.formats.request
    first: How = {**course.how, "request_id": request_id or fresh_id()}
    again: How = {**first, **course.again}
    ask.finds(params, fmt, **first)
    for _ in range(min(course.others, ask.affordable(course.others))):
        ask.finds(params, fmt)
    time.sleep(course.seconds)
    return [ask.finds(params, fmt, **again) for _ in range(course.repeats)][-1]


def is_known(ask: Ask, reply: Reply, what: str) -> None:
    """Demand that a repeat is marked as one."""
    if not is_marked(reply):
        ask.fail(reply.answer, f"{what} that is not marked as one", "a mark, as on other repeats")
