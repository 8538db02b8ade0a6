"""The reports' templates, and how they are filled in."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template


def page(name: str) -> Template:
    """A template of HTML: what is filled in is escaped."""
    return _environment(escaped=True).get_template(name)


def text(name: str) -> Template:
    """A template of Markdown: what is filled in is escaped by its filter `cell`."""
    return _environment(escaped=False).get_template(name)


@cache
def _environment(*, escaped: bool) -> Environment:
    # Markdown is no HTML: its own filter escapes it.
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=escaped,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    return environment


def _cell(value: object) -> str:
    """Text that stays one cell of a Markdown table and is no markup."""
    line = " ".join(str(value).split())
    for letter in "\\`*_[]<>|#":
        line = line.replace(letter, f"\\{letter}")
    return line
