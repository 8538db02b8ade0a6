"""The JSON file of a load run: written at its end, read by reports and comparisons.

Its format is `schemas/run.schema.json`. Of a whole run a latency is a standard HdrHistogram, which
other tools read; of a window it is pairs of latency and count, which take fewer bytes.
"""

import os
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import jsonschema_rs
import msgspec
from hdrh.histogram import HdrHistogram

from contracts.model import JsonValue
from loadtests.measured import Cell, Counts, Window, histogram, record, rounded
from loadtests.record import (
    Conservation,
    Environment,
    Judged,
    Named,
    Run,
    Scenario,
    Step,
    Verdict,
    merged,
)

SCHEMA_FILE: Final = Path(__file__).parent / "schemas" / "run.schema.json"

_SHOWN: Final = 160
"""Characters of a validator's message that are repeated: it may quote a whole file."""


class RunFileError(Exception):
    """A file that is no load run, or one of another schema."""

    def __init__(self, source: Path, said: str) -> None:
        super().__init__(f"run file {source} cannot be used: {said}")


class _Histogram(msgspec.Struct):
    hdr: str
    min: float | None
    max: float | None
    mean: float | None


class _Named(msgspec.Struct):
    format: str
    items: int
    bytes: int
    modes: tuple[str, ...]
    requests: int
    failures: dict[str, int]
    profiles: int
    sent: int
    received: int
    latency: _Histogram
    service: _Histogram


class _Cell(msgspec.Struct):
    requests: int
    failures: dict[str, int]
    profiles: int
    sent: int
    received: int
    latency: list[tuple[int, int]]
    service: list[tuple[int, int]]


class _Window(msgspec.Struct):
    start: float
    seconds: float
    users: int
    memory: int
    cells: dict[str, _Cell]


class _File(msgspec.Struct):
    schema: str
    started: str
    seconds: float
    environment: Environment
    scenario: Scenario
    settings: dict[str, object]
    complete: bool
    missing: tuple[str, ...]
    names: dict[str, _Named]
    windows: list[_Window]
    steps: tuple[Step, ...]
    knee: int | None
    conservation: Conservation
    objectives: tuple[Judged, ...]
    verdict: Verdict
    exit_code: int


def write(run: Run, path: Path) -> None:
    """Write a run's file, whole or not at all; its folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(encoded(run))
    unfinished.replace(path)


def encoded(run: Run) -> bytes:
    """A run as the bytes of its file: at most 600 windows, latencies of three digits."""
    file = _File(
        schema=schema_id(),
        started=run.started,
        seconds=run.seconds,
        environment=run.environment,
        scenario=run.scenario,
        settings=dict(run.settings),
        complete=run.complete,
        missing=run.missing,
        names={name: _named(one) for name, one in run.names.items()},
        windows=[_window(window) for window in merged(run.windows)],
        steps=run.steps,
        knee=run.knee,
        conservation=run.conservation,
        objectives=run.objectives,
        verdict=run.verdict,
        exit_code=run.exit_code,
    )
    return msgspec.json.encode(file) + b"\n"


def read(path: Path) -> Run:
    """Read a run's file.

    Raises:
        RunFileError: it cannot be read, holds no load run, or one of another schema.
    """
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise RunFileError(path, error.strerror or str(error)) from error
    except ValueError as error:
        raise RunFileError(path, str(error)) from error


def decoded(data: bytes) -> Run:
    """A run from the bytes of its file.

    Raises:
        ValueError: they are no load run, or one of another schema; it says why.
    """
    try:
        value: JsonValue = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"it is not JSON: {error}") from error
    _require_schema(value)
    file = msgspec.convert(value, _File)
    return Run(
        started=file.started,
        seconds=file.seconds,
        environment=file.environment,
        scenario=file.scenario,
        settings=_settings(value),
        complete=file.complete,
        missing=file.missing,
        names={
            name: Named(one.format, one.items, one.bytes, one.modes, _total(name, one))
            for name, one in file.names.items()
        },
        windows=tuple(_windows(one) for one in file.windows),
        steps=file.steps,
        knee=file.knee,
        conservation=file.conservation,
        objectives=file.objectives,
        verdict=file.verdict,
        exit_code=file.exit_code,
    )


@cache
def schema_id() -> str:
    """The `$id` of the schema of run files; its last digits are the version."""
    return str(msgspec.json.decode(SCHEMA_FILE.read_bytes(), type=dict[str, object])["$id"])


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(msgspec.json.decode(SCHEMA_FILE.read_bytes()))


def _require_schema(value: JsonValue) -> None:
    """Raise ValueError unless the value is what the schema says."""
    named = value.get("schema") if isinstance(value, Mapping) else None
    if named is None:
        raise ValueError("it is no load run: it names no schema")
    if named != schema_id():
        raise ValueError(f"its schema is {named!r}; this suite reads {schema_id()}")
    for error in _validator().iter_errors(value):
        place = "/".join(str(key) for key in error.instance_path) or "(root)"
        raise ValueError(f"at {place}: {error.message[:_SHOWN]}")


def _settings(value: JsonValue) -> Mapping[str, JsonValue]:
    settings = value["settings"] if isinstance(value, Mapping) else None
    return settings if isinstance(settings, Mapping) else {}


# ---------------------------------------------------------------- cells <-> JSON


def _named(one: Named) -> _Named:
    total = one.total
    return _Named(
        format=one.format,
        items=one.items,
        bytes=one.bytes,
        modes=one.modes,
        requests=total.requests,
        failures=dict(total.failures),
        profiles=total.profiles,
        sent=total.sent,
        received=total.received,
        latency=_histogram(total.latency),
        service=_histogram(total.service),
    )


def _histogram(counts: Counts) -> _Histogram:
    filled = histogram()
    record(filled, counts)
    total = counts.total()
    mean = sum(value * count for value, count in counts.items()) / total if total else None
    least, most = (min(counts), max(counts)) if counts else (None, None)
    return _Histogram(filled.encode().decode("ascii"), min=least, max=most, mean=mean)


def _total(name: str, one: _Named) -> Cell:
    return Cell(
        requests=one.requests,
        failures=Counter(one.failures),
        profiles=one.profiles,
        sent=one.sent,
        received=one.received,
        latency=_counts(f"names/{name}/latency", one.latency.hdr),
        service=_counts(f"names/{name}/service", one.service.hdr),
    )


def _counts(place: str, hdr: str) -> Counts:
    try:
        filled = HdrHistogram.decode(hdr)
    # The library documents no exception: base64, zlib, struct and its own all come through.
    except Exception as error:
        raise ValueError(f"at {place}: it is no HdrHistogram: {error}") from error
    return rounded(
        {
            at.value_iterated_to: at.count_at_value_iterated_to
            for at in filled.get_recorded_iterator()
        }
    )


def _window(window: Window) -> _Window:
    cells = {name: _cell(cell) for name, cell in window.cells.items()}
    return _Window(window.start, window.seconds, window.users, window.memory, cells)


def _cell(cell: Cell) -> _Cell:
    return _Cell(
        requests=cell.requests,
        failures=dict(cell.failures),
        profiles=cell.profiles,
        sent=cell.sent,
        received=cell.received,
        latency=sorted(rounded(cell.latency).items()),
        service=sorted(rounded(cell.service).items()),
    )


def _windows(window: _Window) -> Window:
    cells = {
        name: Cell(
            requests=cell.requests,
            failures=Counter(cell.failures),
            profiles=cell.profiles,
            sent=cell.sent,
            received=cell.received,
            latency=Counter(dict(cell.latency)),
            service=Counter(dict(cell.service)),
        )
        for name, cell in window.cells.items()
    }
    return Window(window.start, window.seconds, window.users, cells, window.memory)
