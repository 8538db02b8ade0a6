"""Known deviations as a user meets them: whole runs, and the command that writes the file."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from endpoint.target import MOCK_FILE
from tests.deviations import __main__ as command
from tests.deviations import entries
from tests.suite.runs import output, started

DEFECT = ("--mock-defect", "content-refused")

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
LONG_AGO = "2020-01-01"

NEEDED = ("--reason", "a new parser", "--until", TOMORROW)


def run(folder: Path, *options: str) -> tuple[int, str]:
    """A run of one family in a folder with a target file: its exit code, and what it printed."""
    file = folder / "staging.toml"
    if not file.exists():
        file.write_text(MOCK_FILE.read_text(encoding="utf-8"), encoding="utf-8")
    process = started(
        folder,
        *("tests/contract", "-q", "--clause", "payload", "--effort", "smoke"),
        *("--target", "staging.toml", "--junit-xml", "junit.xml", *options),
    )
    printed = output(process)
    return process.returncode, printed


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a run has left that found the mock broken, and the file made of it."""
    folder = tmp_path_factory.mktemp("broken")
    code, _ = run(folder, *DEFECT)
    assert code == 1
    file = folder / "staging.deviations.toml"
    assert command.main([str(folder / "reports/contract.json"), "--into", str(file), *NEEDED]) == 0
    return folder


def report(folder: Path) -> dict[str, list[dict[str, object]]]:
    """What the last run has written."""
    found: dict[str, list[dict[str, object]]] = json.loads(
        (folder / "reports" / "contract.json").read_text(encoding="utf-8")
    )
    return found


def test_what_was_listed_is_excused(broken: Path) -> None:
    """The same bug again: exit code 0, and every view says that it is known."""
    code, printed = run(broken, *DEFECT)
    said = report(broken)
    junit = (broken / "junit.xml").read_text(encoding="utf-8")
    page = (broken / "reports" / "contract.html").read_text(encoding="utf-8")
    markdown = (broken / "reports" / "contract.md").read_text(encoding="utf-8")

    assert code == 0
    assert "HELD" in printed
    assert "met in " in printed
    assert [one["state"] for one in said["deviations"]] == ["met"]
    assert {one["outcome"] for one in said["cases"]} == {"held", "known deviation"}
    assert 'type="pytest.xfail"' in junit
    assert 'value="known deviation"' in junit
    assert "a new parser" in page
    assert "a new parser" in markdown


def test_what_is_mended_is_stale(broken: Path) -> None:
    """The mock as it is: exit code 1, and the entry to be removed is named."""
    code, printed = run(broken)

    assert code == 1
    assert "stale deviation, no case shows it any more: payload.content" in printed
    assert [one["state"] for one in report(broken)["deviations"]] == ["stale"]


def test_what_was_not_asked_is_no_failure(broken: Path) -> None:
    """A run of other cases says nothing of it."""
    code, _ = run(broken, "-k", "test_skip_triggers")

    assert code == 0
    assert [one["state"] for one in report(broken)["deviations"]] == ["not asked"]


def test_what_has_run_out_is_excused_no_more(broken: Path, tmp_path: Path) -> None:
    """The breach is one again, and the entry is named."""
    text = (broken / "staging.deviations.toml").read_text(encoding="utf-8")
    old = tmp_path / "old.toml"
    old.write_text(text.replace(TOMORROW, LONG_AGO), encoding="utf-8")
    code, printed = run(broken, *DEFECT, "--deviations", str(old))

    assert code == 1
    assert "expired deviation" in printed
    assert "breach 1 of 1: payload.content" in printed


def test_another_bug_is_a_breach_as_ever(broken: Path) -> None:
    """What is not listed is not excused."""
    code, printed = run(broken, "--mock-defect", "custom-data-flat-only")

    assert code == 1
    assert "payload.custom-data" in printed


def test_several_processes_excuse_alike(broken: Path) -> None:
    """With -n 2 each process knows what is excused, and one judges what is stale."""
    code, printed = run(broken, *DEFECT, "-n", "2")

    assert code == 0, printed
    assert [one["state"] for one in report(broken)["deviations"]] == ["met"]


def test_a_pattern_that_bears_on_no_case_is_an_error(tmp_path: Path) -> None:
    """Exit code 4: it is misspelt, or its test has another name now."""
    (tmp_path / "staging.deviations.toml").write_text(
        f'[[deviation]]\nclause = "payload.content"\ncases = ["test_contend"]\n'
        f'reason = "x"\nuntil = {TOMORROW}\n',
        encoding="utf-8",
    )
    code, printed = run(tmp_path)

    assert code == 4
    assert "no case is named 'test_contend'" in printed


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """One that is named has to be there."""
    code, printed = run(tmp_path, "--deviations", "nowhere.toml")

    assert code == 4
    assert "No such file" in printed


def test_adding_again_adds_nothing_and_loses_nothing(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is listed stays, to the byte, with the reason that somebody gave."""
    run(broken, *DEFECT, "--deviations", "/dev/null")
    file = broken / "staging.deviations.toml"
    edited = file.read_text(encoding="utf-8").replace("a new parser", "Jane knows  # really")
    file.write_text(edited, encoding="utf-8")
    code = command.main(
        [str(broken / "reports/contract.json"), "--into", str(file), "--reason", "other",
         "--until", TOMORROW]
    )  # fmt: skip

    assert code == 0
    assert "nothing to add" in capsys.readouterr().out
    assert file.read_text(encoding="utf-8") == edited


def test_an_entry_names_the_cases_that_broke(broken: Path) -> None:
    """A test all of whose cases broke by its name, others one by one; no more than that."""
    (entry,) = entries.load(broken / "staging.deviations.toml")
    held = [one["test"] for one in report(broken)["cases"] if one["outcome"] == "held"]

    assert entry.clause == "payload.content"
    assert entry.cases
    assert not [test for test in held if entry.is_about(str(test))]


def test_new_breaches_are_added_behind_the_old_ones(broken: Path, tmp_path: Path) -> None:
    """Comments and all stay, and the new entries can be read."""
    file = tmp_path / "kept.toml"
    before = (
        '# ask Jane\n[[deviation]]\nclause = "batch.complete"\nreason = "x"\nuntil = 2026-12-31'
    )
    file.write_text(before, encoding="utf-8")
    run(broken, *DEFECT, "--deviations", "/dev/null")
    command.main([str(broken / "reports/contract.json"), "--into", str(file), *NEEDED])
    text = file.read_text(encoding="utf-8")

    assert text.startswith(before + "\n")
    assert [one["clause"] for one in tomllib.loads(text)["deviation"]] == [
        "batch.complete",
        "payload.content",
    ]


@pytest.mark.parametrize("content", [None, "no JSON", '{"format": "another"}'])
def test_what_is_no_report_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """Exit code 2, and nothing is written."""
    file = tmp_path / "contract.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    into = tmp_path / "d.toml"

    assert command.main([str(file), "--into", str(into), *NEEDED]) == command.UNUSABLE
    assert str(file) in capsys.readouterr().err
    assert not into.exists()
