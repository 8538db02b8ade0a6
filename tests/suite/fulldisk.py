"""A pytest plugin for one run: from its first test on no file can be written, as on a full disk."""

import resource

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Let the system refuse each byte; Python gets an OSError, and no signal."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
