"""Whole runs of the contract suite, as a user starts them: a command, its exit code, its output.

A scenario is a target file and a server behind it. Each runs once, whatever number of tests
look at it: a run costs some seconds.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR, socket
from threading import Thread
from typing import Final

from endpoint import target as targets
from endpoint.mock import running
from tests.suite.runs import output, started

TOKEN: Final = "kX7qV2-a\"b&c<d'e\\f-wP4zT9"
"""Distinctive, and with characters that JSON, XML, URLs and shells all escape."""

REMAINS: Final = ("kX7qV2", "wP4zT9", "9Tz4Pw", "2Vq7Xk", "Kx7Qv2", "Wp4Zt9")
"""What tells that the token, a part of it, or it backwards or in other case stands somewhere."""

PROFILE: Final = "6606e08f10bcdd88297057a7"

FEW: Final = ("tests/contract/test_endpoint.py", "tests/contract/test_access.py")
"""Two quick files."""

ANSWERS: Final = "tests/contract/test_answers.py"

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
        texts = (path.read_text("utf-8", "replace") for path in files if path.suffix != ".toml")
        return "\n".join((self.output, *texts))

    @property
    def repeats(self) -> list[str]:
        """The command lines that repeat a request."""
        return re.findall(r"^  repeat +(.+)$", self.output, re.MULTILINE)


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


# ------------------------------------------------------------------ scenarios


def held(folder: Path) -> Ended:
    """The embedded mock as it is, with a target file of one's own."""
    return run(folder, target_file(folder, "mock"))


def wrong_key(folder: Path) -> Ended:
    """A target file with a key that there is not."""
    return run(folder, target_file(folder, "mock", more="trigger_number = 8"))


def unreachable(folder: Path) -> Ended:
    """A port on which nothing listens."""
    return run(folder, target_file(folder, f"http://127.0.0.1:{free_port()}"))


def html(folder: Path) -> Ended:
    """A proxy that answers everything with its own page."""
    page = b"<!DOCTYPE html><html><body>Welcome to nginx!</body></html>"
    with serving(page, "text/html") as base_url:
        return run(folder, target_file(folder, base_url))


def garbage(folder: Path) -> Ended:
    """A server that answers everything with what is neither JSON nor XML nor a page."""
    with serving(b"\x00\x01 it works \xff", "application/json") as base_url:
        return run(folder, target_file(folder, base_url))


def unknown_host(folder: Path) -> Ended:
    """A host that no name server knows (RFC 6761: .invalid never is)."""
    safety = "[safety]\nmax_sends = 5"
    file = target_file(folder, "http://staging.invalid", "${START_BATCH_TEST_TOKEN}", safety)
    return run(folder, file, env={"START_BATCH_TEST_TOKEN": TOKEN})


def drift(folder: Path) -> Ended:
    """A pinned behaviour that the mock does not show."""
    more = '[observed]\n"answer.status-of-errors" = "other"\n"batch_order" = "x"'
    return run(folder, target_file(folder, "mock", more=more), "--clause", "answer", ANSWERS)


def wrong_pin(folder: Path) -> Ended:
    """A pin that is none of the alternatives of its clause."""
    more = '[observed]\n"answer.status-of-errors" = "299"'
    return run(folder, target_file(folder, "mock", more=more))


def wrong_token(folder: Path) -> Ended:
    """A mock that has another token than the target file."""
    mock = targets.load(target_file(folder, "mock", "another-0123456789"))
    with running(mock) as server:
        return run(folder, target_file(folder, server.base_url))


def defect(folder: Path, name: str = "any-token") -> Ended:
    """The embedded mock with a bug."""
    return run(folder, target_file(folder, "mock"), "-q", "--mock-defect", name, *FEW)


def no_defect(folder: Path) -> Ended:
    """A defect that there is not."""
    return defect(folder, "nonsense")


def leak(folder: Path) -> Ended:
    """The embedded mock with a bug that shows the token in a header of each answer."""
    return defect(folder, "token-in-answer-header")


def large(folder: Path) -> Ended:
    """The embedded mock with a bug that only batches of thousands show."""
    return run(
        folder,
        target_file(folder, "mock"),
        *("-q", "--mock-defect", "after-10000-lost", "-k", "largest_batches"),
        "tests/contract/test_batches.py",
    )


def parallel(folder: Path) -> Ended:
    """Two processes of pytest-xdist, a mock with a bug behind each."""
    return run(
        folder,
        target_file(folder, "mock"),
        *("-q", "-n", "2", "--mock-defect", "content-refused", "--summary", "summary.json"),
        "tests/contract/test_payload.py",
    )


def parallel_unreachable(folder: Path) -> Ended:
    """Two processes, and a port on which nothing listens."""
    file = target_file(folder, f"http://127.0.0.1:{free_port()}")
    return run(folder, file, "-q", "-n", "2", *FEW)


def parallel_live(folder: Path) -> Ended:
    """Two processes, and a live target."""
    file = target_file(folder, "mock", more="[safety]\nlive = true\nmax_sends = 5")
    return run(folder, file, "-q", "-n", "2", *FEW)


def repeated(folder: Path) -> Ended:
    """A mock with a bug, and the breach's command line run by bash against it."""
    mock = targets.load(target_file(folder, "mock"))
    with running(mock, defect="email-without-profile") as server:
        ended = run(folder, target_file(folder, server.base_url))
        line = ended.repeats[0] if ended.repeats else "echo no line"
        answer = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env={**os.environ, "ALTCRAFT_TOKEN": TOKEN},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=30,
            check=False,
        )
    return Ended(folder, ended.code, ended.output, answer=answer.stdout)


def dies(folder: Path) -> Ended:
    """A server that keeps its promises in two answers, and then is gone."""
    body = (
        b'{"error":0,"error_text":"Successful operation","result":[{"profile_id":"%b"}]}'
        % PROFILE.encode()
    )
    with serving(body, "application/json", answers=2) as base_url:
        return run(folder, target_file(folder, base_url))


def live(folder: Path) -> Ended:
    """A live target that may be asked to send five messages."""
    mock = targets.load(target_file(folder, "mock"))
    safety = "[safety]\nlive = true\nmax_sends = 5"
    with running(mock) as server:
        ended = run(folder, target_file(folder, server.base_url, more=safety))
        journal = server.admin.journal()
    return Ended(folder, ended.code, ended.output, journal=int(str(journal["sends"])))


def interrupted(folder: Path) -> Ended:
    """Ctrl-C in the middle: the signal goes to the run and to all that it has started."""
    file = target_file(folder, "mock")
    process = started(folder, *options(file), "-v", "tests/contract", apart=True)
    assert process.stdout is not None
    try:
        seen = ""
        while "PASSED" not in seen and (line := process.stdout.readline()):
            seen += line
        children = tuple(descendants(process.pid))
        os.killpg(process.pid, signal.SIGINT)
        seen += output(process, MOST_SECONDS)
    finally:
        process.kill()
    assert children, "the mock was to be among the processes that the run had started"
    left = tuple(pid for pid in children if Path(f"/proc/{pid}").exists())
    return Ended(folder, process.returncode, seen, left=left)


def descendants(pid: int) -> Iterator[int]:
    """The processes that a process has started, and theirs."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from descendants(int(child))


SCENARIOS: Final[Mapping[str, Callable[[Path], Ended]]] = {
    scenario.__name__: scenario
    for scenario in (
        held, wrong_key, unreachable, html, wrong_token, no_defect, defect, leak, large, repeated,
        garbage, unknown_host, drift, wrong_pin, dies, live, interrupted,
        parallel, parallel_unreachable, parallel_live,
    )
}  # fmt: skip
