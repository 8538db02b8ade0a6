"""One run against one subject: ours, or Schemathesis', and what it ended with."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, cast

from benchmarks.side_by_side.settings import Settings, files
from benchmarks.side_by_side.subjects import Subject
from endpoint.mock.running import running
from tests.suite import runs

COMMAND: Final = runs.ROOT / ".venv-schemathesis" / "bin" / "schemathesis"

PATIENCE: Final = 900.0
"""Seconds after which Schemathesis counts as hanging."""

REPORT: Final = "report.json"


class Outcome(StrEnum):
    """What a run says about its subject."""

    FAILED = "failed"
    HELD = "held"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Trial:
    """What one run ended with.

    Attributes:
        why: the first clause or check that failed, or why there is no verdict.
        requests: how many were sent.
        seconds: from start to end, the interpreter's start included.
    """

    outcome: Outcome
    why: str
    requests: int
    seconds: float


def ours(subject: Subject, effort: str) -> Trial:
    """Run this suite, to the first breach."""
    try:
        return of_verdict(runs.run(*subject.options(effort)))
    except subprocess.TimeoutExpired:
        return Trial(Outcome.UNDECIDED, "hangs", 0, runs.TIMEOUT)


def of_verdict(verdict: runs.Verdict) -> Trial:
    """Judge a run of this suite by its exit code."""
    outcome, why = {
        0: (Outcome.HELD, ""),
        1: (Outcome.FAILED, next(iter(verdict.broken), "")),
    }.get(verdict.exit_code, (Outcome.UNDECIDED, f"exit {verdict.exit_code}"))
    return Trial(outcome, why, verdict.requests, verdict.seconds)


def theirs(subject: Subject, settings: Settings) -> Trial:
    """Run Schemathesis, to the first failure."""
    target = subject.target
    variants = [subject.name] if subject.kind == "variant" else []
    defect = subject.name if subject.kind == "defect" else None
    with (
        running(target, variants=variants, defect=defect) as mock,
        tempfile.TemporaryDirectory() as name,
    ):
        folder = Path(name)
        for file, text in files(target, settings).items():
            (folder / file).write_text(text, encoding="utf-8")
        begun = time.monotonic()
        exit_code = _run(folder, mock.base_url, target.token.reveal())
        seconds = time.monotonic() - begun
        report = folder / REPORT
        said = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    return of_report(exit_code, said, seconds)


def _run(folder: Path, base_url: str, token: str) -> int | None:
    """Run its command in a folder that holds its files; its exit code, None if it hangs."""
    arguments = ["run", "openapi.json", "--url", base_url, "--report-json-path", REPORT]
    try:
        return subprocess.run(
            [str(COMMAND), "--no-color", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(runs.ROOT), "SIDE_BY_SIDE_TOKEN": token},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return None


def of_report(exit_code: int | None, report: Mapping[str, object], seconds: float) -> Trial:
    """Judge a run of Schemathesis: it failed by exit code 1 and a check that failed.

    It ends with 1 as well where it met only errors, such as a connection that broke; those are
    told apart, for its users cannot tell them from trouble with their network.
    """
    failures = cast("list[Mapping[str, str]]", report.get("failures", []))
    errors = cast("list[Mapping[str, str]]", report.get("errors", []))
    cases = cast("Mapping[str, int]", report.get("test_cases", {})).get("generated", 0)
    if exit_code == 1 and failures:
        return Trial(Outcome.FAILED, failures[0]["title"], cases, seconds)
    if exit_code == 0:
        return Trial(Outcome.HELD, "", cases, seconds)
    why = "hangs" if exit_code is None else f"exit {exit_code}"
    return Trial(
        Outcome.UNDECIDED, ": ".join((why, *(one["title"] for one in errors[:1]))), cases, seconds
    )
