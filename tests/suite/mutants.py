"""The mock's own code, mutated, against the contract suite (`python -m tests.suite.mutants`).

cosmic-ray changes one place of endpoint/mock in a copy of the tree; a contract run against that
mock, up to the first breach, has to fail. What survives is judged in docs/mutants.md: equivalent,
outside the contract, or a miss.

The unchanged mock is run first: it has to hold, and tells which lines such a run comes by. What
only a variant or a defect switches on cannot be caught, and is not run.
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
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.suite.runs import LIMIT_FILE, ROOT, mock_with_limit

MODULES: Final = (
    "reading", "reading_json", "reading_xml", "searching", "expanding", "engine", "answers",
    "behaviour", "model", "population", "server", "connection", "inlet", "incoming", "outlet",
    "wire", "worker", "spool", "repeats", "journal",
)  # fmt: skip
"""The modules that decide what is answered; not the admin face, commands, variants, defects."""

MOCK: Final = Path("endpoint/mock")
COPIED: Final = ("conftest.py", "pyproject.toml", "contracts", "endpoint", "tests")
OUTCOMES: Final = ("killed", "trivially", "survived")
"""A clause broke; the run ended otherwise (inconclusive, no start, no end); it held."""

TIMEOUT: Final = 120.0
"""Seconds for one run; a mutant may wait for ever."""
MOST_MEMORY: Final = 4 << 30
MOST_FILE: Final = 256 << 20
"""Bytes of a process and of a file; a mutant may grow for ever."""

USELESS: Final = re.compile(
    r"ReplaceBinaryOperator_BitOr_"  # the union of types
    r"|RemoveDecorator"  # most are @dataclass, without which nothing starts
    r"|_(Eq_Is|Is_Eq|NotEq_IsNot|IsNot_NotEq)$"  # the same for None, types and short texts
)
"""Operators whose mutants do not start, or do the same."""

HOW: Final = """there is no cosmic-ray here. requirements.lock has none, so give it a home of its own:
  python3 -m venv /tmp/cosmic-ray && /tmp/cosmic-ray/bin/pip install cosmic-ray==8.7
and name it: --cosmic-ray /tmp/cosmic-ray/bin/cosmic-ray"""

CONFIG: Final = """[cosmic-ray]
module-path = {paths}
timeout = 1
excluded-modules = []
test-command = ""
distributor.name = "local"
"""

TRACER: Final = """import sys
seen = set()
def local(frame, event, _):
    place = f"{{frame.f_code.co_filename}}:{{frame.f_lineno}}"
    if event == "line" and place not in seen:
        seen.add(place)
        with open({reached!r}, "a") as file:
            print(place, file=file)
    return local
def tracer(frame, event, _):
    return local if frame.f_code.co_filename.startswith({mock!r}) else None
if "--child" in sys.orig_argv:
    sys.settrace(tracer)
"""
"""A sitecustomize.py that notes the lines of the mock and of the worker that it forks."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change that cosmic-ray can make: the nth occurrence of what an operator applies to."""

    path: str
    operator: str
    occurrence: int
    row: int
    column: int

    @property
    def module(self) -> str:
        """The module's name in the mock."""
        return Path(self.path).stem


class Workshop:
    """A copy of the tree, in which cosmic-ray mutates."""

    def __init__(self, folder: Path, cosmic_ray: str) -> None:
        self.folder, self.tree, self.cosmic_ray = folder, folder / "tree", cosmic_ray
        self.tree.mkdir()
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, self.tree / name)
        mock_with_limit(self.tree)

    def _tool(self, *arguments: str) -> None:
        subprocess.run([self.cosmic_ray, *arguments], cwd=self.tree, check=True)

    def mutants(self) -> list[Mutant]:
        """All that cosmic-ray can change in the modules, in the order of the source."""
        config, session = self.folder / "config.toml", self.folder / "session.sqlite"
        paths = json.dumps([f"{MOCK}/{module}.py" for module in MODULES])
        config.write_text(CONFIG.format(paths=paths), encoding="utf-8")
        self._tool("init", str(config), str(session))
        with contextlib.closing(sqlite3.connect(session)) as found:
            rows = found.execute(
                "SELECT module_path, operator_name, occurrence, start_pos_row, start_pos_col"
                " FROM mutation_specs ORDER BY 1, 4, 5, 2, 3"
            ).fetchall()
        return [Mutant(*row) for row in rows if not USELESS.search(row[1])]

    def run(self, **environment: str) -> tuple[int | None, list[str]]:
        """One contract run: its exit code, None after TIMEOUT, and the broken clauses."""
        # Python trusts bytecode whose source had the same size in the same second.
        shutil.rmtree(self.tree / MOCK / "__pycache__", ignore_errors=True)
        summary = self.tree / "summary.json"
        summary.unlink(missing_ok=True)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "pytest", "tests/contract", "-x", "-q"),
                *("--target", LIMIT_FILE, "--summary", summary.name),
            ],
            cwd=self.tree,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_bound,  # noqa: PLW1509 - there are no threads
        )
        try:
            code = process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            # The mock too: one that loops does not see that its parent has gone.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said = json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else {}
        return code, list(said.get("broken", ()))

    def reached(self) -> dict[str, set[int]]:
        """The rows of each file, by path, that a run with the unchanged mock comes by."""
        notes, mock = self.folder / "notes", str(self.tree / MOCK)
        (self.folder / "sitecustomize.py").write_text(
            TRACER.format(reached=str(notes), mock=mock), encoding="utf-8"
        )
        code, broken = self.run(PYTHONPATH=str(self.folder))
        if code != 0:
            sys.exit(f"the unchanged mock does not hold: exit {code}, {', '.join(broken)}")
        rows: dict[str, set[int]] = {}
        for line in notes.read_text(encoding="utf-8").splitlines():
            name, _, row = line.rpartition(":")
            rows.setdefault(str(Path(name).relative_to(self.tree)), set()).add(int(row))
        return rows

    def tried(self, mutant: Mutant) -> tuple[str, str, str]:
        """Run a mutant: one of OUTCOMES, what the run ended with, the changed lines."""
        file = self.tree / mutant.path
        original = file.read_text(encoding="utf-8")
        try:
            self._tool("apply", mutant.path, mutant.operator, str(mutant.occurrence))
            changed = file.read_text(encoding="utf-8")
            code, broken = self.run()
        finally:
            file.write_text(original, encoding="utf-8")
        both = difflib.unified_diff(original.splitlines(), changed.splitlines(), n=0, lineterm="")
        diff = "\n".join(line for line in list(both)[2:] if not line.startswith("@@"))
        told = "no end" if code is None else "".join(broken[:1]) or f"exit {code}"
        outcome = "survived" if code == 0 else "killed" if code == 1 and broken else "trivially"
        return outcome, told, diff


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FILE, MOST_FILE))


def sample(mutants: Sequence[Mutant], seed: int) -> list[Mutant]:
    """One mutant for each place and kind of operator, spread over the modules.

    The beginning of it is a sample as well, and the same one whatever comes after.
    """
    generator = random.Random(seed)
    places: dict[tuple[str, int, int, str], list[Mutant]] = {}
    for one in mutants:
        kind = one.operator.partition("_")[0]
        places.setdefault((one.path, one.row, one.column, kind), []).append(one)
    chosen = [generator.choice(alike) for alike in places.values()]
    generator.shuffle(chosen)
    sizes, ranks, shares = Counter(one.path for one in chosen), Counter[str](), {}
    for one in chosen:
        shares[one] = (ranks[one.path] + 0.5) / sizes[one.path]
        ranks[one.path] += 1
    return sorted(chosen, key=shares.__getitem__)


def statements(source: str) -> dict[int, range]:
    """Row -> the rows of the innermost statement there; of a compound one, of its head."""
    spans: dict[int, range] = {}
    for node in ast.walk(ast.parse(source)):  # outer ones first: inner ones overwrite them
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno if body else (node.end_lineno or node.lineno) + 1
            span = range(node.lineno, max(end, node.lineno + 1))
            spans |= dict.fromkeys(span, span)
    return spans


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what comes of each mutant, a table, and the rows that no run comes by."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.suite.mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
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
        found = [one for one in workshop.mutants() if one.module in (given.module or MODULES)]
        rows = workshop.reached()
        spans = {one.path: statements((ROOT / one.path).read_text("utf-8")) for one in found}
        chosen, aside = [], []
        for one in sample(found, given.seed):
            span = spans[one.path].get(one.row, (one.row,))
            (aside if rows.get(one.path, set()).isdisjoint(span) else chosen).append(one)
        _tell(workshop, chosen[: given.sample], aside)
    return 0


def _tell(workshop: Workshop, chosen: Sequence[Mutant], aside: Sequence[Mutant]) -> None:
    table, survivors = {module: Counter[str]() for module in ("all", *MODULES)}, []
    for one in aside:
        table[one.module]["not reached"] += 1
        table["all"]["not reached"] += 1
    for one in chosen:
        begun = time.monotonic()
        outcome, told, diff = workshop.tried(one)
        place = f"{one.path}:{one.row}"
        seconds = time.monotonic() - begun
        print(f"{place:<35} {outcome:<9} {seconds:5.1f} s  {told:<28} {one.operator}", flush=True)
        for name in (one.module, "all"):
            table[name].update((outcome, "mutants"))
        if outcome == "survived":
            survivors.append(f"{place}\n{diff}")
    print(f"\n{'module':<14}", *(f"{name:>11}" for name in ("mutants", *OUTCOMES, "not reached")))
    for module, counts in table.items():
        names = ("mutants", *OUTCOMES, "not reached")
        print(f"{module:<14}", *(f"{counts[name]:>11}" for name in names))
    print("", *survivors, sep="\n")
    for path in sorted({one.path for one in aside}):
        rows = sorted({one.row for one in aside if one.path == path})
        print(f"not reached: {path} {', '.join(map(str, rows))}")


if __name__ == "__main__":
    sys.exit(main())
