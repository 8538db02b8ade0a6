"""Generators of load, each run against the same server with the same bytes."""

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.reading import Reader, bodies_of, target_on

CONNECTIONS: Final = 8

LUA: Final = """
wrk.method = "POST"
wrk.body = io.open("{body}", "rb"):read("*a")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Request-ID"] = "{id}"
wrk.headers["X-Request-ID"] = "{id}"
function done(summary, latency, requests)
    local wrong = summary.errors
    io.write(string.format('{{"requests":%d,"microseconds":%d,"failures":%d}}\\n',
        summary.requests, summary.duration,
        wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout))
end
"""
"""wrk's script: what to send, and what it counted as one line of JSON."""

REQUEST_ID: Final = "0" * 24


class FailedError(Exception):
    """A generator counted failures, or nothing at all: its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Drive:
    """What a generator did in one round.

    Attributes:
        requests: answered, and none failed.
        seconds: in which they were.
        cpu: seconds of a processor that the generator took for them.
        memory: bytes that it held at most; 0 where that was not looked at.
    """

    requests: float
    seconds: float
    cpu: float
    memory: int = 0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def efficiency(self) -> float:
        """Requests a second of a processor."""
        return self.requests / self.cpu


@dataclass(frozen=True, slots=True)
class Round:
    """What a generator is asked to do.

    Attributes:
        reader: whom to send to.
        size: of the bodies, by name.
        body: the file that holds one.
        seconds: whole ones; that is all that wrk knows.
    """

    reader: Reader
    size: str
    body: Path
    seconds: int


@contextlib.contextmanager
def rounds(reader: Reader, size: str, seconds: int) -> Iterator[Round]:
    """Rounds of a size, its body in a file."""
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder) / "body"
        body.write_bytes(bodies_of(size, target_on(reader.port)).each[0].payload)
        yield Round(reader, size, body, seconds)


@dataclass(frozen=True, slots=True)
class Locusts:
    """A user in processes of Locust.

    Attributes:
        user: by its name for benchmarks.locusts.
        users: of all processes together.
        processes: how many.
        cores: where they may run; none for where this process does.
    """

    user: str
    users: int = CONNECTIONS
    processes: int = 1
    cores: Collection[int] = ()

    @property
    def missing(self) -> str:
        """Why it cannot be run: it always can."""
        return ""

    def drive(self, one: Round) -> Drive:
        """Run one round."""
        command = [
            sys.executable, "-m", "benchmarks.locusts", self.user, "--size", one.size,
            "--port", str(one.reader.port), "--users", str(self.users // self.processes),
            "--seconds", str(one.seconds),
        ]  # fmt: skip
        with contextlib.ExitStack() as stack:
            started = [stack.enter_context(_started(command)) for _ in range(self.processes)]
            for process in started:
                os.sched_setaffinity(process.pid, self.cores or os.sched_getaffinity(0))
                assert process.stdout is not None
                process.stdout.readline()
            # All have prepared: now they send, at the same time.
            for process in started:
                assert process.stdin is not None
                process.stdin.write("\n")
                process.stdin.flush()
            drives = [_drive(self.user, process.communicate()[0]) for process in started]
        return Drive(
            sum(drive.requests for drive in drives),
            max(drive.seconds for drive in drives),
            sum(drive.cpu for drive in drives),
            sum(drive.memory for drive in drives),
        )


def _started(command: Sequence[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _drive(name: str, printed: str) -> Drive:
    """A round of Locust's, from the last line that it printed."""
    lines = printed.splitlines()
    counted = json.loads(lines[-1]) if lines else {}
    if not counted or counted["failures"] or not counted["requests"]:
        raise FailedError(f"{name}: {counted or 'it ended early'}")
    return Drive(counted["requests"], counted["seconds"], counted["cpu"], counted["memory"])


@dataclass(frozen=True, slots=True)
class Wrk:
    """wrk, with one thread."""

    program: str

    @property
    def missing(self) -> str:
        """Why it cannot be run."""
        return "" if shutil.which(self.program) else f"no {self.program} here (apt install wrk)"

    def drive(self, one: Round) -> Drive:
        """Run one round."""
        script = one.body.with_name("wrk.lua")
        script.write_text(LUA.format(body=one.body, id=REQUEST_ID), encoding="ascii")
        counted, cpu = _run([
            self.program, "-t1", f"-c{CONNECTIONS}", f"-d{one.seconds}", "-s", str(script),
            one.reader.url,
        ])  # fmt: skip
        _require_right(self.program, counted["failures"])
        return Drive(counted["requests"], counted["microseconds"] / 1e6, cpu)


@dataclass(frozen=True, slots=True)
class Autocannon:
    """autocannon, after a second in which its compiler warms up."""

    program: str

    @property
    def missing(self) -> str:
        """Why it cannot be run."""
        found = shutil.which(self.program)
        return "" if found else f"no {self.program} here (npm install autocannon, --autocannon)"

    def drive(self, one: Round) -> Drive:
        """Run one round."""
        counted, cpu = _run([
            self.program, "-W", "[", "-c", str(CONNECTIONS), "-d", "1", "]",
            "-c", str(CONNECTIONS), "-d", str(one.seconds), "-j", "-n", "-m", "POST",
            "-i", str(one.body), "-H", "Content-Type=application/json",
            "-H", f"Request-ID={REQUEST_ID}", "-H", f"X-Request-ID={REQUEST_ID}", one.reader.url,
        ])  # fmt: skip
        _require_right(self.program, counted["errors"] + counted["non2xx"])
        answered, before = counted["2xx"], counted["warmup"]["2xx"]
        return Drive(answered, counted["duration"], cpu * answered / (answered + before))


Generator = Locusts | Wrk | Autocannon


def _run(command: Sequence[str]) -> tuple[Mapping[str, Any], float]:
    """Run a program; the JSON of its last line, and the seconds of a processor that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise FailedError(f"{command[0]}: exit code {done.returncode}: {done.stderr[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(lines[-1]), cpu


def _require_right(program: str, failures: float) -> None:
    if failures:
        raise FailedError(f"{program}: {failures:.0f} failures")
