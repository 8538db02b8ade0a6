"""Send past breaches again, and say of each whether it is fixed.

    python -m tests.repeat reports/breaches/batch.complete-1f0c2a9b --target staging.toml
    python -m tests.repeat reports/breaches/* --target mock --mock-defect content-refused

Each breach of a run is kept in a folder below reports/breaches/: the request to the byte, with the
name of a variable where the token was, the answer that came, the clause, the test. Here the request
is sent to a target of your choice, with that target's token, and its answer is held against the
same demand as it was then. What a request alone cannot show (a breach that came and went, or that
took several requests) is asked by its test. Nothing is said to be fixed unless both hold.

A live target is asked each request once, within max_sends, and no test is run on it: the line to do
that by hand is printed.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from endpoint import target as targets
from endpoint.mock.defects import DEFECTS
from endpoint.mock.variants import VARIANTS
from endpoint.target import Target, TargetError
from tests.repeat.again import Again
from tests.repeat.findings import ExitCode, exit_code
from tests.reporting import saved
from tests.reporting.run import Run
from tests.reporting.saved import Saved, SavedError

EXIT_CODES = """\
exit codes:
  0  fixed: every breach was asked again, and none showed
  1  still broken: at least one shows
  2  a folder is no kept breach, or the target file cannot be used
  6  cannot say: of at least one breach nothing could be found out, and none showed
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        kept = [(folder, saved.read(folder)) for folder in options.folder]
        target = targets.load(options.target)
        _require_mock(target, options)
        return _repeated(kept, target, options)
    except (SavedError, TargetError) as problem:
        print(f"repeat: {problem}", file=sys.stderr)
        return ExitCode.USAGE


def _repeated(
    kept: Sequence[tuple[Path, Saved]], target: Target, options: argparse.Namespace
) -> int:
    run = Run(target, tuple(options.mock_variant), options.mock_defect)
    findings = []
    try:
        run.open()
        again = Again(run, tuple(_for_a_test(options)))
        for folder, one in kept:
            finding = again.found(folder, one)
            findings.append(finding)
            print(f"{finding.word:<13} {one.clause:<30} {folder}")
            print(f"              {finding.because}", flush=True)
    finally:
        run.close()
    return exit_code(findings)


def _for_a_test(options: argparse.Namespace) -> Sequence[str]:
    """The same target, as options of the suite."""
    given = ["--target", options.target]
    for variant in options.mock_variant:
        given += ["--mock-variant", variant]
    return [*given, "--mock-defect", options.mock_defect] if options.mock_defect else given


def _require_mock(target: Target, options: argparse.Namespace) -> None:
    if (options.mock_variant or options.mock_defect) and not target.is_mock:
        said = "--mock-variant and --mock-defect are for the embedded mock only"
        raise TargetError(Path(options.target), (said,))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.repeat",
        description=__doc__,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("folder", nargs="+", type=Path, metavar="FOLDER", help="where a breach is kept")
    add("--target", required=True, metavar="FILE", help="target file, or `mock`")
    add(
        "--mock-variant",
        action="append",
        default=[],
        choices=sorted(VARIANTS),
        metavar="NAME",
        help="conforming variant of the embedded mock; may be repeated",
    )
    add(
        "--mock-defect",
        choices=sorted(DEFECTS),
        metavar="NAME",
        help="one defect of the embedded mock",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
