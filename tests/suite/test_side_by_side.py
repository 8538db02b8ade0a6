"""The comparison with Schemathesis, as far as it can be tested without it."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.side_by_side import answers, table, trials
from benchmarks.side_by_side.kept import Kept, UnreadableError
from benchmarks.side_by_side.settings import EXCLUDED, Settings, configuration, known_of
from benchmarks.side_by_side.subjects import MOCK, Subject, every, spread
from benchmarks.side_by_side.trials import Outcome, Trial
from contracts.matching import MODES
from contracts.model import BINARY_LIMIT
from endpoint.mock.defects import DEFECTS
from endpoint.mock.variants import VARIANTS
from endpoint.target import load
from tests.suite.runs import Verdict

TOKEN = "known-token"
REQUEST = {"token": TOKEN, "trigger_id": 8, "data": []}

HELD = Trial(Outcome.HELD, "", 100, 10.0)
FAILED = Trial(Outcome.FAILED, "a check", 10, 1.5)
UNDECIDED = Trial(Outcome.UNDECIDED, "exit 2", 0, 0.5)

DEFECT = Subject("defect", next(iter(DEFECTS)))
VARIANT = Subject("variant", next(iter(VARIANTS)))

FAILURES = {"failures": [{"title": "Response violates schema"}], "test_cases": {"generated": 7}}
ERRORS = {"errors": [{"title": "Network Error"}], "test_cases": {"generated": 7}}


# ---------------------------------------------------------------- what it is told of answers


def test_an_xml_answer_is_read_as_json_would_be() -> None:
    """A number, texts, and a list of profiles."""
    body = (
        b"<xml><error>0</error><error_text>Successful operation</error_text>"
        b"<result><profile_id>1</profile_id></result><result><profile_id>2</profile_id></result></xml>"
    )

    expected = {"error": 0, "error_text": "Successful operation"}
    assert answers.from_xml(body) == {
        **expected,
        "result": [{"profile_id": "1"}, {"profile_id": "2"}],
    }


def test_an_empty_element_is_an_empty_list() -> None:
    """One way to write that nobody was found."""
    assert answers.from_xml(b"<xml><error>0</error><result/></xml>") == {"error": 0, "result": []}


@pytest.mark.parametrize(
    ("body", "message"), [(b"<xml>", "not XML"), (b"<answer/>", "the root is answer")]
)
def test_another_shape_is_a_value_error(body: bytes, message: str) -> None:
    """As Schemathesis asks of who reads answers for it."""
    with pytest.raises(ValueError, match=message):
        answers.from_xml(body)


@pytest.mark.parametrize(
    ("given", "body", "status"),
    [
        (200, b'{"error":403,"error_text":"No access"}', 403),
        (200, b"<xml><error>400</error></xml>", 400),
        (400, b'{"error":405}', 405),
        (200, b'{"error":0}', None),
        (200, b'{"error":17}', None),
        (200, b'{"error":"400"}', None),
        (500, b'{"error":400}', None),
        (200, b"[]", None),
        (200, b"<html>", None),
        (200, b"", None),
    ],
)
def test_an_error_has_the_status_of_its_number(given: int, body: bytes, status: int | None) -> None:
    """Where it came with 200 or a 4xx, as the platform's do; a server error stays one."""
    assert answers.status(given, body) == status


@pytest.mark.parametrize("parameter", REQUEST)
def test_a_request_without_a_required_parameter_is_refused(parameter: str) -> None:
    """Each of the three is required."""
    assert answers.refused({k: v for k, v in REQUEST.items() if k != parameter}, TOKEN)


def test_a_request_with_another_token_is_refused() -> None:
    """A complete one with the right token is not."""
    assert answers.refused({**REQUEST, "token": "another"}, TOKEN)
    assert not answers.refused(REQUEST, TOKEN)


# ---------------------------------------------------------------- its configuration


def test_the_best_settings_leave_out_what_accuses_the_mock() -> None:
    """Only these checks are switched off; the examples are held to one of them."""
    settings = Settings("best settings", 300, 1)
    read = tomllib.loads(configuration(known_of(load("mock")), settings))

    assert read["checks"] == {check: {"enabled": False} for check in EXCLUDED}
    assert read["phases"]["examples"]["checks"]["positive_data_acceptance"]["enabled"]
    assert (read["generation"]["max-examples"], read["seed"], read["max-failures"]) == (300, 1, 1)


def test_all_checks_leave_out_none() -> None:
    """That setting switches nothing off, and has no hooks."""
    read = tomllib.loads(configuration(known_of(load("mock")), Settings("all checks", 300, 1)))

    assert not {"checks", "hooks", "phases"} & set(read)


def test_it_draws_from_the_known_values() -> None:
    """Each key of an item has a dictionary of its own."""
    read = tomllib.loads(configuration(known_of(load("mock")), Settings("all checks", 300, 1)))

    assert set(read["dictionaries"]) == {key for mode in MODES.values() for key in mode.keys}
    assert 9007199254740993 in read["dictionaries"]["field_value"]["values"]


# ---------------------------------------------------------------- whom both are run against


def test_each_variant_and_defect_is_a_subject() -> None:
    """Beside the mock as it is."""
    names = [subject.name for subject in every()]

    assert names == [MOCK.name, *VARIANTS, *DEFECTS]


def test_a_defect_to_the_byte_is_told_the_limit() -> None:
    """Both are run against the same mock."""
    to_the_byte = next(defect for defect in DEFECTS.values() if defect.needs_limit)

    assert Subject("defect", to_the_byte.name).target.body_limit_bytes == BINARY_LIMIT
    assert MOCK.target == load("mock")


def test_a_sample_is_spread() -> None:
    """At equal distances from the first, the same each time."""
    assert spread(range(100), 4) == [0, 25, 50, 75]
    assert spread(range(3), 4) == [0, 1, 2]
    assert spread(range(3), None) == [0, 1, 2]


# ---------------------------------------------------------------- what a run ended with


@pytest.mark.parametrize(
    ("exit_code", "report", "outcome", "why"),
    [
        (0, {}, Outcome.HELD, ""),
        (1, FAILURES, Outcome.FAILED, "Response violates schema"),
        (1, FAILURES | ERRORS, Outcome.FAILED, "Response violates schema"),
        (1, ERRORS, Outcome.UNDECIDED, "exit 1: Network Error"),
        (2, {}, Outcome.UNDECIDED, "exit 2"),
        (None, {}, Outcome.UNDECIDED, "hangs"),
    ],
)
def test_a_report_is_a_verdict(
    exit_code: int | None, report: dict[str, object], outcome: Outcome, why: str
) -> None:
    """A failure is an exit code of 1 and a check; errors of its own are told apart."""
    trial = trials.of_report(exit_code, report, 1.0)

    assert (trial.outcome, trial.why) == (outcome, why)


@pytest.mark.parametrize(
    ("exit_code", "outcome"),
    [(0, Outcome.HELD), (1, Outcome.FAILED), (6, Outcome.UNDECIDED), (7, Outcome.UNDECIDED)],
)
def test_our_exit_code_is_a_verdict(exit_code: int, outcome: Outcome) -> None:
    """Inconclusive and broken runs are no verdict."""
    verdict = Verdict(exit_code, ("format.errors",) if exit_code == 1 else (), 5, 1.0, "")

    assert trials.of_verdict(verdict).outcome == outcome


def test_the_totals_add_up() -> None:
    """Each trial is counted once; requests and seconds are sums."""
    tried = [
        *((DEFECT, trial) for trial in (HELD, FAILED, FAILED, UNDECIDED)),
        *((subject, trial) for subject in (MOCK, VARIANT) for trial in (HELD, FAILED)),
    ]

    assert table.totals(tried) == table.Totals(
        caught=2, missed=1, accused=2, cleared=2, undecided=1, requests=340, seconds=36.5
    )


def test_a_row_says_what_came_of_both() -> None:
    """A conforming subject is accused where a defect would be caught."""
    assert "caught" in table.row(DEFECT, {"one": FAILED})
    assert "MISSED" in table.row(DEFECT, {"one": HELD})
    assert "ACCUSED" in table.row(VARIANT, {"one": FAILED})
    assert "undecided" in table.row(MOCK, {"one": replace(UNDECIDED, why="hangs")})


# ---------------------------------------------------------------- what is kept of a long run


def _never() -> Trial:
    pytest.fail("a kept trial is not run again")


def test_a_kept_trial_is_not_run_again(tmp_path: Path) -> None:
    """A later run with the same file has it as it was."""
    file = tmp_path / "trials.jsonl"
    Kept(file).trial(DEFECT, "one", lambda: FAILED)
    Kept(file).trial(MOCK, "one", lambda: HELD)

    later = Kept(file)

    assert later.trial(DEFECT, "one", _never) == FAILED
    assert later.trial(MOCK, "one", _never) == HELD


def test_another_way_and_another_subject_are_run(tmp_path: Path) -> None:
    """What the outcome hangs on is part of the key."""
    file = tmp_path / "trials.jsonl"
    Kept(file).trial(DEFECT, "100 examples", lambda: FAILED)

    assert Kept(file).trial(DEFECT, "200 examples", lambda: HELD) == HELD
    assert Kept(file).trial(VARIANT, "100 examples", lambda: HELD) == HELD


def test_what_has_no_verdict_is_tried_again(tmp_path: Path) -> None:
    """A run that hung, or met a broken network, says nothing that is worth keeping."""
    file = tmp_path / "trials.jsonl"
    Kept(file).trial(MOCK, "one", lambda: UNDECIDED)

    assert Kept(file).trial(MOCK, "one", lambda: HELD) == HELD


def test_without_a_file_nothing_is_kept() -> None:
    """Each trial is measured."""
    kept = Kept(None)

    assert kept.trial(MOCK, "one", lambda: HELD) == HELD
    assert kept.trial(MOCK, "one", lambda: FAILED) == FAILED


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"kind": "mock"}', '{"kind": 1, "name": [], "way": 3}']
)
def test_a_file_of_somebody_elses_is_named(tmp_path: Path, line: str) -> None:
    """With the line, before anything is run."""
    file = tmp_path / "trials.jsonl"
    Kept(file).trial(MOCK, "one", lambda: HELD)
    file.write_text(f"{file.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")

    with pytest.raises(UnreadableError, match=r"trials\.jsonl, line 2"):
        Kept(file)


def test_a_file_that_cannot_keep_is_told_before_anything_is_run(tmp_path: Path) -> None:
    """No folder, a folder in its place, bytes that are no text: hours are not lost on them."""
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")

    for file in (tmp_path / "none" / "trials.jsonl", tmp_path, binary):
        with pytest.raises(UnreadableError, match="cannot keep trials"):
            Kept(file)
