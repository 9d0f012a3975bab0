"""The batch of a phone that was offline: order and repetition change nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patients.actions.relationships import end_relationship
from patients.domain.errors import NotAllowed, NotVisible
from patients.models import AuditEvent
from rehab.actions.corrections import adopt_session
from rehab.actions.entries import receive_entries
from rehab.actions.plans import create_plan, revise_plan
from rehab.domain.identity import occurrence_id
from rehab.domain.plan_draft import PlanDraft
from rehab.models import (
    Entry,
    ItemDay,
    Occurrence,
    OffPlanEvent,
    Pause,
    SafetyFlag,
    SessionAmendment,
    SessionLog,
)
from tests.integration.rehab.scenes import (
    batch,
    body_of,
    figures,
    flags,
    local,
    log_of,
    occurrences,
    offline,
    plan_of,
    states,
    told,
)
from tests.integration.rehab.ticking import tick
from tests.people import CAREGIVER_SCOPES, make_cast, make_helper, make_patient
from tests.plans import as_planned, assign, fes, shoulder


@pytest.fixture
def arm():
    return shoulder()


@pytest.fixture
def plan(cast, arm):
    return assign(cast, arm, fes(), at=local(18, 20))


def slot(series: UUID, day: int, name: str) -> str:
    return str(occurrence_id(series, 1, date(2026, 10, day), name))


def detailed(arm, at, *, pain=None, **measures):
    part = {"part": str(arm.parts[0].part), "measures": measures}
    if pain is not None:
        part["pain"] = pain
    others = [{"part": str(each.part)} for each in arm.parts[1:]]
    return body_of(arm.series, at, as_planned=False, parts=[part, *others])


def event(at, **facts):
    given = {"description": "Squeezed a ball", "zone": "Asia/Shanghai"}
    return {**given, "performed_at": at.isoformat(), **facts}


def stop(series, at, **facts):
    return {"series": str(series), "stopped_at": at.isoformat(), "reason": "pain", **facts}


def mixed(arm):
    """Two hundred entries of every kind over a week."""
    logged = [uuid4() for _ in range(7)]
    entries = []
    for place, log_id in enumerate(logged):
        morning = local(19 + place, 9, 5)
        entries += [
            offline("session_log", body_of(arm.series, morning), log_id),
            offline("session_log", detailed(arm, morning + timedelta(hours=7), repetitions=10)),
        ]
    entries += [
        offline(
            "amend",
            {
                "log": str(logged[0]),
                "entry": body_of(arm.series, local(19, 9, 20), effort=4),
                "reason": "later",
            },
        ),
        offline("retract", {"log": str(logged[1]), "reason": "another day"}),
        offline("skip", {"occurrence": slot(arm.series, 26, "s1"), "reason": "away"}),
        offline("stop", stop(arm.series, local(26, 10))),
    ]
    entries += [
        offline("off_plan_event", event(local(25, 8) + timedelta(minutes=each)))
        for each in range(200 - len(entries))
    ]
    return entries


def snapshot(cast):
    """Everything a batch leaves behind that people see, in one order."""
    with cast.inside():
        return {
            "logs": sorted(
                SessionLog.objects.values_list(
                    "id", "status", "placement", "on", "outcome", "duplicate_of", "revision"
                ),
                key=str,
            ),
            "occurrences": sorted(
                Occurrence.objects.values_list("id", "state", "skip_reason"), key=str
            ),
            "days": list(
                ItemDay.objects.order_by("series", "on", "version").values(
                    "series", "on", "version", "due", "done", "partial", "skipped", "paused",
                    "sessions", "extra", "over_maximum", "while_paused", "pain_max", "pain_sum",
                )
            ),
            "flags": sorted(SafetyFlag.objects.values_list("id", "rule"), key=str),
            "pauses": sorted(Pause.objects.values_list("series", "part", "starts_at"), key=str),
            "events": sorted(OffPlanEvent.objects.values_list("id", "description"), key=str),
            "entries": sorted(Entry.objects.values_list("id", "kind"), key=str),
            "amendments": sorted(
                SessionAmendment.objects.values_list("log_id", "revision", "kind"), key=str
            ),
        }  # fmt: skip


def test_a_batch_of_two_hundred_mixed_entries_is_taken_in_and_again_changes_nothing(
    cast, plan, arm
):
    entries = mixed(arm)
    assert len(entries) == 200
    answers = batch(cast, entries, at=local(26, 12))
    assert [answer.id for answer in answers] == [entry.id for entry in entries]
    assert {answer.status for answer in answers} == {200, 201}
    before = snapshot(cast)
    again = batch(cast, entries, at=local(26, 13))
    assert {answer.status for answer in again} == {200}
    assert snapshot(cast) == before


def test_one_bad_entry_never_sinks_the_others(cast, plan, arm):
    good = offline("session_log", body_of(arm.series, local(19, 9, 5)))
    bad = [
        offline("session_log", {}),
        offline("session_log", body_of(arm.series, local(19, 9)) | {"performed_at": "nine"}),
        offline(
            "session_log", body_of(arm.series, local(19, 9)) | {"performed_at": "2026-10-19T09:00"}
        ),
        offline("session_log", body_of(arm.series, local(19, 9), pian=3)),
        offline("session_log", body_of(arm.series, local(19, 9), note="\x00")),
        offline("session_log", body_of(arm.series, local(19, 9), zone="Moon")),
        offline("session_log", body_of(arm.series, local(19, 9), gate={"fever": 10**30})),
        offline("session_log", body_of(arm.series, local(19, 9), performer_name="x" * 500)),
        offline("session_log", detailed(arm, local(19, 9), repetitions=10**400)),
        offline("session_log", detailed(arm, local(19, 9), repetitions="NaN")),
        offline("session_log", detailed(arm, local(19, 9), repetitions="Infinity")),
        offline("session_log", detailed(arm, local(19, 9), repetitions=float("inf"))),
        offline("session_log", body_of(uuid4(), local(19, 9))),
        offline("amend", {"log": str(uuid4()), "entry": good.body, "reason": "x"}),
        offline("retract", {"log": str(uuid4()), "reason": "x"}),
        offline("skip", {"occurrence": str(uuid4()), "reason": "asleep"}),
        offline("skip", {"occurrence": slot(arm.series, 19, "s2"), "reason": "because"}),
        offline("stop", stop(uuid4(), local(19, 9))),
        offline("stop", stop(arm.series, local(19, 9), part=str(uuid4()))),
        offline("off_plan_event", event(local(19, 9), description=" ")),
        offline("off_plan_event", event(local(19, 9), measures={"temperature_celsius": "NaN"})),
        offline("dance", {}),
    ]
    answers = batch(cast, [*bad, good], at=local(19, 10))
    assert answers[-1].status == 201
    assert {answer.status for answer in answers[:-1]} <= {404, 422}
    assert all(answer.errors for answer in answers[:-1])
    with cast.inside():
        assert SessionLog.objects.count() == 1
        assert Pause.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"performed_at": "2026-10-19T09:05:00"}, "performed_at", "not_a_moment"),
        ({"performed_at": "1026-10-19T09:05:00Z"}, "performed_at", "not_a_moment"),
        ({"performed_at": "9999-12-31T23:59:59-12:00"}, "performed_at", "not_a_moment"),
        ({"client_sent_at": "2026-10-19T09:05:00"}, "client_sent_at", "not_a_moment"),
        ({"parts": [{"part": "left"}]}, "parts.0.part", "wrong_kind"),
        ({"angel": 90}, "angel", "unknown_field"),
        ({"zone": 8}, "zone", "wrong_kind"),
        ({"zone": "Mars/Olympus"}, "zone", "unknown_zone"),
        ({"zone": "../../../etc/passwd"}, "zone", "unknown_zone"),
        ({"performed_at": "2036-10-21T09:00:00Z"}, "performed_at", "future"),
        ({"performer": "robot"}, "performer", "not_a_choice"),
        ({"symptoms": ["glowing"]}, "symptoms.0", "unknown_symptom"),
        ({"skin_after": "purple"}, "skin_after", "not_a_choice"),
        ({"stop_reason": "bored"}, "stop_reason", "not_a_choice"),
        ({"gate": {"hungry": "yes"}}, "gate.hungry", "unknown_question"),
        ({"gate": {"fever": "perhaps"}}, "gate.fever", "not_a_choice"),
        ({"pain": 11}, "pain", "above_recordable"),
        ({"pain": -1}, "pain", "negative"),
        ({"pain": True}, "pain", "not_a_number"),
        ({"effort": 7.5}, "effort", "not_whole"),
        ({"minutes": "NaN"}, "minutes", "not_a_number"),
        ({"measures": {"wishes": 3}}, "measures.wishes", "unknown_field"),
        ({"measures": {"pulse_width_us": 300}}, "measures.pulse_width_us", "unknown_field"),
        ({"as_planned": False}, "parts", "empty"),
        ({"series": None}, "series", "required"),
        ({"series": str(UUID(int=5))}, "series", "unknown_item"),
        (
            {"series": None, "occurrence": str(UUID(int=5))},
            "occurrence",
            "unknown_occurrence",
        ),
        ({"parts": [{"part": str(UUID(int=5))}]}, "parts.0.part", "unknown_part"),
    ],
)
def test_what_does_not_fit_is_named(cast, plan, arm, body, path, code):
    entry = offline("session_log", body_of(arm.series, local(19, 9)) | body)
    answer = batch(cast, [entry], at=local(19, 10))[0]
    assert (answer.status, {error.field: error.code for error in answer.errors}.get(path)) == (
        422,
        code,
    )


def test_numbers_beyond_a_floats_reach_are_refused_and_not_a_crash(cast, plan, arm):
    for value in (10**30, 10**400, -(10**400)):
        answer = batch(
            cast,
            [offline("session_log", detailed(arm, local(19, 9), repetitions=value))],
            at=local(19, 10),
        )[0]
        assert answer.status == 422
        assert answer.errors[0].field == "parts.0.measures.repetitions"


def test_unusual_values_of_a_batch_are_stored_and_asked_about_afterwards(cast, plan, arm):
    body = detailed(arm, local(19, 9), end_angle_degrees=130)
    answer = batch(cast, [offline("session_log", body)], at=local(19, 10))[0]
    assert answer.status == 201
    assert set(answer.log.marks) == {"unconfirmed_unusual", "above_prescribed_maximum"}
    assert [flag.rule for flag in answer.flags] == ["end-angle-above-maximum"]


def test_a_batch_across_a_revision_judges_each_session_by_the_dose_of_its_own_version(
    cast, plan, arm
):
    first, second = arm.parts
    lower = {"end_angle_degrees": 60}
    stricter = replace(first, maximum=lower, dose={**first.dose, **lower})
    draft = PlanDraft(title="Plan", items=(replace(arm, parts=(stricter, second)),), note="Less")
    revise_plan(by=cast.dana, at=local(19, 12), plan_id=plan.pk, draft=draft)
    before = offline("session_log", detailed(arm, local(19, 9), end_angle_degrees=80))
    after = offline("session_log", detailed(arm, local(19, 16), end_angle_degrees=80))
    marks = [set(each.log.marks) for each in batch(cast, [after, before], at=local(19, 18))]
    assert "above_prescribed_maximum" in marks[0] and "above_prescribed_maximum" not in marks[1]


def test_sessions_are_judged_in_the_order_in_which_they_were_performed(cast, plan, arm):
    late = offline("session_log", body_of(arm.series, local(19, 16)))
    early = offline("session_log", detailed(arm, local(19, 9), pain=2))
    answers = batch(cast, [late, early], at=local(19, 20))
    assert [occurrences(cast, id=each.log.occurrence)[0].slot for each in answers] == ["s2", "s1"]


def test_the_same_id_twice_in_one_batch_is_one_log(cast, plan, arm):
    same = offline("session_log", body_of(arm.series, local(19, 9)))
    other = replace(same, body=body_of(arm.series, local(19, 9), effort=3))
    answers = batch(cast, [same, same, other], at=local(19, 10))
    assert [answer.status for answer in answers] == [201, 200, 409]


def test_an_entry_id_used_for_another_body_is_a_conflict(cast, plan, arm):
    skip = offline("skip", {"occurrence": slot(arm.series, 19, "s2"), "reason": "asleep"})
    other = replace(skip, body={"occurrence": slot(arm.series, 19, "s1"), "reason": "asleep"})
    assert [each.status for each in batch(cast, [skip, other], at=local(19, 8))] == [201, 409]
    assert states(cast, series=arm.series)[:2] == ["due", "skipped"]


def test_an_off_plan_event_sent_again_is_one_and_another_body_a_conflict(cast, plan):
    first = offline("off_plan_event", event(local(19, 9)))
    other = replace(first, body=event(local(19, 9), note="for an hour"))
    answers = batch(cast, [first, first, other], at=local(19, 10))
    assert [answer.status for answer in answers] == [201, 200, 409]
    assert [flag.rule for flag in flags(cast)] == ["off-plan-outside"]


def test_a_stop_comes_first_wherever_it_stands(cast, plan, arm):
    answers = batch(
        cast,
        [
            offline("session_log", body_of(arm.series, local(19, 16))),
            offline("stop", stop(arm.series, local(19, 12))),
        ],
        at=local(19, 20),
    )
    assert answers[0].log.marks == ("while_paused",)


def test_a_skip_holds_unless_a_session_names_its_slot(cast, plan, arm):
    skip = offline("skip", {"occurrence": slot(arm.series, 19, "s1"), "reason": "asleep"})
    unnamed = offline("session_log", body_of(arm.series, local(19, 12, 20)))
    batch(cast, [unnamed, skip], at=local(19, 20))
    assert states(cast, series=arm.series, on=date(2026, 10, 19)) == ["skipped", "done"]
    named = body_of(arm.series, local(20, 9), occurrence=slot(arm.series, 20, "s1"))
    skip = offline("skip", {"occurrence": slot(arm.series, 20, "s1"), "reason": "asleep"})
    batch(cast, [offline("session_log", named), skip], at=local(20, 20))
    assert states(cast, series=arm.series, on=date(2026, 10, 20)) == ["done", "due"]


def test_a_clock_that_is_wrong_is_kept_with_the_log(cast, plan, arm):
    body = body_of(arm.series, local(19, 9), client_sent_at=local(19, 12).isoformat())
    answer = batch(cast, [offline("session_log", body)], at=local(19, 10))[0]
    assert answer.log.marks == ("clock_skew",)
    with cast.inside():
        assert AuditEvent.objects.get(kind="clock.skew").detail == {"seconds": 7200}


def test_ids_of_another_patient_are_unknown(cast, plan, arm):
    other = make_patient(cast.clinic, "Other")
    make_helper(other, cast.bob, scopes=CAREGIVER_SCOPES)
    logged = told(cast, as_planned(arm.series, local(19, 9)))
    named = slot(arm.series, 19, "s1")
    entries = [
        offline("session_log", body_of(arm.series, local(19, 9))),
        offline("session_log", body_of(None, local(19, 9), occurrence=named)),
        offline("skip", {"occurrence": named, "reason": "asleep"}),
        offline("stop", stop(arm.series, local(19, 9))),
        offline(
            "amend", {"log": str(logged.id), "entry": body_of(None, local(19, 9)), "reason": "x"}
        ),
        offline("retract", {"log": str(logged.id), "reason": "x"}),
    ]
    answers = receive_entries(by=cast.bob, at=local(19, 10), patient_id=other.pk, entries=entries)
    assert [answer.status for answer in answers] == [422, 422, 404, 404, 404, 404]
    with cast.inside():
        assert SessionLog.objects.get().status == "recorded"
        assert not Pause.objects.exists()


def test_an_id_that_another_patient_used_is_free_here(cast, plan, arm):
    other = make_patient(cast.clinic, "Other")
    make_helper(other, cast.bob, scopes=CAREGIVER_SCOPES)
    skip = offline("off_plan_event", event(local(19, 9)))
    for patient_id in (cast.patient.pk, other.pk):
        answers = receive_entries(
            by=cast.bob, at=local(19, 10), patient_id=patient_id, entries=[skip]
        )
        assert answers[0].status == 201


def test_an_item_of_a_draft_plan_is_unknown(cast, plan):
    draft = shoulder()
    create_plan(by=cast.dana, at=local(19, 8), patient_id=cast.patient.pk, draft=plan_of(draft))
    answer = batch(
        cast, [offline("session_log", body_of(draft.series, local(19, 9)))], at=local(19, 10)
    )[0]
    assert (answer.status, answer.errors[0].code) == (422, "unknown_item")


def test_what_was_done_before_the_plan_began_is_kept_outside_it_with_its_parts(cast, plan, arm):
    body = detailed(arm, local(18, 9), end_angle_degrees=80, pain=3)
    answer = batch(cast, [offline("session_log", body)], at=local(19, 10))[0]
    assert (answer.status, answer.log.placement) == (201, "not_in_plan")
    with cast.inside():
        told = {each.part: each for each in SessionLog.objects.get(id=answer.id).told_parts()}
    part = told[arm.parts[0].part]
    assert (part.measures, part.pain) == ({"end_angle_degrees": 80}, 3)


def test_as_planned_with_parts_records_what_was_said_of_them_and_the_others_as_done(
    cast, plan, arm
):
    first, second = (part.part for part in arm.parts)
    body = body_of(arm.series, local(19, 9), parts=[{"part": str(first), "pain": 2}])
    answer = batch(cast, [offline("session_log", body)], at=local(19, 10))[0]
    assert answer.log.outcome == "done"
    with cast.inside():
        kept = {part.part: part.pain for part in SessionLog.objects.get().told_parts()}
    assert kept == {first: 2, second: None}


def leave(cast, at):
    with cast.inside():
        end_relationship(
            by=cast.alice,
            at=at,
            patient_id=cast.patient.pk,
            relationship_id=cast.bobs_relationship.pk,
        )


def test_a_former_member_uploads_for_fourteen_days_what_was_done_in_time(cast, plan, arm):
    leave(cast, local(19, 12))
    before = offline("session_log", body_of(arm.series, local(19, 9)))
    after = offline("session_log", body_of(arm.series, local(19, 16)))
    answers = batch(cast, [before, after], at=local(20, 9))
    assert [(answer.status, answer.state) for answer in answers] == [
        (201, "recorded"),
        (202, "quarantined"),
    ]
    assert "received_after_access" in answers[0].log.marks
    assert answers[1].log is None
    assert [each.status for each in batch(cast, [before, after], at=local(20, 10))] == [200, 202]
    with pytest.raises(NotVisible):
        batch(cast, [before], at=local(19, 12) + timedelta(days=14))


def test_a_former_member_may_finish_what_was_theirs_and_nothing_else(cast, plan, arm):
    alices = told(cast, as_planned(arm.series, local(19, 8)), by=cast.alice)
    leave(cast, local(19, 12))
    mine = offline("session_log", body_of(arm.series, local(19, 9)))
    changed = body_of(arm.series, local(19, 9), effort=3)
    answers = batch(
        cast,
        [
            mine,
            offline("amend", {"log": str(mine.id), "entry": changed, "reason": "forgot"}),
            offline("amend", {"log": str(alices.id), "entry": changed, "reason": "no"}),
            offline("stop", stop(arm.series, local(19, 9, 30))),
            offline("stop", stop(arm.series, local(19, 13))),
            offline(
                "skip",
                {
                    "occurrence": slot(arm.series, 19, "s2"),
                    "reason": "away",
                    "skipped_at": local(19, 11).isoformat(),
                },
            ),
            offline("off_plan_event", event(local(19, 11))),
            offline("off_plan_event", event(local(19, 14))),
        ],
        at=local(20, 9),
    )
    assert [answer.status for answer in answers] == [201, 200, 404, 201, 403, 409, 201, 403]
    assert log_of(cast, mine.id).effort == 3


def test_a_quarantined_log_counts_nowhere_until_a_coordinator_adopts_it(cast, plan, arm):
    leave(cast, local(19, 12))
    sore = detailed(arm, local(19, 16), pain=8)
    answer = batch(cast, [offline("session_log", sore)], at=local(20, 9))[0]
    assert (answer.log, answer.flags) == (None, ())
    assert states(cast, series=arm.series)[:2] == ["due", "due"]
    assert flags(cast) == []
    with pytest.raises(NotAllowed):
        adopt_session(
            by=cast.dana,
            at=local(20, 10),
            patient_id=cast.patient.pk,
            log_id=answer.id,
            note="known",
        )
    adopted = adopt_session(
        by=cast.erin, at=local(20, 10), patient_id=cast.patient.pk, log_id=answer.id, note="known"
    )
    assert (adopted.log.status, adopted.log.placement) == ("recorded", "slot")
    assert [flag.rule for flag in flags(cast)] == ["pain-threshold"]
    assert log_of(cast, answer.id).author == cast.bob


def test_who_had_no_access_then_is_told_nothing_of_a_log_that_is_there(cast, plan, arm):
    alices = uuid4()
    told(cast, as_planned(arm.series, local(19, 16)), by=cast.alice, log_id=alices)
    leave(cast, local(19, 12))
    same = offline("session_log", body_of(arm.series, local(19, 16)), alices)
    other = offline("session_log", body_of(arm.series, local(19, 16), effort=3), alices)
    answers = batch(cast, [same], at=local(20, 9)) + batch(cast, [other], at=local(20, 9))
    assert [(each.status, each.log) for each in answers] == [(200, None), (409, None)]


def test_strangers_and_watchers_upload_nothing(cast, plan, arm):
    entry = offline("stop", stop(arm.series, local(19, 9)))
    with pytest.raises(NotVisible):
        batch(cast, [entry], at=local(19, 10), by=cast.charlie)
    with pytest.raises(NotVisible):
        batch(cast, [], at=local(19, 10), by=cast.olga)
    with pytest.raises(NotAllowed):
        batch(cast, [entry], at=local(19, 10), by=cast.erin)


@pytest.mark.django_db(transaction=True)
def test_the_same_batch_twice_at_once_is_stored_once():
    cast = make_cast()
    arm = shoulder()
    assign(cast, arm, at=local(18, 20))
    entries = [
        offline("session_log", body_of(arm.series, local(19, 9))),
        offline("skip", {"occurrence": slot(arm.series, 19, "s2"), "reason": "away"}),
        offline("off_plan_event", event(local(19, 11))),
        offline("stop", stop(arm.series, local(19, 20))),
    ]
    together = Barrier(2)

    def send():
        together.wait()
        try:
            return [answer.status for answer in batch(cast, entries, at=local(19, 21))]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = (each.result() for each in (pool.submit(send), pool.submit(send)))
    assert sorted([first, second]) == [[200] * 4, [201] * 4]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(data=st.data())
def test_any_order_and_any_number_of_times_gives_one_state(cast, arm, data):
    """The same entries, shuffled and repeated at will, leave the same behind."""
    entries = _some_of_every_kind(arm)
    shuffled = data.draw(st.permutations(entries))
    again = data.draw(st.lists(st.sampled_from(entries), max_size=4))
    kept = []
    for sending in ([entries], [shuffled, again, shuffled]):
        with transaction.atomic():
            assign(cast, arm, at=local(18, 20))
            tick(cast, local(20, 20))
            for each in sending:
                batch(cast, each, at=local(21, 12))
            kept.append(snapshot(cast))
            transaction.set_rollback(True)
    first, second = kept
    assert first == second


def _some_of_every_kind(arm):
    ids = [UUID(int=place) for place in range(1, 20)]
    morning = body_of(arm.series, local(19, 9, 5))
    corrected = body_of(arm.series, local(19, 9, 10), effort=2)
    return [
        offline("session_log", morning, ids[0]),
        offline("session_log", detailed(arm, local(19, 16), pain=3), ids[1]),
        offline("session_log", body_of(arm.series, local(19, 16, 2), minutes=12), ids[2]),
        offline("session_log", body_of(arm.series, local(19, 9, 6)), ids[3]),
        offline("session_log", detailed(arm, local(20, 9), pain=8, repetitions=4), ids[4]),
        offline("session_log", body_of(arm.series, local(20, 16)), ids[5]),
        offline("amend", {"log": str(ids[0]), "entry": corrected, "reason": "later"}, ids[6]),
        offline("retract", {"log": str(ids[2]), "reason": "twice"}, ids[7]),
        offline("skip", {"occurrence": slot(arm.series, 20, "s2"), "reason": "pain"}, ids[8]),
        offline("stop", stop(arm.series, local(20, 20)), ids[9]),
        offline("off_plan_event", event(local(20, 18), pain=2), ids[10]),
    ]


def test_figures_of_a_mixed_day(cast, plan, arm):
    batch(cast, _some_of_every_kind(arm), at=local(21, 12))
    assert figures(cast, "due", "done", series=arm.series, on=date(2026, 10, 19)) == (2, 2)
