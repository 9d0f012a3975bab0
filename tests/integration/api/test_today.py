"""What is due on one day, over HTTP."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine

from rehab.actions.pauses import hold_plan
from rehab.actions.sessions import log_session
from tests.contract.client import api_client
from tests.people import Cast
from tests.plans import as_planned, assign, fes, items_of, parts_of, shoulder

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def plan(cast: Cast):
    return assign(cast, shoulder(), fes(), at=local(18, 20))


def today(cast: Cast, user, at: datetime, **query: str):
    with time_machine.travel(at, tick=False):
        return api_client(user).get(f"/api/v1/patients/{cast.patient.pk}/today", query)


def test_today_lists_what_is_due_with_doses_and_questions(cast, plan):
    answer = today(cast, cast.bob, local(19, 8)).json()
    assert answer["date"] == "2026-10-19"
    assert [
        (each["item"]["exercise"], each["local"]["time"]) for each in answer["occurrences"]
    ] == [
        ("prom-shoulder-flexion", "09:00"),
        ("prom-shoulder-flexion", "16:00"),
        ("fes-quadriceps", "18:00"),
    ]
    first, _, last = answer["occurrences"]
    assert first["due_at"] == "2026-10-19T09:00:00+08:00"
    assert first["local"]["label"] == "China time"
    assert first["parts"][0]["maximum"] == {"end_angle_degrees": 90}
    assert "skin_before" in last["gate_questions"]
    assert answer["gate_questions"]["skin_before"]["answers"][0]["starts"] is True


def test_today_tells_what_was_done_and_by_whom(cast, plan):
    log_session(
        by=cast.bob,
        at=local(19, 9, 6),
        patient_id=cast.patient.pk,
        log_id=uuid4(),
        entry=as_planned(items_of(plan)[0].series, local(19, 9, 5), performer="caregiver"),
    )
    first, second, _ = today(cast, cast.dana, local(19, 10)).json()["occurrences"]
    assert (first["state"], first["log"]["performer"], first["log"]["author"]) == (
        "done",
        "caregiver",
        "Bob",
    )
    assert second["state"] == "due"


def test_what_was_not_done_is_shown_as_missed_without_being_stored(cast, plan):
    states = [each["state"] for each in today(cast, cast.bob, local(19, 23)).json()["occurrences"]]
    assert states == ["missed", "due", "due"]


def test_a_day_further_ahead_than_stored_is_computed(cast, plan):
    answer = today(cast, cast.bob, local(19, 8), date="2026-11-04").json()
    assert [each["stored"] for each in answer["occurrences"]] == [False, False, False]
    assert answer["occurrences"][0]["due_at"] == "2026-11-04T09:00:00+08:00"


def test_a_pause_says_what_is_still_allowed(cast, plan):
    passive, stimulation = items_of(plan)
    hold_plan(
        by=cast.dana, at=local(19, 8), plan_id=plan.pk, series=stimulation.series, reason="Red skin"
    )
    answer = today(cast, cast.alice, local(19, 8, 30)).json()
    assert [each["reason"] for each in answer["pauses"]] == ["Red skin"]
    assert answer["still_allowed"] == [str(passive.series)]
    assert answer["contact"]["emergency_number"] == "120"
    assert [each.get("paused", False) for each in answer["occurrences"]] == [False, False, True]


def test_a_paused_part_is_marked_and_the_others_stay_due(cast, plan):
    passive = items_of(plan)[0]
    part = parts_of(passive)[0].part
    hold_plan(
        by=cast.dana,
        at=local(19, 8),
        plan_id=plan.pk,
        series=passive.series,
        part=part,
        reason="Pain",
    )
    first = today(cast, cast.alice, local(19, 8, 30)).json()["occurrences"][0]
    assert [each.get("paused", False) for each in first["parts"]] == [True, False]
    assert first["state"] == "due"


def test_today_fits_in_eight_kilobytes(cast, plan):
    assert len(today(cast, cast.alice, local(19, 8), lang="zh-Hans").content) <= 8192


def test_texts_come_in_the_language_that_was_asked_for(cast, plan):
    answer = today(cast, cast.alice, local(19, 8), lang="zh-Hans").json()
    assert answer["occurrences"][0]["local"]["label"] == "中国时间"


def test_a_stranger_finds_nothing_and_nobody_is_let_in_signed_out(cast, plan):
    assert today(cast, cast.charlie, local(19, 8)).status_code == 404
    assert today(cast, cast.olga, local(19, 8)).status_code == 404
    assert today(cast, None, local(19, 8)).status_code == 401


def test_a_date_that_is_none_is_named(cast, plan):
    refused = today(cast, cast.alice, local(19, 8), date="tomorrow")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "date"


def test_looking_is_noted_once_in_ten_minutes(cast, plan):
    from patients.models import AuditEvent

    for minute in (0, 5):
        today(cast, cast.bob, local(19, 8, minute))
    today(cast, cast.bob, local(19, 8) + timedelta(minutes=11))
    with cast.inside():
        assert AuditEvent.objects.filter(kind="read.today", actor=cast.bob).count() == 2
