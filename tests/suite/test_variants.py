"""Nobody is accused: the mock in conforming variants holds, alone in kind and in combination."""

from collections.abc import Mapping
from typing import Final

import pytest

from endpoint.mock.variants import VARIANTS
from tests.suite.matrix import SLOW, combination
from tests.suite.runs import LIMIT_FILE, Verdict, run, run_each

COMBINATIONS: Final = 6
"""Random halves of all variants; `python -m tests.suite.matrix --combinations 200` holds more."""


CASES: Final[Mapping[str, tuple[str, ...]]] = {
    "all in order": tuple(name for name in VARIANTS if name != SLOW),
    "all in reverse": tuple(name for name in reversed(list(VARIANTS)) if name != SLOW),
    **{f"combination {number}": combination(number) for number in range(COMBINATIONS)},
}


@pytest.fixture(scope="module")
def verdicts() -> Mapping[str, Verdict]:
    """The verdict on each combination: at `ci` effort on those of all variants."""
    asked = [
        ["--effort", _effort(case), *(f"--mock-variant={name}" for name in names)]
        for case, names in CASES.items()
    ]
    return dict(zip(CASES, run_each(asked), strict=True))


def _effort(case: str) -> str:
    return "ci" if case.startswith("all") else "smoke"


@pytest.mark.parametrize("case", CASES)
def test_a_conforming_variant_holds(verdicts: Mapping[str, Verdict], case: str) -> None:
    """However the documentation's freedoms are taken, the verdict is that it holds."""
    verdict = verdicts[case]

    assert verdict.exit_code == 0, f"{CASES[case]}\n{verdict.output[-6000:]}"


def test_an_exact_limit_holds_to_the_byte() -> None:
    """With body_limit_bytes in the target file the mock keeps the limit to the byte."""
    verdict = run("--target", LIMIT_FILE, "--clause", "limit")

    assert verdict.exit_code == 0, verdict.output[-6000:]
