"""What many devices get at once is encrypted ahead, and leaves only while it is still true."""

import json
from datetime import timedelta

import pytest

from patients.channels.outgoing import CONNECTIONS
from patients.models import ContactPoint
from rehab.actions.delivery import Drained, drain
from rehab.actions.pauses import hold_plan
from rehab.actions.sealing_ahead import seal_ahead
from rehab.models import Delivery
from rehab.models.outbox import cancel
from rehab.models.sealed import SealedPush
from tests.integration.channels.browser_keys import BrowserKeys, b64
from tests.integration.channels.sink import Sink, open_sink
from tests.integration.rehab.scenes import done, local
from tests.people import Cast
from tests.plans import assign, items_of, shoulder

SOON = local(19, 8, 50)
NINE = local(19, 9)


@pytest.fixture
def sink(settings):
    settings.OUTGOING_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    with open_sink() as opened:
        yield opened
        CONNECTIONS.close()


@pytest.fixture
def phone(cast: Cast, sink: Sink) -> BrowserKeys:
    """Alice has a phone, and nothing else."""
    keys = BrowserKeys()
    ContactPoint.objects.filter(user=cast.alice).delete()
    ContactPoint.objects.create(
        user=cast.alice,
        channel="push",
        address=json.dumps(
            {
                "endpoint": f"{sink.url}/send/alice",
                "keys": {"auth": b64(keys.auth), "p256dh": b64(keys.public)},
            },
            sort_keys=True,
        ),
        verified_at=local(1, 9),
    )
    return keys


@pytest.fixture
def items():
    return [shoulder("09:00", series=None) for _ in range(2)]


@pytest.fixture
def plan(cast, phone, items):
    return assign(cast, *items, at=local(18, 20))


def bodies(cast: Cast) -> list[bytes]:
    with cast.inside():
        return [bytes(each) for each in SealedPush.objects.values_list("body", flat=True)]


def shown(phone: BrowserKeys, sink: Sink) -> str:
    return str(json.loads(phone.open(sink.only.body))["body"])


def test_what_leaves_soon_is_sealed_once_and_leaves_as_it_was_sealed(cast, plan, phone, sink):
    assert seal_ahead(at=SOON, many=1) == 1
    assert seal_ahead(at=SOON + timedelta(minutes=1), many=1) == 0
    [sealed] = bodies(cast)
    assert drain(at=NINE).sent == 1
    assert sink.only.body == sealed
    assert shown(phone, sink) == "2 things on today's list are due now."


def test_nothing_is_kept_once_it_has_left(cast, plan, phone, sink):
    seal_ahead(at=SOON, many=1)
    drain(at=NINE)
    assert bodies(cast) == []


def test_nothing_is_sealed_more_than_a_quarter_of_an_hour_ahead(cast, plan):
    assert seal_ahead(at=NINE - timedelta(minutes=16), many=1) == 0
    assert seal_ahead(at=NINE - timedelta(minutes=15), many=1) == 1


def test_a_few_are_sealed_on_the_spot(cast, plan, sink):
    assert seal_ahead(at=SOON, many=2) == 0
    assert drain(at=NINE).sent == 1


def test_what_is_done_meanwhile_is_not_said_by_the_older_body(cast, plan, phone, sink):
    seal_ahead(at=SOON, many=1)
    [sealed] = bodies(cast)
    with cast.inside():
        series = items_of(plan)[0].series
    done(cast, series, local(19, 8, 55))
    assert drain(at=NINE).sent == 1
    assert sink.only.body != sealed
    assert shown(phone, sink) == "One thing on today's list is due now."


def test_what_is_held_meanwhile_does_not_leave_although_it_was_sealed(cast, plan, sink):
    seal_ahead(at=SOON, many=1)
    hold_plan(by=cast.dana, at=local(19, 8, 55), plan_id=plan.pk, reason="swollen")
    assert drain(at=NINE).sent == 0
    assert (sink.requests, bodies(cast)) == ([], [])


def test_a_body_goes_with_its_delivery_however_that_ends(cast, plan):
    for end in (_cancelled, _deleted, _readdressed, _moved):
        with cast.inside():
            SealedPush.objects.all().delete()
            Delivery.objects.filter(due_at=NINE).update(
                next_at=NINE, wanted_at=NINE, outcome="", finished_at=None, channel="push"
            )
        assert seal_ahead(at=SOON, many=1) == 1, end
        with cast.inside():
            end(cast, Delivery.objects.get(due_at=NINE))
        assert bodies(cast) == [], end


def _cancelled(cast: Cast, row: Delivery) -> None:
    cancel([row.reminder_id], patient_id=row.patient_id, reason="plan_changed", at=SOON)


def _readdressed(cast: Cast, row: Delivery) -> None:
    other = ContactPoint.objects.get(user=cast.bob)
    Delivery.objects.filter(id=row.id).update(contact_point=other)
    Delivery.objects.filter(id=row.id).update(contact_point=row.contact_point)


def _moved(cast: Cast, row: Delivery) -> None:
    later = NINE + timedelta(hours=1)
    Delivery.objects.filter(id=row.id).update(next_at=later, wanted_at=later)


def _deleted(cast: Cast, row: Delivery) -> None:
    Delivery.objects.filter(id=row.id).delete()
    row.save(force_insert=True)


def test_a_claim_that_failed_keeps_its_body_for_the_next_try(cast, plan, phone, sink):
    seal_ahead(at=SOON, many=1)
    [sealed] = bodies(cast)
    sink.status = 503
    assert drain(at=NINE) == Drained(failed=1)
    assert bodies(cast) == [sealed]
    sink.status = 201
    assert drain(at=NINE + timedelta(minutes=2)).sent == 1
    assert [each.body for each in sink.requests] == [sealed, sealed]


def test_bodies_that_nobody_came_for_are_deleted(cast, plan):
    seal_ahead(at=SOON, many=1)
    seal_ahead(at=SOON + timedelta(minutes=31), many=1)
    assert bodies(cast) == []


def test_a_device_that_is_gone_is_retired_and_its_owner_is_told(cast, plan, sink):
    sink.status = 410
    assert drain(at=NINE) == Drained(failed=1)
    point = ContactPoint.objects.get(user=cast.alice)
    assert (point.retired_at is not None, point.retired_reason) == (True, "push 410")
