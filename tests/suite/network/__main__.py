"""Runs through a bad line until so many faults were met: `python -m tests.suite.network`."""

import argparse
import sys
import tempfile
from itertools import count
from pathlib import Path

from tests.suite.network.through import run

TESTS = "tests/contract"


def main() -> int:
    """Print what each run ended with; 1 where the target was accused."""
    parser = argparse.ArgumentParser(prog="python -m tests.suite.network", description=__doc__)
    parser.add_argument("--faults", type=int, default=1000, metavar="N", help="default: 1000")
    parser.add_argument("--share", type=float, default=0.01, help="of exchanges (default: 0.01)")
    parser.add_argument("--effort", default="ci", choices=["smoke", "ci", "nightly"])
    options = parser.parse_args()
    met = wrong = 0
    for seed in count():
        with tempfile.TemporaryDirectory() as folder:
            ended = run(
                Path(folder),
                *("--network", "lossy", "--effort", options.effort, TESTS),
                share=options.share,
                seed=seed,
            )
        faults = sum(ended.line.faults.values())
        met += faults
        wrong += ended.code not in {0, 6}
        print(
            f"seed {seed}: exit {ended.code}, {faults} faults in {ended.summary['requests']} "
            f"requests; broken: {ended.summary['broken']}",
            flush=True,
        )
        if met >= options.faults:
            break
    print(f"{met} faults, {wrong} runs with a false verdict")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
