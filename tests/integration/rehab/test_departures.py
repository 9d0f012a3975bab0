"""A note first, the rows afterwards: as durable as the rows, and nothing of it leaves again."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection

import rehab.tasks.reminders as tasks
from patients.access.walls import within_clinics, within_every_clinic
from patients.models import ContactPoint
from rehab.actions.delivery import LEASE, SENDS_FOR, Drained, drain
from rehab.actions.next_channel import SILENT_FOR, Untold
from rehab.actions.recording import note, settle, settle_all
from rehab.models import Departure
from rehab.models.outbox import Claim, Finish, claim, oldest_due_unsent_age
from rehab.models.tally import counts
from tests.integration.rehab.crowds import Crowd, told_of_many
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import local
from tests.integration.rehab.test_send_time import _until_somebody_waits
from tests.people import make_cast

NINE = local(19, 9)
NOTED = NINE + timedelta(seconds=4)


@pytest.fixture
def mailbox():
    with open_mailbox() as opened:
        yield opened


def claimed(at: datetime = NINE, limit: int = 100) -> list[Claim]:
    with within_every_clinic():
        return claim(at=at, limit=limit, lease=LEASE)


def sent(*claims: Claim, others: tuple[str, ...] = ()) -> list[Untold]:
    return [Untold(Finish(each, "sent"), others) for each in claims]


def notes() -> int:
    with within_every_clinic():
        return Departure.objects.count()


def fates(crowd: Crowd) -> list[tuple[str, datetime | None]]:
    return [(row.outcome, row.finished_at) for row in crowd.deliveries()]


def test_what_was_noted_is_not_sent_again_although_its_process_died(cast, mailbox):
    first = told_of_many(cast, 3, NINE)
    held = claimed()
    note(sent(*held), at=NOTED)
    with cast.inside():
        assert {row.next_at for row in first.deliveries()} == {each.held_until for each in held}
    assert (drain(at=NINE + timedelta(minutes=1)), notes()) == (Drained(), 1)

    late = held[0]._replace(held_until=None)
    note(sent(late), at=NOTED)
    assert drain(at=NINE + LEASE) == Drained()

    assert (mailbox.mails, notes()) == ([], 0)
    assert fates(first) == [("sent", NOTED)] * 3
    with within_every_clinic():
        assert oldest_due_unsent_age(NINE + LEASE) == timedelta(0)


def test_what_is_due_leaves_with_the_same_drain_that_settles(cast, mailbox):
    crowd = told_of_many(cast, 2, NINE)
    note(sent(*claimed(limit=1)), at=NOTED)
    assert drain(at=NINE + LEASE) == Drained(sent=1)
    assert len(mailbox.mails) == 1
    assert [outcome for outcome, _ in fates(crowd)] == ["sent", "sent"]


def test_a_note_is_written_before_the_lease_of_what_it_tells_can_end():
    """Claimed, sent up to 55 s later, answered within 30 s at most, kept within one turn."""
    answered = timedelta(seconds=settings.LONGEST_TIMEOUT_SECONDS)
    assert SENDS_FOR + answered <= LEASE - timedelta(seconds=5)


def test_many_notes_are_settled_at_once_each_with_its_own_moment_and_fate(cast):
    crowd = told_of_many(cast, 4, NINE)
    again, later = NOTED + timedelta(minutes=1), NOTED + timedelta(seconds=2)
    one, two, three, four = claimed()
    elsewhere = ContactPoint.objects.get(user=cast.bob)
    moved = one._replace(contact_point_id=str(elsewhere.pk), channel="sms")
    note([*sent(moved), Untold(Finish(two, "merged", one.id))], at=NOTED)
    dead = Untold(Finish(three, "failed", "smtp 550", failed=True))
    note([dead, Untold(Finish(four, "", "smtp 450", again, failed=True))], at=later)

    assert settle(noted_before=NOTED) == 0
    assert (settle(noted_before=None), notes()) == (2, 0)

    rows = {str(row.id): row for row in crowd.deliveries()}
    first, second, third, fourth = (rows[each.id] for each in (one, two, three, four))
    assert (first.outcome, first.finished_at) == ("sent", NOTED)
    assert (first.contact_point_id, first.channel) == (elsewhere.pk, "sms")
    assert (second.outcome, second.reason, second.finished_at) == ("merged", one.id, NOTED)
    assert (third.outcome, third.failures, third.finished_at) == ("failed", 1, later)
    assert ContactPoint.objects.get(pk=three.contact_point_id).retired_at == later
    assert (fourth.outcome, fourth.next_at, fourth.finished_at) == ("", again, None)


def test_a_row_that_was_claimed_again_meanwhile_is_left_to_whoever_has_it(cast):
    crowd = told_of_many(cast, 1, NINE)
    lost = claimed()
    [again] = claimed(NINE + LEASE)
    note(sent(*lost), at=NINE + LEASE)
    assert settle(noted_before=None) == 1
    [row] = crowd.deliveries()
    assert (row.outcome, row.attempts, row.next_at) == ("", again.attempts, again.held_until)


def test_the_next_address_is_written_for_a_push_that_nobody_confirms(cast):
    crowd = told_of_many(cast, 2, NINE)
    [bobs] = ContactPoint.objects.filter(user=cast.bob).values_list("pk", flat=True)
    first, second = (each._replace(channel="push") for each in claimed())
    gone = "00000000-0000-4000-8000-000000000000"
    note([*sent(first, others=(str(bobs),)), *sent(second, others=(gone,))], at=NOTED)
    settle_all()
    [row] = [each for each in crowd.deliveries() if each.follows]
    assert (str(row.follows), row.contact_point_id) == (first.id, bobs)
    assert (row.next_at, row.created_at) == (NOTED + SILENT_FOR, NOTED)


def test_a_note_that_makes_no_sense_holds_up_no_other_and_leaves_again(cast, mailbox, caplog):
    crowd = told_of_many(cast, 2, NINE)
    good, bad = claimed()
    note([Untold(Finish(bad, "sent", "x" * 61))], at=NOTED)
    note(sent(good), at=NOTED)
    assert (settle(noted_before=None), notes()) == (2, 0)
    assert [outcome for outcome, _ in fates(crowd)].count("sent") == 1
    assert "makes no sense" in caplog.text
    assert drain(at=NINE + LEASE) == Drained(sent=1)


def test_a_tick_and_the_command_settle_what_a_dead_process_left(cast, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.settle, "apply_async", lambda **how: rung.append(how))
    monkeypatch.setattr(tasks.drain, "apply_async", lambda **how: None)
    told_of_many(cast, 2, NINE)
    one, two = claimed()
    note(sent(one), at=NOTED)
    for seconds, asked in ((10, 0), (11, 1)):
        with time_machine.travel(NOTED + timedelta(seconds=seconds), tick=False):
            tasks.tick()
        assert len(rung) == asked
    with time_machine.travel(NOTED + timedelta(seconds=11), tick=False):
        note(sent(two), at=NOTED + timedelta(seconds=9))
        tasks.settle()
        assert notes() == 1
        call_command("deliver")
    assert notes() == 0


def test_a_note_shows_only_to_whoever_stands_within_all_of_its_clinics(cast):
    told_of_many(cast, 2, NINE)
    here, there = claimed()
    note(sent(here, there._replace(clinic_id=str(cast.other_clinic.pk))), at=NOTED)
    for clinics in ([], [cast.clinic.pk], [cast.other_clinic.pk]):
        with within_clinics(clinics):
            assert Departure.objects.count() == 0
            assert Departure.objects.all().delete()[0] == 0
    assert notes() == 1
    assert str(cast.patient.pk) not in told_by_notes()


def told_by_notes() -> str:
    with within_every_clinic():
        return "".join(Departure.objects.values_list("told", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_at_once_finish_each_once():
    cast = make_cast()
    crowd = told_of_many(cast, 12, NINE)
    held = claimed()
    for place in range(0, 12, 2):
        note(sent(*held[place : place + 2]), at=NOTED)
    together = Barrier(2)

    def run() -> int:
        together.wait()
        settled = 0
        try:
            while many := settle(noted_before=None, limit=1):
                settled += many
        finally:
            connection.close()
        return settled

    with ThreadPoolExecutor(2) as pool:
        both = [each.result() for each in (pool.submit(run), pool.submit(run))]
    assert (sum(both), notes()) == (6, 0)
    assert fates(crowd) == [("sent", NOTED)] * 12
    happened = Counter({each.event: each.many for each in counts() if each.channel == "email"})
    assert happened["sent"] == 12


@pytest.mark.django_db(transaction=True)
def test_a_drain_waits_for_whoever_is_settling_what_may_be_due_again():
    with open_mailbox() as mailbox:
        cast = make_cast()
        crowd = told_of_many(cast, 2, NINE)
        note(sent(*claimed()), at=NOTED)

        def late() -> Drained:
            try:
                return drain(at=NINE + LEASE)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            with within_every_clinic():
                assert settle(noted_before=None) == 1
                waiting = pool.submit(late)
                _until_somebody_waits()
            assert waiting.result(timeout=10) == Drained()
        assert mailbox.mails == []
        assert fates(crowd) == [("sent", NOTED)] * 2
