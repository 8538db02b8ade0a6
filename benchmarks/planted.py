"""Whether comparisons of real runs can be believed: `python -m benchmarks.planted`.

The mock with its variant `slow` (20 ms an answer) is driven again and again. Runs of the same
build, each held against the one before, may alarm once at most; one whose answers take a tenth
longer has to be called worse, against the run before it and against several.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, cast

from endpoint.mock import __main__ as mock
from endpoint.mock.variant import Variant, variant
from endpoint.mock.variants import VARIANTS
from endpoint.target import MOCK_FILE
from loadtests import runfile
from loadtests.changes import compared
from loadtests.record import Run

SECONDS: Final = 0.02
"""What an answer takes."""

MOST_ALARMS: Final = 1

MARGIN: Final = 0.05

SEVERAL: Final = 5
"""Earlier runs that serve as a baseline together."""


def serve(scale: float) -> int:
    """Be the mock, so many times as slow as usual."""
    slow = variant("slow", "Every answer takes a while.", slow=SECONDS * scale)
    cast("dict[str, Variant]", VARIANTS)["slow"] = slow
    return mock.main(["--variant", "slow"])


@contextlib.contextmanager
def serving(scale: float) -> Iterator[str]:
    """A mock, so many times as slow as usual; its base URL."""
    command = [sys.executable, "-m", "benchmarks.planted", "--serve", str(scale)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def driven(folder: Path, base_url: str, seconds: int) -> Run:
    """One run of the load suite."""
    file = folder / "target.toml"
    text = MOCK_FILE.read_text(encoding="utf-8")
    file.write_text(text.replace('"mock"', f'"{base_url}"', 1), encoding="utf-8")
    locust = (sys.executable, "-m", "locust", "-f", "loadtests/locustfile.py", "--headless")
    done = subprocess.run(
        [
            *(*locust, "--only-summary", "--target", str(file), "--out", str(folder)),
            *("--scenario", "throughput", "--tags", "single", "--users", "8"),
            *("--run-time", str(seconds)),
        ],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"planted: a run ended with {done.returncode}: {done.stderr[-1000:]}")
    return runfile.read(folder / "throughput.json")


def alarms(before: Sequence[Run], after: Run) -> Sequence[str]:
    """The requests of which a comparison says that they became worse; prints how it went."""
    labels = [str(at) for at in range(len(before) + 1)]
    found = compared(before, after, labels=labels, margin=MARGIN)
    worse = found.named("worse")
    changes = [
        f"{change.figure} {change.change:+.1%} ({change.low:+.1%} to {change.high:+.1%})"
        for change in found.names[0].changes
        if change.figure in {"p50", "p99"}
    ]
    print(f"  against {len(before)}: {', '.join(changes)}  {'worse' if worse else 'not worse'}")
    return worse


def main() -> int:
    """Run everything; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="default: %(default)s")
    parser.add_argument("--seconds", type=int, default=30, help="of a run (default: %(default)s)")
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve is not None:
        return serve(arguments.serve)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(1) as base_url:
            same = [driven(folder, base_url, arguments.seconds) for _ in range(arguments.runs + 1)]
        with serving(1.1) as base_url:
            slower = driven(folder, base_url, arguments.seconds)
    print(f"{arguments.runs} runs of the same build, each against the one before")
    false = sum(bool(alarms(same[at : at + 1], same[at + 1])) for at in range(arguments.runs))
    print("each against several")
    pairs = range(SEVERAL, arguments.runs + 1)
    several = sum(bool(alarms(same[at - SEVERAL : at], same[at])) for at in pairs)
    print("a tenth slower")
    seen = [bool(alarms(before, slower)) for before in (same[-1:], same[-SEVERAL:])]
    kept = max(false, several) <= MOST_ALARMS and all(seen)
    print(
        f"false alarms: {false} of {arguments.runs}, against several {several} of {len(pairs)};"
        f" a tenth slower {'seen' if all(seen) else 'MISSED'}: {'kept' if kept else 'MISSED'}"
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
