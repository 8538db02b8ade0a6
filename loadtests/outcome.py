"""What a run came to: objectives judged, conservation checked, files written, verdict said."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, cast

import locust

from contracts.model import JsonValue
from endpoint.mock import Admin
from endpoint.target import Target
from loadtests import runfile, slo
from loadtests.bodies import Bodies, Body
from loadtests.changes import Comparison, compared
from loadtests.climb import Climb
from loadtests.compare import NotComparable, require_alike, require_comparable, worded
from loadtests.conservation import conserved
from loadtests.gathered import Gathered
from loadtests.measured import Cell, totals
from loadtests.options import Options
from loadtests.record import Conservation, Environment, Judged, Named, Run, Verdict
from loadtests.record import Scenario as ScenarioName
from loadtests.report import html, junit, markdown
from loadtests.scenarios import Scenario
from loadtests.slo import Objectives

EXIT: Final[dict[Verdict, int]] = {"pass": 0, "fail": 1, "inconclusive": 6, "broken": 7}
"""Exit codes by verdict: those of the contract suite."""

THIS: Final = Path("this run")
"""What a run is called beside the files of earlier ones."""


class CannotWrite(Exception):  # noqa: N818 - read as a fact
    """The folder of the reports cannot be made."""


class Outcome:
    """Judges one run and writes its files.

    Raises:
        CannotWrite: there is no folder for its files.
        RunFileError: an earlier run that it is to be compared with cannot be read.
        NotComparable: an earlier run was asked for something else.
    """

    def __init__(
        self,
        options: Options,
        scenario: Scenario,
        target: Target,
        bodies: Bodies,
        objectives: Objectives,
    ) -> None:
        self._options = options
        self._scenario = scenario
        self._target = target
        self._bodies = bodies
        self._objectives = objectives
        self._name = cast("ScenarioName", options.scenario)
        # Before the run: what cannot be read, or written, is told at once, not after an hour.
        self._baselines = [runfile.read(path) for path in options.baseline]
        for run, path in zip(self._baselines, options.baseline, strict=True):
            require_alike(run, path, self._name, self._settings(), THIS)
        try:
            options.out.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise CannotWrite(f"--out {options.out}: {problem.strerror}") from None

    def broken_between(self, gathered: Gathered, start: float, end: float) -> str:
        """The first objective that a stretch of the run broke, in words; empty for none."""
        inside = [one for one in gathered.windows if start <= one.start < end]
        judged = slo.judged(self._objectives, self._name, self._bodies.names, inside)
        return next((slo.told(one) for one in judged if not one.kept), "")

    def conclude(
        self, gathered: Gathered, missing: Sequence[str], climb: Climb | None, mock: Admin | None
    ) -> int:
        """Judge the whole run, write its files, print the verdict; the exit code."""
        run = self._run(gathered, missing, climb, mock)
        folder = self._options.out
        comparison = None
        if self._baselines:
            run, comparison = self._beside_earlier(run)
        runfile.write(run, folder / f"{run.scenario}.json")
        page = html.written(run, comparison)
        (folder / f"{run.scenario}.html").write_text(page, encoding="utf-8")
        summary = markdown.written(run, comparison)
        (folder / f"{run.scenario}.md").write_text(summary, encoding="utf-8")
        (folder / f"{run.scenario}.junit.xml").write_bytes(junit.written(run))
        print(told(run, folder, comparison), file=sys.stderr)
        return run.exit_code

    def _run(
        self, gathered: Gathered, missing: Sequence[str], climb: Climb | None, mock: Admin | None
    ) -> Run:
        windows = tuple(gathered.windows)
        if climb is not None and not climb.done:
            missing = [*missing, "it ended before the first step did: there is nothing to judge"]
        whole = totals(windows)
        objectives: tuple[Judged, ...] = ()
        if climb is None:
            objectives = slo.judged(self._objectives, self._name, self._bodies.names, windows)
        conservation = Conservation()
        if mock is not None:
            conservation = conserved(self._bodies, gathered, mock, all_told=not missing)
        verdict = _verdict(whole, objectives, conservation, missing, climb)
        return Run(
            started=datetime.fromtimestamp(gathered.began or 0, UTC).isoformat(timespec="seconds"),
            seconds=max((one.start + one.seconds for one in windows), default=0.0),
            environment=self._environment(),
            scenario=self._name,
            settings=self._settings(),
            complete=not missing,
            missing=(*missing, *gathered.said),
            names={
                name: self._named(name, whole.get(name) or Cell()) for name in self._bodies.names
            },
            windows=windows,
            verdict=verdict,
            exit_code=EXIT[verdict],
            steps=tuple(climb.done) if climb else (),
            knee=climb.knee if climb else None,
            conservation=conservation,
            objectives=objectives,
        )

    def _named(self, name: str, total: Cell) -> Named:
        own: list[Body] = [body for body in self._bodies.each if body.name == name]
        return Named(
            own[0].format,
            own[0].items,
            len(own[0].payload),
            tuple(dict.fromkeys(body.matching for body in own)),
            total,
        )

    def _settings(self) -> dict[str, JsonValue]:
        own = cast("dict[str, JsonValue]", self._scenario.settings)
        asked: dict[str, JsonValue] = {}
        if self._options.rate is not None:
            asked["rate"] = self._options.rate
        if self._options.seconds is not None:
            asked["seconds"] = float(self._options.seconds)
        for name, tags in (("tags", self._options.tags.only), ("not", self._options.tags.never)):
            if tags:
                asked[name] = sorted(tags)
        return {**own, **asked}

    def _environment(self) -> Environment:
        return Environment(
            suite=_suite_version(),
            python=platform.python_version(),
            locust=locust.__version__,
            platform=f"{platform.system()} {platform.machine()}",
            cpus=len(os.sched_getaffinity(0)),
            target=self._target.name,
            base_url=self._target.base_url,
            live=self._target.safety.live,
        )

    def _beside_earlier(self, run: Run) -> tuple[Run, Comparison | None]:
        """The run, failed where it is worse than the earlier ones, and the comparison."""
        paths = self._options.baseline
        runs = [*self._baselines, run]
        try:
            require_comparable(runs, [*paths, THIS])
        except NotComparable as problem:
            return _unsure(run, f"it was not compared: {problem}"), None
        labels = [*(path.stem for path in paths), str(THIS)]
        found = compared(runs[:-1], run, labels=labels, margin=self._options.margin)
        if found.named("worse") and run.verdict != "broken":
            run = replace(run, verdict="fail", exit_code=EXIT["fail"])
        elif len(found.named("unclear")) == len(found.names):
            run = _unsure(run, "it is too short to be compared with earlier runs")
        return run, found


def _unsure(run: Run, why: str) -> Run:
    """A run that would pass, but for a question that it leaves open."""
    verdict: Verdict = "inconclusive" if run.verdict == "pass" else run.verdict
    return replace(run, verdict=verdict, exit_code=EXIT[verdict], missing=(*run.missing, why))


def _verdict(
    whole: dict[str, Cell],
    objectives: Sequence[Judged],
    conservation: Conservation,
    missing: Sequence[str],
    climb: Climb | None,
) -> Verdict:
    requests = sum(cell.requests for cell in whole.values())
    answered = sum(cell.latency.total() for cell in whole.values())
    if not requests or not answered:
        return "broken"
    if conservation.unexplained or not all(one.kept for one in objectives):
        return "fail"
    if climb is not None and climb.done and climb.knee is None:
        return "fail"
    return "inconclusive" if missing else "pass"


def told(run: Run, folder: Path, comparison: Comparison | None = None) -> str:
    """The verdict for a terminal: one line, a line for each breach, and where the files are."""
    whole = run.whole
    seconds = run.seconds or 1.0
    rates = f"{whole.profiles / seconds:,.0f} profiles/s, {whole.sent / seconds / 1e6:,.1f} MB/s"
    first = (
        f"load verdict: {run.verdict.upper()} - {run.scenario} on {run.environment.target}, "
        f"{whole.requests:,} requests in {run.seconds:.0f} s, {whole.failed:,} failed, {rates}; "
        f"exit code {run.exit_code}"
    )
    lines = [first]
    lines += [f"  broken   {slo.told(one)}" for one in run.breaches]
    if comparison is not None:
        lines += [
            f"  worse    {one.name}: {worded(change)}"
            for one in comparison.names
            for change in one.changes
            if change.word == "worse"
        ]
    lines += [f"  unexplained   {one}" for one in run.conservation.unexplained]
    lines += [f"  missing  {one}" for one in run.missing]
    if run.knee is not None:
        knee = run.steps[run.knee]
        lines.append(
            f"  knee     {knee.users} users: {knee.profiles_per_second:,.0f} profiles a second; "
            f"ended: {run.steps[-1].broken or 'at the most users of the scenario'}"
        )
    elif run.steps:
        lines.append(
            f"  knee     none: the first step broke what was promised: {run.steps[0].broken}"
        )
    lines.append(f"  report   {folder / run.scenario}.html, .md, .junit.xml; run file .json")
    return "\n".join(lines)


def _suite_version() -> str:
    try:
        return version("start-batch-suite")
    except PackageNotFoundError:
        return "0.1.0"
