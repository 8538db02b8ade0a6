"""The embedded mock endpoint: `running(target)` starts it, `python -m endpoint.mock` too."""

from endpoint.mock.configuration import UnknownNameError
from endpoint.mock.running import Admin, MockError, Running, running

__all__ = ["Admin", "MockError", "Running", "UnknownNameError", "running"]
