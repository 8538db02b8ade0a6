"""The HTML report in a real browser, headless: what a reader sees, on a desk and on a telephone."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from loadtests.report import html, markdown
from tests.suite.load.gallery import GALLERY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")

QUIET: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

each_run = pytest.mark.parametrize("shown", list(GALLERY))


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """One browser for all tests of this file."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all reports."""
    folder = tmp_path_factory.mktemp("reports")
    for key, shown in GALLERY.items():
        (folder / f"{key}.html").write_text(html.written(*shown), encoding="utf-8")
    return folder


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=str)
def page(request: pytest.FixtureRequest, browser: "Browser") -> Iterator["Page"]:
    """A page as wide as a desk's screen or a telephone's, in the light or in the dark."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 740}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


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


CONTRAST: Final = """texts => texts.map(element => {
  const channels = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = colour => channels(colour).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  let behind = element;
  while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)" && behind.parentElement)
    behind = behind.parentElement;
  const style = getComputedStyle(element);
  const ink = light(element instanceof SVGElement ? style.fill : style.color);
  const ground = light(getComputedStyle(behind).backgroundColor);
  const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
  return [element.textContent.trim().slice(0, 40), ratio];
}).filter(([text, ratio]) => text && ratio < 4.5)"""


@pytest.mark.parametrize("shown", ["spike", "compared", "capacity", "smoke"])
def test_its_letters_stand_out(shown: str, page: "Page", pages: Path) -> None:
    """Each text has the contrast of WCAG AA, 4.5 to 1, in the light and in the dark."""
    page.goto((pages / f"{shown}.html").as_uri())

    letters = "h1, h1 b, h2, h3, p, li, th, td, small, dt, dd, summary, figcaption, svg text"
    assert page.eval_on_selector_all(letters, CONTRAST) == []
