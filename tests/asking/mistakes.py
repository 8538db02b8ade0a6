"""Mistakes that make a request one that is refused: for tests of what comes beside or after it."""

from typing import Final

import pytest

from contracts.model import JsonValue

MISTAKES: Final[dict[str, dict[str, JsonValue]]] = {
    "no token": {"token": None},
    "a wrong token": {"token": "wrong-0123456789"},
    "no trigger_id": {"trigger_id": None},
    "no data": {"data": None},
}
"""What it changes in a valid request; None leaves a parameter out."""

each_mistake = pytest.mark.parametrize("mistake", MISTAKES)
