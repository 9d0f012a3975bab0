"""Caseload, flags, profile and occurrences over HTTP."""

from uuid import uuid4

import pytest

from rehab.models import SafetyFlag
from tests.integration.api.scenes import (
    detailed,
    get,
    local,
    log,
    of_alice,
    plan_for,
    send,
)
from tests.people import make_clinician, make_patient


@pytest.fixture
def plan(cast):
    return plan_for(cast)


def flagged(cast, plan):
    log(cast, cast.bob, detailed(plan, local(19, 9, 5), pain=8), local(19, 9, 6))
    with cast.inside():
        return SafetyFlag.objects.order_by("level").first()


def test_the_caseload_puts_whoever_needs_a_person_first(cast, plan):
    for name in ("Amy", "Ben"):
        make_clinician(make_patient(cast.clinic, name), cast.dana)
    flagged(cast, plan)
    rows = get(cast.dana, "/api/v1/caseload", local(19, 10)).json()["results"]
    assert [row["name"] for row in rows] == ["Alice", "Amy", "Ben"]
    assert (rows[0]["worst_level"], rows[0]["open_flags"]["E1"]) == ("E1", 1)
    assert rows[1]["plan"] is None


def test_silence_comes_before_patients_without_a_worry(cast, plan):
    make_clinician(make_patient(cast.clinic, "Amy"), cast.dana)
    rows = get(cast.dana, "/api/v1/caseload", local(28, 10)).json()["results"]
    assert [(row["name"], row["silent"]) for row in rows] == [("Alice", True), ("Amy", False)]
    assert rows[0]["silent_days"] == 9


def test_a_coordinator_sees_the_whole_clinic_and_others_have_no_caseload(cast, plan):
    names = [
        row["name"] for row in get(cast.erin, "/api/v1/caseload", local(19, 10)).json()["results"]
    ]
    assert names == ["Alice", "Carol"]
    assert get(cast.bob, "/api/v1/caseload", local(19, 10)).status_code == 403
    assert get(None, "/api/v1/caseload", local(19, 10)).status_code == 401


def test_the_caseload_is_paged(cast, plan):
    first = get(cast.erin, "/api/v1/caseload", local(19, 10), limit=1).json()
    second = get(cast.erin, first["next"], local(19, 10)).json()
    assert [first["results"][0]["name"], second["results"][0]["name"]] == ["Alice", "Carol"]
    assert second["next"] is None


def test_flags_say_what_to_do_until_somebody_acknowledges(cast, plan):
    flag = flagged(cast, plan)
    shown = get(cast.bob, "/api/v1/flags", local(19, 10)).json()["results"][0]
    assert (shown["id"], shown["seen"], shown["patient_name"]) == (str(flag.pk), False, "Alice")
    assert shown["text"]
    address = f"/api/v1/flags/{flag.pk}/acknowledge"
    assert send(cast.bob, "post", address, {"note": "Seen"}, local(19, 11)).status_code == 403
    assert send(cast.charlie, "post", address, {"note": "Seen"}, local(19, 11)).status_code == 404
    seen = send(cast.dana, "post", address, {"note": "Called, resting"}, local(19, 11))
    assert (seen.status_code, seen.json()["acknowledged_by"]) == (200, "Dana")
    remaining = get(cast.dana, "/api/v1/flags", local(19, 12), level=flag.level).json()["results"]
    assert str(flag.pk) not in {each["id"] for each in remaining}
    assert get(cast.dana, "/api/v1/flags", local(19, 12), state="seen").json()["results"]


def test_a_stranger_has_no_flags(cast, plan):
    flagged(cast, plan)
    assert get(cast.charlie, "/api/v1/flags", local(19, 10)).json()["results"] == []
    assert (
        get(cast.charlie, "/api/v1/flags", local(19, 10), patient=str(cast.patient.pk)).json()[
            "results"
        ]
        == []
    )


def test_a_profile_is_unknown_until_it_is_recorded_and_each_change_is_a_revision(cast):
    address = of_alice(cast, "profile")
    assert get(cast.dana, address, local(18, 8)).json()["spinal_cord_injury"] == "unknown"
    body = {"spinal_cord_injury": "yes", "injury_level": "T4", "baselines": {"systolic_mmhg": 102}}
    recorded = send(cast.dana, "patch", address, body, local(18, 9))
    assert (recorded.status_code, recorded.json()["number"]) == (200, 1)
    taught = [{"motion": "neck.rotation", "to": "Bob", "by": "Dana", "on": "2026-10-18"}]
    again = send(cast.dana, "patch", address, {"taught": taught}, local(18, 10)).json()
    assert (again["number"], again["injury_level"], again["taught"]) == (2, "T4", taught)


def test_a_profile_needs_the_scope_and_its_change_a_clinician(cast):
    address = of_alice(cast, "profile")
    assert get(cast.bob, address, local(18, 8)).status_code == 403
    assert get(cast.charlie, address, local(18, 8)).status_code == 404
    assert send(cast.alice, "patch", address, {"note": "x"}, local(18, 8)).status_code == 403
    wrong = send(cast.dana, "patch", address, {"injury_level": "X9"}, local(18, 8))
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "injury_level")


def test_occurrences_are_listed_stored_and_computed(cast, plan):
    found = get(
        cast.bob,
        of_alice(cast, "occurrences"),
        local(19, 8),
        **{"from": "2026-10-19", "to": "2026-10-25"},
    ).json()
    assert len(found["results"]) == 7 * 2 + 3
    assert {each.get("stored", True) for each in found["results"]} == {True, False}


def test_an_occurrence_is_skipped_with_a_reason_and_snoozed(cast, plan):
    first = get(cast.bob, of_alice(cast, "today"), local(19, 8)).json()["occurrences"][0]
    address = of_alice(cast, f"occurrences/{first['id']}")
    snoozed = send(cast.bob, "post", f"{address}/snooze", {"minutes": 20}, local(19, 9))
    assert snoozed.json()["snoozed_until"].startswith("2026-10-19T01:20:00")
    unknown = send(cast.bob, "post", f"{address}/skip", {"reason": "whatever"}, local(19, 9))
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "reason")
    skipped = send(cast.bob, "post", f"{address}/skip", {"reason": "asleep"}, local(19, 9))
    assert (skipped.status_code, skipped.json()["state"]) == (200, "skipped")
    assert (
        send(
            cast.charlie, "post", f"{address}/skip", {"reason": "asleep"}, local(19, 9)
        ).status_code
        == 404
    )
    nothing = of_alice(cast, f"occurrences/{uuid4()}/skip")
    assert send(cast.bob, "post", nothing, {"reason": "asleep"}, local(19, 9)).status_code == 404
