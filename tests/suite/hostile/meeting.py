"""Runs of the contract suite against servers that mean harm, each as a user starts it."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.suite.hostile import costs
from tests.suite.hostile.behaviours import BEHAVIOURS
from tests.suite.rawserver import Server, serving
from tests.suite.whole_runs import FEW, run, target_file

TIMEOUT_SECONDS: Final = 1
"""`timeout_seconds` of the target file."""


@dataclass(frozen=True)
class Met:
    """What a run against one server ended with.

    Attributes:
        code: the exit code.
        seconds: from start to end, the interpreter's start included.
        longest_case: seconds that one case took at most, of one or a few requests.
        megabytes: of memory that the run took at most.
        output: what it printed.
        server: what the server saw.
    """

    code: int
    seconds: float
    longest_case: float
    megabytes: float
    output: str
    server: Server


def meet(name: str) -> Met:
    """Run two files of the contract suite, 77 cases, against one of BEHAVIOURS."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(BEHAVIOURS[name].behave) as server,
    ):
        file = target_file(Path(folder), f"http://127.0.0.1:{server.port}")
        text = file.read_text(encoding="utf-8")
        timeout = f"timeout_seconds = {TIMEOUT_SECONDS}"
        file.write_text(text.replace("timeout_seconds = 5", timeout), encoding="utf-8")
        begun = time.monotonic()
        ended = run(Path(folder), file, "-q", "-p", "tests.suite.hostile.costs", *FEW)
        seconds = time.monotonic() - begun
        cost = costs.read(Path(folder))
    return Met(ended.code, seconds, cost.longest_case, cost.kilobytes / 1024, ended.output, server)
