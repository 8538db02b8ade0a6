"""Several clients at once: each request gets the answer that is its own (API-en: HTTP/1.1)."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from contracts.matching import MODES
from contracts.model import Format
from contracts.wire import Spelling
from tests.asking.ask import Ask
from tests.asking.cells import PAIRS, Formats, each_format, each_pair
from tests.asking.known import Known
from tests.asking.mistakes import MISTAKES, each_mistake
from tests.asking.sized import Sized

CLIENTS = 8

ESCAPED = Spelling("every character escaped", text="every")


@pytest.mark.clause("transport.concurrency")
@pytest.mark.parametrize("turn", range(6))
@each_pair
def test_clients_at_once(ask: Ask, known: Known, formats: Formats, turn: int) -> None:
    """Requests of eight clients at once, each for another profile, get each their own answer."""
    mode = known.widest_mode
    batches = [
        ask.batch(mode, items, formats.answer) for items in known.shares(mode, CLIENTS, turn)
    ]

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda params: ask.finds(params, formats.request), batches))


@pytest.mark.clause("transport.concurrency")
@pytest.mark.parametrize("turn", range(4))
@each_format
def test_escapes_at_once(ask: Ask, known: Known, fmt: Format, turn: int) -> None:
    """Values whose escapes are undone at the same time do not run into each other."""
    mode = known.widest_mode
    batches = [ask.batch(mode, items, fmt) for items in known.shares(mode, CLIENTS, turn)]

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda params: ask.finds(params, fmt, spelling=ESCAPED), batches))


@pytest.mark.clause("transport.concurrency")
@pytest.mark.parametrize("turn", range(12))
def test_formats_at_once(ask: Ask, known: Known, turn: int) -> None:
    """Requests at once in all combinations of formats get each the answer they ask for."""
    mode = known.widest_mode
    shares = zip(PAIRS * 2, known.shares(mode, CLIENTS, turn), strict=True)

    with ThreadPoolExecutor(CLIENTS) as clients:
        found = [
            clients.submit(ask.finds, ask.batch(mode, items, pair.answer), pair.request)
            for pair, items in shares
        ]
        for reply in found:
            reply.result()


@pytest.mark.clause("transport.concurrency")
@pytest.mark.parametrize("turn", range(4))
@each_format
def test_modes_at_once(ask: Ask, known: Known, fmt: Format, turn: int) -> None:
    """Requests at once that search in different ways get each the answer of their own mode."""
    modes = [mode for mode in MODES if known.oracle.supports(mode)]
    chosen = [modes[(client + turn * CLIENTS) % len(modes)] for client in range(CLIENTS)]
    batches = [ask.batch(mode, known.some(mode), fmt) for mode in chosen]

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda params: ask.finds(params, fmt), batches))


@pytest.mark.clause("transport.concurrency")
@each_mistake
@each_pair
def test_errors_and_successes_at_once(
    ask: Ask, known: Known, formats: Formats, mistake: str
) -> None:
    """Refused and served at once, each request gets its own answer."""
    mode, wrong = known.widest_mode, ask.valid(formats.answer, **MISTAKES[mistake])

    with ThreadPoolExecutor(CLIENTS) as clients:
        replies = [
            clients.submit(ask.finds, ask.batch(mode, items, formats.answer), formats.request)
            if client % 2
            else clients.submit(ask.refuses, wrong, formats.request)
            for client, items in enumerate(known.shares(mode, CLIENTS, 0))
        ]
        for reply in replies:
            reply.result()


@pytest.mark.clause("transport.concurrency")
@each_format
def test_large_and_small_at_once(ask: Ask, known: Known, sized: Sized, fmt: Format) -> None:
    """While large batches are worked on, small requests get their own answers."""
    mode = known.widest_mode

    with ThreadPoolExecutor(CLIENTS) as clients:
        large: list[Future[None]] = [
            clients.submit(sized.finds_among, mode, (0, 9_999), 10_000, Formats(fmt, fmt))
            for _ in range(2)
        ]
        small = [
            clients.submit(ask.finds, ask.batch(mode, items, fmt), fmt)
            for items in known.shares(mode, CLIENTS, 0)
        ]
        for future in large:
            future.result()
        for reply in small:
            reply.result()
