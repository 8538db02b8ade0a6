"""What the mock costs: `python -m benchmarks.mock`.

Each figure of a large body is a ratio to a floor that is measured in the same run and in
turn with it: parsing that body with the fastest safe parser at hand, looking each item
up in a dict, joining the answer, all in one process and without a network.
"""

import contextlib
import gc
import http.client
import os
import selectors
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from lxml import etree

from contracts.model import PATH, REQUEST_MEDIA_TYPES, Format
from endpoint.mock import Running, running
from endpoint.target import load

BODY_BYTES: Final = 9_900_000
ROUNDS: Final = 9
SYNTHETIC: Final = 1_000_000
SMALL_SECONDS: Final = 3.0
SMALL_CONNECTIONS: Final = 8
LARGE_AT_ONCE: Final = 8
TOKEN: Final = load("mock").token.reveal()


class Item(msgspec.Struct, gc=False):
    """An item of the JSON bodies."""

    email: str


class Body(msgspec.Struct):
    """A JSON body, typed as tightly as msgspec can."""

    token: str
    trigger_id: int
    format: str
    matching: str
    data: list[Item]


@dataclass(frozen=True, slots=True)
class Case:
    """A large body, and the dict in which the floor looks its items up.

    Attributes:
        known: value -> profile_id.
        items: how many the body holds.
    """

    name: str
    fmt: Format
    body: bytes
    known: Mapping[str, str]
    items: int
    bar: float


def case(fmt: Format, *, matched: bool) -> Case:
    """A body of 9.9 MB whose items, in ascending order, all find a profile, or nobody.

    In XML the items are phones: e-mails would leave room for 180,000 items only.
    """
    if fmt == "json":
        start = f'{{"token":"{TOKEN}","trigger_id":8,"format":"json","matching":"email","data":['
        left, right, end = '{"email":"', '"},', "]}"
        value = "p{:08d}@synthetic.invalid" if matched else "n{:08d}@elsewhere.invalid"
    else:
        start = (
            f"<xml><token>{TOKEN}</token><trigger_id>8</trigger_id><format>xml</format>"
            "<matching>phone</matching>"
        )
        left, right, end = "<data><phone>", "</phone></data>", "</xml>"
        value = "+99901{:08d}" if matched else "+88801{:08d}"
    width = len(left + value.format(0) + right)
    count = (BODY_BYTES - len(start + end)) // width
    values = [value.format(number) for number in range(count)]
    text = start + left + (right + left).join(values) + right.rstrip(",") + end
    others = values if matched else [f"somebody-{number}" for number in range(count)]
    known = {one: f"5ca1ab1e00000000{number:08d}" for number, one in enumerate(others)}
    name = f"{fmt.upper()}, {'all' if matched else 'none'} matched"
    return Case(name, fmt, text.encode(), known, count, 1.5 if fmt == "json" else 2.0)


def floor_json(one: Case) -> bytes:
    """Parse, look up, join: JSON."""
    request = msgspec.json.decode(one.body, type=Body)
    known = one.known
    ids = [known[item.email] for item in request.data if item.email in known]
    head = b'{"error":0,"error_text":"Successful operation","result":['
    if not ids:
        return head + b"]}"
    return head + ('{"profile_id":"' + '"},{"profile_id":"'.join(ids) + '"}]}').encode()


def floor_xml(one: Case) -> bytes:
    """Parse, look up, join: XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, collect_ids=False
    )
    root = etree.fromstring(one.body, parser)
    known = one.known
    items = root.iter("phone")
    ids = [known[text] for item in items if (text := item.text or "") in known]
    head = b"<xml><error>0</error><error_text>Successful operation</error_text>"
    if not ids:
        return head + b"</xml>"
    left, right = "<result><profile_id>", "</profile_id></result>"
    return head + (left + (right + left).join(ids) + right + "</xml>").encode()


FLOORS: Final[Mapping[Format, Callable[[Case], bytes]]] = {"json": floor_json, "xml": floor_xml}


def _head(fmt: Format, size: int, request_id: str) -> bytes:
    return (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {REQUEST_MEDIA_TYPES[fmt]}\r\n"
        f"Content-Length: {size}\r\nRequest-ID: {request_id}\r\n\r\n"
    ).encode()


def _connected(mock: Running) -> socket.socket:
    address = urlsplit(mock.base_url)
    sock = socket.create_connection((address.hostname, address.port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _read_answer(sock: socket.socket, room: bytearray) -> int:
    """Read one answer; its body's size in bytes."""
    view = memoryview(room)
    have = sock.recv_into(view)
    end = room.find(b"\r\n\r\n", 0, have)
    size = int(room[:end].lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    whole = end + 4 + size
    while have < whole:
        have += sock.recv_into(view[have:])
    return size


def last_byte_to_last_byte(mock: Running, one: Case, room: bytearray) -> float:
    """Seconds from the last byte of a body to the last byte of its answer.

    The last byte leaves when the mock has had time to receive all others.
    """
    with contextlib.closing(_connected(mock)) as sock:
        sock.sendall(_head(one.fmt, len(one.body), f"large-{time.monotonic_ns()}"))
        sock.sendall(memoryview(one.body)[:-1])
        time.sleep(0.1)
        begun = time.perf_counter()
        sock.sendall(one.body[-1:])
        _read_answer(sock, room)
        return time.perf_counter() - begun


def measure_large(mock: Running, one: Case) -> None:
    """Print a case's time and its ratio to the floor, each the median of several rounds."""
    room = bytearray(32 << 20)
    floors, times = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        FLOORS[one.fmt](one)
        floors.append(time.perf_counter() - begun)
        times.append(last_byte_to_last_byte(mock, one, room))
    floor, taken = statistics.median(floors), statistics.median(times)
    print(
        f"{one.name:22} {len(one.body) / 1e6:5.2f} MB {one.items:8,} items"
        f"   floor {floor * 1e3:4.0f} ms   mock {taken * 1e3:4.0f} ms"
        f"   ratio {taken / floor:4.2f}   (bar {one.bar})"
    )


# ------------------------------------------------------------------ memory, and small beside large


def _processes(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *map(int, children)]


def _memory(pids: list[int]) -> int:
    """Bytes of memory of these processes: their share of what they map, and files in memory.

    A body that is arriving is an open file in memory that nobody maps; an answer that is
    leaving is mapped, and its file closed.
    """
    total = 0
    files: dict[int, int] = {}
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
        for fd in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                if "memfd:" in str(fd.readlink()):
                    status = fd.stat()
                    files[status.st_ino] = status.st_blocks * 512
    return total + sum(files.values())


@contextlib.contextmanager
def _sending_large(mock: Running, one: Case, clients: int) -> Iterator[Callable[[], bool]]:
    """Clients that send a large body at once; what is given tells whether all are done."""

    def send() -> None:
        last_byte_to_last_byte(mock, one, bytearray(32 << 20))

    threads = [threading.Thread(target=send) for _ in range(clients)]
    for thread in threads:
        thread.start()
    yield lambda: not any(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join()


def measure_memory(mock: Running, one: Case) -> None:
    """Print the most memory that the mock takes while eight large requests are there."""
    pids = _processes(mock.pid)
    idle = most = _memory(pids)
    with _sending_large(mock, one, LARGE_AT_ONCE) as done:
        while not done():
            most = max(most, _memory(pids))
            time.sleep(0.005)
    print(
        f"memory, {one.name}: {LARGE_AT_ONCE} at once {most / 1e6:.0f} MB,"
        f" before {idle / 1e6:.0f} MB   (bar 400 MB)"
    )


def measure_small_beside_large(mock: Running, one: Case) -> None:
    """Print how long small requests take while large ones are worked on."""
    times = []
    address = urlsplit(mock.base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    with _sending_large(mock, one, 3) as done:
        while not done():
            body = _small_body()
            headers = {"Content-Type": "application/json", "Request-ID": str(time.monotonic_ns())}
            begun = time.perf_counter()
            connection.request("POST", PATH, body, headers)
            connection.getresponse().read()
            times.append(time.perf_counter() - begun)
            time.sleep(0.002)
    connection.close()
    times.sort()
    print(
        f"small beside {one.name}: median {times[len(times) // 2] * 1e3:.1f} ms,"
        f" 99th {times[len(times) * 99 // 100] * 1e3:.1f} ms, worst {times[-1] * 1e3:.1f} ms"
        f" of {len(times)}   (bar 100 ms)"
    )


# ------------------------------------------------------------------ small requests


def _small_body() -> bytes:
    """A request of 300 bytes with its head: three items, one of which finds a profile."""
    items = '{"email":"contract-1@example.com"},{"email":"p00000017@synthetic.invalid"}'
    return (
        f'{{"token":"{TOKEN}","trigger_id":8,"format":"json","matching":"email",'
        f'"skip_triggers":false,"content":{{"H1":"Weather alert","H2":"Welcome to the city"}},'
        f'"data":[{items},{{"email":"nobody@nobody.invalid"}}]}}'
    ).encode()


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _exchange(mock: Running, seconds: float) -> int:
    """Send small requests, each after the answer to the one before; how many were answered."""
    body = _small_body()
    selector = selectors.DefaultSelector()
    number = 0
    for _ in range(SMALL_CONNECTIONS):
        sock = _connected(mock)
        sock.sendall(_head("json", len(body), f"small-{number}") + body)
        selector.register(sock, selectors.EVENT_READ)
        number += 1
    answered = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select(1):
            sock = key.fileobj  # type: ignore[assignment]
            if not sock.recv(65_536):
                raise ConnectionError("the mock closed a connection")
            answered += 1
            number += 1
            sock.sendall(_head("json", len(body), f"small-{number}") + body)
    for key in list(selector.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    selector.close()
    return answered


def measure_small(mock: Running) -> None:
    """Print how many small requests are answered a second, and a CPU second of the mock."""
    _exchange(mock, 0.5)
    cpu, begun = _cpu_seconds(mock.pid), time.perf_counter()
    answered = _exchange(mock, SMALL_SECONDS)
    seconds, cpu = time.perf_counter() - begun, _cpu_seconds(mock.pid) - cpu
    print(
        f"small requests of {len(_small_body())} B, {SMALL_CONNECTIONS} connections:"
        f" {answered / seconds:,.0f} a second, {answered / cpu:,.0f} a CPU second   (bar 7,000)"
    )


def main() -> int:
    """Run all measurements."""
    gc.disable()
    with running(load("mock"), synthetic=SYNTHETIC) as mock:
        measure_small(mock)
        for fmt in FLOORS:
            for matched in (False, True):
                one = case(fmt, matched=matched)
                measure_large(mock, one)
                if matched:
                    measure_small_beside_large(mock, one)
                    measure_memory(mock, one)
    return 0


if __name__ == "__main__":
    sys.exit(main())
