"""TLS as staging environments have it: each refusal says what is wrong and what helps."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from endpoint.answer import Answer, Ending
from endpoint.client import Client
from endpoint.target import Target
from tests.suite.calling import target
from tests.suite.rawserver import ANSWER, Server, answering, serving

LONG_AGO = datetime.now(UTC) - timedelta(days=400)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """An authority of the test's own.

    Attributes:
        folder: where its files are written.
        ca: it.
    """

    folder: Path
    ca: trustme.CA

    @property
    def file(self) -> Path:
        """What a target file names as ca_file."""
        path = self.folder / "ca.pem"
        self.ca.cert_pem.write_to_path(path)
        return path

    def certificate(
        self, *names: str, not_before: datetime | None = None, not_after: datetime | None = None
    ) -> tuple[Path, Path]:
        """Chain and key of a server of these names."""
        issued = self.ca.issue_cert(*names, not_before=not_before, not_after=not_after)
        chain, key = self.folder / "chain.pem", self.folder / "key.pem"
        chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        issued.private_key_pem.write_to_path(key)
        return chain, key


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """An authority that nobody trusts until told to."""
    return Authority(tmp_path, trustme.CA())


def at(server: Server, ca_file: Path | None) -> Target:
    """A target that trusts an authority, or only those of the system."""
    return replace(target(server, scheme="https"), ca_file=ca_file)


def ask(certificate: tuple[Path, Path], ca_file: Path | None) -> Answer:
    """Send one request to a server with this certificate."""
    with (
        serving(answering(ANSWER), certificate=certificate) as server,
        Client(at(server, ca_file)) as client,
    ):
        return client.send(b"{}")


def test_an_authority_of_ones_own_is_trusted_by_ca_file(authority: Authority) -> None:
    """The usual staging: an internal authority, named in the target file."""
    assert ask(authority.certificate("127.0.0.1"), authority.file).ending is Ending.ANSWERED


def test_an_authority_that_nobody_named_is_refused(authority: Authority) -> None:
    """The message names the key of the target file."""
    answer = ask(authority.certificate("127.0.0.1"), None)

    assert (answer.ending, answer.sent_bytes) == (Ending.UNREACHABLE, 0)
    assert "certificate is not trusted" in answer.detail
    assert "Set ca_file in the target file" in answer.detail


def test_another_authority_is_no_help(authority: Authority, tmp_path: Path) -> None:
    """ca_file of one environment, certificate of another."""
    other = Authority(tmp_path / "other", trustme.CA())
    other.folder.mkdir()

    answer = ask(authority.certificate("127.0.0.1"), other.file)

    assert (answer.ending, answer.sent_bytes) == (Ending.UNREACHABLE, 0)


def test_an_expired_certificate_is_told_as_one(authority: Authority) -> None:
    """No setting helps: it has to be renewed."""
    old = authority.certificate("127.0.0.1", not_before=LONG_AGO, not_after=YESTERDAY)

    answer = ask(old, authority.file)

    assert (answer.ending, answer.sent_bytes) == (Ending.UNREACHABLE, 0)
    assert "has expired" in answer.detail
    assert "has to be renewed" in answer.detail
    assert "ca_file" not in answer.detail


def test_a_certificate_of_another_host_is_told_as_one(authority: Authority) -> None:
    """The name in base_url is not the one that the certificate is for."""
    answer = ask(authority.certificate("staging.example.com"), authority.file)

    assert (answer.ending, answer.sent_bytes) == (Ending.UNREACHABLE, 0)
    assert "127.0.0.1" in answer.detail
    assert "Set base_url to the name that stands in it" in answer.detail
    assert "ca_file" not in answer.detail


def test_a_self_signed_certificate_is_refused(tmp_path: Path) -> None:
    """What `openssl req -x509` makes: nobody vouches for it, until ca_file names it."""
    signed = Authority(tmp_path, trustme.CA())
    certificate = (signed.file, tmp_path / "ca.key")
    signed.ca.private_key_pem.write_to_path(certificate[1])

    answer = ask(certificate, None)

    assert (answer.ending, answer.sent_bytes) == (Ending.UNREACHABLE, 0)
    assert "Set ca_file in the target file" in answer.detail


# ------------------------------------------------------------------ client certificates


def demanding(authority: Authority, **environment: str) -> Answer:
    """Send one request to a server that takes only clients with a certificate of its authority."""
    server_certificate = authority.certificate("127.0.0.1")
    demanded = authority.file
    with (
        serving(answering(ANSWER), certificate=server_certificate, clients_of=demanded) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in environment.items():
            patch.setenv(name, value)
        with Client(at(server, demanded)) as client:
            return client.send(b"{}")


def test_a_client_certificate_comes_from_the_environment(authority: Authority) -> None:
    """One PEM file with certificate and key, as curl takes it."""
    own = authority.folder / "client.pem"
    authority.ca.issue_cert("qa@example.com").private_key_and_cert_chain_pem.write_to_path(own)

    assert demanding(authority, ALTCRAFT_CLIENT_CERT=str(own)).ending is Ending.ANSWERED


def test_a_client_certificate_that_is_missing_is_told(authority: Authority) -> None:
    """A server that demands one says so only after the handshake."""
    answer = demanding(authority)

    assert not answer.answered
    assert "ALTCRAFT_CLIENT_CERT" in answer.detail


def test_a_client_certificate_that_is_no_file_is_told(authority: Authority) -> None:
    """The variable is set, the file is not there."""
    answer = demanding(authority, ALTCRAFT_CLIENT_CERT="nowhere.pem")

    assert (answer.ending, answer.sent_bytes) == (Ending.UNREACHABLE, 0)
    assert "nowhere.pem" in answer.detail
