"""Writes what a run has observed into `[observed]` of a target file, and changes nothing else.

The file is somebody's, with comments and an order of its own: single lines are put in or replaced,
and the outcome is read again before it takes the file's place. Where that is not the same file with
other pins, nothing is written.
"""

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from tests.asking.ask import PINNED_JOINT
from tests.reporting.model import Report

TABLE: Final = "observed"

_HEADER: Final = re.compile(r"\s*\[+\s*(?P<name>[^\]]+?)\s*\]")

_ENTRY: Final = re.compile(
    r"""(?P<start>\s*(?P<key>"[^"\\]+"|'[^']+'|[A-Za-z0-9_-]+)\s*=\s*)
        (?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s\#]+)
        (?P<rest>\s*(?:\#.*)?)""",
    re.VERBOSE,
)


class PinError(ValueError):
    """A target file that no pin can be written into; the message says what to write by hand."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin that a run has changed.

    Attributes:
        clause: the id of the open clause.
        now: what is pinned now.
        before: what was pinned; None where nothing was.
    """

    clause: str
    now: str
    before: str | None

    def __str__(self) -> str:
        """Say it in a line, as it stands in the file."""
        was = f"  (was {self.before!r})" if self.before is not None else ""
        return f"{_line(self.clause, self.now)}{was}"


def pinned(file: Path, report: Report) -> list[str]:
    """Pin what a run has observed; what was done about it, a line each.

    Args:
        file: the target file.
        report: of the run. One that came to no verdict has seen too little to pin anything.
    """
    if report.verdict not in {"held", "broken"}:
        return [f"nothing pinned: the run is {report.verdict}"]
    before = tomllib.loads(file.read_text(encoding="utf-8-sig")).get(TABLE, {})
    seen = {
        one.clause: PINNED_JOINT.join(name for name in one.alternatives if name in one.seen)
        for one in report.observations
        if one.seen
    }
    pins = changes(seen, before)
    if not pins:
        return [f"pinned as before in {file}: {len(before)}"]
    try:
        write(file, pins)
    except PinError as problem:
        return str(problem).splitlines()
    return [f"pinned in {file}:", *(f"  {pin}" for pin in pins)]


def changes(seen: Mapping[str, str], pinned: Mapping[str, str | int | bool]) -> tuple[Pin, ...]:
    """What is to be pinned anew, in the order of what was seen.

    Args:
        seen: clause id -> alternatives, joined by PINNED_JOINT.
        pinned: clause id -> what the target file pins.
    """
    before = {clause: str(value) for clause, value in pinned.items()}
    return tuple(
        Pin(clause, now, before.get(clause))
        for clause, now in seen.items()
        if _parts(before.get(clause)) != _parts(now)
    )


def write(file: Path, pins: tuple[Pin, ...]) -> None:
    """Pin in a target file; what stands there besides stays as it is, to the byte.

    Args:
        file: the target file.
        pins: what to put there.

    Raises:
        PinError: the file is written in a way in which a line cannot be replaced, or not at all.
    """
    data = file.read_bytes()
    text = data.decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = _with_pins(text.split(end), pins)
    written = end.join(lines)
    if not _says_the_same(text, written, pins):
        by_hand = "\n".join(f"  {_line(pin.clause, pin.now)}" for pin in pins)
        raise PinError(f"{file} is left as it is; put under [{TABLE}] by hand:\n{by_hand}")
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    try:
        _replace(file, mark + written.encode())
    except OSError as error:
        raise PinError(f"{file} cannot be written: {error.strerror}") from None


def _with_pins(lines: list[str], pins: tuple[Pin, ...]) -> list[str]:
    start = next((at for at, line in enumerate(lines) if _is_table(line)), None)
    wanted = {pin.clause: pin.now for pin in pins}
    if start is None:
        while lines and not lines[-1].strip():
            lines = lines[:-1]
        new = [_line(clause, now) for clause, now in wanted.items()]
        return [*lines, "", f"[{TABLE}]", *new, ""]
    stop = next((at for at in range(start + 1, len(lines)) if _HEADER.match(lines[at])), len(lines))
    body = []
    for line in lines[start + 1 : stop]:
        entry = _ENTRY.fullmatch(line)
        clause = entry["key"].strip("\"'") if entry else ""
        if entry and clause in wanted:
            body.append(f"{entry['start']}{_quoted(wanted.pop(clause))}{entry['rest']}")
        else:
            body.append(line)
    # After the last entry: what follows it may be the next table's comment.
    last = max((at for at, line in enumerate(body) if _ENTRY.fullmatch(line)), default=-1)
    new = [_line(clause, now) for clause, now in wanted.items()]
    return [*lines[: start + 1], *body[: last + 1], *new, *body[last + 1 :], *lines[stop:]]


def _is_table(line: str) -> bool:
    header = _HEADER.match(line)
    return bool(header) and header is not None and header["name"].strip("\"'") == TABLE


def _says_the_same(before: str, after: str, pins: tuple[Pin, ...]) -> bool:
    """Whether the new text is the old one with these pins, and nothing else."""
    old = tomllib.loads(before)
    wanted = {**old.get(TABLE, {}), **{pin.clause: pin.now for pin in pins}}
    try:
        new = tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    return new == {**old, TABLE: wanted}


def _replace(file: Path, data: bytes) -> None:
    """Put a file in the place of another one at once: never half of it."""
    real = file.resolve()
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
    try:
        with os.fdopen(handle, "wb") as made:
            made.write(data)
        Path(name).chmod(real.stat().st_mode)
        Path(name).replace(real)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _parts(pinned: str | None) -> frozenset[str] | None:
    return None if pinned is None else frozenset(pinned.split(PINNED_JOINT))


def _line(clause: str, now: str) -> str:
    return f"{_quoted(clause)} = {_quoted(now)}"


def _quoted(text: str) -> str:
    """A text as a basic string of TOML: JSON's escapes are among TOML's."""
    return msgspec.json.encode(text).decode()
