"""Assigning a plan over HTTP, from a protocol or item by item."""

from uuid import uuid4

import pytest

from exercises.models import Protocol
from tests.integration.api.scenes import get, local, of_alice, plan_for, send
from tests.plans import clear_profile, items_of, load_catalogue, weekly


@pytest.fixture
def plan(cast):
    return plan_for(cast)


def item(**facts):
    return {
        "exercise": "prom-shoulder-flexion",
        "schedule": weekly("09:00"),
        "parts": [
            {
                "exercise": "prom-shoulder-flexion",
                "side": "left",
                "dose": {"repetitions": 10},
                "maximum": {"end_angle_degrees": 90},
            }
        ],
        "maximum": {"sessions_per_day": 3},
        **facts,
    }


def test_a_clinician_drafts_and_activates_a_plan(cast):
    load_catalogue()
    clear_profile(cast, at=local(18, 19))
    drafted = send(
        cast.dana,
        "post",
        of_alice(cast, "plans"),
        {"title": "Arm", "items": [item()]},
        local(18, 20),
    )
    assert (drafted.status_code, drafted.json()["status"]) == (201, "draft")
    active = send(
        cast.dana, "post", f"/api/v1/plans/{drafted.json()['id']}/activate", {}, local(18, 20)
    )
    shown = active.json()
    assert (active.status_code, shown["status"], shown["version"]) == (200, "active", 1)
    assert shown["items"][0]["maximum"] == {"sessions_per_day": 3}
    assert shown["items"][0]["parts"][0]["label"]["en"].endswith("left")
    assert [each["now"] for each in shown["status_changes"]] == ["active"]


def test_a_protocol_gives_the_items_and_none_of_its_doses(cast):
    load_catalogue()
    slug = Protocol.objects.order_by("slug").first().slug
    drafted = send(cast.dana, "post", of_alice(cast, "plans"), {"protocol": slug}, local(18, 20))
    assert drafted.status_code == 201, drafted.content
    assert drafted.json()["items"]
    assert all(part["dose"] == {} for each in drafted.json()["items"] for part in each["parts"])


def test_neither_protocol_nor_items_is_422(cast):
    load_catalogue()
    refused = send(cast.dana, "post", of_alice(cast, "plans"), {"title": "Empty"}, local(18, 20))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "items")


def test_an_impossible_dose_names_its_place(cast):
    load_catalogue()
    bad = item(parts=[{"side": "left", "dose": {"repetitions": -8}}])
    refused = send(
        cast.dana, "post", of_alice(cast, "plans"), {"title": "Arm", "items": [bad]}, local(18, 20)
    )
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "items.0.parts.0.dose.repetitions"


def test_an_unanswered_gate_blocks_activation(cast):
    load_catalogue()
    drafted = send(
        cast.dana,
        "post",
        of_alice(cast, "plans"),
        {"title": "Arm", "items": [item()]},
        local(18, 20),
    )
    refused = send(
        cast.dana, "post", f"/api/v1/plans/{drafted.json()['id']}/activate", {}, local(18, 20)
    )
    assert refused.status_code == 422
    assert "gates" in refused.json()["errors"][0]["field"]


def test_a_revision_is_a_new_version_and_the_old_one_stays_listed(cast, plan):
    series = str(items_of(plan)[0].series)
    body = {"title": "Less", "items": [item(series=series)], "note": "Once a day"}
    revised = send(cast.dana, "post", f"/api/v1/plans/{plan.pk}/revise", body, local(19, 12)).json()
    assert [each["number"] for each in revised["versions"]] == [1, 2]
    assert revised["items"][0]["series"] == series


def test_holding_and_resuming_leave_their_reasons(cast, plan):
    series = str(items_of(plan)[1].series)
    held = send(
        cast.dana,
        "post",
        f"/api/v1/plans/{plan.pk}/hold",
        {"series": series, "reason": "Red skin"},
        local(19, 8),
    )
    assert [each["reason"] for each in held.json()["pauses"]] == ["Red skin"]
    blank = send(
        cast.dana,
        "post",
        f"/api/v1/plans/{plan.pk}/resume",
        {"series": series, "note": " "},
        local(19, 9),
    )
    assert blank.status_code == 422
    resumed = send(
        cast.dana,
        "post",
        f"/api/v1/plans/{plan.pk}/resume",
        {"series": series, "note": "Healed"},
        local(19, 9),
    )
    assert resumed.json()["pauses"] == []


def test_a_completed_plan_asks_for_nothing_more(cast, plan):
    ended = send(
        cast.dana,
        "post",
        f"/api/v1/plans/{plan.pk}/complete",
        {"reason": "Goals reached"},
        local(19, 12),
    )
    assert ended.json()["status"] == "completed"
    again = send(
        cast.dana, "post", f"/api/v1/plans/{plan.pk}/complete", {"reason": "Twice"}, local(19, 13)
    )
    assert again.status_code == 409


def test_plans_are_listed_for_those_who_see_the_patient(cast, plan):
    assert [
        each["id"]
        for each in get(cast.bob, of_alice(cast, "plans"), local(19, 8)).json()["results"]
    ] == [str(plan.pk)]
    assert get(cast.bob, f"/api/v1/plans/{plan.pk}", local(19, 8)).status_code == 200
    assert get(cast.charlie, of_alice(cast, "plans"), local(19, 8)).status_code == 404
    assert get(cast.charlie, f"/api/v1/plans/{plan.pk}", local(19, 8)).status_code == 404


BODIES = {
    "activate": {},
    "revise": {"title": "Arm", "items": [item()]},
    "hold": {"reason": "Fever"},
    "resume": {"note": "Well again"},
    "complete": {"reason": "Goals reached"},
}


@pytest.mark.parametrize("act", BODIES)
def test_only_a_clinician_changes_a_plan(cast, plan, act):
    def answered(user, plan_id):
        address = f"/api/v1/plans/{plan_id}/{act}"
        return send(user, "post", address, BODIES[act], local(19, 8)).status_code

    assert answered(cast.bob, plan.pk) == 403
    assert answered(cast.charlie, plan.pk) == 404
    assert answered(None, plan.pk) == 401
    assert answered(cast.dana, uuid4()) == 404


def test_a_misspelt_field_is_named_wherever_it_stands(cast):
    load_catalogue()
    body = {"title": "Arm", "items": [item(parts=[{"side": "left", "does": {"repetitions": 10}}])]}
    refused = send(cast.dana, "post", of_alice(cast, "plans"), body, local(18, 20))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "items.0.parts.0.does"
    assert refused.json()["errors"][0]["code"] == "unknown_field"
