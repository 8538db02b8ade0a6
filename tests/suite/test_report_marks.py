"""What the page marks: in a request what finds the lost profiles, in an answer what is wrong."""

from pathlib import Path

import pytest

from tests.reporting import page
from tests.reporting.model import BreachRow
from tests.reporting.run import Run
from tests.reporting.told import Told
from tests.suite.diagnosing import MOCK, met, rich

LOST = "6606e08f10bcdd88297057a2"


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("[1, 12, 3]", ("3",), "[1, 12, <mark>3</mark>]"),
        ('{"a":"x@y.z"}', ("x@y.z",), "{&#34;a&#34;:&#34;<mark>x@y.z</mark>&#34;}"),
        ("<a>b&amp;c</a>", ("b&c",), "&lt;a&gt;<mark>b&amp;amp;c</mark>&lt;/a&gt;"),
        ('"\\u044f"', ("я",), "&#34;<mark>\\u044f</mark>&#34;"),
        ("a1b2c3", ("b2",), "a1b2c3"),
        ("<b>", (), "&lt;b&gt;"),
        ("<b>", ("",), "&lt;b&gt;"),
    ],
)
def test_words_are_marked_however_they_are_spelled(
    text: str, words: tuple[str, ...], marked: str
) -> None:
    """Whole words only; all that is not marked is escaped, and so is what is."""
    assert str(page.marked(text, words)) == marked


def test_a_lost_profile_is_marked_where_both_name_it() -> None:
    """`without [id]` names it as `expected` does: it is the difference all the same."""
    said = page.differing(f"without [{LOST}]", f"all of [{LOST}]", (LOST,))

    assert str(said) == f"without [<mark>{LOST}</mark>]"


@pytest.mark.parametrize(
    ("came", "expected", "wrong"),
    [
        ("error_text 'OK'", "error_text 'Successful operation'", ("OK",)),
        ("HTTP 500 with error 0", "HTTP 200", ("HTTP 500",)),
        ("'same'", "'same'", ()),
    ],
)
def test_what_came_is_marked_in_the_answer(
    came: str, expected: str, wrong: tuple[str, ...]
) -> None:
    """A text that the sentence quotes, or a status, unless it was expected."""
    row = BreachRow(
        clause="answer.success-text",
        is_plainest=True,
        symptom="shape",
        expected=expected,
        came=came,
        shows="always",
        smallest="",
        items=None,
        features=(),
        request_bytes=0,
        place=None,
        profiles=(),
        marks=(),
        request=None,
        answer=None,
        exchange=(),
        repeat="",
        folder="",
        test="test",
    )

    assert page.wrong(row) == wrong


def told(defect: str) -> Told:
    """A breach of a batch of phones, met and told as a run does it."""
    run = Run(MOCK, mock_defect=defect)
    try:
        assert run.open()
        items = run.ask.known.one_each("phone")
        question = rich(run.ask, "phone").with_items([items[0], *items])
        return run.telling.told(met(run.ask, question), "test")
    finally:
        run.close()


def test_what_finds_a_lost_profile_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many items the one whose profile is missing in the answer."""
    monkeypatch.chdir(tmp_path)
    breach = told("item-after-duplicate-lost")

    assert breach.marks
    assert breach.request_bytes
    assert len(breach.marks) < (breach.items or 0)


def test_where_all_are_lost_nothing_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that was refused as a whole has no item to look at."""
    monkeypatch.chdir(tmp_path)

    assert told("content-refused").marks == ()
