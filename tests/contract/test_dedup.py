"""Repeated requests: answered from memory or not, always rightly (DEDUP, DEDUP-adm)."""

from collections.abc import Callable
from string import ascii_letters

import pytest

from contracts.model import FORMATS, Format, Item, Params
from tests.asking import names
from tests.asking.ask import Ask, fresh_id
from tests.asking.cells import Formats, each_format, each_pair
from tests.asking.known import Known
from tests.asking.question import Among
from tests.asking.repeats import MANY, WITHOUT_ID, is_marked, long_id, marks
from tests.asking.reply import Reply
from tests.reporting.verdicts import Unsupported

RESEMBLING: dict[str, Callable[[str], str]] = {
    "last character": lambda one: one[:-1] + ("0" if one[-1] != "0" else "1"),
    "first character": lambda one: ("0" if one[0] != "0" else "1") + one[1:],
    "one character more": lambda one: one + "0",
    "letters": lambda one: one.translate(str.maketrans("abcdef", "bcdefa")),
    "digits": lambda one: one.translate(str.maketrans("0123456789", "1234567890")),
    "letter case": str.upper,
    "punctuation": lambda one: one.replace("-", "_"),
    "hyphens": lambda one: one.replace("-", ""),
}
"""In what another request id may differ from an earlier one: each makes it a fresh one."""


IDS: dict[str, Callable[[], str]] = {
    "usual": lambda: f"a{fresh_id()}",
    "long": long_id,
}
"""Request ids by length: the usual one is a UUID and a letter, the long one has 155 characters."""

BEYOND_FLOATS = 2**53
"""From here on a double holds every second integer."""

OTHER_CASE = str.maketrans(ascii_letters, ascii_letters.swapcase())
"""Letters of ASCII alone: who forgets their case only would tell others apart."""

CHANGES: dict[str, Callable[[list[Item], str], tuple[list[Item], str]]] = {
    "order of items": lambda items, text: (items[::-1], text),
    "last item": lambda items, text: (items[:-1], text),
    "letter case": lambda items, text: (items, text.translate(OTHER_CASE)),
    "last letter": lambda items, text: (items, f"{text[:-1]}!"),
    "letter beyond ASCII": lambda items, text: (items, text.replace("д", "т")),
    "number of spaces": lambda items, text: (items, text.replace(" ", "  ")),
}
"""In what a request may differ from an earlier one: its items, and a text of its content."""


@pytest.mark.clause("dedup.fresh-id")
@pytest.mark.parametrize("without", [None, "Request-ID", "X-Request-ID"], ids=str)
@each_pair
def test_a_fresh_id_is_executed(
    ask: Ask, known: Known, formats: Formats, without: str | None
) -> None:
    """Requests that differ in one item only, each with a fresh id, get each their own answer."""
    headers: dict[str, str | None] = {} if without is None else {without: None}
    for items in known.one_by_one(known.widest_mode):
        params = ask.batch(known.widest_mode, items, formats.answer)
        ask.finds(params, formats.request, headers=headers)


@pytest.mark.clause("dedup.fresh-id")
@each_pair
def test_the_same_body_with_a_fresh_id(ask: Ask, formats: Formats) -> None:
    """The same body sent again with a fresh id finds the same profile again."""
    ask.finds(ask.valid(formats.answer), formats.request)

    ask.finds(ask.valid(formats.answer), formats.request)


@pytest.mark.clause("dedup.fresh-id")
@pytest.mark.parametrize("difference", RESEMBLING)
@pytest.mark.parametrize("length", IDS)
@each_format
def test_an_id_that_resembles_another_is_fresh(
    ask: Ask, known: Known, fmt: Format, length: str, difference: str
) -> None:
    """Another request under an id that differs by little from an earlier one is executed."""
    first, second = known.two(known.widest_mode)
    request_id = IDS[length]()
    earlier = ask.batch(known.widest_mode, [first.item], fmt)
    ask.finds(earlier, fmt, request_id=request_id)

    later = ask.batch(known.widest_mode, [second.item], fmt)
    ask.finds(later, fmt, request_id=RESEMBLING[difference](request_id))


@pytest.mark.clause("dedup.fresh-id")
@each_format
def test_a_large_body_that_begins_like_another(ask: Ask, known: Known, fmt: Format) -> None:
    """Large bodies that differ in their last item only get each their own answer."""
    first, second = known.two(known.widest_mode)
    last = Among(MANY, (MANY - 1,))
    ask.finds(ask.batch(known.widest_mode, [first.item], fmt), fmt, growth=last)

    ask.finds(ask.batch(known.widest_mode, [second.item], fmt), fmt, growth=last)


@pytest.mark.clause("dedup.other-body")
@pytest.mark.parametrize("count", [1, MANY])
@each_pair
def test_another_body_without_an_id(ask: Ask, known: Known, formats: Formats, count: int) -> None:
    """Without a request id, a body of the same length that ends differently is executed."""
    earlier, later = equally_long(ask, known, formats)
    last = Among(count, (count - 1,))
    ask.finds(earlier, formats.request, growth=last, headers=WITHOUT_ID)

    ask.finds(later, formats.request, growth=last, headers=WITHOUT_ID)


def equally_long(ask: Ask, known: Known, formats: Formats) -> list[Params]:
    """Requests for two profiles, with a content that no earlier run has sent, of one length."""
    mode, text = known.widest_mode, fresh_id()
    plain = [ask.batch(mode, [one.item], formats.answer) for one in known.two(mode)]
    sizes = [len(ask.encode(params, formats.request)) for params in plain]
    return [
        {**params, "content": ask.object_for(formats.request, {"H1": text + "x" * short})}
        for params, short in zip(plain, (max(sizes) - size for size in sizes), strict=True)
    ]


@pytest.mark.clause("dedup.other-body")
@pytest.mark.parametrize("change", CHANGES)
@each_format
def test_what_differs_in_little_is_no_repeat(
    ask: Ask, known: Known, fmt: Format, change: str
) -> None:
    """Without a request id, what differs in one place from what came before is no repeat."""
    mode, text = known.widest_mode, f"для {fresh_id()}"
    items = known.several(mode)
    ask.needs(len(items) > 1, "one known profile alone")
    earlier, later = (
        {**ask.batch(mode, some, fmt), "content": ask.object_for(fmt, {"H1": words})}
        for some, words in ((items, text), CHANGES[change](items, text))
    )
    is_no_repeat(ask, earlier, later, fmt, change)


@pytest.mark.clause("dedup.other-body")
def test_a_number_that_differs_in_little_is_no_repeat(ask: Ask) -> None:
    """Integers that a number with a floating point cannot tell apart make bodies differ."""
    text = fresh_id()
    earlier, later = (
        ask.valid("json", content={"H1": text, "N": number})
        for number in (BEYOND_FLOATS, BEYOND_FLOATS + 1)
    )

    is_no_repeat(ask, earlier, later, "json", "last digit of a number")


@pytest.mark.clause("dedup.other-body")
@each_format
def test_another_format_is_no_repeat(ask: Ask, fmt: Format) -> None:
    """Without a request id, the same request for an answer in the other format is executed."""
    params = of_this_run(ask, fmt)
    earlier, later = ({**params, "format": answer} for answer in FORMATS)

    is_no_repeat(ask, earlier, later, fmt, "format")


@pytest.mark.clause("dedup.other-url")
@each_format
def test_another_url_is_no_repeat(ask: Ask, fmt: Format) -> None:
    """Without a request id, the same request under a URL with another query is executed."""
    params = of_this_run(ask, fmt)
    first, second = (f"request_id={fresh_id()}" for _ in range(2))
    ask.finds(params, fmt, headers=WITHOUT_ID, query=first)

    is_executed(ask, ask.finds(params, fmt, headers=WITHOUT_ID, query=second), "query")


@pytest.mark.clause("dedup.other-headers")
@each_format
def test_another_header_is_no_repeat(ask: Ask, fmt: Format) -> None:
    """Without a request id, the same request with another value of an own header is executed."""
    params = of_this_run(ask, fmt)
    first, second = ({**WITHOUT_ID, "X-Order": fresh_id()} for _ in range(2))
    ask.finds(params, fmt, headers=first)

    is_executed(ask, ask.finds(params, fmt, headers=second), "header X-Order")


def of_this_run(ask: Ask, fmt: Format) -> Params:
    """A valid request that no earlier run has sent."""
    return ask.valid(fmt, content=ask.object_for(fmt, {"H1": fresh_id()}))


def is_no_repeat(ask: Ask, earlier: Params, later: Params, fmt: Format, change: str) -> None:
    """Demand of two requests without an id that the second is executed, as the first was."""
    ask.finds(earlier, fmt, headers=WITHOUT_ID)

    is_executed(ask, ask.finds(later, fmt, headers=WITHOUT_ID), change)


def is_executed(ask: Ask, reply: Reply, change: str) -> None:
    """Demand of an answer that it is not an earlier request's."""
    if is_marked(reply):
        came = "an answer marked as an earlier request's"
        ask.fail(reply.answer, came, f"an answer of its own: it has another {change}")


@pytest.mark.clause("dedup.same-answer", "dedup.headers")
@pytest.mark.parametrize("profiles", ["one", "several"])
@each_pair
def test_a_repeat_is_answered_alike(
    ask: Ask, known: Known, formats: Formats, profiles: str
) -> None:
    """The same request with the same request id is answered as the first time."""
    mode, request_id = known.widest_mode, fresh_id()
    items = known.several(mode)[: 1 if profiles == "one" else None]
    params = ask.batch(mode, items, formats.answer)
    ask.finds(params, formats.request, request_id=request_id)

    reply = ask.finds(params, formats.request, request_id=request_id)

    ask.observe(names.duplicate_header(reply), "dedup.headers")


@pytest.mark.clause("dedup.same-answer")
@each_pair
def test_a_refused_repeat_is_refused_again(ask: Ask, formats: Formats) -> None:
    """A request that was refused is refused as well when it comes again with its request id."""
    request_id = fresh_id()
    params = {name: value for name, value in ask.valid(formats.answer).items() if name != "data"}
    ask.refuses(params, formats.request, request_id=request_id)

    ask.refuses(params, formats.request, request_id=request_id)


@pytest.mark.clause("dedup.same-answer")
@each_pair
def test_a_repeat_after_others(ask: Ask, known: Known, formats: Formats) -> None:
    """A repeat is answered as the first time, also after others, also the second repeat."""
    mode = known.widest_mode
    asked = [(fresh_id(), ask.batch(mode, [one.item], formats.answer)) for one in known.two(mode)]

    for request_id, params in (*asked, *asked, asked[0]):
        ask.finds(params, formats.request, request_id=request_id)


@pytest.mark.clause("dedup.marked")
@each_pair
def test_repeats_are_marked_by_both_headers(ask: Ask, formats: Formats) -> None:
    """Where repeats are marked at all, the first and the second bear a key and the word true."""
    request_id = fresh_id()
    ask.finds(ask.valid(formats.answer), formats.request, request_id=request_id)
    for _ in range(2):
        reply = ask.finds(ask.valid(formats.answer), formats.request, request_id=request_id)
        if (found := marks(reply)) is None:
            raise Unsupported("the target marks no repeats")
        key, word = found
        if not key or word.lower() != "true":
            came = f"Duplicate-Key: {key or 'none'}, Duplicate-Request: {word or 'none'}"
            ask.fail(reply.answer, came, "Duplicate-Key with a value, Duplicate-Request: true")


@pytest.mark.clause("dedup.token")
@each_pair
def test_an_id_that_came_with_a_wrong_token(ask: Ask, formats: Formats) -> None:
    """Whoever has no token spoils nobody's request id: with the right one it is executed."""
    request_id = fresh_id()
    wrong = ask.valid(formats.answer, token="wrong-0123456789")
    ask.refuses(wrong, formats.request, request_id=request_id)

    ask.finds(ask.valid(formats.answer), formats.request, request_id=request_id)


@pytest.mark.clause("access.token-checked", "dedup.same-answer")
@each_pair
def test_a_repeat_with_a_wrong_token_is_refused(ask: Ask, formats: Formats) -> None:
    """An earlier request's id does not open its answer to whoever lacks its token."""
    request_id = fresh_id()
    ask.finds(ask.valid(formats.answer), formats.request, request_id=request_id)

    wrong = ask.valid(formats.answer, token="wrong-0123456789")
    ask.refuses(wrong, formats.request, request_id=request_id)
