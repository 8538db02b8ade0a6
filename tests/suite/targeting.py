"""What the tests of target files share: a plain file, one with a line changed, what is read."""

from collections.abc import Mapping
from pathlib import Path

from endpoint.target import Target, load

ENVIRON = {"ALTCRAFT_TOKEN": "tok-3n", "PADDED": "tok-3n\n", "EMPTY": "", "aa55bb": ""}

PLAIN = """
base_url = "http://127.0.0.1:8080"
token = "tok-3n"
trigger_id = 8
field_name = "Custom_ID"
"""


def read(folder: Path, text: str, environ: Mapping[str, str] = ENVIRON) -> Target:
    """Load a target file that holds this text."""
    path = folder / "staging.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ)


def changed(old: str, new: str) -> str:
    """Return the plain target file with one line changed."""
    assert old in PLAIN
    return PLAIN.replace(old, new)
