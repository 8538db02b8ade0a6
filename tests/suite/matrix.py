"""Clauses x defects: which check catches which bug of the mock, and whether a variant is accused.

Each defect is a whole run of its own that stops at the first breach. The table says which clause
was told first, whether that is the clause that the defect breaks, the smallest request that was
found to show it, and after how many requests and seconds. Then come the conforming variants,
alone and in random combinations, none of which may fail; then the clauses that caught nothing,
and those that no run exercised.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contracts import clauses
from endpoint.mock.defects import DEFECTS, Defect
from endpoint.mock.variants import VARIANTS
from tests.suite.runs import AT_ONCE, LIMIT_FILE, Verdict, run, run_each

RIGHT: Final = 0.95
"""The share of defects that have to be told first by the clause that they break."""

SEEDS: Final = 20
"""Seeds of Hypothesis that the combinations take in turn."""

SLOW: Final = "slow"
"""The variant that takes as long as all the others, and changes nothing but that."""


@dataclass(frozen=True, slots=True)
class Row:
    """One defect, and the verdict on the mock that has it."""

    defect: Defect
    verdict: Verdict

    @property
    def is_caught(self) -> bool:
        """Whether the run ended with a breach."""
        return self.verdict.exit_code == 1

    @property
    def is_right(self) -> bool:
        """Whether the clause that was told first is the one that the defect breaks."""
        return self.verdict.broken[:1] == (self.defect.clause,)

    def __str__(self) -> str:
        """One line of the table."""
        verdict = self.verdict
        first = verdict.broken[0] if verdict.broken else f"MISSED (exit {verdict.exit_code})"
        mark = "" if self.is_right else " *"
        return (
            f"{self.defect.name:<34} {self.defect.clause:<29} {first + mark:<31} "
            f"{verdict.requests:>6} {verdict.seconds:>6.1f}  {verdict.smallest}"
        )


HEAD: Final = (
    f"{'defect':<34} {'breaks':<29} {'told first':<31} {'asked':>6} {'s':>6}  smallest request"
)


def options(defect: Defect, *, effort: str, family_only: bool = False) -> list[str]:
    """The options of a run against the mock with one defect.

    The whole suite stops at the first breach; the family of the clause is run to its end.
    A defect that shows only to the byte is given the limit's exact figure.
    """
    chosen = ["--mock-defect", defect.name, "--effort", effort]
    if defect.needs_limit:
        chosen += ["--target", LIMIT_FILE]
    return (
        [*chosen, "--clause", defect.clause.partition(".")[0]] if family_only else [*chosen, "-x"]
    )


def rows(
    chosen: Sequence[Defect], *, effort: str, family_only: bool = False, at_once: int = AT_ONCE
) -> Iterator[Row]:
    """The verdict on each defect, in order."""
    asked = [options(defect, effort=effort, family_only=family_only) for defect in chosen]
    for defect, verdict in zip(chosen, run_each(asked, at_once), strict=True):
        yield Row(defect, verdict)


def hurried(chosen: Sequence[Defect]) -> Iterator[Row]:
    """The verdict on each defect at `smoke` effort, and at `ci` where that did not tell it right.

    What `smoke` sends is a part of what `ci` sends: a defect that it catches, `ci` catches.
    """
    for row in rows(chosen, effort="smoke"):
        yield row if row.is_right else next(rows([row.defect], effort="ci"))


def combination(number: int) -> tuple[str, ...]:
    """Random variants, half of all: each number gives the same ones every time."""
    names = [name for name in VARIANTS if name != SLOW]
    return tuple(random.Random(number).sample(names, len(names) // 2))


def conforming(combinations: int, *, singly: bool) -> Mapping[str, tuple[str, ...]]:
    """The variants that are held together, by what the table calls them."""
    return {
        **({f"variant {name}": (name,) for name in VARIANTS} if singly else {}),
        **{f"combination {number}": combination(number) for number in range(combinations)},
    }


def judged(
    cases: Mapping[str, Sequence[str]], *, effort: str, at_once: int = AT_ONCE
) -> Iterator[tuple[str, Verdict]]:
    """The verdicts on variants; each should be `held`."""
    asked = [
        [
            *("--effort", effort, "--hypothesis-seed", str(number % SEEDS + 1)),
            *(f"--mock-variant={name}" for name in names),
        ]
        for number, names in enumerate(cases.values())
    ]
    yield from zip(cases, run_each(asked, at_once), strict=True)


def flaking(count: int, *, effort: str, at_once: int = AT_ONCE) -> list[int]:
    """The seeds, of this many, with which the mock as it is was not `held`; none should be."""
    asked = [["--effort", effort, "--hypothesis-seed", str(seed + 1)] for seed in range(count)]
    verdicts = run_each(asked, at_once)
    return [seed + 1 for seed, verdict in enumerate(verdicts) if verdict.exit_code]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the matrix; 0 if all defects are caught, nobody is accused, the clauses are right."""
    given = _given(arguments)
    chosen = [DEFECTS[name] for name in given.names] or list(DEFECTS.values())
    if given.no_defects:
        chosen = []
    else:
        print(HEAD)
    told: list[Row] = []
    for row in rows(chosen, effort=given.effort, family_only=given.family, at_once=given.at_once):
        told.append(row)
        print(row, flush=True)
    cases = conforming(given.combinations, singly=given.singly)
    wrongly = 0
    for case, verdict in judged(cases, effort=given.effort, at_once=given.at_once):
        if not verdict.exit_code:
            print(f"held: {case}", flush=True)
            continue
        wrongly += 1
        print(f"\nACCUSED: {case}: {' '.join(cases[case])}")
        print(verdict.output[-3_000:], flush=True)
    flakes = flaking(given.seeds, effort=given.effort, at_once=given.at_once)
    _summarize(told, len(cases), wrongly)
    if given.seeds:
        print(f"{len(flakes)} of {given.seeds} seeds failed on the mock as it is {flakes or ''}")
    if len(chosen) == len(DEFECTS):
        _list_idle(told, run("--effort", given.effort))
    right = sum(row.is_right for row in told) >= RIGHT * len(told)
    return 0 if all(row.is_caught for row in told) and right and not (wrongly or flakes) else 1


def _given(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.suite.matrix", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="DEFECT", help="default: all")
    parser.add_argument("--effort", default="ci", choices=["smoke", "ci", "nightly"])
    parser.add_argument(
        "--family", action="store_true", help="run the family of the clause it breaks, to the end"
    )
    parser.add_argument(
        "--combinations",
        type=int,
        default=0,
        metavar="N",
        help=f"also hold N random combinations of variants, with {SEEDS} seeds in turn",
    )
    parser.add_argument("--singly", action="store_true", help="also hold each variant alone")
    parser.add_argument(
        "--seeds", type=int, default=0, metavar="N", help="also hold the mock as it is, N seeds"
    )
    parser.add_argument(
        "--at-once",
        type=int,
        default=AT_ONCE,
        metavar="N",
        help="runs at a time; with 1, seconds are those that a user waits (default: %(default)s)",
    )
    parser.add_argument("--no-defects", action="store_true", help="hold only variants and seeds")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(DEFECTS):
        parser.error(f"no such defect: {', '.join(sorted(unknown))}")
    return given


def _summarize(told: Sequence[Row], held: int, wrongly: int) -> None:
    caught = [row for row in told if row.is_caught]
    if told:
        right = sum(row.is_right for row in told)
        print(f"\n{len(caught)} of {len(told)} defects caught")
        print(f"{right} of {len(told)} ({right / len(told):.1%}) told first by their own clause")
    if caught:
        seconds = statistics.median(row.verdict.seconds for row in caught)
        asked = statistics.median(row.verdict.requests for row in caught)
        print(f"to the first breach, median: {seconds:.1f} s, {asked:.0f} requests")
    if held:
        print(f"{wrongly} of {held} variants and combinations accused")


def _list_idle(told: Sequence[Row], clean: Verdict) -> None:
    checked = {one.id for one in clauses.load().values() if one.status != "open"}
    broken = {row.defect.clause for row in told}
    first = {clause for row in told for clause in row.verdict.broken[:1]}
    exercised = {clause for clause, standing in clean.standings.items() if standing != "unchecked"}
    for what, found in (
        ("that no defect breaks", checked - broken),
        ("that caught nothing first", checked - first),
        ("that a run on the mock never exercises", set(clauses.load()) - exercised),
    ):
        print(f"clauses {what}: {', '.join(sorted(found)) or 'none'}")


if __name__ == "__main__":
    sys.exit(main())
