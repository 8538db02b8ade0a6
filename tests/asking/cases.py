"""Test cases that come from the target file: one for each value of each known profile."""

from collections.abc import Sequence
from typing import Final

import pytest

from contracts.matching import MODES
from endpoint.target import Target
from tests.asking.cells import Formats
from tests.asking.oracle import Identifier, Oracle

MOST_FOR_A_MODE: Final = 60
"""Values of one mode that are asked one by one; beyond it, every n-th."""

IN_PAIRS: Final = (Formats("json", "json"), Formats("xml", "xml"))


def parametrize(metafunc: pytest.Metafunc, target: Target) -> None:
    """Give `identifier`, `foreign` and `twin` their cases, named by place and ordinal."""
    oracle = Oracle(target.profiles)
    names = set(metafunc.fixturenames)
    if "identifier" in names:
        found = [(mode, one) for mode in MODES for one in thinned(oracle.identifiers(mode))]
        _in_pairs(metafunc, "identifier", found)
    if "foreign" in names:
        elsewhere = [(mode, one) for mode in MODES for one in thinned(oracle.elsewhere(mode))]
        _in_pairs(metafunc, "foreign", [(m, one) for m, one in elsewhere if oracle.supports(m)])
    if "twin" in names:
        twins = [one for one in oracle.identifiers("custom") if oracle.has_lookalike(one)]
        metafunc.parametrize("twin", twins, ids=str)


def thinned(identifiers: Sequence[Identifier]) -> Sequence[Identifier]:
    """All of them, or every n-th where there are very many."""
    return identifiers[:: max(1, len(identifiers) // MOST_FOR_A_MODE)]


def _in_pairs(
    metafunc: pytest.Metafunc, name: str, found: Sequence[tuple[str, Identifier]]
) -> None:
    metafunc.parametrize(
        ("mode", name, "formats"),
        [
            pytest.param(mode, one, formats, id=f"{mode}-{one}-{formats}", marks=_mark(name, mode))
            for mode, one in found
            for formats in IN_PAIRS
        ],
    )


def _mark(name: str, mode: str) -> tuple[pytest.MarkDecorator, ...]:
    return (pytest.mark.clause(f"matching.{mode}"),) if name == "identifier" else ()
