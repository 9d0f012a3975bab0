"""Recording, reading and correcting sessions over HTTP."""

from uuid import uuid4

import pytest

from rehab.models import Mark, SafetyFlag, SessionLog
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


def test_a_new_log_is_201_and_the_same_again_200(cast, plan):
    log_id, body = uuid4(), body_of(items_of(plan)[0].series, local(19, 9, 5))
    first = log(cast, cast.bob, body, local(19, 9, 6), log_id)
    again = log(
        cast,
        cast.bob,
        {**body, "client_sent_at": "2026-10-19T09:07:00+08:00"},
        local(19, 9, 7),
        log_id,
    )
    assert (first.status_code, first.json()["state"]) == (201, "recorded")
    assert (again.status_code, again.json()["state"]) == (200, "unchanged")
    assert first.json()["log"]["placement"] == "slot"


def test_another_body_under_the_same_id_is_409(cast, plan):
    log_id, series = uuid4(), items_of(plan)[0].series
    log(cast, cast.bob, body_of(series, local(19, 9, 5)), local(19, 9, 6), log_id)
    other = log(cast, cast.bob, body_of(series, local(19, 9, 4)), local(19, 9, 7), log_id)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


def test_a_value_that_cannot_be_is_422_with_its_field_and_leaves_no_log(cast, plan):
    refused = log(
        cast, cast.bob, detailed(plan, local(19, 18), place=1, amplitude_ma=1000), local(19, 18, 30)
    )
    problem = refused.json()
    assert (refused.status_code, problem["errors"][0]["field"]) == (
        422,
        "parts.0.measures.amplitude_ma",
    )
    assert "100" in problem["errors"][0]["detail"]
    with cast.inside():
        assert not SessionLog.objects.exists()


def test_an_unusual_value_is_asked_about_then_stored_as_confirmed(cast, plan):
    log_id, body = uuid4(), detailed(plan, local(19, 9, 5), end_angle_degrees=130)
    asked = log(cast, cast.bob, body, local(19, 9, 6), log_id)
    assert (asked.status_code, asked.json()["code"]) == (422, "confirm_required")
    codes = [each["code"] for each in asked.json()["errors"]]
    stored = log(cast, cast.bob, {**body, "confirmed": codes}, local(19, 9, 7), log_id)
    assert stored.status_code == 201
    assert Mark.CONFIRMED_UNUSUAL in stored.json()["log"]["marks"]


def test_a_red_flag_is_raised_even_when_another_field_is_refused(cast, plan):
    body = detailed(plan, local(19, 9, 5), pain=8, end_angle_degrees=900)
    refused = log(cast, cast.bob, body, local(19, 9, 6))
    assert refused.status_code == 422
    flags = refused.json()["flags"]
    assert flags[0]["level"] == "E1"
    assert set(flags[0]["text"]) == {"zh-Hans", "en"}
    with cast.inside():
        assert SafetyFlag.objects.count() == len(flags)


def test_a_misspelt_field_is_refused_and_not_silently_lost(cast, plan):
    refused = log(
        cast, cast.bob, body_of(items_of(plan)[0].series, local(19, 9, 5), pian=7), local(19, 9, 6)
    )
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "pian")


def test_a_body_of_the_wrong_kind_names_its_place(cast, plan):
    body = body_of(items_of(plan)[0].series, local(19, 9, 5), parts=[{"part": "left arm"}])
    refused = log(cast, cast.bob, body, local(19, 9, 6))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "parts.0.part")


def test_a_moment_without_an_offset_is_refused(cast, plan):
    body = body_of(items_of(plan)[0].series, local(19, 9, 5)) | {
        "performed_at": "2026-10-19T09:05:00"
    }
    refused = log(cast, cast.bob, body, local(19, 9, 6))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "performed_at")


def test_what_nobody_entered_is_not_recorded(cast, plan):
    log_id = uuid4()
    log(cast, cast.bob, body_of(items_of(plan)[0].series, local(19, 9, 5)), local(19, 9, 6), log_id)
    shown = get(cast.dana, of_alice(cast, f"session-logs/{log_id}"), local(19, 10)).json()["log"]
    assert shown["not_recorded"] == ["pain", "effort", "minutes", "skin_before", "skin_after"]
    assert shown["performed_at"] == "2026-10-19T09:05:00+08:00"
    assert [part["measures"] for part in shown["parts"]] == [{}, {}]


def test_the_history_is_paged_in_both_directions(cast, plan):
    series = items_of(plan)[0].series
    for minute in range(0, 50, 10):
        log(cast, cast.bob, body_of(series, local(19, 9, minute)), local(19, 12))
    first = get(cast.dana, of_alice(cast, "session-logs"), local(19, 13), limit=2).json()
    second = get(cast.dana, first["next"], local(19, 13)).json()
    third = get(cast.dana, second["next"], local(19, 13)).json()
    back = get(cast.dana, third["previous"], local(19, 13)).json()
    seen = [
        [each["performed_at"][14:16] for each in page["results"]]
        for page in (first, second, third, back)
    ]
    assert seen == [["40", "30"], ["20", "10"], ["00"], ["20", "10"]]
    assert first["previous"] is None
    assert third["next"] is None


def test_a_cursor_that_nobody_gave_out_is_refused(cast, plan):
    refused = get(cast.dana, of_alice(cast, "session-logs"), local(19, 13), cursor="abc")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "cursor")


def test_a_correction_keeps_the_earlier_version_readable(cast, plan):
    log_id, series = uuid4(), items_of(plan)[0].series
    log(cast, cast.bob, body_of(series, local(19, 9, 5), minutes=100), local(19, 9, 6), log_id)
    address = of_alice(cast, f"session-logs/{log_id}")
    entry = body_of(series, local(19, 9, 5), minutes=10)
    amended = send(
        cast.bob,
        "post",
        f"{address}/amend",
        {"entry": entry, "reason": "Typing error"},
        local(19, 9, 8),
    )
    assert amended.status_code == 200
    shown = get(cast.dana, address, local(19, 10)).json()
    assert shown["log"]["minutes"] == 10
    assert [(each["reason"], each["by"]) for each in shown["corrections"]] == [
        ("Typing error", "Bob")
    ]


def test_a_retracted_log_stays_readable_and_a_reason_is_asked_for(cast, plan):
    log_id = uuid4()
    log(cast, cast.bob, body_of(items_of(plan)[0].series, local(19, 9, 5)), local(19, 9, 6), log_id)
    address = of_alice(cast, f"session-logs/{log_id}")
    blank = send(cast.bob, "post", f"{address}/retract", {"reason": ""}, local(19, 9, 8))
    assert (blank.status_code, blank.json()["errors"][0]["field"]) == (422, "reason")
    assert (
        send(
            cast.bob, "post", f"{address}/retract", {"reason": "Wrong patient"}, local(19, 9, 8)
        ).status_code
        == 200
    )
    assert get(cast.dana, address, local(19, 10)).json()["log"]["status"] == "entered-in-error"


def test_possible_duplicates_are_merged(cast, plan):
    series, first, second = items_of(plan)[0].series, uuid4(), uuid4()
    log(cast, cast.bob, body_of(series, local(19, 9, 10)), local(19, 9, 12), first)
    marked = log(cast, cast.bob, body_of(series, local(19, 9, 11)), local(19, 9, 12), second)
    assert marked.json()["log"]["marks"] == ["possible_duplicate"]
    merged = send(
        cast.bob,
        "post",
        of_alice(cast, f"session-logs/{second}/merge"),
        {"into": str(first)},
        local(19, 9, 13),
    )
    assert (merged.status_code, merged.json()["state"]) == (200, "merged")


def test_an_unusual_value_of_a_batch_is_confirmed_afterwards(cast, plan):
    log_id = uuid4()
    body = detailed(plan, local(19, 9, 5), end_angle_degrees=130)
    batch = {"entries": [{"id": str(log_id), "kind": "session_log", "body": body}]}
    sent = send(cast.bob, "post", of_alice(cast, "entries"), batch, local(19, 9, 6)).json()[
        "answers"
    ][0]
    assert Mark.UNCONFIRMED_UNUSUAL in sent["log"]["marks"]
    address = of_alice(cast, f"session-logs/{log_id}/confirm")
    confirmed = send(cast.bob, "post", address, {"codes": []}, local(19, 9, 8))
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")


def test_a_log_of_a_time_without_access_is_quarantined_until_a_coordinator_adopts_it(cast, plan):
    frank = make_user("frank")
    make_helper(cast.patient, frank, starts_at=local(19, 12))
    log_id, body = (
        uuid4(),
        body_of(items_of(plan)[0].series, local(19, 9, 5), performer="caregiver"),
    )
    kept = log(cast, frank, body, local(19, 13), log_id)
    assert (kept.status_code, kept.json()) == (202, {"id": str(log_id), "status": "quarantined"})
    address = of_alice(cast, f"session-logs/{log_id}")
    assert get(cast.dana, address, local(19, 13)).status_code == 404
    assert get(
        cast.erin, of_alice(cast, "session-logs"), local(19, 13), status="quarantined"
    ).json()["results"]
    assert (
        get(
            cast.dana, of_alice(cast, "session-logs"), local(19, 13), status="quarantined"
        ).status_code
        == 403
    )
    adopted = send(
        cast.erin, "post", f"{address}/adopt", {"note": "Asked the family"}, local(19, 14)
    )
    assert adopted.status_code == 200
    assert get(cast.dana, address, local(19, 15)).json()["log"]["status"] == "recorded"


def test_strangers_find_nothing_and_watchers_may_not_log(cast, plan):
    gina = make_user("gina")
    make_helper(cast.patient, gina, scopes=["see_sessions"])
    body = body_of(items_of(plan)[0].series, local(19, 9, 5))
    assert log(cast, cast.charlie, body, local(19, 9, 6)).status_code == 404
    assert log(cast, gina, body, local(19, 9, 6)).status_code == 403
    assert log(cast, None, body, local(19, 9, 6)).status_code == 401
