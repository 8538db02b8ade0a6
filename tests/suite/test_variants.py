"""Nobody is accused: the mock in conforming variants holds, alone in kind and in combination."""

import random
from collections.abc import Mapping
from typing import Final

import pytest

from endpoint.mock.variants import VARIANTS
from tests.suite.runs import LIMIT_FILE, Verdict, run, run_each

COMBINATIONS: Final = 6
"""Random halves of all variants, so that each is met about three times, among others."""


def _drawn(seed: int) -> tuple[str, ...]:
    names = [name for name in VARIANTS if name != "slow"]
    return tuple(random.Random(seed).sample(names, len(names) // 2))


CASES: Final[Mapping[str, tuple[str, ...]]] = {
    "all in order": tuple(name for name in VARIANTS if name != "slow"),
    "all in reverse": tuple(name for name in reversed(list(VARIANTS)) if name != "slow"),
    **{f"seed {seed}": _drawn(seed) for seed in range(COMBINATIONS)},
}
"""`slow` is left out: it takes as long as all the others and changes nothing but that."""


@pytest.fixture(scope="module")
def verdicts() -> Mapping[str, Verdict]:
    """The verdict on each combination."""
    asked = [
        ["--effort", "smoke", *(f"--mock-variant={name}" for name in names)]
        for names in CASES.values()
    ]
    return dict(zip(CASES, run_each(asked), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_a_conforming_variant_holds(verdicts: Mapping[str, Verdict], case: str) -> None:
    """However the documentation's freedoms are taken, the verdict is that it holds."""
    verdict = verdicts[case]

    assert verdict.exit_code == 0, f"{CASES[case]}\n{verdict.output[-6000:]}"


def test_an_exact_limit_holds_to_the_byte() -> None:
    """With body_limit_bytes in the target file the mock keeps the limit to the byte."""
    verdict = run("--target", LIMIT_FILE, "--clause", "limit")

    assert verdict.exit_code == 0, verdict.output[-6000:]
