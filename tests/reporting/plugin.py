"""The pytest plugin: opens the target, turns test reports into cases, ends with a verdict."""

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings

from contracts import clauses
from endpoint import target as targets
from tests.repeat import past
from tests.reporting import (
    building,
    cases,
    environment,
    interrupts,
    others,
    parallel,
    pinning,
    progress,
    rehearsal,
    resuming,
    selection,
    terminal,
    timebox,
    usage,
    writing,
)
from tests.reporting.ledger import Outcome
from tests.reporting.model import Report
from tests.reporting.run import Run
from tests.reporting.selection import asks, clauses_of
from tests.reporting.verdicts import NotRun

RUN: Final = pytest.StashKey[Run]()

PAST: Final = pytest.StashKey[tuple[past.Past, ...]]()
"""Breaches that earlier runs have kept of the target, where they are to be asked first."""

SPARED: Final = pytest.StashKey[targets.Target]()
"""The target of a dry run, which is not asked."""

REPORT: Final = pytest.StashKey[Report]()

FILES: Final = pytest.StashKey[writing.Files]()
"""What is written at the end."""

GO_ON: Final = pytest.StashKey[str]()
"""How a run that was broken off is continued; empty where it was not."""

PINNED: Final = pytest.StashKey[tuple[str, ...]]()
"""What `--pin` has done, in lines."""

EXAMPLES: Final = {"smoke": 2, "ci": 10, "nightly": 300}
"""Values that Hypothesis draws for one case, by effort."""

CUT_SHORT: Final = "interrupted"

LIVE_EXAMPLES: Final = 1
"""The same on a live target, where each one is a message to somebody."""


def pytest_configure(config: pytest.Config) -> None:
    """Read the target file and settle how many values are drawn."""
    try:
        target = targets.load(config.getoption("target"))
    except targets.TargetError as problem:
        raise pytest.UsageError(str(problem)) from None
    options = config.option
    if options.pin:
        # What is about to be pinned is held against nothing that was.
        target = replace(target, observed={})
    usage.require(config, target)
    if options.dry_run:
        config.stash[SPARED], target = target, rehearsal.stand_in(target)
    try:
        deviations = usage.deviations(config)
    except targets.TargetError as problem:
        raise pytest.UsageError(str(problem)) from None
    run = config.stash[RUN] = Run(
        target,
        tuple(options.mock_variant),
        options.mock_defect,
        reports=Path(options.report_dir),
        environment=environment.of(config),
        deviations=deviations,
        shows_personal=options.show_values,
        lossy=usage.is_lossy(config, target),
    )
    config.pluginmanager.register(interrupts.Interrupts())
    config.stash[FILES] = writing.Files()
    config.pluginmanager.register(config.stash[FILES])
    found = past.of(run.reports, target) if options.past_first else ()
    config.stash[PAST] = tuple(found)
    if parallel.is_wanted(config) and not parallel.is_worker(config):
        config.pluginmanager.register(parallel.Collecting(config, run))
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


def pytest_sessionstart(session: pytest.Session) -> None:
    """Take over what a resumed run knows; tell how far it is where pytest would print a dot."""
    config = session.config
    if config.option.resume and not parallel.is_worker(config):
        resuming.take_over(config.stash[RUN])
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    # With `-v` pytest names each test.
    if reporter and config.option.verbose <= 0 and not parallel.is_worker(config):
        config.pluginmanager.register(progress.Progress(reporter))


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say who is asked and how."""
    target = config.stash[RUN].target
    live = f", live, at most {target.safety.max_sends} sends" if target.safety.live else ""
    who = f"{target.name} ({target.base_url}{live})"
    known = clauses.load()
    others = [one for one in target.observed if one not in known or known[one].status != "open"]
    passed_over = [f"[observed] passed over, no open clause: {', '.join(others)}"] if others else []
    profiles = f"{len(target.profiles)} known profiles"
    return [f"target: {who}, {profiles}, effort {config.option.effort}", *passed_over]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over the test of past breaches where there are none to ask."""
    is_of_past = collection_path.name == selection.OF_PAST and not config.stash[PAST]
    return True if is_of_past else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what was chosen, the plainest first."""
    usage.require_cases(config, items, config.stash[RUN].deviations)
    selection.choose(config, items)
    if config.option.effort == "smoke" or config.option.observe:
        selection.thin(config, items)
    selection.arrange(items, live=config.stash[RUN].target.safety.live)
    selection.put_first(items, {one.kept.test for one in config.stash[PAST]})
    for place, item in enumerate(items):
        item.stash[cases.PLACE] = place
        others.label(config, item, clauses_of(item))
    if config.option.resume:
        resuming.leave_out(config, config.stash[RUN], items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Open the target before the first contract test; with nothing to go on, run none."""
    if session.config.option.collectonly or not any(map(asks, session.items)):
        return None
    parallel.quiet(session.config)
    run = session.config.stash[RUN]
    if run.open():
        timebox.begin(session, run)
        return None
    if not parallel.is_worker(session.config):
        return True
    # xdist's own loop has to run, or the other side would wait for it.
    session.shouldstop = "nothing to go on"
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Enter a case that Ctrl-C has ended: without an outcome JUnit's readers take it for passed."""
    try:
        return (yield)
    except KeyboardInterrupt:
        run = item.config.stash[RUN]
        if asks(item) and all(case.nodeid != item.nodeid for case in run.ledger.cases):
            run.ledger.cases.append(cases.case_of(item, NotRun(CUT_SHORT), run))
            report = parallel.skipped(item.nodeid, item.location, CUT_SHORT)
            item.ihook.pytest_runtest_logreport(report=report)
        raise


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tell the asker which clauses the test is about."""
    run = item.config.stash[RUN]
    if asks(item) and run.is_open:
        run.ask.current = clauses_of(item)
        item.stash[cases.BEFORE] = run.ledger.requests
        timebox.require_time(item.config, run)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Enter the finished case in the ledger."""
    run = item.config.stash[RUN]
    others.conceal(call.excinfo.value if call.excinfo else None, run.hide)
    report = yield
    if not asks(item) or (report.when == "teardown" and report.passed):
        return report
    if report.when == "setup" and report.passed:
        if parallel.is_worker(item.config):
            parallel.tell(report, cases.case_of(item, NotRun(CUT_SHORT), run))
        return report
    error = call.excinfo.value if call.excinfo else None
    case = cases.case_of(item, error, run)
    run.ledger.cases.append(case)
    if parallel.is_worker(item.config):
        parallel.tell(report, case)
    # JUnit takes a case's properties from the item, once it is torn down.
    item.user_properties.extend(cases.properties(case))
    if run.ledger.stopped:
        item.session.shouldstop = run.ledger.stopped
    if case.outcome is Outcome.DEVIATES:
        # As pytest tells a failure that was expected: counted apart, and no failure.
        report.outcome, report.wasxfail, report.longrepr = "skipped", case.reason, None
    if report.failed:
        lines = case.breach.lines if case.breach else [case.reason, f"{report.longrepr}"]
        report.longrepr = run.hide("\n".join(lines))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Set the exit code to the verdict, unless pytest ended in a way of its own."""
    run = session.config.stash[RUN]
    run.close()
    if parallel.is_worker(session.config):
        parallel.hand_over(session.config, run)
        return
    ended = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}
    run.interrupted = exitstatus not in ended and not run.ledger.stopped
    if not run.was_asked or SPARED in session.config.stash:
        return
    if run.interrupted:
        begun = {case.nodeid for case in run.ledger.cases}
        run.not_begun = sum(asks(item) and item.nodeid not in begun for item in session.items)
    run.judge_deviations()
    if not run.interrupted:
        strangers = any(not asks(item) for item in session.items) and session.testsfailed > len(
            run.ledger.breaches
        )
        code = run.ledger.exit_code()
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if strangers and not code else int(code)
    files = session.config.stash[FILES]
    if file := session.config.getoption("summary"):
        data = json.dumps(run.ledger.summary(), indent=2).encode() + b"\n"
        files.attempt("the summary", Path(file), lambda: writing.put(Path(file), data))
    report = session.config.stash[REPORT] = building.report(run, int(session.exitstatus))
    files.attempt(writing.REPORT, run.reports, lambda: writing.write(report, run.reports))
    session.config.stash[GO_ON] = resuming.keep(run)
    if session.config.option.pin:
        file = Path(session.config.option.target)
        session.config.stash[PINNED] = tuple(pinning.pinned(file, report))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """End with the table of clauses, then each breach on one screen."""
    run, spared = config.stash[RUN], config.stash.get(SPARED, None)
    if spared is not None and run.is_open:
        terminalreporter.section("dry run", sep="=")
        for line in rehearsal.lines(run, spared):
            terminalreporter.write_line(line)
    if report := config.stash.get(REPORT, None):
        terminal.summary(terminalreporter, report)
        failures = config.stash[FILES].failures
        if writing.REPORT not in failures:
            terminalreporter.write_line(f"report: {run.reports / writing.NAME}.html")
        for line in failures.values():
            terminalreporter.write_line(line)
        if go_on := config.stash.get(GO_ON, ""):
            terminalreporter.write_line(go_on)
        for line in config.stash.get(PINNED, ()):
            terminalreporter.write_line(line)
