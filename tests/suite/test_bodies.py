"""Bodies that are kept for a report's command lines: enough of them, and never without end."""

import os
from pathlib import Path

import pytest

from endpoint.secret import Secret
from endpoint.target import Safety, Target
from tests.reporting import bodies
from tests.reporting.run import Run
from tests.suite.whole_runs import free_port


def written(folder: Path, count: int) -> list[Path]:
    """Bodies of earlier runs, the oldest first."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:02}.body" for number in reversed(range(count))]
    for age, file in enumerate(reversed(files)):
        file.write_bytes(b"{}")
        os.utime(file, (1e9 - age, 1e9 - age))
    return files


@pytest.mark.parametrize("more", [1, 7])
def test_the_oldest_are_removed(tmp_path: Path, more: int) -> None:
    """Those that were written last stay, whatever their names."""
    files = written(tmp_path, bodies.MOST + more)
    bodies.prune(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {file.name for file in files[more:]}


@pytest.mark.parametrize("count", [0, 1, bodies.MOST])
def test_few_are_left_alone(tmp_path: Path, count: int) -> None:
    """Up to the bound nothing is removed."""
    written(tmp_path, count)
    bodies.prune(tmp_path)

    assert len(list(tmp_path.iterdir())) == count


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    """What the suite did not write is not the suite's to remove."""
    written(tmp_path, bodies.MOST)
    (tmp_path / "notes.txt").touch()
    bodies.prune(tmp_path)

    assert (tmp_path / "notes.txt").exists()


def test_a_folder_that_is_not_there_is_no_problem(tmp_path: Path) -> None:
    """The first run of all has kept nothing yet, and makes no folder for nothing."""
    bodies.prune(tmp_path / "reports")

    assert not (tmp_path / "reports").exists()


def test_a_run_begins_by_removing_the_oldest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many runs there are, their bodies do not fill the disk."""
    written(tmp_path / bodies.FOLDER, bodies.MOST + 5)
    monkeypatch.chdir(tmp_path)
    nobody = f"http://127.0.0.1:{free_port()}"
    run = Run(Target("nobody", nobody, Secret("t"), 8, "Custom_ID", Safety(live=False)))
    run.open()
    run.close()

    assert len(list(bodies.FOLDER.iterdir())) == bodies.MOST
