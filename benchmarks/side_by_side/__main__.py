"""This suite and Schemathesis side by side: `make side-by-side`.

Each runs against the mock as it is, against each conforming variant and each defect, and stops
at the first failure. Schemathesis is given the contract as an OpenAPI document with the token,
the campaign and the known profiles of the target, and all its phases; in two settings:
all its checks as they come, and with those left out that accuse the conforming mock
(settings.py says which, and why).

All of them take hours: with --keep FILE each trial is written down as it ends, and a later run with
the same FILE tries only what is missing. A changed suite begins a new one.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.side_by_side import table, trials
from benchmarks.side_by_side.kept import Kept, UnreadableError
from benchmarks.side_by_side.settings import NAMES, Settings
from benchmarks.side_by_side.subjects import MOCK, Subject, every, spread
from tests.suite.runs import AT_ONCE

OURS = "this suite"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 2 where Schemathesis is not installed, else 0: it is a measurement."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not trials.COMMAND.exists():
        sys.stderr.write(f"{trials.COMMAND} is not there: `make side-by-side` installs it\n")
        return 2
    if unknown := set(given.only) - {subject.name for subject in every()}:
        parser.error(f"no such defect or variant: {', '.join(sorted(unknown))}")
    chosen = _chosen(given.only, given.defects, given.variants)
    settings = [Settings(name, given.examples, given.seed) for name in given.settings]
    version = subprocess.run(
        [trials.COMMAND, "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    terms = f"{version}, {given.examples} examples, seed {given.seed}"
    try:
        kept = Kept(given.keep)
    except UnreadableError as error:
        parser.error(str(error))

    def tried(subject: Subject) -> table.Row:
        ours = kept.trial(
            subject, f"{OURS}, {given.effort}", lambda: trials.ours(subject, given.effort)
        )
        theirs = {
            f"Schemathesis, {one.name}": kept.trial(
                subject, f"{terms}, {one.name}", partial(trials.theirs, subject, one)
            )
            for one in settings
        }
        return {OURS: ours, **theirs}

    print(terms)
    print(table.head([OURS, *(f"Schemathesis, {one.name}" for one in settings)]))
    rows: dict[Subject, table.Row] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for subject, row in zip(chosen, pool.map(tried, chosen), strict=True):
            rows[subject] = row
            print(table.row(subject, row), flush=True)
    print("\n" + table.summary(rows))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.side_by_side",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--only", nargs="+", default=[], metavar="NAME", help="these defects and variants")
    add("--defects", type=int, metavar="N", help="a sample of N, spread over the families")
    add("--variants", type=int, metavar="N", help="a sample of N, spread over their kinds")
    add("--settings", nargs="+", choices=NAMES, default=NAMES, help="default: both")
    add("--examples", type=int, default=1000, metavar="N", help="of Schemathesis (default: 1000)")
    add("--seed", type=int, default=1, metavar="N", help="what Schemathesis draws (default: 1)")
    add("--effort", default="ci", choices=["smoke", "ci", "nightly"], help="of this suite")
    add("--keep", type=Path, metavar="FILE", help="write trials down, and try only what is missing")
    return parser


def _chosen(only: Sequence[str], defects: int | None, variants: int | None) -> list[Subject]:
    """The mock as it is, and of the others those that were asked for."""
    if only:
        return [subject for subject in every() if subject.name in only]
    return [
        MOCK,
        *spread([subject for subject in every() if subject.kind == "variant"], variants),
        *spread([subject for subject in every() if subject.kind == "defect"], defects),
    ]


if __name__ == "__main__":
    sys.exit(main())
