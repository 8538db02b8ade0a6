"""What the documentation says is so: its links lead somewhere, its example target file works."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from contracts import clauses
from endpoint import target as targets
from endpoint.mock import running
from tests.suite import readers
from tests.suite.runs import ROOT
from tests.suite.whole_runs import TOKEN, Ended, run

PAGES: Final = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLE: Final = ROOT / "docs" / "staging.example.toml"
LINK: Final = re.compile(r"\]\((?!https?:)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to a file of the repository names one that there is."""
    named = LINK.findall(page.read_text(encoding="utf-8"))

    assert [name for name in named if not (page.parent / name).exists()] == []


def test_every_page_is_linked() -> None:
    """Nothing in docs/ is found by luck alone."""
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert [page.name for page in PAGES[2:] if f"{page.name})" not in texts] == []


def filled(folder: Path, base_url: str, **changed: str) -> Path:
    """The example with its blanks filled in, as a reader would."""
    text = EXAMPLE.read_text(encoding="utf-8")
    text = text.replace("https://<staging.example.com>", base_url).replace("staging", "docs")
    for key, value in changed.items():
        text, times = re.subn(rf"(?m)^({key} *=) *\w+", rf"\1 {value}", text)
        assert times == 1
    file = folder / "staging.toml"
    file.write_text(re.sub(r'"<([0-9a-f]+)>"', r'"\1"', text), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def live_run(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A run against a live target that has just the example's profiles."""
    folder = tmp_path_factory.mktemp("example")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ALTCRAFT_TOKEN", TOKEN)
        mock = targets.load(filled(folder, "mock"))
        with running(mock) as server:
            return run(folder, filled(folder, server.base_url), "--effort", "ci", "tests/contract")


def _standings(run: Ended) -> Mapping[str, str]:
    return {one["id"]: one["standing"] for one in readers.data(run)["clauses"]}


def test_the_example_target_asks_every_promise(live_run: Ended) -> None:
    """Five profiles and two hundred sends are enough, as docs/staging.md says."""
    assert live_run.code == 0, live_run.output
    known = clauses.load()
    standings = _standings(live_run)

    promised = [one for one in known if known[one].status != "open"]
    assert [one for one in promised if standings[one] != "held"] == []


def test_the_example_target_keeps_its_promise(live_run: Ended) -> None:
    """It is a live one, and says how many messages a run may cause."""
    safety = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["safety"]

    assert safety == {"live": True, "max_sends": 200}
    assert "of 200" in live_run.output or "max_sends = 200" in live_run.output
