"""Case 3. Zhao Min, 41: a repaired radial nerve, denervated wrist extensors, two clocks.

His clinic writes times of Xinjiang (+6), his phone shows those of Beijing (+8).
"""

from uuid import uuid4

import pytest
import time_machine

from tests.cases.covering import covers
from tests.cases.home import Home, codes, levels, make_home, weekly
from tests.people import browser_of

CASE = "case 3"
MIN, DANA = "Zhao Min", "Dana"
DELIVERED = {"pulse_width_ms": 100, "frequency_hz": 0.5, "amplitude_ma": 12, "minutes": 10}
WRIST = {
    "exercise": "prom-wrist-extension",
    "title": {"en": "Wrist and fingers", "zh-Hans": "腕和手指"},
    "zone": "Asia/Urumqi",
    "zone_policy": "home",
    "parts": [
        {"exercise": exercise, "side": "right", "dose": {"repetitions": 10}}
        for exercise in ("prom-wrist-extension", "prom-finger-mcp-extension")
    ],
    "schedule": weekly("10:00", "14:00", "20:00"),
}
CURRENT = {
    "exercise": "long-pulse-wrist-extensors",
    "title": {"en": "Long pulses", "zh-Hans": "长脉冲"},
    "zone": "Asia/Urumqi",
    "zone_policy": "home",
    "parts": [
        {
            "exercise": "long-pulse-wrist-extensors",
            "muscle": "wrist_extensors",
            "channel": 1,
            "side": "right",
            "dose": DELIVERED,
        }
    ],
    "schedule": weekly("11:00"),
}


@pytest.fixture
def home(content) -> Home:
    home = make_home(
        MIN, zone="Asia/Urumqi", patient_zone="Asia/Shanghai", clinician=DANA, helpers={}
    )
    home.profile(
        "Sun 18 Oct 20:00",
        conditions=[
            {"code": "radial_nerve_palsy", "since": "2026-09-28", "limbs": ["right_arm"]},
            {"code": "peripheral_nerve_injury", "since": "2026-09-28", "limbs": ["right_arm"]},
            {"code": "insensate_skin", "limbs": ["right_arm"]},
        ],
        innervation={"wrist_extensors": "denervated", "quadriceps": "intact"},
        insensate=["hand"],
        allergies_known="no",
        kidney="normal",
    )
    home.assign("Sun 18 Oct 20:00", WRIST, CURRENT)
    return home


def stimulate(home: Home, performed: str, **changed: object):
    """Ten minutes of long pulses, with what was typed in place of the plan's values."""
    delivered = {**DELIVERED, **changed}
    delivered = {name: value for name, value in delivered.items() if value is not None}
    return home.log(
        MIN,
        performed,
        "Long pulses",
        parts=home.parts(delivered, item="Long pulses"),
        performer="patient",
        skin_before="looked_fine",
        skin_after="looked_fine",
    )


@covers(CASE, "Mon 19")
def test_mon_19_microseconds_for_milliseconds_are_asked_back_and_stored_as_milliseconds(home):
    refused = stimulate(home, "Mon 19 Oct 11:02", pulse_width_ms=None, pulse_width_us=100)
    assert (refused.status_code, codes(refused)) == (422, ["unit"])
    assert "100 ms" in refused.json()["errors"][0]["detail"]
    assert "1000 times" in refused.json()["errors"][0]["detail"]
    fixed = stimulate(home, "Mon 19 Oct 11:02")
    assert fixed.status_code == 201
    stored = home.history(at="Mon 19 Oct 12:00")[-1]["parts"][0]["measures"]
    assert stored["pulse_width_ms"] == 100
    assert "pulse_width_us" not in stored


@covers(CASE, "Tue 20", "must refuse: 50 Hz")
def test_tue_20_fifty_hertz_of_a_tenth_of_a_second_cannot_be(home):
    refused = stimulate(home, "Tue 20 Oct 11:02", frequency_hz=50)
    assert refused.status_code == 422
    assert "width_times_frequency" in codes(refused)
    words = next(
        error["detail"]
        for error in refused.json()["errors"]
        if error["code"] == "width_times_frequency"
    )
    assert "is 5 and must be below 1" in words
    assert home.history(at="Tue 20 Oct 12:00") == []


@covers(CASE, "Wed 21", "must show: both clocks")
def test_wed_21_ten_o_clock_is_said_in_xinjiang_time_and_on_the_clock_of_his_phone(home):
    seen = home.due("Wed 21 Oct", at="Wed 21 Oct 09:00", item="Wrist and fingers", who=MIN)[0]
    assert (seen["local"]["time"], seen["local"]["label"]) == ("10:00", "Xinjiang time")
    assert seen["due_at"].endswith("10:00:00+06:00")
    with time_machine.travel(home.at("Wed 21 Oct 09:00"), tick=False):
        page = browser_of(home.people[MIN]).get(f"/patients/{home.patient.pk}/today/")
    assert "新疆时间 10:00 = 中国时间 12:00" in page.content.decode()


def recall_six_days(home: Home):
    """On Tuesday at 22:00 he types six days in four minutes."""
    entries = [
        {
            "id": str(uuid4()),
            "kind": "session_log",
            "body": home.entry(
                home.at(f"{day} {clock}"),
                "Wrist and fingers",
                source="recalled",
                performer="patient",
            ),
        }
        for day in (
            "Thu 22 Oct",
            "Fri 23 Oct",
            "Sat 24 Oct",
            "Sun 25 Oct",
            "Mon 26 Oct",
            "Tue 27 Oct",
        )
        for clock in ("10:00", "14:00", "20:00")
    ]
    return home.batch(MIN, "Tue 27 Oct 22:00", *entries)


@covers(CASE, "Thu 22 - Tue 27")
def test_six_days_from_memory_are_accepted_marked_and_shown_with_and_without(home):
    for clock in ("10:00", "14:00", "20:00"):
        home.log(MIN, f"Wed 21 Oct {clock}", "Wrist and fingers", performer="patient")
    answers = recall_six_days(home)
    assert {answer["status"] for answer in answers} == {201}
    late = ["late" in answer["log"]["marks"] for answer in answers]
    assert late == [True] * 15 + [False] * 3
    assert all("recalled" in answer["log"]["marks"] for answer in answers)
    total = home.progress(
        "Wed 21 Oct", "Tue 27 Oct", at="Tue 27 Oct 23:59", item="Wrist and fingers"
    )["total"]
    assert (total["due"], total["fulfilled"], total["recalled"]) == (21, 21, 18)
    assert total["adherence"] == 1
    assert total["adherence_without_recalled"] == pytest.approx(3 / 21)


@covers(CASE, "Wed 28", "must refuse: negatives")
def test_wed_28_a_negative_current_is_refused(home):
    refused = stimulate(home, "Wed 28 Oct 11:02", amplitude_ma=-12)
    assert (refused.status_code, codes(refused)) == (422, ["negative"])


def warmth_is_offered(home: Home, at: str) -> tuple[bool, int]:
    """Tell whether a warm bath is in the list of ideas, and what its own address answers."""
    ideas = home.get(MIN, "exercises", at=at, modality="warm_bath", limit=100)["results"]
    found = home.call(MIN, "get", "exercises/warm-bath-hand", at=home.at(at))
    return "warm-bath-hand" in [each["slug"] for each in ideas], found.status_code


@covers(CASE, "Thu 29")
def test_thu_29_a_blister_from_a_hot_pack_stops_stimulation_and_takes_heat_off_the_ideas(home):
    assert warmth_is_offered(home, "Thu 29 Oct 14:00") == (True, 200)
    event = home.happened(
        MIN,
        "Thu 29 Oct 15:00",
        "hot pack 20 min, blister on the hand",
        symptoms=["heat_burn"],
        measures={"minutes": 20},
    )
    assert levels(event)["skin-burn"] == "E1"
    words = next(flag["text"]["en"] for flag in event["flags"] if flag["rule"] == "skin-burn")
    for said in ("Cool", "cover", "no heat"):
        assert said in words
    today = home.get(MIN, "today", at="Thu 29 Oct 15:05")
    assert [each["series"] for each in today["pauses"]] == [home.series("Long pulses")]
    assert {flag["rule"] for flag in home.flags(at="Thu 29 Oct 15:05")} >= {"skin-burn"}
    # Warmth was among the ideas before; now it is there by no door.
    assert warmth_is_offered(home, "Thu 29 Oct 15:05") == (False, 404)


@covers(CASE, "Fri 30")
def test_fri_30_amperes_are_no_unit_of_this_field(home):
    typed = {"amplitude_ma": {"text": "12", "unit": "A"}}
    for measured in ({"amplitude_ma": None}, {}):
        refused = home.log(
            MIN,
            "Fri 30 Oct 11:02",
            "Long pulses",
            parts=home.parts(
                {
                    **{name: DELIVERED[name] for name in ("pulse_width_ms", "frequency_hz")},
                    **measured,
                    "typed": typed,
                },
                item="Long pulses",
            ),
        )
        assert (refused.status_code, codes(refused)) == (422, ["unit_not_offered"])
        assert refused.json()["errors"][0]["field"] == "parts.0.typed.amplitude_ma"


@covers(CASE, "Sat 31")
def test_sat_31_a_massage_stimulator_is_no_session_of_this_item_and_says_why(home):
    refused = stimulate(
        home, "Sat 31 Oct 11:02", pulse_width_ms=None, pulse_width_us=200, frequency_hz=80
    )
    assert (refused.status_code, codes(refused)) == (422, ["wrong_device_class"])
    words = refused.json()["errors"][0]["detail"]
    assert "an ordinary stimulator does not work on muscle without nerve supply" in words.lower()
    assert "Ask your clinic" in words
    assert home.history(at="Sat 31 Oct 12:00") == []
    event = home.happened(
        MIN,
        "Sat 31 Oct 11:02",
        "my mother's massage stimulator",
        measures={"pulse_width_us": 200, "frequency_hz": 80},
    )
    assert levels(event) == {"off-plan-barred": "E2"}


@covers(CASE, "Sun 1 Nov")
def test_sun_1_the_week_is_counted_and_never_called_too_late(home):
    row = home.get(DANA, "/api/v1/caseload", at="Sun 1 Nov 12:00")["results"][0]
    first = next(each for each in row["windows"] if each.get("weeks") == 8)
    assert (first["week"], first["weeks"]) == (5, 8)
    with time_machine.travel(home.at("Sun 1 Nov 12:00"), tick=False):
        page = browser_of(home.people[DANA]).get(f"/patients/{home.patient.pk}/")
    words = page.content.decode()
    assert "受伤后第 5 周，共 8 周" in words or "Week 5 of 8 since the injury" in words
    for said in ("too late", "太晚", "来不及"):
        assert said not in str(row).lower() + words.lower()


@covers(CASE, "must show: two classes")
def test_the_two_kinds_of_pulses_share_no_series_and_no_figure(home):
    ordinary = {
        "exercise": "fes-quadriceps",
        "title": {"en": "Short pulses", "zh-Hans": "短脉冲"},
        "parts": [
            {
                "exercise": "fes-quadriceps",
                "muscle": "quadriceps",
                "channel": 1,
                "side": "right",
                "dose": {
                    "pulse_width_us": 300,
                    "frequency_hz": 40,
                    "amplitude_ma": 40,
                    "on_seconds": 5,
                    "off_seconds": 10,
                    "minutes": 20,
                },
            }
        ],
        "schedule": weekly("16:00"),
    }
    home.revise(
        "Mon 19 Oct 10:30", home.same("Wrist and fingers"), home.same("Long pulses"), ordinary
    )
    assert stimulate(home, "Mon 19 Oct 11:02").status_code == 201
    short = {"pulse_width_us": 300, "frequency_hz": 40, "amplitude_ma": 40}
    stored = home.log(
        MIN,
        "Mon 19 Oct 16:02",
        "Short pulses",
        parts=home.parts(short, item="Short pulses"),
        skin_before="looked_fine",
        skin_after="looked_fine",
    )
    assert stored.status_code == 201, stored.content
    days = {"from": "2026-10-19", "to": "2026-10-19"}
    for who in (MIN, DANA):
        items = home.get(who, "progress", at="Mon 19 Oct 20:00", **days)["items"]
        told = {
            (item["physics"], each["physics"], each["code"])
            for item in items
            for each in item["measures"]
            if each["code"].startswith(("pulse_width", "frequency", "amplitude"))
        }
        assert told == {
            (physics, physics, code)
            for physics, width in (("intact", "pulse_width_us"), ("denervated", "pulse_width_ms"))
            for code in (width, "frequency_hz", "amplitude_ma")
        }


@covers(CASE, "must refuse: FES cycling")
def test_ordinary_stimulation_cannot_be_assigned_to_muscle_without_nerve_supply(home):
    ride = {
        "exercise": "fes-cycling",
        "target": {"minutes": 30, "cadence_rpm": 45},
        "parts": [
            {
                "exercise": "fes-cycling",
                "muscle": muscle,
                "channel": 1,
                "side": "right",
                "dose": {"pulse_width_us": 300, "frequency_hz": 40, "amplitude_ma": 50},
            }
            for muscle in ("wrist_extensors", "hamstrings")
        ],
        "schedule": weekly("18:00"),
    }
    refused = home.call(
        DANA,
        "post",
        f"/api/v1/plans/{home.plan}/revise",
        {"title": "Plan", "items": [ride]},
        at=home.at("Thu 22 Oct 12:00"),
    )
    assert refused.status_code == 422
    assert "lower-motor-neurone-lesion" in str(refused.json())
