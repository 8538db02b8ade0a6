"""Mutations x the contract suite: what it catches, whom it accuses.

Each mutation is a whole run of its own, through a proxy that changes the target's answers, and
stops at the first breach. A mutation that met no answer to change is told as `never applied`.
The exit code is 0 if every breaking mutation that applied is caught and no conforming one accused.

With --target the answers are those of somebody's target. Each run may cause up to the file's
max_sends real messages, so that all of them together may cause (mutations chosen) x max_sends;
a file that says live = true is refused unless --live is given.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from endpoint import target as targets
from endpoint.address import MOCK
from endpoint.mock import running
from endpoint.target import Target, TargetError
from tests.suite.mutation.message import Mutation
from tests.suite.mutation.mutations import MUTATIONS
from tests.suite.mutation.proxy import proxying
from tests.suite.mutation.redirecting import NotRedirectedError, redirected
from tests.suite.runs import AT_ONCE, TIMEOUT, Verdict, run

TRANSPARENT = Mutation("transparent", None, "Nothing is changed.", lambda _message: None)
"""Not in the table: what a run through the proxy ends with when it changes nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one mutation.

    Attributes:
        applied: how many answers were changed.
    """

    mutation: Mutation
    verdict: Verdict
    applied: int

    @property
    def told(self) -> str:
        """By which clause it was caught, or what else came of it."""
        code, broken = self.verdict.exit_code, self.verdict.broken
        if not self.applied and self.mutation is not TRANSPARENT:
            return "never applied" if code == 0 else f"never applied (exit {code})"
        if self.mutation.breaks is None:
            return "holds" if code == 0 else f"ACCUSED ({', '.join(broken[:1]) or f'exit {code}'})"
        if code not in self.mutation.ends:
            return f"MISSED (exit {code})"
        own = self.mutation.breaks in broken
        return self.mutation.breaks if own else f"{(*broken, f'exit {code}')[0]} *"

    @property
    def is_wrong(self) -> bool:
        """Whether it was missed or accused."""
        unapplied = not self.applied and self.mutation is not TRANSPARENT
        right = (0,) if self.mutation.breaks is None or unapplied else self.mutation.ends
        return self.verdict.exit_code not in right


def tried(mutation: Mutation, source: str = MOCK, effort: str = "smoke") -> Result:
    """Run the contract suite once against a target whose answers are mutated.

    Args:
        mutation: what is changed.
        source: a target file, or "mock".
        effort: as `--effort` of the suite.
    """
    target = targets.load(source)
    with contextlib.ExitStack() as stack:
        base_url = (
            stack.enter_context(running(target)).base_url if target.is_mock else target.base_url
        )
        known = [profile.profile_id for profile in target.profiles]
        proxy = stack.enter_context(
            proxying(base_url, mutation, known=known, ca_file=target.ca_file)
        )
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        file = redirected(source, proxy.base_url, Path(folder))
        try:
            verdict = run("--target", str(file), "--effort", effort, "-x")
        except subprocess.TimeoutExpired:
            verdict = Verdict(-1, (), 0, TIMEOUT, f"no end within {TIMEOUT:g} s")
        return Result(mutation, verdict, proxy.applied)


def tried_each(
    mutations: Sequence[Mutation], source: str = MOCK, effort: str = "smoke"
) -> Iterator[Result]:
    """Try several, as many at once as there are cores, and give the results in order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda one: tried(one, source, effort), mutations)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 0 if nothing is missed and nobody accused, else 1."""
    parser = _parser()
    given = parser.parse_args(arguments)
    table = {**MUTATIONS, TRANSPARENT.name: TRANSPARENT}
    if unknown := set(given.names) - set(table):
        parser.error(f"no such mutation: {', '.join(sorted(unknown))}; --list shows them")
    chosen = [table[name] for name in given.names] or list(MUTATIONS.values())
    if given.only:
        chosen = [one for one in chosen if (one.breaks is None) == (given.only == "conforming")]
    if given.list:
        for one in chosen:
            print(f"{one.name:<32} {one.breaks or 'conforming':<30} {one.sentence}")
        return 0
    try:
        target = targets.load(given.target)
        with tempfile.TemporaryDirectory() as folder:
            redirected(given.target, "http://127.0.0.1:9", Path(folder))
    except (TargetError, NotRedirectedError) as problem:
        parser.error(str(problem))
    if target.safety.live:
        sends = _sends(target, chosen)
        if not given.live:
            parser.error(f"{given.target} says live = true, and this is {sends}: --live allows it")
        print(sends, flush=True)
    return _told(chosen, tried_each(chosen, given.target, given.effort), verbose=given.verbose)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.suite.mutation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="mutations; default: all")
    parser.add_argument(
        "--target", default=MOCK, metavar="FILE", help="whose answers (default: the embedded mock)"
    )
    parser.add_argument("--live", action="store_true", help="allow a file that says live = true")
    parser.add_argument("--effort", default="smoke", choices=["smoke", "ci"])
    parser.add_argument("--only", choices=["breaking", "conforming"], help="one part of the table")
    parser.add_argument("--list", action="store_true", help="print the table, run nothing")
    parser.add_argument(
        "--verbose", action="store_true", help="print what a run said that ended wrongly"
    )
    return parser


def _sends(target: Target, chosen: Sequence[Mutation]) -> str:
    most = target.safety.max_sends
    return f"{len(chosen)} runs of up to {most} sends each: {len(chosen) * most} real messages"


def _told(chosen: Sequence[Mutation], results: Iterator[Result], *, verbose: bool) -> int:
    print(
        f"{'mutation':<32} {'breaks':<29} {'caught by':<32} {'changed':>7} {'requests':>8} {'s':>6}"
    )
    done = []
    for result in results:
        done.append(result)
        mutation, verdict = result.mutation, result.verdict
        print(
            f"{mutation.name:<32} {mutation.breaks or '-':<29} {result.told:<32} "
            f"{result.applied:>7} {verdict.requests:>8} {verdict.seconds:>6.1f}",
            flush=True,
        )
        if verbose and result.is_wrong:
            print(verdict.output[-6000:], flush=True)
    applied = [one for one in done if one.applied]
    breaking = [one for one in applied if one.mutation.breaks]
    caught = [one for one in breaking if not one.is_wrong]
    own = [one for one in caught if one.mutation.breaks in one.verdict.broken]
    free = [one for one in applied if one.mutation.breaks is None]
    accused = [one for one in free if one.is_wrong]
    print(
        f"\n{len(caught)} of {len(breaking)} breaking ones caught, {len(own)} by the clause that "
        f"they break; {len(accused)} of {len(free)} conforming ones accused; "
        f"{len(chosen) - len(applied)} never applied"
    )
    return int(any(one.is_wrong for one in done))


if __name__ == "__main__":
    sys.exit(main())
