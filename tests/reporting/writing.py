"""Writes the files of a report."""

from pathlib import Path
from typing import Final

from tests.reporting.model import Report

NAME: Final = "contract"
"""Of the files, before their endings."""


def write(report: Report, folder: Path) -> str:
    """Write JSON, page and Markdown.

    Args:
        report: of the run.
        folder: made where it is not there.

    Returns:
        Why they could not be written; empty where they were.
    """
    # A run that asks nothing does without the templates, which take a while to load.
    from tests.reporting import data, markdown, page  # noqa: PLC0415

    try:
        folder.mkdir(parents=True, exist_ok=True)
        # JSON first: the others can be made of it.
        (folder / f"{NAME}.json").write_bytes(data.written(report))
        (folder / f"{NAME}.html").write_text(page.written(report), encoding="utf-8")
        (folder / f"{NAME}.md").write_text(markdown.written(report), encoding="utf-8")
    except OSError as error:
        return f"the report could not be written to {folder}: {error.strerror}"
    return ""
