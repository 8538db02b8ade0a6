"""What is left of a request that breaks: the smallest one that shows the breach, and its clause.

Each row is one bug of the mock. The first request has everything at once: many items, XML in and
out, content, custom_data, skip_triggers, chunks, gzip. What the bug does not need has to go.
"""

from collections.abc import Sequence

import pytest

from contracts.sizes import Recipe
from contracts.wire import SPELLINGS
from tests.asking.question import Among, OfSize
from tests.diagnosis.described import in_a_line
from tests.diagnosis.fewer import MOST_TRIES, smallest
from tests.reporting.verdicts import Breach
from tests.suite.diagnosing import TRANSPORT, asking, breach_of, rich

CDATA = next(one for one in SPELLINGS["xml"] if "cdata" in one.name.lower())
ESCAPES = next(one for one in SPELLINGS["json"] if "escape" in one.name.lower())


def told(breach: Breach) -> str:
    """The clause, and what is left of the request, without its size in bytes."""
    parts = [part for part in in_a_line(breach).split(", ") if not part.endswith("bytes")]
    return f"{breach.clause}: {', '.join(parts)}"


SMALLEST = {
    # who is found
    "email-without-subscriptions": "matching.email: 1 item",
    "email-sub-third-lost": "matching.email_sub: 1 item",
    "push-ios-lost": "matching.push_sub: 1 item",
    "custom-integers-lost": "matching.custom: 1 item",
    "four-bytes-lost": "spelling.utf-8: 1 item",
    "xml-latin-1": "spelling.utf-8: 1 item, an XML request",
    "xml-amp-twice": "spelling.xml: 1 item, an XML request",
    # batches
    "last-item-lost": "batch.position: 2 items",
    "first-item-lost": "batch.position: 2 items",
    "ten-results": "batch.complete: 11 items",
    "items-in-order-of-ids": "batch.union: 2 items",
    # formats
    "xml-refused": "format.xml-request: 1 item, an XML request",
    "xml-one-result": "answer.xml-shape: 2 items, an XML answer",
    "xml-nested-xml": "answer.xml-shape: 1 item, an XML answer",
    "error-lacks-in-xml": "answer.error: 1 item, an XML answer",
    # payload
    "content-refused": "payload.content: 1 item, content",
    "custom-data-refused": "payload.custom-data: 1 item, custom_data",
    "both-objects-refused": "payload.optional: 1 item, content, custom_data",
    "content-refused-in-xml": "payload.xml-objects: 1 item, content, an XML request",
    "skip-triggers-refused-in-xml": "payload.skip-triggers: 1 item, skip_triggers, an XML request",
    # transport
    "chunked-refused": "transport.chunked: 1 item, chunked",
    "many-chunks-refused": "transport.chunked: 1 item, cut in pieces, chunked",
    "gzip-unmarked": "transport.compressed-answer: 3 items, Accept-Encoding",
    "gzip-is-zlib": "transport.compressed-answer: 3 items, Accept-Encoding",
}
"""Defect -> clause and smallest request, where the first request has everything at once."""

MODES_OF = {
    "email-without-subscriptions": ("email", 1),
    "email-sub-third-lost": ("email_sub", 2),
    "push-ios-lost": ("push_sub", 0),
    "custom-integers-lost": ("custom", 0),
}
"""Mode of the first request and which value of each profile it asks; else email's first."""


@pytest.mark.parametrize("defect", SMALLEST)
def test_of_a_request_with_everything_the_least_is_left(defect: str) -> None:
    """What the bug does not need is not in the request that is reported."""
    with asking(defect) as ask:
        mode, ordinal = MODES_OF.get(defect, ("email", 0))
        breach = breach_of(ask, rich(ask, mode).with_items(ask.known.one_each(mode, ordinal)))

    assert told(breach) == SMALLEST[defect]


LARGE: dict[str, tuple[Among, str]] = {
    "after-100-lost": (Among(5_000, (0, 2_500, 4_999)), "batch.complete: 101 items"),
    "after-10000-lost": (Among(70_000, (0, 35_000, 69_999)), "batch.complete: 10,001 items"),
    "after-65535-lost": (Among(100_001, (0, 9, 100_000)), "batch.complete: 65,536 items"),
    "after-1000-lost-in-xml": (
        Among(5_000, (0, 2_500, 4_999)),
        "batch.complete: 1,001 items, an XML request",
    ),
    "last-item-of-1000-lost": (Among(9_000, (0, 4_500, 8_999)), "batch.position: 1,000 items"),
    "middle-item-lost": (Among(9_000, (0, 4_500, 8_999)), "batch.position: 1,000 items"),
}


@pytest.mark.parametrize("defect", LARGE)
def test_a_large_batch_is_cut_to_the_item(defect: str) -> None:
    """The smallest request that shows `batch of more than 10,000 is cut` has 10,001 items."""
    growth, expected = LARGE[defect]
    with asking(defect) as ask:
        question = rich(ask, growth=growth).sent(sizes=(30_000,))
        breach = breach_of(ask, question.with_items(question.items[: len(growth.places)]))

    assert told(breach) == expected


BYTES = {
    "limit-9-mb": (9_000_001, "json"),
    "limit-8-mib": (8 * 2**20 + 1, "json"),
    "limit-1-mib": (2**20 + 1, "json"),
    "limit-5-mb-in-xml": (5_000_001, "xml"),
}


@pytest.mark.parametrize("recipe", [Recipe.CONTENT, Recipe.ITEMS])
@pytest.mark.parametrize("defect", BYTES)
def test_a_large_body_is_cut_to_the_byte(defect: str, recipe: Recipe) -> None:
    """The smallest body that a limit of 9,000,000 bytes refuses has 9,000,001."""
    size, fmt = BYTES[defect]
    with asking(defect) as ask:
        question = rich(ask, growth=OfSize(9_990_000, recipe)).sent(**dict.fromkeys(TRANSPORT))
        breach = breach_of(ask, question)

    assert breach.clause == "limit.accepts"
    assert breach.answer is not None
    assert len(breach.answer.call.body or b"") == size
    assert breach.question is not None
    assert breach.question.fmt == fmt


def test_a_spelling_that_matters_is_kept() -> None:
    """A bug that CDATA shows is told of CDATA, and of one item."""
    with asking("xml-cdata-lost") as ask:
        breach = breach_of(ask, rich(ask, spelling=CDATA))

    assert told(breach) == "spelling.xml: 1 item, another spelling, an XML request"


def test_a_spelling_that_does_not_matter_goes() -> None:
    """A bug of the mode is not told of the escapes that it was met with."""
    with asking("email-without-profile") as ask:
        question = rich(ask, fmt="json", spelling=ESCAPES)
        breach = breach_of(ask, question)

    assert told(breach) == "matching.email: 1 item"


# ------------------------------------------------------------------ fewer things

THOUSAND = range(1000)


class Server:
    """Breaks whenever it is shown all of the bad things; counts what it is asked."""

    def __init__(self, *bad: int) -> None:
        self.bad = set(bad)
        self.asked: list[int] = []

    def __call__(self, things: Sequence[int]) -> bool:
        """Whether these things show it."""
        self.asked.append(len(things))
        return self.bad <= set(things)


@pytest.mark.parametrize("bad", [(0,), (499,), (999,), (0, 1), (499, 500), (0, 999), (733, 734)])
def test_the_bad_ones_among_a_thousand_are_found(bad: tuple[int, ...]) -> None:
    """Wherever they stand, those that show it are left alone."""
    assert tuple(smallest(THOUSAND, Server(*bad))) == bad


@pytest.mark.parametrize("bad", [(3,), (0, 999), tuple(range(0, 1000, 100))])
def test_the_tries_are_bounded(bad: tuple[int, ...]) -> None:
    """However stubborn the breach, it costs no more than `MOST_TRIES` requests."""
    server = Server(*bad)
    smallest(THOUSAND, server)

    assert len(server.asked) <= MOST_TRIES


def test_nothing_is_asked_of_a_single_thing() -> None:
    """One is as few as there can be."""
    server = Server(0)

    assert list(smallest([0], server)) == [0]
    assert server.asked == []


def test_the_order_of_what_is_left_is_kept() -> None:
    """Things are left out, never moved."""
    assert list(smallest(range(9, -1, -1), Server(2, 7))) == [7, 2]
