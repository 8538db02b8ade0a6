"""Whole runs of the contract suite, each in a process of its own, as a user starts them."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from contracts.model import BINARY_LIMIT
from endpoint.target import MOCK_FILE

ROOT: Final = Path(__file__).parents[2]

LIMIT_FILE: Final = "mock_with_limit.toml"
"""What `mock_with_limit` writes: in the folder of each `run`, so that --target can name it."""

TIMEOUT: Final = 900.0
"""Seconds after which a run counts as hanging; answers in pieces take 300 on a busy machine."""

HANGING: Final = 124
"""The exit code of a run that was ended for that, as timeout(1) has it."""

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
        smallest: what is left of the request that showed the first breach.
        standings: what the run says of each clause.
    """

    exit_code: int
    broken: tuple[str, ...]
    requests: int
    seconds: float
    output: str
    smallest: str = ""
    standings: Mapping[str, str] = field(default_factory=dict)


def started(
    folder: Path,
    *arguments: str,
    apart: bool = False,
    env: Mapping[str, str] | None = None,
) -> "subprocess.Popen[str]":
    """Start a run.

    Args:
        folder: where it runs, and leaves its files.
        arguments: options, and the tests, which are named from the repository's root.
        apart: whether in a process group of its own, so that a signal reaches it alone.
        env: environment variables besides those of this process.
    """
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml")),
            *("--rootdir", str(ROOT)),
            *(str(ROOT / one) if one.startswith("tests/") else one for one in arguments),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "100", **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=apart,
        # What CI starts in the background ignores Ctrl-C, and so would its children.
        preexec_fn=_heed_interrupts if apart else None,  # noqa: PLW1509 - no threads yet
    )


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def output(process: "subprocess.Popen[str]", timeout: float = TIMEOUT) -> str:
    """Wait for a run's end: all that it printed, on whichever stream."""
    try:
        return process.communicate(timeout=timeout)[0]
    finally:
        process.kill()


def mock_with_limit(folder: Path) -> Path:
    """Write the mock's own target file with `body_limit_bytes`, which makes it exact to the byte.

    Args:
        folder: where LIMIT_FILE is written.

    Returns:
        The file.
    """
    file = folder / LIMIT_FILE
    # The first lines of TOML belong to no table.
    line = f"body_limit_bytes = {BINARY_LIMIT}\n"
    file.write_text(line + MOCK_FILE.read_text(encoding="utf-8"), encoding="utf-8")
    return file


def run(*options: str, timeout: float = TIMEOUT) -> Verdict:
    """Run the contract suite with these options, in a folder of its own that holds LIMIT_FILE.

    A run without an end is ended after `timeout` seconds, with the exit code HANGING.
    """
    with tempfile.TemporaryDirectory() as folder:
        mock_with_limit(Path(folder))
        begun = time.monotonic()
        process = started(
            Path(folder), "tests/contract", "-q", "--summary", "summary.json", *options
        )
        try:
            printed, code = output(process, timeout), process.returncode
        except subprocess.TimeoutExpired as error:
            printed, code = str(error), HANGING
        seconds = time.monotonic() - begun
        summary = Path(folder) / "summary.json"
        said = json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else {}
    return Verdict(
        code,
        tuple(said.get("broken", ())),
        said.get("requests", 0),
        seconds,
        printed,
        next((one["smallest"] for one in said.get("breaches", ())), ""),
        said.get("standings", {}),
    )


def run_each(options: Iterable[Sequence[str]], at_once: int = AT_ONCE) -> Iterator[Verdict]:
    """Run several, by default as many at once as there are cores; the verdicts in order."""
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(lambda one: run(*one), options)
