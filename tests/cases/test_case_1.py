"""Case 1. Li Guihua, 68: stroke, a left shoulder half out of its joint, peanut allergy.

Her daughter-in-law Chen Fang moves the arm and writes it down; her son Li Wei reads in Toronto.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from patients.domain.roles import Scope
from tests.cases.covering import covers
from tests.cases.home import Home, codes, levels, make_home, weekly
from tests.people import CAREGIVER_SCOPES, browser_of

CASE = "case 1"
DANA, FANG, WEI = "Dana", "Chen Fang", "Li Wei"
PLANNED = {"repetitions": 10, "hold_seconds": 5}
ARM = {
    "exercise": "prom-shoulder-flexion",
    "title": {"en": "Left arm", "zh-Hans": "左臂"},
    "parts": [
        {
            "exercise": "prom-shoulder-flexion",
            "side": "left",
            "dose": {**PLANNED, "end_angle_degrees": 90},
            "maximum": {"end_angle_degrees": 90},
        },
        {
            "exercise": "prom-shoulder-external-rotation",
            "side": "left",
            "dose": {**PLANNED, "end_angle_degrees": 30},
            "maximum": {"end_angle_degrees": 30},
        },
        *(
            {"exercise": exercise, "side": "left", "dose": PLANNED}
            for exercise in (
                "prom-elbow-extension",
                "prom-wrist-extension",
                "prom-finger-mcp-extension",
            )
        ),
    ],
    "maximum": {"sessions_per_day": 3},
    "schedule": weekly("09:00", "16:00"),
}


@pytest.fixture
def home(content) -> Home:
    home = make_home(
        "Li Guihua",
        zone="Asia/Shanghai",
        clinician=DANA,
        helpers={
            FANG: {"scopes": (*CAREGIVER_SCOPES, Scope.SEE_DIET)},
            WEI: {"scopes": (Scope.SEE_SESSIONS, Scope.RECEIVE_ALERTS)},
        },
    )
    home.profile(
        "Sun 18 Oct 20:00",
        conditions=[
            {"code": "stroke", "since": "2026-09-09"},
            {"code": "shoulder_subluxation", "limbs": ["left_arm"]},
            {"code": "hemiplegia", "limbs": ["left_arm", "left_leg"]},
            {"code": "dysphagia"},
        ],
        answers={"shoulder_subluxation": "yes"},
        allergies_known="yes",
        allergies=[{"code": "peanut", "severity": "anaphylaxis"}],
        swallowing_food=5,
        swallowing_drink=2,
        kidney="normal",
        drugs_known="yes",
        drugs=[{"text": "aspirin"}],
        baselines={"pain": 2},
        barred=[{"exercise": "strength-grip", "reason": "Hard gripping feeds the flexor pattern."}],
    )
    home.assign("Sun 18 Oct 20:00", ARM)
    return home


def shoulder_hurts(home: Home, pain: int, **facts: object) -> list[dict[str, object]]:
    return home.parts({"pain": pain, **facts})


@covers(CASE, "Mon 19")
def test_mon_19_two_sessions_count_two(home):
    assert home.log(FANG, "Mon 19 Oct 09:05").status_code == 201
    assert home.log(FANG, "Mon 19 Oct 16:02").status_code == 201
    assert [each["state"] for each in home.due("Mon 19 Oct")] == ["done", "done"]


@covers(CASE, "Tue 20")
def test_tue_20_a_double_tap_is_one_row(home):
    one = uuid4()
    first = home.log(FANG, "Tue 20 Oct 09:04", log_id=one)
    again = home.log(
        FANG,
        "Tue 20 Oct 09:04",
        log_id=one,
        sent=home.at("Tue 20 Oct 09:05") + timedelta(seconds=0.4),
    )
    home.log(FANG, "Tue 20 Oct 16:00")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["log"]["revision"] == 1
    tuesday = [log for log in home.history(at="Tue 20 Oct 23:00") if log["on"] == "2026-10-20"]
    assert len(tuesday) == 2
    assert [each["state"] for each in home.due("Tue 20 Oct")] == ["done", "done"]


@covers(CASE, "Wed 21")
def test_wed_21_what_an_app_told_twice_is_stored_counted_once_and_asked_about_once(home):
    first, again = uuid4(), uuid4()
    home.log(FANG, "Wed 21 Oct 09:10", log_id=first)
    told_again = home.log(FANG, "Wed 21 Oct 09:11", log_id=again)
    home.log(FANG, "Wed 21 Oct 16:05")
    assert told_again.status_code == 201
    assert told_again.json()["log"]["marks"] == ["possible_duplicate"]
    assert told_again.json()["log"]["duplicate_of"] == str(first)
    assert [each["state"] for each in home.due("Wed 21 Oct")] == ["done", "done"]
    figures = home.progress("Wed 21 Oct", "Wed 21 Oct", at="Wed 21 Oct 23:59")["total"]
    assert (figures["due"], figures["fulfilled"], figures["extra"]) == (2, 2, 0)
    merged = home.call(
        FANG,
        "post",
        f"session-logs/{again}/merge",
        {"into": str(first)},
        at=home.at("Wed 21 Oct 17:00"),
    )
    assert merged.json()["state"] == "merged"
    assert [each["state"] for each in home.due("Wed 21 Oct")] == ["done", "done"]


@covers(CASE, "Thu 22")
def test_thu_22_an_angle_above_the_plan_is_confirmed_stored_and_put_on_the_list(home):
    one, parts = uuid4(), shoulder_hurts(home, 2, end_angle_degrees=130)
    asked = home.log(FANG, "Thu 22 Oct 09:05", log_id=one, parts=parts)
    assert (asked.status_code, asked.json()["code"]) == (422, "confirm_required")
    assert "90" in asked.json()["errors"][0]["detail"]
    stored = home.log(FANG, "Thu 22 Oct 09:05", log_id=one, parts=parts, confirmed=codes(asked))
    assert stored.status_code == 201
    assert "confirmed_unusual" in stored.json()["log"]["marks"]
    assert levels(stored) == {"end-angle-above-maximum": "E2"}
    home.log(FANG, "Thu 22 Oct 16:00")
    assert [each["state"] for each in home.due("Thu 22 Oct")] == ["done", "done"]


@covers(CASE, "Fri 23")
def test_fri_23_what_nobody_did_is_missed_after_one_reminder_each(home, mailbox):
    address = home.people["Li Guihua"].email
    home.tick("Thu 22 Oct 23:00")
    before = len(mailbox.to(address))
    for clock in ("08:59", "09:00", "09:05", "09:30", "12:00", "16:00", "16:05", "19:00", "23:30"):
        home.tick(f"Fri 23 Oct {clock}")
    assert len(mailbox.to(address)) - before == 2
    friday = home.due("Fri 23 Oct", at="Sat 24 Oct 08:00")
    assert [each["state"] for each in friday] == ["missed", "missed"]
    figures = home.progress("Fri 23 Oct", "Fri 23 Oct", at="Sat 24 Oct 08:00")["total"]
    assert (figures["due"], figures["missed"], figures["adherence"]) == (2, 2, 0)


@covers(CASE, "Sat 24")
def test_sat_24_pain_three_is_stored_and_alarms_nobody(home):
    for clock in ("09:03", "16:04"):
        stored = home.log(FANG, f"Sat 24 Oct {clock}", parts=shoulder_hurts(home, 3))
        assert (stored.status_code, levels(stored)) == (201, {})
    figures = home.progress("Sat 24 Oct", "Sat 24 Oct", at="Sat 24 Oct 23:59")["total"]
    assert (figures["done"], figures["pain_max"]) == (2, 3)


@covers(CASE, "Sun 25", "must refuse: peanut")
def test_sun_25_peanut_never_appears_by_any_door_and_the_page_says_what_is_hidden(home):
    at = "Sun 25 Oct 17:00"
    home.log(FANG, "Sun 25 Oct 09:02", parts=shoulder_hurts(home, 3))
    home.log(FANG, "Sun 25 Oct 16:02", parts=shoulder_hurts(home, 3))
    with_peanut = {
        "recipe-peanut-soymilk",
        "recipe-peanut-almond-porridge",
        "recipe-redbean-peanut-jujube",
    }
    mixed = {"recipe-radish-ribs", "recipe-sprout-ribs", "recipe-pearl-cauliflower-soup"}
    for who in (FANG, "Li Guihua"):
        recipes = home.get(who, "recipes", at=at, limit=100)
        foods = home.get(who, "foods", at=at, limit=100)
        assert not (with_peanut | mixed) & {each["slug"] for each in recipes["results"]}
        assert "peanut" not in [each["code"] for each in foods["results"]]
        counts = {each["reason"]: each["count"] for each in recipes["hidden"]["reasons"]}
        assert counts["allergy:peanut"] == len(with_peanut)
        assert counts["swallowing_level"] >= len(mixed)
        assert recipes["hidden"]["total"] >= len(with_peanut | mixed)
        addresses = [f"recipes/{slug}" for slug in sorted(with_peanut | mixed)]
        for path in (*addresses, "foods/peanut"):
            assert home.call(who, "get", path, at=home.at(at)).status_code == 404, path
        for words in ("peanut", "花生"):
            found = home.get(who, "search", at=at, q=words)
            assert not [each for each in found["results"] if each.get("kind") in ("recipe", "food")]
        with time_machine.travel(home.at(at), tick=False):
            browser, patient = browser_of(home.people[who]), f"/patients/{home.patient.pk}"
            for path in (*addresses, "foods/peanut"):
                assert browser.get(f"{patient}/eat/{path}/").status_code == 404, path
            page = browser.get(f"{patient}/eat/").content.decode()
        assert not [slug for slug in with_peanut | mixed if slug in page]
        # The line says how many and why.
        line = recipes["hidden"]["line"]
        assert str(recipes["hidden"]["total"]) in line
        assert "peanut" in line.lower()
        assert "swallow" in line.lower()
        assert f"{recipes['hidden']['total']}" in page


@covers(CASE, "Mon 26")
def test_mon_26_the_reason_of_a_skip_is_kept(home):
    stored = home.log(FANG, "Mon 26 Oct 09:04", parts=shoulder_hurts(home, 6))
    assert stored.status_code == 201
    afternoon = home.due("Mon 26 Oct", at="Mon 26 Oct 16:00")[1]
    assert home.skip(FANG, "Mon 26 Oct 16:00", afternoon, "pain").status_code == 200
    monday = home.due("Mon 26 Oct", at="Tue 27 Oct 08:00")
    assert [each["state"] for each in monday] == ["done", "skipped"]
    assert monday[1]["skip_reason"] == "pain"
    figures = home.progress("Mon 26 Oct", "Mon 26 Oct", at="Tue 27 Oct 08:00")["total"]
    assert (figures["skipped"], figures["missed"]) == (1, 0)


@covers(CASE, "Mon 26", "Tue 27")
def test_pain_that_stays_above_its_week_stops_the_shoulder_even_below_seven(home):
    home.after(test_sat_24_pain_three_is_stored_and_alarms_nobody)
    home.after(test_mon_26_the_reason_of_a_skip_is_kept)
    stored = home.log(FANG, "Tue 27 Oct 16:10", parts=shoulder_hurts(home, 6))
    assert levels(stored)["pain-rise"] == "E1"


@covers(CASE, "Tue 27")
def test_tue_27_pain_seven_and_a_tighter_elbow_stop_the_shoulder_at_once(home, mailbox):
    morning = home.due("Tue 27 Oct", at="Tue 27 Oct 09:00")[0]
    assert home.skip(FANG, "Tue 27 Oct 09:00", morning, "asleep").status_code == 200
    stopped = stop_on_tuesday(home)
    assert levels(stopped)["pain-threshold"] == "E1"
    words = next(
        flag["text"]["en"] for flag in stopped.json()["flags"] if flag["rule"] == "pain-threshold"
    )
    for said in (
        "Stop shoulder flexion, left now",
        "Support it",
        "do not stretch it further",
        "Call your clinic today",
        "555 0100",
    ):
        assert said in words
    # Both slots of the day were resolved before the pause began.
    assert [each["state"] for each in home.due("Tue 27 Oct")] == ["skipped", "done"]
    home.tick("Tue 27 Oct 16:12")
    told = {mail["To"] for mail in mailbox.mails}
    assert {home.people[name].email for name in (FANG, WEI, DANA)} <= told


def stop_on_tuesday(home: Home):
    return home.log(
        FANG,
        "Tue 27 Oct 16:10",
        parts=shoulder_hurts(home, 7),
        symptoms=["more_tightness"],
        note="elbow tighter",
    )


@covers(CASE, "Tue 27")
def test_tue_27_while_the_shoulder_is_paused_the_rest_of_the_arm_is_due(home):
    stop_on_tuesday(home)
    wednesday = home.due("Wed 28 Oct", at="Wed 28 Oct 08:00")[0]
    assert wednesday["state"] == "due"
    # The whole joint rests: bending it, and turning it out.
    paused = [part.get("paused", False) for part in wednesday["parts"]]
    assert paused == [True, True, False, False, False]


@covers(CASE, "Wed 28")
def test_wed_28_four_sessions_fulfil_two_and_the_fourth_is_flagged(home):
    stop_on_tuesday(home)
    asked = home.resume("Wed 28 Oct 08:30")
    assert (asked.status_code, asked.json()["code"]) == (409, "reconfirm_required")
    assert home.resume("Wed 28 Oct 08:31", reconfirmed=True).status_code == 200
    answers = [
        home.log(FANG, f"Wed 28 Oct {clock}", pain=3)
        for clock in ("09:00", "11:00", "16:00", "18:00")
    ]
    assert [levels(answer) for answer in answers] == [{}, {}, {}, {"over-maximum": "E2"}]
    figures = home.progress("Wed 28 Oct", "Wed 28 Oct", at="Wed 28 Oct 23:59")["total"]
    assert (figures["due"], figures["fulfilled"], figures["extra"]) == (2, 2, 2)
    assert figures["over_maximum"] == 1


@covers(CASE, "Thu 29")
def test_thu_29_two_sessions_count_two(home):
    home.log(FANG, "Thu 29 Oct 09:00")
    home.log(FANG, "Thu 29 Oct 16:00")
    assert [each["state"] for each in home.due("Thu 29 Oct")] == ["done", "done"]


@covers(CASE, "Fri 30")
def test_fri_30_a_slot_that_the_new_version_dropped_is_cancelled_and_a_log_for_it_is_kept(
    home, mailbox
):
    revise_on_friday(home)
    stale = [
        each
        for each in home.get(
            FANG, "occurrences", at="Fri 30 Oct 15:00", **{"from": "2026-10-30", "to": "2026-10-30"}
        )["results"]
        if each["local"]["time"] == "16:00"
    ]
    assert [each["state"] for each in stale] == ["cancelled"]
    # Nobody is reminded of what was cancelled.
    home.tick("Fri 30 Oct 15:55")
    before = len(mailbox.mails)
    for clock in ("16:00", "16:05", "18:00"):
        home.tick(f"Fri 30 Oct {clock}")
    assert len(mailbox.mails) == before
    late = home.log(FANG, "Fri 30 Oct 16:03", occurrence=stale[0]["id"], sent="Fri 30 Oct 18:01")
    assert (late.status_code, late.json()["log"]["placement"]) == (201, "not_in_plan")
    figures = home.progress("Fri 30 Oct", "Fri 30 Oct", at="Fri 30 Oct 23:59")["total"]
    assert (figures["due"], figures["fulfilled"]) == (1, 1)


def revise_on_friday(home: Home) -> None:
    """At 09:00 a session; at 11:20 version 2: at most 60 degrees, and in the morning only."""
    home.log(FANG, "Fri 30 Oct 09:00")
    arm = home.same("Left arm", schedule=weekly("09:00"))
    arm["parts"][0]["dose"]["end_angle_degrees"] = 60
    arm["parts"][0]["maximum"] = {"end_angle_degrees": 60}
    home.revise("Fri 30 Oct 11:20", arm)


@covers(CASE, "Sat 31")
def test_sat_31_a_wet_voice_after_porridge_says_stop_feeding_and_alerts(home, mailbox):
    event = choke_on_saturday(home)
    assert event["status"] == 201
    assert levels(event)["choking"] == "E1"
    words = next(flag["text"] for flag in event["flags"] if flag["rule"] == "choking")
    assert (
        "Stop feeding and sit upright. If breathing is hard, call emergency services: 120"
        in words["en"]
    )
    assert "停止进食" in words["zh-Hans"]
    home.tick("Sat 31 Oct 12:10")
    assert mailbox.to(home.people[WEI].email)
    # No mail says what happened: text carries no diagnosis, it opens the app.
    assert not any("porridge" in mail.as_string() for mail in mailbox.mails)


def choke_on_saturday(home: Home):
    return home.happened(
        FANG,
        "Sat 31 Oct 12:05",
        "cough and wet voice during porridge",
        symptoms=["choking", "wet_voice_after_food"],
        performer="caregiver",
    )


@covers(CASE, "must refuse: diet text")
def test_a_son_without_the_diet_scope_learns_that_it_was_choking_and_nothing_of_the_meal(home):
    start = home.get(WEI, "changes", at="Sat 31 Oct 09:00")["cursor"]
    choke_on_saturday(home)
    seen = home.flags(at="Sat 31 Oct 13:00", who=WEI)
    assert "choking" in [each["rule"] for each in seen]
    changed = home.get(WEI, "changes", at="Sat 31 Oct 13:00", since=start)
    assert "porridge" not in str(seen) + str(changed)
    for path in ("recipes", "foods", "nutrition-plan"):
        assert home.call(WEI, "get", path, at=home.at("Sat 31 Oct 13:00")).status_code == 403
    assert "porridge" in str(home.get(FANG, "changes", at="Sat 31 Oct 13:00", since=start))


@covers(CASE, "Sun 1 Nov", "must refuse: squeeze ball")
def test_sun_1_a_barred_exercise_is_no_session_and_what_happened_is_kept_with_its_reason(home):
    home.log(FANG, "Sun 1 Nov 09:00")
    # As a session there is no door: it is in no plan.
    refused = home.log(FANG, "Sun 1 Nov 10:00", series=str(uuid4()))
    assert (refused.status_code, codes(refused)) == (422, ["unknown_item"])
    # As something that happened it is kept, flagged, and counted nowhere.
    event = home.happened(
        FANG,
        "Sun 1 Nov 10:00",
        "squeeze ball 50x",
        exercise="strength-grip",
        measures={"repetitions": 50},
        performer="patient",
    )
    assert {flag["rule"]: flag["level"] for flag in event["flags"]} == {"off-plan-barred": "E2"}
    assert "Hard gripping feeds the flexor pattern." in event["flags"][0]["text"]["en"]
    figures = home.progress("Sun 1 Nov", "Sun 1 Nov", at="Sun 1 Nov 23:59")["total"]
    assert (figures["fulfilled"], figures["extra"]) == (1, 0)
    # The screen that says so offers to write to the clinic.
    with time_machine.travel(home.at("Sun 1 Nov 10:05"), tick=False):
        patient = f"/patients/{home.patient.pk}"
        alert = browser_of(home.people[FANG]).get(f"{patient}/alerts/{event['flags'][0]['id']}/")
        assert f'href="{patient}/notes/"' in alert.content.decode()
    # Nor can it be assigned, or found among what may be done.
    asked = home.call(
        DANA,
        "post",
        f"/api/v1/plans/{home.plan}/revise",
        {
            "title": "Plan",
            "items": [
                {
                    "exercise": "strength-grip",
                    "schedule": weekly("10:00"),
                    "parts": [{"side": "left", "dose": {"repetitions": 10, "sets": 1}}],
                }
            ],
        },
        at=home.at("Sun 1 Nov 12:00"),
    )
    assert (asked.status_code, codes(asked)) == (422, ["barred"])
    assert "Hard gripping feeds the flexor pattern." in asked.json()["errors"][0]["detail"]


FORTNIGHT = (
    test_mon_19_two_sessions_count_two,
    test_tue_20_a_double_tap_is_one_row,
    test_wed_21_what_an_app_told_twice_is_stored_counted_once_and_asked_about_once,
    test_thu_22_an_angle_above_the_plan_is_confirmed_stored_and_put_on_the_list,
    test_sat_24_pain_three_is_stored_and_alarms_nobody,
    test_sun_25_peanut_never_appears_by_any_door_and_the_page_says_what_is_hidden,
    test_mon_26_the_reason_of_a_skip_is_kept,
)


@covers(CASE, "must show: figures")
def test_the_fortnight_is_due_25_fulfilled_21_and_shows_when_the_plan_changed(home):
    home.after(*FORTNIGHT)
    morning = home.due("Tue 27 Oct", at="Tue 27 Oct 09:00")[0]
    home.skip(FANG, "Tue 27 Oct 09:00", morning, "asleep")
    test_wed_28_four_sessions_fulfil_two_and_the_fourth_is_flagged(home)
    home.after(test_thu_29_two_sessions_count_two)
    revise_on_friday(home)
    home.log(FANG, "Sat 31 Oct 09:00")
    home.log(FANG, "Sun 1 Nov 09:00")

    shown = home.progress("Mon 19 Oct", "Sun 1 Nov", at="Mon 2 Nov 08:00")
    total = shown["total"]
    assert (total["due"], total["fulfilled"], total["extra"]) == (25, 21, 2)
    assert total["adherence"] == pytest.approx(21 / 25)
    assert (total["pain_max"], total["skipped"], total["missed"]) == (7, 2, 2)
    assert [mark["version"] for mark in shown["versions"]] == [1, 2]
    # The line of pain, week by week, beside the marks.
    pain = [(week["week"], week["version"], week["pain_max"]) for week in shown["weeks"]]
    assert pain[:2] == [("2026-10-19", 1, 3), ("2026-10-26", 1, 7)]
    assert [week["version"] for week in shown["weeks"]] == [1, 1, 2]
    assert shown["versions"][1]["effective_at"].startswith("2026-10-30T03:20")
    breaches = [
        f for f in home.flags(at="Mon 2 Nov 08:00") if f["rule"] == "end-angle-above-maximum"
    ]
    assert len(breaches) == 1


@covers(CASE, "must show: China time")
def test_a_son_in_toronto_reads_china_time_before_and_after_his_own_clock_changes(home):
    for day in ("Sat 31 Oct", "Mon 2 Nov"):
        seen = home.due(day, who=WEI)[0]
        assert (seen["local"]["time"], seen["local"]["zone"]) == ("09:00", "Asia/Shanghai")
        assert seen["local"]["label"] == "China time"
        assert seen["due_at"].endswith("09:00:00+08:00")
        with time_machine.travel(home.at(f"{day} 12:00"), tick=False):
            page = browser_of(home.people[WEI]).get(f"/patients/{home.patient.pk}/today/")
        assert "中国时间" in page.content.decode() or "China time" in page.content.decode()
