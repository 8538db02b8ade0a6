"""A kept breach: read as it was written, and told what is wrong with it."""

import gzip
from pathlib import Path

import pytest

from tests.reporting import saved
from tests.reporting.saved import FORMAT, RECIPE, Saved, SavedError, SavedTarget

ONE = Saved(
    FORMAT,
    "endpoint.post",
    "lost",
    "error 0",
    "error 500",
    "",
    "1 item, 120 bytes",
    "tests/contract/test_endpoint.py::test_post",
    ("endpoint.post",),
    SavedTarget("mock", "mock", 8, "Custom_ID"),
    None,
    None,
    None,
    "ci",
    "fixed",
    {"python": "3.11"},
)


def test_a_breach_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Nothing of it is lost, the files beside it least of all."""
    saved.write(tmp_path / "one", ONE, {saved.BODY: b"\0body"})

    assert saved.read(tmp_path / "one") == ONE
    assert saved.read_file(tmp_path / "one", saved.BODY) == b"\0body"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "is no kept breach"),
        ("nonsense", "cannot be read"),
        ('{"format": "start_batch.breach/1"}', "missing required field `clause`"),
    ],
)
def test_what_is_no_breach_is_said(tmp_path: Path, text: str | None, said: str) -> None:
    """A wrong folder is told by what is wrong with it."""
    if text is not None:
        (tmp_path / RECIPE).write_text(text, encoding="utf-8")

    with pytest.raises(SavedError, match=said):
        saved.read(tmp_path)


@pytest.mark.parametrize("data", [None, b"no gzip", gzip.compress(b"x" * 99, mtime=0)[:-9]])
def test_a_broken_body_is_said(tmp_path: Path, data: bytes | None) -> None:
    """A body that is not there, or cut short, is told with its name."""
    if data is not None:
        (tmp_path / saved.BODY).write_bytes(data)

    with pytest.raises(SavedError, match=r"body\.gz cannot be read"):
        saved.read_file(tmp_path, saved.BODY)
