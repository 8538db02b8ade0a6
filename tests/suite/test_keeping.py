"""Breaches that are kept: enough of them, and never without end."""

import os
from pathlib import Path

import pytest

from endpoint.secret import Secret
from endpoint.target import Safety, Target
from tests.reporting import saved
from tests.reporting.keeping import FOLDER
from tests.reporting.run import Run
from tests.suite.whole_runs import free_port


def written(folder: Path, count: int) -> list[Path]:
    """Folders of earlier runs, the oldest first."""
    folders = [folder / f"{number:02}" for number in reversed(range(count))]
    for age, one in enumerate(reversed(folders)):
        one.mkdir(parents=True)
        (one / saved.RECIPE).write_bytes(b"{}")
        os.utime(one / saved.RECIPE, (1e9 - age, 1e9 - age))
    return folders


@pytest.mark.parametrize("more", [1, 7])
def test_the_oldest_are_removed(tmp_path: Path, more: int) -> None:
    """Those that were kept last stay, whatever their names."""
    folders = written(tmp_path, saved.MOST + more)
    saved.prune(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {one.name for one in folders[more:]}


@pytest.mark.parametrize("count", [0, 1, saved.MOST])
def test_few_are_left_alone(tmp_path: Path, count: int) -> None:
    """Up to the bound nothing is removed."""
    written(tmp_path, count)
    saved.prune(tmp_path)

    assert len(list(tmp_path.iterdir())) == count


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    """What the suite did not write is not the suite's to remove."""
    written(tmp_path, saved.MOST)
    (tmp_path / "notes").mkdir()
    saved.prune(tmp_path)

    assert (tmp_path / "notes").exists()


def test_a_folder_that_is_not_there_is_no_problem(tmp_path: Path) -> None:
    """The first run of all has kept nothing yet, and makes no folder for nothing."""
    saved.prune(tmp_path / "reports")

    assert not (tmp_path / "reports").exists()


def test_a_run_begins_by_removing_the_oldest(tmp_path: Path) -> None:
    """However many runs there are, their breaches do not fill the disk."""
    written(tmp_path / FOLDER, saved.MOST + 5)
    nobody = f"http://127.0.0.1:{free_port()}"
    target = Target("nobody", nobody, Secret("t"), 8, "Custom_ID", Safety(live=False))
    run = Run(target, reports=tmp_path)
    run.open()
    run.close()

    assert len(list((tmp_path / FOLDER).iterdir())) == saved.MOST
