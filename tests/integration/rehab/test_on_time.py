"""What many are to be told at one moment is ready before it, and leaves at it and not earlier."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, timedelta
from threading import Barrier, Lock
from time import monotonic, sleep

import pytest
import time_machine
from django.db import connection

import rehab.tasks.reminders as tasks
from patients.access.walls import within_every_clinic
from patients.channels.exchange import Exchange
from patients.channels.outgoing import CONNECTIONS
from rehab.actions import lanes, making_ready, on_time
from rehab.actions.delivery import Drained, drain
from rehab.actions.lanes import Lanes
from rehab.actions.on_time import AHEAD_AT_MOST, ahead, send_on_time
from rehab.channels import CHANNELS, sealing
from rehab.models import Delivery, Occurrence
from rehab.models.departure import Departure
from rehab.models.outbox import LEASE, claim_at, count_due, due_soon
from tests.integration.channels.browser_keys import BrowserKeys
from tests.integration.channels.sink import open_sink
from tests.integration.rehab.crowds import told_of_many
from tests.integration.rehab.scenes import local
from tests.people import make_cast

EIGHT = local(19, 8)
pytestmark = pytest.mark.django_db
COMMITTED = pytest.mark.django_db(transaction=True)


class Provider:
    """Takes mails and notes when: seconds after it was made."""

    def __init__(self) -> None:
        self.began, self.taken, self._lock = monotonic(), [], Lock()
        self.takes = 0.0

    def __call__(self):
        return nullcontext(self._take)

    def _take(self, message) -> None:
        sleep(self.takes)
        with self._lock:
            self.taken.append((monotonic() - self.began, message.id))

    @property
    def ids(self):
        return [each for _, each in self.taken]


@pytest.fixture
def provider(monkeypatch):
    made = Provider()
    monkeypatch.setitem(CHANNELS, "email", made)
    return made


@pytest.fixture
def crowd():
    return told_of_many(make_cast(), 130, EIGHT)


@COMMITTED
def test_everything_leaves_at_the_moment_and_an_alert_meanwhile(crowd, provider):
    """The process is busy from two seconds before; an alert that falls due then does not wait."""
    alert = crowd.deliveries()[0]
    with within_every_clinic():
        Delivery.objects.filter(id=alert.id).update(
            urgent=True, next_at=EIGHT - timedelta(seconds=1.5)
        )
    provider.began = monotonic()
    done = send_on_time(EIGHT, at=EIGHT - timedelta(seconds=2))
    assert done == Drained(sent=129)
    (first, urgent), *others = provider.taken
    assert urgent == str(alert.id) and first < 2
    assert min(at for at, _ in others) >= 2
    assert sorted(provider.ids) == sorted(str(each.id) for each in crowd.deliveries())
    rows = [each for each in crowd.deliveries() if each.id != alert.id]
    assert {(each.outcome, each.attempts) for each in rows} == {("sent", 1)}
    assert all(each.finished_at >= EIGHT for each in rows)
    with within_every_clinic():
        assert not Departure.objects.exists()


@COMMITTED
def test_an_alert_that_falls_due_while_the_many_leave_overtakes_them(crowd, provider, monkeypatch):
    """One lane that takes 20 ms a message: 130 would take 2.6 seconds."""
    monkeypatch.setattr(lanes, "AT_ONCE", {"email": 1})
    provider.takes = 0.02
    alert = crowd.deliveries()[0]
    with within_every_clinic():
        Delivery.objects.filter(id=alert.id).update(
            urgent=True, next_at=EIGHT + timedelta(seconds=0.4)
        )
    assert send_on_time(EIGHT, at=EIGHT - timedelta(seconds=1)) == Drained(sent=130)
    assert 1 <= provider.ids.index(str(alert.id)) < 100


def test_two_who_send_in_one_process_leave_fifty_unrecorded_between_them():
    with Lanes() as one, Lanes() as other:
        for lane in (one, other):
            while lane.has_room("push"):
                lane._one_more("push")
        assert one._lanes["push"].unrecorded + other._lanes["push"].unrecorded <= 50
        assert one.is_full() and other.is_full()
    with Lanes() as later:
        assert later.has_room("push")


@COMMITTED
def test_a_push_is_encrypted_and_its_connection_open_before_its_moment(
    crowd, provider, settings, monkeypatch
):
    settings.OUTGOING_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    monkeypatch.setattr("rehab.actions.recipients.offered", lambda: ["push", "email"])
    phone, when = BrowserKeys(), []
    for owner, name in ((Exchange, "_connect"), (sealing, "seal")):
        monkeypatch.setattr(owner, name, _noting(getattr(owner, name), when))
    with open_sink() as sink:
        for each in crowd.deliveries()[:3]:
            point = each.contact_point
            point.channel, point.address = "push", phone.subscription(f"{sink.url}/send/{each.id}")
            point.save()
            with within_every_clinic():
                Delivery.objects.filter(id=each.id).update(channel="push")
        began = monotonic()
        assert send_on_time(EIGHT, at=EIGHT - timedelta(seconds=2)) == Drained(sent=130)
        assert [at - began < 2 for at in when] == [True] * 3
        assert (len(sink.requests), sink.connections) == (3, 3)
        assert all(b"It is time" in phone.open(each.body) for each in sink.requests)
        CONNECTIONS.close()


def _noting(real, when: list[float]):
    def noted(*given, **facts):
        when.append(monotonic())
        return real(*given, **facts)

    return noted


@COMMITTED
def test_what_changes_between_the_two_looks_is_not_sent(crowd, provider, monkeypatch):
    real, looks = making_ready.bundles, []

    def look_and_do(claims, *, at):
        looks.append(len(claims))
        found = real(claims, at=at)
        if len(looks) == 1:
            some = [each.patient_id for each in claims[:30]]
            Occurrence.objects.filter(patient_id__in=some).update(
                state="skipped", skip_reason="asleep"
            )
        return found

    monkeypatch.setattr(making_ready, "bundles", look_and_do)
    assert send_on_time(EIGHT, at=EIGHT - timedelta(seconds=1)) == Drained(sent=100, dropped=30)
    assert looks[0] == sum(looks[1:]) == 130
    assert len(provider.taken) == 100
    fates = sorted((each.outcome, each.reason) for each in crowd.deliveries())
    assert fates == [("not_sent", "done")] * 30 + [("sent", "")] * 100


@COMMITTED
def test_what_was_looked_at_too_long_ago_is_looked_at_again(crowd, provider, monkeypatch):
    """Each look is worth 0.3 seconds, and the moment is half a second after the second one.

    It is looked at by a thread of its own while others leave, and what is done by then stays back.
    """
    monkeypatch.setattr(on_time, "FRESH_FOR", timedelta(seconds=0.3))
    monkeypatch.setattr(on_time, "LOOKS_AHEAD", timedelta(seconds=0.5))
    real, looks = making_ready.bundles, []

    def look(claims, *, at):
        looks.append(len(claims))
        if len(looks) == 3:
            some = [each.patient_id for each in claims[:10]]
            Occurrence.objects.filter(patient_id__in=some).update(
                state="skipped", skip_reason="asleep"
            )
        return real(claims, at=at)

    monkeypatch.setattr(making_ready, "bundles", look)
    monkeypatch.setattr(on_time._Peak, "_looks_for", lambda *_: timedelta(seconds=0.5))
    assert send_on_time(EIGHT, at=EIGHT - timedelta(seconds=1.5)) == Drained(sent=120, dropped=10)
    assert sum(looks) >= 3 * 130
    assert len(provider.taken) == 120


def test_what_there_is_no_time_for_is_given_back(crowd, provider, monkeypatch):
    monkeypatch.setattr(on_time, "SENDS_FOR", timedelta(0))
    assert send_on_time(EIGHT, at=EIGHT - timedelta(seconds=0.5)) == Drained(put_back=130)
    assert drain(at=EIGHT + timedelta(seconds=1)) == Drained(sent=130)


@COMMITTED  # on a slow machine the last look happens in a thread
def test_none_leaves_after_the_time_for_sending_is_over(crowd, provider, monkeypatch):
    """One lane that takes 20 ms a message, and half a second of time after the moment."""
    monkeypatch.setattr(lanes, "AT_ONCE", {"email": 1})
    monkeypatch.setattr(on_time, "SENDS_FOR", timedelta(seconds=3.5))
    provider.takes = 0.02
    done = send_on_time(EIGHT, at=EIGHT - timedelta(seconds=3))
    assert 0 < done.sent < 60, provider.taken
    assert done.sent + done.put_back == 130
    assert len(provider.taken) == done.sent


@COMMITTED
def test_two_processes_share_a_moment_and_send_each_message_once(crowd, provider, monkeypatch):
    monkeypatch.setattr(on_time, "BATCH", 20)
    together = Barrier(2)

    def run() -> Drained:
        together.wait()
        try:
            return send_on_time(EIGHT, at=EIGHT - timedelta(seconds=2))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        both = [each.result() for each in (pool.submit(run), pool.submit(run))]
    assert sum(each.sent for each in both) == 130
    assert len(provider.ids) == len(set(provider.ids)) == 130


def test_a_tick_asks_for_it_in_time_and_only_where_many_are_due(crowd, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.send_on_time, "apply_async", lambda *how, **_: rung.append(how))
    for before in (AHEAD_AT_MOST, ahead(130)):
        with time_machine.travel(EIGHT - before, tick=False):
            assert tasks.tick() == 0
    assert rung == [([EIGHT.astimezone(UTC).isoformat()],)]
    with within_every_clinic():
        assert due_soon(at=EIGHT - AHEAD_AT_MOST, until=EIGHT, many=131) == []
        taken = claim_at(EIGHT, limit=500, leased_until=EIGHT + LEASE)
        assert len(taken) == 130
        assert due_soon(at=EIGHT - AHEAD_AT_MOST, until=EIGHT, many=1) == []
        assert count_due(at=EIGHT) == 0


def test_more_are_made_ready_earlier_but_never_so_early_that_the_lease_runs_out():
    assert ahead(100) < ahead(30_000) < ahead(10**6) == AHEAD_AT_MOST
    assert AHEAD_AT_MOST < on_time.SENDS_FOR < LEASE
