"""The client: what it sends, over which connections, and what it keeps to itself."""

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from endpoint.answer import WHOLE, Call, Ending, Upload
from endpoint.client import Client
from endpoint.exchange import Exchange
from endpoint.writing import Writer
from tests.suite.asking import (
    KEY,
    PEM,
    TOKEN,
    ask,
    close_without_a_word,
    head_of,
    saying,
    seen,
    target,
)
from tests.suite.rawserver import ANSWER, Connection, Server, answering, serving

PIECES: Final = Upload.PIECES
CHUNKED: Final = Upload.CHUNKED


# What is sent


def test_a_request_arrives_as_it_is() -> None:
    """Method, path, media type and body reach the server byte for byte."""
    head, body = seen(Call(b'{"a": "\xff"}', "application/json", query="a=%41", path_suffix="/"))

    assert head.startswith(b"POST /api/v1.1/campaigns/triggers/start_batch/?a=%41 HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/json\r\n" in head
    assert body == b'{"a": "\xff"}'


def test_both_request_ids_are_one_fresh_id() -> None:
    """Each call draws an id, sent under both names and told in the answer."""
    with serving(answering(ANSWER, ANSWER)) as server, Client(target(server)) as client:
        first, second = client.send(b"{}"), client.send(b"{}")

    assert first.request_id != second.request_id
    assert f"\r\nRequest-ID: {first.request_id}\r\n".encode() in server.requests[0][0]
    assert f"\r\nX-Request-ID: {first.request_id}\r\n".encode() in server.requests[0][0]


def test_a_given_request_id_is_kept() -> None:
    """A test of deduplication sends one id twice."""
    assert head_of(Call(b"", request_id="again"))["Request-ID"] == "again"


def test_headers_replace_and_remove_the_clients_own() -> None:
    """A header of the call wins in any letter case; None leaves one out."""
    head = head_of(Call(b"", headers={"user-agent": "me", "X-Request-ID": None, "X-New": "1"}))

    assert (head["user-agent"], head["X-New"]) == ("me", "1")
    assert "X-Request-ID" not in head


def test_no_compression_is_asked_for_unless_the_call_says_so() -> None:
    """The default is identity, the call's own word goes first."""
    assert head_of(Call(b""))["Accept-Encoding"] == "identity"
    assert head_of(Call(b"", accept_encoding="gzip"))["Accept-Encoding"] == "gzip"


def test_a_call_without_a_body_has_none() -> None:
    """GET is sent without a length, POST with a length of 0."""
    assert "Content-Length" not in head_of(Call(None, method="GET"))
    assert head_of(Call(None))["Content-Length"] == "0"


@pytest.mark.parametrize("sizes", [(), (1, 100), (3, 7, 1000), (WHOLE,)])
@pytest.mark.parametrize("body", [b"", b"x", b"abc" * 70_000], ids=len)
def test_chunks_make_up_the_body(body: bytes, sizes: tuple[int, ...]) -> None:
    """A chunked upload of any chunk sizes carries the same bytes, and no length."""
    head, received = seen(Call(body, upload=Upload.CHUNKED, sizes=sizes))

    assert received == body
    assert b"Content-Length" not in head


def test_chunks_have_the_sizes_that_were_asked_for() -> None:
    """The sizes are used in turn, the last one for the rest."""
    chunks: list[bytes] = []

    def behave(connection: Connection) -> None:
        connection.read_head()
        chunks.extend(iter(connection.read_chunk, b""))
        connection.send(ANSWER)

    ask(behave, call=Call(b"abcdefgh", upload=Upload.CHUNKED, sizes=(1, 3, 2)))

    assert chunks == [b"a", b"bcd", b"ef", b"gh"]


class Recorder(socket.socket):
    """A socket that keeps what is given to it in one write."""

    def send(self, data: bytes, *_: int) -> int:  # type: ignore[override]  # bytes suffice
        """Take all of it."""
        self.writes.append(bytes(data))
        return len(self.writes[-1])

    writes: list[bytes]


def writes(call: Call) -> list[bytes]:
    """Return what a call writes at once, with the head `HEAD|`."""
    near, far = socket.socketpair()
    with Recorder(fileno=near.detach()) as recorder, far:
        recorder.writes = []
        Writer(recorder, Exchange(call, timeout=20)).send(b"HEAD|")
        return recorder.writes


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (Call(None), [b"HEAD|"]),
        (Call(b"abcdef"), [b"HEAD|abcdef"]),
        (Call(b"abcdef", upload=PIECES, sizes=(1, 3, WHOLE)), [b"HEAD|a", b"bcd", b"ef"]),
        (Call(b"abcdef", upload=PIECES, sizes=(2,)), [b"HEAD|ab", b"cd", b"ef"]),
        (Call(b"abc", upload=CHUNKED, sizes=(2,)), [b"HEAD|2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"]),
        (
            Call(b"abc", upload=CHUNKED, sizes=(2,), pause_seconds=0.001),
            [b"HEAD|2\r\nab\r\n", b"1\r\nc\r\n", b"0\r\n\r\n"],
        ),
    ],
    ids=["no body", "body", "three pieces", "equal pieces", "chunks", "chunks apart"],
)
def test_what_belongs_together_leaves_in_one_write(call: Call, expected: list[bytes]) -> None:
    """A head alone would wait for an acknowledgement; pieces are alone on purpose."""
    assert writes(call) == expected


@pytest.mark.parametrize(
    "call",
    [
        Call(b"", headers={"X": "a\r\nY: b"}),
        Call(b"", query="a b"),
        Call(b"", method="PO\nST"),
        Call(b"", media_type="é"),
    ],
    ids=["header", "query", "method", "type"],
)
def test_a_call_that_is_no_http_is_the_callers_mistake(call: Call) -> None:
    """What cannot stand in a head is refused before anything is sent."""
    with pytest.raises(ValueError, match=r"cannot be sent in a head|has no spaces"):
        ask(answering(ANSWER), call=call)


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


# Secrets


def test_neither_call_nor_answer_prints_the_token() -> None:
    """What stands in an assertion message holds no body, query or header value."""
    call = Call(
        TOKEN.encode(), headers={"Authorization": "Bearer secret-1"}, query="token=secret-1"
    )
    said = f"HTTP/1.1 200 OK\r\nA: secret-1\r\nContent-Length: {len(TOKEN)}\r\n\r\n{TOKEN}"
    answer = ask(saying(said.encode()), call=call)
    printed = f"{answer!r} {answer} {call!r} {answer.headers!r}"

    assert TOKEN not in printed
    assert "secret-1" not in printed


@pytest.mark.parametrize("before", [0, 30, 395, 3000])
def test_garbage_that_echoes_the_token_is_quoted_without_it(before: int) -> None:
    """Wherever a message is cut, no part of the token is left in it."""
    answer = ask(saying(b"<" * before + TOKEN.encode()))

    assert answer.ending is Ending.NOT_HTTP
    assert TOKEN[:4] not in answer.detail
