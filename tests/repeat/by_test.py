"""A past breach's test is run again, where its request alone cannot tell."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.repeat.findings import Finding, Word
from tests.reporting.saved import Saved
from tests.reporting.verdicts import ExitCode

ROOT: Final = Path(__file__).parents[2]

MOST_SECONDS: Final = 900
"""A test that has not ended by then hangs."""

BY_CHANCE: Final = "it came and went"
"""What is said of a breach that one test which holds does not take back."""

NO_SUCH_CASE: Final = 4
"""pytest's exit code for a test that is not there."""


def command(kept: Saved, options: Sequence[str]) -> list[str]:
    """The command that runs a breach's test alone, as it was run then.

    Args:
        kept: the breach.
        options: who is asked, as options of the suite.
    """
    seed = ["--hypothesis-seed", kept.seed] if kept.seed.isdecimal() else []
    return [
        *(sys.executable, "-m", "pytest", "-q", str(ROOT / kept.test)),
        *("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)),
        *("--effort", kept.effort, *seed, *options),
    ]


def found(kept: Saved, options: Sequence[str]) -> Finding:
    """What the test shows.

    Args:
        kept: the breach.
        options: who is asked, as options of the suite.
    """
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder) / "summary.json"
        written = ("--summary", str(summary), "--report-dir", str(Path(folder) / "reports"))
        try:
            ended = subprocess.run(
                [*command(kept, options), *written],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=MOST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Finding(Word.UNKNOWN, f"its test did not end within {MOST_SECONDS} s")
        said = json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else {}
    broken = ", ".join(said.get("broken", ()))
    if broken:
        return Finding(Word.BROKEN, f"its test shows it: {broken}")
    if ended.returncode == ExitCode.HELD and kept.shows.startswith("sometimes"):
        return Finding(Word.UNKNOWN, f"its test holds this time; {BY_CHANCE}: {kept.shows}")
    if ended.returncode == ExitCode.HELD:
        return Finding(Word.FIXED, "its test holds")
    return Finding(Word.UNKNOWN, _why(ended.returncode, said))


def _why(code: int, said: dict[str, str]) -> str:
    if code == NO_SUCH_CASE and not said:
        return "the target file has no such case: it is about a profile or value of another one"
    reason = said.get("stopped") or said.get("inconclusive")
    return f"its test said nothing: {reason}" if reason else f"its test ended with exit code {code}"
