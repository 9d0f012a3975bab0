"""Who is reminded of which time of day, and who next when nothing was done."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.management import call_command

from patients.domain.errors import Invalid
from patients.models import CareRelationship, ContactPoint, Patient
from rehab.actions.delivery import Drained, drain
from rehab.actions.occurrences import skip_occurrence, snooze_occurrence
from rehab.actions.plans import create_plan, revise_plan
from rehab.domain.session_entry import SkipEntry
from rehab.models import Delivery, Reminder
from rehab.models.reads.today import today_of
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import done, local, occurrences, plan_of
from tests.integration.rehab.ticking import tick
from tests.people import Cast, make_helper, make_user
from tests.plans import assign, shoulder


@pytest.fixture
def mailbox():
    with open_mailbox() as opened:
        yield opened


@pytest.fixture
def arm(cast):
    """Alice is told at nine, and Bob when nothing was logged or skipped for half an hour."""
    return shoulder("09:00", reminded=(cast.alice.pk, cast.bob.pk), next_after_minutes=30)


def fate(cast: Cast, minute: int) -> list[tuple[str, str]]:
    with cast.inside():
        rows = Delivery.objects.filter(due_at=local(19, 9, minute))
        return [(row.outcome, row.reason) for row in rows]


def test_who_comes_next_is_told_after_the_silence_and_once(cast, arm, mailbox):
    assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    assert drain(at=local(19, 9, 29)) == Drained()
    assert drain(at=local(19, 9, 30)) == Drained(sent=1)
    assert mailbox.recipients == ["alice@example.test", "bob@example.test"]
    tick(cast, local(19, 9, 45))
    assert drain(at=local(19, 12)) == Drained()


def test_nobody_else_is_told_when_it_was_done(cast, arm, mailbox):
    assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    done(cast, arm.series, local(19, 9, 20))
    drain(at=local(19, 9, 30))
    assert mailbox.recipients == ["alice@example.test"]
    assert fate(cast, 30) == [("not_sent", "done")]


def test_nobody_else_is_told_when_it_was_skipped(cast, arm, mailbox):
    assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    skip_occurrence(
        by=cast.alice,
        at=local(19, 9, 10),
        patient_id=cast.patient.pk,
        told=SkipEntry(occurrence=occurrences(cast, due_at=local(19, 9))[0].id, reason="asleep"),
    )
    drain(at=local(19, 9, 30))
    assert mailbox.recipients == ["alice@example.test"]


def test_a_snooze_is_no_answer_so_who_comes_next_is_told_all_the_same(cast, arm, mailbox):
    assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    _snooze(cast, at=local(19, 9, 10), minutes=60)
    drain(at=local(19, 9, 30))
    assert mailbox.recipients == ["alice@example.test", "bob@example.test"]


def test_without_a_silence_nobody_else_is_told(cast, mailbox):
    assign(cast, shoulder("09:00", reminded=(cast.alice.pk, cast.bob.pk)), at=local(18, 20))
    drain(at=local(19, 9))
    assert drain(at=local(19, 15)) == Drained()
    assert mailbox.recipients == ["alice@example.test"]


def test_a_plan_that_changes_meanwhile_does_not_lose_who_comes_next(cast, arm, mailbox):
    plan = assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    more = plan_of(arm, shoulder("16:00", series=uuid4(), parts=_fresh(arm)))
    revise_plan(by=cast.dana, at=local(19, 9, 10), plan_id=plan.pk, draft=more)
    assert drain(at=local(19, 9, 30)) == Drained(sent=1)
    assert mailbox.recipients == ["alice@example.test", "bob@example.test"]


def test_whoever_left_meanwhile_is_not_told(cast, arm, mailbox):
    assign(cast, arm, at=local(18, 20))
    drain(at=local(19, 9))
    with cast.inside():
        CareRelationship.objects.filter(pk=cast.bobs_relationship.pk).update(
            ended_at=local(19, 9, 5), ended_by=cast.alice
        )
    drain(at=local(19, 9, 30))
    assert fate(cast, 30) == [("not_sent", "relationship_ended")]


def test_single_times_of_the_day_can_have_people_of_their_own(cast, mailbox):
    item = shoulder(
        "09:00",
        "16:00",
        reminded=(cast.alice.pk,),
        reminded_by_slot={"s2": (cast.bob.pk, cast.alice.pk)},
    )
    assign(cast, item, at=local(18, 20))
    drain(at=local(19, 9))
    drain(at=local(19, 16))
    assert mailbox.recipients == ["alice@example.test", "bob@example.test"]


def test_who_cannot_be_reached_is_passed_over_for_who_is_named_next(cast, mailbox):
    ContactPoint.objects.filter(user=cast.alice).update(verified_at=None)
    item = shoulder("09:00", reminded=(cast.alice.pk, cast.bob.pk))
    assign(cast, item, at=local(18, 20))
    drain(at=local(19, 9))
    assert mailbox.recipients == ["bob@example.test"]


def test_a_reminder_that_reaches_nobody_is_written_down_and_shown(cast, client):
    ContactPoint.objects.filter(user__in=[cast.alice, cast.bob]).update(verified_at=None)
    assign(cast, shoulder("09:00"), at=local(18, 20))
    with cast.inside():
        rows = list(Reminder.objects.filter(due_at=local(19, 9)))
    assert [(row.recipient, row.nobody_reachable) for row in rows] == [(cast.alice, True)]
    assert _shown(cast, local(19, 10)) == "not_reminded"


def test_once_somebody_can_be_reached_the_next_tick_writes_to_them(cast, mailbox):
    with cast.inside():
        Patient.objects.filter(pk=cast.patient.pk).update(user=None)
        cast.bobs_relationship.delete()
    assign(cast, shoulder("09:00"), at=local(18, 20))
    make_helper(cast.patient, make_user("grace"))
    tick(cast, local(18, 22))
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert mailbox.recipients == ["grace@example.test"]


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"next_after_minutes": 4}, "next_after_minutes", "out_of_range"),
        ({"next_after_minutes": 721}, "next_after_minutes", "out_of_range"),
        ({"reminded": (), "next_after_minutes": 30}, "next_after_minutes", "nobody_next"),
        ({"reminded": (uuid4(),)}, "reminded", "unknown_person"),
        ({"reminded_by_slot": {"s9": ()}}, "reminded_by_slot.s9", "unknown_slot"),
        ({"reminded_by_slot": {"s1": (uuid4(),)}}, "reminded_by_slot.s1", "unknown_person"),
    ],
)
def test_a_plan_that_names_nobody_sound_is_refused(cast, facts, field, code):
    call_command("load_content", verbosity=0)
    given = {"reminded": (cast.alice.pk, cast.bob.pk), **facts}
    with pytest.raises(Invalid) as refused:
        create_plan(
            by=cast.dana,
            at=local(18, 20),
            patient_id=cast.patient.pk,
            draft=plan_of(shoulder("09:00", **given)),
        )
    assert [(each.field, each.code) for each in refused.value.errors] == [
        (f"items.0.{field}", code)
    ]


def test_a_snooze_in_thirty_minutes_is_one_message_then_and_none_before(cast, mailbox):
    assign(cast, shoulder("09:00"), at=local(18, 20))
    drain(at=local(19, 9))
    _snooze(cast, at=local(19, 9, 5))
    assert drain(at=local(19, 9, 34)) == Drained()
    assert drain(at=local(19, 9, 35)) == Drained(sent=1)
    assert mailbox.recipients == ["alice@example.test"] * 2


def test_what_somebody_put_off_is_left_out_of_their_message(cast, mailbox):
    assign(cast, shoulder("09:00"), shoulder("09:00", series=uuid4()), at=local(18, 20))
    _snooze(cast, at=local(19, 8, 50))
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert "2" not in mailbox.mails[0].get_body(("plain",)).get_content().split("http")[0]
    assert drain(at=local(19, 9, 20)) == Drained(sent=1)


def test_what_somebody_put_off_whole_is_not_said_before(cast, mailbox):
    assign(cast, shoulder("09:00"), shoulder("09:00", series=uuid4()), at=local(18, 20))
    for place in (0, 1):
        _snooze(cast, at=local(19, 8, 50), place=place, minutes=40)
    assert drain(at=local(19, 9)) == Drained(dropped=1)
    assert fate(cast, 0) == [("not_sent", "snoozed")]
    assert drain(at=local(19, 9, 30)) == Drained(sent=1, merged=1)


def test_what_one_person_puts_off_another_is_told_of(cast, mailbox):
    assign(cast, shoulder("09:00"), at=local(18, 20))
    _snooze(cast, at=local(19, 8, 50), by=cast.bob)
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert mailbox.recipients == ["alice@example.test"]


def _snooze(cast: Cast, *, at, minutes=30, place=0, by=None) -> None:
    snooze_occurrence(
        by=by or cast.alice,
        at=at,
        patient_id=cast.patient.pk,
        occurrence_id=occurrences(cast, due_at=local(19, 9))[place].id,
        minutes=minutes,
    )


def _fresh(item):
    return tuple(replace(part, part=uuid4()) for part in item.parts)


def _shown(cast: Cast, at) -> str:
    with cast.inside():
        day = today_of(cast.patient.pk, now=at, language="en")
    return day.occurrences[0].reminder
