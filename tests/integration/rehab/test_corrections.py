"""Corrections: the earlier version stays readable, and the figures follow what stands (R7)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from rehab.actions.corrections import (
    adopt_session,
    amend_session,
    confirm_session,
    retract_session,
)
from rehab.actions.merging import merge_session
from rehab.actions.occurrences import skip_occurrence
from rehab.actions.pauses import hold_plan
from rehab.domain.session_entry import SkipEntry
from rehab.models import ItemDay, SessionAmendment, SessionLog
from tests.integration.rehab.scenes import (
    day_of,
    done,
    figures,
    flags,
    local,
    log_of,
    occurrences,
    states,
    told,
)
from tests.integration.rehab.ticking import tick
from tests.plans import as_planned, assign, in_detail, shoulder, weekly

MONDAY, TUESDAY = date(2026, 10, 19), date(2026, 10, 20)
COUNTED = ("due", "done", "partial", "extra", "over_maximum", "sessions")


@pytest.fixture
def arm():
    return shoulder()


@pytest.fixture
def plan(cast, arm):
    plan = assign(cast, arm, at=local(18, 20))
    tick(cast, local(20, 20))
    return plan


def amend(cast, log_id, entry, *, at=None, by=None, reason="read it wrong", **facts):
    return amend_session(
        by=by or cast.bob,
        at=at or local(21, 12),
        patient_id=cast.patient.pk,
        log_id=log_id,
        entry=entry,
        reason=reason,
        **facts,
    )


def retract(cast, log_id, *, at=None, by=None, reason="another person"):
    return retract_session(
        by=by or cast.bob,
        at=at or local(21, 12),
        patient_id=cast.patient.pk,
        log_id=log_id,
        reason=reason,
    )


def confirm(cast, log_id, *codes, at=None, by=None):
    return confirm_session(
        by=by or cast.bob,
        at=at or local(21, 12),
        patient_id=cast.patient.pk,
        log_id=log_id,
        codes=codes,
    )


def merge(cast, log_id, into):
    return merge_session(
        by=cast.bob, at=local(21, 12), patient_id=cast.patient.pk, log_id=log_id, into=into
    )


def counts(cast, on):
    return figures(cast, *COUNTED, on=on)


def amendments(cast, log_id):
    with cast.inside():
        rows = SessionAmendment.objects.filter(log_id=log_id).order_by("revision")
        return [(row.revision, row.kind, row.by) for row in rows]


def test_a_log_moved_to_the_other_slot_frees_the_first(cast, plan, arm):
    log = done(cast, arm.series, local(19, 9))
    moved = amend(cast, log.id, as_planned(arm.series, local(19, 16)))
    assert (moved.status, moved.state, moved.log.revision) == (200, "amended", 2)
    assert states(cast, on=MONDAY) == ["due", "done"]
    assert counts(cast, MONDAY) == (2, 1, 0, 0, 0, 1)


def test_a_log_moved_to_another_day_is_right_on_both(cast, plan, arm):
    log = done(cast, arm.series, local(20, 9))
    amend(cast, log.id, as_planned(arm.series, local(19, 9)))
    assert counts(cast, MONDAY) == (2, 1, 0, 0, 0, 1)
    assert counts(cast, TUESDAY) == (2, 0, 0, 0, 0, 0)
    assert states(cast, on=TUESDAY) == ["due", "due"]
    assert occurrences(cast, on=MONDAY)[0].log_id == log.id
    assert occurrences(cast, on=TUESDAY)[0].log_id is None


def test_amending_back_and_forth_changes_no_count(cast, plan, arm):
    log = done(cast, arm.series, local(19, 9))
    done(cast, arm.series, local(19, 9, 40))
    done(cast, arm.series, local(19, 10))
    done(cast, arm.series, local(19, 11))
    before = [counts(cast, day) for day in (MONDAY, TUESDAY)]
    assert before[0] == (2, 2, 0, 2, 1, 4)
    for _ in range(2):
        amend(cast, log.id, as_planned(arm.series, local(20, 9)))
        assert counts(cast, MONDAY) == (2, 2, 0, 1, 0, 3)
        assert counts(cast, TUESDAY) == (2, 1, 0, 0, 0, 1)
        amend(cast, log.id, as_planned(arm.series, local(19, 9)))
    assert [counts(cast, day) for day in (MONDAY, TUESDAY)] == before
    assert [kind for _, kind, _ in amendments(cast, log.id)] == ["amend"] * 4
    assert log_of(cast, log.id).revision == 5


def test_an_amendment_that_changes_nothing_is_none(cast, plan, arm):
    log = done(cast, arm.series, local(19, 9))
    assert amend(cast, log.id, as_planned(arm.series, local(19, 9))).state == "unchanged"
    # The same session told with its item only, or with bare parts, is the same session.
    bare = in_detail(arm.series, local(19, 9), {part.part: {} for part in arm.parts})
    again = as_planned(arm.series, local(19, 9), parts=bare.parts)
    assert amend(cast, log.id, again).state == "unchanged"
    assert amendments(cast, log.id) == []


def test_back_to_what_was_first_said_is_an_amendment_too(cast, plan, arm):
    entry = as_planned(arm.series, local(19, 9))
    log = told(cast, entry)
    amend(cast, log.id, as_planned(arm.series, local(19, 9), effort=3))
    back = amend(cast, log.id, entry)
    assert (back.state, back.log.revision) == ("amended", 3)
    assert log_of(cast, log.id).effort is None


def test_r2_the_first_body_sent_again_after_an_amendment_revives_nothing(cast, plan, arm):
    entry, log_id = as_planned(arm.series, local(19, 9)), uuid4()
    told(cast, entry, log_id=log_id)
    amend(cast, log_id, as_planned(arm.series, local(19, 9), effort=3))
    again = told(cast, entry, log_id=log_id, at=local(21, 13))
    assert (again.status, again.log.revision) == (200, 2)
    assert log_of(cast, log_id).effort == 3
    other = told(cast, as_planned(arm.series, local(19, 9), effort=9), log_id=log_id)
    assert other.status == 409


def test_the_earlier_version_says_what_it_said(cast, plan, arm):
    first = arm.parts[0].part
    entry = in_detail(arm.series, local(19, 9), {first: {"pain": 0, "end_angle_degrees": 70}})
    log = told(cast, entry)
    amend(
        cast,
        log.id,
        in_detail(arm.series, local(19, 9), {first: {"pain": 1}}),
        by=cast.alice,
        reason="asked again",
    )
    with cast.inside():
        kept = SessionAmendment.objects.get()
    assert (kept.by, kept.reason, kept.revision) == (cast.alice, "asked again", 1)
    assert kept.before["parts"][0]["pain"] == 0
    assert kept.before["parts"][0]["measures"] == {"end_angle_degrees": 70}
    assert log_of(cast, log.id).author == cast.bob


def test_a_correction_keeps_the_offset_of_the_clock_that_was_read(cast, plan, arm):
    log = done(cast, arm.series, local(19, 9))
    retract(cast, log.id)
    assert log_of(cast, log.id).performed_offset_minutes == 480


def test_an_amendment_is_judged_like_a_log(cast, plan, arm):
    first = arm.parts[0].part
    log = done(cast, arm.series, local(19, 9))
    impossible = in_detail(arm.series, local(19, 9), {first: {"repetitions": -8}})
    refused = amend(cast, log.id, impossible)
    assert (refused.status, refused.errors[0].code) == (422, "negative")
    high = {first: {"end_angle_degrees": 120}}
    asked = amend(cast, log.id, in_detail(arm.series, local(19, 9), high))
    assert asked.state == "confirm_required"
    assert log_of(cast, log.id).revision == 1
    sure = in_detail(arm.series, local(19, 9), high, confirmed=("above_prescribed_maximum",))
    assert amend(cast, log.id, sure).state == "amended"
    assert [flag.rule for flag in flags(cast)] == ["end-angle-above-maximum"]


def test_a_red_flag_in_a_refused_amendment_stands(cast, plan, arm):
    first = arm.parts[0].part
    log = done(cast, arm.series, local(19, 9))
    entry = in_detail(arm.series, local(19, 9), {first: {"pain": 9, "repetitions": -8}})
    assert amend(cast, log.id, entry).flags[0].rule == "pain-threshold"
    assert [flag.rule for flag in flags(cast)] == ["pain-threshold"]


def test_an_amendment_in_a_batch_is_not_asked_about(cast, plan, arm):
    first = arm.parts[0].part
    log = done(cast, arm.series, local(19, 9))
    high = in_detail(arm.series, local(19, 9), {first: {"end_angle_degrees": 120}})
    answer = amend(cast, log.id, high, interactive=False)
    assert "unconfirmed_unusual" in answer.log.marks


def test_a_correction_needs_a_reason(cast, plan, arm):
    log = done(cast, arm.series, local(19, 9))
    with pytest.raises(Invalid):
        amend(cast, log.id, as_planned(arm.series, local(19, 16)), reason=" ")
    with pytest.raises(Invalid):
        retract(cast, log.id, reason="")


def test_a_retracted_log_cannot_be_amended_and_retracting_twice_is_once(cast, plan, arm):
    log = done(cast, arm.series, local(19, 9))
    retract(cast, log.id)
    assert retract(cast, log.id).state == "unchanged"
    assert len(amendments(cast, log.id)) == 1
    with pytest.raises(Conflict):
        amend(cast, log.id, as_planned(arm.series, local(19, 16)))


def test_a_retraction_counts_nowhere_and_keeps_the_parts_readable(cast, plan, arm):
    first = arm.parts[0].part
    log = told(cast, in_detail(arm.series, local(19, 9), {first: {"pain": 2}}))
    answer = retract(cast, log.id)
    assert (answer.log.status, answer.log.occurrence) == ("entered-in-error", None)
    assert counts(cast, MONDAY) == (2, 0, 0, 0, 0, 0)
    with cast.inside():
        kept = {part.part: part.pain for part in SessionLog.objects.get().told_parts()}
    assert kept[first] == 2


def test_a_retraction_lets_its_twin_take_its_place(cast, plan, arm):
    first = done(cast, arm.series, local(19, 9))
    twin = done(cast, arm.series, local(19, 9, 1))
    triplet = done(cast, arm.series, local(19, 9, 2))
    assert counts(cast, MONDAY) == (2, 1, 0, 0, 0, 1)
    retract(cast, first.id)
    assert log_of(cast, twin.id).duplicate_of is None
    assert (log_of(cast, twin.id).placement, log_of(cast, twin.id).revision) == ("slot", 1)
    assert log_of(cast, triplet.id).duplicate_of == twin.id
    assert counts(cast, MONDAY) == (2, 1, 0, 0, 0, 1)
    assert amendments(cast, twin.id) == []


def test_a_twin_left_behind_by_a_move_counts_by_itself(cast, plan, arm):
    first = done(cast, arm.series, local(19, 9))
    twin = done(cast, arm.series, local(19, 9, 1))
    amend(cast, first.id, as_planned(arm.series, local(20, 9)))
    assert log_of(cast, twin.id).duplicate_of is None
    assert [counts(cast, day)[1] for day in (MONDAY, TUESDAY)] == [1, 1]


def test_a_twin_stays_one_when_only_values_were_corrected(cast, plan, arm):
    first = done(cast, arm.series, local(19, 9))
    twin = done(cast, arm.series, local(19, 9, 1))
    amend(cast, first.id, as_planned(arm.series, local(19, 9), effort=2))
    assert log_of(cast, twin.id).duplicate_of == first.id


def test_an_extra_session_takes_the_slot_that_is_open_again(cast, arm):
    once = shoulder("09:00")
    assign(cast, once, at=local(18, 20))
    first = done(cast, once.series, local(19, 9))
    extra = done(cast, once.series, local(19, 11))
    assert counts(cast, MONDAY) == (1, 1, 0, 1, 0, 2)
    retract(cast, first.id)
    assert log_of(cast, extra.id).placement == "slot"
    assert counts(cast, MONDAY) == (1, 1, 0, 0, 0, 1)


def test_what_is_no_longer_beyond_the_maximum_is_unmarked(cast, plan, arm):
    logs = [done(cast, arm.series, local(19, hour)) for hour in (8, 11, 15, 18, 20)]
    assert counts(cast, MONDAY) == (2, 2, 0, 3, 2, 5)
    retract(cast, logs[0].id)
    assert counts(cast, MONDAY) == (2, 2, 0, 2, 1, 4)
    marked = ["over_maximum" in log_of(cast, log.id).marks for log in logs[1:]]
    assert marked == [False, False, False, True]


def test_a_slot_that_was_skipped_before_is_skipped_again(cast, plan, arm):
    morning = occurrences(cast, on=MONDAY)[0]
    skip_occurrence(
        by=cast.bob,
        at=local(19, 8),
        patient_id=cast.patient.pk,
        told=SkipEntry(occurrence=morning.id, reason="asleep"),
    )
    log = told(cast, as_planned(arm.series, local(19, 9), occurrence=morning.id))
    assert states(cast, on=MONDAY)[0] == "done"
    retract(cast, log.id)
    assert states(cast, on=MONDAY)[0] == "skipped"
    assert day_of(cast, arm.series, MONDAY).skipped == 1


def test_a_slot_given_back_under_a_pause_is_paused(cast, plan, arm):
    log = told(cast, as_planned(arm.series, local(19, 12)), at=local(19, 12))
    assert states(cast, on=MONDAY) == ["done", "due"]
    moved = amend(cast, log.id, as_planned(arm.series, local(19, 13)), at=local(19, 13))
    assert moved.log.placement == "slot"
    hold_plan(by=cast.dana, at=local(19, 14), plan_id=plan.pk, series=arm.series, reason="swollen")
    assert states(cast, on=MONDAY) == ["due", "done"]
    retract(cast, log.id)
    assert states(cast, on=MONDAY) == ["due", "paused"]
    assert counts(cast, MONDAY)[0] == 1


def test_an_unusual_value_is_confirmed_afterwards(cast, plan, arm):
    first = arm.parts[0].part
    log = told(
        cast,
        in_detail(arm.series, local(19, 9), {first: {"end_angle_degrees": 120}}),
        interactive=False,
    )
    assert "unconfirmed_unusual" in log.log.marks
    answer = confirm(cast, log.id)
    assert answer.state == "confirmed"
    assert "confirmed_unusual" in answer.log.marks
    assert "unconfirmed_unusual" not in answer.log.marks
    assert confirm(cast, log.id).state == "unchanged"
    assert len(flags(cast)) == 1


def test_a_possible_duplicate_was_a_session_of_its_own(cast, plan, arm):
    done(cast, arm.series, local(19, 9))
    twin = done(cast, arm.series, local(19, 9, 4))
    answer = confirm(cast, twin.id, "possible_duplicate")
    assert (answer.log.duplicate_of, answer.log.placement) == (None, "slot")
    assert counts(cast, MONDAY) == (2, 2, 0, 0, 0, 2)
    # It stays one when its values are corrected later.
    later = amend(cast, twin.id, as_planned(arm.series, local(19, 9, 4), note="second round"))
    assert later.log.duplicate_of is None


def test_confirming_what_needs_no_confirmation_changes_nothing(cast, plan, arm):
    log = done(cast, arm.series, local(19, 9))
    assert confirm(cast, log.id, "possible_duplicate").state == "unchanged"


def test_a_log_of_long_ago_counts_once_a_clinician_confirmed_it(cast, plan, arm):
    tick(cast, local(30, 8))
    log = done_late(cast, arm.series)
    assert (log.state, log.log.placement) == ("pending", "extra")
    assert counts(cast, MONDAY)[1] == 0
    with pytest.raises(NotAllowed):
        confirm(cast, log.id, at=local(30, 10))
    answer = confirm(cast, log.id, at=local(30, 10), by=cast.dana)
    assert (answer.log.status, answer.log.placement) == ("recorded", "slot")
    assert answer.log.marks == ("late",)
    assert counts(cast, MONDAY) == (2, 1, 0, 0, 0, 1)


def done_late(cast, series):
    return told(cast, as_planned(series, local(19, 9)), at=local(30, 9))


def test_a_clinicians_own_late_log_needs_nobodys_confirmation(cast, plan, arm):
    entry = as_planned(arm.series, local(19, 9), performer="clinician")
    assert told(cast, entry, at=local(30, 9), by=cast.dana).state == "recorded"


def test_a_log_moved_more_than_a_week_back_waits_again(cast, plan, arm):
    log = told(cast, as_planned(arm.series, local(28, 9)), at=local(28, 9))
    moved = amend(cast, log.id, as_planned(arm.series, local(19, 9)), at=local(28, 10))
    assert moved.log.status == "pending"
    assert counts(cast, MONDAY)[1] == 0


def test_two_logs_of_one_session_are_merged(cast, plan, arm):
    first = done(cast, arm.series, local(19, 9))
    twin = done(cast, arm.series, local(19, 9, 1))
    answer = merge(cast, twin.id, first.id)
    assert (answer.state, answer.log.status, answer.log.duplicate_of) == (
        "merged",
        "entered-in-error",
        first.id,
    )
    assert counts(cast, MONDAY) == (2, 1, 0, 0, 0, 1)
    assert merge(cast, twin.id, first.id).state == "unchanged"


def test_the_first_telling_may_be_merged_into_the_second(cast, plan, arm):
    first = done(cast, arm.series, local(19, 9))
    twin = done(cast, arm.series, local(19, 9, 1))
    merge(cast, first.id, twin.id)
    assert (log_of(cast, twin.id).placement, log_of(cast, twin.id).duplicate_of) == ("slot", None)
    assert counts(cast, MONDAY) == (2, 1, 0, 0, 0, 1)


def test_only_logs_of_one_item_are_merged(cast, arm):
    other = shoulder("10:00")
    assign(cast, arm, other, at=local(18, 20))
    one, two = done(cast, arm.series, local(19, 9)), done(cast, other.series, local(19, 10))
    for into in (two.id, one.id, uuid4()):
        with pytest.raises(Invalid):
            merge(cast, one.id, into)


def test_only_what_is_quarantined_is_adopted(cast, plan, arm):
    log = done(cast, arm.series, local(19, 9))
    with pytest.raises(Conflict):
        adopt_session(
            by=cast.erin,
            at=local(19, 12),
            patient_id=cast.patient.pk,
            log_id=log.id,
            note="known",
        )


def test_strangers_correct_nothing_and_an_unknown_log_is_not_there(cast, plan, arm):
    log = done(cast, arm.series, local(19, 9))
    with pytest.raises(NotVisible):
        retract(cast, log.id, by=cast.charlie)
    with pytest.raises(NotVisible):
        retract(cast, uuid4())
    with pytest.raises(NotAllowed):
        retract(cast, log.id, by=cast.erin)


def test_a_corrected_week_item_is_right_in_both_weeks(cast):
    item = shoulder(schedule={"rule": "times_per_week", "n": 2}, maximum={})
    assign(cast, item, at=local(11, 20))
    tick(cast, local(19, 8))
    log = done(cast, item.series, local(19, 9))
    amend(cast, log.id, as_planned(item.series, local(17, 9)), at=local(19, 12))
    with cast.inside():
        weeks = dict(ItemDay.objects.filter(due__gt=0).order_by("on").values_list("on", "done"))
    assert weeks[date(2026, 10, 12)] == 1
    assert weeks[date(2026, 10, 19)] == 0


def test_every_correction_is_for_the_day_of_its_own_zone(cast):
    item = shoulder(zone="America/New_York", schedule=weekly("20:00"))
    assign(cast, item, at=local(18, 20))
    tick(cast, local(20, 8))
    evening = local(20, 8) + timedelta(minutes=5)
    log = done(cast, item.series, evening)
    assert log_of(cast, log.id).on == MONDAY
    retract(cast, log.id)
    assert counts(cast, MONDAY) == (1, 0, 0, 0, 0, 0)
