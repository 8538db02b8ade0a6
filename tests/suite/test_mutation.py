"""The proxy changes nothing but what its mutation says, and each mutation does what it says."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

import pytest

from contracts import clauses
from endpoint import target as targets
from endpoint.answer import Call, Ending, Upload
from endpoint.client import Client
from endpoint.mock import Running, running
from endpoint.target import Target
from tests.suite.calling import target
from tests.suite.mutating import meaning, passed, samples
from tests.suite.mutation.message import Mutation
from tests.suite.mutation.mutations import MUTATIONS
from tests.suite.mutation.proxy import proxying
from tests.suite.rawserver import Server, answering, serving

BREAKING: Final = [row for row in MUTATIONS.values() if row.breaks]
CONFORMING: Final = [row for row in MUTATIONS.values() if row.breaks is None]


@pytest.fixture(scope="module")
def mock() -> Iterator[Running]:
    """The embedded mock."""
    with running(targets.load("mock")) as mock:
        yield mock


@pytest.fixture(scope="module")
def through(mock: Running) -> Iterator[Target]:
    """The mock's target, asked through a transparent proxy."""
    with proxying(mock.base_url) as proxy:
        yield targets.load("mock").at(proxy.base_url)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that gives the samples."""
    with serving(samples) as server:
        yield server


def _body(size: int) -> bytes:
    asked = {
        "token": targets.load("mock").token.reveal(),
        "trigger_id": 8,
        "data": [{"email": "contract-13@example.com"}],
        "content": {"text": ""},
    }
    empty = json.dumps(asked)
    return empty.replace('""', '"%s"' % ("x" * (size - len(empty)))).encode()


# ------------------------------------------------------------------ the proxy


@pytest.mark.parametrize("size", [300, 70_000, 9_900_000, 12_000_000])
@pytest.mark.parametrize("upload", list(Upload), ids=lambda upload: upload.name)
def test_a_request_passes(mock: Running, through: Target, size: int, upload: Upload) -> None:
    """Small or large, over the limit or not, in one or in chunks, it is answered as without."""
    call = Call(_body(size), "application/json", upload=upload, sizes=(100, 1_000_000))

    with Client(through.at(mock.base_url)) as straight, Client(through) as proxied:
        expected, found = straight.call(call), proxied.call(call)

    assert (expected.status, expected.body) == (found.status, found.body)
    assert found.answered, found.detail


def test_a_connection_is_kept(through: Target) -> None:
    """The second request travels on the connection of the first."""
    with Client(through) as client:
        answers = [client.send(_body(300), media_type="application/json") for _ in range(2)]

    assert [answer.reused for answer in answers] == [False, True]


def test_100_continue_passes(through: Target) -> None:
    """A client that waits for 100 Continue gets it."""
    with Client(through) as client:
        answer = client.send(_body(300), media_type="application/json", expect=True)

    assert answer.interim == (100,)
    assert answer.answered


def test_a_token_for_the_host_does_not_change(server: Server) -> None:
    """The target gets its own name as Host, and all else as the client sent it."""
    with (
        proxying(f"http://127.0.0.1:{server.port}") as proxy,
        Client(target(server).at(proxy.base_url)) as client,
    ):
        client.send(b"{}", query="0")

    assert f"\r\nHost: 127.0.0.1:{server.port}\r\n".encode() in server.requests[-1][0]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        (
            b"HTTP/1.1 200\r\nX-a :  b \r\nTransfer-Encoding: chunked\r\n\r\n"
            b"2;a=b\r\nok\r\n0\r\nT: 1\r\n\r\n"
        ),
        b"HTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\nuntil the end",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok",
        b"no HTTP at all",
        b"",
    ],
)
def test_an_answer_passes_byte_for_byte(answer: bytes) -> None:
    """Right or wrong, without a mutation each byte of an answer arrives."""
    with (
        serving(answering(answer)) as server,
        proxying(f"http://127.0.0.1:{server.port}") as proxy,
        socket.create_connection(("127.0.0.1", int(proxy.base_url.rpartition(":")[2]))) as sock,
    ):
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
        found = b"".join(iter(lambda: sock.recv(65_536), b""))

    assert answer == found


def test_a_reset_passes() -> None:
    """A target that resets the connection is seen to reset it."""
    with (
        serving(lambda connection: connection.reset()) as server,
        proxying(f"http://127.0.0.1:{server.port}") as proxy,
        Client(target(server).at(proxy.base_url)) as client,
    ):
        answer = client.send(b"{}")

    assert answer.ending == Ending.RESET


# ------------------------------------------------------------------ the table


@cache
def _plain(number: int, *, repeats: bool) -> object:
    """What a sample means that nothing was changed in."""
    with serving(samples) as server, Client(target(server)) as client:
        return meaning(client.send(b"{}", query=str(number)), repeats=repeats)


def test_the_table_is_large() -> None:
    """Sixty ways to break the documentation and twenty to keep it, at the least."""
    assert len(BREAKING) >= 60
    assert len(CONFORMING) >= 20


@pytest.mark.parametrize("mutation", BREAKING, ids=lambda mutation: mutation.name)
def test_a_breaking_mutation_names_a_clause(mutation: Mutation) -> None:
    """Each names a clause that can be broken."""
    assert clauses.load()[str(mutation.breaks)].status != "open"


@pytest.mark.parametrize("mutation", BREAKING, ids=lambda mutation: mutation.name)
def test_a_breaking_mutation_breaks(server: Server, mutation: Mutation) -> None:
    """It changes a sample at least, and what it changes means another thing, or nothing."""
    changed = [one for one in passed(server, replace(mutation, every=1), 0.3) if one.applied]

    assert changed
    assert [
        one
        for one in changed
        if meaning(one.answer, repeats=True) == _plain(one.number, repeats=True)
    ] == []


@pytest.mark.parametrize("mutation", CONFORMING, ids=lambda mutation: mutation.name)
def test_a_conforming_mutation_keeps_the_meaning(server: Server, mutation: Mutation) -> None:
    """It changes a sample at least, and nothing that the documentation fixes."""
    found = passed(server, mutation, timeout=20)

    assert any(one.applied for one in found)
    assert [
        one
        for one in found
        if meaning(one.answer, repeats=False) != _plain(one.number, repeats=False)
    ] == []


def test_only_sometimes(server: Server) -> None:
    """Every 7th answer that could be changed is changed, and no other."""
    seventh = replace(MUTATIONS["success-text-ok"], every=7)

    changed = [one.number for one in passed(server, seventh, timeout=5) if one.applied]

    assert changed == [6]
