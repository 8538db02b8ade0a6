"""Defects, met and repeated: is each kept breach `still broken` there, and `fixed` elsewhere.

    python -m tests.suite.repeats [NAME ...] [--every N]

For each defect the mock is run with it until the first breach of its clause; what was kept of that
is repeated by `python -m tests.repeat`, against the defect and against the mock as it is.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from endpoint.mock.defects import DEFECTS, Defect
from tests.repeat.by_test import BY_CHANCE
from tests.repeat.findings import ExitCode
from tests.suite.runs import AT_ONCE, LIMIT_FILE, ROOT, mock_with_limit, output, started

TIMEOUT: Final = 900.0
"""Seconds after which a repetition hangs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One defect, met once and repeated twice.

    Attributes:
        defect: what the mock does wrong.
        kept: breaches that the run kept.
        there: exit code of the repetition against the defect; None where nothing was kept.
        elsewhere: exit code of the repetition against the mock as it is.
        said: what both printed.
    """

    defect: Defect
    kept: int
    there: int | None = None
    elsewhere: int | None = None
    said: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it is still broken where it was, and fixed where the bug is not.

        Of a breach that came and went, and shows in no request that was kept, nothing is said.
        """
        codes = (self.there, self.elsewhere)
        if BY_CHANCE in self.said:
            return codes in {
                (code, ExitCode.UNKNOWN) for code in (ExitCode.BROKEN, ExitCode.UNKNOWN)
            }
        return codes == (ExitCode.BROKEN, ExitCode.FIXED)

    def __str__(self) -> str:
        """One line, and what was printed where something is wrong."""
        mark = "" if self.is_right else f"  *\n{self.said}"
        codes = f"{self.there!s:>5} {self.elsewhere!s:>10}"
        return f"{self.defect.name:<34} {self.defect.clause:<29} {self.kept:>5} {codes}{mark}"


HEAD: Final = f"{'defect':<34} {'breaks':<29} {'kept':>5} {'there':>5} {'elsewhere':>10}"


def row(defect: Defect) -> Row:
    """Meet a defect and repeat what was kept of it, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mock_with_limit(folder)
        target = LIMIT_FILE if defect.needs_limit else "mock"
        # By the tests of its clause; where these are not what meets it, by all.
        for chosen in (("--clause", defect.clause), ()):
            asked = ("--target", target, "--mock-defect", defect.name, "-x", *chosen)
            output(started(folder, "tests/contract", "-q", *asked))
            if kept := sorted((folder / "reports" / "breaches").glob("*")):
                break
        if not kept:
            return Row(defect, 0)
        there, said = _repeated(folder, kept, target, "--mock-defect", defect.name)
        elsewhere, also_said = _repeated(folder, kept, target)
        return Row(defect, len(kept), there, elsewhere, said + also_said)


def rows(defects: Iterable[Defect]) -> Iterator[Row]:
    """Several, as many at once as there are cores, in order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(row, defects)


def _repeated(folder: Path, kept: Sequence[Path], target: str, *options: str) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.repeat", *map(str, kept), "--target", target, *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return ended.returncode, ended.stdout


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each defect; 0 if all are right."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.suite.repeats",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="defects (default: all)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each n-th of all")
    given = parser.parse_args(arguments)
    chosen = [DEFECTS[name] for name in given.names] or list(DEFECTS.values())[:: given.every]
    print(HEAD)
    right = 0
    for one in rows(chosen):
        print(one, flush=True)
        right += one.is_right
    print(f"{right} of {len(chosen)}: still broken against the defect, fixed against the mock")
    return int(right < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
