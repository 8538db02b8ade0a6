"""The client: over which connections it calls, and how it tells that nobody is there."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from endpoint.answer import Call, Ending
from endpoint.client import Client
from tests.suite.calling import KEY, PEM, ask, close_without_a_word, head_of, target
from tests.suite.rawserver import ANSWER, Connection, Server, answering, serving

# Connections


def test_a_connection_serves_again() -> None:
    """Calls one after another share a connection."""
    with serving(answering(ANSWER, ANSWER)) as server, Client(target(server)) as client:
        answers = client.send(b"{}"), client.send(b"{}")

    assert [answer.reused for answer in answers] == [False, True]


def test_a_fresh_connection_is_of_its_own() -> None:
    """A call may ask not to share a connection, before or after."""
    with serving(answering(ANSWER, ANSWER)) as server, Client(target(server)) as client:
        client.send(b"{}")
        client.send(b"{}", fresh_connection=True)
        client.send(b"{}")

    assert server.connections == 2


def closing_on_the_second(connection: Connection) -> None:
    """Answer once, then close just when the next request has come."""
    connection.read_request()
    connection.send(ANSWER)
    connection.read_head()
    connection.reset()


def test_an_idle_connection_that_closes_is_no_breach() -> None:
    """A request that met a closing connection goes again, once, under the same id."""
    with (
        serving(closing_on_the_second, answering(ANSWER)) as server,
        Client(target(server)) as client,
    ):
        client.send(b"{}")
        answer = client.send(b"{}", request_id="the-same")

    assert (answer.ending, answer.reused) == (Ending.ANSWERED, False)
    assert b"Request-ID: the-same" in server.requests[-1][0]


def test_a_live_target_gets_a_connection_for_each_call() -> None:
    """So that nothing has to be sent there twice."""
    with serving(answering(ANSWER)) as server, Client(target(server, live=True)) as client:
        client.send(b"{}")
        client.send(b"{}")

    assert (server.connections, len(server.requests)) == (2, 2)


def test_a_reset_on_a_fresh_connection_is_not_repeated() -> None:
    """Only an idle connection gives the benefit of the doubt."""
    with serving(close_without_a_word) as server, Client(target(server)) as client:
        answer = client.send(b"{}")

    assert (answer.ending, server.connections) == (Ending.RESET, 1)


def test_threads_get_their_own_answers() -> None:
    """One client serves eight threads at once."""

    def echo(connection: Connection) -> None:
        while body := connection.read_request()[1]:
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    bodies = [b"%d" % number for number in range(200)]
    with serving(echo) as server, Client(target(server)) as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(client.send, bodies))

    assert [answer.body for answer in answers] == bodies


# Nobody there


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    """A refused connection is told as such."""
    with serving(answering(ANSWER)) as server:
        pass
    answer = Client(target(server)).send(b"{}")

    assert (answer.ending, answer.sent_bytes) == (Ending.UNREACHABLE, 0)
    assert "the connection was refused" in answer.detail


def test_a_name_that_nobody_has_is_unreachable() -> None:
    """A host that cannot be resolved is told as such."""
    nowhere = target(Server(1)).at("http://nobody.invalid")

    assert "the host's name is not known" in Client(nowhere).send(b"{}").detail


def test_tls_is_trusted_by_the_targets_certificates() -> None:
    """ca_file makes a private authority's server reachable."""
    body = b"x" * 1_000_000
    with serving(answering(ANSWER), certificate=(PEM, KEY)) as server:
        trusting = replace(target(server, scheme="https"), ca_file=PEM)
        answer = Client(trusting).send(body, fresh_connection=True)

    assert answer.ending is Ending.ANSWERED
    assert server.requests[0][1] == body


def test_a_certificate_that_is_not_trusted_says_what_to_do() -> None:
    """The message names the key of the target file that helps."""
    with serving(answering(ANSWER), certificate=(PEM, KEY)) as server:
        answer = Client(target(server, scheme="https")).send(b"{}")

    assert answer.ending is Ending.UNREACHABLE
    assert "Set ca_file in the target file" in answer.detail


def test_tls_with_a_server_that_speaks_none_says_so() -> None:
    """https:// in front of a plain port is a mistake in base_url."""

    def behave(connection: Connection) -> None:
        connection.read_some()
        connection.send(b"HTTP/1.1 400 Bad\r\n\r\n")

    with serving(behave) as server:
        answer = Client(target(server, scheme="https")).send(b"{}")

    assert answer.ending is Ending.UNREACHABLE
    assert "is base_url to begin with http://?" in answer.detail


def test_loopback_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment does not stand between the suite and its mock."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert ask(answering(ANSWER)).ending is Ending.ANSWERED


def test_netrc_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that lie around on the machine are not sent to a target."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    assert "Authorization" not in head_of(Call(b""))
