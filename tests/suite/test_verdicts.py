"""Whole runs: what a user sees at the end, and what the exit code tells a CI job."""

import gzip
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.suite.scenarios import SCENARIOS
from tests.suite.whole_runs import REMAINS, Ended, Runs

REPORTS = {"contract.json", "contract.html", "contract.md"}

each_scenario = pytest.mark.parametrize("scenario", SCENARIOS)


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("held", 0),
        ("defect", 1),
        ("leak", 1),
        ("large", 1),
        ("parallel", 1),
        ("garbage", 1),
        ("drift", 1),
        ("repeated", 1),
        ("interrupted", 2),
        ("parallel_interrupted", 2),
        ("wrong_key", 4),
        ("no_defect", 4),
        ("parallel_live", 4),
        ("wrong_pin", 4),
        ("wrong_token", 6),
        ("unreachable", 7),
        ("unknown_host", 7),
        ("parallel_unreachable", 7),
        ("html", 7),
        ("dies", 7),
    ],
)
def test_the_exit_code_tells_how_a_run_ended(ended: Runs, scenario: str, code: int) -> None:
    """0 held, 1 breach, 2 interrupted, 4 usage, 6 inconclusive, 7 no verdict."""
    run = ended(scenario)

    assert run.code == code, run.output


@each_scenario
def test_the_token_stands_in_nothing_that_a_run_writes(ended: Runs, scenario: str) -> None:
    """Neither whole, in part, backwards nor in other letter case, in whatever spelling."""
    written = ended(scenario).written

    assert not [one for one in REMAINS if one in written]


@each_scenario
def test_no_run_ends_in_a_traceback(ended: Runs, scenario: str) -> None:
    """Whatever the target does, the user gets sentences, not Python."""
    output = ended(scenario).output

    assert "Traceback (most recent call last)" not in output
    assert "INTERNALERROR" not in output


def junit(run: Ended) -> ET.Element:
    """The one suite in a run's JUnit file."""
    return ET.parse(run.folder / "junit.xml").getroot()[0]  # noqa: S314 - our own file


def test_a_wrong_key_is_named(ended: Runs) -> None:
    """A mistake in the target file is told with the key."""
    assert "trigger_number" in ended("wrong_key").output


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("unreachable", "out of reach"),
        ("unreachable", "nothing listens there"),
        ("html", "an HTML page"),
        ("html", "Look at base_url"),
        ("wrong_token", "Look at the token"),
    ],
)
def test_what_kept_the_run_from_a_verdict_is_said_once(
    ended: Runs, scenario: str, said: str
) -> None:
    """One clear sentence with what to look at, however many tests there would have been."""
    assert ended(scenario).output.count(said) == 1


@pytest.mark.parametrize("scenario", ["unreachable", "html", "wrong_token"])
def test_a_run_with_nothing_to_go_on_accuses_nobody(ended: Runs, scenario: str) -> None:
    """Where no valid request was served there is no breach, and no table of clauses."""
    output = ended(scenario).output

    assert "breach 1 of" not in output
    assert "0 with a breach of 0 clauses" in output


def test_a_breach_names_its_clause(ended: Runs) -> None:
    """The clause's id, its sentence, what was expected and what came stand on one screen."""
    output = ended("defect").output

    assert "breach 1 of 1: access.token-checked" in output
    assert "expected  an error" in output
    assert "came      error 0" in output


@pytest.mark.parametrize("scenario", ["large", "repeated"])
def test_a_breach_can_be_repeated_with_the_token_of_the_environment(
    ended: Runs, scenario: str
) -> None:
    """Each breach has a curl line; where the request bore the token, the line has a variable."""
    lines = ended(scenario).repeats

    assert lines
    assert not [line for line in lines if "curl" not in line or "$ALTCRAFT_TOKEN" not in line]


def test_a_repeated_breach_gets_its_answer(ended: Runs) -> None:
    """Run by bash, the curl line asks the target again and shows the same breach."""
    answer = ended("repeated").answer

    assert answer.startswith("HTTP/1.1 200")
    assert "Successful operation" in answer


def test_a_large_request_is_kept_beside_the_report(ended: Runs) -> None:
    """A body that no command line holds lies in the breach's folder, the token's name in it."""
    breaches = ended("large").folder / "reports" / "breaches"
    bodies = [gzip.decompress(path.read_bytes()) for path in breaches.glob("*/body.gz")]

    assert bodies
    assert not [body for body in bodies if b"$ALTCRAFT_TOKEN" not in body]


@pytest.mark.parametrize(
    ("scenario", "failures"), [("held", False), ("defect", True), ("large", True)]
)
def test_junit_tells_failures_from_passes(ended: Runs, scenario: str, *, failures: bool) -> None:
    """A CI job reads the same verdict from the JUnit file; a breach is no error of the suite."""
    suite = junit(ended(scenario))

    assert (int(suite.attrib["failures"]) > 0) is failures
    assert int(suite.attrib["errors"]) == 0


def test_each_case_in_junit_names_its_clauses(ended: Runs) -> None:
    """The JUnit file tells for each case which clauses it is about."""
    suite = junit(ended("held"))

    assert len(suite.findall("testcase")) == len(
        suite.findall("testcase/properties/property[@name='clause'][1]")
    )


def test_a_target_that_dies_is_no_verdict(ended: Runs) -> None:
    """What held before is in the table; that the target is gone is said, and the run stops."""
    output = ended("dies").output

    assert "NO VERDICT" in output
    assert "went out of reach" in output


def test_a_target_that_dies_is_asked_no_more(ended: Runs) -> None:
    """One test meets the target's end, and none after it."""
    assert ended("dies").output.count("- no verdict: ") == 1


def test_a_live_target_is_sent_no_more_than_it_allows(ended: Runs) -> None:
    """With max_sends = 5 the mock's journal holds five sends at most."""
    assert (ended("live").journal or 0) <= 5


def test_a_live_target_is_sent_something(ended: Runs) -> None:
    """The budget is for spending: a run that asks nothing says nothing."""
    assert ended("live").journal


def test_what_the_budget_did_not_allow_is_said(ended: Runs) -> None:
    """Each clause that was not checked is named with the reason."""
    output = ended("live").output

    assert "not run" in output.partition("not checked:")[2]
    assert "safety.max_sends = 5" in output


each_interrupted = pytest.mark.parametrize("scenario", ["interrupted", "parallel_interrupted"])


@each_interrupted
def test_an_interrupted_run_still_reports(ended: Runs, scenario: str) -> None:
    """Ctrl-C ends the run at once, with the table of what was seen until then."""
    output = ended(scenario).output

    assert "clauses" in output
    assert "verdict on" in output


@each_interrupted
def test_an_interrupted_run_is_not_called_green(ended: Runs, scenario: str) -> None:
    """The verdict of a run that was broken off says so, and not that the exit code is 0."""
    output = ended(scenario).output

    assert "HELD: every clause" not in output
    assert "exit code 0" not in output


@each_interrupted
def test_an_interrupted_run_leaves_no_process(ended: Runs, scenario: str) -> None:
    """The mock and its worker end with the run."""
    assert ended(scenario).left == ()


def test_a_run_leaves_nothing_behind_but_what_was_asked_for(ended: Runs) -> None:
    """Beside the target file: the JUnit file and the report, with breaches where there are any."""
    folder = Path(ended("held").folder)

    assert {path.name for path in folder.iterdir()} == {"staging.toml", "junit.xml", "reports"}
    assert {path.name for path in (folder / "reports").iterdir()} == REPORTS


def test_several_processes_make_one_report(ended: Runs) -> None:
    """With -n 2 the causes stand in one list, all cases in one count, nothing beside it."""
    run = ended("parallel")
    summary = json.loads((run.folder / "summary.json").read_text(encoding="utf-8"))

    assert "breach 1 of 1: payload.content" in run.output
    assert run.output.count("verdict on") == 1
    assert "short test summary" not in run.output
    assert summary["broken"] == ["payload.content"]
    assert summary["cases"] == len(junit(run).findall("testcase"))


def test_a_live_target_is_asked_by_one_process(ended: Runs) -> None:
    """Its sends are counted in one place; the message says so."""
    assert "a live target is asked by one process" in ended("parallel_live").output


def test_a_drift_is_told_with_the_request_that_showed_it(ended: Runs) -> None:
    """What was pinned, what came, and a line that asks again; another program's key is named."""
    output = ended("drift").output

    assert "breach 1 of 1: answer.status-of-errors" in output
    assert "pinned as 'other' in [observed] of the target file" in output
    assert ended("drift").repeats
    assert "[observed] passed over, no open clause: batch_order" in output


def test_a_wrong_pin_is_told_with_what_it_could_be(ended: Runs) -> None:
    """A value that no server could show would accuse every one: it is refused."""
    output = ended("wrong_pin").output

    assert "[observed] answer.status-of-errors = '299'" in output
    assert "none of its alternatives" in output
