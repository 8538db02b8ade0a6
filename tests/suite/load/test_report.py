"""The reports of a run: Markdown, JUnit, HTML."""

import re
from pathlib import Path

import pytest
from lxml import etree

from loadtests.report import html, junit, markdown
from loadtests.report.__main__ import main
from loadtests.runfile import write
from tests.suite.load.gallery import GALLERY, NASTY

each_run = pytest.mark.parametrize("shown", list(GALLERY))


@each_run
def test_every_run_has_its_reports(shown: str) -> None:
    """Each scenario, complete or not, with or without a baseline, begins with its verdict."""
    run, comparison = GALLERY[shown]

    assert markdown.written(run, comparison).startswith(f"# {run.verdict}: load, {run.scenario}\n")
    assert f'<b id="verdict" class="{run.verdict}">' in html.written(run, comparison)


@each_run
def test_html_fetches_nothing(shown: str) -> None:
    """No address stands where a browser would fetch it."""
    page = html.written(*GALLERY[shown])

    assert not re.search(r'(?:src|href)\s*=\s*"(?!#|data:,)|@import|url\(', page)


@each_run
def test_every_drawing_says_what_it_shows(shown: str) -> None:
    """Each chart has a title and a description that no other has."""
    page = html.written(*GALLERY[shown])
    labels = re.findall(r'aria-labelledby="(\S+-title) (\S+-desc)"', page)

    assert len(labels) == page.count('class="chart"')
    assert all(page.count(f'id="{each}"') == 1 for pair in labels for each in pair)


def test_a_figure_that_is_no_number_is_not_written() -> None:
    """Neither nan nor inf stands in any report."""
    everything = "".join(
        text
        for run, comparison in GALLERY.values()
        for text in (html.written(run, comparison), markdown.written(run, comparison))
    )

    assert not re.search(r"\b(nan|inf)\b", everything)


def test_html_escapes_what_a_server_said() -> None:
    """A failure's kind, a name and a setting are text, never markup."""
    page = html.written(NASTY)

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_markdown_escapes_what_a_server_said() -> None:
    """A bar or a line feed ends no cell."""
    rows = [line for line in markdown.written(NASTY).splitlines() if "script" in line]

    assert rows
    assert all("\\<script\\>" in row for row in rows)
    assert all(len(re.findall(r"(?<!\\)\|", row)) in (0, 3, 4, 6, 13) for row in rows)


def test_junit_has_a_case_for_each_objective() -> None:
    """And one for each thing that every run is held against."""
    run, _ = GALLERY["spike"]
    suite = etree.fromstring(junit.written(run))[0]
    names = [case.get("name") for case in suite]

    assert names == [
        *(f"{one.name}: {one.objective}" for one in run.objectives),
        "the run is complete",
    ]
    assert suite.get("failures") == str(len(run.breaches)) == "1"


def test_junit_says_what_was_wanted_and_measured() -> None:
    """A failure's message is the line of the breach."""
    run, _ = GALLERY["spike"]
    [failure] = etree.fromstring(junit.written(run)).iter("failure")

    assert failure.get("message") == ("all requests: error_share: wanted at most 1 %, measured 2 %")


def test_the_command_writes_the_reports_anew(tmp_path: Path) -> None:
    """From a run file: the same HTML, Markdown and JUnit."""
    run, _ = GALLERY["throughput"]
    write(run, tmp_path / "run.json")
    files = {of: tmp_path / f"report.{of}" for of in ("html", "markdown", "junit")}
    options = [part for of, path in files.items() for part in (f"--{of}", str(path))]

    assert main([str(tmp_path / "run.json"), *options]) == 0
    assert files["html"].read_text() == html.written(run)
    assert files["markdown"].read_text() == markdown.written(run)
    assert files["junit"].read_bytes() == junit.written(run)


def test_the_command_refuses_what_is_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, exit code 2."""
    (tmp_path / "run.json").write_text("{}")

    assert main([str(tmp_path / "run.json")]) == 2
    assert "cannot be used: it is no load run" in capsys.readouterr().err
