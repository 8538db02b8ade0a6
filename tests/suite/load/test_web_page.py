"""Locust's web page: each run that it starts has a verdict and files of its own."""

import contextlib
import json
import signal
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadtests import runfile
from tests.suite.load.loads import started, until_it_says
from tests.suite.runs import output
from tests.suite.whole_runs import free_port

if TYPE_CHECKING:
    import subprocess


class Page:
    """The web page of a process, as a browser uses it."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self._base = f"http://127.0.0.1:{port}"
        self._address = ("127.0.0.1", port)

    def post(self, path: str, **form: object) -> dict[str, object]:
        """Press a button."""
        data = urllib.parse.urlencode(form).encode()
        self._wait()
        request = urllib.request.Request(f"{self._base}/{path}", data)  # noqa: S310 - http, above
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - http, above
            found: dict[str, object] = json.load(answer)
        return found

    def _wait(self) -> None:
        """Locust says that the page is there before it listens."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(self._address, 1):
                return
            time.sleep(0.05)
        raise AssertionError("nobody listens at the web page's port")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A process that waits for its web page to be used."""
    port = free_port()
    process = started(
        tmp_path,
        *("--scenario", "throughput", "--tags", "single", "--exclude-tags", "xml"),
        *("--web-host", "127.0.0.1", "--web-port", str(port)),
        headless=False,
    )
    until_it_says(process, "Starting web interface")
    yield Page(process, port)
    process.send_signal(signal.SIGTERM)
    output(process, 30)


def test_each_run_of_the_web_page_has_a_verdict(page: Page, tmp_path: Path) -> None:
    """Two runs of one process: neither counts what the other has sent, and each is reported."""
    requests = []
    for _ in range(2):
        page.post("swarm", user_count=2, spawn_rate=100)
        until_it_says(page.process, "All users spawned")
        time.sleep(1)
        page.post("stop")
        assert "PASS" in until_it_says(page.process, "load verdict")
        run = runfile.read(tmp_path / "out" / "throughput.json")
        assert run.conservation.said == run.conservation.journal > 0
        requests.append(run.whole.requests)

    assert requests[0] != requests[1]
