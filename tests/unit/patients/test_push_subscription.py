"""A subscription is read once, when a device signs up, so that no message fails on it later."""

import json

import pytest

from patients.domain.push_subscription import as_address, push_subscription
from tests.integration.channels.browser_keys import BrowserKeys, b64

ENDPOINT = "https://push.example.org/send/abc"
BOB = BrowserKeys()


def with_keys(**keys) -> str:
    sound = json.loads(BOB.subscription(ENDPOINT))
    return json.dumps({**sound, "keys": {**sound["keys"], **keys}})


def test_what_a_browser_gives_is_read():
    found = push_subscription(BOB.subscription(ENDPOINT))
    assert (found.endpoint, found.public_key, found.auth) == (ENDPOINT, BOB.public, BOB.auth)


def test_it_is_stored_in_one_spelling_without_what_is_not_needed():
    padded = with_keys(auth=b64(BOB.auth) + "==")
    assert as_address(padded) == as_address(BOB.subscription(ENDPOINT))
    assert "expirationTime" not in as_address(padded)


def wrong_point() -> str:
    return b64(BOB.public[:-1] + bytes([BOB.public[-1] ^ 1]))


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[]", "null", '{"endpoint": 1, "keys": {}}', '{"endpoint": "https://a.org"}'),
        with_keys(p256dh=wrong_point()),
        with_keys(p256dh=b64(BOB.public[:64])),
        with_keys(p256dh=b64(b"\2" + BOB.public[1:])),
        with_keys(p256dh=b64(b"\4" + bytes(64))),
        with_keys(p256dh=b64(b"\4" + b"\xff" * 64)),
        with_keys(p256dh="!!"),
        with_keys(p256dh=5),
        with_keys(auth=b64(b"short")),
        with_keys(auth="ä"),
        BOB.subscription("http://push.example.org/"),
        BOB.subscription("https://127.0.0.1/"),
        BOB.subscription("https://localhost/"),
    ],
)
def test_what_could_never_be_delivered_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        push_subscription(text)
