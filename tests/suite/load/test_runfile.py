"""The file of a load run: what is written is what is read."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from loadtests.measured import LONGEST, Cell, Counts, Window, rounded, totals
from loadtests.record import (
    Conservation,
    Environment,
    Judged,
    Named,
    Run,
    Step,
    merged,
)
from loadtests.runfile import SCHEMA_FILE, RunFileError, decoded, encoded, read, schema_id, write
from tests.suite.load.simulated import run_of, simulated

texts = st.text(max_size=20)
numbers = st.integers(0, 10**12)
amounts = st.floats(0, 1e9)


def latencies() -> st.SearchStrategy[Counts]:
    """Counted latencies of three digits, as a file holds them."""
    return st.dictionaries(st.integers(1, LONGEST), st.integers(1, 10**6), max_size=20).map(rounded)


cells = st.builds(
    Cell,
    requests=numbers,
    failures=st.dictionaries(texts, st.integers(1, 10**6), max_size=3).map(Counter),
    profiles=numbers,
    sent=numbers,
    received=numbers,
    latency=latencies(),
    service=latencies(),
)
windows = st.builds(
    Window,
    start=amounts,
    seconds=amounts,
    users=numbers,
    cells=st.dictionaries(texts, cells, max_size=3),
    memory=numbers,
)
json_values: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
runs = st.builds(
    Run,
    started=st.just("2026-12-01T08:00:00+00:00"),
    seconds=amounts,
    environment=st.builds(Environment, cpus=st.integers(1, 512)),
    scenario=st.sampled_from(["smoke", "throughput", "capacity", "spike", "soak", "limit", "rate"]),
    settings=st.dictionaries(texts, json_values, max_size=3),
    complete=st.booleans(),
    missing=st.lists(texts, max_size=3).map(tuple),
    names=st.dictionaries(
        texts,
        st.builds(
            Named,
            format=texts,
            items=numbers,
            bytes=numbers,
            modes=st.lists(texts, max_size=3).map(tuple),
            total=cells,
        ),
        max_size=3,
    ),
    windows=st.lists(windows, max_size=4).map(tuple),
    verdict=st.sampled_from(["pass", "fail", "inconclusive", "broken"]),
    exit_code=st.integers(0, 255),
    steps=st.lists(
        st.builds(
            Step,
            start=amounts,
            seconds=amounts,
            users=numbers,
            rate=st.none() | amounts,
            profiles_per_second=amounts,
            p99=st.none() | amounts,
            error_share=st.floats(0, 1),
            broken=st.none() | texts,
        ),
        max_size=3,
    ).map(tuple),
    knee=st.none() | st.integers(0, 100),
    conservation=st.builds(
        Conservation,
        said=numbers,
        journal=numbers,
        unexplained=st.lists(texts, max_size=3).map(tuple),
    ),
    objectives=st.lists(
        st.builds(Judged, wanted=amounts, measured=st.none() | amounts), max_size=3
    ).map(tuple),
)


@settings(max_examples=40)
@given(runs)
def test_what_is_written_is_what_is_read(run: Run) -> None:
    """A run that was written and read is the same run."""
    assert decoded(encoded(run)) == run


@settings(max_examples=20)
@given(runs)
def test_what_is_written_keeps_the_schema(run: Run) -> None:
    """A run file is what its JSON Schema says, by the reference validator."""
    schema = json.loads(SCHEMA_FILE.read_text())
    Draft202012Validator.check_schema(schema)

    assert not list(Draft202012Validator(schema).iter_errors(json.loads(encoded(run))))


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A run goes through a file, in a folder that is made for it."""
    run = simulated(1, seconds=3)
    write(run, tmp_path / "new" / "run.json")

    assert read(tmp_path / "new" / "run.json") == run
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["run.json"]


def test_a_long_run_has_600_windows_at_most() -> None:
    """Neighbouring windows are merged, so that nothing of what was measured is lost."""
    one = {"json email x1": Cell(requests=1, latency=Counter({7: 1}))}
    run = run_of([Window(float(at), 1.0, users=at, cells=one) for at in range(1500)])
    again = decoded(encoded(run))

    assert len(again.windows) == 500
    assert again.windows[1] == replace_cell(Window(3.0, 3.0, users=5), 3)
    assert totals(again.windows) == totals(run.windows)


def replace_cell(window: Window, requests: int) -> Window:
    """A window with so many requests of 7 microseconds."""
    cell = Cell(requests=requests, latency=Counter({7: requests}))
    return Window(window.start, window.seconds, window.users, {"json email x1": cell})


def test_merging_leaves_the_windows_alone() -> None:
    """Merged windows are new ones."""
    run = simulated(1, seconds=8)
    before = decoded(encoded(run)).windows
    merged(run.windows, 2)

    assert run.windows == before


BROKEN = {
    "no JSON": (b"{", "it is not JSON"),
    "no UTF-8": (b'{"schema": "\xff"}', "it is not JSON"),
    "no object": (b"[]", "it names no schema"),
    "no schema": (b"{}", "it names no schema"),
    "another schema": (
        b'{"schema": "https://start-batch.invalid/schemas/load-run-2.json"}',
        "its schema is 'https://start-batch.invalid/schemas/load-run-2.json'",
    ),
    "nothing else": (json.dumps({"schema": schema_id()}).encode(), "required property"),
    "a wrong type": (
        encoded(simulated(1, seconds=1)).replace(b'"cpus":2', b'"cpus":"two"'),
        "at environment/cpus",
    ),
    "no histogram": (
        encoded(simulated(1, seconds=1, names=("x",))).replace(b'"hdr":"HISTF', b'"hdr":"HUSTF'),
        "at names/x/latency: it is no HdrHistogram",
    ),
}


@pytest.mark.parametrize("broken", list(BROKEN))
def test_a_broken_file_gives_one_clear_line(broken: str, tmp_path: Path) -> None:
    """What is no run file is refused with its path and one reason."""
    data, said = BROKEN[broken]
    path = tmp_path / "run.json"
    path.write_bytes(data)

    with pytest.raises(RunFileError, match=said) as refused:
        read(path)

    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_told() -> None:
    """A path without a file is told with the system's reason."""
    with pytest.raises(RunFileError, match="No such file"):
        read(Path("nowhere.json"))


def test_no_part_of_a_run_is_forgotten() -> None:
    """The file has a key for each field of a run, and one for its schema."""
    run = replace(simulated(1, seconds=1), windows=())

    assert {*json.loads(encoded(run))} == {"schema", *Run.__dataclass_fields__}
