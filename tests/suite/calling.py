"""What the client's tests share: calls, targets, and behaviours of a server."""

from collections.abc import Callable
from pathlib import Path

from endpoint.answer import Answer, Call
from endpoint.client import Client
from endpoint.secret import Secret
from endpoint.target import Safety, Target
from tests.suite.rawserver import ANSWER, Behaviour, Connection, Server, answering, serving

TOKEN = "t0k/e<n>&\"'+"
PEM, KEY = (Path(__file__).parent / "tls" / f"loopback.{end}" for end in ("pem", "key"))

LARGE = b"x" * 30_000_000
"""More than any system takes before the other side reads."""


def target(
    server: Server, *, scheme: str = "http", timeout: float = 20, live: bool = False
) -> Target:
    """Return a target at a test's server."""
    return Target(
        name="raw",
        base_url=f"{scheme}://127.0.0.1:{server.port}",
        token=Secret(TOKEN),
        trigger_id=8,
        field_name="Custom_ID",
        safety=Safety(live=live),
        timeout_seconds=timeout,
    )


def ask(*behaviours: Behaviour, call: Call | None = None, timeout: float = 20) -> Answer:
    """Send one call to a server that behaves so."""
    with serving(*behaviours) as server, Client(target(server, timeout=timeout)) as client:
        return client.call(call or Call(b"{}", "application/json"))


def seen(call: Call) -> tuple[bytes, bytes]:
    """Return head and body of a call as a server gets them."""
    with serving(answering(ANSWER)) as server, Client(target(server)) as client:
        client.call(call)
    return server.requests[0]


def head_of(call: Call) -> dict[str, str]:
    """Return the headers of a call as a server gets them."""
    lines = seen(call)[0].decode().split("\r\n")[1:-2]
    return dict(line.split(": ", 1) for line in lines)


def refusing_early(then: Callable[[Connection], None]) -> Behaviour:
    """Read a part of the body, answer 400, then do this."""

    def behave(connection: Connection) -> None:
        connection.read_head()
        connection.read_exactly(1_000_000)
        connection.send(b"HTTP/1.1 400 Bad\r\nContent-Length: 3\r\n\r\nbig")
        then(connection)

    return behave


def nothing(_: Connection) -> None:
    """Close: what was not read resets the connection."""


def drain(connection: Connection) -> None:
    """Read on up to the end."""
    while connection.read_some():
        pass


def hold(connection: Connection) -> None:
    """Read nothing more until the test is over."""
    connection.server.stopping.wait()


def close_without_a_word(connection: Connection) -> None:
    """Take a request and close."""
    connection.read_request()
