"""Real software between the suite and the mock: nginx as people put it before an API.

Every front here but the last three keeps the contract, whatever it does to the requests on their
way: an accusation would be the suite's mistake.
"""

import contextlib
import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from endpoint.mock import running
from endpoint.target import MOCK_FILE, load
from tests.suite.runs import output, started
from tests.suite.whole_runs import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

START_SECONDS = 10.0

CLAUSES = ("transport.chunked", "transport.expect", "transport.compressed-answer", "limit.chunked")
"""What proxies change: framing, expectations, codings; and how they take a body at the limit."""

ON_CONNECTIONS = ("transport.keep-alive", "transport.pieces", "transport.concurrency")
"""What a proxy does to connections, which it may close between any two requests."""

ANY_SIZE = "client_max_body_size 0;"

HTTP_1_1 = 'proxy_http_version 1.1; proxy_set_header Connection "";'

CONFIGURATION = """
user {user} {group}; daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream endpoint {{ server {upstream}; keepalive 8; }}
  server {{ listen 127.0.0.1:{port}; {settings} location / {{ proxy_pass http://endpoint; }} }}
}}
"""


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """Host and port of a mock that plays its own target file."""
    with running(load(MOCK_FILE)) as started_mock:
        yield started_mock.base_url.removeprefix("http://")


@contextlib.contextmanager
def nginx(folder: Path, upstream: str, settings: str) -> Iterator[int]:
    """Run nginx in a folder, in front of a host and port; its own port."""
    port = free_port()
    file = folder / "nginx.conf"
    configuration = CONFIGURATION.format(
        port=port,
        upstream=upstream,
        settings=settings,
        # Started by root, its workers would be nobody's, to whom pytest's folders are closed.
        user=pwd.getpwuid(os.geteuid()).pw_name,
        group=grp.getgrgid(os.getegid()).gr_name,
    )
    file.write_text(configuration, encoding="ascii")
    # -e: it would open its log in /var before it reads where its log is to be.
    process = subprocess.Popen(
        [str(NGINX), "-e", "error.log", "-p", f"{folder}/", "-c", str(file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process, folder)
        yield port
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nginx did not start: {(folder / 'error.log').read_text()}")


def behind(folder: Path, upstream: str, settings: str, *clauses: str) -> tuple[int, str]:
    """Run the checks of some clauses through nginx: the exit code, and what was printed."""
    with nginx(folder, upstream, settings) as port:
        file = folder / "fronted.toml"
        file.write_text(
            MOCK_FILE.read_text("utf-8").replace('"mock"', f'"http://127.0.0.1:{port}"', 1),
            encoding="utf-8",
        )
        options = [word for clause in clauses for word in ("--clause", clause)]
        process = started(
            folder,
            *("tests/contract", "-q", "--target", str(file), "--effort", "smoke", *options),
        )
        printed = output(process)
    return process.returncode, printed


@pytest.mark.parametrize(
    "settings",
    [
        f"{ANY_SIZE}",
        f"{ANY_SIZE} {HTTP_1_1}",
        f"{ANY_SIZE} {HTTP_1_1} proxy_request_buffering off;",
        f"{ANY_SIZE} gzip on; gzip_min_length 0; gzip_types application/json application/xml;",
        f"{ANY_SIZE} {HTTP_1_1} keepalive_requests 2;",
        f"{ANY_SIZE} {HTTP_1_1} client_body_timeout 2s; send_timeout 2s; proxy_send_timeout 2s;",
        f"{ANY_SIZE} client_body_buffer_size 1k; client_body_in_file_only clean;",
    ],
    ids=["default", "keepalive", "unbuffered", "gzip", "two each", "impatient", "on disk"],
)
def test_a_proxy_that_changes_no_meaning_holds(mock: str, tmp_path: Path, settings: str) -> None:
    """What nginx does to framing, connections and codings is no breach."""
    code, printed = behind(tmp_path, mock, settings, *CLAUSES, *ON_CONNECTIONS)

    assert code == 0, printed


def test_a_limit_of_the_proxy_is_told_as_one(mock: str, tmp_path: Path) -> None:
    """A smaller limit in front is a breach, and the report says that a proxy's page came."""
    code, printed = behind(tmp_path, mock, "client_max_body_size 9m;", "limit.chunked")

    assert code == 1, printed
    assert "an HTML page with HTTP 413: from a proxy in front?" in printed
    assert ": limit.accepts" in printed


def test_a_proxy_without_upstream_is_no_verdict(tmp_path: Path) -> None:
    """Where only the proxy answers, nobody is accused."""
    code, printed = behind(tmp_path, f"127.0.0.1:{free_port()}", ANY_SIZE, "transport.expect")

    assert code == 7, printed
    assert "does not answer as the endpoint does: HTTP 502 with an HTML page" in printed


def test_a_proxy_that_gives_up_is_no_verdict(tmp_path: Path) -> None:
    """Its timeout is not the endpoint's: what it says in the endpoint's place accuses nobody."""
    with running(load(MOCK_FILE), variants=["slow"]) as slow:
        upstream = slow.base_url.removeprefix("http://")
        settings = f"{ANY_SIZE} proxy_read_timeout 5ms;"
        code, printed = behind(tmp_path, upstream, settings, "transport.expect")

    assert code == 7, printed
    assert "does not answer as the endpoint does: HTTP 504 with an HTML page" in printed
