"""One run of each scenario, to look at and to hold the reports against.

    python -m tests.suite.load.gallery FOLDER

writes the HTML report of each.
"""

import random
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from loadtests import slo
from loadtests.changes import Comparison, compared
from loadtests.measured import Cell, Window, rounded
from loadtests.record import Conservation, Run, Step
from loadtests.report import html
from tests.suite.load.simulated import run_of, simulated

LARGE: Final = ("json email x1000", "xml mixed 9.9 MB")

KINDS: Final = ("timed out", "wrong ids", "reset", "error 500", "not HTTP", "result missing")


def second(
    at: float,
    names: tuple[str, ...],
    *,
    middle: int = 20_000,
    users: int = 10,
    failed: int = 0,
    service: int = 0,
    memory: int = 0,
    length: float = 1.0,
) -> Window:
    """Twenty requests of each name, with latencies around some microseconds."""
    rng = random.Random(f"{at} {names}")
    window = Window(float(at), length, users, memory=memory)
    for place, name in enumerate(names):
        usual = middle * 1.5**place
        window.cells[name] = Cell(
            requests=20,
            failures=Counter(rng.choice(KINDS) for _ in range(failed)),
            profiles=100 * (20 - failed),
            sent=600_000,
            received=40_000,
            latency=rounded(Counter(int(usual * rng.lognormvariate(0, 0.4)) for _ in range(20))),
            service=rounded(
                Counter(
                    int(service * rng.lognormvariate(0, 0.3)) for _ in range(20 * (service > 0))
                )
            ),
        )
    return window


def judged(run: Run) -> Run:
    """A run, held against the objectives that the suite comes with."""
    results = slo.judged(slo.load(), run.scenario, list(run.names), run.windows)
    kept = all(one.kept for one in results)
    return replace(
        run, objectives=results, verdict="pass" if kept else "fail", exit_code=int(not kept)
    )


def _smoke() -> Run:
    run = judged(run_of([second(at, LARGE, middle=3000, users=3) for at in range(8)], "smoke"))
    missing = ("Ctrl-C after 8 of 60 seconds.", "Worker w2 was lost after 5 seconds.")
    return replace(run, complete=False, missing=missing, verdict="inconclusive", exit_code=6)


def _capacity() -> Run:
    seconds = [
        second(at, LARGE[:1], users=2 ** (at // 10), middle=int(12_000 * 1.5 ** (at // 10)))
        for at in range(70)
    ]
    reached = (900.0, 1750.0, 3300.0, 6000.0, 9000.0, 9400.0, 9300.0)
    p99 = (12.0, 13.0, 14.0, 18.0, 30.0, 80.0, None)
    said = {5: "throughput grew by less than 5 %", 6: "error_share: wanted at most 1.00 %"}
    steps = tuple(
        Step(10.0 * at, 10.0, 2**at, None, reached[at], p99[at], 0.03 * (at > 5), said.get(at))
        for at in range(7)
    )
    return replace(judged(run_of(seconds, "capacity")), steps=steps, knee=4)


def _spike() -> Run:
    return judged(
        run_of(
            [
                second(
                    at,
                    LARGE,
                    users=100 if 20 <= at < 30 else 10,
                    middle=240_000 if 20 <= at < 34 else 20_000,
                    failed=2 * (20 <= at < 32),
                )
                for at in range(60)
            ],
            "spike",
        )
    )


def _soak() -> Run:
    seconds = [
        second(
            10 * at,
            LARGE[:1],
            middle=20_000 + 20 * at,
            memory=40_000_000 + 30_000 * at,
            length=10.0,
        )
        for at in range(900)
    ]
    return judged(run_of(seconds, "soak"))


def _limit() -> Run:
    run = judged(run_of([second(at, (*LARGE, "json over limit")) for at in range(45)], "limit"))
    lost = "3 profiles that answers named are not in the journal: 17, 18, 19"
    return replace(
        run,
        conservation=Conservation(checked=True, said=270_000, journal=269_997, unexplained=(lost,)),
        verdict="fail",
    )


def _rate() -> Run:
    stalled = [
        second(at, LARGE, middle=400_000 if 30 <= at < 34 else 20_000, service=18_000)
        for at in range(60)
    ]
    return judged(run_of(stalled, "rate"))


def _compared() -> tuple[Run, Comparison]:
    earlier = [simulated(1, requests=60), simulated(2, requests=60, scale=0.99)]
    later = judged(simulated(3, requests=60, scale=1.2))
    labels = ["monday.json", "tuesday.json", "friday.json"]
    return later, compared(earlier, later, labels=labels, margin=0.05)


GALLERY: Final[Mapping[str, tuple[Run, Comparison | None]]] = {
    "smoke": (_smoke(), None),
    "throughput": (judged(simulated(1, requests=60)), None),
    "compared": _compared(),
    "capacity": (_capacity(), None),
    "spike": (_spike(), None),
    "soak": (_soak(), None),
    "limit": (_limit(), None),
    "rate": (_rate(), None),
    "nothing": (replace(run_of([]), verdict="broken", complete=False, exit_code=7), None),
}

_NASTY: Final = "<script>|\n</script>"

NASTY: Final = replace(
    run_of([second(at, (_NASTY,)) for at in range(3)]),
    settings={_NASTY: _NASTY},
    missing=(_NASTY,),
    conservation=Conservation(checked=True, said=1, journal=2, unexplained=(_NASTY,)),
)
"""A run in which every text is markup."""


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for key, shown in GALLERY.items():
        (folder / f"{key}.html").write_text(html.written(*shown), encoding="utf-8")
