"""Compare two runs of the contract suite.

    python -m tests.compare reports-of-build-41/contract.json reports/contract.json
    python -m tests.compare staging-a/ staging-b/ --html compared.html

Each of the two is the contract.json of a run, or the folder that holds it: of two builds of one
target, or of two targets. Told are the clauses that stand otherwise, with the breach where one is
broken now, and the open clauses in which the target does something else.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.compare import views
from tests.compare.changes import between
from tests.compare.reading import ReportError, read

UNUSABLE = 2

EXIT_CODES = """\
exit codes:
  0  not worse: no promise is broken that was not, and none is checked no longer
  1  worse
  2  a file is no report of a contract run, or the page cannot be written
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.compare",
        description=__doc__,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("before", type=Path, metavar="BEFORE", help="a run's report, or its folder")
    parser.add_argument("after", type=Path, metavar="AFTER", help="the other one's")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write it as a page, too")
    given = parser.parse_args(arguments)
    try:
        changes = between(read(given.before), read(given.after))
        if given.html:
            given.html.write_text(views.html(changes), encoding="utf-8")
    except ReportError as error:
        print(f"compare: {error}", file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        print(f"compare: {error.filename}: {error.strerror}", file=sys.stderr)
        return UNUSABLE
    for line in views.text(changes):
        print(line)
    return int(changes.is_worse)


if __name__ == "__main__":
    sys.exit(main())
