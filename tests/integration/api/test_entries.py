"""The batch of a phone that was offline."""

from uuid import uuid4

import pytest

from patients.actions.relationships import end_relationship
from rehab.models import SessionLog
from tests.integration.api.scenes import body_of, local, of_alice, plan_for, send
from tests.plans import items_of


@pytest.fixture
def plan(cast):
    return plan_for(cast)


def batch(cast, user, entries, at):
    return send(user, "post", of_alice(cast, "entries"), {"entries": entries}, at)


def entry(kind, body, entry_id=None):
    return {"id": str(entry_id or uuid4()), "kind": kind, "body": body}


def test_every_kind_is_taken_in_and_answered_in_the_order_of_the_batch(cast, plan):
    passive, stimulation = items_of(plan)
    log_id, at = uuid4(), local(19, 20)
    from rehab.domain.identity import occurrence_id

    evening = occurrence_id(stimulation.series, 1, local(19, 18).date(), "s1")
    again = body_of(passive.series, local(19, 9, 5), minutes=12)
    answers = batch(
        cast,
        cast.bob,
        [
            entry("session_log", body_of(passive.series, local(19, 9, 5)), log_id),
            entry("amend", {"log": str(log_id), "entry": again, "reason": "Looked at the clock"}),
            entry("skip", {"occurrence": str(evening), "reason": "pain"}),
            entry(
                "stop",
                {"series": str(passive.series), "stopped_at": at.isoformat(), "reason": "pain"},
            ),
            entry("retract", {"log": str(log_id), "reason": "Another day"}),
            entry(
                "off_plan_event",
                {
                    "description": "Squeezed a ball",
                    "performed_at": local(19, 15).isoformat(),
                    "zone": "Asia/Shanghai",
                },
            ),
        ],
        at,
    ).json()["answers"]
    assert [each["status"] for each in answers] == [201, 200, 201, 201, 200, 201]
    assert answers[0]["id"] == str(log_id)


def test_one_bad_entry_never_sinks_the_others(cast, plan):
    series = items_of(plan)[0].series
    good = entry("session_log", body_of(series, local(19, 9, 5)))
    naive = entry(
        "session_log", body_of(series, local(19, 9, 5)) | {"performed_at": "2026-10-19T09:05:00"}
    )
    answers = batch(
        cast,
        cast.bob,
        [
            naive,
            {"kind": "session_log"},
            "nonsense",
            entry("dance", {}),
            entry("skip", {"reason": 3}),
            good,
        ],
        local(19, 10),
    ).json()["answers"]
    assert [each["status"] for each in answers] == [422, 422, 422, 422, 422, 201]
    assert answers[1]["errors"][0]["field"] == "id"


def test_the_same_batch_again_changes_nothing(cast, plan):
    series = items_of(plan)[0].series
    entries = [entry("session_log", body_of(series, local(19, hour, 5))) for hour in range(9, 14)]
    assert {
        each["status"] for each in batch(cast, cast.bob, entries, local(19, 20)).json()["answers"]
    } == {201}
    assert {
        each["status"] for each in batch(cast, cast.bob, entries, local(19, 21)).json()["answers"]
    } == {200}
    with cast.inside():
        assert SessionLog.objects.count() == 5


def test_more_than_two_hundred_entries_are_refused_as_a_whole(cast, plan):
    refused = batch(cast, cast.bob, [{}] * 201, local(19, 10))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "entries")


def test_a_former_member_may_still_upload_what_was_done_in_time(cast, plan):
    with cast.inside():
        end_relationship(
            by=cast.alice,
            at=local(19, 12),
            patient_id=cast.patient.pk,
            relationship_id=cast.bobs_relationship.pk,
        )
    series = items_of(plan)[0].series
    early = entry("session_log", body_of(series, local(19, 9, 5)))
    late = entry("session_log", body_of(series, local(19, 16, 5)))
    answers = batch(cast, cast.bob, [early, late], local(20, 9)).json()["answers"]
    assert [each["status"] for each in answers] == [201, 202]
    assert "received_after_access" in answers[0]["log"]["marks"]
    assert answers[1]["log"] is None


def test_strangers_find_nothing_even_with_an_empty_batch(cast, plan):
    assert batch(cast, cast.charlie, [], local(19, 10)).status_code == 404
    assert batch(cast, None, [], local(19, 10)).status_code == 401
