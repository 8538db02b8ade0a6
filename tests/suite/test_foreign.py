"""`python -m tests.suite.foreign`: somebody's server, as it is and with bugs."""

import stat
import sys
import textwrap
from pathlib import Path

import pytest

from endpoint.target import MOCK_FILE
from tests.suite.foreign import Case, Choice, Entry, Listed, main

SERVER = """\
#!{python}
import json, os, sys
if sys.argv[1:] == ["--list"]:
    bugs = [{{"name": one, "breaks": f"what {{one}} breaks"}} for one in {bugs!r}]
    print(json.dumps({{"bugs": bugs, "variants": [{{"name": one}} for one in {variants!r}]}}))
    sys.exit()
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
more = [f"--defect={{options['--bug']}}"] if options.get("--bug", "none") != "none" else []
more += [f"--variant={{one}}" for one in options.get("--variant", "").split(",") if one]
print("listening", flush=True)
command = ["--port", options["--port"], "--target", options["--target"]]
os.chdir({root!r})
os.execv({python!r}, [{python!r}, "-m", "endpoint.mock", *command, *more])
"""
"""The mock as somebody else's program; its bug `none` is none at all."""

ROOT = Path(__file__).parents[2]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The mock's own profiles, at an address."""
    file = tmp_path / "foreign.toml"
    text = MOCK_FILE.read_text(encoding="utf-8").replace('"mock"', '"http://127.0.0.1:1"', 1)
    file.write_text(text, encoding="utf-8")
    return file


def _server(folder: Path, *, bugs: list[str], variants: list[str]) -> Path:
    file = folder / "server"
    text = SERVER.format(python=sys.executable, bugs=bugs, variants=variants, root=str(ROOT))
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def test_a_bug_is_caught_and_nobody_accused(
    tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line for each, the clause that told the bug, and exit code 0."""
    server = _server(tmp_path, bugs=["result-numbers"], variants=["pretty", "gzip"])

    options = ("--clause", "answer", "--variants", "1", "--combinations", "1")
    code = main([str(server), "--target", str(target), *options])

    told = capsys.readouterr().out
    assert code == 0, told
    assert [line.split()[-1] for line in told.splitlines()[:3]] == ["held"] * 3
    assert "answer.result" in told
    assert told.endswith("1 of 1 bugs caught; 0 of 3 accused\n")


def test_a_missed_bug_is_told_with_its_sentence(
    tmp_path: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What nobody notices, and a variant that is none: both are named, and the exit code is 1."""
    server = _server(tmp_path, bugs=["none"], variants=["no-such-variant"])

    code = main([str(server), "--target", str(target), "--clause", "access"])

    told = capsys.readouterr().out
    assert code == 1, told
    assert "ACCUSED (exit 7)" in told
    assert "MISSED (exit 0): what none breaks" in told
    assert told.endswith("0 of 1 bugs caught; 1 of 2 accused\n")


LISTED: Listed = {
    "bugs": [{"name": "wrong"}, {"name": "doubtful", "sure": False}],
    "variants": [
        *(Entry(name=f"v{number}") for number in range(7)),
        {"name": "odd", "sure": False},
    ],
}


def _names(cases: list[Case], *, right: bool) -> list[set[str]]:
    return [set(case.options[1].split(",")) for case in cases[1:] if case.is_right is right]


def test_each_variant_is_in_one_group() -> None:
    """All of them are dealt, alone none is held, and groups differ by one in size."""
    groups = _names(Choice(variants=0, groups=3).cases(LISTED), right=True)

    assert sorted(map(len, groups)) == [2, 3, 3]
    assert set.union(*groups) == {"odd", *(f"v{number}" for number in range(7))}


def test_more_groups_than_variants_leave_none_empty() -> None:
    """A group without a variant would be the server as it is, once more."""
    groups = _names(Choice(variants=0, groups=20).cases(LISTED), right=True)

    assert sorted(map(len, groups)) == [1] * 8


def test_what_authors_doubt_is_left_out() -> None:
    """With `only_sure`, a bug and a variant of which the author is not sure are not held."""
    cases = Choice(only_sure=True, groups=2).cases(LISTED)

    assert _names(cases, right=False) == [{"wrong"}]
    assert "odd" not in set.union(*_names(cases, right=True))


def test_named_ones_are_left_out() -> None:
    """`without` leaves out bugs and variants alike, from groups and combinations as well."""
    cases = Choice(groups=2, combinations=5, without=["wrong", "v3"]).cases(LISTED)

    assert _names(cases, right=False) == [{"doubtful"}]
    assert "v3" not in set.union(*_names(cases, right=True))
