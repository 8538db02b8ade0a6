"""The mock as a process: its admin face, its large bodies, its end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.model import PATH
from endpoint.mock import MockError, Running, UnknownNameError, running
from endpoint.mock.configuration import Configuration
from endpoint.mock.model import Call
from endpoint.mock.running import Admin
from endpoint.mock.server import Server
from endpoint.mock.setup import settings
from tests.suite.mocking import JSON, ONE, TARGET, TOKEN, TWO_XML, XML, as_json, as_xml, post

LARGE = replace(TARGET, body_limit_bytes=None)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def mock() -> Iterator[Running]:
    """A mock with the default limit, so that bodies can be large."""
    with running(LARGE, synthetic=1_000_000) as started:
        yield started


@pytest.fixture(autouse=True)
def _fresh(mock: Running) -> None:
    mock.admin.set()


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _wait_for_end(pids: list[int]) -> list[int]:
    """Those of the processes that still live after ten seconds."""
    for _ in range(200):
        alive = [pid for pid in pids if _alive(pid)]
        if not alive:
            break
        time.sleep(0.05)
    return alive


def _with_children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *map(int, children)]


def test_journal_names_who_was_sent_to(mock: Running) -> None:
    """The journal keeps request id, mode and profiles, and counts by profile."""
    post(mock, as_json(ONE), {**JSON, "Request-ID": "r-1"})
    journal = mock.admin.journal()

    assert journal["counts"] == {"aaaaaaaaaaaaaaaaaaaaaaa1": 1}
    assert journal["entries"] == [
        {"request_id": "r-1", "matching": "email", "profiles": ["aaaaaaaaaaaaaaaaaaaaaaa1"]}
    ]


def test_journal_counts_synthetic_profiles(mock: Running) -> None:
    """A large body goes through the worker and into the journal all the same."""
    items = [{"email": f"p{number:08d}@synthetic.invalid"} for number in range(20_000)]
    answer = post(mock, as_json(items))
    journal = mock.admin.journal(latest=0, profile_ids=["5ca1ab1e0000000000019999"])

    assert answer.body.count(b"profile_id") == 20_000
    assert (journal["sends"], journal["counts"]) == (20_000, {"5ca1ab1e0000000000019999": 1})


@pytest.mark.parametrize("place", [0, 9_999, 19_999])
def test_known_among_synthetic_and_unmatched(mock: Running, place: int) -> None:
    """A target's profile is found wherever it stands among thousands of other items."""
    items = [{"email": f"p{number:08d}@synthetic.invalid"} for number in range(10_000)]
    items += [{"email": f"nobody-{number}@nobody.invalid"} for number in range(10_000)]
    items[place] = ONE[0]

    assert b"aaaaaaaaaaaaaaaaaaaaaaa1" in post(mock, as_json(items)).body


def test_large_text_in_xml(mock: Running) -> None:
    """A single text of nearly ten million characters is read."""
    more = f"<format>xml</format><content><text>{'x' * 9_900_000}</text></content>"

    assert post(mock, as_xml(TWO_XML, more=more), XML).found == ["1"]


def test_refused_requests_are_not_in_the_journal(mock: Running) -> None:
    """What is refused is sent to nobody."""
    post(mock, as_json(ONE, trigger_id=9))

    assert mock.admin.journal()["requests"] == 0


def test_web_pages_are_refused(mock: Running) -> None:
    """A request with another origin does not reach the admin face."""
    foreign = {"Origin": "https://example.com"}

    assert post(mock, b"", foreign, "/_mock/health", "GET").status == 403


def test_admin_tells_no_token(mock: Running) -> None:
    """Nothing that the admin face shows holds the token."""
    admin = mock.admin
    shown = [admin.health(), admin.journal(), admin.population(), admin.behaviour()]

    assert TOKEN not in json.dumps(shown)


def test_variants_and_defects_are_set_while_it_runs(mock: Running) -> None:
    """A variant and a defect hold from the next request on, and end with `set()`."""
    mock.admin.set(variants=["status-own"], defect="success-text-ok")
    texts = post(mock, as_json(ONE)).json["error_text"], post(mock, as_json(ONE, token="")).status
    mock.admin.set()

    assert texts == ("OK", 401)
    assert post(mock, as_json(ONE)).json["error_text"] == "Successful operation"


def test_unknown_names_are_refused(mock: Running) -> None:
    """A name that is in no registry is refused at start and while it runs."""
    with pytest.raises(MockError, match="no variant 'nonsense'"):
        mock.admin.set(variants=["nonsense"])
    with (
        pytest.raises(UnknownNameError, match="no defect 'nonsense'"),
        running(LARGE, defect="nonsense"),
    ):
        pass


def test_a_dead_worker_is_replaced(mock: Running) -> None:
    """After its worker was killed the mock still serves large bodies."""
    worker = _with_children(mock.pid)[1]
    os.kill(worker, signal.SIGKILL)
    _wait_for_end([worker])

    assert post(mock, as_json(ONE, content={"text": "x" * 200_000})).found == ["1"]


def test_processes_end_with_the_block() -> None:
    """Neither the mock nor its worker outlives the block that started it."""
    with running(TARGET) as started:
        pids = _with_children(started.pid)

    assert len(pids) == 2
    assert _wait_for_end(pids) == []


def test_processes_end_with_a_killed_parent() -> None:
    """A parent that is killed leaves no orphan."""
    code = (
        "import time; from endpoint.mock import running; from endpoint.target import load\n"
        "with running(load('mock')) as mock: print(mock.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        pids = _with_children(int(parent.stdout.readline()))
        parent.kill()

    assert _wait_for_end(pids) == []


def test_command_lists_defects_with_their_clauses() -> None:
    """--list-defects prints name, clause and sentence of each."""
    command = [sys.executable, "-m", "endpoint.mock", "--list-defects"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "token-not-required [access.token-required]: " in listed


def test_a_bug_of_the_mocks_own_is_an_answer(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever goes wrong while a request is served, its sender does not wait for a timeout."""
    server = Server(Configuration(settings(TARGET)))
    monkeypatch.setattr("endpoint.mock.server.serve", lambda *_: 1 / 0)
    try:
        reply = server.serve(Call("POST", PATH, "", JSON, "1.1"), as_json(ONE))
    finally:
        server.close()

    assert reply.status == 500
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_mock_that_does_not_answer_did_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that listens and says nothing is told as what it is, not as a traceback."""
    monkeypatch.setattr(Admin, "health", _times_out)

    with pytest.raises(MockError, match="does not answer"), running(TARGET):
        pass


def _times_out(_: object) -> None:
    raise TimeoutError("timed out")
