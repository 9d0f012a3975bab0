"""Reminders are rows, written with what is due: for whom, about what, through which address."""

from uuid import uuid4

import pytest

from patients.domain.errors import Invalid
from patients.models import ContactPoint, Patient
from rehab.actions.occurrences import skip_occurrence, snooze_occurrence, unskip_occurrence
from rehab.actions.plans import revise_plan
from rehab.actions.reminders import reminder_id
from rehab.domain.session_entry import SkipEntry
from rehab.models import Delivery, Reminder
from tests.integration.rehab.scenes import done, local, occurrences, plan_of, turning
from tests.integration.rehab.ticking import tick
from tests.people import CAREGIVER_SCOPES, make_helper, make_user
from tests.plans import assign, shoulder


def reminders(cast, **facts):
    with cast.inside():
        return list(Reminder.objects.filter(**facts).order_by("due_at", "recipient_id"))


def deliveries(cast, **facts):
    with cast.inside():
        return list(Delivery.objects.filter(**facts).order_by("due_at", "id"))


def told(cast, item, *, at=None):
    """Who is reminded first about an item."""
    assign(cast, item, at=at or local(18, 20))
    return reminders(cast)[0].recipient


def test_each_thing_due_brings_its_reminder_and_its_delivery(cast):
    assign(cast, shoulder(), at=local(18, 20))
    due = occurrences(cast)
    rows = reminders(cast)
    assert [(row.due_at, row.occurrence_ids) for row in rows] == [
        (each.due_at, [each.id]) for each in due
    ]
    sent = deliveries(cast)
    assert [(row.next_at, row.wanted_at, row.channel, row.attempts) for row in sent] == [
        (each.due_at, each.due_at, "email", 0) for each in due
    ]


def test_the_patient_is_reminded_where_nobody_is_named(cast):
    assert told(cast, shoulder()) == cast.alice


def test_the_doer_comes_first_then_who_is_next(cast):
    assert told(cast, shoulder(reminded=(cast.bob.pk, cast.alice.pk))) == cast.bob


def test_somebody_whose_relationship_ended_is_passed_over(cast):
    assign(cast, shoulder(reminded=(cast.bob.pk, cast.alice.pk)), at=local(18, 20))
    with cast.inside():
        cast.bobs_relationship.ended_at = local(19, 6)
        cast.bobs_relationship.ended_by = cast.alice
        cast.bobs_relationship.save()
    tick(cast, local(19, 7))
    # The next tick writes to who comes next what is still to come.
    rows = reminders(cast, created_at=local(19, 7))
    assert {row.recipient for row in rows} == {cast.alice}
    assert [row.due_at for row in rows] == [
        local(19, 9),
        local(19, 16),
        local(20, 9),
        local(20, 16),
    ]


def test_a_patient_without_an_account_is_reminded_through_a_helper(cast):
    with cast.inside():
        Patient.objects.filter(pk=cast.patient.pk).update(user=None)
    assert told(cast, shoulder()) == cast.bob


def test_whoever_only_watches_is_not_reminded(cast):
    watcher = make_user("wei")
    make_helper(cast.patient, watcher, scopes=("see_sessions", "receive_alerts"))
    with cast.inside():
        Patient.objects.filter(pk=cast.patient.pk).update(user=None)
        cast.bobs_relationship.delete()
    assign(cast, shoulder(), at=local(18, 20))
    assert {(row.recipient, row.nobody_reachable) for row in reminders(cast)} == {(None, True)}
    assert deliveries(cast) == []


def test_things_due_at_one_moment_are_one_message(cast):
    assign(cast, shoulder("09:00"), shoulder("09:00", series=uuid4()), at=local(18, 20))
    rows = reminders(cast, due_at=local(19, 9))
    assert len(rows) == 1
    assert len(rows[0].occurrence_ids) == 2
    assert len(deliveries(cast, due_at=local(19, 9))) == 1


def test_care_in_a_group_makes_it_care_and_may_wake(cast):
    assign(cast, shoulder("22:30"), turning("22:30", wakes=True), at=local(18, 20))
    row = reminders(cast, due_at=local(18, 22, 30))[0]
    assert (row.kind, row.wakes) == ("care", True)


def test_two_people_are_two_messages(cast):
    assign(
        cast,
        shoulder("09:00"),
        shoulder("09:00", series=uuid4(), reminded=(cast.bob.pk,)),
        at=local(18, 20),
    )
    assert {row.recipient for row in reminders(cast, due_at=local(19, 9))} == {
        cast.alice,
        cast.bob,
    }


def test_writing_them_again_changes_nothing(cast):
    assign(cast, shoulder(), at=local(18, 20))
    before = [(row.id, row.occurrence_ids) for row in reminders(cast)]
    tick(cast, local(18, 22))
    assert [(row.id, row.occurrence_ids) for row in reminders(cast)][: len(before)] == before
    assert before[0][0] == reminder_id(cast.patient.pk, cast.alice.pk, occurrences(cast)[0].due_at)


def test_an_address_nobody_verified_is_not_written_to(cast):
    ContactPoint.objects.filter(user=cast.alice).update(verified_at=None)
    assign(cast, shoulder(), at=local(18, 20))
    assert len(reminders(cast)) == 4
    assert deliveries(cast) == []


def test_n_per_week_reminds_at_its_hour_spread_over_the_week_or_not_at_all(cast):
    quiet = shoulder(schedule={"rule": "times_per_week", "n": 3})
    spread = shoulder(schedule={"rule": "times_per_week", "n": 3, "at": "18:00"})
    assign(cast, quiet, spread, at=local(18, 20))
    tick(cast, local(19, 1))
    assert {row.due_at for row in reminders(cast, due_at__gt=local(19, 0))} == {local(19, 18)}


def test_a_revision_takes_back_what_is_not_sent_and_writes_it_anew(cast):
    item = shoulder("09:00", "16:00")
    plan = assign(cast, item, at=local(18, 20))
    later = plan_of(shoulder("10:00", series=item.series, parts=item.parts))
    revise_plan(by=cast.dana, at=local(19, 8), plan_id=plan.pk, draft=later)
    assert [row.due_at for row in deliveries(cast, next_at__isnull=False)] == [
        local(19, 10),
        local(20, 10),
    ]


def test_a_revision_leaves_a_snoozed_reminder_to_whoever_snoozed(cast):
    item = shoulder("09:00", "16:00")
    plan = assign(cast, item, at=local(18, 20))
    first = occurrences(cast)[0]
    snooze_occurrence(
        by=cast.bob,
        at=local(19, 9, 5),
        patient_id=cast.patient.pk,
        occurrence_id=first.id,
        minutes=30,
    )
    changed = plan_of(shoulder("16:30", series=item.series, parts=item.parts))
    revise_plan(by=cast.dana, at=local(19, 9, 10), plan_id=plan.pk, draft=changed)
    waiting = deliveries(cast, next_at__isnull=False, due_at=local(19, 9, 35))
    assert [row.recipient for row in waiting] == [cast.bob]


def test_snoozing_moves_the_message_and_nothing_else(cast):
    assign(cast, shoulder("09:00", reminded=(cast.bob.pk,)), at=local(18, 20))
    first = occurrences(cast)[0]
    snooze_occurrence(
        by=cast.bob,
        at=local(19, 8, 55),
        patient_id=cast.patient.pk,
        occurrence_id=first.id,
        minutes=45,
    )
    assert [
        (row.due_at, row.outcome, row.reason) for row in deliveries(cast, due_at__lt=local(19, 12))
    ] == [(local(19, 9), "not_sent", "snoozed"), (local(19, 9, 40), "", "")]
    again = occurrences(cast)[0]
    assert (again.state, again.due_at) == ("due", first.due_at)


def test_a_skip_can_be_taken_back(cast):
    item = shoulder()
    assign(cast, item, at=local(18, 20))
    first = occurrences(cast)[0]
    facts = {"by": cast.bob, "patient_id": cast.patient.pk, "occurrence_id": first.id}
    skip_occurrence(
        by=cast.bob,
        at=local(19, 8),
        patient_id=cast.patient.pk,
        told=SkipEntry(occurrence=first.id, reason="asleep", note="until ten"),
    )
    assert occurrences(cast)[0].skip_note == "until ten"
    unskip_occurrence(**facts, at=local(19, 9))
    assert (occurrences(cast)[0].state, occurrences(cast)[0].skip_reason) == ("due", "")
    assert done(cast, item.series, local(19, 9, 30)).log.placement == "slot"


def test_a_helper_who_joins_is_told_from_the_next_tick_on(cast):
    grace = make_user("grace")
    with cast.inside():
        Patient.objects.filter(pk=cast.patient.pk).update(user=None)
        cast.bobs_relationship.delete()
    assign(cast, shoulder(), at=local(18, 20))
    assert deliveries(cast) == []
    make_helper(cast.patient, grace, scopes=CAREGIVER_SCOPES)
    tick(cast, local(18, 22))
    assert {row.recipient for row in reminders(cast)} == {grace}


@pytest.mark.parametrize("minutes", [0, 721, -5])
def test_a_snooze_has_its_limits(cast, minutes):
    assign(cast, shoulder(), at=local(18, 20))
    with pytest.raises(Invalid):
        snooze_occurrence(
            by=cast.bob,
            at=local(19, 9),
            patient_id=cast.patient.pk,
            occurrence_id=occurrences(cast)[0].id,
            minutes=minutes,
        )
