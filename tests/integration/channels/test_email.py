"""A letter on its way: both parts, both languages, and a button that stops reminders."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from patients.channels.stop_links import read_stop_link
from rehab.channels import CHANNELS, Message
from rehab.channels.message import TryAgain
from tests.integration.channels.conftest import GROUP, MESSAGE
from tests.integration.channels.sink import certificate_for_loopback
from tests.integration.rehab.mailbox import open_mailbox

POINT = UUID("0a3c1d0e-9f5f-4f63-8a52-4a7f4b7a1c55")
LINK = "https://rehab.example.org/"


@pytest.fixture
def mailbox():
    with open_mailbox() as opened:
        yield opened


def a_message(**facts) -> Message:
    given = {
        "id": MESSAGE, "group": GROUP, "address": "alice@example.test", "language": "en",
        "wording": "due", "count": 2, "link": LINK, "contact_point_id": str(POINT),
        "at": datetime(2026, 10, 19, 8, tzinfo=UTC),
    }  # fmt: skip
    return Message(**{**given, **facts})


def send(**facts) -> None:
    with CHANNELS["email"]() as sender:
        sender(a_message(**facts))


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize("wording", ["due", "alert", "test"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_parts_say_the_same_in_one_language(mailbox, language, wording):
    send(language=language, wording=wording)
    [letter] = mailbox.mails
    parts = {part.get_content_type(): part.get_content() for part in letter.iter_parts()}
    assert set(parts) == {"text/plain", "text/html"}
    for said in (*parts.values(), letter["Subject"]):
        assert is_chinese(said) == (language == "zh-hans")
    assert all(LINK in said for said in parts.values())


def test_a_reminder_has_a_button_that_stops_reminders_at_this_address(mailbox):
    send()
    [letter] = mailbox.mails
    link = letter["List-Unsubscribe"].strip(" <>")
    assert read_stop_link(link.rstrip("/").rpartition("/")[2]) == POINT
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(link in part.get_content() for part in letter.iter_parts())


@pytest.mark.parametrize("wording", ["alert", "test"])
def test_an_alert_has_no_such_button(mailbox, wording):
    send(wording=wording)
    [letter] = mailbox.mails
    assert letter["List-Unsubscribe"] is None
    assert "stop-reminders" not in letter.as_string()


def test_the_id_of_a_letter_stays_over_retries(mailbox):
    send()
    send()
    assert len({letter["Message-ID"] for letter in mailbox.mails}) == 1


def test_a_mail_server_that_takes_its_time_over_each_answer_does_not_hold_a_message(
    mailbox, settings
):
    settings.EMAIL_TIMEOUT = 1
    mailbox.takes = 0.7
    with CHANNELS["email"]() as sender:
        with pytest.raises(TryAgain):
            sender(a_message())
        mailbox.takes = 0.0
        sender(a_message())
    assert mailbox.recipients[-1:] == ["alice@example.test"]
    assert mailbox.connections == 2


def test_mail_leaves_over_tls_too_and_in_time(tmp_path, monkeypatch, settings):
    certificate = certificate_for_loopback(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings.EMAIL_TIMEOUT = 1
    with open_mailbox(certificate=certificate) as mailbox, CHANNELS["email"]() as sender:
        sender(a_message())
        mailbox.takes = 0.7
        with pytest.raises(TryAgain):
            sender(a_message())
    assert mailbox.recipients[:1] == ["alice@example.test"]
