"""The load suite's own options, beside Locust's."""

import argparse
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from locust.argument_parser import LocustArgumentParser

from loadtests import scenarios
from loadtests.autostop import Autostop
from loadtests.bodies import Tags
from loadtests.compare import MARGIN

DEFAULT_SCENARIO: Final = "smoke"

SYNTHETIC: Final = 1_000_000
"""Profiles that the embedded mock makes up: more than the largest body has items."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line.

    Attributes:
        target: a target file, or mock.
        scenario: by name.
        slo: the file of objectives; none for the suite's own.
        out: folder for the run file and the reports.
        baseline: run files that this run is compared with.
        margin: the share by which it may be worse than they are.
        pool: a file of known profiles.
        rate: requests a second; none for the scenario's own.
        seconds: how long; none for the scenario's own.
        autostop: when the run ends by itself.
        tags: which of the scenario's requests are sent.
        variants: of the embedded mock.
        defect: of the embedded mock.
        base_url: where the embedded mock listens; filled in once it does.
    """

    target: str
    scenario: str
    slo: Path | None
    out: Path
    baseline: tuple[Path, ...]
    margin: float
    pool: Path | None
    rate: float | None
    seconds: float | None
    autostop: Autostop
    tags: Tags
    variants: tuple[str, ...]
    defect: str | None
    base_url: str


def _number(expected: str, least: float, most: float = math.inf) -> Callable[[str], float]:
    """A type of the command line: a number within bounds; argparse names it when it is not one."""

    def number(text: str) -> float:
        value = float(text)
        if not least <= value <= most or math.isinf(value):
            raise ValueError
        return value

    number.__name__ = expected
    return number


_SECONDS: Final = _number("number of seconds from 0", 0)
_SHARE: Final = _number("share from 0 to 1", 0, 1)
_RATE: Final = _number("rate above 0", 1e-6)
_MILLISECONDS: Final = _number("number of milliseconds from 0", 0)


def add_to(parser: LocustArgumentParser) -> None:
    """Add the options to Locust's own."""
    group = parser.add_argument_group("start_batch", "the load suite of start_batch")
    group.add_argument(
        "--target",
        default=os.environ.get("ALTCRAFT_TARGET", "mock"),
        help="target file; mock starts the embedded mock (default: mock) [ALTCRAFT_TARGET]",
    )
    group.add_argument(
        "--scenario",
        default=DEFAULT_SCENARIO,
        help=f"one of {', '.join(scenarios.load())} (default: {DEFAULT_SCENARIO})",
    )
    group.add_argument("--slo", default="", help="file of objectives (default: loadtests/slo.toml)")
    group.add_argument(
        "--out",
        default="reports/load",
        help="folder of run file and reports (default: %(default)s)",
    )
    group.add_argument(
        "--baseline",
        action="append",
        default=[],
        help="earlier run file to compare with: a regression fails the run; repeatable",
    )
    group.add_argument(
        "--baseline-margin",
        type=_SHARE,
        default=MARGIN,
        help="share by which a figure may be worse than the baseline's (default: %(default)s)",
    )
    group.add_argument(
        "--pool", default="", help="known profiles, CSV or JSON Lines (default: the target file's)"
    )
    group.add_argument(
        "--requests-per-second", type=_RATE, default=None, help="by schedule, whatever is answered"
    )
    group.add_argument(
        "--stop-after",
        type=_SECONDS,
        default=10,
        help="end the run after so many seconds past a bound; 0: never (default: %(default)s)",
    )
    group.add_argument(
        "--stop-error-share",
        type=_SHARE,
        default=0.5,
        help="bound: failures among a second's requests, 0 to 1 (default: %(default)s)",
    )
    group.add_argument(
        "--stop-latency",
        type=_MILLISECONDS,
        default=30_000,
        help="bound: median of a second's answers in milliseconds (default: %(default)g)",
    )
    group.add_argument("--mock-variant", action="append", default=[], help="of the embedded mock")
    group.add_argument("--mock-defect", default="", help="of the embedded mock")
    group.add_argument("--base-url", default="", help=argparse.SUPPRESS)


def read(parsed: argparse.Namespace) -> Options:
    """The options as they were parsed; a worker's are its master's."""
    return Options(
        target=parsed.target,
        scenario=parsed.scenario,
        slo=Path(parsed.slo) if parsed.slo else None,
        out=Path(parsed.out),
        baseline=tuple(map(Path, parsed.baseline)),
        margin=parsed.baseline_margin,
        pool=Path(parsed.pool) if parsed.pool else None,
        rate=parsed.requests_per_second,
        seconds=parsed.run_time,
        autostop=Autostop(round(parsed.stop_after), parsed.stop_error_share, parsed.stop_latency),
        tags=Tags(frozenset(parsed.tags or ()), frozenset(parsed.exclude_tags or ())),
        variants=tuple(parsed.mock_variant),
        defect=parsed.mock_defect or None,
        base_url=parsed.base_url,
    )
