"""The admin face: health, journal, population, behaviour, reset; below /_mock/.

Nothing here tells the token. A web page in the developer's browser could send requests
to the loopback address; browsers say so in `Origin`, and such requests are refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from endpoint.mock.configuration import Configuration, UnknownNameError
from endpoint.mock.defects import DEFECTS
from endpoint.mock.engine import limit_of
from endpoint.mock.model import ADMIN, Call, Reply
from endpoint.mock.population import FORMS, ID_PREFIX, MOST
from endpoint.mock.variants import VARIANTS

if TYPE_CHECKING:
    from endpoint.mock.server import Server

LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}


class Setting(msgspec.Struct, forbid_unknown_fields=True):
    """What may be set; what is absent stays as it is."""

    variants: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    defect: str | msgspec.UnsetType | None = msgspec.UNSET
    synthetic: int | msgspec.UnsetType = msgspec.UNSET


def handle(server: "Server", call: Call, body: bytes) -> Reply:
    """Answer a call below /_mock/."""
    if _foreign(call):
        return _reply(403, {"message": "requests of web pages are refused"})
    face = call.path.removeprefix(ADMIN)
    if call.method == "GET" and face in SHOWN:
        return _reply(200, SHOWN[face](server, call))
    if call.method in {"POST", "PUT"} and face == "behaviour":
        return _set(server, body)
    if call.method == "POST" and face == "reset":
        server.reset()
        return _reply(200, {"status": "reset"})
    return _reply(404, {"message": "GET " + ", ".join(SHOWN) + "; POST behaviour, reset"})


def _foreign(call: Call) -> bool:
    """Whether a web page of another host sent this, or a name that only seems to be ours."""
    host = urlsplit("//" + call.headers.get("host", "127.0.0.1"))
    if host.hostname not in LOOPBACK:
        return True
    origin = call.headers.get("origin")
    return origin is not None and origin != f"http://{host.netloc}"


def _reply(status: int, data: object) -> Reply:
    body = msgspec.json.encode(data)
    return Reply(
        status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")], body
    )


def _health(server: "Server", _: Call) -> dict[str, object]:
    return {"status": "ok", "requests": server.number}


def _journal(server: "Server", call: Call) -> dict[str, object]:
    query = parse_qs(call.query)
    latest = query.get("latest", ["100"])[0]
    data = server.journal.as_data(int(latest) if latest.isdecimal() else 0)
    if profile_ids := query.get("profile_id"):
        data["counts"] = {one: server.journal.count(one) for one in profile_ids}
    return data


def _batches(server: "Server", _: Call) -> dict[str, object]:
    return server.journal.batches()


def _population(server: "Server", _: Call) -> dict[str, object]:
    settings = server.configuration.settings
    return {
        "profiles": [profile.profile_id for profile in settings.profiles],
        "synthetic": settings.synthetic,
        "synthetic_id": ID_PREFIX + "NNNNNNNN",
        "synthetic_values": {
            place: form.prefix + "NNNNNNNN" + form.suffix for place, form in FORMS.items()
        },
        "trigger_id": settings.trigger_id,
        "field_name": settings.field_name,
        "limit": limit_of(settings, server.behaviour),
    }


def _behaviour(server: "Server", _: Call | None = None) -> dict[str, object]:
    configuration = server.configuration
    return {
        "variants": configuration.variants,
        "defect": configuration.defect,
        "known_variants": {one.name: one.sentence for one in VARIANTS.values()},
        "known_defects": {
            one.name: {"clause": one.clause, "sentence": one.sentence} for one in DEFECTS.values()
        },
    }


def _set(server: "Server", body: bytes) -> Reply:
    """Set variants, defect or population; what was sent and answered before is forgotten."""
    now = server.configuration
    try:
        setting = msgspec.json.decode(body, type=Setting)
        settings = now.settings
        if setting.synthetic is not msgspec.UNSET:
            if not 0 <= setting.synthetic <= MOST:
                raise UnknownNameError(f"synthetic: expected 0 to {MOST}")  # noqa: TRY301 - one way out
            settings = replace(settings, synthetic=setting.synthetic)
        server.reset(
            Configuration(
                settings,
                now.variants if setting.variants is msgspec.UNSET else setting.variants,
                now.defect if setting.defect is msgspec.UNSET else setting.defect,
            )
        )
    except (msgspec.DecodeError, UnknownNameError) as error:
        return _reply(400, {"message": str(error)})
    return _reply(200, _behaviour(server))


SHOWN: Final[Mapping[str, Callable[["Server", Call], dict[str, object]]]] = {
    "health": _health,
    "journal": _journal,
    "batches": _batches,
    "population": _population,
    "behaviour": _behaviour,
}
