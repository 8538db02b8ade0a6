"""Compare a load run with one or more earlier ones: better, worse or the same, name by name.

    python -m loadtests.compare BEFORE.json [BEFORE.json ...] AFTER.json

All files are run files of the same scenario with the same settings; the last one is judged, those
before it are the baseline. For each request name p50, p95, p99 (from 1,000 latencies on), profiles
per second and error share are compared. A figure is worse when its whole interval of confidence
lies beyond the margin on the bad side, so that noise alone seldom makes it so: over all names and
figures, at most one comparison in twenty of the same build gives a false alarm. The interval is
told from how much the windows of each run differ. How much whole runs differ from each other (a
machine that is slower today) it can only tell from several earlier runs: three or more are better
than one where the machine is shared.

Of each name the first tenth of its windows, at most 5 seconds, is left out as warm-up. Of
scenarios whose load changes, windows are compared with those of the same number of users.
"""

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from loadtests.changes import Change, Comparison, NameChange, compared
from loadtests.record import Run
from loadtests.report import html, markdown
from loadtests.report.figures import comparison_verdict
from loadtests.runfile import RunFileError, read

MARGIN: Final = 0.05
"""The share by which a run may be worse than its baseline, and is not called so."""

SAME: Final = 0
WORSE: Final = 1
UNUSABLE: Final = 2

EXIT_CODES: Final = """\
exit codes:
  0  no name is worse
  1  a name is worse: a regression beyond the margin
  2  the files cannot be compared, or are too short to say anything
"""


class NotComparable(Exception):  # noqa: N818 - the word of what is wrong, as NotWellFormed
    """Runs that say nothing about each other."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        runs = [read(path) for path in options.runs]
        require_comparable(runs, options.runs)
        comparison = compared(
            runs[:-1],
            runs[-1],
            labels=_labels(options.runs),
            margin=options.margin,
            warm_up=options.warm_up,
        )
        if options.html:
            options.html.write_text(html.written(runs[-1], comparison), encoding="utf-8")
        if options.markdown:
            options.markdown.write_text(markdown.written(runs[-1], comparison), encoding="utf-8")
    except (RunFileError, NotComparable) as error:
        print(f"compare: {error}", file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        print(f"compare: {error.filename}: {error.strerror}", file=sys.stderr)
        return UNUSABLE
    print("\n".join(chain(_notes(runs, options.runs), told(comparison))))
    return exit_code(comparison)


def exit_code(comparison: Comparison) -> int:
    """What the command ends with."""
    if comparison.named("worse"):
        return WORSE
    return UNUSABLE if len(comparison.named("unclear")) == len(comparison.names) else SAME


def require_alike(
    run: Run, path: Path, scenario: str, settings: Mapping[str, object], later: Path
) -> None:
    """Refuse an earlier run that was asked for something else than the later one.

    Raises:
        NotComparable: another scenario or other settings; it says which.
    """
    if run.scenario != scenario:
        raise NotComparable(
            f"the scenario of {path} is {run.scenario}, that of {later} is {scenario}"
        )
    for key in sorted({*run.settings, *settings}):
        here, there = run.settings.get(key, "not set"), settings.get(key, "not set")
        if here != there:
            raise NotComparable(f"the setting {key} is {here} in {path} and {there} in {later}")


def require_comparable(runs: Sequence[Run], paths: Sequence[Path]) -> None:
    """Refuse runs that differ in more than what is compared.

    Raises:
        NotComparable: another scenario, other settings, other request names; it says which.
    """
    if len(runs) < 2:
        raise NotComparable("two run files are needed at least: an earlier one, then a later")
    last, last_path = runs[-1], paths[-1]
    for run, path in zip(runs[:-1], paths[:-1], strict=True):
        require_alike(run, path, last.scenario, last.settings, last_path)
        for name in sorted(_sent(run) ^ _sent(last)):
            have, lacks = (path, last_path) if name in _sent(run) else (last_path, path)
            raise NotComparable(f"the requests {name!r} were sent in {have}, not in {lacks}")
    if not _sent(last):
        raise NotComparable(f"no requests were sent in {last_path}")


def _sent(run: Run) -> set[str]:
    """The names of which there was a request at all."""
    return {name for name, one in run.names.items() if one.total.requests}


def told(comparison: Comparison) -> list[str]:
    """A comparison as lines of text; the verdict is the last of them."""
    width = max(len(one.name) for one in comparison.names)
    lines = [
        f"{', '.join(comparison.before)} -> {comparison.after}",
        f"margin {comparison.margin:.1%}; warm-up: {comparison.left_out:g} s at most, left out",
        "",
    ]
    for one in comparison.names:
        lines.append(f"{one.name:{width}}  {one.word:8}{_figures(one)}")
        lines += [
            f"{'':{width}}  {worded(change)}"
            for change in one.changes
            if change.word in ("worse", "better")
        ]
    return [*lines, "", comparison_verdict(comparison)]


def _figures(one: NameChange) -> str:
    if one.word == "unclear":
        return "too few requests or windows to tell"
    return "  ".join(f"{change.figure} {_share(change.change)}" for change in one.changes)


def worded(change: Change) -> str:
    """A change in words: the figure, the verdict, and between what it surely lies."""
    sure = f"surely {_share(change.low)} to {_share(change.high)}"
    return f"{change.figure} {change.word}: {_share(change.change)}, {sure}"


def _share(value: float) -> str:
    return "any" if math.isinf(value) else f"{value:+.1%}"


def _notes(runs: Sequence[Run], paths: Sequence[Path]) -> list[str]:
    """What makes a comparison weaker than it looks."""
    machines = {(run.environment.platform, run.environment.cpus) for run in runs}
    notes = ["note: the runs are of different machines"] if len(machines) > 1 else []
    notes += [
        f"note: {path} is not complete: {' '.join(run.missing)}"
        for run, path in zip(runs, paths, strict=True)
        if not run.complete
    ]
    return notes


def _labels(paths: Sequence[Path]) -> list[str]:
    """What the runs are called: file names, with folders where those are alike."""
    names = [path.name for path in paths]
    return names if len({*names}) == len(names) else [str(path) for path in paths]


def _margin(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise ValueError
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < math.inf:
        raise ValueError
    return value


_margin.__name__, _seconds.__name__ = "share from 0 to 1", "number of seconds"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.compare",
        description=__doc__,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN.json", help="earlier, later")
    parser.add_argument(
        "--margin",
        type=_margin,
        default=MARGIN,
        help="share that is no regression yet (default: %(default)s); failures have a hundredth",
    )
    parser.add_argument(
        "--warm-up",
        type=_seconds,
        metavar="SECONDS",
        help="leave out these first seconds of each name instead",
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the later run's report")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write it as Markdown")
    return parser


if __name__ == "__main__":
    sys.exit(main())
