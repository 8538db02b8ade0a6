"""The mock endpoint as a command.

Prints its address, then serves until it is interrupted (Ctrl-C, or `kill`). Point any tool at it:
POST to ADDRESS/api/v1.1/campaigns/triggers/start_batch with the token of the target file, whose
profiles it knows; the base_url of that file does not matter to it. Without --target it is
endpoint/mock/target.toml. To hold the suite against it, copy that file with base_url = ADDRESS.

    python -m endpoint.mock --port 8931 --defect result-numbers

Exit codes: 0 it was ended; 1 it cannot listen there; 2 an option or the target file is wrong.
"""

import argparse
import asyncio
import contextlib
import os
import resource
import signal
import sys
from collections.abc import Sequence

from endpoint.mock.configuration import Configuration, UnknownNameError
from endpoint.mock.defects import DEFECTS
from endpoint.mock.server import Server
from endpoint.mock.setup import from_line, settings
from endpoint.mock.variants import VARIANTS
from endpoint.target import TargetError, load


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m endpoint.mock",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--target",
        default="mock",
        metavar="FILE",
        help="target file whose profiles it knows (its own)",
    )
    add("--port", type=int, default=0, metavar="N", help="port on 127.0.0.1 (default: a free one)")
    add("--synthetic", type=int, default=0, metavar="N", help="profiles that it makes up besides")
    add(
        "--variant",
        action="append",
        default=[],
        metavar="NAME",
        help="in another conforming way; repeatable",
    )
    add("--defect", metavar="NAME", help="with one bug")
    add("--list-variants", action="store_true", help="name and sentence of each, then end")
    add("--list-defects", action="store_true", help="name, clause and sentence of each, then end")
    add("--child", action="store_true", help=argparse.SUPPRESS)
    return parser


async def _serve(server: Server, port: int, *, child: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    # Ctrl-C reaches the parent as well, which ends us when it has asked its last question.
    loop.add_signal_handler(signal.SIGINT, (lambda: None) if child else stop.set)
    try:
        bound = await server.listen(port)
        if child:
            # The parent never writes again: what can be read here is the pipe's end.
            loop.add_reader(sys.stdin.fileno(), stop.set)
        print(f"http://127.0.0.1:{bound}", flush=True)
        await stop.wait()
    finally:
        server.close()


def _listed(arguments: argparse.Namespace) -> bool:
    lines: list[str] = []
    if arguments.list_variants:
        lines += [f"{one.name}: {one.sentence}" for one in VARIANTS.values()]
    if arguments.list_defects:
        lines += [f"{one.name} [{one.clause}]: {one.sentence}" for one in DEFECTS.values()]
    if lines:
        print("\n".join(lines))
    return bool(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; its exit status."""
    arguments = _parser().parse_args(argv)
    if _listed(arguments):
        return 0
    try:
        if arguments.child:
            configuration = from_line(_first_line())
        else:
            target = load(arguments.target)
            configuration = Configuration(
                settings(target, arguments.synthetic), tuple(arguments.variant), arguments.defect
            )
    except (TargetError, UnknownNameError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _open_many_files()
    try:
        server = Server(configuration)  # forks its worker: before there is a loop
        asyncio.run(_serve(server, arguments.port, child=arguments.child))
    except OSError as error:
        sys.stderr.write(f"cannot listen on port {arguments.port}: {error.strerror}\n")
        return 1
    return 0


def _open_many_files() -> None:
    """As many connections at once as the system allows, which Go's servers have as well."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _first_line() -> bytes:
    """The first line of standard input, and not a byte more: what follows is the pipe's end."""
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = os.read(0, 1 << 16)
        if not piece:
            break
        line += piece
    return bytes(line)


if __name__ == "__main__":
    sys.exit(main())
