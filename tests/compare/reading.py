"""Reads the JSON report of a run back."""

from pathlib import Path

import msgspec

from tests.reporting.model import FORMAT, Report


class ReportError(ValueError):
    """A file that is no report of a run, or one of another format."""


def read(path: Path) -> Report:
    """Read `contract.json`, or the one in a folder of reports.

    Raises:
        ReportError: it cannot be read, or says something else.
    """
    file = path / "contract.json" if path.is_dir() else path
    try:
        report = msgspec.json.decode(file.read_bytes(), type=Report)
    except OSError as error:
        raise ReportError(f"{file} cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise ReportError(f"{file} is no report of a contract run: {error}") from None
    if report.format != FORMAT:
        raise ReportError(f"{file} is of the format {report.format!r}, not {FORMAT!r}")
    return report
