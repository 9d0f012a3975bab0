"""What one person is to be told of one patient at one time is one message."""

from datetime import time, timedelta
from uuid import uuid4

import pytest

from patients.models import NotificationPreference
from rehab.actions.delivery import Drained, drain
from rehab.models import Delivery
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import done, local, turning
from tests.people import Cast
from tests.plans import assign, shoulder


@pytest.fixture
def mailbox():
    with open_mailbox() as opened:
        yield opened


def prefers(cast: Cast, **facts) -> None:
    NotificationPreference.objects.update_or_create(
        user=cast.alice, defaults={"zone": "Asia/Shanghai", **facts}
    )


def fates(cast: Cast) -> list[tuple[str, str]]:
    """Time of day and outcome of what was due on the 19th."""
    with cast.inside():
        rows = Delivery.objects.filter(due_at__gte=local(19, 0), due_at__lt=local(20, 0))
        return [
            (f"{row.due_at.astimezone(local(19, 0).tzinfo):%H:%M}", row.outcome)
            for row in rows.order_by("due_at")
        ]


def subject(mail) -> str:
    return str(mail["Subject"])


def test_what_is_due_a_few_minutes_later_is_said_in_the_same_message(cast, mailbox):
    assign(cast, shoulder("09:00"), shoulder("09:05", series=uuid4()), at=local(18, 20))
    assert drain(at=local(19, 9)) == Drained(sent=1, merged=1)
    assert drain(at=local(19, 9, 5)) == Drained()
    assert len(mailbox.mails) == 1
    assert fates(cast) == [("09:00", "sent"), ("09:05", "merged")]
    assert "2" in mailbox.mails[0].get_body(("plain",)).get_content()


def test_what_is_due_later_than_that_waits_for_its_own_time(cast, mailbox):
    assign(cast, shoulder("09:00"), shoulder("09:06", series=uuid4()), at=local(18, 20))
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert drain(at=local(19, 9, 6)) == Drained(sent=1)


def test_nothing_leaves_early_beside_a_message_that_does_not_leave(cast, mailbox):
    item = shoulder("09:00")
    assign(cast, item, shoulder("09:05", series=uuid4()), at=local(18, 20))
    done(cast, item.series, local(19, 8, 30))
    assert drain(at=local(19, 9)) == Drained(dropped=1, put_back=1)
    assert mailbox.mails == []
    assert drain(at=local(19, 9, 5)) == Drained(sent=1)


def test_what_quiet_hours_held_back_is_one_message_in_the_morning(cast, mailbox):
    items = [shoulder(at, series=uuid4()) for at in ("06:00", "07:00", "07:30")]
    assign(cast, *items, at=local(18, 20))
    prefers(cast, quiet_from=time(22), quiet_until=time(8))
    for hour, minute in ((6, 0), (7, 0), (7, 30)):
        drain(at=local(19, hour, minute))
    assert mailbox.mails == []
    assert drain(at=local(19, 8)) == Drained(sent=1, merged=2)
    assert len(mailbox.mails) == 1


def test_one_message_of_several_things_counts_once_against_the_budget(cast, mailbox):
    prefers(cast, daily_budget=1)
    assign(cast, shoulder("09:00"), shoulder("09:05", series=uuid4()), at=local(18, 20))
    assert drain(at=local(19, 9)) == Drained(sent=1, merged=1)


def test_training_in_quiet_hours_does_not_ride_along_with_care_that_wakes(cast, mailbox):
    assign(cast, turning("02:30", wakes=True), shoulder("02:32"), at=local(18, 20))
    prefers(cast, quiet_from=time(22), quiet_until=time(7), may_wake=True)
    assert drain(at=local(19, 2, 30)) == Drained(sent=1, held=1)


def test_two_people_and_two_patients_are_never_one_message(cast, mailbox):
    assign(
        cast,
        shoulder("09:00"),
        shoulder("09:02", series=uuid4(), reminded=(cast.bob.pk,)),
        at=local(18, 20),
    )
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert mailbox.recipients == ["alice@example.test"]


def test_what_travelled_with_a_message_that_failed_is_tried_again_with_it(cast, mailbox):
    assign(cast, shoulder("09:00"), shoulder("09:05", series=uuid4()), at=local(18, 20))
    mailbox.answers["alice@example.test"] = "450 later"
    assert drain(at=local(19, 9)) == Drained(failed=2)
    del mailbox.answers["alice@example.test"]
    assert drain(at=local(19, 9, 5)) == Drained(sent=1, merged=1)
    assert len(mailbox.mails) == 1


def test_a_row_that_another_worker_holds_is_not_taken_along(cast, mailbox):
    assign(cast, shoulder("09:00"), shoulder("09:01", series=uuid4()), at=local(18, 20))
    with cast.inside():
        Delivery.objects.filter(due_at=local(19, 9, 1)).update(next_at=local(19, 9, 2), attempts=1)
    assert drain(at=local(19, 9)) == Drained(sent=1)
    with cast.inside():
        held = Delivery.objects.get(due_at=local(19, 9, 1))
    assert held.next_at - local(19, 9) == timedelta(minutes=2)
