"""Whatever a server does, a run ends, is small, and says what it was."""

from pathlib import Path

import pytest

from tests.suite.hostile.acts import whole
from tests.suite.hostile.behaviours import BEHAVIOURS, BROKEN
from tests.suite.hostile.meeting import meet
from tests.suite.rawserver import answering, serving
from tests.suite.whole_runs import run, target_file

MOST_MEGABYTES = 300


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_run_against_a_hostile_server_ends_with_a_verdict(name: str) -> None:
    """The right exit code, a report, bounded memory, and nothing of the suite's own insides."""
    met = meet(name)

    assert met.code == BEHAVIOURS[name].code
    assert BEHAVIOURS[name].said in met.output
    assert "report: " in met.output
    assert "Traceback" not in met.output
    assert "INTERNALERROR" not in met.output
    assert met.megabytes < MOST_MEGABYTES


def test_there_are_as_many_as_were_promised() -> None:
    """Of those that must not be called green."""
    assert len(BEHAVIOURS) >= 40
    assert all(hostile.code for hostile in BEHAVIOURS.values())


def test_a_redirect_takes_the_token_to_no_other_host(tmp_path: Path) -> None:
    """Not even a connection is made: the address of the target file is the one that is asked."""
    with serving(answering(b"")) as other:
        there = b"Location: http://localhost:%d/" % other.port
        with serving(whole(b"", there, status=b"307 Temporary Redirect")) as server:
            ended = run(tmp_path, target_file(tmp_path, f"http://127.0.0.1:{server.port}"))

    assert ended.code == BROKEN
    assert f"HTTP 307 with 0 bytes, to http://localhost:{other.port}/" in ended.output
    assert other.connections == 0
