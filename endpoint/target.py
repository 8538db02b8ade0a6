"""The target file: who is asked, with which token, and which profiles are known there.

Source: spec/target-file.md. A file with mistakes gives one `TargetError` that lists them
all; no message ever holds a token, not even one that was written under a wrong key.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from contracts.model import PATH
from endpoint import address, token
from endpoint.address import MOCK
from endpoint.secret import Secret
from endpoint.tables import (
    COUNT,
    POSITIVE,
    SCALAR,
    SECONDS,
    TEXT,
    TEXT_OR_WHOLE,
    TRUTH,
    Table,
)

MOCK_FILE: Final = Path(__file__).parent / "mock" / "target.toml"

DEFAULT_TIMEOUT: Final = 60.0
"""Seconds, for a target file without `timeout_seconds`."""


class TargetError(Exception):
    """A target file that cannot be used.

    Attributes:
        source: the file.
        mistakes: one sentence for each mistake, beginning with its key.
    """

    def __init__(self, source: Path, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join((f"target file {source} cannot be used:", *mistakes)))
        self.source = source
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """A push subscription: a device's token (`subscription_id`) at a provider."""

    provider: str
    subscription_id: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile made on the target for testing: what it can be found by.

    Attributes:
        profile_id: the system's id, which an answer names.
        email: the profile field.
        phones: the profile field.
        custom: the profile's value of the target's `field_name`.
        email_subs: addresses of e-mail subscriptions.
        phone_subs: numbers of SMS subscriptions.
        push_subs: push subscriptions.
        custom_subs: values of custom-channel subscriptions.
    """

    profile_id: str
    email: str | None = None
    phones: tuple[str, ...] = ()
    custom: str | int | None = None
    email_subs: tuple[str, ...] = ()
    phone_subs: tuple[str, ...] = ()
    push_subs: tuple[PushSubscription, ...] = ()
    custom_subs: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Safety:
    """What a run may do to the people behind a target.

    Attributes:
        live: real messages leave. Where the file is silent: true for any host that is
            not loopback, for a staging that was taken for a mock costs most.
        max_sends: most profiles that one run may cause to be sent to; looked at on live
            targets only. Where the file is silent: 0, nobody, for the same reason.
        allow_load: load runs are not refused.
    """

    live: bool
    max_sends: int = 0
    allow_load: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """One environment that the suite is pointed at.

    Attributes:
        name: the file's name without folder and ending.
        base_url: scheme, host, port and path prefix, without a slash at the end; `mock`
            until the embedded mock has started.
        token: the API token; prints as `***`.
        trigger_id: an active "API call" trigger campaign.
        field_name: the custom database field that `custom` and `custom_sub` search.
        safety: what a run may do.
        profiles: what is known to exist on the target.
        observed: pinned behaviour, by name.
        body_limit_bytes: the exact limit, where the administrator knows it.
        timeout_seconds: for each of connecting, sending and answering.
        ca_file: certificates to trust, absolute.
        token_env: the environment variable that the token came from.
        is_mock: whether this is the embedded mock, started or not.
    """

    name: str
    base_url: str
    token: Secret
    trigger_id: int
    field_name: str
    safety: Safety
    profiles: tuple[Profile, ...] = ()
    observed: Mapping[str, str | int | bool] = field(default_factory=dict)
    body_limit_bytes: int | None = None
    timeout_seconds: float = DEFAULT_TIMEOUT
    ca_file: Path | None = None
    token_env: str | None = None
    is_mock: bool = False

    @property
    def url(self) -> str:
        """The address of the endpoint itself.

        Raises:
            ValueError: the embedded mock has not started; see `at`.
        """
        if self.base_url == MOCK:
            raise ValueError("the embedded mock has no address before it is started")
        return self.base_url + PATH

    @property
    def is_loopback(self) -> bool:
        """Whether requests stay on this machine."""
        return self.base_url == MOCK or address.is_loopback(urlsplit(self.base_url).hostname or "")

    def at(self, base_url: str) -> Self:
        """Return this target at another address: the one that the mock has taken."""
        return replace(self, base_url=address.base_url(base_url))


def load(source: str | Path, environ: Mapping[str, str] = os.environ) -> Target:
    """Read a target file.

    Args:
        source: the file, or "mock" for the embedded mock's own.
        environ: where `token_env` is looked up.

    Raises:
        TargetError: the file cannot be read, or holds mistakes: all of them, one a line.
    """
    path = MOCK_FILE if source == MOCK else Path(source).expanduser()
    mistakes: list[str] = []
    target = _read_target(Table(_toml(path), "", mistakes), path, environ)
    if mistakes:
        raise TargetError(path, tuple(mistakes))
    return replace(target, name=MOCK) if source == MOCK else target


def _toml(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        said = "there is no such file; expected a path, or the word mock"
    except IsADirectoryError:
        said = "it is a folder; expected a file"
    except OSError as error:
        said = f"it cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        said = f"it is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}"
    except tomllib.TOMLDecodeError as error:
        said = f"it is not TOML: {error}"
    raise TargetError(path, (said,))


def _read_target(file: Table, path: Path, environ: Mapping[str, str]) -> Target:
    base_url = file.required("base_url", address.BASE_URL, "")
    host = urlsplit(base_url).hostname or ""
    # Where the address itself is a mistake, nothing is said about the token's host.
    local = base_url in ("", MOCK) or address.is_loopback(host)
    secret, token_env = token.read(file, environ, local=local)
    safety = _safety(file.table("safety"), local=local)
    target = Target(
        name=path.stem,
        base_url=base_url,
        token=secret,
        token_env=token_env,
        trigger_id=file.required("trigger_id", POSITIVE, 0),
        field_name=file.required("field_name", TEXT, ""),
        body_limit_bytes=file.optional("body_limit_bytes", POSITIVE),
        timeout_seconds=file.optional("timeout_seconds", SECONDS) or DEFAULT_TIMEOUT,
        ca_file=file.optional("ca_file", address.certificates(path.parent)),
        safety=safety,
        profiles=_profiles(file),
        observed=file.table("observed").everything(SCALAR),
        is_mock=base_url == MOCK,
    )
    file.finish()
    return target


def _safety(table: Table, *, local: bool) -> Safety:
    live = table.optional("live", TRUTH)
    safety = Safety(
        live=not local if live is None else live,
        max_sends=table.optional("max_sends", COUNT) or 0,
        allow_load=table.optional("allow_load", TRUTH) or False,
    )
    table.finish()
    return safety


def _profiles(file: Table) -> tuple[Profile, ...]:
    profiles: dict[str, Profile] = {}
    for table in file.tables("profiles"):
        profile = _profile(table)
        if profile.profile_id in profiles:
            table.mistake("profile_id", f"{profile.profile_id!r}: stands twice; expected once")
        if profile.profile_id.startswith("<"):
            table.mistake("profile_id", "what stands between < and > has to be changed")
        if profile.profile_id:
            profiles[profile.profile_id] = profile
    return tuple(profiles.values())


def _profile(table: Table) -> Profile:
    profile = Profile(
        profile_id=table.required("profile_id", TEXT, ""),
        email=table.optional("email", TEXT),
        phones=table.all("phones", TEXT),
        custom=table.optional("custom", TEXT_OR_WHOLE),
        email_subs=table.all("email_subs", TEXT),
        phone_subs=table.all("phone_subs", TEXT),
        push_subs=tuple(_push_subscription(each) for each in table.tables("push_subs")),
        custom_subs=table.all("custom_subs", TEXT_OR_WHOLE),
    )
    table.finish()
    return profile


def _push_subscription(table: Table) -> PushSubscription:
    subscription = PushSubscription(
        table.required("provider", TEXT, ""), table.required("subscription_id", TEXT, "")
    )
    table.finish()
    return subscription
