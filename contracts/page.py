"""The clauses as a page to read: `python -m contracts.page > docs/clauses.md`."""

import argparse
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from contracts import clauses
from contracts.clauses import Clause

HEAD: Final = """\
# The clauses

Every promise that the suite holds a target to, by family; made from `contracts/clauses.toml` by
`python -m contracts.page`.

| status | where it stands | what a breach does |
|---|---|---|
| documented | on the endpoint's own page | fails the run |
| elsewhere | on another page of the platform's documentation | fails the run, and says so |
| inferred | it follows from a documented statement, for the reason given | fails the run |
| open | nowhere, or pages contradict each other | it is observed; once pinned, a change fails |

Sources, all but the last below guides.altcraft.com:

| name | page |
|---|---|
| SEED | v72/developer-guide/campaigns/trigger-campaigns/37847471, the endpoint's own |
| DA-a | en/developer-guide/campaigns/trigger-campaigns/Data-array_41484531 |
| MATCH, MATCH-ug | en/developer-guide/37848489, en/user-guide/profiles-and-databases/matching |
| API-en, API-ru | en/developer-guide/api-interaction, developer-guide/api-interaction |
| IAS | en/developer-guide/campaigns/trigger-campaigns/22708362 |
| DEDUP | en/developer-guide/miscellaneous/41484312 |
| DEDUP-adm | en/v72/admin-guide/platform-configuration/41484334 |
| UG-TRIG | en/user-guide/api/api-trigger |
| API-old | docs.altcraft.com/display/UAD/API+interaction |

facts.md is the project's collection of what all these pages say; its section 11 numbers what none
of them says.
"""

BEYOND: Final = """\

## What no answer shows

Promises and open questions of the same pages that no request can decide, and that no run holds a
target to.

| promise | source | why it is not asked |
|---|---|---|
"""


def lines() -> Iterator[str]:
    """The page, line by line."""
    yield from HEAD.splitlines()
    for family, members in groupby(clauses.load().values(), key=lambda clause: clause.family):
        yield from (
            "",
            f"## {family}",
            "",
            "| clause | promise | status | source |",
            "|---|---|---|---|",
        )
        yield from map(_row, members)
    yield from BEYOND.splitlines()
    for one in clauses.beyond():
        yield f"| {' | '.join(map(_cell, (one.sentence, one.source, one.why)))} |"


def _row(clause: Clause) -> str:
    promise = clause.sentence
    if clause.alternatives:
        promise += f" One of: {', '.join(clause.alternatives)}."
    if clause.reasoning:
        promise += f" *Because:* {clause.reasoning}"
    cells = (f"`{clause.id}`", promise, clause.status, clause.source)
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    """A text that ends no cell of a table, and is no tag."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def main() -> None:
    """Print the page."""
    argparse.ArgumentParser(prog="python -m contracts.page", description=__doc__).parse_args()
    print("\n".join(lines()))


if __name__ == "__main__":
    main()
