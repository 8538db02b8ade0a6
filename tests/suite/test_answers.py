"""The client: whatever a server does, an `Answer` says how it ended."""

import gzip
import time
import zlib
from collections.abc import Callable

import pytest

from endpoint import client as client_module
from endpoint.answer import Call, Ending, Upload
from endpoint.client import Client
from tests.suite.calling import (
    LARGE,
    ask,
    drain,
    hold,
    nothing,
    refusing_early,
    target,
)
from tests.suite.rawserver import ANSWER, Behaviour, Connection, answering, serving

# What comes back


def test_an_answer_has_status_headers_and_body() -> None:
    """Headers keep their order and repetitions, and are found in any case."""
    head = b"HTTP/1.1 201 X\r\nA: 1\r\nSet-A: x\r\na: 2\r\nContent-Length: 2\r\n\r\n"
    answer = ask(answering(head + b"ok"))

    assert (answer.ending, answer.status, answer.body) == (Ending.ANSWERED, 201, b"ok")
    assert (answer.headers.get("a"), answer.headers.all("A")) == ("1, 2", ("1", "2"))
    assert answer.headers.get("none", "-") == "-"


def test_an_answer_knows_its_times() -> None:
    """The first byte comes before the end, and both are there."""
    answer = ask(answering(ANSWER))

    assert answer.first_byte_seconds is not None
    assert 0 < answer.first_byte_seconds <= answer.seconds


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n\r\n"
DEFLATE = OK + b"Content-Encoding: deflate\r\n\r\n"

WHOLE_ANSWERS = {
    "chunked": CHUNKED + b"1\r\no\r\n1;x=y\r\nk\r\n0\r\nT: 1\r\n\r\n",
    "up to the end": OK + b"\r\nok",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nok",
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
    "102 first": b"HTTP/1.1 102 Processing\r\n\r\n" + ANSWER,
    "103 first": b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + ANSWER,
    "gzip": GZIP + gzip.compress(b"ok"),
    "two gzip members": GZIP + gzip.compress(b"o") + gzip.compress(b"k"),
    "deflate": DEFLATE + zlib.compress(b"ok"),
    "bare deflate": DEFLATE + zlib.compress(b"ok")[2:-4],
    "identity": OK + b"Content-Encoding: identity\r\n\r\nok",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://[/\r\nContent-Length: 2\r\n\r\nok",
    "odd cookie": OK + b"Set-Cookie: \xff=;;=\r\nContent-Length: 2\r\n\r\nok",
    "odd type": OK + b'Content-Type: a;b;c="\r\nContent-Length: 2\r\n\r\nok',
}


@pytest.mark.parametrize("said", WHOLE_ANSWERS.values(), ids=WHOLE_ANSWERS)
def test_every_way_of_writing_an_answer_is_read(said: bytes) -> None:
    """Framing, compression, 1xx answers and redirects are the server's choice."""
    answer = ask(answering(said))

    assert (answer.ending, answer.body, answer.detail) == (Ending.ANSWERED, b"ok", "")


BROKEN_ANSWERS = {
    "nothing": (b"", Ending.RESET, "closed after all of the request, without a byte"),
    "garbage": (b"hello\r\n", Ending.NOT_HTTP, r"it begins b'hello\r\n'"),
    "a TLS alert": (b"\x15\x03\x01\0\x02", Ending.NOT_HTTP, "what came is not HTTP"),
    "no status": (b"HTTP/1.1 fine OK\r\n\r\n", Ending.NOT_HTTP, "head is not HTTP"),
    "half a head": (OK + b"Content-Le", Ending.CUT_SHORT, "ended in the head"),
    "half a body": (OK + b"Content-Length: 9\r\n\r\nok", Ending.CUT_SHORT, "ended in the body"),
    "no last chunk": (CHUNKED + b"2\r\nok\r\n", Ending.CUT_SHORT, "ended in the body"),
    "an odd chunk": (CHUNKED + b"zz\r\nok\r\n", Ending.NOT_HTTP, "body is not HTTP"),
    "two lengths": (
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        Ending.NOT_HTTP,
        "Content-Length",
    ),
    "an odd length": (OK + b"Content-Length: two\r\n\r\nok", Ending.NOT_HTTP, "is 'two'"),
    "no header": (OK + b"what\r\nContent-Length: 2\r\n\r\nok", Ending.NOT_HTTP, "no header"),
    "no gzip": (GZIP + b"ok", Ending.NOT_HTTP, "does not unpack as gzip"),
    "half a gzip": (GZIP + gzip.compress(b"ok")[:-2], Ending.NOT_HTTP, "its end is missing"),
    "brotli": (OK + b"Content-Encoding: br\r\n\r\nok", Ending.NOT_HTTP, "not asked for"),
    "many headers": (OK + b"A: b\r\n" * 1000 + b"\r\n", Ending.NOT_HTTP, "headers"),
    "an endless header": (OK + b"A: " + b"b" * 100_000, Ending.NOT_HTTP, "header line"),
}


@pytest.mark.parametrize(("said", "ending", "detail"), BROKEN_ANSWERS.values(), ids=BROKEN_ANSWERS)
def test_every_broken_answer_is_told_apart(said: bytes, ending: Ending, detail: str) -> None:
    """An answer that is none is an ending with a reason, not an exception."""
    answer = ask(answering(said))

    assert (answer.ending, answer.answered) == (ending, False)
    assert detail in answer.detail


def test_a_reset_is_told_from_a_close() -> None:
    """RST in place of an answer."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        connection.reset()

    answer = ask(behave)

    assert answer.ending is Ending.RESET
    assert "the connection was reset after all of the request" in answer.detail


def test_a_reset_within_the_upload_is_a_reset() -> None:
    """RST while the body is on its way."""

    def behave(connection: Connection) -> None:
        connection.read_head()
        connection.reset()

    answer = ask(behave, call=Call(LARGE))

    assert (answer.ending, answer.body_sent) == (Ending.RESET, False)


def test_what_came_before_the_cut_is_kept() -> None:
    """The part of a body that came is there to be looked at."""
    answer = ask(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"))

    assert (answer.status, answer.body) == (200, b"ok")


FLOOD = b"x" * 100_001


@pytest.mark.parametrize("said", [OK + b"\r\n" + FLOOD, GZIP + gzip.compress(FLOOD)])
def test_an_answer_beyond_the_bound_is_too_large(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a flood nor a small body that unpacks to one is taken in."""
    monkeypatch.setattr(client_module, "MOST_ANSWER_BYTES", 100_000)

    assert ask(answering(said)).ending is Ending.TOO_LARGE


@pytest.mark.parametrize(
    ("body", "ending"), [(b"x" * 100_000, Ending.ANSWERED), (b"{}", Ending.TOO_LARGE)]
)
def test_a_larger_request_may_have_a_larger_answer(body: bytes, ending: Ending) -> None:
    """2 MB name the profiles of 100 KB of items; to an empty object nobody answers so much."""
    assert ask(answering(OK + b"\r\n" + b"x" * 2_000_000), call=Call(body)).ending is ending


# Early answers


@pytest.mark.parametrize("upload", [Upload.LENGTH, Upload.CHUNKED])
@pytest.mark.parametrize("then", [nothing, drain, Connection.reset, hold])
def test_an_answer_in_the_middle_of_the_body_is_read(
    upload: Upload, then: Callable[[Connection], None]
) -> None:
    """Whether the server then closes, reads on, resets or stalls."""
    answer = ask(refusing_early(then), call=Call(LARGE, upload=upload, fresh_connection=True))

    assert (answer.ending, answer.status, answer.body) == (Ending.ANSWERED_EARLY, 400, b"big")


def test_a_connection_with_half_a_request_on_it_is_not_used_again() -> None:
    """The rest of a body that was refused would be read as the next request."""
    with (
        serving(refusing_early(hold), answering(ANSWER)) as server,
        Client(target(server)) as client,
    ):
        client.send(LARGE)
        answer = client.send(b"{}")

    assert (answer.ending, answer.reused, server.connections) == (Ending.ANSWERED, False, 2)


# Expect: 100-continue


def continuing(connection: Connection) -> None:
    """Ask for the body before reading it."""
    connection.read_head()
    connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    connection.read_exactly(4)
    connection.send(ANSWER)


def test_the_body_waits_for_100_continue() -> None:
    """The head goes alone, the body follows when the server asks for it."""
    answer = ask(continuing, call=Call(b"body", expect=True))

    assert (answer.ending, answer.interim, answer.body_sent) == (Ending.ANSWERED, (100,), True)


def test_the_body_does_not_wait_for_ever() -> None:
    """A server that never says 100 gets the body all the same."""
    answer = ask(answering(ANSWER), call=Call(b"body", expect=True))

    assert (answer.ending, answer.interim) == (Ending.ANSWERED, ())


def test_a_refusal_instead_of_100_spares_the_body() -> None:
    """A final answer to the head is the answer, and the body stays here."""

    def behave(connection: Connection) -> None:
        connection.read_head()
        connection.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
        drain(connection)

    answer = ask(behave, call=Call(LARGE, expect=True))

    assert (answer.ending, answer.status) == (Ending.ANSWERED_EARLY, 413)
    assert answer.sent_bytes < 1000


def test_417_is_answered_without_the_expectation() -> None:
    """A server that knows no expectations is asked again without one."""

    def refuse(connection: Connection) -> None:
        connection.read_head()
        connection.send(b"HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with serving(refuse, answering(ANSWER)) as server, Client(target(server)) as client:
        answer = client.send(b"body", expect=True)

    assert (answer.status, answer.interim) == (200, (417,))
    assert b"Expect" not in server.requests[0][0]


# Time


def silent(connection: Connection) -> None:
    """Take the request and say nothing."""
    connection.read_request()
    drain(connection)


NOT_ENDED = "the answer did not end within 0.8 s"


def dripping(head: bytes) -> Behaviour:
    """Say this, and then one byte after another without end."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        connection.send(head)
        while True:
            connection.send(b"x")
            time.sleep(0.02)

    return behave


@pytest.mark.parametrize(
    ("behave", "said"),
    [
        (silent, "the answer did not begin within 0.8 s"),
        (dripping(b"HTTP/1.1 200 OK\r\nA: "), NOT_ENDED),
        (dripping(b"HTTP/1.1 200 OK\r\n\r\n"), NOT_ENDED),
    ],
    ids=["silence", "head", "body"],
)
def test_an_answer_that_does_not_end_times_out(behave: Behaviour, said: str) -> None:
    """A byte now and then does not prolong the time."""
    answer = ask(behave, timeout=0.8)

    assert (answer.ending, answer.detail) == (Ending.TIMED_OUT, said)


def slow(connection: Connection) -> None:
    """Answer with 80 kB, in 1.2 seconds."""
    connection.read_request()
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 80000\r\n\r\n")
    for _ in range(8):
        connection.send(b"x" * 10_000)
        time.sleep(0.15)


@pytest.mark.parametrize(
    ("size", "ending"),
    [(100_000, Ending.ANSWERED), (100, Ending.TIMED_OUT)],
    ids=["large", "small"],
)
def test_only_a_large_request_may_be_answered_slowly(size: int, ending: Ending) -> None:
    """As long as the answer comes: a slow line is no hung server."""
    assert ask(slow, call=Call(b"x" * size), timeout=0.8).ending is ending


def test_a_large_answer_does_not_come_for_ever() -> None:
    """Twice the time is the most, however steadily it comes."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while not connection.server.stopping.wait(0.05):
            connection.send(b"x" * 10_000)

    answer = ask(behave, call=Call(LARGE), timeout=0.8)

    assert answer.ending is Ending.TIMED_OUT


def test_a_large_answer_that_stops_coming_times_out() -> None:
    """What has come prolongs the time, but not for ever."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 80000\r\n\r\n" + b"x" * 10_000)
        drain(connection)

    answer = ask(behave, call=Call(b"x" * 100_000), timeout=0.8)

    assert (answer.ending, answer.detail) == (Ending.TIMED_OUT, NOT_ENDED)


def test_a_server_that_stops_reading_times_out() -> None:
    """A body that nobody takes does not wait for ever."""
    answer = ask(hold, call=Call(LARGE), timeout=0.8)

    assert answer.ending is Ending.TIMED_OUT
    assert answer.detail.startswith("the server stopped taking the request after")
