"""What processes cost, as Linux tells it in /proc."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and its children, by their ids."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *map(int, children)]


def memory(pids: Iterable[int]) -> int:
    """Bytes of memory of these processes: their share of what they map, and files in memory.

    A body that is arriving is an open file in memory that nobody maps; an answer that is
    leaving is mapped, and its file closed.
    """
    total = 0
    files: dict[int, int] = {}
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
        for fd in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                if "memfd:" in str(fd.readlink()):
                    status = fd.stat()
                    files[status.st_ino] = status.st_blocks * 512
    return total + sum(files.values())


def cpu_seconds(pid: int) -> float:
    """Seconds of a processor that a process has used, its own and the system's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
