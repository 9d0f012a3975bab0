"""The token that tells a push service who we are."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from config.settings.env import Environment
from rehab.channels.vapid import Vapid, new_private_key
from tests.integration.channels.browser_keys import unb64

NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)
ENDPOINT = "https://push.example.org:8443/send/abc"


@pytest.fixture
def vapid():
    return Vapid(unb64(new_private_key()), "mailto:ops@example.org")


def token_and_key(header: str) -> tuple[str, str]:
    scheme, token, key = header.replace(",", "").split(" ")
    assert scheme == "vapid"
    return token.removeprefix("t="), key.removeprefix("k=")


def claims(header: str) -> dict:
    token, key = token_and_key(header)
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), unb64(key))
    checked = {"verify_exp": False}
    audience = "https://push.example.org:8443"
    return jwt.decode(token, public, ["ES256"], audience=audience, options=checked)


def test_the_signature_holds_against_the_key_beside_it(vapid):
    said = claims(vapid.authorization(ENDPOINT, at=NOW))
    assert said["sub"] == "mailto:ops@example.org"
    assert NOW < datetime.fromtimestamp(said["exp"], UTC) < NOW + timedelta(hours=24)


def test_the_key_beside_it_is_the_one_that_browsers_sign_up_with(vapid):
    _, key = token_and_key(vapid.authorization(ENDPOINT, at=NOW))
    assert key == vapid.public_key
    assert len(unb64(key)) == 65


def test_one_token_serves_all_devices_of_one_push_service(vapid):
    first = vapid.authorization(ENDPOINT, at=NOW)
    assert vapid.authorization(ENDPOINT + "/other", at=NOW + timedelta(hours=10)) == first
    other = vapid.authorization("https://other.example.org/x", at=NOW)
    assert token_and_key(other)[0] != token_and_key(first)[0]


def test_a_token_is_renewed_before_it_ends_and_never_lives_for_a_day(vapid):
    for hours in (0, 10, 11, 23, 40, 2):
        at = NOW + timedelta(hours=hours)
        ends = datetime.fromtimestamp(claims(vapid.authorization(ENDPOINT, at=at))["exp"], UTC)
        assert timedelta(hours=1) < ends - at < timedelta(hours=24)


def test_a_new_key_is_read_by_the_settings():
    env = Environment({"VAPID_PRIVATE_KEY": new_private_key()})
    assert len(env.signing_key("VAPID_PRIVATE_KEY")) == 32
    assert env.problems == []


@pytest.mark.parametrize("value", ["abc", "ä", "A" * 43, "_" * 43, "A" * 86])
def test_what_is_no_key_is_noted_and_never_repeated(value):
    env = Environment({"VAPID_PRIVATE_KEY": value})
    assert env.signing_key("VAPID_PRIVATE_KEY") == b""
    [problem] = env.problems
    assert problem.variable == "VAPID_PRIVATE_KEY"
    assert value not in problem.message
