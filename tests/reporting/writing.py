"""Writes the files of a run; a full disk costs the files, and not the verdict."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Final

import pytest

from tests.reporting.model import Report

NAME: Final = "contract"
"""Of the files, before their endings."""

REPORT: Final = "the report"
"""Its name among the `Files`."""


def write(report: Report, folder: Path) -> None:
    """Write JSON, page and Markdown.

    Args:
        report: of the run.
        folder: made where it is not there.

    Raises:
        OSError: they could not be written; older ones are left as they were.
    """
    # A run that asks nothing does without the templates, which take a while to load.
    from tests.reporting import data, markdown, page  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    # JSON first: the others can be made of it.
    put(folder / f"{NAME}.json", data.written(report))
    put(folder / f"{NAME}.html", page.written(report).encode())
    put(folder / f"{NAME}.md", markdown.written(report).encode())


def put(file: Path, data: bytes) -> None:
    """Write a file whole, or leave the one that was there.

    Raises:
        OSError: it could not be written.
    """
    new = file.with_name(f"{file.name}.new")
    try:
        new.write_bytes(data)
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)
        raise


class Files:
    """The files that a run writes at its end, and those that it could not write.

    Attributes:
        failures: what could not be written -> why.
    """

    def __init__(self) -> None:
        self.failures: dict[str, str] = {}

    def attempt(self, what: str, where: Path, write: Callable[[], None]) -> None:
        """Write something, or keep the reason why it could not be."""
        try:
            write()
        except OSError as error:
            self.failures[what] = f"{what} could not be written to {where}: {error.strerror}"

    # Last of the wrappers is innermost: what ends the run goes on as if all was written.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """Keep why a file of pytest's own, such as JUnit's, could not be written."""
        try:
            return (yield)
        except OSError as error:
            what = "a file of pytest's own"
            self.failures[what] = f"{what} could not be written: {error}"
            return None
