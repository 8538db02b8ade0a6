"""What a target file may say about the way to a server: its address, its certificates."""

import ipaddress
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from endpoint.tables import Kind, Unshown

MOCK: Final = "mock"
"""The `base_url` of the embedded mock, and the name of its target file."""

_EXPECTED_URL: Final = "http:// or https://, a host, a port and a path prefix if need be, or mock"


def base_url(value: object) -> str:
    """Return an address without a slash at its end; `mock` stays as it is.

    Raises:
        ValueError: it is no address of an HTTP server.
    """
    if value == MOCK:
        return MOCK
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004  # to the reader of a file, a wrong value like any other
    parts = urlsplit(value)
    _check_url(value, parts)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _check_url(value: str, parts: SplitResult) -> None:
    # Both are places where people put passwords and tokens, so a message repeats neither.
    if "@" in value:
        raise Unshown("a user or a password has no place in it")
    if "<" in value:
        raise ValueError("what stands between < and > has to be changed")
    if "?" in value or "#" in value:
        raise Unshown("no query and no fragment can be kept")
    wrong = (
        (not value.isascii() or not value.isprintable() or " " in value, "odd characters in it"),
        (parts.scheme not in ("http", "https"), "no such scheme"),
        (not parts.hostname, "no host"),
    )
    for is_wrong, why in wrong:
        if is_wrong:
            raise ValueError(why)
    # urlsplit looks at the port only when it is asked for.
    if parts.port == 0:
        raise ValueError("no port has the number 0")


BASE_URL: Final = Kind(_EXPECTED_URL, base_url)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine by its very name: localhost, 127.0.0.0/8, ::1."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def certificates(folder: Path) -> Kind[Path]:
    """Return the kind of a key that names a file of certificates, found from a folder."""

    def read(value: object) -> Path:
        if not isinstance(value, str) or not value:
            raise ValueError
        path = (folder / Path(value).expanduser()).absolute()
        if not path.is_file():
            raise ValueError(f"there is no file {path}")
        try:
            ssl.create_default_context(cafile=path)
        except ssl.SSLError:
            raise ValueError("no certificate in it") from None
        return path

    return Kind("a file of PEM certificates, found from the target file's folder", read)
