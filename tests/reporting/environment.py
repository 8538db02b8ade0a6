"""What a run was made with: versions, options, the contract's revision."""

import platform
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import pytest

from contracts import clauses

PACKAGES: Final = ("pytest", "hypothesis", "requests", "urllib3", "jsonschema-rs", "lxml")
"""Packages that send requests, read answers or decide what is sent."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What a run was made with.

    Attributes:
        effort: how many values were drawn: smoke, ci or nightly.
        seed: of Hypothesis; `fixed` where each run draws the same, `random` where none does.
        target: the options that say who was asked.
        options: further options that decide what is asked, as they were given.
        contract: the first digits of the SHA-256 of clauses.toml.
        versions: of Python and of the packages that take part.
        platform: the operating system.
        python: how its interpreter is called from where it was started.
    """

    effort: str = ""
    seed: str = ""
    target: str = ""
    options: tuple[str, ...] = ()
    contract: str = ""
    versions: Mapping[str, str] | None = None
    platform: str = ""
    python: str = "python"


def of(config: pytest.Config) -> Environment:
    """What this run is made with."""
    options = config.option
    seed = config.getoption("hypothesis_seed", None)
    drawn = "random" if options.effort == "nightly" else "fixed"
    asked = [f"--target {shlex.quote(str(options.target))}"]
    asked += [f"--mock-variant {one}" for one in options.mock_variant]
    asked += [f"--mock-defect {options.mock_defect}"] if options.mock_defect else []
    given = [f"--clause {one}" for one in options.clause]
    given += [f"--minutes {options.minutes:g}"] if options.minutes else []
    given += [f"-k {options.keyword}"] if options.keyword else []
    processes = getattr(config.option, "numprocesses", None)
    given += [f"-n {processes}"] if processes else []
    return Environment(
        str(options.effort),
        drawn if seed is None else str(seed),
        " ".join(asked),
        tuple(given),
        sha256(clauses.FILE.read_bytes()).hexdigest()[:12],
        versions(),
        f"{platform.system()} {platform.release()}",
        shlex.quote(_interpreter()),
    )


def _interpreter() -> str:
    """The interpreter's path, below the folder of the run without that: `.venv/bin/python`."""
    path = Path(sys.executable)  # not resolved: an environment's is a link
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


@cache
def versions() -> Mapping[str, str]:
    """The versions of Python and of the packages that take part."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
