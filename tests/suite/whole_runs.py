"""Whole runs of the contract suite, as a user starts them: a command, its exit code, its output."""

import contextlib
import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR, socket
from threading import Thread
from typing import Final

from tests.suite.runs import output, started

TOKEN: Final = "kX7qV2-a\"b&c<d'e\\f-wP4zT9"
"""Distinctive, and with characters that JSON, XML, URLs and shells all escape."""

REMAINS: Final = ("kX7qV2", "wP4zT9", "9Tz4Pw", "2Vq7Xk", "Kx7Qv2", "Wp4Zt9")
"""What tells that the token, a part of it, or it backwards or in other case stands somewhere."""

PROFILE: Final = "6606e08f10bcdd88297057a7"

FEW: Final = ("tests/contract/test_endpoint.py", "tests/contract/test_access.py")
"""Two quick files."""

MOST_SECONDS: Final = 120
"""A run that has not ended by then hangs."""


@dataclass(frozen=True)
class Ended:
    """A run that has ended.

    Attributes:
        folder: where it ran, and left its files.
        code: its exit code.
        output: standard output and error.
        journal: the sends that the mock behind it counted, where there was one to ask.
        left: processes that it had started and that still live.
        answer: what its last command line to repeat a request got, where that was run.
    """

    folder: Path
    code: int
    output: str
    journal: int | None = None
    left: tuple[int, ...] = ()
    answer: str = ""

    @property
    def written(self) -> str:
        """Everything that the run wrote: output, JUnit, reports, whatever else lies there."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        texts = (_text(path) for path in files if path.suffix != ".toml")
        return "\n".join((self.output, *texts))

    @property
    def repeats(self) -> list[str]:
        """The command lines that repeat a request."""
        return re.findall(r"^  repeat +(.+)$", self.output, re.MULTILINE)


def _text(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8", "replace")


Runs = Callable[[str], Ended]
"""A scenario's run, by its name."""


# ------------------------------------------------------------------ the command


def target_file(folder: Path, base_url: str, token: str = TOKEN, more: str = "") -> Path:
    """A target file with one known profile."""
    path = folder / "staging.toml"
    path.write_text(
        f"""
base_url = {json.dumps(base_url)}
token = {json.dumps(token)}
trigger_id = 8
field_name = "Custom_ID"
timeout_seconds = 5
{more}
[[profiles]]
profile_id = "{PROFILE}"
email = "contract-1@example.com"
phones = ["+79000000001"]
custom = "003"
""",
        encoding="utf-8",
    )
    return path


def run(folder: Path, file: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Ended:
    """Run to the end."""
    process = started(folder, *options(file), *(arguments or ("-q", *FEW)), env=env)
    printed = output(process, MOST_SECONDS)
    return Ended(folder, process.returncode, printed)


def options(file: Path) -> tuple[str, ...]:
    """The options that all of these runs have."""
    return ("--target", str(file), "--junitxml", "junit.xml", "--effort", "smoke")


# ------------------------------------------------------------------ servers


@contextlib.contextmanager
def serving(body: bytes, media_type: str, answers: int = 1_000_000) -> Iterator[str]:
    """A server that answers everything alike; after so many answers it is gone."""
    given = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            nonlocal given
            given += 1
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if given >= answers:
                # Closed only, it would still take connections until the server's next look.
                server.socket.shutdown(SHUT_RDWR)
                server.socket.close()
                self.close_connection = True
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=partial(_served, server), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.socket.close()


def _served(server: ThreadingHTTPServer) -> None:
    # Once its socket is closed the server has nothing left to wait for.
    with contextlib.suppress(OSError, ValueError):
        server.serve_forever(poll_interval=0.05)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port
