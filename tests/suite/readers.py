"""Reads what each view of a report says, as its reader would: terminal, page, Markdown, JUnit."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, fields
from typing import Any, cast

from lxml import etree, html

from contracts import clauses
from tests.suite.whole_runs import Ended

STANDINGS = ("held", "broken", "deviates", "unsupported", "not run", "observed", "unchecked")


@dataclass(frozen=True, slots=True)
class Said:
    """What a view says of a run; None where it does not say it.

    Attributes:
        verdict: in small letters.
        broken: the broken clauses.
        cases: how many there were.
        with_breach: how many of them had a breach.
        standings: for each family, how many clauses stand how.
        observed: what was seen of each open clause.
        plainest: the test that is told for each broken clause.
    """

    verdict: str | None = None
    broken: frozenset[str] | None = None
    cases: int | None = None
    with_breach: int | None = None
    standings: dict[str, dict[str, int]] | None = None
    observed: dict[str, frozenset[str]] | None = None
    plainest: frozenset[str] | None = None

    def agrees_with(self, other: "Said") -> bool:
        """Whether both say the same, as far as both say it."""
        names = [field.name for field in fields(self)]
        pairs = ((getattr(self, name), getattr(other, name)) for name in names)
        return all(mine is None or theirs is None or mine == theirs for mine, theirs in pairs)


def data(run: Ended) -> dict[str, Any]:
    """The JSON report."""
    found: dict[str, Any] = json.loads(_text(run, "contract.json"))
    return found


def from_json(run: Ended) -> Said:
    """What the JSON report says."""
    report = data(run)
    standings: dict[str, Counter[str]] = {}
    for row in report["clauses"]:
        standings.setdefault(row["family"], Counter())[row["standing"]] += 1
    plainest = [one for one in report["breaches"] if one["is_plainest"]]
    return Said(
        report["verdict"],
        frozenset(one["clause"] for one in report["breaches"]),
        report["counts"]["cases"],
        report["counts"]["broken"],
        {family: dict(found) for family, found in standings.items()},
        {one["clause"]: frozenset(one["seen"]) for one in report["observations"] if one["seen"]},
        frozenset(one["test"] for one in plainest),
    )


def from_page(run: Ended) -> Said:
    """What the page says."""
    page = html.fromstring(_text(run, "contract.html"))
    tiles = _texts(page, "//ul[@class='tiles']/li")
    families: dict[str, dict[str, int]] = {}
    for family in _found(page, "//details[@class='family']"):
        counted = Counter(row.get("data-standing") or "" for row in _found(family, ".//tbody/tr"))
        families[_texts(family, ".//h3")[0]] = dict(counted)
    rows = (_texts(row, "th|td") for row in _found(page, "//*[@id='observed-table']/tbody/tr"))
    return Said(
        _texts(page, "//*[@id='verdict']")[0],
        frozenset(_texts(page, "//*[@id='broken']/li/a")),
        next(_number(tile) for tile in tiles if tile.endswith("cases")),
        None,
        families,
        {row[0]: frozenset(row[1].split(" | ")) for row in rows if row[1]},
        frozenset(_texts(page, "//article//pre[contains(@id, '-test')]")),
    )


def from_markdown(run: Ended) -> Said:
    """What the Markdown report says."""
    text = _text(run, "contract.md")
    counts = re.search(r"(\d+) cases, (\d+) with a breach", text)
    told = re.findall(r"^\| test \| (.+) \|$", text, re.MULTILINE)
    observed = {
        _plain(clause): frozenset(_plain(seen).split(" / "))
        for clause, seen in re.findall(
            r"^\| (\S+) \| (.+?) \| .*? \| (?:free|as pinned|drifted) \|$", text, re.MULTILINE
        )
    }
    return Said(
        (re.findall(r"^# ([A-Z ]+): ", text) or [""])[0].lower(),
        frozenset(re.findall(r"^### \d+\. (\S+)$", text, re.MULTILINE)),
        int(counts[1]) if counts else None,
        int(counts[2]) if counts else None,
        _table(re.findall(r"^\| (\w+) \|((?: +[\d.]+ \|){7})$", text, re.MULTILINE), "|"),
        observed,
        frozenset(map(_plain, told)),
    )


def from_terminal(run: Ended) -> Said:
    """What the end of the terminal's output says."""
    counts = re.search(r"(\d+) cases, (\d+) with a breach", run.output)
    found = re.search(
        r"^(HELD|BROKEN|INCONCLUSIVE|NO VERDICT|INTERRUPTED)\b", run.output, re.MULTILINE
    )
    listed = (
        run.output.partition("leave these open):")[2]
        or run.output.partition("leaves these open):")[2]
    )
    observed = re.findall(r"^  ([a-z_]+\.[\w-]+) +(.+)$", listed, re.MULTILINE)
    known = clauses.load()
    return Said(
        found[1].lower() if found else None,
        frozenset(re.findall(r"breach \d+ of \d+: (\S+)", run.output)),
        int(counts[1]) if counts else None,
        int(counts[2]) if counts else None,
        _table(re.findall(r"^(\w+)((?: +(?:\d+|\.)){7})$", run.output, re.MULTILINE), None),
        {clause: frozenset(seen.split(" | ")) for clause, seen in observed if clause in known},
        frozenset(re.findall(r"^  test      (\S.*?)(?:  \(and \d+ more cases\))?$", run.output,
                             re.MULTILINE)) if "no verdict:" not in run.output else None,
    )  # fmt: skip


def from_junit(run: Ended) -> Said:
    """What the JUnit file says."""
    suite = ET.parse(run.folder / "junit.xml").getroot()[0]  # noqa: S314 - our own file
    broken = [one.get("value") for one in suite.findall(".//property[@name='broken']")]
    return Said(
        broken=frozenset(map(str, broken)),
        cases=len(suite.findall("testcase")),
        with_breach=len(broken),
    )


def _text(run: Ended, name: str) -> str:
    return (run.folder / "reports" / name).read_text(encoding="utf-8")


def _found(within: etree._Element, path: str) -> list[etree._Element]:
    return cast("list[etree._Element]", within.xpath(path))


def _texts(within: etree._Element, path: str) -> list[str]:
    return ["".join(map(str, one.itertext())).strip() for one in _found(within, path)]


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _table(rows: list[tuple[str, str]], joint: str | None) -> dict[str, dict[str, int]] | None:
    """A table of families: the figures that are not a dot."""
    found = {}
    for family, cells in rows:
        figures = [one.strip() for one in cells.split(joint) if one.strip()]
        named = zip(STANDINGS, figures, strict=True)
        found[family] = {name: int(figure) for name, figure in named if figure != "."}
    return found or None
