"""The mock's body limit: exact to the byte, and readable for a client that is still sending."""

from collections.abc import Iterator

import pytest

from contracts.model import PATH
from endpoint.mock import Running, running
from tests.suite.mocking import JSON, ONE, TARGET, XML, Said, as_json, padded, post, raw

LIMIT = 30_000
TOO_LARGE = {
    "error": 400,
    "error_debug": "http: request body too large",
    "error_text": "Invalid request",
}


@pytest.fixture(scope="module", params=["", "limit-early", "limit-half-closed"])
def mock(request: pytest.FixtureRequest) -> Iterator[Running]:
    """A mock with a limit of 30,000 bytes, in each way to answer over it."""
    with running(TARGET, variants=[request.param] if request.param else []) as started:
        yield started


def _sent(mock: Running, body: bytes, fmt: str, upload: str) -> Said:
    pieces = [body[at : at + 4_096] for at in range(0, len(body), 4_096)]
    return post(mock, pieces if upload == "chunked" else body, JSON if fmt == "json" else XML)


@pytest.mark.parametrize("upload", ["length", "chunked"])
@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_limit_is_exact(mock: Running, fmt: str, upload: str) -> None:
    """Exactly the limit is served; one byte more is refused; framing does not count."""
    assert _sent(mock, padded(LIMIT, fmt), fmt, upload).found == ["1"]
    assert b"too large" in _sent(mock, padded(LIMIT + 1, fmt), fmt, upload).body


def test_documented_answer_in_json(mock: Running) -> None:
    """The over-limit answer is the page's last example."""
    assert post(mock, padded(LIMIT + 1, "json")).json == TOO_LARGE


def test_documented_answer_in_xml(mock: Running) -> None:
    """An XML request over the limit is answered in XML."""
    expected = [(name, str(value)) for name, value in TOO_LARGE.items()]

    assert post(mock, padded(LIMIT + 1, "xml"), XML).xml == expected


def test_readable_while_sending(mock: Running) -> None:
    """A client that sends megabytes more before it reads still gets the answer."""
    head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000000\r\n\r\n"

    assert b"too large" in raw(mock, head.encode(), *[b"x" * 100_000] * 80)


def test_next_request_is_unharmed(mock: Running) -> None:
    """After a body over the limit the next request is served."""
    post(mock, padded(LIMIT * 3, "json"))

    assert post(mock, as_json(ONE)).found == ["1"]


def test_expect_over_limit(mock: Running) -> None:
    """A client that asked for 100-continue gets the answer, too."""
    body = padded(LIMIT + 1, "json")
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    answer = raw(mock, head.encode(), body)

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
    assert b"too large" in answer
