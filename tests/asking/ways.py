"""The ways in which a request can travel: none of them changes what it means."""

from typing import Final

import pytest

from contracts.sizes import Recipe
from endpoint.answer import Upload
from tests.asking.question import Among, How, OfSize

WAYS: Final[dict[str, How]] = {
    "in a chunk": {"upload": Upload.CHUNKED},
    "in small chunks": {"upload": Upload.CHUNKED, "sizes": (13,)},
    "in pieces": {"upload": Upload.PIECES, "sizes": (60, 100_000)},
    "expecting 100": {"expect": True},
    "for gzip": {"accept_encoding": "gzip"},
    "on its own": {"fresh_connection": True},
    "as a megabyte": {"growth": OfSize(1_048_577, Recipe.ITEMS)},
    "among many": {"growth": Among(12_000, (11_999,))},
}

each_way = pytest.mark.parametrize(
    "way",
    [
        pytest.param(way, marks=pytest.mark.slow if "growth" in how else ())
        for way, how in WAYS.items()
    ],
)
