"""Machines that are none: network namespaces of Linux, joined by a bridge in one more of them."""

import contextlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machine:
    """A network namespace.

    Attributes:
        name: of the namespace.
        address: where the others reach it.
    """

    name: str
    address: str

    @property
    def inside(self) -> tuple[str, ...]:
        """What a command line begins with that is to run there."""
        return ("ip", "netns", "exec", self.name)

    def unplug(self) -> None:
        """Cut it off: nothing arrives any more, and nobody is told."""
        _ip("-n", self.name, "link", "set", "eth0", "down")


def hindrance() -> str:
    """Why this machine lets nobody make namespaces; empty where it does."""
    name = f"load-{os.getpid()}-try"
    try:
        _ip("netns", "add", name)
        _ip("netns", "exec", name, "true")
    except (OSError, subprocess.CalledProcessError) as problem:
        return f"no network namespaces here: {problem}"
    finally:
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            _ip("netns", "delete", name)
    return ""


@contextlib.contextmanager
def machines(count: int) -> Iterator[Sequence[Machine]]:
    """So many machines on one network, which nothing outside can reach."""
    prefix = f"load-{os.getpid()}"
    bridge = f"{prefix}-bridge"
    each = [Machine(f"{prefix}-{at}", f"10.77.0.{at + 1}") for at in range(count)]
    try:
        _ip("netns", "add", bridge)
        _ip("-n", bridge, "link", "add", "br0", "type", "bridge")
        _ip("-n", bridge, "link", "set", "br0", "up")
        for at, one in enumerate(each):
            _ip("netns", "add", one.name)
            _ip(
                *("-n", bridge, "link", "add", f"port{at}", "type", "veth"),
                *("peer", "name", "eth0", "netns", one.name),
            )
            _ip("-n", bridge, "link", "set", f"port{at}", "master", "br0", "up")
            _ip("-n", one.name, "address", "add", f"{one.address}/24", "dev", "eth0")
            _ip("-n", one.name, "link", "set", "eth0", "up")
            _ip("-n", one.name, "link", "set", "lo", "up")
        yield each
    finally:
        for name in (bridge, *(one.name for one in each)):
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
