"""The mock is no hole: whatever a client sends, it goes on serving others, and does not grow."""

import contextlib
import resource
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import psutil
import pytest

from contracts.model import PATH
from endpoint.mock import Running, running
from tests.suite.mocking import JSON, TARGET, as_json, post

ONE_PROFILE = as_json([{"email": "one@example.com"}])
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n".encode()
SLOW = 1000
MOST_GROWTH = 64 * 1024 * 1024


@pytest.fixture(scope="module")
def mock() -> Iterator[Running]:
    """A mock whose process these tests look at."""
    with running(TARGET) as started:
        yield started


@pytest.fixture
def many_files() -> Iterator[None]:
    """As many open files as the system lets this process have."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def memory(mock: Running) -> int:
    """Bytes that the mock and its worker have."""
    process = psutil.Process(mock.pid)
    family = (process, *process.children(recursive=True))
    return sum(int(one.memory_info().rss) for one in family)


def connected(mock: Running) -> socket.socket:
    """A connection of its own."""
    url = urlsplit(mock.base_url)
    return socket.create_connection((url.hostname or "", url.port or 0), timeout=20)


def said_to(mock: Running, request: bytes) -> bytes:
    """All that comes back for these bytes, until the mock closes or is silent for a second."""
    with connected(mock) as sock, contextlib.suppress(OSError):
        sock.sendall(request)
        sock.shutdown(socket.SHUT_WR)
        answer = b""
        while data := sock.recv(1 << 16):
            answer += data
    return answer


def serves(mock: Running) -> bool:
    """Whether a valid request of somebody else is served."""
    return post(mock, ONE_PROFILE, JSON).found == ["1"]


@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize(
    "begun",
    [b"", HEAD[:20], HEAD + b"X-Slow: ", HEAD + b"Content-Length: 1000000\r\n\r\n{"],
    ids=["silent", "in the first line", "in a header", "in the body"],
)
def test_a_thousand_slow_connections_keep_nobody_waiting(mock: Running, begun: bytes) -> None:
    """They stop in the middle; another client is served, and little memory is taken."""
    before = memory(mock)
    with contextlib.ExitStack() as stack:
        for _ in range(SLOW):
            stack.enter_context(connected(mock)).sendall(begun)

        assert all(serves(mock) for _ in range(20))
        assert memory(mock) - before < MOST_GROWTH

    assert serves(mock)


HOSTILE = {
    "a header without end": HEAD + b"X-Flood: " + b"x" * (4 << 20),
    "a hundred thousand headers": HEAD + b"X-Flood: 1\r\n" * 100_000 + b"\r\n",
    "an endless first line": b"POST /" + b"x" * (4 << 20),
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\n{}{}{}",
    "length and chunks": HEAD
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    "chunks twice": HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunks that are none": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    "a chunk of 2^64 bytes": HEAD + b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nabc",
    "a negative length": HEAD + b"Content-Length: -5\r\n\r\nabcde",
    "a header with a space before its colon": HEAD + b"Content-Length : 5\r\n\r\nabcde",
    "a folded header": HEAD + b"X-A: 1\r\n Content-Length: 5\r\n\r\n",
    "NUL in a header": HEAD + b"X-A: \x00\r\n\r\n",
    "bytes of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 500,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an upgrade": HEAD + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n",
    "a tunnel": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_request_is_refused_and_forgotten(mock: Running, name: str) -> None:
    """It launches nothing, is not taken for two requests, and the next client is served."""
    mock.admin.set()
    before = memory(mock)

    answer = said_to(mock, HOSTILE[name])

    assert b"Successful operation" not in answer
    assert answer.count(b"HTTP/1.") <= 1
    assert mock.admin.journal()["sends"] == 0
    assert serves(mock)
    assert memory(mock) - before < MOST_GROWTH


@pytest.mark.parametrize("times", [2, 1500])
def test_an_offer_of_http_2_is_declined(mock: Running, times: int) -> None:
    """As Java's client does each time; and each of the next requests on the connection is served.

    Args:
        mock: is asked.
        times: requests that are there at once: more of them than Python recurses.
    """
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEA\r\n"
    request = HEAD + offer + b"Content-Length: %d\r\n\r\n" % len(ONE_PROFILE) + ONE_PROFILE

    answer = said_to(mock, request * times)

    assert answer.count(b'"profile_id":"aaaaaaaaaaaaaaaaaaaaaaa1"') == times


def test_the_mock_listens_on_this_machine_only(mock: Running) -> None:
    """Unless told otherwise."""
    listening = {
        one.laddr.ip
        for one in psutil.Process(mock.pid).net_connections(kind="tcp")
        if one.status == psutil.CONN_LISTEN
    }

    assert listening == {"127.0.0.1"}
