"""What driving load costs, beside other generators: `python -m benchmarks.driving`.

Each generator has one core, and the server, which does nothing but read (benchmarks.reading),
has another. All send the same bytes over as many connections, in turn, for several rounds.
The bars are medians of ratios: of what two did in the same round, wrk right after this suite,
since a machine that others share may be a third slower a minute later.

A generator that sleeps between an answer and the next waits for its turn again and again where
others want the same core, and one that only computes does not. So where others take more than
`QUIET` of the two cores, the ratio of requests a CPU second may keep a bar, too.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from benchmarks.generators import (
    CONNECTIONS,
    Autocannon,
    Drive,
    FailedError,
    Generator,
    Locusts,
    Round,
    Wrk,
    rounds,
)
from benchmarks.reading import SIZES, NoCompilerError, Reader, reading
from benchmarks.sharing import Sharing

OURS: Final = "this suite"

MOST_MEMORY: Final = 200_000_000
"""Bytes, with `MEMORY_USERS` users that send the largest bodies."""

MEMORY_USERS: Final = 50

RATE: Final = attrgetter("rate")
EFFICIENCY: Final = attrgetter("efficiency")

QUIET: Final = 0.1
"""The share of the cores that others may take, 0 to 1, while a rate is one of this machine."""

LEAST_OF_TWO: Final = 1.7
"""Times what one process drives, where both have a core that nobody else needs."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How many times another generator's requests a second this suite has to reach."""

    size: str
    other: str
    least: float


BARS: Final = (
    Bar("300 B", "FastHttpUser", 3),
    Bar("300 B", "HttpUser", 20),
    Bar("300 B", "autocannon", 1),
    Bar("1,000 items", "wrk", 0.4),
    Bar("1,000 items", "FastHttpUser", 3),
    Bar("1 MB", "wrk", 0.95),
    Bar("9.9 MB", "wrk", 0.95),
)

Drives = Mapping[str, Sequence[Drive]]
"""By generator, what it did in each round."""


def generators(arguments: argparse.Namespace) -> dict[str, Generator]:
    """All that are compared, by name; one line for each that is not there."""
    known: dict[str, Generator] = {
        OURS: Locusts("ours"),
        # The closest in speed comes next in turn.
        "wrk": Wrk(arguments.wrk),
        "FastHttpUser": Locusts("fast"),
        "HttpUser": Locusts("http"),
        "autocannon": Autocannon(arguments.autocannon),
    }
    for name, one in known.items():
        if one.missing:
            print(f"{name} is left out: {one.missing}")
    return {name: one for name, one in known.items() if not one.missing}


def median(drives: list[Drive]) -> Drive:
    """Of the drives of one generator, by their requests a second."""
    return Drive(
        statistics.median(drive.rate for drive in drives),
        1.0,
        statistics.median(drive.rate / drive.efficiency for drive in drives),
        max(drive.memory for drive in drives),
    )


def times(own: Sequence[Drive], other: Sequence[Drive], figure: Callable[[Drive], float]) -> float:
    """How many times the other's figure the own is: the median of the rounds' ratios."""
    return statistics.median(figure(a) / figure(b) for a, b in zip(own, other, strict=True))


def measure(one: Round, each: Mapping[str, Generator], count: int) -> Drives:
    """Run all generators in turn; print their medians, beside this suite's."""
    found: dict[str, list[Drive]] = {name: [] for name in each}
    for _ in range(count):
        for name, generator in each.items():
            found[name].append(generator.drive(one))
    bytes_each = one.body.stat().st_size
    print(f"\n{one.size}: bodies of {bytes_each:,} B")
    for name, drives in found.items():
        drive = median(drives)
        print(
            f"  {name:14} {drive.rate:9,.0f} requests/s {drive.rate * bytes_each / 1e6:9,.1f} MB/s"
            f"   {drive.efficiency:9,.0f} requests a CPU second"
            f"   {times(found[OURS], drives, RATE):6.2f} times that: {OURS}"
        )
    return found


def judge(bar: Bar, drives: Drives, *, quiet: bool) -> bool:
    """Print a bar; is it kept? One that cannot be measured is not missed."""
    named = f"{bar.size}: {OURS} / {bar.other}"
    if bar.other not in drives:
        print(f"  {named:36} not measured   (bar {bar.least})")
        return True
    own, other = drives[OURS], drives[bar.other]
    by_rate, by_cpu = times(own, other, RATE), times(own, other, EFFICIENCY)
    kept = by_rate >= bar.least or (not quiet and by_cpu >= bar.least)
    print(
        f"  {named:36} {by_rate:6.2f}, by CPU seconds {by_cpu:6.2f}"
        f"   {'kept' if kept else 'MISSED'}   (bar {bar.least})"
    )
    return kept


def measure_memory(reader: Reader, seconds: int) -> bool:
    """Print what many users with large bodies take in one process; is the bar kept?"""
    with rounds(reader, "9.9 MB", seconds) as one:
        drive = Locusts("ours", users=MEMORY_USERS).drive(one)
    kept = drive.memory <= MOST_MEMORY
    print(
        f"\nmemory, {MEMORY_USERS} users with 9.9 MB: {drive.memory / 1e6:.0f} MB"
        f" {'kept' if kept else 'MISSED'}   (bar {MOST_MEMORY / 1e6:.0f} MB)"
    )
    return kept


def measure_processes(one: Round, cores: list[int], count: int) -> bool:
    """Print what two processes drive against one; is the bar kept, where it can be?"""
    alone, both = [], []
    spare = [core for core in cores if core != cores[0]][:2]
    for _ in range(count):
        alone.append(Locusts("ours", cores=spare[:1]).drive(one))
        both.append(
            Locusts("ours", processes=2, cores=spare if len(spare) == 2 else cores).drive(one)
        )
    ratio, share = times(both, alone, RATE), times(both, alone, EFFICIENCY)
    named = f"two processes, {one.size}: {median(both).rate:,.0f} requests/s, {ratio:.2f} times one"
    if len(spare) == 2:
        kept = ratio >= LEAST_OF_TWO
        print(f"{named} {'kept' if kept else 'MISSED'}   (bar {LEAST_OF_TWO})")
        return kept
    print(
        f"{named}; server and processes share {len(cores)} cores, so that there is no bar."
        f" A request costs {1 / share:.2f} times the CPU: on cores of their own"
        f" some {2 * share:.2f} times one"
    )
    return True


def run(arguments: argparse.Namespace) -> int:
    """Run all measurements; 1 if a bar is missed."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        print("driving: a core for the server and one for the generator are needed")
        return 2
    each = generators(arguments)
    # What is started from now on inherits it; the server is moved to its own core.
    os.sched_setaffinity(0, {cores[1]})
    found: dict[str, Drives] = {}
    with reading(cores[0]) as reader:
        sharing = Sharing(cores[:2], reader.pid)
        print(f"{CONNECTIONS} connections, medians of {arguments.rounds} rounds")
        for size in arguments.size or SIZES:
            with rounds(reader, size, arguments.seconds) as one:
                found[size] = measure(one, each, arguments.rounds)
        others = sharing.others()
        quiet = others <= QUIET
        print(f"\nbars; others took {others:.0%} of the two cores")
        kept = [judge(bar, found[bar.size], quiet=quiet) for bar in BARS if bar.size in found]
        kept.append(measure_memory(reader, arguments.seconds))
        with rounds(reader, "300 B", arguments.seconds) as one:
            kept.append(measure_processes(one, cores, arguments.rounds))
    missed = kept.count(False)
    print(f"bars: {f'{missed} missed' if missed else 'all kept'}")
    return 1 if missed else 0


def main() -> int:
    """Do as told on the command line; give 1 if a bar is missed, 2 if nothing can be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="default: %(default)s")
    parser.add_argument("--seconds", type=int, default=2, help="of a round (default: %(default)s)")
    parser.add_argument("--size", action="append", choices=list(SIZES), help="default: all")
    parser.add_argument("--wrk", default="wrk", help="program (default: %(default)s)")
    parser.add_argument("--autocannon", default="autocannon", help="program (default: %(default)s)")
    try:
        return run(parser.parse_args())
    except (FailedError, NoCompilerError) as problem:
        print(f"driving: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
