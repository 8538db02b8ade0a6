"""The connection of a user of the load suite: answers of every kind, and what is none."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests.suite.calling import KEY, PEM
from tests.suite.load.patched import Got, Patched, Request, patched
from tests.suite.rawserver import ANSWER, Behaviour, Connection, answering, serving

SMALL = Request("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")

HUGE = Request("POST / HTTP/1.1\r\nContent-Length: 20000000\r\n\r\n", 20_000_000)
"""More than two sockets hold: it cannot leave where nobody reads."""

REFUSED = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 9\r\n\r\ntoo large"

OK = Got(200, "ok", 2)


@pytest.fixture(scope="module")
def user() -> Iterator[Patched]:
    """A process like Locust's, for all tests of this file."""
    with patched() as process:
        yield process


def one(user: Patched, behave: Behaviour, request: Request = SMALL, timeout: float = 20) -> Got:
    """Send one request to a server that does this to it."""
    with serving(behave) as server:
        (got,) = user.send(server.port, request, timeout=timeout)
    return got


# Answers


def test_a_connection_is_kept(user: Patched) -> None:
    """Requests one after another share a connection, and each is sent whole."""
    with serving(answering(*[ANSWER] * 20)) as server:
        answers = user.send(server.port, *[SMALL] * 20)

    assert answers == [OK] * 20
    assert server.connections == 1
    assert [body for _, body in server.requests] == [b"{}"] * 20


def test_a_connection_that_the_server_closes_is_opened_again(user: Patched) -> None:
    """After `Connection: close` the next request has a connection of its own."""
    last = ANSWER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with serving(answering(last)) as server:
        answers = user.send(server.port, SMALL, SMALL)

    assert answers == [OK, OK]
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\n\r\nok",
        b"HTTP/1.1 100 Continue\r\n\r\n" + ANSWER,
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ANSWER,
    ],
    ids=["chunks", "until the end", "HTTP/1.0", "100 before it", "102 and 103 before it"],
)
def test_every_framing_of_an_answer_is_read(user: Patched, answer: bytes) -> None:
    """The body is the same however its end is told, and an interim answer is none."""
    assert one(user, answering(answer)) == OK


def test_an_answer_in_single_bytes_is_read(user: Patched) -> None:
    """Where the server's writes are cut does not matter."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in ANSWER:
            connection.send(bytes([byte]))
            time.sleep(0.001)

    assert one(user, behave) == OK


def test_a_large_answer_is_read(user: Patched) -> None:
    """Ten megabytes, as for a full body."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + b"a" * 10_000_000

    assert one(user, answering(answer)) == Got(200, "a" * 1000, 10_000_000)


def test_a_large_body_arrives_whole(user: Patched) -> None:
    """Bytes that have to wait are sent in order, none twice."""
    with serving(answering(ANSWER)) as server:
        assert user.send(server.port, HUGE) == [OK]

    assert server.requests[0][1] == b"x" * HUGE.more


# Answers before the body has left


def test_an_answer_before_the_body_has_left_is_read(user: Patched) -> None:
    """A server may refuse a body, and read no further."""

    def behave(connection: Connection) -> None:
        connection.read_head()
        connection.send(REFUSED)
        connection.server.stopping.wait()

    assert one(user, behave, HUGE) == Got(400, "too large", 9)


def test_an_answer_before_a_reset_is_read(user: Patched) -> None:
    """A server may refuse a body, and close with most of it unread."""

    def behave(connection: Connection) -> None:
        connection.read_head()
        connection.send(REFUSED)
        time.sleep(0.05)
        connection.reset()

    assert one(user, behave, HUGE) == Got(400, "too large", 9)


def test_an_early_answer_leaves_no_half_request_behind(user: Patched) -> None:
    """The next request goes out on a connection of its own."""

    def refuse(connection: Connection) -> None:
        connection.read_head()
        connection.send(REFUSED)
        connection.server.stopping.wait()

    with serving(refuse, answering(ANSWER)) as server:
        answers = user.send(server.port, HUGE, SMALL)

    assert answers == [Got(400, "too large", 9), OK]


def test_an_interim_answer_does_not_end_a_body(user: Patched) -> None:
    """100 Continue while a body is under way: the rest of it is sent all the same."""

    def behave(connection: Connection) -> None:
        head = connection.read_head()
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.1)
        connection.unread[:0] = head
        connection.read_request()
        connection.send(ANSWER)

    assert one(user, behave, HUGE, timeout=10) == OK


# No answers


def closing(connection: Connection) -> None:
    """Read a request, and close."""
    connection.read_request()


def resetting(connection: Connection) -> None:
    """Read a request, and reset."""
    connection.read_request()
    connection.reset()


def silent(connection: Connection) -> None:
    """Read a request, and say nothing."""
    connection.read_request()
    connection.server.stopping.wait()


@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        (closing, "closed"),
        (resetting, "reset"),
        (answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"), "cut off"),
        (answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), "cut off"),
        (answering(b"HTTP/1.1 200 OK\r\nContent-Le"), "cut off"),
        (answering(b"HTTP/1.1 100 Continue\r\n\r\n"), "cut off"),
        (answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"), "cut off"),
        (answering(b"SSH-2.0-OpenSSH_9.6\r\n"), "not HTTP"),
        (answering(b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok"), "not HTTP"),
        (
            answering(b"HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
            "not HTTP",
        ),
        (silent, "timed out"),
    ],
    ids=[
        "closed", "reset", "cut in the body", "cut before the body", "cut in the head",
        "only an interim one", "no last chunk", "another protocol", "no length",
        "another protocol by upgrade", "silence",
    ],
)  # fmt: skip
def test_what_is_no_answer_has_a_kind(user: Patched, behave: Behaviour, kind: str) -> None:
    """The request had arrived: whether it was executed is in doubt."""
    assert one(user, behave, timeout=1) == Got(failed=kind, in_doubt=True)


def test_nobody_there_is_not_in_doubt(user: Patched) -> None:
    """A request that was never sent was never executed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert user.send(port, SMALL) == [Got(failed="no connection: Connection refused")]


def test_nobody_who_accepts_is_not_in_doubt(user: Patched) -> None:
    """A connection that does not come about in time is no request that timed out."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address), socket.socket() as second:
            second.settimeout(0)
            second.connect_ex(address)
            (got,) = user.send(address[1], SMALL, timeout=0.5)

    assert got == Got(failed="no connection: timed out")


def test_a_failure_on_a_kept_connection_says_so(user: Patched) -> None:
    """Many servers close what is idle: that is another thing than a request that is reset."""

    def behave(connection: Connection) -> None:
        connection.read_request()
        connection.send(ANSWER)
        connection.read_request()
        connection.reset()

    with serving(behave, answering(ANSWER)) as server:
        answers = user.send(server.port, SMALL, SMALL, SMALL)

    assert answers == [OK, Got(failed="reset on a kept connection", in_doubt=True), OK]


def test_an_answer_of_before_is_not_taken_for_this_one(user: Patched) -> None:
    """A kept connection that is closed without a word gives no status, whatever came before."""
    with serving(answering(b"HTTP/1.1 204 No Content\r\n\r\n")) as server:
        first, second = user.send(server.port, SMALL, SMALL)

    assert first == Got(204)
    assert second.failed in {"closed", "reset on a kept connection"}


# TLS


def test_tls_carries_large_bodies_both_ways(user: Patched) -> None:
    """A connection is kept, a body arrives whole, and an answer of many records is read."""
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"a" * 3_000_000
    with serving(answering(large, ANSWER), certificate=(PEM, KEY)) as server:
        answers = user.send(server.port, HUGE, SMALL, ca_file=PEM)

    assert answers == [Got(200, "a" * 1000, 3_000_000), OK]
    assert server.requests[0][1] == b"x" * HUGE.more
    assert server.connections == 1


def test_an_early_answer_is_read_under_tls(user: Patched) -> None:
    """A refusal arrives while the body still waits to leave."""

    def behave(connection: Connection) -> None:
        connection.read_head()
        connection.send(REFUSED)
        connection.server.stopping.wait()

    with serving(behave, certificate=(PEM, KEY)) as server:
        assert user.send(server.port, HUGE, ca_file=PEM) == [Got(400, "too large", 9)]


def test_a_server_without_tls_is_not_in_doubt(user: Patched) -> None:
    """Nothing was sent but greetings."""
    with serving(lambda connection: connection.send(ANSWER)) as server:
        (got,) = user.send(server.port, SMALL, ca_file=PEM)

    assert got.failed.startswith("no TLS: ")
    assert not got.in_doubt
