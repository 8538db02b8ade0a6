"""The mock's own code, mutated, against the contract suite (`make mutants`).

cosmic-ray changes one place of endpoint/mock in a copy of the tree; a contract run against that
mock, up to the first breach, has to fail. What survives is judged in docs/mutants.md.

The unchanged mock is run first: it has to hold, and tells which lines such a run comes by. Two
kinds of mutants are counted but not run: those on lines that it does not come by, and those on
lines where the policy is asked, because they do what some variant does (test_variants.py).
"""

import argparse
import ast
import contextlib
import difflib
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.suite.runs import LIMIT_FILE, ROOT, mock_with_limit

MODULES: Final = (
    "reading", "reading_json", "reading_xml", "searching", "expanding", "engine", "answers",
    "behaviour", "model", "population", "server", "connection", "inlet", "incoming", "outlet",
    "wire", "worker", "spool", "repeats", "journal",
)  # fmt: skip
"""What decides on an answer; not the admin face, commands, variants, defects."""
MOCK: Final = "endpoint/mock"
COPIED: Final = ("conftest.py", "pyproject.toml", "contracts", "endpoint", "tests")
COLUMNS: Final = ("mutants", "killed", "trivially", "survived", "not reached", "policy")
"""Killed: a clause broke. Trivially: no start, no end, every request refused. Survived: it held."""

TIMEOUT: Final = 90.0
BOUNDS: Final = {resource.RLIMIT_AS: 4 << 30, resource.RLIMIT_FSIZE: 256 << 20}
"""Seconds of a run, bytes of a process and of a file; a mutant may wait or grow for ever."""

USELESS: Final = re.compile(
    r"ReplaceBinaryOperator_BitOr_"  # the union of types
    r"|RemoveDecorator"  # most are @dataclass, without which nothing starts
    r"|ExceptionReplacer"  # cosmic-ray 8.7 fails at dotted names
    r"|_(Eq_Is|Is_Eq|NotEq_IsNot|IsNot_NotEq)$"  # the same for None, types and short texts
)
"""Operators whose mutants cannot be made, do not start, or do the same."""
POLICY: Final = re.compile(r"\bbehaviour\.(?!seams)|^behaviour:    \w+: .* = |^\w+:@")
"""In `module:line`, a line that asks for a choice of `Behaviour`, or is one, or a decorator."""

HOW: Final = """no cosmic-ray here; `make mutants` gives it an environment of its own:
  make mutants ARGS="--sample 10"
  python -m tests.suite.mutants --cosmic-ray .venv-cosmic-ray/bin/cosmic-ray --sample 10"""

CONFIG: Final = """[cosmic-ray]
module-path = {}
excluded-modules = []
timeout = 1
test-command = ""
distributor.name = "local"
"""

MUTATIONS: Final = """SELECT module_path, operator_name, occurrence, start_pos_row, start_pos_col
FROM mutation_specs ORDER BY 1, 4, 5, 2, 3"""

TRACER: Final = """import sys
def local(frame, event, _):
    place = f"{{frame.f_code.co_filename}}:{{frame.f_lineno}}"
    if event == "line" and place not in places:
        places.add(place)
        with open({notes!r}, "a") as file:
            print(place, file=file)
    return local
def tracer(frame, event, _):
    return local if frame.f_code.co_filename.startswith({mock!r}) else None
if "--child" in sys.orig_argv:
    places = set()
    sys.settrace(tracer)
"""
"""A sitecustomize.py that notes the lines of the mock and of the worker that it forks."""


class Mutant(NamedTuple):
    """A change that cosmic-ray can make: the nth occurrence of what an operator applies to."""

    path: str
    operator: str
    occurrence: int
    row: int
    column: int


class Workshop:
    """A copy of the tree, in which cosmic-ray mutates."""

    def __init__(self, folder: Path, cosmic_ray: str) -> None:
        self.folder, self.tree, self.cosmic_ray = folder, folder / "tree", cosmic_ray
        self.tree.mkdir()
        for one in map(ROOT.joinpath, COPIED):
            (shutil.copytree if one.is_dir() else shutil.copy)(one, self.tree / one.name)
        file = mock_with_limit(self.tree)
        # A mock that crashes does not answer, and three requests wait for it.
        file.write_text("timeout_seconds = 5\n" + file.read_text("utf-8"), "utf-8")

    def _tool(self, *arguments: str) -> None:
        subprocess.run([self.cosmic_ray, *arguments], cwd=self.tree, check=True)

    def mutants(self, modules: Sequence[str]) -> list[Mutant]:
        """All that cosmic-ray can change in these modules, in the order of the source."""
        config, session = self.folder / "config.toml", self.folder / "session.sqlite"
        config.write_text(CONFIG.format([f"{MOCK}/{module}.py" for module in modules]))
        self._tool("init", str(config), str(session))
        with contextlib.closing(sqlite3.connect(session)) as found:
            rows = found.execute(MUTATIONS).fetchall()
        return [Mutant(*row) for row in rows if not USELESS.search(row[1])]

    def run(self, **environment: str) -> tuple[int | None, list[str]]:
        """One contract run: its exit code, None after TIMEOUT, and the broken clauses."""
        # Python trusts bytecode of a source with the same size and second.
        shutil.rmtree(self.tree / MOCK / "__pycache__", ignore_errors=True)
        summary = self.tree / "summary.json"
        summary.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "tests/contract", "-x", "-q"]
        process = subprocess.Popen(
            [*command, "--target", LIMIT_FILE, "--summary", summary.name],
            cwd=self.tree,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_bound,  # noqa: PLW1509 - there are no threads
        )
        code = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(TIMEOUT)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the mock too: it may be in a loop
        process.wait()
        return code, json.loads(summary.read_text("utf-8"))["broken"] if summary.exists() else []

    def reached(self) -> defaultdict[str, set[int]]:
        """The rows of each file, by path, that a run with the unchanged mock comes by."""
        notes, mock = str(self.folder / "notes"), str(self.tree / MOCK)
        (self.folder / "sitecustomize.py").write_text(TRACER.format(notes=notes, mock=mock))
        code, broken = self.run(PYTHONPATH=str(self.folder))
        if code != 0:
            sys.exit(f"the unchanged mock does not hold: exit {code}, {', '.join(broken)}")
        rows = defaultdict[str, set[int]](set)
        for line in Path(notes).read_text("utf-8").splitlines():
            name, _, row = line.rpartition(":")
            rows[str(Path(name).relative_to(self.tree))].add(int(row))
        return rows

    def tried(self, mutant: Mutant) -> tuple[str, str, str]:
        """Run a mutant: the column that counts it, what the run ended with, the changed lines."""
        file = self.tree / mutant.path
        original = file.read_text(encoding="utf-8")
        self._tool("apply", mutant.path, mutant.operator, str(mutant.occurrence))
        changed = file.read_text(encoding="utf-8")
        code, broken = self.run()
        file.write_text(original, encoding="utf-8")
        both = difflib.unified_diff(original.splitlines(), changed.splitlines(), n=0, lineterm="")
        diff = "\n".join(line for line in list(both)[2:] if not line.startswith("@@"))
        outcome = "survived" if code == 0 else "killed" if code == 1 and broken else "trivially"
        return outcome, broken[0] if broken else f"exit {code}", diff


def _bound() -> None:
    for limit, most in BOUNDS.items():
        resource.setrlimit(limit, (most, most))


def sample(mutants: Sequence[Mutant], seed: int) -> list[Mutant]:
    """One mutant for each place and kind of operator; any first part is spread over the modules."""
    generator = random.Random(seed)
    places = defaultdict[tuple[object, ...], list[Mutant]](list)
    for one in mutants:
        places[one.path, one.row, one.column, one.operator.partition("_")[0]].append(one)
    chosen = [generator.choice(alike) for alike in places.values()]
    generator.shuffle(chosen)
    sizes, ranks, shares = Counter(one.path for one in chosen), Counter[str](), {}
    for one in chosen:
        shares[one] = (ranks[one.path] + 0.5) / sizes[one.path]
        ranks[one.path] += 1
    return sorted(chosen, key=shares.__getitem__)


def left_aside(one: Mutant, rows: set[int]) -> str:
    """The column of a mutant that need not be run; empty: it has to be."""
    source = (ROOT / one.path).read_text(encoding="utf-8")
    span = range(one.row, one.row + 1)
    for node in ast.walk(ast.parse(source)):  # inner ones come last
        if isinstance(node, ast.stmt) and node.lineno <= one.row <= (node.end_lineno or 0):
            body = getattr(node, "body", None)  # of a compound one its head
            span = range(node.lineno, body[0].lineno if body else (node.end_lineno or 0) + 1)
    if span and rows.isdisjoint(span):
        return "not reached"
    line = source.splitlines()[one.row - 1]
    return "policy" if POLICY.search(f"{Path(one.path).stem}:{line}") else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what comes of each mutant, a table, the survivors, and rows that no run comes by."""
    parser = argparse.ArgumentParser("python -m tests.suite.mutants", description=__doc__)
    add = parser.add_argument
    add("--module", action="append", choices=MODULES, help="may be repeated; default: all")
    add("--sample", type=int, default=150, metavar="N", help="mutants to run (default: 150)")
    add("--seed", type=int, default=0, metavar="S", help="which ones (default: 0)")
    add("--cosmic-ray", default="cosmic-ray", metavar="PROGRAM", help="where it is installed")
    given = parser.parse_args(arguments)
    cosmic_ray = shutil.which(given.cosmic_ray)
    if cosmic_ray is None:
        parser.error(HOW)
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder).resolve(), cosmic_ray)
        mutants = sample(workshop.mutants(given.module or MODULES), given.seed)
        reached = workshop.reached()
        why = {one: left_aside(one, reached[one.path]) for one in mutants}
        table = Counter((one.path, column) for one, column in why.items())
        survivors = []
        for one in [one for one in mutants if not why[one]][: given.sample]:
            begun, place = time.monotonic(), f"{one.path}:{one.row}"
            outcome, told, diff = workshop.tried(one)
            end = f"{time.monotonic() - begun:5.1f} s  {told:<28} {one.operator}"
            print(f"{place:<35} {outcome:<9} {end}", flush=True)
            table.update((one.path, column) for column in ("mutants", outcome))
            survivors += [f"{place}\n{diff}"] if outcome == "survived" else []
    paths = sorted({one.path for one in mutants})
    print(f"\n{'module':<14}", *(f"{name:>11}" for name in COLUMNS))
    for path in paths:
        print(f"{Path(path).stem:<14}", *(f"{table[path, name]:>11}" for name in COLUMNS))
    print(f"{'all':<14}", *(f"{sum(table[path, name] for path in paths):>11}" for name in COLUMNS))
    print("", *survivors, "", sep="\n")
    for path in paths:
        rows = {one.row for one in mutants if (one.path, why[one]) == (path, "not reached")}
        print(f"not reached: {path}:", *sorted(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
