"""Messages to programs and to telephones."""

import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from rehab.channels import CHANNELS, Message, sms
from rehab.channels.message import TryAgain, Undeliverable
from tests.integration.channels.conftest import GROUP, MESSAGE

NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)
SECRET = "only Alice's program knows it"
LONG = "https://rehabilitation.of-a-hospital-with-a-long-name.example.org/" + "x" * 90


def message(address: str, **facts) -> Message:
    given = {
        "id": MESSAGE, "group": GROUP, "address": address, "language": "en", "wording": "due",
        "count": 2, "link": "https://rehab.example.org/", "at": NOW, "secret": SECRET,
    }  # fmt: skip
    return Message(**{**given, **facts})


def send(channel: str, message: Message) -> None:
    with CHANNELS[channel]() as sender:
        sender(message)


@pytest.fixture
def gateway(sink, settings):
    """A fake gateway that speaks the contract of docs/operation.md: one message for one id."""
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = f"{sink.url}/messages", "token"
    sink.status = 202
    return sink


def test_a_webhook_gets_json_with_an_id_that_stays(sink):
    send("webhook", message(f"{sink.url}/hook"))
    assert json.loads(sink.only.body) == {
        "id": MESSAGE,
        "group": GROUP,
        "kind": "due",
        "count": 2,
        "title": "It is time",
        "body": "2 things on today's list are due now.",
        "language": "en",
        "link": "https://rehab.example.org/",
    }
    assert (sink.only.path, sink.only.headers["idempotency-key"]) == ("/hook", MESSAGE)


def test_whoever_knows_the_secret_can_check_sender_and_moment(sink):
    send("webhook", message(f"{sink.url}/hook"))
    parts = dict(part.split("=") for part in sink.only.headers["rehab-signature"].split(","))
    assert datetime.fromtimestamp(int(parts["t"]), UTC) == NOW
    signed = parts["t"].encode() + b"." + sink.only.body
    assert parts["v1"] == hmac.new(SECRET.encode(), signed, "sha256").hexdigest()


def test_a_repeat_has_the_same_id_and_a_new_signature(sink):
    for minutes in (0, 5):
        send("webhook", message(f"{sink.url}/hook", at=NOW + timedelta(minutes=minutes)))
    assert len({each.headers["idempotency-key"] for each in sink.requests}) == 1
    assert len({each.headers["rehab-signature"] for each in sink.requests}) == 2


@pytest.mark.parametrize(
    ("status", "error"), [(410, Undeliverable), (429, TryAgain), (500, TryAgain)]
)
def test_an_answer_of_a_webhook_means_what_it_means_elsewhere(sink, status, error):
    sink.status = status
    with pytest.raises(error, match=f"^webhook {status}$"):
        send("webhook", message(f"{sink.url}/hook"))


def test_a_webhook_into_our_own_network_is_not_called(sink, settings):
    settings.OUTGOING_PRIVATE_HOSTS = frozenset()
    with pytest.raises(Undeliverable, match="not public"):
        send("webhook", message(sink.url.replace("http:", "https:")))
    assert sink.requests == []


def test_the_gateway_gets_one_message_in_the_words_of_the_contract(gateway):
    send("sms", message("+8613800138000"))
    assert json.loads(gateway.only.body) == {
        "id": MESSAGE,
        "to": "+8613800138000",
        "text": "It is time for something on today's list. https://rehab.example.org/",
        "language": "en",
    }
    headers = gateway.only.headers
    assert (headers["authorization"], headers["idempotency-key"]) == ("Bearer token", MESSAGE)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("wording", ["due", "alert"])
@pytest.mark.parametrize("link", ["https://rehab.example.org/", LONG])
def test_every_text_is_one_text_message(language, wording, link):
    said = sms.text(message("+861", language=language, wording=wording, link=link))
    assert 10 < len(said) <= sms.room(said)
    assert sms.room(said) == (160 if language == "en" else 70)
    assert (link in said) == (link != LONG)


@pytest.mark.parametrize(
    ("status", "error"),
    [(410, Undeliverable), (422, Undeliverable), (404, TryAgain), (503, TryAgain)],
)
def test_only_a_number_that_can_never_be_reached_is_given_up(gateway, status, error):
    gateway.status = status
    with pytest.raises(error, match=f"^sms {status}$"):
        send("sms", message("+8613800138000"))


def test_without_a_gateway_nothing_is_lost(settings):
    settings.SMS_GATEWAY_URL = ""
    with pytest.raises(TryAgain, match="not set up"):
        send("sms", message("+8613800138000"))
