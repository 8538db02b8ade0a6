"""Clauses x defects: which check catches which bug of the mock (`python -m tests.suite.matrix`).

Each defect is a whole run of its own that stops at the first breach. The table says by which
clause it was caught, whether that is the clause that the defect breaks, and after how many
requests; then come the clauses that no defect breaks and those that caught none.
"""

import argparse
import sys
from collections.abc import Sequence

from contracts import clauses
from endpoint.mock.defects import DEFECTS, Defect
from tests.suite.runs import LIMIT_FILE, Verdict, run_each


def options(defect: Defect, *, effort: str, family_only: bool) -> list[str]:
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the matrix; 0 if every defect is caught, 1 if one is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.suite.matrix", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="DEFECT", help="default: all")
    parser.add_argument("--effort", default="ci", choices=["smoke", "ci", "nightly"])
    parser.add_argument(
        "--family", action="store_true", help="run the family of the clause it breaks, to the end"
    )
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(DEFECTS):
        parser.error(f"no such defect: {', '.join(sorted(unknown))}")
    chosen = [DEFECTS[name] for name in given.names] or list(DEFECTS.values())
    runs = run_each(
        options(defect, effort=given.effort, family_only=given.family) for defect in chosen
    )
    print(f"{'defect':<40} {'breaks':<30} {'caught by':<30} {'requests':>8} {'s':>6}")
    verdicts: dict[str, Verdict] = {}
    for defect, verdict in zip(chosen, runs, strict=True):
        verdicts[defect.name] = verdict
        print(_row(defect, verdict), flush=True)
    return _summary(chosen, verdicts)


def _caught_by(defect: Defect, verdict: Verdict) -> str:
    """The clause that a breach is told of: its own, where it is among them, else the first."""
    if not verdict.broken:
        return f"MISSED (exit {verdict.exit_code})"
    return defect.clause if defect.clause in verdict.broken else f"{verdict.broken[0]} *"


def _row(defect: Defect, verdict: Verdict) -> str:
    return (
        f"{defect.name:<40} {defect.clause:<30} {_caught_by(defect, verdict):<30} "
        f"{verdict.requests:>8} {verdict.seconds:>6.1f}"
    )


def _summary(chosen: Sequence[Defect], verdicts: dict[str, Verdict]) -> int:
    caught = [defect for defect in chosen if verdicts[defect.name].exit_code == 1]
    right = [defect for defect in caught if defect.clause in verdicts[defect.name].broken]
    print(f"\n{len(caught)} of {len(chosen)} caught, {len(right)} by the clause that they break")
    checked = {one.id for one in clauses.load().values() if one.status != "open"}
    broken = {defect.clause for defect in DEFECTS.values()}
    if without := sorted(checked - broken):
        print(f"clauses that no defect breaks: {', '.join(without)}")
    caught_by = {clause for verdict in verdicts.values() for clause in verdict.broken}
    if len(chosen) == len(DEFECTS) and (idle := sorted(checked - caught_by)):
        print(f"clauses that caught nothing first: {', '.join(idle)}")
    return 0 if len(caught) == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
