"""Ctrl-C and SIGTERM end a run at a place where nothing is lost: in a test, or between two.

Python raises KeyboardInterrupt wherever the program happens to be. Inside of the hooks with which
pytest and its plugins turn a test into a report, that is an internal error to pytest: no summary,
another exit code, a traceback.
"""

import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, TypeAlias

import pytest

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

_Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None


class Interrupts:
    """The hooks that hold an interrupt back, and those inside of which it comes through."""

    def __init__(self) -> None:
        self._held_back = False
        """Whether an interrupt has to wait where the run is now."""
        self._waiting = False
        self._before: dict[signal.Signals, _Handler] = {}

    def pytest_sessionstart(self) -> None:
        """Take the signals over; only a process's main thread can."""
        if threading.current_thread() is threading.main_thread():
            self._before = {one: signal.signal(one, self._on_signal) for one in _SIGNALS}

    def pytest_unconfigure(self) -> None:
        """Give the signals back."""
        for one, handler in self._before.items():
            signal.signal(one, handler)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Between a test and its report it waits."""
        with self._holding_back():
            ended = yield
        self._come_through()
        return ended

    # Last of the wrappers is innermost: what other plugins wrap around it holds back, too.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_fixture_setup(self) -> Generator[None, object, object]:
        """What a fixture asks of the target need not end first."""
        with self._letting_through():
            return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_pyfunc_call(self) -> Generator[None, object, object]:
        """Nor what a test asks of it."""
        with self._letting_through():
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """The report is written to its end, also for one who presses Ctrl-C twice."""
        self._waiting = False
        with self._holding_back():
            return (yield)

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        # Who insists is not to wait.
        if self._held_back and not self._waiting:
            self._waiting = True
        else:
            raise KeyboardInterrupt(signal.Signals(number).name)

    def _come_through(self) -> None:
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt

    @contextmanager
    def _holding_back(self) -> Iterator[None]:
        before, self._held_back = self._held_back, True
        try:
            yield
        finally:
            self._held_back = before

    @contextmanager
    def _letting_through(self) -> Iterator[None]:
        before, self._held_back = self._held_back, False
        try:
            self._come_through()
            yield
        finally:
            self._held_back = before
