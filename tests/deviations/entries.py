"""The file of known deviations, which lies beside the target file: `staging.deviations.toml`.

    [[deviation]]
    clause = "matching.phone"                   # the clause that is broken
    cases  = ["test_matching.py::*xml-in*"]     # which cases; without it, all
    reason = "the parser drops the plus sign"
    ticket = "CRM-1234"
    until  = 2026-12-31                         # the last day on which it is excused
    chance = true                               # it comes and goes

A pattern is looked for in a case's name as pytest writes it; `*` stands for any text. Everything
wrong in the file is told at once.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from contracts import clauses
from endpoint.tables import TEXT, TRUTH, Kind, Table
from endpoint.target import TargetError

ENDING: Final = ".deviations.toml"

MOST_SHOWN: Final = 3
"""Patterns of an entry that a line names."""
"""Of the file beside `staging.toml`, in place of `.toml`."""


@dataclass(frozen=True)
class Deviation:
    """One known deviation.

    Attributes:
        clause: the id of the clause that is broken.
        cases: patterns of the cases that break it; none where all may.
        reason: why it is excused.
        until: the last day on which it is.
        ticket: where it is being looked after; empty where nowhere.
        chance: whether it comes and goes.
    """

    clause: str
    cases: tuple[str, ...]
    reason: str
    until: date
    ticket: str = ""
    chance: bool = False

    def is_about(self, case: str) -> bool:
        """Whether a case, by its name, is one of those that may break the clause."""
        return not self.cases or any(pattern.search(case) for pattern in self._patterns)

    def unmet(self, cases: list[str]) -> tuple[str, ...]:
        """The patterns that no case of these bears."""
        return tuple(
            text
            for text, pattern in zip(self.cases, self._patterns, strict=True)
            if not any(pattern.search(case) for case in cases)
        )

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_regular(one)) for one in self.cases)

    def __str__(self) -> str:
        """Name it in a line of a report."""
        shown = ", ".join(self.cases[:MOST_SHOWN])
        more = len(self.cases) - MOST_SHOWN
        about = f" in {shown}{f' and {more} more' if more > 0 else ''}" if self.cases else ""
        ticket = f", {self.ticket}" if self.ticket else ""
        return f"{self.clause}{about} (until {self.until}{ticket}: {self.reason})"


def beside(target: str) -> Path:
    """Where the file of a target's deviations lies, if there is one."""
    return Path(target).with_suffix(ENDING)


def load(file: Path) -> tuple[Deviation, ...]:
    """Read a file of deviations.

    Raises:
        TargetError: it cannot be read, or holds mistakes: all of them, one a line.
    """
    mistakes: list[str] = []
    try:
        values = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise TargetError(file, (f"it cannot be read: {error.strerror}",)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TargetError(file, (f"it is not TOML: {error}",)) from None
    table = Table(values, "", mistakes)
    found = tuple(map(_deviation, table.tables("deviation")))
    table.finish()
    if mistakes:
        raise TargetError(file, tuple(mistakes))
    return found


def _deviation(table: Table) -> Deviation:
    found = Deviation(
        table.required("clause", _CLAUSE, ""),
        table.all("cases", TEXT),
        table.required("reason", TEXT, ""),
        table.required("until", _DAY, date.max),
        table.optional("ticket", TEXT) or "",
        table.optional("chance", TRUTH) or False,
    )
    table.finish()
    return found


def _clause(value: object) -> str:
    known = clauses.load()
    if isinstance(value, str) and value in known and known[value].status != "open":
        return value
    if isinstance(value, str) and value in known:
        raise ValueError("what is open cannot be broken: pin it under [observed]")
    raise ValueError


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError


_CLAUSE: Final = Kind("the id of a clause that can be broken", _clause)
_DAY: Final = Kind("a day, as 2026-12-31", _day)


def _regular(pattern: str) -> str:
    """A pattern as a regular expression: brackets are part of pytest's names, `*` is any text."""
    return ".*".join(map(re.escape, pattern.split("*")))
