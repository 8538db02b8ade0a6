"""What all processes of a run have measured, put together second by second."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from loadtests.measured import Cell, Window, totals


@dataclass
class News:
    """What a process has measured since it last told.

    Attributes:
        windows: seconds that have passed, by the clock.
        answered: right answers to each body, by its place among the bodies.
        in_doubt: requests to each body that may have been executed, and got no right answer.
        wrong: what the full check found, by request name and kind.
        said: sentences for the report: what could not be served, or was no longer allowed.
    """

    windows: list[Window] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)
    in_doubt: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, Counter[str]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


@dataclass
class Gathered:
    """The measurements of a run.

    Attributes:
        began: when the run began, in seconds of the clock; the first window says so.
        answered: right answers to each body.
        in_doubt: requests to each body that may have been executed, and got no right answer.
        said: sentences for the report.
    """

    began: float | None = None
    answered: Counter[int] = field(default_factory=Counter)
    in_doubt: Counter[int] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    _seconds: dict[int, Window] = field(default_factory=dict)

    def add(self, news: News) -> None:
        """Count what one process tells."""
        for window in news.windows:
            self._add(window)
        self.answered.update(news.answered)
        self.in_doubt.update(news.in_doubt)
        self.said += [one for one in news.said if one not in self.said]
        for name, kinds in news.wrong.items():
            self._found_wrong(name, kinds)

    @property
    def windows(self) -> Sequence[Window]:
        """All windows, in their order."""
        return [self._seconds[second] for second in sorted(self._seconds)]

    def between(self, start: float, end: float) -> dict[str, Cell]:
        """What each name came to from one second of the run to another."""
        inside = [one for one in self.windows if start <= one.start and one.start < end]
        return totals(inside)

    def clear(self) -> None:
        """Begin again: another run of the same process."""
        self.began = None
        self.answered.clear()
        self.in_doubt.clear()
        self.said.clear()
        self._seconds.clear()

    def remember(self, memory: int) -> None:
        """How many bytes the mock holds now: in all windows that came since it was last told."""
        for window in reversed(self.windows):
            if window.memory:
                return
            window.memory = memory

    def _add(self, window: Window) -> None:
        if self.began is None:
            self.began = window.start
        # A process's second ends a little after a whole one: to its beginning it is rounded.
        second = max(round(window.start - self.began), 0)
        alike = self._seconds.setdefault(second, Window(float(second), 0.0))
        alike.seconds = max(alike.seconds, window.seconds)
        alike.add(window)

    def _found_wrong(self, name: str, kinds: Counter[str]) -> None:
        """Count what the full check found: answers that had counted as right."""
        for window in reversed(self.windows):
            if name in window.cells:
                window.cells[name].failures.update(kinds)
                return
