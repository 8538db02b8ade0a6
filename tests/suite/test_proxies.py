"""Proxies that the environment names: what goes through them, and what they get to see."""

import ssl
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from contracts.model import PATH
from endpoint.answer import Answer, Ending
from endpoint.client import Client
from endpoint.target import Target
from tests.suite.calling import target
from tests.suite.rawserver import ANSWER, Behaviour, Connection, Server, answering, serving

HOST = "altcraft.invalid"
"""A target that no name server knows: only a proxy can reach it."""

BODY = b'{"token":"secret"}'


@pytest.fixture(autouse=True)
def _no_other_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine's own environment says."""
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def beyond(server: Server, scheme: str, ca_file: Path | None = None) -> Target:
    """The target behind a proxy."""
    return replace(target(server).at(f"{scheme}://{HOST}"), ca_file=ca_file)


def sent(through: Target) -> Answer:
    """Send one request."""
    with Client(through) as client:
        return client.send(BODY)


def test_http_goes_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy gets the whole address, and what it answers is the answer."""
    with serving(answering(ANSWER)) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        answer = sent(beyond(proxy, "http"))

    head, body = proxy.requests[0]
    assert (answer.ending, answer.body) == (Ending.ANSWERED, b"ok")
    assert head.startswith(f"POST http://{HOST}{PATH} HTTP/1.1\r\n".encode())
    assert body == BODY


def test_https_goes_through_a_tunnel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy learns where to connect, and nothing of the request."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    asked: list[bytes] = []

    with serving(tunnel_to(answering(ANSWER), context, asked)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        answer = sent(beyond(proxy, "https", tmp_path / "ca.pem"))

    assert (answer.ending, answer.body) == (Ending.ANSWERED, b"ok")
    assert asked[0].startswith(f"CONNECT {HOST}:443 HTTP/1.".encode())
    assert b"secret" not in asked[0]
    assert proxy.requests[0][1] == BODY


def tunnel_to(behaviour: Behaviour, context: ssl.SSLContext, asked: list[bytes]) -> Behaviour:
    """A proxy that opens each tunnel to a server of this behaviour, and keeps what it was asked."""

    def behave(connection: Connection) -> None:
        asked.append(connection.read_head())
        connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with context.wrap_socket(connection.sock, server_side=True) as inside:
            behaviour(Connection(inside, connection.server))

    return behave


def test_a_proxy_that_refuses_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the proxy says in the endpoint's place is not held against the endpoint."""
    refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    with serving(answering(refusal)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        answer = sent(beyond(proxy, "https"))

    assert (answer.ending, answer.sent_bytes) == (Ending.UNREACHABLE, 0)
    assert f"through the proxy 127.0.0.1:{proxy.port}, which" in answer.detail


def test_a_proxy_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads it has to think of the environment first; its password is nobody's business."""
    monkeypatch.setenv("http_proxy", "http://qa:password@127.0.0.1:1")
    with serving(answering(ANSWER)) as nobody:
        answer = sent(beyond(nobody, "http"))

    assert (answer.ending, answer.sent_bytes) == (Ending.UNREACHABLE, 0)
    assert "through the proxy 127.0.0.1:1, which the environment names" in answer.detail
    assert "password" not in answer.detail


def test_no_proxy_names_who_is_asked_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The target is then looked for itself, and nobody knows it."""
    with serving(answering(ANSWER)) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", HOST)
        answer = sent(beyond(proxy, "http"))

    assert answer.ending is Ending.UNREACHABLE
    assert proxy.connections == 0
