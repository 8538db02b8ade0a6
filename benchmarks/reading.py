"""A server that does nothing but read (reader.c), and the bodies that it is sent."""

import contextlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from contracts.model import PATH, SUCCESS_TEXT
from endpoint.target import Target, load
from loadtests import bodies
from loadtests.bodies import Bodies
from loadtests.pool import pool_of
from loadtests.scenarios import Requests

SOURCE: Final = Path(__file__).with_name("reader.c")

SIZES: Final[Mapping[str, Requests]] = {
    "300 B": Requests(formats=("json",), bytes=(300,)),
    # By phone, items take some 25 bytes: the smallest batch of a thousand that there is.
    "1,000 items": Requests(formats=("json",), matching=("phone",), items=(1_000,)),
    "1 MB": Requests(formats=("json",), bytes=(1_000_000,)),
    "9.9 MB": Requests(formats=("json",), bytes=(9_900_000,)),
}
"""What is sent, by the name under which it is printed: one known profile, and nobody else."""


class NoCompilerError(Exception):
    """The server cannot be built here."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A running server.

    Attributes:
        port: on loopback.
        pid: of its process.
    """

    port: int
    pid: int

    @property
    def url(self) -> str:
        """Where requests go: any path would do."""
        return f"http://127.0.0.1:{self.port}{PATH}"


def target_on(port: int) -> Target:
    """The server as a target: one profile is known there, the one that each answer names."""
    usual = load("mock").at(f"http://127.0.0.1:{port}")
    return replace(usual, is_mock=False, profiles=usual.profiles[:1])


def bodies_of(size: str, target: Target) -> Bodies:
    """The only body of a size."""
    return bodies.build([SIZES[size]], pool_of(target, None, None), target)


@contextlib.contextmanager
def reading(core: int) -> Iterator[Reader]:
    """A server on a core of its own.

    Raises:
        NoCompilerError: gcc is not there, or does not build it.
    """
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "reader"
        try:
            subprocess.run(["gcc", "-O2", "-o", program, SOURCE], check=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            raise NoCompilerError(f"{SOURCE.name} cannot be compiled: {problem}") from None
        process = subprocess.Popen(
            [program, _answer()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        # It ends when its standard input does, which leaving this block sees to.
        with process:
            os.sched_setaffinity(process.pid, {core})
            assert process.stdout is not None
            yield Reader(int(process.stdout.readline()), process.pid)


def _answer() -> str:
    profile = load("mock").profiles[0].profile_id
    answer = {"error": 0, "error_text": SUCCESS_TEXT, "result": [{"profile_id": profile}]}
    return json.dumps(answer, separators=(",", ":"))
