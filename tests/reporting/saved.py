"""A breach as it is kept: a small folder with all that it takes to show it again.

    breach.json     the clause, what was wrong, the request but for its body, who was asked
    body.gz         the request's body, the variable's name in place of the token
    params.json.gz  the parameters that the body was written from, the same way
    answer.gz       the answer's body, the token masked; of a large one the beginning and the end

The body is the one that was sent, with the profiles' addresses in it: a folder is not for
publishing.
"""

import gzip
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

FORMAT: Final = "start_batch.breach/1"

RECIPE: Final = "breach.json"
BODY: Final = "body.gz"
PARAMS: Final = "params.json.gz"
ANSWER: Final = "answer.gz"

MOST: Final = 64
"""Folders that a run leaves to the next."""


class SavedError(ValueError):
    """A folder that is no kept breach, or one of another format."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text without the token, and the spelling that gives it back (`endpoint.curl.Masked`)."""

    text: str
    spelling: str


@dataclass(frozen=True, slots=True)
class SavedCall:
    """The request but for its body; the fields are those of `endpoint.answer.Call`."""

    method: str
    media_type: str | None
    headers: Mapping[str, Text | None]
    query: Text
    path_suffix: str
    upload: str
    sizes: tuple[int, ...]
    pause_seconds: float
    fresh_connection: bool
    accept_encoding: str | None
    expect: bool
    has_body: bool
    body_spelling: str
    body_bytes: int


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """What was asked, and of what the answer was held against.

    Attributes:
        format: the request's format.
        demand: the name of the demand.
        either: whether the server cannot be expected to know the answer's format.
        params_spelling: how the token is had back into the parameters.
        must: the profiles that had to be found.
        may: the profiles that might be.
    """

    format: str
    demand: str
    either: bool
    params_spelling: str
    must: tuple[str, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedTarget:
    """Who was asked: what a request says of its target."""

    name: str
    base_url: str
    trigger_id: int
    field_name: str


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What came back, but for its body."""

    ending: str
    status: int | None
    headers: tuple[str, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class Saved:
    """One kept breach.

    Attributes:
        format: FORMAT.
        clause: the clause that was broken.
        symptom: in which way the answer was wrong.
        expected: what was expected.
        came: what came.
        shows: when it shows; empty where it always does.
        smallest: what is left of the request.
        test: the test that met it, as pytest names it.
        about: the clauses of that test.
        target: who was asked.
        call: the request; None where no single one shows the breach.
        question: what the request meant; None where only the test can judge its answer, or
            where the request cannot be written down without the token.
        answer: what came back.
        effort: of the run.
        seed: of Hypothesis in the run.
        versions: of Python and packages in the run.
    """

    format: str
    clause: str
    symptom: str
    expected: str
    came: str
    shows: str
    smallest: str
    test: str
    about: tuple[str, ...]
    target: SavedTarget
    call: SavedCall | None
    question: SavedQuestion | None
    answer: SavedAnswer | None
    effort: str
    seed: str
    versions: Mapping[str, str]


def write(folder: Path, saved: Saved, files: Mapping[str, bytes]) -> None:
    """Write a folder.

    Args:
        folder: made where it is not there.
        saved: what `breach.json` says.
        files: BODY, PARAMS and ANSWER, not yet compressed.

    Raises:
        OSError: it cannot be written; a part of it may have been.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(gzip.compress(data, 6, mtime=0))
    recipe = msgspec.json.format(msgspec.json.encode(saved), indent=2)
    (folder / RECIPE).write_bytes(recipe + b"\n")


def read(folder: Path) -> Saved:
    """Read what `breach.json` says.

    Raises:
        SavedError: there is none, or it says something else.
    """
    try:
        saved = msgspec.json.decode((folder / RECIPE).read_bytes(), type=Saved)
    except OSError as error:
        raise SavedError(f"{folder} is no kept breach: {RECIPE}: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise SavedError(f"{folder / RECIPE} cannot be read: {error}") from None
    if saved.format != FORMAT:
        raise SavedError(f"{folder / RECIPE} is of the format {saved.format!r}, not {FORMAT!r}")
    return saved


def read_file(folder: Path, name: str) -> bytes:
    """Read BODY, PARAMS or ANSWER.

    Raises:
        SavedError: it is not there, or broken.
    """
    try:
        return gzip.decompress((folder / name).read_bytes())
    except (OSError, EOFError) as error:
        raise SavedError(f"{folder / name} cannot be read: {error}") from None


def prune(folder: Path) -> None:
    """Remove all but the `MOST` breaches that were kept last.

    Called as a run begins: what a run's report names stays at least until the next run.
    """
    # Another run in the same folder may remove the same ones.
    kept = sorted(folder.glob(f"*/{RECIPE}"), key=_age)
    for recipe in kept[:-MOST]:
        shutil.rmtree(recipe.parent, ignore_errors=True)


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0
