"""A target file of one profile is enough to see what must not be found."""

from pathlib import Path

import pytest

from tests.suite.runs import run

ONE_PROFILE = """
base_url   = "mock"
token      = "mock-3f9c1e7a5b2d4860"
trigger_id = 8
field_name = "Custom_ID"

[[profiles]]
profile_id  = "6606e08f10bcdd88297057a1"
email       = "only@example.com"
phones      = ["+79000000001"]
email_subs  = ["only.news@example.com"]
phone_subs  = ["+79000000011"]
push_subs   = [{ provider = "android-firebase", subscription_id = "only-device" }]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The target file."""
    written = tmp_path / "one.toml"
    written.write_text(ONE_PROFILE, encoding="utf-8")
    return written


def test_the_mock_holds(file: Path) -> None:
    """A server that keeps its promises is not accused for want of profiles."""
    assert run("--target", str(file), "--effort", "smoke").exit_code == 0


@pytest.mark.parametrize(
    ("defect", "clause"),
    [
        ("phone-sub-finds-profile", "matching.place"),
        ("email-profile-finds-subscriptions", "matching.place"),
        ("provider-family", "matching.provider"),
        ("phone-last-digit", "matching.whole-value"),
    ],
)
def test_whom_nothing_may_find_is_missed_nowhere(file: Path, defect: str, clause: str) -> None:
    """Its own profile, found by something else, does not hide behind itself in the answer."""
    verdict = run("--target", str(file), "--mock-defect", defect, "--clause", "matching", "-x")

    assert verdict.broken[:1] == (clause,), verdict.output
