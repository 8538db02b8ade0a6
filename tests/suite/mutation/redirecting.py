"""Target files that lead through the proxy: an existing file's text with another address."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from endpoint import target as targets
from endpoint.address import MOCK
from endpoint.target import MOCK_FILE, Target

MOCK_TIMEOUT: Final = 10.0
"""Seconds for an answer of the embedded mock: a mutation that stalls costs several of them."""


class NotRedirectedError(ValueError):
    """A target file whose text does not stand as this module can edit it."""


def redirected(source: str, base_url: str, folder: Path) -> Path:
    """Write a target file that differs from another in its address only.

    What a file leaves out may depend on its address (`live`), so it is written out.

    Args:
        source: the file, or "mock".
        base_url: the proxy's.
        folder: where the new file is written.

    Raises:
        NotRedirectedError: see there.
    """
    target = targets.load(source)
    path = MOCK_FILE if target.name == MOCK else Path(source).expanduser()
    text = path.read_text("utf-8-sig")
    top = f"base_url = {json.dumps(base_url)}"
    if target.is_mock and "timeout_seconds" not in text:
        top += f"\ntimeout_seconds = {MOCK_TIMEOUT}"
    text = re.sub(r"(?m)^\s*base_url\s*=.*$", lambda _line: top, text, count=1)
    # The proxy speaks TLS to the target, and the suite none to the proxy.
    text = re.sub(r"(?m)^\s*ca_file\s*=.*$", "", text, count=1)
    text = re.sub(r"(?m)^\s*live\s*=.*$", "", text)
    live = f"live = {str(target.safety.live).lower()}"
    if re.search(r"(?m)^\s*\[safety\]", text):
        text = re.sub(r"(?m)^(\s*\[safety\].*)$", rf"\1\n{live}", text, count=1)
    else:
        text += f"\n[safety]\n{live}\n"
    written = folder / f"{path.stem}.toml"
    written.touch(mode=0o600)
    written.write_text(text, encoding="utf-8")
    _check(target, targets.load(written), path)
    return written


def _check(target: Target, found: Target, path: Path) -> None:
    expected = replace(
        target,
        name=path.stem,
        base_url=found.base_url,
        is_mock=False,
        ca_file=None,
        timeout_seconds=found.timeout_seconds,
    )
    if found != expected:
        raise NotRedirectedError(
            f"{path}: base_url, ca_file and [safety] live have to stand on lines of their own"
        )
