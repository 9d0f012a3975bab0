"""One address fails or stays silent: the same person is told at the next one."""

from datetime import timedelta

import pytest
from django.test import Client

from patients.models import ContactPoint, User
from rehab.actions.delivery import Drained, drain
from rehab.actions.next_channel import ALERT_SILENT_FOR, SILENT_FOR
from rehab.actions.receipts import receipt_path
from rehab.channels import CHANNELS, POSTED
from rehab.models import Delivery
from rehab.models.outbox import Claim
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import done, local, told
from tests.integration.rehab.ticking import tick
from tests.people import BEGAN, Cast
from tests.plans import as_planned, assign, shoulder


@pytest.fixture
def mailbox():
    with open_mailbox() as opened:
        yield opened


@pytest.fixture
def arm():
    return shoulder("09:00", reminded=())


def address(user: User, name: str, *, channel: str = "email", days: int = 1) -> ContactPoint:
    """One more address, added after the first one."""
    point = ContactPoint.objects.create(user=user, channel=channel, address=name, verified_at=BEGAN)
    ContactPoint.objects.filter(pk=point.pk).update(
        created_at=point.created_at + timedelta(days=days)
    )
    return point


def rows(cast: Cast) -> list[Delivery]:
    """The deliveries of what was due on the 19th at nine."""
    with cast.inside():
        return list(Delivery.objects.filter(due_at=local(19, 9)).order_by("created_at", "id"))


def test_where_the_first_address_is_dead_the_second_is_told_at_once(cast, arm, mailbox):
    address(cast.alice, "second@example.test")
    assign(cast, arm, at=local(18, 20))
    mailbox.answers["alice@example.test"] = "550 no such user"
    assert drain(at=local(19, 9)) == Drained(failed=1)
    assert drain(at=local(19, 9, 1)) == Drained(sent=1)
    assert mailbox.recipients == ["second@example.test"]
    first, second = rows(cast)
    assert (first.outcome, second.outcome, second.follows) == ("failed", "sent", first.id)


def test_an_address_lost_since_is_not_waited_for(cast, arm, mailbox):
    assign(cast, arm, at=local(18, 20))
    address(cast.alice, "second@example.test")
    ContactPoint.objects.filter(address="alice@example.test").update(
        retired_at=local(19, 8), retired_reason="smtp 550"
    )
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert mailbox.recipients == ["second@example.test"]


def test_somebody_without_any_address_left_is_recorded_as_not_reached(cast, arm, mailbox):
    assign(cast, arm, at=local(18, 20))
    ContactPoint.objects.filter(user=cast.alice).update(
        retired_at=local(19, 8), retired_reason="smtp 550"
    )
    assert drain(at=local(19, 9)) == Drained(dropped=1)
    assert [(row.outcome, row.reason) for row in rows(cast)] == [("not_sent", "contact_retired")]


class Device:
    """A channel that takes everything, as a push service does, and keeps it."""

    def __init__(self) -> None:
        self.messages = []

    def __enter__(self):
        return self.messages.append

    def __exit__(self, *_):
        pass


@pytest.fixture
def device(monkeypatch, cast):
    """Alice's phone: the push channel ends at it, and the address is there."""
    phone = Device()
    monkeypatch.setitem(CHANNELS, "push", lambda: phone)
    monkeypatch.delitem(POSTED, "push")
    monkeypatch.setattr("rehab.actions.recipients.offered", lambda: ["push", "email"])
    address(cast.alice, "{}", channel="push")
    return phone


def test_a_device_that_confirms_is_the_end_of_it(cast, arm, mailbox, device):
    assign(cast, arm, at=local(18, 20))
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert Client().post(device.messages[0].receipt).status_code == 204
    assert drain(at=local(19, 9) + SILENT_FOR + timedelta(minutes=1)) == Drained(dropped=1)
    assert mailbox.mails == []
    assert [row.reason for row in rows(cast)] == ["", "received"]
    assert rows(cast)[0].received_at is not None


def test_a_device_that_stays_silent_is_followed_by_the_next_address(cast, arm, mailbox, device):
    assign(cast, arm, at=local(18, 20))
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert drain(at=local(19, 9) + SILENT_FOR - timedelta(minutes=1)) == Drained()
    assert drain(at=local(19, 9) + SILENT_FOR + timedelta(minutes=1)) == Drained(sent=1)
    assert mailbox.recipients == ["alice@example.test"]


def test_what_was_done_meanwhile_needs_no_second_address(cast, arm, mailbox, device):
    assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    done(cast, arm.series, local(19, 9, 5))
    assert drain(at=local(19, 9) + SILENT_FOR + timedelta(minutes=1)) == Drained(dropped=1)
    assert mailbox.mails == []


def test_a_mail_cannot_confirm_and_is_not_followed(cast, arm, mailbox):
    address(cast.alice, "second@example.test")
    assign(cast, arm, at=local(18, 20))
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert drain(at=local(19, 9, 30)) == Drained()


def test_an_alert_that_nobody_acknowledges_goes_to_each_next_address_once(cast, arm, mailbox):
    assign(cast, arm, at=local(18, 20))
    address(cast.bob, "bobs-home@example.test", days=2)
    address(cast.bob, "bobs-work@example.test", days=1)
    told(cast, as_planned(arm.series, local(19, 3), symptoms=("chest_pain",)))
    reached = []
    for place in range(4):
        drain(at=local(19, 3) + place * (ALERT_SILENT_FOR + timedelta(minutes=1)))
        reached.append([each for each in mailbox.recipients if each.startswith("bob")])
    assert reached[0] == ["bob@example.test"]
    assert reached[1] == [*reached[0], "bobs-work@example.test"]
    assert reached[2] == [*reached[1], "bobs-home@example.test"]
    assert reached[3] == reached[2]


def test_a_receipt_that_nobody_signed_says_nothing(cast, arm, device, mailbox):
    assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    forged = device.messages[0].receipt.replace(".", ".0", 1)
    assert Client().post(forged).status_code == 404
    assert Client().get(device.messages[0].receipt).status_code == 405
    assert all(row.received_at is None for row in rows(cast))


def test_a_receipt_is_the_same_for_the_same_delivery(cast, arm, device, mailbox):
    assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    row = rows(cast)[0]
    claim = Claim(
        *(row.due_at, str(row.id), str(row.patient_id), str(row.clinic_id), str(row.reminder_id)),
        *(str(row.recipient_id), str(row.contact_point_id), row.channel, row.attempts),
    )
    assert receipt_path(claim) == device.messages[0].receipt


def test_a_better_address_added_since_is_used_and_the_old_one_is_not(cast, arm, mailbox, device):
    ContactPoint.objects.filter(channel="push").delete()
    assign(cast, arm, at=local(18, 20))
    address(cast.alice, "{}", channel="push")
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert (len(device.messages), mailbox.mails) == (1, [])
    assert [row.channel for row in rows(cast) if row.outcome == "sent"] == ["push"]


def test_an_address_added_between_two_ticks_makes_no_second_message(cast, arm, mailbox):
    assign(cast, arm, at=local(18, 20))
    address(cast.alice, "better@example.test", days=-1)
    tick(cast, local(18, 22))
    assert len(rows(cast)) == 1
