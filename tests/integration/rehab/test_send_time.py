"""What is true at the moment of sending counts; alerts come first; nobody waits in a ring."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from threading import Event
from time import monotonic, sleep

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test import override_settings

from config.celery import app
from patients.access.walls import within_every_clinic
from patients.models import NotificationPreference
from rehab.actions import delivery, lanes, recording, rising
from rehab.actions.delivery import LEASE, Drained, drain
from rehab.actions.profile import record_profile
from rehab.channels import CHANNELS, POSTED
from rehab.models import Delivery, EscalationStep, Occurrence
from rehab.models.outbox import Finish, cancel, claim, count_due, finish, withdraw
from tests.integration.rehab.crowds import told_of_many
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import local, told
from tests.integration.rehab.ticking import tick_escalation
from tests.people import Cast, make_cast
from tests.plans import CLEAR_ANSWERS, as_planned, assign, fes_cycling, in_detail, shoulder


@pytest.fixture
def mailbox():
    with open_mailbox() as opened:
        yield opened


@pytest.fixture
def arm():
    return shoulder("09:00", reminded=())


def fate(cast: Cast) -> list[tuple[str, str]]:
    with cast.inside():
        rows = Delivery.objects.filter(due_at=local(19, 9))
        return [(row.outcome, row.reason) for row in rows]


def test_a_pregnancy_noted_five_minutes_before_keeps_the_cycling_reminder_back(cast, mailbox):
    assign(cast, fes_cycling("09:00"), at=local(18, 20))
    record_profile(
        by=cast.dana,
        at=local(19, 8, 55),
        patient_id=cast.patient.pk,
        changes={"answers": {**CLEAR_ANSWERS, "pregnancy": "yes"}},
    )
    drain(at=local(19, 9))
    assert fate(cast) == [("not_sent", "paused")]
    assert "alice@example.test" not in mailbox.recipients


def test_an_alert_leaves_before_reminders_that_are_due_for_longer(cast, arm, mailbox):
    told_of_many(cast, 30, local(19, 9))
    plan = assign_another(cast, arm)
    told(cast, as_planned(plan, local(19, 9, 1), symptoms=("chest_pain",)))
    with cast.inside():
        alerts = Delivery.objects.filter(urgent=True).count()
    assert alerts > 0
    with within_every_clinic():
        first = claim(at=local(19, 9, 2), limit=10, lease=LEASE)
    assert [each.urgent for each in first] == [True] * alerts + [False] * (10 - alerts)


def assign_another(cast: Cast, arm):
    """The series of what Alice does by the plan that the crowd was made with."""
    with cast.inside():
        return Occurrence.objects.filter(patient_id=cast.patient.pk).first().series


@pytest.mark.parametrize("level", ["E0", "E1"])
def test_the_two_highest_levels_pass_quiet_hours_and_a_spent_budget(cast, arm, mailbox, level):
    NotificationPreference.objects.create(
        user=cast.bob,
        quiet_from=local(19, 0).time(),
        quiet_until=local(19, 23, 59).time(),
        zone="Asia/Shanghai",
        daily_budget=0,
    )
    assign(cast, arm, at=local(18, 20))
    if level == "E0":
        told(cast, as_planned(arm.series, local(19, 3), symptoms=("chest_pain",)))
    else:
        told(cast, in_detail(arm.series, local(19, 3), {arm.parts[0].part: {"pain": 9}}))
    tick_escalation(local(19, 3))
    drain(at=local(19, 3))
    assert "bob@example.test" in mailbox.recipients


class Slow:
    """A provider that answers after a while, and what it was given."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.messages = seconds, []

    @contextmanager
    def __call__(self) -> Iterator:
        yield self.take

    def take(self, message) -> None:
        sleep(self.seconds)
        self.messages.append(message)


def test_fifty_milliseconds_at_the_provider_do_not_make_four_hundred_messages_slow(
    cast, monkeypatch
):
    provider = Slow(0.05)
    monkeypatch.setitem(CHANNELS, "email", provider)
    monkeypatch.setattr(lanes, "AT_ONCE", {})
    told_of_many(cast, 400, local(19, 9))
    began = monotonic()
    assert drain(at=local(19, 9)) == Drained(sent=400)
    # In sequence it would take 20 seconds, with eight at once 2.5.
    assert monotonic() - began < 2.5
    assert len(provider.messages) == 400


def test_a_channel_that_hangs_holds_up_no_other(cast, monkeypatch):
    """The mails hang until every push has left."""
    pushed, went_on = [], []
    all_pushed = Event()

    def push(message) -> None:
        pushed.append(message)
        if len(pushed) == 5:
            all_pushed.set()

    crowd = told_of_many(cast, 10, local(19, 9))
    with cast.inside():
        for each in crowd.deliveries()[:5]:
            each.contact_point.channel = "push"
            each.contact_point.save()
            Delivery.objects.filter(id=each.id).update(channel="push")
    monkeypatch.setattr("rehab.actions.recipients.offered", lambda: ["push", "email"])
    monkeypatch.setitem(
        CHANNELS, "email", lambda: nullcontext(lambda _: went_on.append(all_pushed.wait(20)))
    )
    monkeypatch.setitem(CHANNELS, "push", lambda: nullcontext(push))
    monkeypatch.delitem(POSTED, "push")
    assert drain(at=local(19, 9)) == Drained(sent=10)
    assert went_on == [True] * 5


def test_what_waited_in_a_slow_batch_is_looked_at_again_before_it_leaves(cast, monkeypatch):
    """The second of two is done while the first is on its way."""
    provider = Slow(0.3)
    monkeypatch.setitem(CHANNELS, "email", provider)
    monkeypatch.setattr(lanes, "AT_ONCE", {"email": 1})
    monkeypatch.setattr(delivery, "FRESH_FOR", timedelta(milliseconds=200))
    crowd = told_of_many(cast, 2, local(19, 9))
    looks = []

    def look_and_do(claims, *, at):
        if looks:
            done = [each.patient_id for each in claims]
            Occurrence.objects.filter(patient_id__in=done).update(
                state="skipped", skip_reason="asleep"
            )
        looks.append(len(claims))
        return real(claims, at=at)

    real = delivery.bundles
    monkeypatch.setattr(delivery, "bundles", look_and_do)
    assert drain(at=local(19, 9)) == Drained(sent=1, dropped=1)
    assert looks == [2, 1]
    assert sorted(row.reason for row in crowd.deliveries()) == ["", "done"]


def test_what_there_is_no_time_for_is_given_back_at_once(cast, monkeypatch, mailbox):
    monkeypatch.setattr(delivery, "SENDS_FOR", timedelta(0))
    crowd = told_of_many(cast, 3, local(19, 9))
    assert drain(at=local(19, 9)) == Drained(put_back=3)
    monkeypatch.undo()
    assert {row.failures for row in crowd.deliveries()} == {0}
    assert drain(at=local(19, 9, 1)) == Drained(sent=3)


def test_a_worker_that_dies_between_two_records_sends_at_most_fifty_again(cast, monkeypatch):
    """Killed at its second record of a batch of 120: what the first one named is done with."""
    provider = Slow(0)
    monkeypatch.setitem(CHANNELS, "email", provider)
    told_of_many(cast, 120, local(19, 9))
    recorded = []

    def die_at_the_second(finishes, *, at):
        if recorded:
            raise KeyboardInterrupt
        recorded.extend(finishes)
        return finish(finishes, at=at)

    monkeypatch.setattr(recording, "finish", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        drain(at=local(19, 9))
    monkeypatch.setattr(recording, "finish", finish)
    assert 0 < len(recorded) <= 50
    assert drain(at=local(19, 9) + LEASE) == Drained(sent=120 - len(recorded))
    assert len({each.id for each in provider.messages}) == 120
    assert len(provider.messages) - 120 <= 50


def test_deliver_sends_everything_with_broker_and_cache_dead(cast, mailbox, capsys, monkeypatch):
    told_of_many(cast, 50, local(19, 9))
    monkeypatch.setattr("rehab.management.commands.deliver.BATCH", 20)
    monkeypatch.setattr(delivery.drain, "__kwdefaults__", {"limit": 20})
    nowhere = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere.sock",
        }
    }
    monkeypatch.setattr(app.conf, "broker_url", "redis+socket:///nowhere.sock")
    with override_settings(CACHES=nowhere), time_machine.travel(local(19, 9), tick=False):
        call_command("deliver")
    assert capsys.readouterr().out.endswith("sent 50, merged 0, held 0, not sent 0, failed 0\n")
    with within_every_clinic():
        assert count_due(at=local(19, 9)) == 0


def test_a_worker_hears_again_after_a_hole_in_the_network():
    options = app.conf.broker_transport_options
    assert options["socket_timeout"] == 20
    assert options["socket_keepalive"] is True
    assert options["health_check_interval"] == 10


def test_a_step_that_fails_is_put_off_and_holds_up_no_other(cast, arm, monkeypatch, caplog):
    assign(cast, arm, at=local(18, 20))
    told(cast, in_detail(arm.series, local(19, 9), {arm.parts[0].part: {"pain": 9}}))
    real = rising.escalate.__globals__["_take"]
    broken = []

    def take(step, *, at):
        if not broken:
            broken.append(step.pk)
            raise ValueError("a rota that cannot be read")
        real(step, at=at)

    with cast.inside():
        EscalationStep.objects.update(next_at=local(19, 10))
        steps = EscalationStep.objects.count()
    monkeypatch.setattr("rehab.actions.escalation._take", take)
    with caplog.at_level(logging.ERROR):
        assert tick_escalation(local(19, 10)) == steps
    with cast.inside():
        waiting = EscalationStep.objects.get(pk=broken[0])
        others = EscalationStep.objects.exclude(pk=broken[0])
        assert waiting.next_at == local(19, 10, 1)
        assert [each.next_at for each in others] == [None] * (steps - 1)


def test_flags_that_cannot_be_tended_do_not_keep_reminders_back(cast, arm, mailbox, monkeypatch):
    assign(cast, arm, at=local(18, 20))

    def broken(*, at):
        raise ValueError("no")

    monkeypatch.setattr(rising, "raise_unseen", broken)
    with time_machine.travel(local(19, 9), tick=False):
        call_command("deliver")
    assert mailbox.recipients == ["alice@example.test"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["finish", "cancel", "withdraw"])
def test_locks_of_many_rows_are_taken_in_the_order_of_their_key(how):
    """While the first row of two is held elsewhere, whoever wants both waits without the second."""
    cast = make_cast()
    item = shoulder("09:00", "10:00", reminded=())
    assign(cast, item, at=local(18, 20))
    with within_every_clinic():
        claims = claim(at=local(19, 11), limit=2, lease=LEASE)
    first, second = claims

    def act() -> None:
        try:
            with within_every_clinic():
                # The later one is named first.
                if how == "finish":
                    finish([Finish(second, "sent"), Finish(first, "sent")], at=local(19, 11))
                else:
                    reminders = [second.reminder_id, first.reminder_id]
                    act = {"cancel": cancel, "withdraw": withdraw}[how]
                    act(reminders, patient_id=cast.patient.pk, reason="x", at=local(19, 11))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with within_every_clinic():
            _lock(first, "FOR UPDATE")
            waiting = pool.submit(act)
            _until_somebody_waits()
            with transaction.atomic():
                _lock(second, "FOR UPDATE NOWAIT")
        waiting.result(timeout=10)
    with cast.inside():
        rows = Delivery.objects.filter(id__in=[first.id, second.id])
        assert [row.next_at for row in rows] == [None, None]


def _lock(claimed, how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM rehab_delivery WHERE due_at = %s AND id = %s {how}",
            [claimed.due_at, claimed.id],
        )


def _until_somebody_waits() -> None:
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        sleep(0.05)
    raise OperationalError("nobody waits")
