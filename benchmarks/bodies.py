"""Exact-size bodies: MB/s of `contracts.sizes.exact` beside serialising the same request.

`python -m benchmarks.bodies` prints one line for each format and recipe at 9.9 MB. Each call
builds its frame and its block of fillers anew: nothing is kept from one call to the next.
The bars: at least 10 times faster than `json.dumps(...).encode()` in JSON, and under 100 ms
in either format. The exit code is 1 where one is missed.
"""

import argparse
import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Final, cast

from contracts import wire
from contracts.model import FORMATS, Format, JsonValue, Params
from contracts.sizes import Recipe, exact

SIZE: Final = 9_900_000
"""Bytes of each body."""

ROUNDS: Final = 5

TURN: Final = 3
"""Calls in a row: no way pays alone for the memory that another gave back to the system."""

LEAST_RATIO: Final = 10.0
MOST_MILLISECONDS: Final = 100.0

REQUEST: Final[Params] = {
    "token": "benchmark",
    "trigger_id": 8,
    "format": "json",
    "matching": "email",
    "data": [{"email": f"known-{number}@example.com"} for number in range(3)],
}


@dataclass(frozen=True, slots=True)
class Line:
    """One format and recipe: medians, in seconds; `tree` is xml.etree's, for XML only."""

    fmt: Format
    recipe: Recipe
    exact: float
    dumps: float
    tree: float | None

    @property
    def missed(self) -> bool:
        """Whether a bar is missed."""
        slow = self.exact * 1e3 > MOST_MILLISECONDS
        return slow or (self.fmt == "json" and self.dumps / self.exact < LEAST_RATIO)


def measured(fmt: Format, recipe: Recipe) -> Line:
    """Measure one format and recipe, the ways by turns within each round."""
    request = wire.decode(exact(REQUEST, fmt, SIZE, recipe), fmt)
    ways: dict[str, Callable[[], bytes]] = {
        "exact": lambda: exact(REQUEST, fmt, SIZE, recipe),
        "dumps": lambda: json.dumps(
            request, ensure_ascii=recipe is Recipe.ESCAPES, separators=(",", ":")
        ).encode(),
    }
    if fmt == "xml":
        tree = _tree("xml", request)
        ways["tree"] = lambda: cast("bytes", ET.tostring(tree, encoding="utf-8"))
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, build in [turn for turn in ways.items() for _ in range(TURN)]:
            begun = perf_counter()
            body = build()
            seconds[way].append(perf_counter() - begun)
            del body
    medians = {way: median(times) for way, times in seconds.items()}
    return Line(fmt, recipe, medians["exact"], medians["dumps"], medians.get("tree"))


def _tree(name: str, value: JsonValue) -> ET.Element:
    element = ET.Element(name)
    if isinstance(value, Mapping):
        for key, member in value.items():
            for part in member if isinstance(member, list) else [member]:
                element.append(_tree(key, part))
    else:
        element.text = str(value)
    return element


def main() -> int:
    """Print the table; give 1 if a bar is missed."""
    argparse.ArgumentParser(prog="python -m benchmarks.bodies", description=__doc__).parse_args()
    print(f"bodies of {SIZE:,} bytes, medians of {ROUNDS} rounds of {TURN} calls;")
    print("building the template and the block of fillers is included in every call")
    print(f"{'':30} {'exact':>17} {'json.dumps':>17} {'xml.etree':>17}")
    print(f"{'format, recipe':30} {'ms':>8} {'MB/s':>8}" + f" {'ms':>8} {'ratio':>8}" * 2)
    lines = [measured(fmt, recipe) for fmt in FORMATS for recipe in Recipe]
    for line in lines:
        tree = f" {line.tree * 1e3:8.1f} {line.tree / line.exact:7.1f}x" if line.tree else ""
        print(
            f"{line.fmt:5}{line.recipe:25} {line.exact * 1e3:8.2f} {SIZE / 1e6 / line.exact:8,.0f}"
            f" {line.dumps * 1e3:8.1f} {line.dumps / line.exact:7.1f}x{tree}"
            f"{'   MISSED' if line.missed else ''}"
        )
    missed = sum(line.missed for line in lines)
    print(
        f"bars: JSON {LEAST_RATIO:.0f} times json.dumps, both formats under "
        f"{MOST_MILLISECONDS:.0f} ms: {f'{missed} missed' if missed else 'all kept'}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
