"""`python -m tests.suite.mutation`: what it asks of a live target, what it tells of each run."""

import re
from pathlib import Path
from typing import Final

import pytest

from endpoint import target as targets
from tests.suite.mutation.__main__ import Result, main
from tests.suite.mutation.mutations import MUTATIONS
from tests.suite.mutation.redirecting import NotRedirectedError, redirected
from tests.suite.runs import Verdict

STAGING: Final = """
base_url = "https://staging.example.com/prefix"  # a comment
token_env = "STAGING_TOKEN"
trigger_id = 8
field_name = "Custom_ID"
"""


@pytest.mark.parametrize(
    ("safety", "live"),
    [("", True), ("[safety]\nmax_sends = 5", True), ("[safety] # no\nlive = false\n", False)],
)
def test_a_target_file_stays_live(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    safety: str,
    live: bool,  # noqa: FBT001
) -> None:
    """A live target does not cease to be live because its address is now a loopback one."""
    monkeypatch.setenv("STAGING_TOKEN", "a-token-of-staging")
    source = tmp_path / "staging.toml"
    source.write_text(STAGING + safety)
    (tmp_path / "new").mkdir()

    found = targets.load(redirected(str(source), "http://127.0.0.1:5/prefix", tmp_path / "new"))

    assert live == found.safety.live
    assert found.base_url == "http://127.0.0.1:5/prefix"
    assert found.token_env == "STAGING_TOKEN"


def test_a_file_that_cannot_be_edited_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file in which the safety stands otherwise is not guessed at."""
    monkeypatch.setenv("STAGING_TOKEN", "a-token-of-staging")
    source = tmp_path / "staging.toml"
    source.write_text(STAGING + "safety = { live = true, max_sends = 3 }")
    (tmp_path / "new").mkdir()

    with pytest.raises((NotRedirectedError, ValueError, targets.TargetError)):
        redirected(str(source), "http://127.0.0.1:5", tmp_path / "new")


def test_a_live_target_takes_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Without --live nothing is sent, and the number of messages is told."""
    monkeypatch.setenv("STAGING_TOKEN", "a-token-of-staging")
    file = tmp_path / "staging.toml"
    file.write_text(STAGING + "[safety]\nlive = true\nmax_sends = 5")

    with pytest.raises(SystemExit) as ended:
        main(["drop-last-id", "empty-null", "--target", str(file)])

    assert ended.value.code == 2
    assert "2 runs of up to 5 sends each: 10 real messages: --live" in _flat(capsys)


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """--list tells of each mutation what it breaks and does, and runs nothing."""
    assert main(["--list", "drop-last-id", "empty-null"]) == 0
    assert [re.sub(" +", " ", line) for line in capsys.readouterr().out.splitlines()] == [
        "drop-last-id batch.complete The last profile is left out.",
        "empty-null conforming An empty result is null.",
    ]


def _flat(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("name", "code", "broken", "applied", "told", "wrong"),
    [
        ("drop-last-id", 1, ("batch.complete",), 5, "batch.complete", False),
        ("drop-last-id", 1, ("matching.email",), 5, "matching.email *", False),
        ("drop-last-id", 0, (), 5, "MISSED (exit 0)", True),
        ("drop-last-id", 7, (), 5, "MISSED (exit 7)", True),
        ("drop-last-id", 0, (), 0, "never applied", False),
        ("success-to-error", 6, (), 5, "exit 6 *", False),
        ("empty-null", 0, (), 5, "holds", False),
        ("empty-null", 0, (), 0, "never applied", False),
        ("empty-null", 1, ("answer.result",), 5, "ACCUSED (answer.result)", True),
        ("empty-null", 1, ("answer.result",), 0, "never applied (exit 1)", True),
    ],
)
def test_a_verdict_is_told(
    name: str, code: int, broken: tuple[str, ...], applied: int, told: str, *, wrong: bool
) -> None:
    """What applied is caught or missed, holds or is accused; what never did is neither."""
    result = Result(MUTATIONS[name], Verdict(code, broken, 9, 1.0, ""), applied)

    assert told == result.told
    assert wrong == result.is_wrong


def test_whole_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Two breaking mutations, each a run of the contract suite, are caught."""
    assert main(["drop-last-id", "bytes-cut-by-one"]) == 0
    assert "2 of 2 breaking ones caught" in capsys.readouterr().out
