"""The least that a server in Python can do for a small request: take it apart, answer it.

`python -m benchmarks.bare` prints its address and serves until it is terminated.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator

import httptools

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n"
    b'{"error":0,"error_text":"Successful operation","result":[]}\n'
)


class Bare(asyncio.Protocol):
    """httptools, and the same answer to everything."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        """Take requests apart."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Answer."""
        self._transport.write(ANSWER)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def bare_server() -> Iterator[tuple[str, int]]:
    """Run it in a process of its own; its address and process id."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bare"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(_serve())
