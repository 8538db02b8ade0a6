"""A target as the mock's settings, and a configuration as one line of JSON."""

import msgspec

from endpoint.mock.configuration import Configuration
from endpoint.mock.model import Device, KnownProfile, Settings
from endpoint.target import Profile, Target


def settings(target: Target, synthetic: int = 0) -> Settings:
    """The mock that plays a target.

    Args:
        target: whose token, campaign, field and profiles it knows.
        synthetic: profiles that it makes up besides.
    """
    return Settings(
        token=target.token.reveal(),
        trigger_id=target.trigger_id,
        field_name=target.field_name,
        profiles=tuple(_known(profile) for profile in target.profiles),
        limit=target.body_limit_bytes,
        synthetic=synthetic,
    )


def _known(profile: Profile) -> KnownProfile:
    return KnownProfile(
        profile_id=profile.profile_id,
        email=profile.email,
        phones=profile.phones,
        custom=profile.custom,
        email_subs=profile.email_subs,
        phone_subs=profile.phone_subs,
        push_subs=tuple(Device(push.provider, push.subscription_id) for push in profile.push_subs),
        custom_subs=profile.custom_subs,
    )


def to_line(configuration: Configuration) -> bytes:
    """A configuration as a line that `from_line` reads; it holds the token."""
    return msgspec.json.encode(configuration) + b"\n"


def from_line(line: bytes) -> Configuration:
    """The configuration that `to_line` wrote."""
    return msgspec.json.decode(line, type=Configuration)
