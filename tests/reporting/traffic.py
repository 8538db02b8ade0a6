"""What was asked: requests by mode, formats and kind, and what became of bodies of each size.

A run sends thousands of requests, and each is noted while it runs: as a count under a short key,
which also travels to another process of the same run.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from contracts.matching import MODES
from contracts.model import FORMATS, Format
from endpoint.answer import Answer, Upload
from tests.asking.purposes import Purpose

THOUSANDS: Final = 1_000
"""Items from which a batch is a large one."""

MEGABYTE: Final = 1_000_000
"""Bytes from which a body is a large one."""

EXACT: Final = 65_536
"""Bytes from which a body's size is kept to the byte; of smaller ones, two digits are."""

SEARCHED: Final = 4_096
"""Bytes at either end of an answer in which its error number is looked for."""

_ERROR: Final = re.compile(rb'(?<!\\)"error"\s*:\s*(-?\d+)|<error>\s*(-?\d+)')


class Kind(StrEnum):
    """A kind of case: what is asked for, or how it is put."""

    ONE = "one"
    SOME = "some"
    THOUSANDS = "thousands"
    MEGABYTES = "megabytes"
    IN_PARTS = "in parts"
    RESPELLED = "respelled"
    NOBODY = "nobody"
    WRONG = "wrong"
    TOO_LARGE = "too large"
    OPEN = "open"


class Fate(StrEnum):
    """What became of one request."""

    SERVED = "served"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    """An answer came in which no error number was seen."""
    UNANSWERED = "unanswered"


_KIND_OF: Final = {
    Purpose.NOBODY: Kind.NOBODY,
    Purpose.WRONG: Kind.WRONG,
    Purpose.TOO_LARGE: Kind.TOO_LARGE,
    Purpose.PROBE: Kind.OPEN,
    Purpose.OPEN: Kind.OPEN,
}

_SIZED: Final = frozenset({Purpose.FOUND, Purpose.TOO_LARGE, Purpose.PROBE})
"""Purposes of which a body's size decides what has to become of it."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a request means, as far as it is counted.

    Attributes:
        mode: the matching mode.
        request: the format that it is written in.
        answer: the format that it asks for, by default JSON; None where it asks for another.
        items: how many items it has.
        purpose: what it is for.
        respelled: whether it is not written plainly.
    """

    mode: str
    request: Format
    answer: Format | None
    items: int
    purpose: Purpose
    respelled: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """How often a kind of case was asked in a mode and a pair of formats, and what became of it.

    Attributes:
        mode: the matching mode.
        request: the format that requests are written in.
        answer: the format that they ask for.
        kind: of case.
        fates: what became of them -> requests; empty where there was none.
    """

    mode: str
    request: str
    answer: str
    kind: str
    fates: dict[str, int]


@dataclass(frozen=True, slots=True)
class Rung:
    """Bodies of one size that ended in one way.

    Attributes:
        request: the format that they are written in.
        size: in bytes; of sizes below 65,536 the first two digits.
        fate: what became of them.
        times: how many there were.
    """

    request: str
    size: int
    fate: str
    times: int


@dataclass
class Traffic:
    """The requests of a run, counted.

    Attributes:
        noted: requests that are counted here.
        cells: mode, formats, kind and fate, tab-separated -> requests.
        rungs: format, size in bytes and fate, tab-separated -> requests.
    """

    noted: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)

    def note(self, meant: Meant, answer: Answer) -> None:
        """Count one request: in each kind that it is of."""
        self.noted += 1
        fate, size = fate_of(answer), len(answer.call.body or b"")
        if meant.purpose in _SIZED and meant.items:
            self.rungs[f"{meant.request}\t{_rounded(size)}\t{fate}"] += 1
        if meant.mode in MODES and meant.answer:
            start = f"{meant.mode}\t{meant.request}\t{meant.answer}\t"
            for kind in kinds_of(meant, answer):
                self.cells[f"{start}{kind}\t{fate}"] += 1

    def copy(self) -> "Traffic":
        """The counts as they stand now."""
        return Traffic(self.noted, self.cells.copy(), self.rungs.copy())

    def add(self, other: "Traffic") -> None:
        """Add another process's counts."""
        self.noted += other.noted
        self.cells.update(other.cells)
        self.rungs.update(other.rungs)

    def grid(self) -> Iterator[Cell]:
        """Every cell that the contract has, also those that were never exercised."""
        for mode in MODES:
            for request in FORMATS:
                for answer in FORMATS:
                    for kind in Kind:
                        start = f"{mode}\t{request}\t{answer}\t{kind}\t"
                        fates = {str(fate): self.cells[start + fate] for fate in Fate}
                        shown = {fate: times for fate, times in fates.items() if times}
                        yield Cell(mode, request, answer, str(kind), shown)

    def ladder(self) -> list[Rung]:
        """Bodies by format and size."""
        keys = ((key.split("\t"), times) for key, times in self.rungs.items())
        rungs = [Rung(fmt, int(size), fate, times) for (fmt, size, fate), times in keys]
        return sorted(rungs, key=lambda rung: (rung.request, rung.size, rung.fate))


def fate_of(answer: Answer) -> Fate:
    """What became of a request, from the ends of its answer alone: bodies may be megabytes."""
    if not answer.answered:
        return Fate.UNANSWERED
    body = answer.body
    found = _ERROR.search(body[:SEARCHED]) or _ERROR.search(body[-SEARCHED:])
    if found is None:
        return Fate.UNREADABLE
    return Fate.SERVED if int(found[1] or found[2]) == 0 else Fate.REFUSED


def kinds_of(meant: Meant, answer: Answer) -> Iterator[Kind]:
    """The kinds that a request is of: several where somebody has to be found."""
    if meant.purpose is not Purpose.FOUND:
        yield _KIND_OF[meant.purpose]
        return
    if not meant.items:
        # Nobody is asked for: it may be served or refused.
        yield Kind.OPEN
        return
    if meant.items >= THOUSANDS:
        yield Kind.THOUSANDS
    else:
        yield Kind.ONE if meant.items == 1 else Kind.SOME
    if len(answer.call.body or b"") >= MEGABYTE:
        yield Kind.MEGABYTES
    if answer.call.upload is not Upload.LENGTH:
        yield Kind.IN_PARTS
    if meant.respelled:
        yield Kind.RESPELLED


def _rounded(size: int) -> int:
    if size >= EXACT:
        return size
    step: int = 10 ** max(len(str(size)) - 2, 0)
    return size // step * step
