"""Runs of which everything is known: latencies drawn from distributions, with a fixed seed."""

import math
import random
from collections import Counter

from loadtests.measured import Cell, Window, rounded, totals
from loadtests.record import Environment, Named, Run, Scenario

HERE = Environment(
    suite="0.1.0",
    python="3.11.4",
    locust="2.47.0",
    platform="Linux x86_64",
    cpus=2,
    target="mock",
    base_url="http://127.0.0.1:8089",
    live=False,
)

NAMES = tuple(
    f"{fmt} email x{items:,}"
    for items in (1, 10, 100, 1000, 5000, 10000)
    for fmt in ("json", "xml")
)


def simulated(
    seed: int,
    *,
    names: tuple[str, ...] = NAMES,
    seconds: int = 60,
    requests: int = 200,
    scale: float = 1.0,
    spread: float = 0.3,
    between: float = 0.02,
    resemblance: float = 0.5,
    scenario: Scenario = "throughput",
) -> Run:
    """A run of log-normal latencies whose seconds resemble their neighbours.

    Args:
        seed: of everything that is drawn.
        names: of the requests.
        seconds: windows.
        requests: of each name in each second, at a scale of 1.
        scale: of the latencies: 1.1 is a server that is a tenth slower.
        spread: of latencies within a second, as the standard deviation of their logarithm.
        between: the same of seconds.
        resemblance: correlation of a second with the one before.
        scenario: what the run is said to have been.
    """
    rng = random.Random(seed)
    windows = [Window(float(second), 1.0, users=10) for second in range(seconds)]
    for at, name in enumerate(names):
        speed = rng.gauss(0, between)
        middle = 5_000 * 1.3**at * scale
        for window in windows:
            speed = resemblance * speed + math.sqrt(1 - resemblance**2) * rng.gauss(0, between)
            many = round(requests / scale / math.exp(speed))
            drawn = (middle * rng.lognormvariate(speed, spread) for _ in range(many))
            window.cells[name] = Cell(
                requests=many,
                profiles=many * 10,
                sent=many * 1000,
                received=many * 500,
                latency=rounded(Counter(map(int, drawn))),
            )
    return run_of(windows, scenario)


def run_of(windows: list[Window], scenario: Scenario = "throughput") -> Run:
    """A run with these windows that kept all that it had to keep."""
    return Run(
        started="2026-12-01T08:00:00+00:00",
        seconds=sum(window.seconds for window in windows),
        environment=HERE,
        scenario=scenario,
        settings={"users": 10, "seconds": len(windows)},
        complete=True,
        missing=(),
        names={
            name: Named(name.split()[0], 10, 1000, ("email",), cell)
            for name, cell in totals(windows).items()
        },
        windows=tuple(windows),
        verdict="pass",
        exit_code=0,
    )
