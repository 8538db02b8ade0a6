"""What the contract report costs: `python -m benchmarks.report [--cases N] [--breaches N]`.

A report of 10,000 cases and 200 breaches is written, and its page opened by Chromium: how long it
takes until it is loaded and drawn, and how large it is. Exit code 1 where a bar is missed.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.reporting import writing
from tests.suite import reports
from tests.suite.browsing import QUIET

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROUNDS: Final = 5
"""Times that the page is opened, each in a context of its own; the median counts."""

MOST_SECONDS: Final = 2.0
MOST_BYTES: Final = 5_000_000

DRAWN: Final = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Two frames later the first one is on the screen."""


def opened(browser: "Browser", page: Path) -> float:
    """Seconds until a page is loaded and drawn."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    begun = time.monotonic()
    tab.goto(page.as_uri())
    tab.evaluate(DRAWN)
    seconds = time.monotonic() - begun
    context.close()
    return seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 0 if both bars are kept."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.report",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cases", type=int, default=10_000, metavar="N")
    parser.add_argument("--breaches", type=int, default=200, metavar="N")
    given = parser.parse_args(arguments)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a development package

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("there is no Chromium")
        return 2
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        report = reports.large(given.cases, given.breaches)
        begun = time.monotonic()
        writing.write(report, Path(name))
        written = time.monotonic() - begun
        sizes = {file.name: file.stat().st_size for file in sorted(Path(name).iterdir())}
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        page = Path(name) / f"{writing.NAME}.html"
        empty = Path(name) / "empty.html"
        empty.write_text("<!doctype html><title>empty</title><p>empty", encoding="utf-8")
        floor, seconds = [], []
        for _ in range(ROUNDS):
            floor.append(opened(browser, empty))
            seconds.append(opened(browser, page))
        browser.close()
    print(f"{given.cases:,} cases, {given.breaches:,} breaches of bodies of 2 MB")
    print(f"written in {written:.2f} s: " + ", ".join(f"{k} {v:,} bytes" for k, v in sizes.items()))
    print(
        f"page opened in {statistics.median(seconds):.2f} s (median of {ROUNDS}), "
        f"{max(seconds):.2f} s at worst; bar {MOST_SECONDS:g} s; "
        f"an empty page {statistics.median(floor):.2f} s, in turn with it"
    )
    size = sizes[page.name]
    print(f"page of {size:,} bytes; bar {MOST_BYTES:,} bytes")
    return int(statistics.median(seconds) > MOST_SECONDS or size > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
