"""A push message on its way: what leaves, what a browser reads, and what an answer means."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from rehab.channels import CHANNELS, Message, push
from rehab.channels.message import Sealed, TryAgain, Undeliverable
from tests.integration.channels.browser_keys import unb64
from tests.integration.channels.conftest import GROUP, MESSAGE

NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)


@pytest.fixture
def message(sink, browser):
    def made(**facts) -> Message:
        given = {
            "id": MESSAGE, "group": GROUP, "address": browser.subscription(f"{sink.url}/send/1"),
            "language": "en", "wording": "due", "count": 2, "link": "https://rehab.example.org/",
            "at": NOW, "expires_at": NOW + timedelta(hours=3),
        }  # fmt: skip
        return Message(**{**given, **facts})

    return made


def send(message: Message) -> None:
    with CHANNELS["push"]() as sender:
        sender(message)


def test_a_browser_reads_the_fixed_words_the_link_and_the_tag(sink, browser, message):
    send(message())
    assert json.loads(browser.open(sink.only.body)) == {
        "title": "It is time",
        "body": "2 things on today's list are due now.",
        "lang": "en",
        "tag": UUID(GROUP).hex,
        "link": "https://rehab.example.org/",
        "alert": False,
    }


@pytest.mark.parametrize("wording", ["due", "alert", "test"])
def test_it_speaks_the_language_of_whoever_gets_it(sink, browser, message, wording):
    send(message(language="zh-hans", wording=wording, count=1))
    shown = json.loads(browser.open(sink.only.body))
    assert all("\u4e00" <= shown[part][0] <= "\u9fff" for part in ("title", "body"))


def test_it_lives_to_the_end_of_the_window_and_replaces_what_it_repeats(sink, message):
    send(message())
    headers = sink.only.headers
    assert (headers["ttl"], headers["urgency"]) == (str(3 * 3600), "normal")
    assert unb64(headers["topic"]) == UUID(GROUP).bytes
    assert (headers["content-encoding"], sink.only.path) == ("aes128gcm", "/send/1")


def test_an_alert_is_urgent_and_waits_a_day_for_the_phone(sink, message):
    send(message(wording="alert", expires_at=None))
    assert (sink.only.headers["urgency"], sink.only.headers["ttl"]) == ("high", "86400")


def test_a_window_that_is_over_is_not_stored_by_the_push_service(sink, message):
    send(message(expires_at=NOW - timedelta(minutes=1)))
    assert sink.only.headers["ttl"] == "0"


def test_the_push_service_can_check_who_sent_it(sink, message):
    send(message())
    token, key = sink.only.headers["authorization"].removeprefix("vapid t=").split(", k=")
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), unb64(key))
    said = jwt.decode(token, public, ["ES256"], audience=sink.url, options={"verify_exp": False})
    assert said["sub"] == "mailto:ops@example.org"


def test_the_token_is_kept_for_the_next_device(sink, message):
    send(message())
    send(message(id=str(uuid4())))
    assert len({each.headers["authorization"] for each in sink.requests}) == 1


def test_what_leaves_holds_nothing_that_can_be_read_on_the_way(sink, message):
    send(message())
    assert b"time" not in sink.only.body
    assert MESSAGE not in str(sink.only.headers)


def sealed_of(message: Message) -> Sealed:
    return Sealed(push.fingerprint(message), push.seal(message))


def test_what_was_sealed_ahead_leaves_as_it_is(sink, browser, message):
    sealed = sealed_of(message())
    send(message(sealed=sealed))
    assert sink.only.body == sealed.body
    assert json.loads(browser.open(sealed.body))["title"] == "It is time"


@pytest.mark.parametrize("change", [{"count": 1}, {"language": "zh-hans"}, {"link": "/x"}])
def test_what_was_sealed_ahead_stays_behind_once_it_says_something_else(
    sink, browser, message, change
):
    send(message(sealed=sealed_of(message()), **change))
    assert json.loads(browser.open(sink.only.body)) == json.loads(push.payload(message(**change)))


def test_other_words_or_another_device_are_another_seal(browser, message):
    same = push.fingerprint(message())
    assert push.fingerprint(message(at=NOW + timedelta(minutes=5))) == same
    other_device = browser.subscription("http://127.0.0.1:9/other")
    for change in ({"count": 3}, {"language": "zh-hans"}, {"address": other_device}):
        assert push.fingerprint(message(**change)) != same


@pytest.mark.parametrize("status", [400, 404, 410, 413])
def test_a_subscription_that_is_over_is_undeliverable(sink, message, status):
    sink.status = status
    with pytest.raises(Undeliverable, match=f"^push {status}$"):
        send(message())


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503, 307])
def test_a_service_that_will_not_now_is_tried_again(sink, message, status):
    sink.status = status
    with pytest.raises(TryAgain, match=f"^push {status}$"):
        send(message())


@pytest.mark.parametrize(("said", "understood"), [("120", 120), ("99999", 3600), ("soon", None)])
def test_it_waits_as_long_as_it_was_asked_to(sink, message, said, understood):
    sink.status, sink.headers = 429, {"Retry-After": said}
    with pytest.raises(TryAgain) as told:
        send(message())
    assert told.value.retry_after_seconds == understood


def test_a_service_that_hangs_is_tried_again(sink, message, settings):
    settings.OUTGOING_TIMEOUT_SECONDS = 1
    sink.hangs = True
    with pytest.raises(TryAgain, match="TimeoutError"):
        send(message())


@pytest.mark.parametrize("address", ["", "{}", "bob@example.test"])
def test_what_is_no_subscription_is_undeliverable(message, address):
    with pytest.raises(Undeliverable):
        send(message(address=address))


def test_a_private_address_that_was_stored_before_is_not_called(sink, browser, message, settings):
    settings.OUTGOING_PRIVATE_HOSTS = frozenset()
    with pytest.raises(Undeliverable):
        send(message(address=browser.subscription(sink.url.replace("http:", "https:"))))
    assert sink.requests == []


def test_without_a_key_nothing_is_lost(sink, message, settings):
    settings.VAPID_PRIVATE_KEY = b""
    with pytest.raises(TryAgain, match="not set up"):
        send(message())
