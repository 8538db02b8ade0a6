"""What other plugins' reports get to see: no token in an exception, and labels for Allure.

A plugin such as allure-pytest writes down what an exception says, and the notes that Hypothesis
puts on it, before our own report is made. Where it is installed, its results are grouped by family
and clause.
"""

from collections.abc import Callable, Iterator
from typing import Final

import pytest

from contracts import clauses

ALLURE: Final = "allure_pytest"
"""The name under which allure-pytest registers itself."""


def conceal(error: BaseException | None, hide: Callable[[str], str]) -> None:
    """Take out of an exception, and of all that led to it, what is not to be written down.

    Args:
        error: the exception; None where there is none.
        hide: takes it out of a text.
    """
    for one in _chain(error, set()):
        one.args = tuple(hide(arg) if isinstance(arg, str) else arg for arg in one.args)
        if notes := getattr(one, "__notes__", None):
            notes[:] = [hide(note) for note in notes]


def label(config: pytest.Config, item: pytest.Item, about: tuple[str, ...]) -> None:
    """Tell Allure, where it is installed, which clauses a case is about.

    Args:
        config: of the session.
        item: the case.
        about: its clauses, the first most of all.
    """
    if not config.pluginmanager.hasplugin(ALLURE):
        return
    known = clauses.load()
    for clause in about:
        labels = {"story": clause, "tag": known[clause].status}
        for kind, value in {"feature": known[clause].family, **labels}.items():
            item.add_marker(pytest.mark.allure_label(value, label_type=kind))


def _chain(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    nested = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for inner in (*nested, error.__cause__, error.__context__):
        yield from _chain(inner, seen)
