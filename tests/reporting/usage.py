"""Options that contradict the target, each other, or themselves: told before anything is asked."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from contracts import clauses
from endpoint.address import MOCK
from endpoint.mock.configuration import UnknownNameError
from endpoint.mock.configuration import require as require_name
from endpoint.mock.defects import DEFECTS
from endpoint.mock.variants import VARIANTS
from endpoint.target import Target
from tests.asking.ask import PINNED_JOINT
from tests.deviations import entries
from tests.deviations.entries import Deviation
from tests.reporting import parallel


def require(config: pytest.Config, target: Target) -> None:
    """Demand options that a run can be made with.

    Raises:
        UsageError: they are none; the message names the option.
    """
    options = config.option
    try:
        for variant in options.mock_variant:
            require_name("variant", variant, VARIANTS)
        if options.mock_defect is not None:
            require_name("defect", options.mock_defect, DEFECTS)
    except UnknownNameError as problem:
        raise pytest.UsageError(str(problem)) from None
    if (options.mock_variant or options.mock_defect) and not target.is_mock:
        raise pytest.UsageError("--mock-variant and --mock-defect are for the embedded mock only")
    if options.pin and options.target == MOCK:
        raise pytest.UsageError("--pin writes into a target file of your own: --target FILE")
    for clause, pinned in target.observed.items():
        if wrong := _wrong_pin(clause, str(pinned)):
            raise pytest.UsageError(wrong)
    if options.dry_run and (options.pin or parallel.is_wanted(config)):
        raise pytest.UsageError(
            "--dry-run counts in one process and writes nothing: no -n, no --pin"
        )
    if target.safety.live and parallel.is_wanted(config):
        raise pytest.UsageError("a live target is asked by one process, which counts: no -n")
    if options.minutes is not None and options.minutes <= 0:
        raise pytest.UsageError(f"--minutes {options.minutes:g}: more than 0 is needed")
    reports = Path(options.report_dir)
    if reports.exists() and not reports.is_dir():
        raise pytest.UsageError(f"--report-dir {reports}: it is a file")


def deviations(config: pytest.Config) -> tuple[Deviation, ...]:
    """The known deviations of the target: of the file that is named, or of the one beside it.

    Raises:
        TargetError: the file cannot be read, or holds mistakes.
    """
    named = config.option.deviations
    beside = entries.beside(config.option.target)
    if named:
        return entries.load(Path(named))
    return entries.load(beside) if config.option.target != MOCK and beside.exists() else ()


def require_cases(
    config: pytest.Config, items: list[pytest.Item], known: Sequence[Deviation]
) -> None:
    """Demand that each pattern of the deviations bears on a case, where all cases are there.

    Raises:
        UsageError: one bears on none: it is misspelt, or its test has another name now.
    """
    chosen = config.option.keyword or config.option.markexpr
    if chosen or not any(Path(arg).name in {"contract", "tests"} for arg in config.args):
        return
    cases = [item.nodeid for item in items]
    for one in known:
        for pattern in one.unmet(cases):
            raise pytest.UsageError(f"deviation of {one.clause}: no case is named {pattern!r}")


def _wrong_pin(clause: str, pinned: str) -> str:
    """What is wrong with a pinned behaviour of an open clause; empty where nothing is."""
    known = clauses.load().get(clause)
    if known is None or known.status != "open":
        return ""  # another program's word: said in the header, and held against nothing
    wrong = [one for one in pinned.split(PINNED_JOINT) if one not in known.alternatives]
    if not wrong:
        return ""
    return (
        f"[observed] {clause} = {pinned!r}: {wrong[0]!r} is none of its alternatives "
        f"({', '.join(known.alternatives)})"
    )


def is_lossy(config: pytest.Config, target: Target) -> bool:
    """Whether lost connections may be the network's doing: said so, or there is a network."""
    if config.option.network:
        return bool(config.option.network == "lossy")
    return not target.is_loopback
