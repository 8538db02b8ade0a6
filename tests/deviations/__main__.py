r"""Excuse what a run has found: add its breaches to the file of known deviations.

    python -m tests.deviations reports/contract.json --into staging.deviations.toml \
        --reason "the parser drops the plus sign" --ticket CRM-1234 --until 2026-12-31

The file lies beside the target file (staging.toml) and is read by every run against it. For each
clause that the run found broken, an entry is added for just the cases that broke it; entries that
are there stay as they are, with their reasons. Runs still ask everything: an entry that no case
needs any more, or whose day is over, fails the run until somebody removes it.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from endpoint.target import TargetError
from tests.compare.reading import ReportError, read
from tests.deviations import entries, writing

UNUSABLE = 2

EXIT_CODES = """\
exit codes:
  0  the file lists every breach of the run
  2  the report or the file cannot be used; nothing was written
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        report = read(options.report)
        known = entries.load(options.into) if options.into.exists() else ()
        new = tuple(
            writing.unexcused(
                report, known, reason=options.reason, ticket=options.ticket, until=options.until
            )
        )
        if options.clause:
            new = tuple(one for one in new if one.clause in options.clause)
        if new:
            writing.add(options.into, new)
    except TargetError as problem:
        print(f"deviations: {problem}", file=sys.stderr)
        return UNUSABLE
    except OSError as problem:
        print(f"deviations: {problem.filename}: {problem.strerror}", file=sys.stderr)
        return UNUSABLE
    except ReportError as problem:
        print(f"deviations: {problem}", file=sys.stderr)
        return UNUSABLE
    for one in new:
        print(f"added to {options.into}: {one}")
    if not new:
        print(f"nothing to add: {len(report.breaches)} cases with a breach, all of them listed")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.deviations",
        description=__doc__,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("report", type=Path, metavar="contract.json", help="what a run wrote")
    add("--into", type=Path, required=True, metavar="FILE", help="the file of known deviations")
    add("--reason", required=True, type=_said, metavar="TEXT", help="why they are excused")
    add("--until", required=True, type=_day, metavar="DAY", help="the last day, as 2026-12-31")
    add("--ticket", default="", metavar="ID", help="where they are looked after")
    add("--clause", action="append", metavar="ID", help="only of this clause; may be repeated")
    return parser


def _said(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a reason has words")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day, as 2026-12-31") from None


if __name__ == "__main__":
    sys.exit(main())
