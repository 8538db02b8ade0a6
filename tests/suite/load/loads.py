"""Whole load runs, as a user starts them: Locust's command line, its exit code, its files."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final

from endpoint.target import MOCK_FILE
from loadtests import runfile
from loadtests.record import Run
from tests.suite.runs import ROOT, output
from tests.suite.whole_runs import PROFILE

LOCUST: Final = (
    *(sys.executable, "-m", "locust", "-f", str(ROOT / "loadtests" / "locustfile.py")),
    *("--only-summary", "--out", "out"),
)

MOST_SECONDS: Final = 90
"""A run that has not ended by then hangs."""

RIGHT: Final = json.dumps(
    {"error": 0, "error_text": "Successful operation", "result": [{"profile_id": PROFILE}]}
).encode()
"""What finds the one profile that `whole_runs.target_file` knows."""


@dataclass(frozen=True)
class Loaded:
    """A load run that has ended.

    Attributes:
        folder: where its files are.
        code: its exit code.
        output: standard output and error.
    """

    folder: Path
    code: int
    output: str

    def run(self, scenario: str) -> Run:
        """Its run file."""
        return runfile.read(self.folder / f"{scenario}.json")

    @property
    def complaint(self) -> list[str]:
        """What it said for a person: the lines that begin with its name."""
        return [line for line in self.output.splitlines() if line.startswith("load")]


def started(
    folder: Path, *options: str, headless: bool = True, inside: Sequence[str] = ()
) -> "subprocess.Popen[str]":
    """Start a load run, in a process group of its own; inside what another command makes."""
    return subprocess.Popen(
        [*inside, *LOCUST, *(["--headless"] if headless else []), *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads yet
    )


def ended(process: "subprocess.Popen[str]", folder: Path) -> Loaded:
    """Wait for a load run's end."""
    printed = output(process, MOST_SECONDS)
    return Loaded(folder / "out", process.returncode, printed)


def load(folder: Path, *options: str) -> Loaded:
    """Run to the end."""
    return ended(started(folder, *options), folder)


def until_it_says(process: "subprocess.Popen[str]", *said: str) -> str:
    """Wait for a line with one of these texts; what was printed until then."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if any(one in line for one in said):
            return "".join(lines)
    raise AssertionError(f"the run ended before it said {said}: " + "".join(lines))


def until_it_runs(process: "subprocess.Popen[str]") -> str:
    """Wait until the users send; what was printed until then."""
    # The second is what a master says whose workers are slow to tell of their users.
    printed = until_it_says(process, "All users spawned", "Spawning is complete")
    time.sleep(1.5)
    return printed


def live_target(folder: Path, base_url: str, safety: Sequence[str]) -> Path:
    """The mock's own target file, as if each profile were somebody's, in the place of a staging."""
    text = MOCK_FILE.read_text(encoding="utf-8")
    head, _, rest = text.partition("[safety]")
    profiles = rest[rest.index("# A rich profile") :]
    path = folder / "live.toml"
    path.write_text(
        head.replace('"mock"', json.dumps(base_url), 1)
        + "\n".join(("[safety]", *safety, "", profiles)),
        encoding="utf-8",
    )
    return path


@contextlib.contextmanager
def stalling(after: float, seconds: float) -> Iterator[str]:
    """A server that answers rightly and at once, but for one stall; its base URL.

    Args:
        after: seconds from the first request until it stalls.
        seconds: how long nothing is answered then.
    """
    begun: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            begun.append(time.monotonic())
            since = time.monotonic() - begun[0]
            if after <= since < after + seconds:
                time.sleep(after + seconds - since)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(RIGHT) + RIGHT)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
