"""What a phone hears of since it last asked, and the copy it keeps."""

from uuid import uuid4

import pytest

from patients.actions.relationships import end_relationship
from tests.integration.api.scenes import (
    body_of,
    detailed,
    get,
    local,
    log,
    of_alice,
    plan_for,
    send,
)
from tests.people import make_helper, make_user
from tests.plans import items_of


@pytest.fixture
def plan(cast):
    return plan_for(cast)


def changes(cast, user, at, **query):
    return get(user, of_alice(cast, "changes"), at, **query)


def test_the_cursor_of_the_copy_leads_to_what_came_after_it(cast, plan):
    copy = get(cast.bob, of_alice(cast, "offline"), local(19, 8)).json()
    assert changes(cast, cast.bob, local(19, 8), since=copy["cursor"]).json()["results"] == []
    log_id = uuid4()
    log(cast, cast.bob, body_of(items_of(plan)[0].series, local(19, 9, 5)), local(19, 9, 6), log_id)
    found = changes(cast, cast.bob, local(19, 9, 7), since=copy["cursor"]).json()
    assert [(each["kind"], each["gone"]) for each in found["results"]] == [
        ("occurrence", False),
        ("session_log", False),
    ]
    assert found["results"][0]["occurrence"]["state"] == "done"
    assert found["results"][1]["session_log"]["id"] == str(log_id)
    assert changes(cast, cast.bob, local(19, 9, 8), since=found["cursor"]).json()["results"] == []


def test_pages_of_changes_skip_nothing_and_repeat_nothing(cast, plan):
    series = items_of(plan)[0].series
    for hour in (9, 11, 16):
        log(cast, cast.bob, body_of(series, local(19, hour, 5)), local(19, 20))
    whole = changes(cast, cast.bob, local(19, 21)).json()
    cursor, seen = None, []
    while True:
        query = {"limit": 2} | ({"since": cursor} if cursor else {})
        page = changes(cast, cast.bob, local(19, 21), **query).json()
        seen += [each["id"] for each in page["results"]]
        cursor = page["cursor"]
        if not page["more"]:
            break
    assert seen == [each["id"] for each in whole["results"]]
    assert len(seen) == len(set(seen))


def test_a_retracted_log_comes_again_as_gone(cast, plan):
    log_id = uuid4()
    log(cast, cast.bob, body_of(items_of(plan)[0].series, local(19, 9, 5)), local(19, 9, 6), log_id)
    cursor = changes(cast, cast.bob, local(19, 9, 7)).json()["cursor"]
    send(
        cast.bob,
        "post",
        of_alice(cast, f"session-logs/{log_id}/retract"),
        {"reason": "No"},
        local(19, 9, 8),
    )
    found = changes(cast, cast.bob, local(19, 9, 9), since=cursor).json()["results"]
    assert ("session_log", True) in [(each["kind"], each["gone"]) for each in found]


def test_flags_are_for_those_who_may_receive_alerts(cast, plan):
    gina = make_user("gina")
    make_helper(cast.patient, gina, scopes=["see_sessions"])
    log(cast, cast.bob, detailed(plan, local(19, 9, 5), pain=8), local(19, 9, 6))
    kinds = {
        user: {each["kind"] for each in changes(cast, user, local(19, 10)).json()["results"]}
        for user in (cast.dana, gina)
    }
    assert "flag" in kinds[cast.dana]
    assert "flag" not in kinds[gina]


def test_lost_access_is_told_as_a_tombstone_for_fourteen_days(cast, plan):
    cursor = changes(cast, cast.bob, local(19, 8)).json()["cursor"]
    with cast.inside():
        end_relationship(
            by=cast.alice,
            at=local(19, 12),
            patient_id=cast.patient.pk,
            relationship_id=cast.bobs_relationship.pk,
        )
    told = changes(cast, cast.bob, local(20, 9), since=cursor).json()
    assert (told["access"], [each["kind"] for each in told["results"]]) == ("ended", ["access"])
    assert changes(cast, cast.bob, local(3, 9, month=11), since=cursor).status_code == 404
    assert changes(cast, cast.charlie, local(20, 9)).status_code == 404


def test_a_cursor_of_another_patient_is_refused(cast, plan):
    other = make_helper(cast.charlies_patient, cast.bob)
    cursor = get(cast.bob, f"/api/v1/patients/{other.patient_id}/changes", local(19, 8)).json()[
        "cursor"
    ]
    assert changes(cast, cast.bob, local(19, 8), since=cursor).status_code == 422


def test_the_offline_copy_holds_all_a_phone_needs(cast, plan):
    copy = get(cast.alice, of_alice(cast, "offline"), local(19, 8)).json()
    assert (copy["first"], copy["last"], copy["lease_hours"]) == ("2026-10-05", "2026-11-02", 336)
    assert {each["on"] for each in copy["occurrences"]} >= {"2026-10-19", "2026-11-02"}
    assert {"dysreflexia"} <= {rule["code"] for rule in copy["rules"]["rules"]}
    assert all(rule["where"] == "phone" for rule in copy["rules"]["rules"])
    assert "120" in copy["emergency"][0]["text"]["en"]
    assert copy["body"]["facts"]["profile.pacemaker"] == "no"
    assert {each["code"] for each in copy["vocabulary"]["modalities"]} == {
        "passive_range_of_motion",
        "fes_nmes",
    }


def test_a_helper_keeps_the_copy_for_a_day_and_reads_no_conditions(cast, plan):
    copy = get(cast.bob, of_alice(cast, "offline"), local(19, 8)).json()
    assert (copy["lease_hours"], copy["body"]) == (24, None)


def test_an_unchanged_copy_is_304_and_a_log_changes_it(cast, plan):
    import time_machine

    from tests.contract.client import api_client

    address, client = of_alice(cast, "offline"), api_client(cast.alice)
    with time_machine.travel(local(19, 8), tick=False):
        tag = client.get(address)["ETag"]
    with time_machine.travel(local(19, 8, 30), tick=False):
        assert client.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304
    log(cast, cast.bob, body_of(items_of(plan)[0].series, local(19, 9, 5)), local(19, 9, 6))
    with time_machine.travel(local(19, 9, 7), tick=False):
        assert client.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 200
