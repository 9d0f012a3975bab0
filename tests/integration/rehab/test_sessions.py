"""Rules R1-R7, R12 and R13 of the product, each with a test named after it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from patients.domain.errors import NotVisible
from rehab.actions.acknowledging import acknowledge_flag
from rehab.actions.corrections import amend_session, retract_session
from rehab.actions.pauses import resume_plan
from rehab.actions.sessions import log_session
from rehab.models import ItemDay, Occurrence, SafetyFlag, SessionAmendment, SessionLog
from tests.people import Cast
from tests.plans import as_planned, assign, fes, in_detail, items_of, parts_of, shoulder

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int, minute: int = 0, *, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def plan(cast: Cast):
    return assign(cast, shoulder(), fes(), at=local(18, 20))


def occurrences(cast: Cast, **facts):
    with cast.inside():
        rows = Occurrence.objects.filter(patient_id=cast.patient.pk, **facts)
        return list(rows.order_by("due_at", "id"))


def test_r1_each_chosen_day_and_slot_is_due_once(cast, plan):
    due = occurrences(cast, series=items_of(plan)[0].series)
    assert [(each.on.day, each.slot) for each in due] == [
        (19, "s1"),
        (19, "s2"),
        (20, "s1"),
        (20, "s2"),
    ]
    assert due[0].due_at == datetime(2026, 10, 19, 1, tzinfo=UTC)


def test_r2_the_same_log_sent_twice_is_one_row(cast, plan):
    series, log_id = items_of(plan)[0].series, uuid4()
    entry = as_planned(series, local(19, 9, 5))
    first = log_session(
        by=cast.bob, at=local(19, 9, 6), patient_id=cast.patient.pk, log_id=log_id, entry=entry
    )
    again = log_session(
        by=cast.bob, at=local(19, 9, 7), patient_id=cast.patient.pk, log_id=log_id, entry=entry
    )
    assert (first.status, again.status) == (201, 200)
    with cast.inside():
        assert SessionLog.objects.count() == 1


def test_r2_the_same_id_with_another_body_is_a_conflict(cast, plan):
    series, log_id = items_of(plan)[0].series, uuid4()
    at = local(19, 9, 6)
    log_session(
        by=cast.bob,
        at=at,
        patient_id=cast.patient.pk,
        log_id=log_id,
        entry=as_planned(series, local(19, 9, 5)),
    )
    other = as_planned(series, local(19, 9, 4))
    assert (
        log_session(
            by=cast.bob, at=at, patient_id=cast.patient.pk, log_id=log_id, entry=other
        ).status
        == 409
    )


def test_r3_the_same_session_under_another_id_is_kept_marked_and_counted_once(cast, plan):
    series = items_of(plan)[0].series
    for minute in (10, 11):
        answer = log_session(
            by=cast.bob,
            at=local(19, 9, 12),
            patient_id=cast.patient.pk,
            log_id=uuid4(),
            entry=as_planned(series, local(19, 9, minute)),
        )
    assert answer.log.marks == ("possible_duplicate",)
    with cast.inside():
        day = ItemDay.objects.get(series=series, on="2026-10-19")
        assert (day.done, day.sessions, day.extra) == (1, 1, 0)


def test_r4_a_log_of_more_than_a_day_ago_is_late(cast, plan):
    answer = log_session(
        by=cast.bob,
        at=local(20, 10),
        patient_id=cast.patient.pk,
        log_id=uuid4(),
        entry=as_planned(items_of(plan)[0].series, local(19, 9)),
    )
    assert "late" in answer.log.marks


def test_r4_a_log_in_the_future_is_refused_and_the_clock_skew_is_kept(cast, plan):
    entry = as_planned(items_of(plan)[0].series, local(21, 9), client_sent_at=local(21, 9))
    answer = log_session(
        by=cast.bob, at=local(19, 9), patient_id=cast.patient.pk, log_id=uuid4(), entry=entry
    )
    assert (answer.status, answer.errors[0].field, answer.errors[0].code) == (
        422,
        "performed_at",
        "future",
    )
    from patients.models import AuditEvent

    with cast.inside():
        assert AuditEvent.objects.get(kind="clock.skew").detail == {"seconds": 2 * 24 * 3600}


def test_r6_a_hard_limit_is_refused_with_field_limit_and_likely_meaning(cast, plan):
    ride = items_of(plan)[1]
    part = parts_of(ride)[0].part
    entry = in_detail(ride.series, local(19, 18, 10), {part: {"amplitude_ma": 1000}})
    answer = log_session(
        by=cast.bob, at=local(19, 19), patient_id=cast.patient.pk, log_id=uuid4(), entry=entry
    )
    assert answer.status == 422
    assert answer.errors[0].field == "parts.0.measures.amplitude_ma"
    assert "200" in answer.errors[0].detail and "100" in answer.errors[0].detail


def test_r6_a_soft_limit_is_asked_about_and_then_stored_with_a_mark(cast, plan):
    arm, log_id = items_of(plan)[0], uuid4()
    part = parts_of(arm)[0].part
    entry = in_detail(arm.series, local(19, 9, 5), {part: {"end_angle_degrees": 130}})
    asked = log_session(
        by=cast.bob, at=local(19, 9, 6), patient_id=cast.patient.pk, log_id=log_id, entry=entry
    )
    assert (asked.status, asked.state) == (422, "confirm_required")
    confirmed = in_detail(
        arm.series,
        local(19, 9, 5),
        {part: {"end_angle_degrees": 130}},
        confirmed=tuple(error.code for error in asked.errors),
    )
    told = log_session(
        by=cast.bob, at=local(19, 9, 7), patient_id=cast.patient.pk, log_id=log_id, entry=confirmed
    )
    assert told.status == 201
    assert {"confirmed_unusual", "above_prescribed_maximum"} <= set(told.log.marks)
    with cast.inside():
        assert SafetyFlag.objects.get().rule == "end-angle-above-maximum"


def test_a_refused_field_never_hides_a_red_flag(cast, plan):
    arm = items_of(plan)[0]
    part = parts_of(arm)[0].part
    entry = in_detail(arm.series, local(19, 9, 5), {part: {"pain": 8, "repetitions": -8}})
    answer = log_session(
        by=cast.bob, at=local(19, 9, 6), patient_id=cast.patient.pk, log_id=uuid4(), entry=entry
    )
    assert answer.status == 422
    assert [flag.rule for flag in answer.flags] == ["pain-threshold"]
    with cast.inside():
        assert SafetyFlag.objects.get().level == "E1"
        assert SessionLog.objects.count() == 0


def test_as_planned_records_that_it_was_done_and_nothing_that_nobody_looked_at(cast, plan):
    arm = items_of(plan)[0]
    log_session(
        by=cast.bob,
        at=local(19, 9, 6),
        patient_id=cast.patient.pk,
        log_id=uuid4(),
        entry=as_planned(arm.series, local(19, 9, 5)),
    )
    with cast.inside():
        log = SessionLog.objects.get()
        assert (log.pain, log.pain_unfelt, log.effort, log.outcome) == (None, False, None, "done")
        assert [part.measures for part in log.told_parts()] == [{}, {}]


def test_r7_an_amendment_keeps_the_first_version_readable(cast, plan):
    arm, log_id = items_of(plan)[0], uuid4()
    part = parts_of(arm)[0].part
    first = in_detail(arm.series, local(19, 9, 5), {part: {"end_angle_degrees": 80, "pain": 2}})
    log_session(
        by=cast.bob, at=local(19, 9, 6), patient_id=cast.patient.pk, log_id=log_id, entry=first
    )
    second = in_detail(arm.series, local(19, 9, 5), {part: {"end_angle_degrees": 70, "pain": 2}})
    answer = amend_session(
        by=cast.alice,
        at=local(19, 10),
        patient_id=cast.patient.pk,
        log_id=log_id,
        entry=second,
        reason="read it wrong",
    )
    assert (answer.status, answer.log.revision) == (200, 2)
    with cast.inside():
        amendment = SessionAmendment.objects.get()
        assert amendment.by == cast.alice
        assert amendment.before["parts"][0]["measures"] == {"end_angle_degrees": 80}
        log = SessionLog.objects.get()
        assert (log.author, log.revision) == (cast.bob, 2)
        told = {each.part: each.measures for each in log.told_parts()}
        assert told[part] == {"end_angle_degrees": 70}


def test_a_replay_after_a_retraction_revives_nothing(cast, plan):
    series, log_id = items_of(plan)[0].series, uuid4()
    entry = as_planned(series, local(19, 9, 5))
    log_session(
        by=cast.bob, at=local(19, 9, 6), patient_id=cast.patient.pk, log_id=log_id, entry=entry
    )
    retract_session(
        by=cast.bob,
        at=local(19, 9, 8),
        patient_id=cast.patient.pk,
        log_id=log_id,
        reason="wrong day",
    )
    again = log_session(
        by=cast.bob, at=local(19, 9, 9), patient_id=cast.patient.pk, log_id=log_id, entry=entry
    )
    assert (again.status, again.log.status) == (200, "entered-in-error")
    assert occurrences(cast, series=series)[0].state == "due"
    with cast.inside():
        assert ItemDay.objects.get(series=series, on="2026-10-19").sessions == 0


def test_r12_a_pause_begins_with_its_log_and_later_sessions_are_kept_while_paused(cast, plan):
    arm = items_of(plan)[0]
    first, second = parts_of(arm)
    sore = in_detail(
        arm.series, local(19, 9, 5), {first.part: {"pain": 8}, second.part: {"pain": 7}}
    )
    log_session(
        by=cast.bob, at=local(19, 9, 6), patient_id=cast.patient.pk, log_id=uuid4(), entry=sore
    )
    states = [each.state for each in occurrences(cast, series=arm.series)]
    assert states == ["done", "paused", "paused", "paused"]
    later = log_session(
        by=cast.bob,
        at=local(19, 16, 5),
        patient_id=cast.patient.pk,
        log_id=uuid4(),
        entry=as_planned(arm.series, local(19, 16)),
    )
    assert later.status == 201 and "while_paused" in later.log.marks
    with cast.inside():
        day = ItemDay.objects.get(series=arm.series, on="2026-10-19")
        assert (day.due, day.done, day.paused, day.while_paused) == (1, 1, 1, 1)
        assert SafetyFlag.objects.filter(rule="trained-while-paused", level="E1").count() == 1


def test_r12_only_a_clinician_resumes_and_looks_at_the_settings_again(cast, plan):
    arm = items_of(plan)[0]
    first, second = parts_of(arm)
    sore = in_detail(
        arm.series, local(19, 9, 5), {first.part: {"pain": 8}, second.part: {"pain": 7}}
    )
    log_session(
        by=cast.bob, at=local(19, 9, 6), patient_id=cast.patient.pk, log_id=uuid4(), entry=sore
    )
    resume_plan(
        by=cast.dana,
        at=local(19, 12),
        plan_id=plan.pk,
        series=arm.series,
        note="seen, gentler",
        reconfirmed=True,
    )
    assert [each.state for each in occurrences(cast, series=arm.series)] == [
        "done",
        "due",
        "due",
        "due",
    ]


def test_r13_more_than_the_maximum_is_flagged_and_fulfilled_stays_capped(cast, plan):
    series = items_of(plan)[0].series
    for hour in (8, 11, 15, 19):
        answer = log_session(
            by=cast.bob,
            at=local(19, hour, 30),
            patient_id=cast.patient.pk,
            log_id=uuid4(),
            entry=as_planned(series, local(19, hour)),
        )
    assert "over_maximum" in answer.log.marks
    assert [flag.rule for flag in answer.flags] == ["over-maximum"]
    with cast.inside():
        day = ItemDay.objects.get(series=series, on="2026-10-19")
        assert (day.due, day.done, day.extra, day.over_maximum) == (2, 2, 2, 1)


def test_a_stranger_cannot_log(cast, plan):
    with pytest.raises(NotVisible):
        log_session(
            by=cast.charlie,
            at=local(19, 9, 6),
            patient_id=cast.patient.pk,
            log_id=uuid4(),
            entry=as_planned(items_of(plan)[0].series, local(19, 9, 5)),
        )


def test_what_was_done_before_access_began_waits_in_quarantine(cast, plan):
    with cast.inside():
        cast.bobs_relationship.starts_at = local(19, 9, 30)
        cast.bobs_relationship.save()
    answer = log_session(
        by=cast.bob,
        at=local(19, 10),
        patient_id=cast.patient.pk,
        log_id=uuid4(),
        entry=as_planned(items_of(plan)[0].series, local(19, 9, 5)),
    )
    assert (answer.status, answer.state) == (202, "quarantined")
    assert occurrences(cast, series=items_of(plan)[0].series)[0].state == "due"


def test_a_session_of_some_parts_is_partial(cast, plan):
    arm = items_of(plan)[0]
    first, second = parts_of(arm)
    entry = in_detail(
        arm.series,
        local(19, 9, 5),
        {first.part: {"repetitions": 10}, second.part: {"outcome": "not_done"}},
    )
    answer = log_session(
        by=cast.bob, at=local(19, 9, 6), patient_id=cast.patient.pk, log_id=uuid4(), entry=entry
    )
    assert answer.log.outcome == "partial"
    assert occurrences(cast, series=arm.series)[0].state == "partial"


def test_more_than_seven_days_late_waits_for_a_clinician(cast, plan):
    series = items_of(plan)[0].series
    answer = log_session(
        by=cast.bob,
        at=local(19, 9) + timedelta(days=10),
        patient_id=cast.patient.pk,
        log_id=uuid4(),
        entry=as_planned(series, local(19, 9)),
    )
    assert (answer.status, answer.state) == (201, "pending")


def test_acknowledging_the_newest_of_a_row_of_flags_answers_all_of_them(cast, plan):
    arm = items_of(plan)[0]
    first, second = parts_of(arm)
    sore = in_detail(
        arm.series, local(19, 9, 5), {first.part: {"pain": 8}, second.part: {"pain": 7}}
    )
    told = [(sore, local(19, 9, 6))]
    told += [(as_planned(arm.series, local(19, h)), local(19, h, 5)) for h in (11, 14, 16)]
    for entry, at in told:
        log_session(by=cast.bob, at=at, patient_id=cast.patient.pk, log_id=uuid4(), entry=entry)
    with cast.inside():
        rows = SafetyFlag.objects.filter(rule="trained-while-paused").order_by("raised_at")
        oldest, *_, newest = rows
        assert rows.count() == 3
    acknowledge_flag(by=cast.dana, at=local(19, 17), flag_id=newest.pk, note="told them to rest")
    with cast.inside():
        assert not rows.filter(acknowledged_at=None).exists()
        oldest.refresh_from_db()
        assert (oldest.acknowledged_by, oldest.acknowledgement) == (cast.dana, "told them to rest")
        assert SafetyFlag.objects.filter(rule="pain-threshold", acknowledged_at=None).count() == 2
