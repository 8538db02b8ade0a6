"""Past breaches asked again: what is sent, what is said, and what nobody can say."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from endpoint import target as targets
from endpoint.secret import Secret
from endpoint.target import Safety, Target
from tests.asking.ask import Ask
from tests.asking.question import Question
from tests.diagnosis import Diagnosis
from tests.repeat import __main__ as command
from tests.repeat import by_request, rebuilt
from tests.repeat.again import Again
from tests.repeat.findings import ExitCode, Finding, Word, exit_code
from tests.reporting import saved
from tests.reporting.environment import Environment
from tests.reporting.keeping import Keeping
from tests.reporting.run import Run
from tests.reporting.saved import Saved, SavedError
from tests.suite.diagnosing import MOCK, asking, met, rich

TEST = "tests/contract/test_endpoint.py::test_a_valid_request_is_served[json-in-json-out]"

FIXED, BROKEN, UNKNOWN = (Finding(word, "") for word in Word)


def kept(ask: Ask, question: Question, folder: Path, *, test: str = TEST) -> tuple[Path, Saved]:
    """A question's breach, explained and kept: its folder, and what that says."""
    breach = Diagnosis(ask).told(met(ask, question))
    where = Keeping(ask, folder, Environment("ci", "fixed")).keep(breach, test, is_smallest=True)
    assert where is not None
    return where, saved.read(where)


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Saved]:
    """A kept breach: the mock with a bug refuses `content`."""
    with asking("content-refused") as ask:
        return kept(ask, rich(ask, fmt="json"), tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
def clean() -> Iterator[Ask]:
    """The mock as it is."""
    run = Run(MOCK)
    assert run.open()
    yield run.ask
    run.close()


def test_what_broke_is_still_broken_where_the_bug_is(lost: tuple[Path, Saved]) -> None:
    """The mock with the bug shows the breach at the first try."""
    with asking("content-refused") as ask:
        finding = by_request.found(*lost, ask)

    assert finding is not None
    assert (finding.word, "time" in finding.because) == (Word.BROKEN, False)


def test_what_broke_is_fixed_where_the_bug_is_not(lost: tuple[Path, Saved], clean: Ask) -> None:
    """The mock as it is answers the same request as it has to."""
    finding = by_request.found(*lost, clean)

    assert finding is not None
    assert finding.word is Word.FIXED


def test_the_request_is_the_same_to_the_byte(lost: tuple[Path, Saved], clean: Ask) -> None:
    """But for the request id, what leaves is what left when the breach was met."""
    folder, recipe = lost
    question = rebuilt.question(folder, recipe, clean)
    assert question is not None
    by_request.found(folder, recipe, clean)
    call = clean.recent[-1]

    assert recipe.call is not None
    assert call.body == clean.encode(question.params, question.fmt)
    assert len(call.body) == recipe.call.body_bytes


def test_another_token_takes_the_place_of_the_first(lost: tuple[Path, Saved]) -> None:
    """A request that was met on one environment bears the token of the one it is sent to."""
    folder, recipe = lost
    other = replace(MOCK, token=Secret("another\"token'&<>"))
    run = Run(other)
    assert run.open()
    try:
        finding = by_request.found(folder, recipe, run.ask)
        body = run.ask.recent[-1].body or b""
    finally:
        run.close()

    assert finding is not None
    assert finding.word is Word.FIXED
    assert json.loads(body)["token"] == "another\"token'&<>"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"trigger_id": 9}, "trigger_id was 8 there and is 9 here"),
        ({"profiles": ()}, "other profiles"),
    ],
)
def test_a_request_that_would_mean_something_else_is_not_sent(
    lost: tuple[Path, Saved], clean: Ask, change: dict[str, object], said: str
) -> None:
    """On a target with another campaign or other profiles the request is no proof of anything."""
    target: Target = replace(clean.target, **change)  # type: ignore[arg-type]
    ask = Ask(target, clean.client, clean.guard, clean.ledger)
    before = clean.ledger.requests
    finding = by_request.found(*lost, ask)

    assert finding is not None
    assert finding.word is Word.UNKNOWN
    assert said in finding.because
    assert clean.ledger.requests == before


def test_a_live_target_is_asked_once(lost: tuple[Path, Saved], clean: Ask) -> None:
    """Each time may be a message to somebody: one request, and no test."""
    live = replace(clean.target, safety=Safety(live=True, max_sends=50))
    run = Run(live)
    assert run.open()
    before = run.ledger.requests
    finding = Again(run, ("--target", "no such file")).found(*lost)
    run.close()

    assert finding.word is Word.FIXED
    assert run.ledger.requests == before + 1


def test_what_came_and_went_cannot_be_called_fixed_on_a_live_target(
    lost: tuple[Path, Saved], clean: Ask
) -> None:
    """Asked once, it may only have gone again; the line to run its test is printed."""
    folder, recipe = lost
    live = replace(clean.target, safety=Safety(live=True, max_sends=50))
    run = Run(live)
    assert run.open()
    finding = Again(run, ("--target", "x.toml")).found(folder, replace(recipe, shows="sometimes"))
    run.close()

    assert finding.word is Word.UNKNOWN
    assert "-m pytest" in finding.because
    assert "--target x.toml" in finding.because


def test_a_breach_without_a_request_of_its_own_is_left_to_its_test(
    lost: tuple[Path, Saved], clean: Ask
) -> None:
    """Where no single request shows it, none is sent."""
    folder, recipe = lost

    assert by_request.found(folder, replace(recipe, question=None), clean) is None


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([FIXED, FIXED], ExitCode.FIXED),
        ([FIXED, BROKEN, UNKNOWN], ExitCode.BROKEN),
        ([FIXED, UNKNOWN], ExitCode.UNKNOWN),
    ],
)
def test_the_exit_code_is_that_of_the_worst(findings: list[Finding], code: ExitCode) -> None:
    """0 only where all are fixed; what is broken outweighs what is unknown."""
    assert exit_code(findings) is code


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "is no kept breach"),
        (b"{}", "cannot be read"),
        (b"no JSON", "cannot be read"),
    ],
)
def test_a_folder_that_holds_no_breach_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    """Exit code 2 and a sentence, and nothing is asked."""
    if content is not None:
        (tmp_path / saved.RECIPE).write_bytes(content)

    assert command.main([str(tmp_path), "--target", "mock"]) == ExitCode.USAGE
    assert said in capsys.readouterr().err


def test_a_recipe_of_another_version_is_refused(lost: tuple[Path, Saved], tmp_path: Path) -> None:
    """What a later suite wrote is not guessed at."""
    later = replace(lost[1], format="start_batch.breach/9")
    (tmp_path / saved.RECIPE).write_bytes(msgspec.json.encode(later))

    with pytest.raises(SavedError, match=r"start_batch\.breach/9"):
        saved.read(tmp_path)


def test_a_demand_that_there_is_not_is_refused(lost: tuple[Path, Saved], clean: Ask) -> None:
    """A recipe names one of the suite's demands, and nothing else of Python's."""
    folder, recipe = lost
    assert recipe.question is not None
    odd = replace(recipe, question=replace(recipe.question, demand="__init__"))

    with pytest.raises(SavedError, match="__init__"):
        by_request.found(folder, odd, clean)


def test_a_body_that_is_missing_is_named(
    lost: tuple[Path, Saved], clean: Ask, tmp_path: Path
) -> None:
    """A folder that was copied in part is no proof of anything."""
    (tmp_path / saved.PARAMS).write_bytes((lost[0] / saved.PARAMS).read_bytes())

    with pytest.raises(SavedError, match=saved.BODY):
        by_request.found(tmp_path, lost[1], clean)


def test_an_unreachable_target_says_nothing(lost: tuple[Path, Saved]) -> None:
    """Exit code 6: a target that cannot be asked has fixed nothing."""
    nobody = Target(
        "nobody", "http://127.0.0.1:9", Secret("another-0123456789"), 8, "F", Safety(live=False)
    )
    run = Run(replace(nobody, profiles=MOCK.profiles))
    run.open()
    finding = Again(run, ()).found(*lost)
    run.close()

    assert finding.word is Word.UNKNOWN
    assert "out of reach" in finding.because


def test_a_kept_breach_holds_no_token(tmp_path: Path) -> None:
    """In the recipe, the parameters, the body and the answer a variable's name stands for it."""
    token = "kX7qV2-a\"b&c<d'e\\f-wP4zT9"
    with asking("content-refused", replace(MOCK, token=Secret(token))) as ask:
        folder, _ = kept(ask, rich(ask), tmp_path)
        masked = saved.read_file(folder, saved.BODY)
    recipe = (folder / saved.RECIPE).read_bytes()
    others = [saved.read_file(folder, name) for name in (saved.PARAMS, saved.ANSWER)]

    assert b"$ALTCRAFT_TOKEN" in masked
    assert not [text for text in (masked, recipe, *others) if b"kX7qV2" in text or b"wP4z" in text]


def test_the_command_says_a_line_for_each_breach(
    lost: tuple[Path, Saved], capsys: pytest.CaptureFixture[str]
) -> None:
    """The word, the clause and the folder, then why."""
    arguments = [str(lost[0]), "--target", "mock", "--mock-defect", "content-refused"]

    assert command.main(arguments) == ExitCode.BROKEN
    line, why = capsys.readouterr().out.splitlines()
    assert line.split() == ["still", "broken", "payload.content", str(lost[0])]
    assert "the request shows it" in why


def test_mock_options_are_for_the_mock_only(
    lost: tuple[Path, Saved], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A staging has no switch for its bugs."""
    file = tmp_path / "staging.toml"
    text = targets.MOCK_FILE.read_text(encoding="utf-8")
    file.write_text(text.replace('"mock"', '"http://127.0.0.1:9"', 1), encoding="utf-8")
    arguments = [str(lost[0]), "--target", str(file), "--mock-variant", "slow"]

    assert command.main(arguments) == ExitCode.USAGE
    assert "embedded mock only" in capsys.readouterr().err
