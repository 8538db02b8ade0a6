"""A pytest plugin for one run: writes how much memory its process took at most.

What the system tells of an ended child (`ru_maxrss`) begins with the parent's own size.
"""

import os
import re
from pathlib import Path
from typing import Final

import pytest

FILE: Final = "peak.txt"
"""Kilobytes, in the folder in which the run was started."""

_FOLDER: Final = Path.cwd()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Write the file at the very end."""
    status = Path(f"/proc/{os.getpid()}/status").read_text(encoding="ascii")
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    (_FOLDER / FILE).write_text(peak[1] if peak else "", encoding="ascii")
