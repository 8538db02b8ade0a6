"""Pins written into a target file: these lines and no others, whoever wrote the file and how."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from endpoint.target import MOCK_FILE
from tests.reporting import pinning
from tests.reporting.pinning import Pin, PinError
from tests.suite.runs import output, started

ORDER = Pin("batch.order", "as asked", None)
STATUS = Pin("answer.status-of-errors", "200", "other")

FILE = """\
# staging of team A, ask Jane before you change it
base_url = "https://staging.example.com"   # with the proxy
token_env = 'ALTCRAFT_TOKEN'

[observed]   # looked at on 3 November
"answer.status-of-errors" = "other"     # the proxy's own
'limit.figure'="10485760"
batch_order = "x"

# the profiles below belong to nobody
[[profiles]]
profile_id = "6606e08f10bcdd88297057a7"
"""


def written(tmp_path: Path, text: str, *pins: Pin) -> str:
    """A target file after pins were written into it."""
    file = tmp_path / "staging.toml"
    file.write_bytes(text.encode())
    pinning.write(file, pins)
    return file.read_bytes().decode()


def test_a_pin_that_is_there_gets_its_new_value(tmp_path: Path) -> None:
    """The line keeps its place, its spaces and its comment; all other lines stay."""
    expected = FILE.replace('"other"     # the', '"200"     # the')

    assert written(tmp_path, FILE, STATUS) == expected


def test_a_new_pin_stands_behind_the_last_one(tmp_path: Path) -> None:
    """Inside the table, before what belongs to the next one."""
    expected = FILE.replace(
        'batch_order = "x"\n', 'batch_order = "x"\n"batch.order" = "as asked"\n'
    )

    assert written(tmp_path, FILE, ORDER) == expected


def test_a_file_without_the_table_gets_it_at_its_end(tmp_path: Path) -> None:
    """Behind the last line, with a line between."""
    text = 'base_url = "mock"\n\n[[profiles]]\nprofile_id = "a"\n\n\n'

    assert written(tmp_path, text, ORDER) == (
        'base_url = "mock"\n\n[[profiles]]\nprofile_id = "a"\n\n'
        '[observed]\n"batch.order" = "as asked"\n'
    )


def test_an_empty_table_is_filled(tmp_path: Path) -> None:
    """A header without entries is the place."""
    text = "[observed]\n\n[safety]\nlive = false\n"

    assert written(tmp_path, text, ORDER) == (
        '[observed]\n"batch.order" = "as asked"\n\n[safety]\nlive = false\n'
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(tmp_path: Path, end: str, mark: str) -> None:
    """A file written on Windows stays one."""
    text = mark + FILE.replace("\n", end)
    after = written(tmp_path, text, STATUS, ORDER)

    assert after.startswith(mark + "# staging")
    assert after.count("\n") == after.count(end) == FILE.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        'observed = {"batch.order" = "any"}\n',
        'observed."batch.order" = "any"\n',
        '[observed]\n"batch.order" = """\nany"""\n',
        'note = """\n[observed]\n"""\n',
    ],
    ids=["inline table", "dotted key", "several lines", "within a text"],
)
def test_what_cannot_be_edited_by_lines_is_left_alone(tmp_path: Path, text: str) -> None:
    """The file stays as it is, and the message says what to write by hand."""
    file = tmp_path / "staging.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(PinError, match=r'"batch\.order" = "as asked"'):
        pinning.write(file, (ORDER,))
    assert file.read_text(encoding="utf-8") == text


def test_a_file_behind_a_link_is_the_one_that_changes(tmp_path: Path) -> None:
    """The link stays a link, and the file keeps its mode."""
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text(FILE, encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    pinning.write(link, (ORDER,))

    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "batch.order" in real.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()].count("real.toml") == len(
        list(tmp_path.glob("*real*"))
    )


def test_a_pin_is_read_as_it_was_meant(tmp_path: Path) -> None:
    """Quotes, backslashes and letters of any script come back as they were."""
    odd = Pin("a.b", 'say "\\" — ещё', None)

    assert tomllib.loads(written(tmp_path, FILE, odd))["observed"]["a.b"] == odd.now


def test_only_what_differs_is_pinned_anew() -> None:
    """The order of joined alternatives, and a number for a text, are no difference."""
    seen = {"a.same": "x | y", "a.number": "200", "a.other": "y", "a.new": "z"}
    pinned: dict[str, str | int | bool] = {"a.same": "y | x", "a.number": 200, "a.other": "x"}

    assert pinning.changes(seen, pinned) == (Pin("a.other", "y", "x"), Pin("a.new", "z", None))


def test_a_change_says_what_was_pinned_before() -> None:
    """What is new is a line of the file; what changed names both."""
    assert str(ORDER) == '"batch.order" = "as asked"'
    assert str(replace(ORDER, before="any")) == '"batch.order" = "as asked"  (was \'any\')'


def target_file(folder: Path, more: str = "") -> Path:
    """The mock's own target file under another name."""
    file = folder / "staging.toml"
    file.write_text(MOCK_FILE.read_text(encoding="utf-8") + more, encoding="utf-8")
    return file


def run(folder: Path, *options: str) -> tuple[int, str]:
    """A run of one family: its exit code, and what it printed."""
    process = started(
        folder, "tests/contract/test_open_matching.py", "-q", "--effort", "smoke", *options
    )
    printed = output(process)
    return process.returncode, printed


DRIFTED = '\n[observed]\n# as the vendor says\n"matching.phone-eight" = "found"\n'


def test_a_run_pins_what_it_has_seen(tmp_path: Path) -> None:
    """With --pin each observed clause stands in the file, also one that drifted; then it holds."""
    file = target_file(tmp_path, DRIFTED)
    drifted, _ = run(tmp_path, "--target", "staging.toml")
    code, printed = run(tmp_path, "--target", "staging.toml", "--pin")
    pinned = tomllib.loads(file.read_text(encoding="utf-8"))["observed"]
    again, said = run(tmp_path, "--target", "staging.toml", "--pin")
    report = json.loads((tmp_path / "reports" / "contract.json").read_text(encoding="utf-8"))

    assert (drifted, code, again) == (1, 0, 0)
    assert '"matching.phone-eight" = "not found"  (was \'found\')' in printed
    assert pinned["matching.phone-eight"] == "not found"
    assert set(pinned) == {one["clause"] for one in report["observations"]}
    assert "pinned as before" in said
    assert "# as the vendor says" in file.read_text(encoding="utf-8")


def test_a_run_without_a_verdict_pins_nothing(tmp_path: Path) -> None:
    """What a run has seen that could not ask is nothing to go by."""
    file = target_file(tmp_path)
    text = file.read_text(encoding="utf-8").replace('"mock"', '"http://127.0.0.1:9"', 1)
    file.write_text(text, encoding="utf-8")
    code, printed = run(tmp_path, "--target", "staging.toml", "--pin")

    assert code == 7
    assert "nothing pinned" in printed
    assert file.read_text(encoding="utf-8") == text


def test_the_mocks_own_file_is_not_written_to(tmp_path: Path) -> None:
    """--pin is for a file of one's own."""
    code, printed = run(tmp_path, "--pin")

    assert code == 4
    assert "--target FILE" in printed
