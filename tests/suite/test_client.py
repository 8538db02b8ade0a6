"""The client: what it sends, and what it keeps to itself."""

import socket
from typing import Final

import pytest

from endpoint.answer import WHOLE, Call, Ending, Upload
from endpoint.client import Client
from endpoint.exchange import Exchange
from endpoint.writing import Writer
from tests.suite.calling import TOKEN, ask, head_of, seen, target
from tests.suite.rawserver import ANSWER, Connection, answering, serving

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


def test_who_sends_can_be_left_unsaid() -> None:
    """Without User-Agent there is none, and no library's own in its place."""
    unnamed = head_of(Call(b"", headers={"User-Agent": None}))

    assert "User-Agent" in head_of(Call(b""))
    assert "user-agent" not in {name.lower() for name in unnamed}


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


# Secrets


def test_neither_call_nor_answer_prints_the_token() -> None:
    """What stands in an assertion message holds no body, query or header value."""
    call = Call(
        TOKEN.encode(), headers={"Authorization": "Bearer secret-1"}, query="token=secret-1"
    )
    said = f"HTTP/1.1 200 OK\r\nA: secret-1\r\nContent-Length: {len(TOKEN)}\r\n\r\n{TOKEN}"
    answer = ask(answering(said.encode()), call=call)
    printed = f"{answer!r} {answer} {call!r} {answer.headers!r}"

    assert TOKEN not in printed
    assert "secret-1" not in printed


@pytest.mark.parametrize("before", [0, 30, 395, 3000])
def test_garbage_that_echoes_the_token_is_quoted_without_it(before: int) -> None:
    """Wherever a message is cut, no part of the token is left in it."""
    answer = ask(answering(b"<" * before + TOKEN.encode()))

    assert answer.ending is Ending.NOT_HTTP
    assert TOKEN[:4] not in answer.detail
