"""The report as one page: self-contained, nothing fetched."""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from xml.sax import saxutils

from markupsafe import Markup, escape

from contracts import clauses
from contracts.clauses import Clause
from tests.reporting import grid, ladder
from tests.reporting.model import BreachRow, ClauseRow, Report
from tests.reporting.templates import page, source
from tests.reporting.traffic import Kind

OPENED: Final = 5
"""Breaches that are unfolded when the page opens."""

MOST_OTHERS: Final = 40
"""Further breaches of one clause that are shown with request and answer; the rest are listed."""

STANDINGS: Final = ("broken", "deviates", "held", "observed", "unsupported", "not run", "unchecked")

_QUOTED: Final = re.compile(r"'[^'\n]{1,80}'|\bHTTP \d+")
"""What a sentence repeats of an answer: a text in quotes, a status."""

_WORD: Final = re.compile(r"[\w@+-]*\d[\w@.+-]*\b")


@dataclass(frozen=True, slots=True)
class Family:
    """The clauses of one family, and how many stand how."""

    name: str
    rows: tuple[ClauseRow, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """One broken clause as the page shows it.

    Attributes:
        key: of its place in the page.
        clause: the clause.
        breach: the plainest one.
        others: further ones, with request and answer.
        listed: tests of still further ones.
    """

    key: str
    clause: Clause
    breach: BreachRow
    others: tuple[BreachRow, ...]
    listed: tuple[str, ...]


def written(report: Report) -> str:
    """The report as an HTML document."""
    script = source("contract.js")
    pictures = filter(None, (ladder.near_limit(report), ladder.all_sizes(report)))
    return page("contract.html.j2").render(
        report=report,
        counts=Counter(row.standing for row in report.clauses),
        promised=sum(row.status != "open" for row in report.clauses),
        silent=[row for row in report.clauses if row.status != "open" and _is_silent(row)],
        shown=tuple(_shown(report)),
        opened=OPENED,
        families=tuple(_families(report)),
        standings=STANDINGS,
        heads=[grid.HEADS[kind] for kind in Kind],
        lines=tuple(grid.lines(report)),
        empty=grid.empty(report),
        pictures=tuple(pictures) if report.ladder else (),
        limit=ladder.limit_in_words(report),
        drifted=sum(one.state == "drifted" for one in report.observations),
        states=Counter(one.state for one in report.observations),
        again=report.again,
        facts=tuple(facts(report)),
        differing=differing,
        marked=marked,
        wrong=wrong,
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=base64.b64encode(sha256(script.encode()).digest()).decode(),
    )


def facts(report: Report) -> Iterator[tuple[str, str]]:
    """What the run was made with, label and text."""
    environment, target = report.environment, report.target
    yield "target", f"{target.name}, {target.base_url}"
    if target.live:
        yield "sends", f"{target.sent or 0} of at most {target.max_sends} (live)"
    yield "known profiles", str(target.profiles)
    yield "started", report.started
    yield "duration", f"{report.seconds:.1f} s"
    yield "effort", environment.effort
    yield "seed", environment.seed
    yield "options", " ".join((environment.target, *environment.options))
    yield "contract", f"clauses.toml {environment.contract}"
    versions = environment.versions or {}
    yield "versions", ", ".join(f"{name} {number}" for name, number in versions.items())
    yield "platform", environment.platform


def differing(text: str, other: str, profiles: tuple[str, ...]) -> Markup:
    """A text in which what the other one does not say is marked, and these profiles."""
    said = set(_WORD.findall(other)) - set(profiles)
    return _with_marks(text, _WORD, lambda word: word not in said)


def marked(text: str, words: tuple[str, ...]) -> Markup:
    """A text in which some words are marked, however JSON or XML spells them."""
    spelled = {each for word in words if word for each in _spelled(word)}
    if not spelled:
        return escape(text)
    longest_first = sorted(spelled, key=len, reverse=True)
    whole = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return _with_marks(text, whole, lambda _: True)


def wrong(breach: BreachRow) -> tuple[str, ...]:
    """What of an answer was not to be expected: profiles, and what `came` quotes of it."""
    said = set(_QUOTED.findall(breach.expected))
    quoted = [one for one in _QUOTED.findall(breach.came) if one not in said]
    return (*breach.profiles, *(one.strip("'") for one in quoted))


def _spelled(word: str) -> Iterator[str]:
    yield word
    yield json.dumps(word)[1:-1]
    yield saxutils.escape(word)


def _with_marks(text: str, words: re.Pattern[str], is_marked: Callable[[str], bool]) -> Markup:
    parts, at = [], 0
    for found in words.finditer(text):
        if is_marked(found[0]):
            parts += [escape(text[at : found.start()]), Markup("<mark>{}</mark>").format(found[0])]
            at = found.end()
    return Markup("").join((*parts, escape(text[at:])))


def _shown(report: Report) -> Iterator[Shown]:
    known = clauses.load()
    for number, breach in enumerate(report.plainest, 1):
        others = report.others(breach.clause)
        yield Shown(
            f"breach-{number}",
            known[breach.clause],
            breach,
            others[:MOST_OTHERS],
            tuple(one.test for one in others[MOST_OTHERS:]),
        )


def _families(report: Report) -> Iterator[Family]:
    by_family: dict[str, list[ClauseRow]] = {}
    for row in report.clauses:
        by_family.setdefault(row.family, []).append(row)
    for name, rows in by_family.items():
        found = Counter(row.standing for row in rows)
        counts = {standing: found[standing] for standing in STANDINGS if found[standing]}
        yield Family(name, tuple(rows), counts)


def _is_silent(row: ClauseRow) -> bool:
    return row.standing not in {"broken", "deviates", "held"}
