"""Every clause says what it is, what it rests on and where that stands."""

import re
from pathlib import Path

import pytest

from contracts import clauses, page
from contracts.clauses import Clause, ClausesError, Status
from contracts.matching import MODES
from tests.suite.runs import ROOT

CLAUSES = [pytest.param(clause, id=clause.id) for clause in clauses.load().values()]

FAMILIES = {
    "endpoint",
    "access",
    "parameters",
    "matching",
    "batch",
    "format",
    "answer",
    "limit",
    "payload",
    "spelling",
    "transport",
    "dedup",
    "confidentiality",
}

PAGES = {
    "ADDB",
    "API-en",
    "API-old",
    "API-ru",
    "DA-a",
    "DA-b",
    "DA-c",
    "DEDUP",
    "DEDUP-adm",
    "IAS",
    "IASB",
    "IMPB",
    "MATCH",
    "MATCH-hc",
    "MATCH-ug",
    "SEED",
    "START",
    "TASK",
    "TGET",
    "UPLOAD",
}
"""Ids of the table of sources in spec/facts.md."""


def of_status(status: Status) -> list[Clause]:
    """The clauses that rest on this."""
    return [clause for clause in clauses.load().values() if clause.status == status]


def pages(clause: Clause) -> set[str]:
    """The pages that a clause's source names."""
    return set(re.findall(r"[A-Z]{2,}(?:-[a-z]+)?", clause.source)) & PAGES


@pytest.mark.parametrize("clause", CLAUSES)
def test_an_id_is_a_family_and_a_name(clause: Clause) -> None:
    """An id reads family.name, in lower case, with a family that has a file of checks."""
    assert re.fullmatch(r"[a-z]+\.[a-z0-9_]+(-[a-z0-9_]+)*", clause.id)
    assert clause.family in FAMILIES


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_sentence_is_a_sentence(clause: Clause) -> None:
    """It ends with a full stop and has no space around it."""
    assert clause.sentence.endswith(".")
    assert clause.sentence == clause.sentence.strip()


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_source_can_be_looked_up(clause: Clause) -> None:
    """It names a page of the table of sources or a section of facts.md."""
    assert pages(clause) or re.match(r"facts\.md ([0-9]|10|11)\b", clause.source)


@pytest.mark.parametrize("clause", of_status("documented"), ids=lambda clause: clause.id)
def test_what_is_documented_stands_on_the_endpoints_page(clause: Clause) -> None:
    """The source of a documented clause names the endpoint's own page."""
    assert "SEED" in pages(clause)


@pytest.mark.parametrize("clause", of_status("elsewhere"), ids=lambda clause: clause.id)
def test_what_is_documented_elsewhere_names_the_other_page(clause: Clause) -> None:
    """The source of such a clause names another page than the endpoint's."""
    assert pages(clause) - {"SEED"}


@pytest.mark.parametrize("clause", of_status("open"), ids=lambda clause: clause.id)
def test_what_is_open_has_alternatives(clause: Clause) -> None:
    """A target may do at least two things, each named once."""
    assert len(set(clause.alternatives)) == len(clause.alternatives) >= 2


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_has_a_clause(mode: str) -> None:
    """Each matching mode's search is a clause named after it."""
    assert f"matching.{mode}" in clauses.load()


def test_every_status_is_used() -> None:
    """Each of the four has clauses."""
    assert {clause.status for clause in clauses.load().values()} == {
        "documented",
        "elsewhere",
        "inferred",
        "open",
    }


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("status", "reasoning", "alternatives"),
    [
        pytest.param("inferred", "", (), id="inferred without reasoning"),
        pytest.param("documented", "because", (), id="documented with reasoning"),
        pytest.param("open", "", (), id="open without alternatives"),
        pytest.param("elsewhere", "", ("a", "b"), id="elsewhere with alternatives"),
        pytest.param("certain", "", (), id="of no status"),
    ],
)
def test_a_clause_has_what_its_status_needs(
    status: Status, reasoning: str, alternatives: tuple[str, ...]
) -> None:
    """An inferred clause gives its reasoning, an open one its alternatives, others neither."""
    with pytest.raises(ClausesError, match=r"answer\.error"):
        Clause("answer.error", "A sentence.", status, "SEED", reasoning, alternatives)


def test_an_id_stands_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with an id twice is refused, and the id named."""
    entry = '[[clause]]\nid = "a.b"\nsentence = "S."\nstatus = "documented"\nsource = "SEED"\n'
    monkeypatch.setattr(clauses, "FILE", tmp_path / "clauses.toml")
    clauses.FILE.write_text(entry * 2, encoding="utf-8")

    with pytest.raises(ClausesError, match=r"a\.b stands twice"):
        clauses.load.__wrapped__()


def test_every_mode_of_the_table_has_a_clause() -> None:
    """The page's eleven modes: the table and clauses.toml name the same ones."""
    named = {f"matching.{mode}" for mode in MODES}

    assert len(named) == 11
    assert named <= set(clauses.load())


def test_the_page_is_that_of_the_clauses() -> None:
    """After a change: python -m contracts.page > docs/clauses.md."""
    written = (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8")

    assert written == "\n".join(page.lines()) + "\n"


def test_what_no_answer_shows_is_told_apart() -> None:
    """Promises that no check could hold a server to are listed, each with the reason."""
    written = "\n".join(page.lines())

    assert clauses.beyond()
    for one in clauses.beyond():
        assert one.source
        assert one.why
        assert f"| {one.sentence} |" in written
