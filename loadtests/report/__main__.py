"""Write the reports of a load run anew from its run file.

    python -m loadtests.report RUN.json [--html FILE] [--markdown FILE] [--junit FILE]

Nothing is measured or judged again: the reports say what the run file says. Without any of the
three, the Markdown report is printed.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from loadtests.report import html, junit, markdown
from loadtests.runfile import RunFileError, read

UNUSABLE = 2

EXIT_CODES = """\
exit codes:
  0  the reports are written, whatever the verdict of the run was
  2  the run file cannot be used, or a report cannot be written
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        run = read(options.run)
        if options.html:
            options.html.write_text(html.written(run), encoding="utf-8")
        if options.markdown:
            options.markdown.write_text(markdown.written(run), encoding="utf-8")
        if options.junit:
            options.junit.write_bytes(junit.written(run))
    except RunFileError as error:
        print(f"report: {error}", file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        print(f"report: {error.filename}: {error.strerror}", file=sys.stderr)
        return UNUSABLE
    if not (options.html or options.markdown or options.junit):
        sys.stdout.write(markdown.written(run))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.report",
        description=__doc__,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", type=Path, metavar="RUN.json", help="what a load run wrote")
    parser.add_argument("--html", type=Path, metavar="FILE", help="one self-contained page")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="for a CI summary")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="a test case per objective")
    return parser


if __name__ == "__main__":
    sys.exit(main())
