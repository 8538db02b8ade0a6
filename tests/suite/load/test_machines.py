"""A master and workers that reach each other, and the target, by a network only."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.suite.load.loads import ended, started, until_it_runs
from tests.suite.load.namespaces import Machine, hindrance, machines
from tests.suite.runs import ROOT
from tests.suite.whole_runs import PROFILE

HINDRANCE = hindrance()

pytestmark = pytest.mark.skipif(bool(HINDRANCE), reason=HINDRANCE)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that is not on loopback has its token in the environment."""
    monkeypatch.setenv("TARGET_TOKEN", "not-a-secret")


@contextlib.contextmanager
def answering(machine: Machine, folder: Path) -> Iterator[tuple[Path, "subprocess.Popen[str]"]]:
    """A server on a machine; its target file."""
    command = [*machine.inside, sys.executable, "-m", "tests.suite.load.answering", machine.address]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        file = folder / "staging.toml"
        file.write_text(
            f'base_url = "http://{machine.address}:{port}"\ntoken_env = "TARGET_TOKEN"\n'
            'trigger_id = 8\nfield_name = "Custom_ID"\n'
            f'[[profiles]]\nprofile_id = "{PROFILE}"\nemail = "one@example.com"\n'
            "[safety]\nlive = false\n",
            encoding="utf-8",
        )
        yield file, server


@contextlib.contextmanager
def spread(
    folder: Path, file: Path, all_of_them: Sequence[Machine], seconds: int
) -> Iterator[list["subprocess.Popen[str]"]]:
    """A master on the first machine, a worker on each of the others; killed where they linger."""
    first, *others = all_of_them
    options = ("--target", str(file), "--scenario", "rate", "--tags", "json")
    many = ("--expect-workers", str(len(others)), "--run-time", str(seconds))
    started_ones = [
        started(folder, *options, "--master", *many, inside=first.inside),
        *(
            started(
                *(folder, *options, "--worker", "--master-host", first.address), inside=one.inside
            )
            for one in others
        ),
    ]
    try:
        yield started_ones
    finally:
        for one in started_ones:
            one.kill()
            one.communicate()


def test_machines_give_one_report(tmp_path: Path) -> None:
    """What two workers on machines of their own have sent is what the server was sent."""
    with (
        machines(3) as all_of_them,
        answering(all_of_them[0], tmp_path) as (file, server),
        spread(tmp_path, file, all_of_them, 4) as (master, *_),
    ):
        run = ended(master, tmp_path)
        answered = int(server.communicate("")[0])

    assert run.code == 0, run.output
    assert run.run("rate").whole.requests == answered


def test_a_machine_that_is_cut_off_is_missed(tmp_path: Path) -> None:
    """The run ends in time, keeps what was told, names the loss; the others keep the schedule."""
    with (
        machines(3) as all_of_them,
        answering(all_of_them[0], tmp_path) as (file, _),
        spread(tmp_path, file, all_of_them, 9) as (master, *_),
    ):
        printed = until_it_runs(master)
        all_of_them[2].unplug()
        begun = time.monotonic()
        run = ended(master, tmp_path)
        took = time.monotonic() - begun

    assert run.code == 6, printed + run.output
    assert "a worker was lost" in run.output
    assert took < 60
    last = run.run("rate").windows[-2]
    assert sum(cell.requests for cell in last.cells.values()) == pytest.approx(200, rel=0.4)
