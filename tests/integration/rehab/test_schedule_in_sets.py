"""However many plans, items and versions: the same few statements, and safe beside one another."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.access.walls import within_every_clinic
from rehab.actions.plans import revise_plan
from rehab.actions.schedule import materialise
from rehab.actions.travel import change_zone
from rehab.models import Delivery, Plan, PlanItem, Reminder
from tests.integration.rehab.scenes import local, occurrences, plan_of, turning
from tests.integration.rehab.ticking import tick
from tests.people import make_cast, make_clinician, make_patient, make_user
from tests.plans import assign, shoulder


def following(count):
    return [shoulder(f"{8 + place:02}:00", zone_policy="follow") for place in range(count)]


def statements_of(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        act()
    return len([each for each in seen if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_a_journey_takes_as_many_statements_for_eight_items_as_for_one(cast):
    def journey(count):
        one = another(cast, f"c{count}")
        assign(one, *following(count), at=local(18, 20))
        return statements_of(
            lambda: change_zone(
                by=one.alice,
                at=local(19, 5),
                patient_id=one.patient.pk,
                zone="Asia/Tokyo",
                confirmed=True,
            )
        )

    assert journey(8) == journey(1)


def test_a_revision_stores_eight_items_as_it_stores_one(cast):
    def revision(count):
        one = another(cast, f"r{count}")
        items = following(count)
        plan = assign(one, *items, at=local(18, 20))
        return statements_of(
            lambda: revise_plan(
                by=cast.dana, at=local(19, 5), plan_id=plan.pk, draft=plan_of(*items)
            )
        )

    assert revision(8) <= revision(1) + 2


def test_a_tick_takes_as_many_statements_for_five_patients_as_for_one(cast):
    def stored(patients):
        for place in range(patients):
            assign(another(cast, f"t{patients}{place}"), *following(2), at=local(18, 20))
        return statements_of(lambda: run(at=local(19, 20)))

    assert stored(5) == stored(1)


def run(*, at) -> int:
    with within_every_clinic():
        return materialise(at=at)


def test_another_edition_that_changes_no_time_costs_the_same_for_five_patients(cast):
    def moved(patients):

        for place in range(patients):
            assign(another(cast, f"z{patients}{place}"), *following(2), at=local(18, 20))
        with within_every_clinic():
            Plan.objects.update(tzdata_version="2019.1")
        return statements_of(lambda: run(at=local(18, 21)))

    assert moved(5) == moved(1)


def another(cast, name):
    """The cast around another patient, who has an account of their own."""
    user = make_user(name)
    patient = make_patient(cast.clinic, name, user=user)
    make_clinician(patient, cast.dana)
    return replace(cast, alice=user, patient=patient)


@pytest.mark.django_db(transaction=True)
def test_a_journey_and_a_tick_at_once_agree():
    cast = make_cast()
    item = shoulder(zone_policy="follow")
    assign(cast, item, turning("22:30"), at=local(18, 20))
    together = Barrier(2)

    def at_once(act):
        together.wait()
        try:
            return act()
        finally:
            connection.close()

    at = local(19, 12)
    with ThreadPoolExecutor(2) as pool:
        journey = pool.submit(
            at_once,
            lambda: change_zone(
                by=cast.alice, at=at, patient_id=cast.patient.pk, zone="Asia/Tokyo", confirmed=True
            ),
        )
        ticking = pool.submit(at_once, lambda: tick(cast, at))
        assert journey.result(timeout=60) is not None
        ticking.result(timeout=60)
    tick(cast, at + timedelta(minutes=15))

    to_come = occurrences(cast, series=item.series, on__in=[date(2026, 10, 20), date(2026, 10, 21)])
    assert [each.due_at for each in to_come] == [
        local(20, 8), local(20, 15), local(21, 8)
    ]  # fmt: skip
    with cast.inside():
        assert PlanItem.objects.get(series=item.series).zone == "Asia/Tokyo"
        unsent = Delivery.objects.filter(next_at__isnull=False, due_at__gt=at)
        reminded = Reminder.objects.filter(id__in=unsent.values("reminder_id"))
        ids = [each for row in reminded.values_list("occurrence_ids", flat=True) for each in row]
    assert len(ids) == len(set(ids)), "nothing is reminded twice"


@pytest.mark.django_db(transaction=True)
def test_two_journeys_at_once_end_on_one_of_the_two_clocks():
    cast = make_cast()
    item = shoulder(zone_policy="follow")
    assign(cast, item, at=local(18, 20))
    together = Barrier(2)

    def go(zone, at):
        together.wait()
        try:
            return change_zone(
                by=cast.alice, at=at, patient_id=cast.patient.pk, zone=zone, confirmed=True
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(go, "Asia/Tokyo", local(19, 5))
        second = pool.submit(go, "Asia/Kolkata", local(19, 5, 1))
        first.result(timeout=60), second.result(timeout=60)
    with cast.inside():
        zone = PlanItem.objects.get(series=item.series).zone
    expected = {"Asia/Tokyo": local(20, 8), "Asia/Kolkata": local(20, 11, 30)}[zone]
    assert occurrences(cast, on=date(2026, 10, 20))[0].due_at == expected
