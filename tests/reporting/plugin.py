"""The pytest plugin: opens the target, turns test reports into cases, ends with a verdict."""

import json
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

import pytest
from _pytest.outcomes import Skipped
from hypothesis import HealthCheck, Phase, settings

from contracts import clauses
from endpoint import target as targets
from endpoint.mock.defects import DEFECTS
from endpoint.mock.variants import VARIANTS
from tests.reporting import terminal
from tests.reporting.ledger import Case, Outcome
from tests.reporting.run import Run
from tests.reporting.verdicts import Breach, NotRun, Unreachable, Unsupported

RUN: Final = pytest.StashKey[Run]()

FAMILIES: Final = (
    "endpoint", "access", "parameters", "formats", "matching", "answers", "batches", "payload",
    "spelling", "transport", "dedup", "confidentiality", "limit",
)  # fmt: skip
"""The order in which the files of tests/contract run."""

EXAMPLES: Final = {"smoke": 2, "ci": 10, "nightly": 300}
"""Values that Hypothesis draws for one case, by effort."""

SMOKE_CELLS: Final = 32
"""Cases of one test at `smoke` effort: enough to meet each value of each axis."""

NO_CASE: Final = "no profile of the target file has a value that could show it"

LIVE_EXAMPLES: Final = 1
"""The same on a live target, where each one is a message to somebody."""


def pytest_configure(config: pytest.Config) -> None:
    """Read the target file and settle how many values are drawn."""
    try:
        target = targets.load(config.getoption("target"))
    except targets.TargetError as problem:
        raise pytest.UsageError(str(problem)) from None
    options = config.option
    for name, names in (
        (options.mock_defect, DEFECTS),
        *((v, VARIANTS) for v in options.mock_variant),
    ):
        if name is not None and name not in names:
            raise pytest.UsageError(f"the mock has no {name!r}; `python -m endpoint.mock --help`")
    if (options.mock_variant or options.mock_defect) and not target.is_mock:
        raise pytest.UsageError("--mock-variant and --mock-defect are for the embedded mock only")
    config.stash[RUN] = Run(target, tuple(options.mock_variant), options.mock_defect)
    seeded = config.getoption("hypothesis_seed", None) is not None
    effort = str(options.effort)
    settings.register_profile(
        effort,
        max_examples=LIVE_EXAMPLES if target.safety.live else EXAMPLES[effort],
        derandomize=effort != "nightly" and not seeded,
        database=settings.default.database if effort == "nightly" and settings.default else None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile(effort)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say who is asked and how."""
    target = config.stash[RUN].target
    live = f", live, at most {target.safety.max_sends} sends" if target.safety.live else ""
    who = f"{target.name} ({target.base_url}{live})"
    return [f"target: {who}, {len(target.profiles)} known profiles, effort {config.option.effort}"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ask the plainest things first, so that a breach is met where it is plainest.

    On a live target the clauses take turns, so that a small budget reaches them all.
    """
    _only_chosen(config, items)
    if config.option.effort == "smoke":
        _thin(config, items)
    items.sort(key=_family)
    if config.stash[RUN].target.safety.live:
        turns = _turns(items)
        items.sort(key=turns.__getitem__)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Open the target before the first contract test; with nothing to go on, run none."""
    if session.config.option.collectonly or not any(map(_asks, session.items)):
        return None
    # The breaches are told at the end, one screen each, not as tracebacks.
    session.config.option.tbstyle = "no"
    session.config.option.reportchars = ""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        reporter.reportchars = ""
    return None if session.config.stash[RUN].open() else True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tell the asker which clauses the test is about."""
    run = item.config.stash[RUN]
    if _asks(item) and run.is_open:
        run.ask.current = _clauses(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Enter the finished case in the ledger."""
    report = yield
    run = item.config.stash[RUN]
    if not _asks(item) or (report.when != "call" and report.passed):
        return report
    error = call.excinfo.value if call.excinfo else None
    case = _case(item, error, run)
    run.ledger.cases.append(case)
    # JUnit takes a case's properties from the item, once it is torn down.
    item.user_properties.extend(("clause", clause) for clause in case.clauses)
    if run.ledger.stopped:
        item.session.shouldstop = run.ledger.stopped
    if report.failed:
        text = case.reason if case.breach is None else terminal.in_words(case.breach, run.ask)
        if case.breach is None:
            text = f"{text}\n{report.longrepr}"
        report.longrepr = run.ask.hide(text)
    return report


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Set the exit code to the verdict, unless pytest ended in a way of its own."""
    run = session.config.stash[RUN]
    asked = run.is_open
    run.close()
    if asked and (file := session.config.getoption("summary")):
        Path(file).write_text(json.dumps(run.ledger.summary(), indent=2) + "\n", encoding="utf-8")
    ended = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}
    run.interrupted = exitstatus not in ended and not run.ledger.stopped
    if asked and (exitstatus in ended or run.ledger.stopped):
        others = any(not _asks(item) for item in session.items) and session.testsfailed > len(
            run.ledger.breaches
        )
        code = run.ledger.exit_code()
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if others and not code else int(code)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """End with the table of clauses, then each breach on one screen."""
    run = config.stash[RUN]
    if run.is_open:
        terminal.summary(terminalreporter, run)


def _asks(item: pytest.Item) -> bool:
    """Whether a test asks the target."""
    return "ask" in getattr(item, "fixturenames", ())


def _clauses(item: pytest.Item) -> tuple[str, ...]:
    found = (clause for mark in item.iter_markers("clause") for clause in mark.args)
    return tuple(dict.fromkeys(found))


def _only_chosen(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the clauses or families that --clause names."""
    chosen = set(config.getoption("clause"))
    unknown = chosen - {part for one in clauses.load() for part in (one, one.partition(".")[0])}
    if unknown:
        raise pytest.UsageError(f"--clause {min(unknown)}: no such clause or family")
    if chosen:
        kept = [
            item
            for item in items
            if any({one, one.partition(".")[0]} & chosen for one in _clauses(item))
        ]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def _thin(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep at most `SMOKE_CELLS` cases of each contract test, evenly among all its cells."""
    cells: dict[str, list[pytest.Item]] = {}
    for item in filter(_asks, items):
        cells.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out = set()
    for found in cells.values():
        kept = {found[place * len(found) // SMOKE_CELLS] for place in range(SMOKE_CELLS)}
        left_out |= {item for item in found if item not in kept}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def _family(item: pytest.Item) -> int:
    """The place of a test's file among the families; other tests keep theirs."""
    name = item.path.stem.removeprefix("test_")
    return FAMILIES.index(name) if _asks(item) and name in FAMILIES else len(FAMILIES)


def _turns(items: list[pytest.Item]) -> dict[pytest.Item, int]:
    """Each case's place among those of its clauses: the first of all come before any second."""
    seen: Counter[tuple[str, ...]] = Counter()
    turns = {}
    for item in items:
        turns[item] = seen[_clauses(item)]
        seen[_clauses(item)] += 1
    return turns


def _case(item: pytest.Item, error: BaseException | None, run: Run) -> Case:
    about = run.ask.current or _clauses(item)
    match error:
        case None:
            return Case(item.nodeid, about, Outcome.HELD)
        case Unsupported():
            return Case(item.nodeid, about, Outcome.UNSUPPORTED, str(error))
        case NotRun():
            return Case(item.nodeid, about, Outcome.NOT_RUN, str(error))
        case Skipped():
            # pytest's own, for a test that the target file's profiles give no case to.
            return Case(item.nodeid, _clauses(item), Outcome.UNSUPPORTED, NO_CASE)
    breach = next(_breaches(error), None)
    if breach is not None:
        return Case(item.nodeid, about, Outcome.BROKEN, str(breach), breach)
    if isinstance(error, Unreachable):
        run.ledger.stopped = str(error)
    return Case(item.nodeid, about, Outcome.NO_VERDICT, f"{type(error).__name__}: {error}")


def _breaches(error: BaseException) -> Iterator[Breach]:
    """The breaches in an error, also in what Hypothesis wraps around one that comes and goes."""
    if isinstance(error, Breach):
        yield error
    nested = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for inner in (*nested, error.__cause__, error.__context__):
        if inner is not None:
            yield from _breaches(inner)
