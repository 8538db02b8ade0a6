"""A process that Locust's gevent has patched, which sends what a test tells it to.

The patch must not reach the tests' own process: its servers, and other tests' clients, live on
real threads. So this module is two: a test imports `patched`, and `python -m` of this module
is the other side, the only one that imports gevent.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: a text, and behind it as many bytes as `more` says."""

    text: str
    more: int = 0


@dataclass(frozen=True, slots=True)
class Got:
    """What came back.

    Attributes:
        status: of the answer; 0 where there was none.
        body: its first thousand characters.
        size: of the whole of it, in bytes.
        failed: the kind of failure; empty where there was none.
        in_doubt: of a failure: whether the request may have been executed.
    """

    status: int = 0
    body: str = ""
    size: int = 0
    failed: str = ""
    in_doubt: bool = False


class Patched:
    """The other process, as a test sees it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def send(
        self, port: int, *requests: Request, timeout: float = 20, ca_file: Path | None = None
    ) -> list[Got]:
        """Send requests one after another by one `Connection`.

        Args:
            port: of 127.0.0.1.
            requests: what is sent.
            timeout: seconds for an exchange.
            ca_file: certificates to trust; none for plain HTTP.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {
            "port": port,
            "requests": [asdict(one) for one in requests],
            "timeout": timeout,
            "ca_file": ca_file and str(ca_file),
        }
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return [Got(**one) for one in json.loads(self._process.stdout.readline())]


@contextlib.contextmanager
def patched() -> Iterator[Patched]:
    """Start the other process; end it at the end of the block."""
    command = [sys.executable, "-m", "tests.suite.load.patched"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Patched(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(10)


def main() -> None:
    """Send what each line of the input says; say in a line what came."""
    # Before anything else, as Locust does it.
    from gevent import monkey  # noqa: PLC0415

    monkey.patch_all()
    import ssl  # noqa: PLC0415

    from loadtests.connection import Connection  # noqa: PLC0415
    from loadtests.sockets import Address, Failed  # noqa: PLC0415

    def exchange(connection: Connection, request: Request) -> Got:
        try:
            connection.exchange(request.text.encode(), b"x" * request.more)
        except Failed as failed:
            return Got(failed=failed.kind, in_doubt=failed.in_doubt)
        body = connection.body
        return Got(connection.status, body[:1000].decode("latin-1"), len(body))

    for line in sys.stdin:
        asked = json.loads(line)
        tls = ssl.create_default_context(cafile=asked["ca_file"]) if asked["ca_file"] else None
        connection = Connection(Address("127.0.0.1", asked["port"], asked["timeout"], tls))
        answers = [asdict(exchange(connection, Request(**one))) for one in asked["requests"]]
        connection.close()
        print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main()
