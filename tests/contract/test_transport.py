"""The same request over HTTP in its forms: always one answer, always its own (API-en: HTTP/1.1)."""

import time
from collections.abc import Callable

import pytest

from contracts.model import REQUEST_MEDIA_TYPES, Format
from contracts.sizes import Recipe
from endpoint.answer import WHOLE, Upload
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format, each_mode, each_pair
from tests.asking.known import Known
from tests.asking.mistakes import MISTAKES, each_mistake
from tests.asking.sized import Sized

CONNECTIONS = 6
"""Connections one after another in each pair of formats: 24 in a row."""

TRIALS = 3
IN_A_ROW = 7
MOMENT = 0.02
"""Seconds: enough to hear of a connection that was closed after the answer."""

PAUSE = 0.4
"""Seconds: two lost packets in a row, as far as the other side can tell."""

HEADERS: dict[str, dict[str, str | None]] = {
    "another language": {"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"},
    "a browser": {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Cache-Control": "no-cache",
        "DNT": "1",
    },
    "a command line": {"User-Agent": "curl/8.9.1", "Accept": "*/*"},
    "no name": {"User-Agent": None},
    "a tracing proxy": {
        "X-Forwarded-For": "192.0.2.7",
        "X-Forwarded-Proto": "https",
        "Traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    },
    "a cookie": {"Cookie": "session=0123456789"},
}
"""What is sent besides by what sends."""

PIECES = {
    "byte by byte": (1,),
    "in threes": (3,),
    "one, then much": (1, 100_000),
    "a few, then thirties": (7, 1, 2, 31),
}
"""Sizes in bytes; the last one serves for the rest of the body."""


@pytest.mark.clause("transport.keep-alive")
@each_pair
def test_one_after_another(ask: Ask, known: Known, formats: Formats) -> None:
    """On one connection, requests for different profiles get each their own answer."""
    for items in known.one_by_one(known.widest_mode):
        ask.finds(ask.batch(known.widest_mode, items, formats.answer), formats.request)


@pytest.mark.clause("transport.keep-alive")
@each_format
def test_no_request_on_a_kept_connection_is_lost(ask: Ask, fmt: Format) -> None:
    """What is sent on a connection that was open a moment ago is answered on it.

    A server may close between two requests, and is seen to do so before the next is sent;
    one that takes it and then closes loses requests. That can happen once: not always.
    """
    for _ in range(TRIALS):
        ask.client.close()  # so that the first one counts as the first
        replies = []
        for _ in range(IN_A_ROW):
            replies.append(ask.finds(ask.valid(fmt), fmt))
            time.sleep(MOMENT)
        lost = [reply.answer for reply in replies if reply.answer.resent]
        if not lost:
            return
    if not ask.lossy:
        came = f"{len(lost)} of {IN_A_ROW} were taken, and the connection closed without an answer"
        ask.fail(lost[0], came, "an answer to each request on a kept connection")


@pytest.mark.clause("transport.answered", "answer.error-text")
@pytest.mark.parametrize("client", HEADERS)
@each_pair
def test_headers_that_clients_add(ask: Ask, formats: Formats, client: str) -> None:
    """Headers that no page names, and many clients send, change nothing."""
    headers = HEADERS[client]

    ask.finds(ask.valid(formats.answer), formats.request, headers=headers)
    ask.refuses(ask.valid(formats.answer, data=None), formats.request, headers=headers)


@pytest.mark.clause("transport.keep-alive")
@each_mistake
@each_pair
def test_after_an_error(ask: Ask, formats: Formats, mistake: str) -> None:
    """After an error, the next request on the connection is answered as ever."""
    ask.refuses(ask.valid(formats.answer, **MISTAKES[mistake]), formats.request)

    ask.finds(ask.valid(formats.answer), formats.request)


@pytest.mark.clause("transport.keep-alive")
@each_pair
def test_after_a_body_cut_short(ask: Ask, formats: Formats) -> None:
    """What was read of a body that is not well-formed is no part of the next request."""
    body = ask.encode(ask.valid(formats.answer), formats.request)
    ask.refuses_body(body[: len(body) // 2], formats.request)

    ask.finds(ask.valid(formats.answer), formats.request)


@pytest.mark.clause("transport.keep-alive")
@each_format
def test_formats_in_turn(ask: Ask, fmt: Format) -> None:
    """On one connection, the format of one request says nothing about the next."""
    turns: tuple[Format | None, ...] = ("json", "xml", None, "xml", "json", None)

    for answer in turns:
        ask.finds(ask.valid(answer), fmt)


@pytest.mark.clause("transport.keep-alive")
@pytest.mark.parametrize("parameter", ["token", "trigger_id", "data"])
@each_pair
def test_what_is_required_is_not_remembered(ask: Ask, formats: Formats, parameter: str) -> None:
    """What an earlier request on the connection gave is missing where a later one leaves it out."""
    ask.finds(ask.valid(formats.answer), formats.request)

    ask.refuses(ask.valid(formats.answer, **{parameter: None}), formats.request)


@pytest.mark.clause("transport.keep-alive")
@each_mode
@each_format
def test_a_mode_is_not_remembered(ask: Ask, known: Known, mode: str, fmt: Format) -> None:
    """After a request of any mode, one without matching is searched by email."""
    email = ask.batch("email", known.some("email"), fmt, matching=None)
    ask.finds(ask.batch(mode, known.some(mode), fmt), fmt)

    ask.finds(email, fmt)


@pytest.mark.clause("transport.keep-alive")
@pytest.mark.parametrize("mode", ["custom", "custom_sub"])
@each_pair
def test_a_field_is_not_remembered(ask: Ask, known: Known, mode: str, formats: Formats) -> None:
    """After a request that named the field, one that names none finds nobody."""
    named = ask.batch(mode, known.some(mode), formats.answer)
    ask.finds(named, formats.request)

    ask.finds_nobody(
        ask.batch(mode, known.some(mode), formats.answer, field_name=None), formats.request
    )


@pytest.mark.clause("transport.keep-alive")
@each_pair
def test_on_connections_of_their_own(ask: Ask, known: Known, formats: Formats) -> None:
    """Requests on new connections, each closed after its one request, are answered as ever."""
    mode = known.widest_mode

    for items in known.shares(mode, CONNECTIONS, 0):
        params = ask.batch(mode, items, formats.answer)
        ask.finds(params, formats.request, fresh_connection=True)


@pytest.mark.clause("transport.chunked")
@each_mode
@each_pair
def test_chunked(ask: Ask, known: Known, mode: str, formats: Formats) -> None:
    """Sent in one chunk, a batch finds what it finds with Content-Length."""
    params = ask.batch(mode, known.one_each(mode), formats.answer)

    ask.finds(params, formats.request, upload=Upload.CHUNKED)


@pytest.mark.clause("transport.chunked")
@pytest.mark.parametrize("pieces", PIECES)
@each_format
def test_small_chunks(ask: Ask, known: Known, fmt: Format, pieces: str) -> None:
    """Sent in chunks cut anywhere, a batch finds what it finds in one piece."""
    mode, items = known.beyond_ascii_or_any()

    ask.finds(ask.batch(mode, items, fmt), fmt, upload=Upload.CHUNKED, sizes=PIECES[pieces])


@pytest.mark.clause("transport.pieces")
@pytest.mark.parametrize("pieces", ["one, then much", "a few, then thirties"])
@each_format
def test_in_pieces(ask: Ask, known: Known, fmt: Format, pieces: str) -> None:
    """A body with Content-Length that arrives in pieces is read as a whole."""
    mode, items = known.beyond_ascii_or_any()

    ask.finds(ask.batch(mode, items, fmt), fmt, upload=Upload.PIECES, sizes=PIECES[pieces])


@pytest.mark.slow
@pytest.mark.clause("transport.pieces")
@pytest.mark.parametrize(
    ("fmt", "upload"),
    [("json", Upload.PIECES), ("xml", Upload.PIECES), ("json", Upload.CHUNKED)],
    ids=["json-length", "xml-length", "json-chunked"],
)
def test_with_a_pause(ask: Ask, fmt: Format, upload: Upload) -> None:
    """A body that pauses in the middle, longer than networks usually do, is waited for."""
    ask.finds(ask.valid(fmt), fmt, upload=upload, sizes=(60, WHOLE), pause_seconds=PAUSE)


@pytest.mark.clause("transport.answered")
@pytest.mark.parametrize("change", [str.lower, str.upper], ids=["lower case", "upper case"])
@each_pair
def test_header_names_in_any_case(ask: Ask, formats: Formats, change: Callable[[str], str]) -> None:
    """The names of a request's headers mean the same in any letter case."""
    params = ask.valid(formats.answer)
    body = ask.encode(params, formats.request)
    headers = {
        change("Content-Type"): REQUEST_MEDIA_TYPES[formats.request],
        change("Content-Length"): str(len(body)),
    }

    ask.finds(params, formats.request, headers=headers)


@pytest.mark.clause("transport.chunked")
@pytest.mark.parametrize("change", [str.lower, str.upper], ids=["lower case", "upper case"])
@each_format
def test_transfer_encoding_in_any_case(ask: Ask, fmt: Format, change: Callable[[str], str]) -> None:
    """Chunks are announced by Transfer-Encoding in any letter case: many clients send it small."""
    headers = {change("Transfer-Encoding"): "chunked"}

    ask.finds(ask.valid(fmt), fmt, headers=headers, upload=Upload.CHUNKED)


@pytest.mark.clause("transport.expect")
@each_pair
def test_expect_continue(ask: Ask, formats: Formats) -> None:
    """A client that waits for 100 Continue is served."""
    ask.finds(ask.valid(formats.answer), formats.request, expect=True)


@pytest.mark.clause("transport.expect", "limit.accepts")
@each_format
def test_expect_continue_at_the_limit(sized: Sized, known: Known, fmt: Format) -> None:
    """A body of the limit is served to a client that waits for 100 Continue."""
    sized.finds_at_size(
        known.widest_mode, sized.limit.accepted, Recipe.CONTENT, Formats(fmt, fmt), expect=True
    )


@pytest.mark.clause("transport.expect", "limit.refuses")
@each_format
def test_expect_continue_over_the_limit(sized: Sized, known: Known, fmt: Format) -> None:
    """A body over the limit is answered as documented, also where the client waits for 100."""
    sized.refuses_as_too_large(
        known.widest_mode, sized.limit.refused, Recipe.CONTENT, fmt, expect=True
    )


@pytest.mark.clause("transport.compressed-answer")
@pytest.mark.parametrize("coding", ["gzip", "identity", "gzip, deflate"])
@each_pair
def test_compressed_answers(ask: Ask, known: Known, formats: Formats, coding: str) -> None:
    """Whatever codings the client accepts, it gets the same answer."""
    params = ask.batch(known.widest_mode, known.one_each(known.widest_mode), formats.answer)

    ask.finds(params, formats.request, accept_encoding=coding)


@pytest.mark.slow
@pytest.mark.clause("transport.compressed-answer")
@pytest.mark.parametrize("coding", ["gzip", "identity"])
@each_pair
def test_large_compressed_answers(ask: Ask, known: Known, formats: Formats, coding: str) -> None:
    """An answer to many items is the same, compressed or not."""
    mode = known.widest_mode
    params = ask.batch(mode, ask.many(mode, 3_000), formats.answer)

    ask.finds(params, formats.request, accept_encoding=coding)
