"""Hold servers of others against the suite: which of their bugs it catches, whom it accuses.

A server is a program that knows bugs and variants by name:

    SERVER --list                                    prints {"bugs": [{"name", "breaks"}, ...],
                                                             "variants": [{"name"}, ...]};
                                                     "sure": false is what its author doubts
    SERVER --port N --target FILE [--bug NAME] [--variant NAME[,NAME...]]
                                                     serves the profiles of FILE on 127.0.0.1:N,
                                                     and prints `listening` once it does

First it is held as it is, then with its variants, alone, in groups or in random combinations: each
has to be held. Then each bug, up to the first breach: each has to be caught. Who wrote the server
should not have seen the suite, nor the suite the server.
"""

import argparse
import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NotRequired, TypedDict, TypeVar

from tests.suite.runs import AT_ONCE, Verdict, run

CAUGHT: Final = 0.95
"""The share of the bugs that has to be caught."""

LONGEST: Final = 1_200.0
"""Seconds of one run: some answer slowly."""

BASE_URL: Final = re.compile(r"^base_url\s*=.*$", re.MULTILINE)

T = TypeVar("T")


class Entry(TypedDict):
    """A bug or a variant, as a server lists it."""

    name: str
    breaks: NotRequired[str]
    sure: NotRequired[bool]


class Listed(TypedDict):
    """All that a server lists."""

    bugs: list[Entry]
    variants: list[Entry]


@dataclass(frozen=True, slots=True)
class Case:
    """A server as it is held once.

    Attributes:
        name: what the table calls it.
        options: what the server is started with.
        is_right: whether it keeps the documentation.
        breaks: the sentence that it breaks.
    """

    name: str
    options: tuple[str, ...] = ()
    is_right: bool = True
    breaks: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a server is held.

    Attributes:
        bugs: how many, drawn at random; None for all.
        variants: how many alone, drawn at random; None for all.
        groups: into how many random groups all variants are dealt.
        combinations: how many random halves of all variants.
        only_sure: whether to leave out what its author doubts.
        without: names of bugs and variants to leave out.
        seed: of what is drawn.
    """

    bugs: int | None = None
    variants: int | None = None
    groups: int = 0
    combinations: int = 0
    only_sure: bool = False
    without: Sequence[str] = ()
    seed: int = 1

    def cases(self, listed: Listed) -> list[Case]:
        """The server as it is, variants alone, in groups and in combinations, bugs."""
        draw = random.Random(self.seed)
        names = [one["name"] for one in self._wanted(listed["variants"])]
        halves = [draw.sample(names, len(names) // 2) for _ in range(self.combinations)]
        dealt = draw.sample(names, len(names))
        groups = [dealt[number :: self.groups] for number in range(self.groups)]
        return [
            Case("as it is"),
            *(_varied(name, [name]) for name in _drawn(names, self.variants, draw)),
            *(_varied(f"group {number}", group) for number, group in enumerate(groups) if group),
            *(_varied(f"combination {number}", half) for number, half in enumerate(halves)),
            *map(_wrong, _drawn(self._wanted(listed["bugs"]), self.bugs, draw)),
        ]

    def _wanted(self, listed: Sequence[Entry]) -> list[Entry]:
        return [
            one
            for one in listed
            if one["name"] not in self.without and (one.get("sure", True) or not self.only_sure)
        ]


@dataclass(frozen=True, slots=True)
class Program:
    """Somebody's server, and the target file that describes it."""

    path: Path
    target: Path

    def listed(self) -> Listed:
        """The bugs and variants that it knows."""
        told = subprocess.run(
            [self.path, "--list"], check=True, capture_output=True, text=True, timeout=60
        )
        listed: Listed = json.loads(told.stdout)
        return listed

    def held(self, case: Case, *options: str) -> Verdict:
        """The suite's verdict on the server, up to the first breach where it has a bug."""
        with tempfile.TemporaryDirectory() as folder:
            port = _free_port()
            file = Path(folder) / "target.toml"
            text = self.target.read_text(encoding="utf-8")
            url = f'base_url = "http://127.0.0.1:{port}"'
            file.write_text(BASE_URL.sub(url, text, count=1), encoding="utf-8")
            with self._serving(port, file, case.options):
                first = [] if case.is_right else ["-x"]
                return run("--target", str(file), *options, *first, timeout=LONGEST)

    @contextlib.contextmanager
    def _serving(self, port: int, target: Path, options: Sequence[str]) -> Iterator[None]:
        process = subprocess.Popen(
            [self.path, "--port", str(port), "--target", target, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if "listening" in line:
                    break
            yield
        finally:
            # Some are a script that starts others: all of its group end with it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.stdout.close()
            process.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 0 if nobody who is right is accused and 95 % of the bugs are caught."""
    given = _given(arguments)
    program = Program(given.server.resolve(), given.target)
    choice = Choice(
        bugs=given.bugs,
        variants=given.variants,
        groups=given.groups,
        combinations=given.combinations,
        only_sure=given.sure,
        without=given.without,
        seed=given.seed,
    )
    cases = choice.cases(program.listed())
    if given.named:
        cases = [case for case in cases if case.name in given.named]
    options = ["--effort", given.effort, *(f"--clause={one}" for one in given.clause)]
    caught, wrong = 0, 0
    with ThreadPoolExecutor(given.at_once) as pool:
        verdicts = pool.map(lambda case: program.held(case, *options), cases)
        for case, verdict in zip(cases, verdicts, strict=True):
            print(_line(case, verdict), flush=True)
            if case.is_right and verdict.exit_code:
                wrong += 1
                print(f"{' '.join(case.options)}\n{verdict.output[-4_000:]}", flush=True)
            caught += not case.is_right and is_caught(verdict)
    bugs = sum(not case.is_right for case in cases)
    print(f"\n{caught} of {bugs} bugs caught; {wrong} of {len(cases) - bugs} accused")
    return 0 if caught >= CAUGHT * bugs and not wrong else 1


def is_caught(verdict: Verdict) -> bool:
    """Whether a promise is told as broken: pytest's own failures have the same exit code."""
    return verdict.exit_code == 1 and bool(verdict.broken)


def _line(case: Case, verdict: Verdict) -> str:
    if case.is_right:
        said = f"ACCUSED (exit {verdict.exit_code})" if verdict.exit_code else "held"
    elif is_caught(verdict):
        said = verdict.broken[0]
    else:
        said = f"MISSED (exit {verdict.exit_code}): {case.breaks}"
    return f"{case.name:<44} {verdict.requests:>6} {verdict.seconds:>6.1f} s  {said}"


def _varied(name: str, variants: Sequence[str]) -> Case:
    return Case(name, ("--variant", ",".join(variants)))


def _wrong(bug: Entry) -> Case:
    name = bug["name"]
    return Case(name, ("--bug", name), is_right=False, breaks=bug.get("breaks", ""))


def _drawn(all_of_them: Sequence[T], count: int | None, draw: random.Random) -> Sequence[T]:
    if count is None or count >= len(all_of_them):
        return all_of_them
    return draw.sample(all_of_them, count)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _given(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.suite.foreign",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("server", type=Path, metavar="SERVER", help="the program")
    parser.add_argument("--target", type=Path, required=True, help="its target file, any base_url")
    parser.add_argument("--effort", default="ci", choices=["smoke", "ci", "nightly"])
    parser.add_argument(
        "--clause", action="append", default=[], metavar="ID", help="only it; repeatable"
    )
    parser.add_argument(
        "--named", action="append", metavar="NAME", help="only this bug or variant; repeatable"
    )
    parser.add_argument("--bugs", type=int, metavar="N", help="so many, at random (default: all)")
    parser.add_argument("--variants", type=int, metavar="N", help="so many alone (default: all)")
    parser.add_argument(
        "--groups", type=int, default=0, metavar="N", help="and all of them, dealt into N groups"
    )
    parser.add_argument(
        "--combinations", type=int, default=0, metavar="N", help="and N random halves of them"
    )
    parser.add_argument("--sure", action="store_true", help="without what its author doubts")
    parser.add_argument(
        "--without", action="append", default=[], metavar="NAME", help="not this one; repeatable"
    )
    parser.add_argument(
        "--at-once", type=int, default=AT_ONCE, metavar="N", help="runs at a time (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (default: 1)")
    given = parser.parse_args(arguments)
    for file in (given.server, given.target):
        if not file.is_file():
            parser.error(f"{file}: no such file")
    return given


if __name__ == "__main__":
    sys.exit(main())
