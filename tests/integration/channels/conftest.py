"""A sink on loopback, and an installation that is set up to send there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from patients.channels.outgoing import CONNECTIONS, tls_context
from rehab.channels.vapid import new_private_key
from tests.integration.channels.browser_keys import BrowserKeys, unb64
from tests.integration.channels.sink import Sink, certificate_for_loopback, open_sink

MESSAGE = "7b0fbd4e-6f1b-4f4a-9c92-0f6b8a0f6f01"
GROUP = "3f0e2c60-52c8-5a09-8d8e-5a2f7f1f9a02"


@pytest.fixture(autouse=True)
def set_up(settings) -> Iterator[None]:
    settings.VAPID_PRIVATE_KEY = unb64(new_private_key())
    settings.VAPID_SUBJECT = "mailto:ops@example.org"
    settings.OUTGOING_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    settings.OUTGOING_TIMEOUT_SECONDS = 2
    yield
    CONNECTIONS.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with open_sink() as opened:
        yield opened


@pytest.fixture
def tls_sink(tmp_path: Path, monkeypatch) -> Iterator[Sink]:
    """A sink that speaks TLS, with a certificate that this process trusts."""
    certificate = certificate_for_loopback(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls_context.cache_clear()
    with open_sink(certificate=certificate) as opened:
        yield opened
    tls_context.cache_clear()


@pytest.fixture
def browser() -> BrowserKeys:
    return BrowserKeys()
