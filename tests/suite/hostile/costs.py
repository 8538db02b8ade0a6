"""A pytest plugin for one run: writes what memory it took at most, and how long its longest case.

What the system tells of an ended child (`ru_maxrss`) begins with the parent's own size.
"""

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pytest

FILE: Final = "costs.json"
"""In the folder in which the run was started."""

_FOLDER: Final = Path.cwd()


@dataclass(frozen=True, slots=True)
class Costs:
    """What a run cost.

    Attributes:
        kilobytes: of memory, at most.
        longest_case: seconds that one case took at most, answers and what is said of them.
    """

    kilobytes: int
    longest_case: float


_durations: Final[list[float]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """One phase of a case has ended."""
    _durations.append(report.duration)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Write the file at the very end."""
    status = Path(f"/proc/{os.getpid()}/status").read_text(encoding="ascii")
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert peak
    costs = Costs(int(peak[1]), max(_durations, default=0.0))
    (_FOLDER / FILE).write_text(json.dumps(asdict(costs)), encoding="ascii")


def read(folder: Path) -> Costs:
    """What the run that was started in a folder cost."""
    return Costs(**json.loads((folder / FILE).read_text(encoding="ascii")))
