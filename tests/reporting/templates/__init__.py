"""The report's templates, and how they are filled in."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

FOLDERS: Final = (
    Path(__file__).parent,
    # The load report's style sheet: both pages look the same.
    Path(__file__).parents[3] / "loadtests" / "report" / "templates",
)


def page(name: str) -> Template:
    """A template of HTML: what is filled in is escaped."""
    return _environment(escaped=True).get_template(name)


def text(name: str) -> Template:
    """A template of Markdown: what is filled in is escaped by its filters `cell` and `fenced`."""
    return _environment(escaped=False).get_template(name)


def source(name: str) -> str:
    """A template as it is written."""
    return (FOLDERS[0] / name).read_text(encoding="utf-8")


@cache
def _environment(*, escaped: bool) -> Environment:
    # Markdown is no HTML: its own filters escape it.
    environment = Environment(
        loader=FileSystemLoader(FOLDERS),
        autoescape=escaped,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = cell
    environment.filters["fenced"] = fenced
    environment.filters["count"] = "{:,}".format
    return environment


def cell(value: object) -> str:
    """Text that stays one cell of a Markdown table and is no markup."""
    line = " ".join(str(value).split())
    for letter in "\\`*_[]<>|#~$":
        line = line.replace(letter, f"\\{letter}")
    return line


def fenced(value: str) -> str:
    """Text between fences that it cannot close."""
    longest = max((len(run) for run in value.split() if set(run) == {"`"}), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{value}\n{fence}"
