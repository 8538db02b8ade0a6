"""The token of a target file: named by its environment variable, or spelled out for loopback.

What is wrong with a token is told without showing it, and so is what stands where the
variable's name is expected: that is where people paste the token itself.
"""

import re
from collections.abc import Mapping
from typing import Final

from endpoint.secret import Secret
from endpoint.tables import Kind, Table

_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EXPECTED: Final = "the name of the environment variable that holds the API token"


def read(file: Table, environ: Mapping[str, str], *, local: bool) -> tuple[Secret, str | None]:
    """Return the token and the variable it came from; an empty token where it is a mistake.

    Args:
        file: the target file, which holds `token` or `token_env`; mistakes are noted there.
        environ: where variables are looked up.
        local: whether the target is on this machine, where the token itself may stand.
    """
    literal, name = _hidden_text(file, "token"), _hidden_text(file, "token_env")
    if "token" in file and "token_env" in file:
        file.mistake("token", "stands beside token_env; expected one of the two")
    elif literal and (reference := _REFERENCE.fullmatch(literal)):
        return _from_environment(file, "token", reference[1], environ), reference[1]
    elif literal and not local:
        said = "a literal token is accepted for loopback addresses only"
        file.mistake("token", f"{said}; expected token_env, {_EXPECTED}")
    elif literal:
        return Secret(literal), None
    elif name:
        return _from_environment(file, "token_env", name, environ), name
    elif "token" not in file and "token_env" not in file:
        file.mistake("token_env", f"missing; expected {_EXPECTED}")
    return Secret(""), None


def _hidden_text(file: Table, key: str) -> str | None:
    """Return a key's text; None where it is absent or a mistake."""
    hidden = Kind("", lambda value: value)
    value = file.optional(key, hidden)
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value
    if key in file:
        file.mistake(key, "(not shown): expected a non-empty string without control characters")
    return None


def _from_environment(file: Table, key: str, name: str, environ: Mapping[str, str]) -> Secret:
    if not _NAME.fullmatch(name):
        file.mistake(key, f"(not shown) cannot name a variable; expected {_EXPECTED}")
        return Secret("")
    # A pasted token looks like a variable of lower-case letters and digits.
    variable = name if name.isupper() else "that it names (not shown)"
    value = environ.get(name, "")
    if not value:
        what = "empty" if name in environ else "not set"
        file.mistake(key, f"the environment variable {variable} is {what}; expected the API token")
    elif value != value.strip() or not value.isprintable():
        said = "has white space at an end or control characters in it"
        file.mistake(key, f"the environment variable {variable} {said}; expected the API token")
    return Secret(value)
