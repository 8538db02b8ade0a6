"""The HTML report in a real browser, headless: what a reader sees, on a desk and on a telephone."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadtests.report import html, markdown
from tests.suite.browsing import CONTRAST
from tests.suite.load.gallery import GALLERY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

each_run = pytest.mark.parametrize("shown", list(GALLERY))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all reports."""
    folder = tmp_path_factory.mktemp("reports")
    for key, shown in GALLERY.items():
        (folder / f"{key}.html").write_text(html.written(*shown), encoding="utf-8")
    return folder


@each_run
def test_a_report_can_be_read(shown: str, page: "Page", pages: Path) -> None:
    """Verdict in the first screen, no error, nothing fetched, no scrolling sideways."""
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    address = (pages / f"{shown}.html").as_uri()
    page.goto(address)
    verdict = page.locator("#verdict")

    assert verdict.inner_text() == GALLERY[shown][0].verdict
    assert (verdict.bounding_box() or {"y": 999})["y"] < 200
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@each_run
def test_its_figures_are_those_of_markdown(shown: str, browser: "Browser", pages: Path) -> None:
    """Each table holds, cell by cell, what the Markdown report says."""
    page = browser.new_page()
    page.goto((pages / f"{shown}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate("document.querySelectorAll('small').forEach(each => each.remove())")
    in_html = page.eval_on_selector_all(
        "tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    in_markdown = _rows(markdown.written(*GALLERY[shown]).split("## Run")[0])
    page.close()

    assert sorted(map(tuple, in_html)) == sorted(map(tuple, in_markdown))


def _rows(text: str) -> list[list[str]]:
    """The cells of all tables' rows, without their heads."""
    tables = [block.splitlines()[2:] for block in text.split("\n\n") if block.startswith("|")]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for table in tables for line in table]
    plain = str.maketrans("", "", "\\*")
    return [[cell.strip().translate(plain) for cell in row] for row in rows]


@pytest.mark.parametrize("shown", ["spike", "compared", "capacity", "smoke"])
def test_its_letters_stand_out(shown: str, page: "Page", pages: Path) -> None:
    """Each text has the contrast of WCAG AA, 4.5 to 1, in the light and in the dark."""
    page.goto((pages / f"{shown}.html").as_uri())

    letters = "h1, h1 b, h2, h3, p, li, th, td, small, dt, dd, summary, figcaption, svg text"
    assert page.eval_on_selector_all(letters, CONTRAST) == []
