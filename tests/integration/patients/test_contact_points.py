"""Being reached: devices, numbers, webhooks, and saying that it is enough."""

import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from patients.channels import phone_codes
from patients.channels.outgoing import CONNECTIONS
from patients.channels.stop_links import stop_link
from patients.models import ContactPoint
from rehab.channels.webhook import signature
from tests.integration.channels.browser_keys import BrowserKeys
from tests.integration.channels.sink import open_sink
from tests.integration.rehab.mailbox import open_mailbox
from tests.people import browser_of, phone_of

POINTS = "/api/v1/me/contact-points"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(db, settings):
    cache.clear()
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def sink(settings):
    """A push service, a webhook and a text message gateway in one, on loopback."""
    settings.OUTGOING_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    with open_sink() as opened:
        settings.SMS_GATEWAY_URL = f"{opened.url}/messages"
        yield opened
        CONNECTIONS.close()


def post(user, path="", **body):
    return phone_of(user).post(POINTS + path, body)


def code_in(sink) -> str:
    found = re.search(r"\d{6}", json.loads(sink.requests[-1].body)["text"])
    assert found
    return found.group()


# Devices


def test_a_browser_signs_up_and_gets_a_test_that_only_it_can_read(cast, sink):
    keys = BrowserKeys()
    added = post(cast.bob, channel="push", address=keys.subscription(f"{sink.url}/send/1"))
    assert (added.status_code, added.json()["address"]) == (201, f"{sink.url}/send/1")
    assert post(cast.bob, f"/{added.json()['id']}/test").json() == {"sent": True, "reason": ""}
    assert json.loads(keys.open(sink.only.body))["title"] == "This is a test"


def test_no_answer_of_the_api_holds_the_keys_of_a_device(cast, sink):
    keys = json.loads(BrowserKeys().subscription(f"{sink.url}/send/1"))
    post(cast.bob, channel="push", address=json.dumps(keys))
    listed = phone_of(cast.bob).get(POINTS).content.decode()
    assert f"{sink.url}/send/1" in listed
    assert keys["keys"]["auth"] not in listed
    assert keys["keys"]["p256dh"] not in listed


def test_a_device_that_is_gone_is_retired_by_its_test_and_the_account_page_says_so(cast, sink):
    address = BrowserKeys().subscription(f"{sink.url}/send/1")
    point_id = post(cast.bob, channel="push", address=address).json()["id"]
    sink.status = 410
    assert post(cast.bob, f"/{point_id}/test").json() == {"sent": False, "reason": "push 410"}
    assert ContactPoint.objects.get(pk=point_id).retired_reason == "push 410"
    assert "no longer takes our messages" in browser_of(cast.bob).get("/account/").content.decode()
    post(cast.bob, channel="push", address=BrowserKeys().subscription(f"{sink.url}/send/2"))
    assert "no longer takes" not in browser_of(cast.bob).get("/account/").content.decode()


def test_the_key_to_sign_up_with_is_the_one_on_the_account_page(cast, settings):
    key = phone_of(cast.bob).get("/api/v1/me/push-key").json()["public_key"]
    assert f'data-key="{key}"' in browser_of(cast.bob).get("/account/").content.decode()
    settings.VAPID_PRIVATE_KEY = b""
    assert phone_of(cast.bob).get("/api/v1/me/push-key").json() == {"public_key": ""}
    assert "this-device" not in browser_of(cast.bob).get("/account/").content.decode()


# Numbers


def test_a_number_is_confirmed_by_the_code_that_was_sent_there(cast, sink):
    added = post(cast.bob, channel="sms", address="13800138000").json()
    assert (added["verified_at"], json.loads(sink.only.body)["to"]) == (None, "+8613800138000")
    confirm = f"/{added['id']}/confirm"
    assert post(cast.bob, confirm, code="000000x").status_code == 422
    assert post(cast.bob, confirm, code=code_in(sink)).json()["verified_at"] is not None


def test_a_code_is_worth_nothing_for_another_number_or_another_account(cast, sink):
    one = post(cast.bob, channel="sms", address="13800138000").json()["id"]
    other = post(cast.bob, channel="sms", address="13800138001").json()["id"]
    code = code_in(sink)
    assert post(cast.bob, f"/{one}/confirm", code=code).status_code == 422
    assert post(cast.charlie, f"/{other}/confirm", code=code).status_code == 404


def test_a_code_ends_after_an_hour_at_the_latest(cast, sink):
    point = ContactPoint(user=cast.bob, channel="sms", address="+8613800138000")
    now = cast.bobs_relationship.starts_at
    code = phone_codes._code(point, now)
    assert phone_codes.is_phone_code(point, f"{code[:3]} {code[3:]}", at=now)
    assert phone_codes.is_phone_code(point, code, at=now + timedelta(minutes=30))
    assert not phone_codes.is_phone_code(point, code, at=now + timedelta(minutes=60))
    assert not phone_codes.is_phone_code(point, "", at=now)


def test_guessing_a_code_ends_soon(cast, sink):
    added = post(cast.bob, channel="sms", address="13800138000").json()
    answers = [post(cast.bob, f"/{added['id']}/confirm", code="x").status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_nobody_is_written_to_over_and_over(cast, sink):
    added = post(cast.bob, channel="sms", address="13800138000").json()
    answers = [post(cast.bob, f"/{added['id']}/send-proof").status_code for _ in range(20)]
    assert answers == [200] * 19 + [429]
    assert len(sink.requests) == 20


def test_a_number_is_typed_and_confirmed_on_the_account_page(cast, sink):
    bob = browser_of(cast.bob)
    bob.post("/account/contact-points/", {"channel": "sms", "address": "13800138000"})
    point = ContactPoint.objects.get(channel="sms")
    page = f"/account/contact-points/{point.pk}/code/"
    assert page in bob.get("/account/").content.decode()
    bob.post(page, {"code": "wrong"})
    assert "not right" in bob.get("/account/").content.decode()
    bob.post(page, {"code": code_in(sink)})
    point.refresh_from_db()
    assert point.verified_at is not None
    assert page not in bob.get("/account/").content.decode()


def test_without_a_gateway_no_number_is_asked_for(cast, settings):
    settings.SMS_GATEWAY_URL = ""
    assert 'value="sms"' not in browser_of(cast.bob).get("/account/").content.decode()


def test_a_gateway_that_is_down_is_said(cast):
    answer = browser_of(cast.bob).post(
        "/account/contact-points/", {"channel": "sms", "address": "13800138000"}, follow=True
    )
    assert "No message could be sent" in answer.content.decode()


# Webhooks


def test_a_webhook_shows_its_secret_once_and_is_verified_by_its_first_test(cast, sink):
    added = post(cast.bob, channel="webhook", address=f"{sink.url}/hook").json()
    assert len(added["secret"]) == 43
    assert added["secret"] not in phone_of(cast.bob).get(POINTS).content.decode()
    assert post(cast.bob, f"/{added['id']}/test").json()["sent"] is True
    given = sink.only.headers["rehab-signature"]
    moment = int(given.partition(",")[0].removeprefix("t="))
    assert given == signature(added["secret"], moment, sink.only.body)
    assert ContactPoint.objects.verified().filter(pk=added["id"]).exists()


def test_a_webhook_that_refuses_its_test_is_not_verified(cast, sink):
    sink.status = 500
    added = post(cast.bob, channel="webhook", address=f"{sink.url}/hook").json()
    assert post(cast.bob, f"/{added['id']}/test").json() == {
        "sent": False,
        "reason": "webhook 500",
    }
    assert not ContactPoint.objects.verified().filter(pk=added["id"]).exists()


# Tests of addresses


def test_an_address_that_is_not_confirmed_gets_no_test(cast):
    added = post(cast.bob, channel="email", address="bob@work.test").json()
    mail.outbox.clear()
    refused = post(cast.bob, f"/{added['id']}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_confirmed")
    assert mail.outbox == []


def test_the_test_button_of_the_account_page_sends_one_letter(cast):
    point = ContactPoint.objects.get(user=cast.bob)
    bob = browser_of(cast.bob)
    with open_mailbox() as mailbox:
        answer = bob.post(f"/account/contact-points/{point.pk}/test/", follow=True)
    assert "A test is on its way" in answer.content.decode()
    [letter] = mailbox.mails
    assert (letter["To"], letter["Subject"]) == ("bob@example.test", "This is a test")
    assert "List-Unsubscribe" not in letter


def test_charlie_neither_tests_nor_confirms_nor_changes_what_is_bobs(cast):
    point = ContactPoint.objects.get(user=cast.bob)
    for path in ("test", "confirm", "send-proof"):
        assert post(cast.charlie, f"/{point.pk}/{path}", code="1").status_code == 404
    charlie = phone_of(cast.charlie)
    assert charlie.patch(f"{POINTS}/{point.pk}", {"reminders": False}).status_code == 404


# Enough


def test_looking_at_the_link_of_a_letter_changes_nothing_and_the_button_does(cast):
    point = ContactPoint.objects.get(user=cast.bob)
    path = stop_link(point.pk).partition("//")[2].partition("/")[2]
    page = Client().get(f"/{path}").content.decode()
    assert "Urgent safety messages still come here" in page
    assert "bob" not in page.lower()
    point.refresh_from_db()
    assert point.reminders_off_at is None
    assert "No more reminders go to this address" in Client().post(f"/{path}").content.decode()
    point.refresh_from_db()
    assert point.reminders_off_at is not None
    assert point.retired_at is None


def test_a_mail_program_stops_reminders_by_itself_without_a_cookie(cast):
    point = ContactPoint.objects.get(user=cast.bob)
    path = stop_link(point.pk).partition("//")[2].partition("/")[2]
    program = Client(enforce_csrf_checks=True)
    assert program.post(f"/{path}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    point.refresh_from_db()
    assert point.reminders_off_at is not None


def test_a_link_that_nobody_signed_stops_nothing(cast):
    point = ContactPoint.objects.get(user=cast.bob)
    for token in (point.pk.hex, f"{point.pk.hex}:forged", "x"):
        answer = Client().post(f"/account/stop-reminders/{token}/")
        assert "This link is not complete" in answer.content.decode()
    point.refresh_from_db()
    assert point.reminders_off_at is None


def test_reminders_are_turned_on_again_on_the_account_page_and_through_the_api(cast):
    point = ContactPoint.objects.get(user=cast.bob)
    changed = phone_of(cast.bob).patch(f"{POINTS}/{point.pk}", {"reminders": False})
    assert changed.json()["reminders_off_at"] is not None
    bob = browser_of(cast.bob)
    assert "only urgent messages" in bob.get("/account/").content.decode()
    bob.post(f"/account/contact-points/{point.pk}/reminders/")
    point.refresh_from_db()
    assert point.reminders_off_at is None
