"""The report's page in a real browser, headless: what a reader sees and can do."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.reporting import page as pages
from tests.suite import reports
from tests.suite.browsing import CONTRAST

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SHOWN: Final = {
    "clean": reports.clean,
    "broken": reports.broken,
    "many": reports.many,
}

each_shown = pytest.mark.parametrize("shown", SHOWN)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all pages."""
    folder = tmp_path_factory.mktemp("pages")
    for key, report in SHOWN.items():
        (folder / f"{key}.html").write_text(pages.written(report()), encoding="utf-8")
    return folder


@pytest.fixture
def opened(browser: "Browser", folder: Path) -> Iterator["Page"]:
    """The page of a run with breaches, on a desk; it may write to the clipboard."""
    context = browser.new_context(viewport={"width": 1280, "height": 740})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto((folder / "broken.html").as_uri())
    yield page
    context.close()


def rows(page: "Page") -> list[str]:
    """The ids of the clauses that can be seen."""
    found: list[str] = page.eval_on_selector_all(
        ".family tbody tr", "rows => rows.filter(r => r.checkVisibility()).map(r => r.id.slice(7))"
    )
    return found


@each_shown
def test_a_page_can_be_read(shown: str, page: "Page", folder: Path) -> None:
    """Verdict in the first screen, no error, nothing fetched, no scrolling sideways."""
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    address = (folder / f"{shown}.html").as_uri()
    page.goto(address)
    verdict = page.locator("#verdict")

    assert verdict.inner_text() == ("held" if shown == "clean" else "broken")
    assert (verdict.bounding_box() or {"y": 999})["y"] < 200
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("shown", ["clean", "broken"])
def test_its_letters_stand_out(shown: str, page: "Page", folder: Path) -> None:
    """Each text has the contrast of WCAG AA, 4.5 to 1, in the light and in the dark."""
    page.goto((folder / f"{shown}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

    letters = (
        "h1, h1 b, h2, h3, h4, p, li, th, td, small, dt, dd, summary, figcaption, a, button, "
        "pre, mark, .chip, .four span, svg text"
    )
    assert page.eval_on_selector_all(letters, CONTRAST) == []


def test_what_a_server_answers_does_nothing(opened: "Page") -> None:
    """Markup and scripts in an answer are text."""
    assert opened.title() == "broken: contract, staging"
    assert opened.locator("img").count() == 0
    assert "onerror=alert(1)" in opened.locator("article pre").nth(1).inner_text()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("limit.chunked", {"limit.chunked"}),
        ("LIMIT.CHUNKED", {"limit.chunked"}),
        ("no such words", set()),
    ],
)
def test_clauses_can_be_searched(opened: "Page", words: str, found: set[str]) -> None:
    """The rows with all words stay, their families are unfolded, and they are counted."""
    opened.fill("#search", words)

    assert set(rows(opened)) == found
    assert opened.locator("#matches").inner_text().startswith(f"{len(found)} of ")


def test_a_search_that_ends_leaves_the_families_as_they_were(opened: "Page") -> None:
    """What was folded before is folded again."""
    before = rows(opened)
    opened.fill("#search", "limit")
    opened.fill("#search", "")

    assert rows(opened) == before


def test_clauses_can_be_filtered_by_standing(opened: "Page") -> None:
    """The broken ones alone; a second press takes the filter away."""
    broken = set(opened.locator("#broken a").all_inner_texts())
    button = opened.locator("button[data-value=broken]")
    before = rows(opened)
    button.click()
    seen = set(rows(opened))
    button.click()

    assert seen == broken
    assert rows(opened) == before


def test_filters_add_up(opened: "Page") -> None:
    """Status, standing and words hold together."""
    opened.locator("button[data-value=inferred]").click()
    opened.locator("button[data-value=held]").click()
    opened.fill("#search", "limit.")

    seen = opened.eval_on_selector_all(
        ".family tbody tr",
        "rows => rows.filter(row => row.checkVisibility())"
        ".map(row => row.dataset.status + row.dataset.standing)",
    )
    assert set(seen) == {"inferredheld"}


def test_families_fold_and_unfold(opened: "Page") -> None:
    """All at once, and one by one with the keyboard alone."""
    opened.locator("button[data-fold=open][data-of='.family']").click()
    all_open = len(rows(opened))
    opened.locator("button[data-fold=close][data-of='.family']").click()
    none_open = rows(opened)
    opened.locator(".family summary").first.focus()
    opened.keyboard.press("Enter")

    assert all_open == opened.locator(".family tbody tr").count()
    assert none_open == []
    assert {one.partition(".")[0] for one in rows(opened)} == {"endpoint"}


def test_the_search_is_a_key_away(opened: "Page") -> None:
    """A slash begins a search, and is not written into it."""
    opened.keyboard.press("/")
    opened.keyboard.type("token")

    assert opened.locator("#search").input_value() == "token"


@pytest.mark.parametrize("what", ["curl", "again", "test"])
def test_lines_can_be_copied(opened: "Page", what: str) -> None:
    """The clipboard holds the line as it is shown, and the button says so."""
    button = opened.locator(f"button[data-copy=breach-1-{what}]")
    button.click()
    opened.wait_for_function(
        "button => button.textContent === 'copied'", arg=button.element_handle()
    )

    shown = opened.locator(f"#breach-1-{what}").inner_text()
    assert opened.evaluate("navigator.clipboard.readText()") == shown != ""


def test_lines_can_be_copied_without_a_clipboard(opened: "Page") -> None:
    """Where a browser refuses its clipboard to a page, the old way is taken."""
    opened.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no'));"
        " document.execCommand = () => { window.taken ="
        " document.activeElement.value; return true; } }"
    )
    opened.locator("button[data-copy=breach-1-test]").click()
    opened.wait_for_function("window.taken")

    assert opened.evaluate("window.taken") == opened.locator("#breach-1-test").inner_text()


def test_a_broken_clause_is_a_press_away(browser: "Browser", folder: Path) -> None:
    """A link above leads to its breach, folded or not."""
    page = browser.new_page()
    page.goto((folder / "many.html").as_uri())
    last = page.locator("#broken a").last
    last.click()
    key = (last.get_attribute("href") or "")[1:]

    assert page.locator(f"#{key} > details").get_attribute("open") is not None
    assert page.locator(f"#{key} pre").first.is_visible()
    page.close()


def test_cells_that_were_never_exercised_are_seen(opened: "Page") -> None:
    """They look unlike the others, and say so."""
    looks = opened.eval_on_selector_all(
        ".gridtable .four span",
        "all => all.map(one => [one.className, getComputedStyle(one).borderStyle, one.title])",
    )
    never = [border for kind, border, title in looks if kind == "off" and "never" in title]
    others = [border for kind, border, _ in looks if kind != "off"]

    assert set(never) == {"dashed"}
    assert set(others) == {"none"}
    assert any(kind == "bad" for kind, *_ in looks)


def test_the_ladder_shows_the_limit(opened: "Page") -> None:
    """Served at 10,000,000 bytes, refused at one more than 10 MiB: a mark each."""
    told = opened.eval_on_selector_all(".chart title", "all => all.map(one => one.textContent)")

    assert "JSON, 10,000,000 bytes: 1 served" in told
    assert "JSON, 10,485,761 bytes: 1 refused" in told


def test_all_can_be_reached_by_keyboard(opened: "Page") -> None:
    """Tab goes through links, folds, buttons and the search, in the order of the page."""
    reached = []
    for _ in range(40):
        opened.keyboard.press("Tab")
        reached.append(opened.evaluate("document.activeElement.tagName"))

    assert {"A", "SUMMARY", "BUTTON", "PRE"} <= set(reached)
