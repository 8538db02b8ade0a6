"""Scenarios of whole runs: a target file and a server behind it.

Each runs once, whatever number of tests look at it: a run costs some seconds.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from endpoint import target as targets
from endpoint.mock import running
from tests.suite.runs import output, started
from tests.suite.whole_runs import (
    FEW,
    MOST_SECONDS,
    PROFILE,
    TOKEN,
    Ended,
    free_port,
    options,
    run,
    serving,
    target_file,
)

ANSWERS: Final = "tests/contract/test_answers.py"


def held(folder: Path) -> Ended:
    """The embedded mock as it is, with a target file of one's own."""
    return run(folder, target_file(folder, "mock"))


def wrong_key(folder: Path) -> Ended:
    """A target file with a key that there is not."""
    return run(folder, target_file(folder, "mock", more="trigger_number = 8"))


def unreachable(folder: Path) -> Ended:
    """A port on which nothing listens."""
    return run(folder, target_file(folder, f"http://127.0.0.1:{free_port()}"))


def html(folder: Path) -> Ended:
    """A proxy that answers everything with its own page."""
    page = b"<!DOCTYPE html><html><body>Welcome to nginx!</body></html>"
    with serving(page, "text/html") as base_url:
        return run(folder, target_file(folder, base_url))


def garbage(folder: Path) -> Ended:
    """A server that answers everything with what is neither JSON nor XML nor a page."""
    with serving(b"\x00\x01 it works \xff", "application/json") as base_url:
        return run(folder, target_file(folder, base_url))


def unknown_host(folder: Path) -> Ended:
    """A host that no name server knows (RFC 6761: .invalid never is)."""
    safety = "[safety]\nmax_sends = 5"
    file = target_file(folder, "http://staging.invalid", "${START_BATCH_TEST_TOKEN}", safety)
    return run(folder, file, env={"START_BATCH_TEST_TOKEN": TOKEN})


def drift(folder: Path) -> Ended:
    """A pinned behaviour that the mock does not show."""
    more = '[observed]\n"answer.status-of-errors" = "other"\n"batch_order" = "x"'
    return run(folder, target_file(folder, "mock", more=more), "--clause", "answer", ANSWERS)


def wrong_pin(folder: Path) -> Ended:
    """A pin that is none of the alternatives of its clause."""
    more = '[observed]\n"answer.status-of-errors" = "299"'
    return run(folder, target_file(folder, "mock", more=more))


def wrong_token(folder: Path) -> Ended:
    """A mock that has another token than the target file."""
    mock = targets.load(target_file(folder, "mock", "another-0123456789"))
    with running(mock) as server:
        return run(folder, target_file(folder, server.base_url))


def defect(folder: Path, name: str = "any-token") -> Ended:
    """The embedded mock with a bug."""
    return run(folder, target_file(folder, "mock"), "-q", "--mock-defect", name, *FEW)


def elsewhere(folder: Path) -> Ended:
    """A breach, and a report in a folder that is not there yet."""
    where = ("--report-dir", "out/of the way")
    return run(folder, target_file(folder, "mock"), "--mock-defect", "any-token", *where, *FEW)


def unwritable(folder: Path) -> Ended:
    """A folder for reports in which a page cannot be written, for something is there."""
    (folder / "reports" / "contract.html").mkdir(parents=True)
    return held(folder)


def full_disk(folder: Path) -> Ended:
    """A breach, and a disk on which nothing can be written."""
    file = target_file(folder, "mock")
    full = ("-p", "tests.suite.fulldisk", "--summary", "summary.json")
    return run(folder, file, "--mock-defect", "any-token", *full, *FEW)


def shown(folder: Path) -> Ended:
    """A breach, and profiles that are not to be shortened."""
    file = target_file(folder, "mock")
    return run(folder, file, "--mock-defect", "any-token", "--show-values", *FEW)


def no_defect(folder: Path) -> Ended:
    """A defect that there is not."""
    return defect(folder, "nonsense")


def leak(folder: Path) -> Ended:
    """The embedded mock with a bug that shows the token in a header of each answer."""
    return defect(folder, "token-in-answer-header")


def large(folder: Path) -> Ended:
    """The embedded mock with a bug that only batches of thousands show."""
    return run(
        folder,
        target_file(folder, "mock"),
        *("-q", "--mock-defect", "after-10000-lost", "-k", "largest_batches"),
        "tests/contract/test_batches.py",
    )


def parallel(folder: Path) -> Ended:
    """Two processes of pytest-xdist, a mock with a bug behind each."""
    return run(
        folder,
        target_file(folder, "mock"),
        *("-q", "-n", "2", "--mock-defect", "content-refused", "--summary", "summary.json"),
        "tests/contract/test_payload.py",
    )


def parallel_unreachable(folder: Path) -> Ended:
    """Two processes, and a port on which nothing listens."""
    file = target_file(folder, f"http://127.0.0.1:{free_port()}")
    return run(folder, file, "-q", "-n", "2", *FEW)


def parallel_live(folder: Path) -> Ended:
    """Two processes, and a live target."""
    file = target_file(folder, "mock", more="[safety]\nlive = true\nmax_sends = 5")
    return run(folder, file, "-q", "-n", "2", *FEW)


def repeated(folder: Path) -> Ended:
    """A mock with a bug, and the breach's command line run by bash against it."""
    mock = targets.load(target_file(folder, "mock"))
    with running(mock, defect="email-without-profile") as server:
        ended = run(folder, target_file(folder, server.base_url))
        line = ended.repeats[0] if ended.repeats else "echo no line"
        answer = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env={**os.environ, "ALTCRAFT_TOKEN": TOKEN},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=30,
            check=False,
        )
    return Ended(folder, ended.code, ended.output, answer=answer.stdout)


def dies(folder: Path) -> Ended:
    """A server that keeps its promises in two answers, and then is gone."""
    body = (
        b'{"error":0,"error_text":"Successful operation","result":[{"profile_id":"%b"}]}'
        % PROFILE.encode()
    )
    with serving(body, "application/json", answers=2) as base_url:
        return run(folder, target_file(folder, base_url))


def live(folder: Path) -> Ended:
    """A live target that may be asked to send five messages."""
    mock = targets.load(target_file(folder, "mock"))
    safety = "[safety]\nlive = true\nmax_sends = 5"
    with running(mock) as server:
        ended = run(folder, target_file(folder, server.base_url, more=safety))
        journal = server.admin.journal()
    return Ended(folder, ended.code, ended.output, journal=int(str(journal["sends"])))


def interrupted(folder: Path) -> Ended:
    """Ctrl-C in the middle: the signal goes to the run and to all that it has started."""
    return _cut_short(folder)


def parallel_interrupted(folder: Path) -> Ended:
    """The same in two processes, neither of which lives to hand over what it knows."""
    return _cut_short(folder, "-n", "2")


def _cut_short(folder: Path, *more: str) -> Ended:
    file = target_file(folder, "mock")
    process = started(folder, *options(file), *more, "-v", "tests/contract", apart=True)
    assert process.stdout is not None
    try:
        seen = ""
        while "PASSED" not in seen and (line := process.stdout.readline()):
            seen += line
        children = tuple(descendants(process.pid))
        os.killpg(process.pid, signal.SIGINT)
        seen += output(process, MOST_SECONDS)
    finally:
        process.kill()
    assert children, "the mock was to be among the processes that the run had started"
    left = tuple(pid for pid in children if Path(f"/proc/{pid}").exists())
    return Ended(folder, process.returncode, seen, left=left)


def descendants(pid: int) -> Iterator[int]:
    """The processes that a process has started, and theirs."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from descendants(int(child))


SCENARIOS: Final[Mapping[str, Callable[[Path], Ended]]] = {
    scenario.__name__: scenario
    for scenario in (
        held, wrong_key, unreachable, html, wrong_token, no_defect, defect, leak, large, repeated,
        garbage, unknown_host, drift, wrong_pin, dies, live, interrupted, parallel_interrupted,
        parallel, parallel_unreachable, parallel_live, elsewhere, unwritable, full_disk, shown,
    )
}  # fmt: skip
