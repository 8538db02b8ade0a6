"""Makes entries of a run's breaches, and adds them to a file that keeps all it says."""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from tests.deviations.entries import Deviation
from tests.reporting.model import Report

FOLDER: Final = "tests/contract/"
"""What a case's name begins with, and a pattern does not need."""

HEAD: Final = """\
# Known deviations (docs/report.md): what is listed here fails no run until its day is over, and
# fails one as soon as the target keeps the clause again.
"""

ANSWERED: Final = frozenset({"held", "broken", "known deviation"})


def unexcused(
    report: Report, known: Sequence[Deviation], *, reason: str, ticket: str, until: date
) -> Iterator[Deviation]:
    """An entry for each broken clause: for the cases that broke it and that no entry excuses.

    Args:
        report: of a run.
        known: what the file lists.
        reason: why they are excused, in a sentence.
        ticket: where they are looked after; empty for nowhere.
        until: the last day.
    """
    by_clause: dict[str, list[str]] = {}
    for breach in report.breaches:
        listed = any(one.clause == breach.clause and one.is_about(breach.test) for one in known)
        if not listed:
            by_clause.setdefault(breach.clause, []).append(breach.test)
    chance = {
        one.clause for one in report.breaches if one.shows.startswith(("sometimes", "only when"))
    }
    answered = [one.test for one in report.cases if one.outcome in ANSWERED]
    for clause, tests in by_clause.items():
        patterns = tuple(_patterns(tests, answered))
        yield Deviation(clause, patterns, reason, until, ticket, clause in chance)


def add(file: Path, entries: Iterable[Deviation]) -> None:
    """Add entries at the end of a file; what it says already stays to the byte.

    Args:
        file: made where it is not there.
        entries: to add.

    Raises:
        OSError: the file cannot be written.
    """
    before = file.read_bytes() if file.exists() else HEAD.encode()
    end = b"" if before.endswith(b"\n") else b"\n"
    text = "".join(f"\n{_block(one)}" for one in entries)
    made = file.with_name(f".{file.name}.{os.getpid()}")
    made.write_bytes(before + end + text.encode())
    made.replace(file)


def _patterns(tests: Sequence[str], answered: Sequence[str]) -> Iterator[str]:
    """The names of the cases; of a test all of whose cases broke, the test's."""
    broken = set(tests)
    for function in dict.fromkeys(test.partition("[")[0] for test in tests):
        all_of_it = {test for test in answered if test.partition("[")[0] == function}
        of_it = [test for test in tests if test.partition("[")[0] == function]
        if all_of_it <= broken and len(of_it) > 1:
            yield f"{function.removeprefix(FOLDER)}["
        else:
            yield from (test.removeprefix(FOLDER) for test in of_it)


def _block(one: Deviation) -> str:
    cases = "".join(f"\n  {_quoted(case)}," for case in one.cases)
    lines = [
        "[[deviation]]",
        f"clause = {_quoted(one.clause)}",
        f"cases = [{cases}\n]",
        f"reason = {_quoted(one.reason)}",
        *([f"ticket = {_quoted(one.ticket)}"] if one.ticket else []),
        f"until = {one.until.isoformat()}",
        *(["chance = true"] if one.chance else []),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as a basic string of TOML: JSON's escapes are among TOML's."""
    return msgspec.json.encode(text).decode()
