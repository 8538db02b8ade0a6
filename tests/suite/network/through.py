"""Runs of the contract suite through a bad line, against a mock that keeps a journal."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from endpoint import target as targets
from endpoint.mock import running
from endpoint.target import MOCK_FILE
from tests.suite.network.line import Line, bad_line
from tests.suite.runs import output, started


@dataclass(frozen=True)
class Through:
    """A run that has ended.

    Attributes:
        code: its exit code.
        output: what it printed.
        summary: its verdict as data.
        line: what the line did.
        sends: that the mock's journal counts.
        reserved: sends that the run counted before they left; None where it has no budget.
    """

    code: int
    output: str
    summary: dict[str, object]
    line: Line
    sends: int
    reserved: int | None


def run(
    folder: Path, *arguments: str, share: float, seed: int, max_sends: int | None = None
) -> Through:
    """Run the contract suite against the mock, a bad line in between.

    Args:
        folder: where it runs.
        arguments: options of the run, and its tests.
        share: of the exchanges that meet a fault.
        seed: of what the line does.
        max_sends: makes the target a live one, with this budget.
    """
    mock = targets.load("mock")
    with running(mock) as server:
        upstream = urlsplit(server.base_url).port or 0
        with bad_line(upstream, share, seed) as line:
            file = target_of(folder, line.port, max_sends)
            ended = started(
                folder, "--target", str(file), "--summary", "summary.json", "-q", *arguments
            )
            printed = output(ended)
        sends = int(str(server.admin.journal()["sends"]))
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    report = json.loads((folder / "reports" / "contract.json").read_text(encoding="utf-8"))
    reserved = report["target"]["sent"] if max_sends else None
    return Through(ended.returncode, printed, summary, line, sends, reserved)


def target_of(folder: Path, port: int, max_sends: int | None = None) -> Path:
    """The mock's own target file, with the line's address."""
    text = MOCK_FILE.read_text(encoding="utf-8")
    text = text.replace('base_url   = "mock"', f'base_url = "http://127.0.0.1:{port}"')
    if max_sends:
        text = re.sub("live +=.*", "live = true", text)
        text = re.sub("max_sends +=.*", f"max_sends = {max_sends}", text)
    file = folder / "line.toml"
    file.write_text(text, encoding="utf-8")
    return file
