"""A kept breach's request, made anew for a target: the same bytes, with that target's token."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

from contracts.matching import MODES
from contracts.model import FORMATS, Format, Params
from endpoint.answer import Upload
from endpoint.curl import Masked, filled
from endpoint.target import Target
from tests.asking.ask import Ask
from tests.asking.purposes import DEMANDS
from tests.asking.question import How, Question
from tests.asking.reply import Reply
from tests.asking.sized import Sized
from tests.reporting import saved
from tests.reporting.saved import BODY, PARAMS, Saved, SavedCall, SavedError, SavedQuestion, Text

_USUAL: Final[Mapping[str, object]] = {
    "method": "POST",
    "headers": {},
    "query": "",
    "path_suffix": "",
    "upload": Upload.LENGTH,
    "sizes": (),
    "pause_seconds": 0.0,
    "fresh_connection": False,
    "accept_encoding": None,
    "expect": False,
}
"""Options of a call that nothing is said about."""


class Different(Exception):  # noqa: N818 - a fact about two targets, not an error
    """The request would not mean on this target what it meant on the one that broke it."""


def question(folder: Path, kept: Saved, ask: Ask) -> Question | None:
    """The question that a kept breach's request asked; None where only its test can tell.

    Args:
        folder: where the breach is kept.
        kept: what its recipe says.
        ask: the target that is asked this time.

    Raises:
        Different: the target's settings or profiles give the request another meaning.
        SavedError: a file of the folder cannot be read, or says what none can say.
    """
    if kept.call is None or kept.question is None:
        return None
    target, asked = ask.target, kept.question
    fmt = _format(folder, asked)
    params = cast("Params", json.loads(_filled(folder, PARAMS, asked.params_spelling, target)))
    _require_same_settings(kept, params, target)
    how = _options(kept.call, target)
    if kept.call.has_body:
        how["body"] = _filled(folder, BODY, kept.call.body_spelling, target)
    if asked.either:
        how["either"] = True
    found = Question(params, fmt, cast("How", how), _demand(folder, asked.demand, ask))
    _require_same_profiles(asked, found, ask)
    return found


def _format(folder: Path, asked: SavedQuestion) -> Format:
    for fmt in FORMATS:
        if fmt == asked.format:
            return fmt
    raise SavedError(f"{folder}: a request in {asked.format!r}, which is none of {FORMATS}")


def _filled(folder: Path, name: str, spelling: str, target: Target) -> bytes:
    return filled(target, Masked(saved.read_file(folder, name), spelling))


def _demand(folder: Path, name: str, ask: Ask) -> Callable[[Question], Reply]:
    if name not in DEMANDS:
        raise SavedError(f"{folder}: nothing is demanded by the name of {name!r}")
    owner = ask if hasattr(ask, name) else Sized(ask)
    return cast("Callable[[Question], Reply]", getattr(owner, name))


def _options(call: SavedCall, target: Target) -> dict[str, Any]:
    """The options of the call that differ from the usual ones, and its media type."""
    options: dict[str, Any] = {
        "method": call.method,
        "headers": {name: text and _text(text, target) for name, text in call.headers.items()},
        "query": _text(call.query, target),
        "path_suffix": call.path_suffix,
        "upload": Upload(call.upload),
        "sizes": call.sizes,
        "pause_seconds": call.pause_seconds,
        "fresh_connection": call.fresh_connection,
        "accept_encoding": call.accept_encoding,
        "expect": call.expect,
    }
    differing = {name: value for name, value in options.items() if value != _USUAL[name]}
    return {**differing, "media_type": call.media_type}


def _text(text: Text, target: Target) -> str:
    return filled(target, Masked(text.text.encode(), text.spelling)).decode()


def _require_same_settings(kept: Saved, params: Params, target: Target) -> None:
    before = kept.target
    for name, was, now in (
        ("trigger_id", before.trigger_id, target.trigger_id),
        ("field_name", before.field_name, target.field_name),
    ):
        if was != now and params.get(name) == was:
            raise Different(f"{name} was {was!r} there and is {now!r} here")


def _require_same_profiles(asked: SavedQuestion, found: Question, ask: Ask) -> None:
    if found.mode not in MODES:
        return
    expected = ask.known.oracle.expected(found.mode, found.items, found.fmt)
    if (tuple(sorted(expected.must)), tuple(sorted(expected.may))) != (asked.must, asked.may):
        raise Different("its items find other profiles here than they did there")
