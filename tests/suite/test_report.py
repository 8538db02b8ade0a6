"""The report of a run: JSON, page, Markdown, terminal and JUnit say the same."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.reporting import data
from tests.reporting.building import HIDDEN
from tests.reporting.ledger import Outcome
from tests.reporting.model import Report
from tests.suite import readers, reports
from tests.suite.ledgers import HELD, breach, case, ledger
from tests.suite.readers import Said
from tests.suite.whole_runs import Ended, Runs

REPORTED = (
    "held", "defect", "leak", "large", "garbage", "drift", "live", "parallel", "interrupted",
    "parallel_interrupted", "wrong_token", "unreachable", "html", "dies",
)  # fmt: skip
"""Scenarios that ask something, however they end."""

VIEWS = {
    "page": readers.from_page,
    "Markdown": readers.from_markdown,
    "terminal": readers.from_terminal,
    "JUnit": readers.from_junit,
}

each_reported = pytest.mark.parametrize("scenario", REPORTED)


def validator() -> Draft202012Validator:
    """Holds a report against the committed schema."""
    return Draft202012Validator(json.loads(data.SCHEMA.read_text(encoding="utf-8")))


def test_the_schema_is_one() -> None:
    """The committed file is a JSON Schema 2020-12 itself."""
    Draft202012Validator.check_schema(validator().schema)


def test_the_schema_is_that_of_the_model() -> None:
    """After a change of the model: python -m tests.reporting.data."""
    assert json.loads(data.SCHEMA.read_text(encoding="utf-8")) == data.schema()


def test_every_field_is_described() -> None:
    """Who reads the JSON with other tools finds units and meanings in the schema."""
    described = data.schema()["$defs"]
    fields = {
        f"{name}.{field}": kind
        for name, found in described.items()
        for field, kind in found["properties"].items()
    }

    assert [name for name, kind in fields.items() if "description" not in kind] == []


@each_reported
def test_a_report_keeps_its_schema(ended: Runs, scenario: str) -> None:
    """However a run ended, its JSON report is valid."""
    assert [error.message for error in validator().iter_errors(readers.data(ended(scenario)))] == []


@pytest.mark.parametrize(
    "report", [reports.clean, reports.broken, lambda: reports.large(500, 90)], ids=range(3)
)
def test_a_made_report_keeps_its_schema(report: Callable[[], Report]) -> None:
    """Large or small, with breaches or without."""
    written = json.loads(data.written(report()))

    assert [error.message for error in validator().iter_errors(written)] == []


@pytest.mark.parametrize(
    "change",
    [{"verdict": "green"}, {"more": 1}, {"counts": {}}, {"seconds": "25 s"}],
    ids=lambda change: next(iter(change)),
)
def test_the_schema_refuses_what_is_no_report(change: dict[str, object]) -> None:
    """A schema that lets all pass says nothing."""
    written = json.loads(data.written(reports.clean()))

    assert not validator().is_valid({**written, **change})


@pytest.mark.parametrize("view", VIEWS)
@each_reported
def test_all_views_say_the_same(ended: Runs, scenario: str, view: str) -> None:
    """Verdict, broken clauses, counts, standings, observations, tests: as in the JSON report."""
    run = ended(scenario)
    said = VIEWS[view](run)

    assert said.agrees_with(readers.from_json(run)), (said, readers.from_json(run))


def test_what_disagrees_is_seen() -> None:
    """The comparison itself can fail."""
    assert not Said(verdict="held").agrees_with(Said(verdict="broken"))


@pytest.mark.parametrize(
    ("scenario", "verdict", "code"),
    [
        ("held", "held", 0),
        ("defect", "broken", 1),
        ("interrupted", "interrupted", 2),
        ("parallel_interrupted", "interrupted", 2),
        ("wrong_token", "inconclusive", 6),
        ("unreachable", "no verdict", 7),
        ("dies", "no verdict", 7),
    ],
)
def test_a_report_is_written_however_a_run_ends(
    ended: Runs, scenario: str, verdict: str, code: int
) -> None:
    """After Ctrl-C, too, and where there is nothing to say: the verdict stands in it."""
    report = readers.data(ended(scenario))

    assert (report["verdict"], report["exit_code"]) == (verdict, code)
    assert code in {0, 1, 2} or report["reasons"]


@pytest.mark.parametrize("scenario", ["wrong_key", "no_defect", "wrong_pin"])
def test_who_asked_nothing_gets_no_report(ended: Runs, scenario: str) -> None:
    """A mistake in the options leaves the last run's report as it is."""
    assert not (ended(scenario).folder / "reports").exists()


def test_what_was_pinned_and_drifted_is_said(ended: Runs) -> None:
    """The observation says what was pinned, and that it is otherwise now."""
    observations = {one["clause"]: one for one in readers.data(ended("drift"))["observations"]}

    assert observations["answer.status-of-errors"]["state"] == "drifted"
    assert observations["answer.status-of-errors"]["pinned"] == "other"
    assert observations["answer.media-type"]["state"] == "free"


def test_each_case_in_junit_names_status_and_source(ended: Runs) -> None:
    """Beside each clause's id stands what it rests on."""
    text = (ended("held").folder / "junit.xml").read_text(encoding="utf-8")

    assert text.count('name="clause"') == text.count('name="status"') > 0
    assert text.count('name="clause"') == text.count('name="source"')


@pytest.mark.parametrize("scenario", ["held", "parallel"])
def test_what_was_asked_is_counted(ended: Runs, scenario: str) -> None:
    """The grid holds requests, over all processes, and no more than were sent."""
    report = readers.data(ended(scenario))
    noted = report["counts"]["requests"] - report["counts"]["outside"]
    in_any = max(
        sum(sum(cell["fates"].values()) for cell in report["grid"] if cell["kind"] == kind)
        for kind in ("one", "some", "wrong", "open")
    )

    assert 0 < in_any <= noted <= report["counts"]["requests"]


def test_every_cell_of_the_grid_is_there(ended: Runs) -> None:
    """Eleven modes, two formats each way, ten kinds: exercised or not."""
    grid = readers.data(ended("held"))["grid"]
    places = {(cell["mode"], cell["request"], cell["answer"], cell["kind"]) for cell in grid}

    assert len(grid) == len(places) == 11 * 2 * 2 * 10


def test_a_report_goes_where_it_is_wanted(ended: Runs) -> None:
    """--report-dir names the folder, also of the breaches; the terminal says where the page is."""
    run = ended("elsewhere")
    folder = run.folder / "out" / "of the way"

    assert {path.name for path in folder.iterdir()} >= {"contract.html", "breaches"}
    assert not (run.folder / "reports").exists()
    assert "report: out/of the way/contract.html" in run.output


def test_a_report_that_cannot_be_written_is_said(ended: Runs) -> None:
    """The verdict stays what it is, and the terminal says why there is no report."""
    run = ended("unwritable")

    assert run.code == 0
    assert "the report could not be written to reports" in run.output


def test_the_line_that_repeats_a_breach_can_be_pasted(ended: Runs) -> None:
    """It calls the interpreter of the run, from where the run was started."""
    run = ended("defect")
    (python,) = set(re.findall(r"^  again     (\S+) -m tests.repeat ", run.output, re.MULTILINE))

    assert (run.folder / python).exists()


def test_an_interrupted_run_counts_what_it_left_out(ended: Runs) -> None:
    """How many cases were still before it, and how they are asked."""
    run = ended("interrupted")

    assert re.search(r"^[\d,]+ further cases were not begun: --resume", run.output, re.MULTILINE)
    assert "; exit code 2" in run.output


def test_a_promise_behind_breaches_of_another_is_said_to_be_unknown() -> None:
    """Where each of its cases showed another breach, nothing is known of it."""
    hidden = case(Outcome.BROKEN, "payload.attach", of=breach())
    excused = case(Outcome.DEVIATES, "payload.content", of=breach())

    (row,) = reports.of(ledger(hidden, excused, HELD)).unchecked

    assert (row.outcome, row.reason) == ("hidden", HIDDEN)
    assert row.clauses == ("payload.attach", "payload.content")


def test_a_run_with_known_deviations_says_so_first() -> None:
    """Who reads the verdict alone learns that something is excused."""
    excused = case(Outcome.DEVIATES, "payload.content", of=breach("payload.content"))

    assert reports.of(ledger(excused, HELD)).sentence.startswith("HELD, but for what is known: 1 ")


def test_a_full_disk_costs_the_files_and_not_the_verdict(ended: Runs) -> None:
    """The breach is told with what repeats it, and each file that is missing is named."""
    run = ended("full_disk")

    assert run.code == 1
    assert ": access.token-checked" in run.output
    assert run.repeats
    assert "the report could not be written to reports: File too large" in run.output
    assert "the summary could not be written to summary.json: File too large" in run.output
    assert "a file of pytest's own could not be written" in run.output  # JUnit's
    assert "Traceback" not in run.output
    assert not list((run.folder / "reports" / "breaches").iterdir())


def files(run: Ended) -> dict[str, str]:
    """The report's files and JUnit's."""
    folder = run.folder / "reports"
    paths = (
        *(folder / f"contract.{end}" for end in ("json", "html", "md")),
        run.folder / "junit.xml",
    )
    return {path.name: Path(path).read_text(encoding="utf-8") for path in paths}


def test_profiles_are_shortened(ended: Runs) -> None:
    """No address and no number of a known profile stands in a report, or on the terminal."""
    run = ended("defect")
    told = {**files(run), "terminal": run.output}

    assert [name for name, text in told.items() if "contract-1@example.com" in text] == []
    assert [name for name, text in told.items() if "9000000001" in text] == []
    assert "co…@example.com" in told["contract.html"]


def test_profiles_are_shown_where_that_is_asked_for(ended: Runs) -> None:
    """With --show-values the request stands there as it was sent."""
    assert "contract-1@example.com" in files(ended("shown"))["contract.html"]
