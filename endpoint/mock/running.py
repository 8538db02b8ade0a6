"""The mock as a process of its own, started and surely ended by this one."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlencode, urlsplit

from endpoint.mock.configuration import Configuration
from endpoint.mock.model import ADMIN
from endpoint.mock.setup import settings, to_line
from endpoint.target import Target

START_SECONDS: Final = 30.0
"""How long a child may take until it listens; then it is killed."""
END_SECONDS: Final = 5.0
"""How long it may take to end by itself."""
ROOT: Final = Path(__file__).parents[2]


class MockError(RuntimeError):
    """The mock did not start, or its admin face refused."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A set of profiles that was sent to.

    Attributes:
        digest: SHA-256 of the ids, sorted, with a line break between two.
        profiles: how many they are.
        times: how often.
    """

    digest: str
    profiles: int
    times: int


@dataclass(frozen=True, slots=True)
class Admin:
    """The admin face of a running mock (admin.py)."""

    base_url: str

    def _ask(self, method: str, path: str, data: object = None) -> dict[str, object]:
        host = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=30)
        body = None if data is None else json.dumps(data)
        try:
            connection.request(method, ADMIN + path, body)
            answer = connection.getresponse()
            content = cast("dict[str, object]", json.loads(answer.read()))
        finally:
            connection.close()
        if answer.status != 200:
            raise MockError(f"{method} {path}: {content.get('message')}")
        return content

    def health(self) -> dict[str, object]:
        """Whether it is up, and how many requests it had."""
        return self._ask("GET", "health")

    def journal(self, latest: int = 100, profile_ids: Sequence[str] = ()) -> dict[str, object]:
        """What was sent to whom: `requests`, `sends`, `repeats`, `dropped`, `counts`, `entries`.

        Args:
            latest: how many entries to give, at most.
            profile_ids: whom to count, instead of all profiles of the target.
        """
        query = [("latest", str(latest)), *(("profile_id", one) for one in profile_ids)]
        return self._ask("GET", "journal?" + urlencode(query))

    def batches(self) -> tuple[Batch, ...]:
        """How often each distinct set of profiles was sent to.

        Raises:
            MockError: there were more of them than the mock counts.
        """
        content = self._ask("GET", "batches")
        if content["uncounted"]:
            raise MockError(f"{content['uncounted']} requests were beyond what the journal counts")
        rows = cast("list[dict[str, object]]", content["batches"])
        return tuple(
            Batch(str(row["digest"]), cast("int", row["profiles"]), cast("int", row["times"]))
            for row in rows
        )

    def population(self) -> dict[str, object]:
        """Which profiles exist, and how synthetic ones are spelled."""
        return self._ask("GET", "population")

    def behaviour(self) -> dict[str, object]:
        """What is set, and what could be."""
        return self._ask("GET", "behaviour")

    def reset(self) -> None:
        """Forget what was sent and answered."""
        self._ask("POST", "reset")

    def set(
        self,
        *,
        variants: Sequence[str] = (),
        defect: str | None = None,
        synthetic: int | None = None,
    ) -> None:
        """Set variants and defect (none of them where not given), and forget as `reset` does.

        Raises:
            MockError: there is no variant or defect of that name.
        """
        data: dict[str, object] = {"variants": list(variants), "defect": defect}
        if synthetic is not None:
            data["synthetic"] = synthetic
        self._ask("POST", "behaviour", data)


@dataclass(frozen=True, slots=True)
class Running:
    """A mock that runs.

    Attributes:
        base_url: `http://127.0.0.1:PORT`.
        admin: its admin face.
        pid: its process; the worker is a child of it.
    """

    base_url: str
    admin: Admin
    pid: int


@contextlib.contextmanager
def running(
    target: Target,
    *,
    variants: Sequence[str] = (),
    defect: str | None = None,
    synthetic: int = 0,
) -> Iterator[Running]:
    """Start a mock that plays a target; end it at the end of the block.

    The child ends when its standard input does: also when this process is killed.

    Args:
        target: whose token, campaign, field and profiles the mock knows.
        variants: names of variants.py.
        defect: a name of defects/.
        synthetic: profiles besides the target's (population.py).

    Raises:
        MockError: it did not start within 30 seconds.
        UnknownNameError: there is no variant or defect of that name.
    """
    configuration = Configuration(settings(target, synthetic), tuple(variants), defect)
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", "endpoint.mock", "--child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        process_group=0,  # Ctrl-C is its parent's: the child ends with its standard input
    )
    try:
        base_url = _address(process, to_line(configuration))
        admin = Admin(base_url)
        _check(admin)
        yield Running(base_url, admin, process.pid)
    finally:
        _end(process)


def _check(admin: Admin) -> None:
    try:
        admin.health()
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise MockError(f"the embedded mock started and does not answer: {problem}") from None


def _address(process: "subprocess.Popen[bytes]", line: bytes) -> str:
    """Tell the child what to be; the address that it prints when it listens."""
    assert process.stdin is not None
    assert process.stdout is not None
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    try:
        process.stdin.write(line)
        process.stdin.flush()
        address = process.stdout.readline().decode().strip()
    except BrokenPipeError:
        address = ""
    finally:
        watchdog.cancel()
    if not address.startswith("http://"):
        raise MockError("the embedded mock did not start; its message stands above")
    return address


def _end(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
