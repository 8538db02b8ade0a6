"""Whole runs of the contract suite, each in a process of its own, as a user starts them."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

TIMEOUT: Final = 600.0
"""Seconds after which a run counts as hanging."""

AT_ONCE: Final = max(1, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one run ended with.

    Attributes:
        exit_code: of the process.
        broken: the clauses that were broken, in the order in which they were met.
        requests: how many were sent.
        seconds: from start to end, the interpreter's start included.
        output: what the run printed.
    """

    exit_code: int
    broken: tuple[str, ...]
    requests: int
    seconds: float
    output: str


def run(*options: str) -> Verdict:
    """Run the contract suite with these options."""
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder) / "summary.json"
        command = [sys.executable, "-m", "pytest", "tests/contract", "-q"]
        started = time.monotonic()
        ended = subprocess.run(
            [*command, "--summary", str(summary), *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        seconds = time.monotonic() - started
        said = json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else {}
    return Verdict(
        ended.returncode,
        tuple(said.get("broken", ())),
        said.get("requests", 0),
        seconds,
        ended.stdout + ended.stderr,
    )


def run_each(options: Iterable[Sequence[str]]) -> Iterator[Verdict]:
    """Run several, as many at once as there are cores, and give the verdicts in order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda one: run(*one), options)
