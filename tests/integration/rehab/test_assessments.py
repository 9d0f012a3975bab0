"""Assessments: as the registry allows, once for each id, and every version kept."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from patients.access.walls import within_clinics
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.models import AuditEvent
from rehab.actions.assessments import (
    amend_assessment,
    confirm_assessment,
    record_assessment,
    retract_assessment,
)
from rehab.domain.assessments import AssessmentEntry
from rehab.domain.instruments import ResultEntry
from rehab.models import Assessment, AssessmentAmendment
from rehab.models.reads.assessments import assessment_facts, assessments_of, due_for, recent
from tests.integration.rehab.scenes import local

AT = local(19, 10)
LEFT = {"side": "left", "device": "Jamar"}


def grip(value, *, at=AT, **changes):
    entry = AssessmentEntry(
        instrument="grip",
        performed_at=at,
        zone="Asia/Shanghai",
        results=(ResultEntry(score="grip_kg", value=value, facts=LEFT),),
    )
    return replace(entry, **changes)


def pain(value, *, at=AT, **changes):
    entry = AssessmentEntry(
        instrument="pain_nrs",
        performed_at=at,
        zone="Asia/Shanghai",
        results=(ResultEntry(score="pain", value=value, facts={"site": "knee", "side": "left"}),),
        assessed_by="patient",
    )
    return replace(entry, **changes)


def told(cast, entry, *, by=None, at=None, known=None):
    return record_assessment(
        by=by or cast.dana,
        at=at or entry.performed_at,
        patient_id=cast.patient.pk,
        assessment_id=known or uuid4(),
        entry=entry,
    )


def page(cast, **asked):
    with cast.inside():
        return assessments_of(
            cast.patient.pk, today=asked.pop("today", AT.date()), language="en", **asked
        )


def test_the_same_again_changes_nothing_and_another_body_is_a_conflict(cast):
    known = uuid4()
    states = [told(cast, grip(value), known=known).state for value in (14, 14.0, 15)]
    assert states == ["recorded", "unchanged", "conflict"]
    with cast.inside():
        assert Assessment.objects.count() == 1
        event = AuditEvent.objects.get(kind="assessment.record")
    assert event.detail == {"instrument": "grip", "status": "recorded"}


def test_what_a_clinician_enters_is_not_entered_by_the_patient(cast):
    with pytest.raises(NotAllowed) as refused:
        told(cast, replace(grip(14), instrument="mrc"), by=cast.alice)
    assert (refused.value.code, refused.value.field) == ("clinicians_only", "instrument")
    # A dynamometer at home is read by whoever holds it.
    assert told(cast, grip(14), by=cast.alice).state == "recorded"
    assert told(cast, pain(0), by=cast.alice).state == "recorded"
    assert told(cast, pain("cannot_feel"), by=cast.bob).state == "recorded"


def test_an_instrument_that_is_not_offered_says_why(cast):
    with pytest.raises(Invalid) as refused:
        told(cast, replace(grip(14), instrument="borg"))
    assert refused.value.code == "not_offered" and "许可" in refused.value.detail
    with pytest.raises(Invalid) as unknown:
        told(cast, replace(grip(14), instrument="nonsense"))
    assert unknown.value.code == "unknown_instrument"


def test_a_value_that_cannot_be_is_refused_by_name_and_nothing_is_kept(cast):
    reply = told(cast, grip(140))
    assert (reply.status, [each.field for each in reply.errors]) == (422, ["results.0.value"])
    future = told(cast, grip(14, at=AT + timedelta(hours=1)), at=AT)
    assert [each.code for each in future.errors] == ["future"]
    with cast.inside():
        assert not Assessment.objects.exists()


def test_pounds_typed_as_kilograms_are_asked_about_once(cast):
    told(cast, grip(14))
    entry = grip(31, at=local(23, 10))
    asked = told(cast, entry)
    assert asked.state == "confirm_required" and "14.1 kg" in asked.errors[0].detail
    kept = told(cast, replace(entry, confirmed=("unusual_change",)))
    assert kept.state == "recorded"
    assert page(cast).results[0].marks == ["confirmed_unusual"]


def test_a_hundred_grams_more_are_no_gain(cast):
    told(cast, grip(14.0))
    told(cast, grip(14.1, at=local(26, 10)))
    newest = page(cast).results[0].results[0]
    assert newest.since_last.verdict == "no_clear_change"
    assert newest.since_last.difference == 0.1
    assert [each.criteria for each in newest.beyond].count("AWGS 2019") == 2


def test_last_and_baseline_are_different_questions(cast):
    for day, value in ((19, 14), (20, 19), (21, 23)):
        told(cast, grip(value, at=local(day, 10)))
    newest = page(cast).results[0].results[0]
    assert newest.since_last.verdict == "no_clear_change"
    assert newest.since_baseline.verdict == "changed"
    assert newest.since_baseline.thresholds[0].population["en"]


def test_a_correction_keeps_what_was_said_before_and_who_changed_it(cast):
    known = uuid4()
    told(cast, grip(41), known=known)
    reply = amend_assessment(
        by=cast.dana, at=local(20, 9), patient_id=cast.patient.pk, assessment_id=known,
        entry=grip(14), reason="Digits swapped",
    )  # fmt: skip
    assert reply.state == "amended"
    with cast.inside():
        row = Assessment.objects.get(id=known)
        before = AssessmentAmendment.objects.get(record_id=known)
    assert (row.revision, row.results[0]["value"]) == (2, 14)
    assert (before.before["results"][0]["value"], before.by_id) == (41, cast.dana.pk)
    assert told(cast, grip(41), known=known).state == "unchanged"
    assert page(cast).results[0].results[0].value == 14


def test_a_correction_without_a_reason_or_by_a_caregiver_is_refused(cast):
    known, muscle = uuid4(), {"side": "left", "muscle": "tibialis_anterior"}
    graded = replace(grip(0), instrument="mrc")
    three, four = (
        replace(graded, results=(ResultEntry(score="strength", value=each, facts=muscle),))
        for each in ("3", "4")
    )
    told(cast, three, known=known)
    given = {"at": AT, "patient_id": cast.patient.pk, "assessment_id": known, "entry": four}
    with pytest.raises(Invalid):
        amend_assessment(by=cast.dana, reason=" ", **given)
    with pytest.raises(NotAllowed):
        amend_assessment(by=cast.bob, reason="Typo", **given)
    # A grip may be read at home; the one that a clinician measured is not corrected there.
    held = uuid4()
    told(cast, grip(14), known=held)
    with pytest.raises(NotAllowed):
        amend_assessment(
            by=cast.bob, reason="Typo", **{**given, "assessment_id": held, "entry": grip(15)}
        )


def test_what_was_withdrawn_is_compared_with_nothing(cast):
    wrong = uuid4()
    told(cast, pain(2))
    told(cast, pain(9, at=local(20, 9)), known=wrong)
    retract_assessment(
        by=cast.dana, at=local(20, 10), patient_id=cast.patient.pk, assessment_id=wrong,
        reason="Another patient",
    )  # fmt: skip
    told(cast, pain(2, at=local(21, 9)))
    assert page(cast).results[0].results[0].since_last.verdict == "same"
    with cast.inside():
        facts = assessment_facts(recent(cast.patient.pk))
    assert facts == {"assessment.pain_nrs.pain": 2}
    with pytest.raises(Conflict):
        amend_assessment(
            by=cast.bob, at=local(21, 9), patient_id=cast.patient.pk, assessment_id=wrong,
            entry=pain(3), reason="Typo",
        )  # fmt: skip


def test_what_is_told_ten_days_late_waits_for_a_clinician(cast):
    known = uuid4()
    late = told(cast, pain(8, at=local(9, 9)), by=cast.alice, at=AT, known=known)
    assert late.state == "pending"
    with cast.inside():
        assert recent(cast.patient.pk) == []
    given = {"at": AT, "patient_id": cast.patient.pk, "assessment_id": known}
    with pytest.raises(NotAllowed):
        confirm_assessment(by=cast.alice, **given)
    assert confirm_assessment(by=cast.dana, **given).state == "confirmed"
    with cast.inside():
        assert [each.value for each in recent(cast.patient.pk)] == [8]


def test_what_was_used_is_due_again(cast):
    told(cast, grip(14))
    with cast.inside():
        (due,) = due_for(cast.patient.pk, today=AT.date() + timedelta(weeks=13), language="en")
    assert (due.instrument, due.overdue) == ("grip", True)
    assert due.due_on == AT.date() + timedelta(weeks=13)


def test_assessments_are_seen_with_the_scope_for_conditions_only(cast):
    told(cast, grip(14))
    with cast.inside():
        assert Assessment.objects.visible_to(cast.alice, at=AT).exists()
        assert not Assessment.objects.visible_to(cast.bob, at=AT).exists()
    with within_clinics([cast.other_clinic.pk]):
        assert not Assessment.objects.exists()


@pytest.mark.parametrize("who", ["charlie", "olga"])
def test_a_stranger_finds_no_patient(cast, who):
    with pytest.raises(NotVisible):
        told(cast, pain(3), by=getattr(cast, who))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"results": []}, "assessment_has_a_result"),
        ({"instrument": ""}, "assessment_names_its_instrument"),
        ({"status": "final"}, "assessment_has_a_known_status"),
        ({"revision": 0}, "assessment_revision_counts_from_1"),
    ],
)
def test_the_database_holds_it_too(cast, changes, name):
    told(cast, grip(14))
    with cast.inside():
        row = Assessment.objects.get()
        values = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname != "id"
        }
    with cast.inside(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        Assessment.objects.create(**{**values, "id": uuid4(), **changes})
