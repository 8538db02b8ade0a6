"""What other plugins' reports get to see."""

import importlib.util
import json
from pathlib import Path

import pytest

from tests.reporting.others import conceal
from tests.suite.runs import output, started
from tests.suite.whole_runs import REMAINS, target_file

SECRET = "tok-3n4f9c1e7a5b2d48"


def hide(text: str) -> str:
    """A text without the secret."""
    return text.replace(SECRET, "***")


def texts(error: BaseException) -> list[str]:
    """What an exception says, with its notes."""
    return [str(error), *getattr(error, "__notes__", ())]


def test_an_exception_is_rid_of_the_token() -> None:
    """Its message and the notes that somebody put on it; other arguments stay."""
    error = ValueError(f"came {SECRET}", 7)
    error.add_note(f"Falsifying example: {SECRET}")
    conceal(error, hide)

    assert error.args == ("came ***", 7)
    assert texts(error)[1:] == ["Falsifying example: ***"]


def test_what_led_to_it_is_rid_of_it_too() -> None:
    """Causes, contexts and the members of a group, each once, in whatever circle."""
    cause, context, member = (ValueError(f"{name} {SECRET}") for name in "abc")
    group = ExceptionGroup("several", [member])
    group.__cause__, group.__context__, member.__context__ = cause, context, group
    conceal(group, hide)

    assert [str(one) for one in (cause, context, member)] == ["a ***", "b ***", "c ***"]


def test_no_exception_is_no_problem() -> None:
    """Most cases end without one."""
    conceal(None, hide)


@pytest.mark.skipif(
    importlib.util.find_spec("allure_pytest") is None, reason="allure-pytest is not installed"
)
def test_allure_says_the_same(tmp_path: Path) -> None:
    """Failures are failures, grouped by family and clause, and nothing of the token is in them."""
    process = started(
        tmp_path,
        *("tests/contract/test_access.py", "-q", "--target", str(target_file(tmp_path, "mock"))),
        *("--mock-defect", "token-in-answer-header", "--alluredir", "allure"),
    )
    output(process)
    files = list((tmp_path / "allure").glob("*-result.json"))
    written = "".join(file.read_text(encoding="utf-8") for file in files)
    cases = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    report = json.loads((tmp_path / "reports" / "contract.json").read_text(encoding="utf-8"))
    stories = {one["value"] for case in cases for one in case["labels"] if one["name"] == "story"}

    assert len([one for one in cases if one["status"] == "failed"]) == report["counts"]["broken"]
    assert stories == {clause for case in report["cases"] for clause in case["clauses"]}
    assert not [one for one in REMAINS if one in written]
