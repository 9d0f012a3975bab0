"""Case 4. Eleanor Whitcombe, 81: wasting of age, kidneys that do little, warfarin.

Her daughter Ruth writes and corrects from a holiday in Madrid.
"""

from uuid import uuid4

import pytest

from patients.domain.roles import Scope
from tests.cases.covering import covers
from tests.cases.home import Home, codes, levels, make_home, weekly
from tests.people import CAREGIVER_SCOPES

CASE = "case 4"
ELEANOR, RUTH, DANA = "Eleanor Whitcombe", "Ruth", "Dana"
STRENGTH = {
    "exercise": "strength-sit-to-stand",
    "title": {"en": "Chair rises", "zh-Hans": "坐站"},
    "parts": [
        {
            "exercise": "strength-sit-to-stand",
            "side": "both",
            "dose": {"repetitions": 8, "sets": 2},
            "maximum": {"repetitions": 10},
        }
    ],
    "maximum": {"effort": 6},
    "schedule": weekly("10:00", days=["tue", "thu", "sat"]),
}
WALK = {
    "exercise": "walking-indoors",
    "title": {"en": "Walk", "zh-Hans": "步行"},
    "parts": [{"exercise": "walking-indoors", "side": "none", "dose": {"minutes": 10}}],
    "schedule": weekly("15:00"),
}


@pytest.fixture
def home(content) -> Home:
    home = make_home(
        ELEANOR,
        zone="Europe/London",
        clinician=DANA,
        helpers={RUTH: {"scopes": (*CAREGIVER_SCOPES, Scope.SEE_DIET, Scope.SEE_CONDITIONS)}},
        language="en",
        emergency_number="999",
    )
    home.profile(
        "Sun 18 Oct 20:00",
        conditions=[
            {"code": "sarcopenia"},
            {"code": "chronic_kidney_disease"},
            {"code": "anticoagulant_use"},
        ],
        kidney="severe",
        drugs_known="yes",
        drugs=[{"code": "warfarin"}],
        allergies_known="yes",
        allergies=[{"text": "penicillin"}],
        swallowing_food=7,
        swallowing_drink=0,
    )
    home.assign("Sun 18 Oct 20:00", STRENGTH, WALK)
    return home


def rise(
    home: Home, performed: str, *, repetitions: object = 8, who: str = ELEANOR, **facts: object
):
    """Two sets from the chair."""
    parts = home.parts({"repetitions": repetitions, "sets": 2}, item="Chair rises")
    said = {"parts": parts, "performer": "patient", **facts}
    return home.log(who, performed, "Chair rises", **said)


def walk(home: Home, performed: str, minutes: float = 10, *, who: str = ELEANOR, **facts: object):
    parts = home.parts({"minutes": minutes}, item="Walk")
    return home.log(who, performed, "Walk", parts=parts, performer="patient", **facts)


@covers(CASE, "Mon 19")
def test_mon_19_stones_and_pounds_are_read_and_kept_as_they_were_typed(home):
    for clock, typed in (("08:00", "8 st 3"), ("08:01", "8st 3lb"), ("08:02", "115 lb"),
                         ("08:03", "52,2")):  # fmt: skip
        sent = told(home, ELEANOR, f"Mon 19 Oct {clock}", weight_typed=typed)
        assert sent.status_code == 201, sent.content
        kept = home.get(ELEANOR, f"diet-logs/{sent.json()['id']}", at="Mon 19 Oct 09:00")["log"]
        assert (kept["weight_kg"], kept["weight_typed"]) == (52.2, typed)
    # What cannot be one weight is asked back, and no other number is made of it.
    for typed, code in (("8 st 15", "not_a_number"), ("eight stone", "not_a_number")):
        refused = told(home, ELEANOR, "Mon 19 Oct 08:10", weight_typed=typed)
        assert (refused.status_code, codes(refused)) == (422, [code])
    slip = told(home, ELEANOR, "Tue 20 Oct 08:00", weight_typed="115")
    assert (slip.status_code, codes(slip)) == (422, ["unusual_change"])
    assert "kg or lb? 115 lb would be 52.2 kg." in slip.json()["errors"][0]["detail"]


def told(home: Home, who: str, moment: str, **facts: object):
    """One entry of the food diary."""
    at = home.at(moment)
    body = {"id": str(uuid4()), "performed_at": at.isoformat(), "zone": home.zone, **facts}
    return home.call(who, "post", "diet-logs", body, at=at)


@covers(CASE, "Tue 20, Thu 22")
def test_tue_20_and_thu_22_what_was_done_counts(home):
    for day in ("Tue 20 Oct", "Thu 22 Oct"):
        assert rise(home, f"{day} 10:05").status_code == 201
        assert [each["state"] for each in home.due(day, item="Chair rises")] == ["done"]


@covers(CASE, "Wed 21", "must refuse: protein advice")
def test_wed_21_the_card_with_more_protein_is_hidden_and_her_own_target_is_shown(home):
    plan = {
        "set_by": "Helen Ash",
        "set_on": "2026-10-18",
        "protein_g": 42,
        "protein_g_per_kg": 0.8,
        "weight_kg": 52,
        "weighed_on": "2026-10-18",
    }
    made = home.call(DANA, "put", "nutrition-plan", plan, at=home.at("Mon 19 Oct 12:00"))
    assert made.status_code in (200, 201), made.content
    for who in (ELEANOR, RUTH):
        cards = home.get(who, "guidance", at="Wed 21 Oct 12:00", limit=200)
        assert "1.2-1.5" not in str(cards)
        assert "1.2–1.5" not in str(cards)
        assert "kidney" in str(cards["hidden"]).lower()
        shown = home.get(who, "nutrition-plan", at="Wed 21 Oct 12:00")
        assert "42" in str(shown)
    more = {**plan, "protein_g": 78, "protein_g_per_kg": 1.5}
    asked = home.call(DANA, "put", "nutrition-plan", more, at=home.at("Mon 19 Oct 13:00"))
    assert asked.status_code == 422
    assert "above_for_kidney" in codes(asked)


def scored(home: Home, who: str, moment: str, instrument: str, score: str, **result: object):
    at = home.at(moment)
    facts = {"facts": {"side": "right", "device": "Jamar"}} if instrument == "grip" else {}
    body = {
        "id": str(uuid4()),
        "instrument": instrument,
        "performed_at": at.isoformat(),
        "zone": home.zone,
        "assessed_by": "patient" if who == ELEANOR else "clinician",
        "results": [{"score": score, "value": None, **facts, **result}],
    }
    return home.call(who, "post", "assessments", body, at=at)


def newest(home: Home, instrument: str):
    read = home.get(RUTH, "assessments", at="Sat 24 Oct 09:00", instrument=instrument)
    return read["results"][0]["results"][0]


@covers(CASE, "Fri 23", "must show: meaningful change")
def test_fri_23_a_grip_that_jumped_is_asked_about_and_a_tenth_of_a_kilogram_is_no_gain(home):
    grip = ("grip", "grip_kg")
    assert scored(home, DANA, "Sun 18 Oct 20:00", *grip, value=14).status_code == 201
    asked = scored(home, ELEANOR, "Fri 23 Oct 09:00", *grip, value=31)
    assert (asked.status_code, codes(asked)) == (422, ["unusual_change"])
    words = asked.json()["errors"][0]["detail"]
    assert "31 kg is far from the last value, 14 kg" in words
    assert "kg or lb? 31 lb would be 14.1 kg." in words
    stored = scored(home, ELEANOR, "Fri 23 Oct 09:02", *grip, typed="31 lb")
    assert stored.status_code == 201, stored.content
    result = newest(home, "grip")
    assert (result["value"], result["typed"]) == (14.1, "31 lb")
    assert result["since_last"]["verdict"] == "no_clear_change"
    both = scored(home, ELEANOR, "Fri 23 Oct 09:05", *grip, value=31, typed="31 lb")
    assert codes(both) == ["typed_disagrees"]


@covers(CASE, "must show: chair stands")
def test_of_five_chair_stands_fewer_seconds_are_better(home):
    stands = ("chair_stand_5", "seconds")
    scored(home, DANA, "Sun 18 Oct 20:00", *stands, value=19)
    assert scored(home, ELEANOR, "Mon 19 Oct 10:00", *stands, value=14).status_code == 201
    change = newest(home, "chair_stand_5")["since_last"]
    assert (change["verdict"], change["direction"], change["difference"]) == (
        "changed", "better", -5,
    )  # fmt: skip
    scored(home, ELEANOR, "Tue 20 Oct 10:00", *stands, value=19)
    assert newest(home, "chair_stand_5")["since_last"]["direction"] == "worse"


@covers(CASE, "Sat 24")
def test_sat_24_late_is_counted_in_hours_that_passed_and_not_on_the_wall_clock(home):
    done = rise(home, "Sat 24 Oct 10:00", who=RUTH, sent="Mon 26 Oct 09:00")
    assert done.status_code == 201
    assert "late" in done.json()["log"]["marks"]
    performed, received = home.at("Sat 24 Oct 10:00"), home.at("Mon 26 Oct 09:00")
    assert (received.timestamp() - performed.timestamp()) / 3600 == 48
    assert [each["state"] for each in home.due("Sat 24 Oct", item="Chair rises")] == ["done"]


@covers(CASE, "Sat 24")
def test_the_night_of_the_clock_change_is_25_hours_long_and_late_begins_after_24(home):
    done = rise(home, "Sat 24 Oct 10:00", sent="Sun 25 Oct 09:30")
    assert "late" in done.json()["log"]["marks"]
    assert (
        "late" not in walk(home, "Sat 24 Oct 15:00", sent="Sun 25 Oct 13:59").json()["log"]["marks"]
    )


@covers(CASE, "Sun 25")
def test_sun_25_the_walk_is_at_three_on_her_clock_and_reminded_once(home, mailbox):
    saturday = home.due("Sat 24 Oct", at="Sat 24 Oct 12:00", item="Walk")[0]
    sunday = home.due("Sun 25 Oct", at="Sun 25 Oct 12:00", item="Walk")[0]
    assert saturday["due_at"] == "2026-10-24T15:00:00+01:00"
    assert sunday["due_at"] == "2026-10-25T15:00:00Z"
    home.tick("Sun 25 Oct 13:30")
    before = len(mailbox.to(home.people[ELEANOR].email))
    for clock in ("14:00", "14:05", "15:00", "15:05", "16:00"):
        home.tick(f"Sun 25 Oct {clock}")
        if clock < "15:00":
            assert len(mailbox.to(home.people[ELEANOR].email)) == before
    assert len(mailbox.to(home.people[ELEANOR].email)) == before + 1


@covers(CASE, "Mon 26", "must refuse: negative repetitions")
def test_mon_26_a_negative_count_is_refused_at_its_field(home):
    refused = rise(home, "Sat 24 Oct 10:00", repetitions=-8, sent="Mon 26 Oct 09:00")
    assert refused.status_code == 422
    problem = refused.json()["errors"][0]
    assert (problem["field"], problem["code"]) == ("parts.0.measures.repetitions", "negative")
    assert "below zero" in problem["detail"]


@covers(CASE, "Tue 27")
def test_tue_27_a_skip_keeps_its_reason_and_what_was_measured_is_put_on_the_list(home):
    pressures = {"systolic_before_mmhg": 98, "diastolic_before_mmhg": 52}
    due = home.due("Tue 27 Oct", at="Tue 27 Oct 10:00", item="Chair rises")[0]
    skipped = home.skip(ELEANOR, "Tue 27 Oct 10:05", due, "dizzy", measures=pressures)
    assert (skipped.status_code, levels(skipped)) == (200, {"pressure-drop": "E2"})
    seen = home.due("Tue 27 Oct", item="Chair rises")[0]
    assert (seen["state"], seen["skip_reason"]) == ("skipped", "dizzy")
    assert skipped.json()["skip_signs"]["measures"] == pressures
    [flag] = home.flags(at="Tue 27 Oct 12:00")
    assert (flag["rule"], flag["level"], flag["log"], flag["seen"]) == (
        "pressure-drop", "E2", None, False,
    )  # fmt: skip
    # Kept on the phone until the evening it says the same.
    walk_due = home.due("Tue 27 Oct", at="Tue 27 Oct 10:00", item="Walk")[0]
    body = {"occurrence": walk_due["id"], "reason": "dizzy", "measures": pressures,
            "skipped_at": home.at("Tue 27 Oct 15:00").isoformat()}  # fmt: skip
    kept = {"id": str(uuid4()), "kind": "skip", "body": body}
    [answer] = home.batch(ELEANOR, "Tue 27 Oct 20:00", kept)
    assert (answer["status"], levels(answer)) == (201, {"pressure-drop": "E2"})


@covers(CASE, "Wed 28")
def test_wed_28_a_herb_beside_warfarin_is_recorded_with_what_it_may_do_and_never_advised(home):
    soup = "angelica chicken soup 当归鸡汤 3x this week"
    answer = told(home, RUTH, "Wed 28 Oct 18:00", text=soup)
    assert answer.status_code == 201
    [caution] = answer.json()["cautions"]
    assert (caution["kind"], caution["severity"]) == ("interaction", "avoid")
    for words in ("warfarin", "tell your clinic"):
        assert words in caution["text"]
    assert levels(answer) == {"taken-together": "E2"}
    assert "can change how a medicine works" in answer.json()["flags"][0]["text"]["en"]
    # Told as something that she takes it is the same; nothing of either is advice to take it.
    at = home.at("Wed 28 Oct 18:05")
    body = {"id": str(uuid4()), "told_at": at.isoformat(), "zone": home.zone, "text": "当归"}
    taken = home.call(RUTH, "post", "substances", body, at=at)
    assert (taken.status_code, levels(taken)) == (201, {"taken-together": "E2"})
    kept = home.get(RUTH, "substances", at="Wed 28 Oct 19:00")
    said = f"{answer.json()} {taken.json()} {kept}".lower()
    assert "recommend" not in said and "推荐" not in said
    raised = [flag["level"] for flag in home.flags(at="Wed 28 Oct 19:00")]
    assert raised == ["E2", "E2"]


@covers(CASE, "Thu 29")
def test_thu_29_effort_above_her_limit_is_stored_and_twice_running_is_put_on_the_list(home):
    stored = rise(home, "Thu 29 Oct 10:03", effort=9)
    assert (stored.status_code, levels(stored)) == (201, {"effort-above-limit-once": "E3"})
    assert levels(rise(home, "Sat 31 Oct 10:03", effort=9)) == {"effort-above-limit": "E2"}


@covers(CASE, "Sat 31")
def test_sat_31_a_fall_at_the_second_rise_is_partial_and_stops_strength_until_it_is_reviewed(home):
    start = home.get(RUTH, "changes", at="Sat 31 Oct 09:00")["cursor"]
    fallen = fall(home)
    assert (fallen.status_code, fallen.json()["log"]["outcome"]) == (201, "partial")
    assert levels(fallen) == {"fall-in-training": "E1", "fall": "E2"}
    words = fallen.json()["flags"][0]["text"]["en"]
    assert "stays stopped until your clinician has looked at it" in words
    for who in (DANA, RUTH):
        assert "fall-in-training" in {f["rule"] for f in home.flags(at="Sat 31 Oct 11:00", who=who)}
    assert "fall-in-training" in str(home.get(RUTH, "changes", at="Sat 31 Oct 11:00", since=start))
    # Strength waits for a person; the walk does not.
    tuesday = ("Tue 3 Nov", "Tue 3 Nov 09:00")
    assert [home.due(tuesday[0], at=tuesday[1], item=item)[0]["state"]
            for item in ("Chair rises", "Walk")] == ["paused", "due"]  # fmt: skip
    path, body = f"/api/v1/plans/{home.plan}/resume", {"note": "She is fine.", "reconfirmed": True}
    refused = home.call(RUTH, "post", path, body, at=home.at("Mon 2 Nov 09:00"))
    assert refused.status_code == 403
    resumed = home.resume("Mon 2 Nov 10:00", "Chair rises", reconfirmed=True)
    assert resumed.status_code == 200, resumed.content
    assert home.due(tuesday[0], at=tuesday[1], item="Chair rises")[0]["state"] == "due"


def fall(home: Home):
    return rise(
        home,
        "Sat 31 Oct 10:02",
        parts=home.parts({"repetitions": 2, "sets": 1, "outcome": "partial"}, item="Chair rises"),
        symptoms=["fall"],
        stop_reason="fall",
    )


@covers(CASE, "Sun 1 Nov", "must refuse: somebody else's name")
def test_sun_1_a_daughter_corrects_a_typo_in_her_own_name_and_both_versions_stay(home):
    one = uuid4()
    first = walk(home, "Thu 29 Oct 15:04", 100, log_id=one)
    if first.status_code == 422:
        first = walk(home, "Thu 29 Oct 15:04", 100, log_id=one, confirmed=codes(first))
    assert first.status_code == 201
    entry = home.entry(
        home.at("Thu 29 Oct 15:04"),
        "Walk",
        parts=home.parts({"minutes": 10}, item="Walk"),
        performer="patient",
    )
    amended = home.call(
        RUTH,
        "post",
        f"session-logs/{one}/amend",
        {"entry": entry, "reason": "It was ten minutes."},
        at=home.at("Sun 1 Nov 18:00", zone="Europe/Madrid"),
    )
    assert (amended.status_code, amended.json()["state"]) == (200, "amended")
    seen = home.get(ELEANOR, f"session-logs/{one}", at="Sun 1 Nov 20:00")
    assert seen["log"]["author"] == ELEANOR.title()
    assert seen["log"]["parts"][0]["measures"]["minutes"] == 10
    before = seen["corrections"][0]
    assert (before["by"], before["reason"]) == (RUTH, "It was ten minutes.")
    assert "100" in str(before)


@covers(CASE, "must show: figures")
def test_the_fortnight_is_due_6_complete_4_partial_1_skipped_1(home):
    home.after(test_tue_20_and_thu_22_what_was_done_counts)
    rise(home, "Sat 24 Oct 10:00", who=RUTH, sent="Mon 26 Oct 09:00")
    due = home.due("Tue 27 Oct", at="Tue 27 Oct 10:00", item="Chair rises")[0]
    home.skip(ELEANOR, "Tue 27 Oct 10:05", due, "dizzy")
    rise(home, "Thu 29 Oct 10:03", effort=9)
    fall(home)
    shown = home.progress("Mon 19 Oct", "Sun 1 Nov", at="Mon 2 Nov 08:00", item="Chair rises")
    total = shown["total"]
    assert (total["due"], total["done"], total["partial"], total["skipped"]) == (6, 4, 1, 1)
