"""Fuzzes one target for a bounded time, as `make fuzz SECONDS=60` does for each.

    python -m tests.suite.fuzz mock --seconds 1800

Atheris (libFuzzer) is not among the locked packages: `make fuzz` has an environment with it.
"""

import argparse
import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("Atheris is not in this environment: make fuzz SECONDS=60 makes one that has it")

with atheris.instrument_imports(include=["contracts", "endpoint"]):
    from tests.suite.fuzz.targets import TARGETS, seeds

LONGEST = 1 << 16
"""Bytes of an input; the mock's bound on depth is reached with far less."""

MOST_MEGABYTES = 600
"""Of the whole process, the fuzzer's own tables included; it ends where they are passed."""

SLOWEST_SECONDS = 5
"""For one input, instrumented code being several times slower than it is."""


def main() -> None:
    """Never returns: libFuzzer ends the process, with 0 where nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.suite.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="default: 60")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder)
        for number, seed in enumerate(seeds()):
            (corpus / f"seed-{number}").write_bytes(seed)
        flags = [
            f"-max_total_time={options.seconds}",
            f"-rss_limit_mb={MOST_MEGABYTES}",
            f"-timeout={SLOWEST_SECONDS}",
            f"-max_len={LONGEST}",
            "-print_final_stats=1",
            "-artifact_prefix=reports/fuzz-",
        ]
        Path("reports").mkdir(exist_ok=True)
        atheris.Setup([sys.argv[0], *flags, folder], TARGETS[options.target]())
        atheris.Fuzz()


if __name__ == "__main__":
    main()
