"""Trials of earlier runs: a comparison of hours goes on where it was broken off."""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.side_by_side.subjects import Subject
from benchmarks.side_by_side.trials import Outcome, Trial

Key = tuple[str, str, str]
"""Kind and name of the subject; the way it was tried, with all that the outcome hangs on."""


class UnreadableError(Exception):
    """A file that was given to keep trials in holds something else."""


@dataclass(slots=True)
class Kept:
    """A file with a line of JSON for each trial; without a file, nothing is kept.

    Attributes:
        file: where they stand; made where there is none.
    """

    file: Path | None
    _trials: dict[Key, Trial] = field(init=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Read what is there, and see that more can be written.

        Raises:
            UnreadableError: a line is none of ours, or the file cannot be read and written.
        """
        if self.file is None:
            return
        try:
            with self.file.open("a+", encoding="utf-8") as kept:
                kept.seek(0)
                for number, line in enumerate(kept, 1):
                    self._read(number, line)
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableError(f"{self.file} cannot keep trials: {error}") from error

    def _read(self, number: int, line: str) -> None:
        try:
            said = json.loads(line)
            key = (said["kind"], said["name"], said["way"])
            trial = Trial(Outcome(said["outcome"]), said["why"], said["requests"], said["seconds"])
            self._trials[key] = trial
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableError(f"{self.file}, line {number}: no kept trial") from error

    def trial(self, subject: Subject, way: str, measure: Callable[[], Trial]) -> Trial:
        """The trial as it is kept, or a new one, which is kept as soon as it has ended.

        What ended without a verdict is not kept: the next run tries it again.
        """
        key = (subject.kind, subject.name, way)
        if key in self._trials:
            return self._trials[key]
        trial = measure()
        if self.file is not None and trial.outcome is not Outcome.UNDECIDED:
            entry = {
                "kind": subject.kind,
                "name": subject.name,
                "way": way,
                **asdict(trial),
                "seconds": round(trial.seconds, 1),
                "on": datetime.now(UTC).date().isoformat(),
            }
            with self._lock, self.file.open("a", encoding="utf-8") as kept:
                kept.write(json.dumps(entry, ensure_ascii=False) + "\n")
        return trial
