"""Prints what runs against hostile servers cost: `python -m tests.suite.hostile [NAME ...]`."""

import argparse
import sys

from tests.suite.hostile.behaviours import BEHAVIOURS
from tests.suite.hostile.meeting import TIMEOUT_SECONDS, meet


def main() -> int:
    """Meet each server that is named, or all; 1 where one run ended otherwise than it should."""
    parser = argparse.ArgumentParser(prog="python -m tests.suite.hostile", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a behaviour; all by default")
    names = parser.parse_args().names or list(BEHAVIOURS)
    if unknown := [name for name in names if name not in BEHAVIOURS]:
        parser.error(f"no behaviour {unknown[0]!r}; there are: {', '.join(BEHAVIOURS)}")
    wrong, slow = 0, list[float]()
    for name in names:
        met = meet(name)
        mark = " " if met.code == BEHAVIOURS[name].code else "!"
        wrong += mark == "!"
        slow.append(met.longest_case)
        print(
            f"{mark} {name:<32} exit {met.code} {met.seconds:5.1f} s {met.megabytes:5.0f} MB"
            f"   longest case {met.longest_case:4.1f} s",
            flush=True,
        )
    print(
        f"{len(names)} behaviours, {wrong} met with another exit code than they should be;"
        f" longest case {max(slow):.1f} s at a timeout of {TIMEOUT_SECONDS} s"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
