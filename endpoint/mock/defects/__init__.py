"""The defects: each breaks one clause. A check that lets one pass is a check to mend.

They are invented from the sentences of the documentation and the clauses, and hook into
the seams of behaviour.py; the modules follow the families of contracts/clauses.toml.
"""

from collections.abc import Mapping
from typing import Final

from endpoint.mock.defects import (
    access,
    answer,
    batch,
    characters,
    dedup,
    dedup_answers,
    dedup_memory,
    files,
    formats,
    limit,
    malformed,
    matching,
    parameters,
    payload,
    places,
    spelling,
    transport,
    values,
)
from endpoint.mock.defects.base import Defect

DEFECTS: Final[Mapping[str, Defect]] = {
    defect.name: defect
    for family in (
        access,
        parameters,
        malformed,
        matching,
        places,
        values,
        batch,
        formats,
        answer,
        limit,
        payload,
        files,
        spelling,
        characters,
        transport,
        dedup,
        dedup_answers,
        dedup_memory,
    )
    for defect in family.DEFECTS
}

__all__ = ["DEFECTS", "Defect"]
