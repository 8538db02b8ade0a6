"""Two contract runs beside each other: what changed, and whether it got worse."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.compare import views
from tests.compare.__main__ import main
from tests.compare.changes import Changes, Way, between
from tests.compare.reading import read
from tests.reporting import data
from tests.reporting.ledger import Case, Ledger, Outcome
from tests.reporting.model import Report
from tests.suite import reports
from tests.suite.ledgers import breach

POST, URL = "endpoint.post", "endpoint.url"


def run(outcomes: dict[str, Outcome], **seen: str) -> Report:
    """A report in which these clauses ended so, and open ones of `batch` were seen to do this."""
    ledger = Ledger()
    for place, (clause, outcome) in enumerate(outcomes.items()):
        told = breach(clause) if outcome is Outcome.BROKEN else None
        name = f"tests/contract/test_one.py::test_{place}"
        ledger.cases.append(Case(name, (clause,), outcome, breach=told, place=place))
    for name, alternative in seen.items():
        ledger.observe(f"batch.{name}", alternative)
    return reports.of(ledger)


def changed(before: Outcome, after: Outcome) -> Changes:
    """What changed where one clause ended otherwise, and another one held both times."""
    return between(run({POST: before, URL: Outcome.HELD}), run({POST: after, URL: Outcome.HELD}))


@pytest.mark.parametrize(
    ("before", "after", "way", "is_worse"),
    [
        (Outcome.HELD, Outcome.BROKEN, Way.WORSE, True),
        (Outcome.BROKEN, Outcome.HELD, Way.BETTER, False),
        (Outcome.HELD, Outcome.NOT_RUN, Way.LOST, True),
        (Outcome.BROKEN, Outcome.NOT_RUN, Way.LOST, True),
        (Outcome.UNSUPPORTED, Outcome.HELD, Way.GAINED, False),
        (Outcome.UNSUPPORTED, Outcome.BROKEN, Way.WORSE, True),
        (Outcome.UNSUPPORTED, Outcome.NOT_RUN, Way.OTHER, False),
    ],
)
def test_a_clause_goes_one_way(
    before: Outcome, after: Outcome, way: Way, *, is_worse: bool
) -> None:
    """Broken now is worse; what nobody looks at any more is not better."""
    changes = changed(before, after)

    assert [(one.clause.id, one.way) for one in changes.clauses] == [(POST, way)]
    assert changes.is_worse is is_worse


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_same_run_twice_has_no_changes(outcome: Outcome) -> None:
    """Nothing changed, so nothing got worse, however bad it is."""
    changes = changed(outcome, outcome)

    assert (changes.clauses, changes.observed, changes.is_worse) == ((), (), False)


def test_what_is_broken_now_is_told_with_its_breach() -> None:
    """The reader sees at once what was expected and what came."""
    changes = changed(Outcome.HELD, Outcome.BROKEN)

    assert changes.clauses[0].breach is not None
    assert "  came      error 500" in "\n".join(views.text(changes))


def test_the_worse_ones_come_first() -> None:
    """Whatever the order of clauses."""
    before = run({URL: Outcome.BROKEN, POST: Outcome.HELD})
    after = run({URL: Outcome.HELD, POST: Outcome.BROKEN})

    assert [one.way for one in between(before, after).clauses] == [Way.WORSE, Way.BETTER]


def test_observations_that_changed_are_told() -> None:
    """A change where the documentation is silent is no worse, and is said."""
    before = run({POST: Outcome.HELD}, repeats="once", order="as in data")
    after = run({POST: Outcome.HELD}, repeats="each time", order="as in data")
    alternatives = {one.clause: one.alternatives for one in after.observations}
    changes = between(before, after)

    assert "each time" not in alternatives["batch.order"]
    assert [(one.clause, one.before, one.after) for one in changes.observed] == [
        ("batch.repeats", ("once",), ("each time",))
    ]
    assert not changes.is_worse


def test_what_only_one_run_observed_did_not_change() -> None:
    """A run that did not look saw nothing else."""
    before = run({POST: Outcome.HELD})
    after = run({POST: Outcome.HELD}, repeats="once")

    assert between(before, after).observed == ()


def test_runs_that_differ_in_more_than_the_target_are_doubted() -> None:
    """Another effort asks other things; a run without a verdict says little."""
    before = run({POST: Outcome.HELD})
    environment = replace(before.environment, effort="smoke", contract="1" * 12)
    after = replace(
        before, environment=environment, verdict="inconclusive", sentence="INCONCLUSIVE"
    )

    assert between(before, after).doubts == (
        "after: INCONCLUSIVE",
        "effort: ci before, smoke after",
        f"contract: {'0' * 12} before, {'1' * 12} after",
    )


@pytest.mark.parametrize("report", [reports.clean, reports.broken], ids=["clean", "broken"])
def test_a_report_is_read_as_it_was_written(tmp_path: Path, report: object) -> None:
    """Nothing is lost between the file and the model, from the file or its folder."""
    assert callable(report)
    written = report()
    (tmp_path / "contract.json").write_bytes(data.written(written))

    assert read(tmp_path) == read(tmp_path / "contract.json") == written


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (Outcome.HELD, Outcome.HELD, 0),
        (Outcome.BROKEN, Outcome.HELD, 0),
        (Outcome.HELD, Outcome.BROKEN, 1),
    ],
)
def test_the_exit_code_says_whether_it_got_worse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: Outcome, after: Outcome, code: int
) -> None:
    """The command writes its page and ends with the answer in a line."""
    for name, outcome in (("a", before), ("b", after)):
        (tmp_path / name).write_bytes(data.written(run({POST: outcome})))
    page = tmp_path / "compared.html"

    assert main([str(tmp_path / "a"), str(tmp_path / "b"), "--html", str(page)]) == code
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("WORSE: 1 worse" if code else "NOT WORSE: ")
    assert last in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read: No such file"),
        ("nonsense", "is no report of a contract run"),
        ("{}", "missing required field"),
    ],
)
def test_what_is_no_report_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, said: str
) -> None:
    """Exit code 2, and what is wrong with which file."""
    if text is not None:
        (tmp_path / "a").write_text(text, encoding="utf-8")

    assert main([str(tmp_path / "a"), str(tmp_path / "a")]) == 2
    assert said in capsys.readouterr().err


def test_a_hostile_answer_is_text_on_the_page() -> None:
    """What a server said is escaped."""
    page = views.html(between(reports.clean(), reports.broken()))

    assert reports.HOSTILE not in page
    assert "&lt;script&gt;" in page
