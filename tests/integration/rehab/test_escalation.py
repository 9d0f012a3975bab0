"""Who is told of a flag, step by step, until a clinician answers."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

import rehab.tasks.reminders as tasks
from patients.access.walls import within_every_clinic
from patients.models import (
    AuditEvent,
    CareRelationship,
    Clinic,
    ContactPoint,
    DutyShift,
    NotificationPreference,
    Practitioner,
)
from rehab import rules as rulebook
from rehab.actions.acknowledging import acknowledge_flag
from rehab.actions.delivery import drain
from rehab.actions.rising import raise_unseen
from rehab.domain.escalation import level_now
from rehab.domain.safety import Level
from rehab.models import Delivery, EscalationStep, Reminder
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import done, flags, local, told
from tests.integration.rehab.ticking import tick_escalation
from tests.people import make_clinician, make_helper, make_post, make_user
from tests.plans import assign, in_detail, shoulder

OPEN = {day: [["08:00", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def arm():
    return shoulder("09:00", maximum={})


@pytest.fixture
def plan(cast, arm):
    Clinic.objects.filter(pk=cast.clinic.pk).update(hours=OPEN)
    return assign(cast, arm, at=local(18, 20))


def emergency(cast, arm, at):
    done(cast, arm.series, at, symptoms=("chest_pain",))


def sore(cast, arm, at):
    told(cast, in_detail(arm.series, at, {arm.parts[0].part: {"pain": 8}}))


def high(cast, arm, at):
    entry = in_detail(arm.series, at, {arm.parts[0].part: {"end_angle_degrees": 120}})
    told(cast, entry, interactive=False)


def steps(cast):
    with cast.inside():
        rows = EscalationStep.objects.order_by("position")
        return [(row.audience, row.next_at, row.outcome) for row in rows]


def alerted(cast):
    """Whom an alert was written to, in the order of its steps."""
    with cast.inside():
        rows = Delivery.objects.filter(reminder_id__in=_alerts())
        return [row.recipient for row in rows.order_by("created_at", "wanted_at", "id")]


def _alerts():
    return list(Reminder.objects.filter(kind="alert").values_list("id", flat=True))


def acknowledge(cast, at):
    return acknowledge_flag(by=cast.dana, at=at, flag_id=flags(cast)[0].pk, note="called")


def test_an_emergency_goes_by_the_clock_whatever_the_hours(cast, plan, arm):
    emergency(cast, arm, local(24, 23))
    assert [(who, at) for who, at, _ in steps(cast)] == [
        ("caregivers", None),
        ("on_duty", local(24, 23, 5)),
        ("deputy", local(24, 23, 10)),
        ("last_resort", local(24, 23, 20)),
    ]
    assert alerted(cast) == [cast.bob]


def test_a_same_day_flag_waits_for_the_clinic_to_open_and_caregivers_hear_at_once(cast, plan, arm):
    sore(cast, arm, local(19, 19))
    assert [(who, at) for who, at, _ in steps(cast)] == [
        ("caregivers", None),
        ("on_duty", local(20, 8)),
        ("deputy", local(20, 9)),
        ("last_resort", local(20, 11)),
    ]


def test_in_opening_hours_whoever_is_on_duty_hears_at_once(cast, plan, arm):
    sore(cast, arm, local(19, 10))
    assert set(alerted(cast)) == {cast.bob, cast.dana}
    assert [outcome for _, _, outcome in steps(cast)] == ["told", "told", "", ""]


def test_a_weekend_and_a_holiday_are_waited_for(cast, plan, arm):
    Clinic.objects.filter(pk=cast.clinic.pk).update(holidays=[local(26, 0).date()])
    high(cast, arm, local(24, 10))
    assert steps(cast)[0][:2] == ("on_duty", local(27, 8))


def test_a_clinic_without_hours_is_told_by_the_clock(cast, plan, arm):
    Clinic.objects.filter(pk=cast.clinic.pk).update(hours={})
    high(cast, arm, local(24, 10))
    assert alerted(cast) == [cast.dana]


def test_steps_are_taken_when_they_are_due_and_only_once(cast, plan, arm):
    emergency(cast, arm, local(19, 10))
    assert tick_escalation(local(19, 10, 4)) == 0
    assert tick_escalation(local(19, 10, 5)) == 1
    assert tick_escalation(local(19, 10, 5)) == 0
    assert tick_escalation(local(19, 10, 30)) == 2
    # Erin is the deputy and, as the coordinator, the last resort: she is told twice.
    assert alerted(cast) == [cast.bob, cast.dana, cast.erin, cast.erin]


def test_an_answer_ends_the_steps_and_what_was_not_sent_yet(cast, plan, arm):
    emergency(cast, arm, local(19, 10))
    acknowledge(cast, local(19, 10, 2))
    assert tick_escalation(local(19, 12)) == 0
    with open_mailbox() as mailbox:
        assert drain(at=local(19, 10, 3)).sent == 0
    assert mailbox.mails == []
    with cast.inside():
        assert Delivery.objects.get(recipient=cast.bob).reason == "acknowledged"


def test_only_caregivers_who_receive_alerts_are_told(cast, plan, arm):
    aide = make_user("priya")
    make_helper(cast.patient, aide, role="aide", scopes=("see_sessions", "log_sessions"))
    emergency(cast, arm, local(19, 10))
    assert alerted(cast) == [cast.bob]


def test_where_nobody_is_on_duty_the_patients_clinicians_are_told(cast, plan, arm):
    with cast.inside():
        DutyShift.objects.all().delete()
    emergency(cast, arm, local(19, 10))
    tick_escalation(local(19, 10, 5))
    assert alerted(cast) == [cast.bob, cast.dana]


def test_a_clinician_who_left_the_clinic_is_not_told(cast, plan, arm):
    with cast.inside():
        DutyShift.objects.all().delete()
        Practitioner.objects.filter(pk=cast.danas_post.pk).update(
            ended_at=local(19, 8), ended_by=cast.erin
        )
    other = make_user("finn")
    make_post(cast.clinic, other)
    make_clinician(cast.patient, other)
    emergency(cast, arm, local(19, 10))
    tick_escalation(local(19, 10, 5))
    assert alerted(cast) == [cast.bob, other]


def test_the_deputy_answers_for_somebody_who_left(cast, plan, arm):
    with cast.inside():
        Practitioner.objects.filter(pk=cast.danas_post.pk).update(
            ended_at=local(19, 8), ended_by=cast.erin
        )
    emergency(cast, arm, local(19, 10))
    tick_escalation(local(19, 10, 5))
    assert alerted(cast) == [cast.bob, cast.erin]


def test_outside_the_rota_the_deputy_step_goes_to_the_coordinators(cast, plan, arm):
    emergency(cast, arm, local(19, 21))
    tick_escalation(local(19, 21, 10))
    assert set(alerted(cast)) == {cast.bob, cast.dana, cast.erin}


def test_a_step_that_reached_nobody_says_so_and_the_next_is_still_taken(cast, plan, arm):
    ContactPoint.objects.filter(user__in=[cast.bob, cast.dana]).update(verified_at=None)
    emergency(cast, arm, local(19, 10))
    tick_escalation(local(19, 10, 10))
    assert [outcome for _, _, outcome in steps(cast)] == [
        "nobody_reachable",
        "nobody_reachable",
        "told",
        "",
    ]


def test_a_caregiver_reads_that_something_needs_a_look_and_nothing_of_what(cast, plan, arm):
    with open_mailbox() as mailbox:
        emergency(cast, arm, local(19, 10))
        assert drain(at=local(19, 10)).sent == 1
    mail = mailbox.mails[0]
    words = f"{mail['Subject']} {mail.get_body().get_content()}".lower()
    for secret in ("chest", "pain", "alice", "shoulder", "e0", "breathless"):
        assert secret not in words
    assert mailbox.mails[0]["To"] == "bob@example.test"


def test_an_alert_is_not_sent_to_whom_access_was_taken_meanwhile(cast, plan, arm):
    emergency(cast, arm, local(19, 10))
    with cast.inside():
        CareRelationship.objects.filter(pk=cast.bobs_relationship.pk).update(
            scopes=["see_sessions", "log_sessions"]
        )
    with open_mailbox() as mailbox:
        drain(at=local(19, 10))
    assert mailbox.mails == []


def test_the_same_flag_unanswered_is_not_told_again_for_the_next_log(cast, plan, arm):
    sore(cast, arm, local(19, 10))
    sore(cast, arm, local(20, 10))
    assert len(flags(cast, rule="pain-threshold")) == 2
    pain_alerts = [user for user in alerted(cast) if user == cast.bob]
    # One for the pain, one for having trained while paused.
    assert len(pain_alerts) == 2


def test_an_e2_unread_for_seventy_two_hours_shows_as_e1(cast, plan, arm):
    high(cast, arm, local(19, 10))
    flag = flags(cast)[0]
    for hours, level in ((71, "E2"), (72, "E1")):
        now = flag.raised_at + timedelta(hours=hours)
        risen = level_now(rulebook.escalation(), Level(flag.level), flag.raised_at, now, seen=False)
        assert risen == level
    assert flag.level == "E2"


def test_an_unseen_e2_rises_once_and_people_are_told_anew(cast, plan, arm):
    high(cast, arm, local(19, 10))
    tick_escalation(local(20, 10))
    assert alerted(cast) == [cast.dana, cast.erin]
    with within_every_clinic():
        assert raise_unseen(at=local(22, 9, 59)) == 0
        assert raise_unseen(at=local(22, 10)) == 1
        assert raise_unseen(at=local(22, 10)) == 0
    risen = flags(cast)[0]
    assert (risen.level, risen.sync_sequence > 0) == ("E1", True)
    assert [who for who, _, _ in steps(cast)] == [
        "on_duty",
        "coordinator",
        "caregivers",
        "on_duty",
        "deputy",
        "last_resort",
    ]
    assert set(alerted(cast)[2:]) == {cast.bob, cast.dana}
    with cast.inside():
        event = AuditEvent.objects.get(kind="flag.rise")
    assert (event.actor, event.detail) == (None, {"from": "E2", "to": "E1"})


def test_a_row_of_the_same_flag_rises_together_and_is_told_of_once(cast, plan, arm):
    for day in (19, 20):
        high(cast, arm, local(day, 10))
    tick_escalation(local(21, 12))
    before = len(alerted(cast))
    with within_every_clinic():
        assert raise_unseen(at=local(23, 11)) == 2
    assert {flag.level for flag in flags(cast)} == {"E1"}
    assert len(alerted(cast)) == before + 2


def test_what_somebody_answered_does_not_rise(cast, plan, arm):
    high(cast, arm, local(19, 10))
    acknowledge(cast, local(20, 10))
    with within_every_clinic():
        assert raise_unseen(at=local(25, 10)) == 0


def test_a_risen_flag_leaves_in_quiet_hours_like_any_e1(cast, plan, arm):
    NotificationPreference.objects.create(
        user=cast.dana, zone="UTC", quiet_from=time(0), quiet_until=time(23, 59)
    )
    high(cast, arm, local(19, 10))
    with open_mailbox() as mailbox:
        assert drain(at=local(19, 10)).held == 1
        with cast.inside():
            Delivery.objects.filter(recipient=cast.dana).update(next_at=local(22, 11))
        assert drain(at=local(22, 11)).sent == 1
    assert mailbox.recipients == ["dana@example.test"]


def test_the_tick_task_takes_steps_and_rings_for_what_they_wrote(cast, plan, arm, monkeypatch):
    emergency(cast, arm, local(19, 10))
    rung = []
    monkeypatch.setattr(tasks.drain, "apply_async", lambda **how: rung.append(how))
    with time_machine.travel(local(19, 10, 5), tick=False):
        assert tasks.tick() == 1
    assert len(rung) == 1
    assert alerted(cast) == [cast.bob, cast.dana]


def test_moments_of_steps_are_instants(cast, plan, arm):
    sore(cast, arm, local(19, 19))
    assert steps(cast)[1][1] == datetime(2026, 10, 20, 0, 0, tzinfo=UTC)
