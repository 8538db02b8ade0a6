"""Bodies of breaches that are too large for a command line: in files, those of the last runs."""

import contextlib
from pathlib import Path
from typing import Final

FOLDER: Final = Path("reports") / "bodies"
"""Where they are kept, from where the suite is run."""

MOST: Final = 64
"""Files that a run leaves to the next: some 10 MB each at the very most."""


def prune(folder: Path = FOLDER) -> None:
    """Remove all but the `MOST` bodies that were written last.

    Called as a run begins: what a run's report names stays at least until the next run.
    """
    # Another run in the same folder may remove the same files: then one of the two does it.
    with contextlib.suppress(FileNotFoundError):
        bodies = sorted(folder.glob("*.body"), key=lambda file: file.stat().st_mtime)
        for file in bodies[:-MOST]:
            file.unlink()
