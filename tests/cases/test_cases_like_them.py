"""What the six cases do not say and the next one will: other zones, languages, people and slips."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from patients.domain.roles import Scope
from tests.cases.home import Home, codes, levels, make_home, weekly
from tests.people import (
    CAREGIVER_SCOPES,
    browser_of,
    make_clinician,
    make_helper,
    make_patient,
)

AMA, ONE, TWO, DANA = "Ama", "Esi", "Kofi", "Dana"
ARM = {
    "exercise": "prom-shoulder-flexion",
    "title": {"en": "Arm", "zh-Hans": "手臂"},
    "parts": [
        {
            "exercise": "prom-shoulder-flexion",
            "side": "left",
            "dose": {"repetitions": 10},
            "maximum": {"end_angle_degrees": 90},
        },
        {"exercise": "prom-elbow-extension", "side": "left", "dose": {"repetitions": 10}},
    ],
    "schedule": weekly("09:00", "16:00"),
}
STANDING = {
    "exercise": "standing-frame",
    "title": {"en": "Standing", "zh-Hans": "站立"},
    "parts": [{"exercise": "standing-frame", "side": "none", "dose": {"minutes": 20}}],
    "schedule": weekly("11:00", days=["mon", "thu"]),
}


SKIN = {
    "exercise": "skin-check",
    "title": {"en": "Skin", "zh-Hans": "皮肤"},
    "kind": "care",
    "schedule": weekly("11:00", days=["mon", "thu"]),
}


def household(zone: str, *items: object) -> Home:
    home = make_home(
        AMA,
        zone=zone,
        clinician=DANA,
        helpers={
            ONE: {"scopes": CAREGIVER_SCOPES},
            TWO: {"scopes": (*CAREGIVER_SCOPES, Scope.SEE_DIET)},
        },
        language="en",
    )
    home.profile("Sun 18 Oct 20:00", allergies_known="yes", allergies=[{"code": "peanut"}])
    home.assign("Sun 18 Oct 20:00", *(items or (ARM,)))
    return home


@pytest.fixture
def home(content) -> Home:
    return household("Africa/Accra")


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Australia/Lord_Howe", "+10:30", "+11:00"),
        ("America/St_Johns", "-02:30", "-02:30"),
        ("Asia/Kathmandu", "+05:45", "+05:45"),
        ("Europe/Dublin", "+01:00", "Z"),
    ],
)
def test_nine_o_clock_stays_nine_o_clock_in_zones_of_odd_minutes(content, zone, before, after):
    days = ("Sat 24 Oct", "Mon 26 Oct")
    if zone == "Australia/Lord_Howe":
        days = ("Sat 3 Oct", "Sun 4 Oct")
    home = make_home(AMA, zone=zone, clinician=DANA, helpers={}, language="en")
    home.profile("Sun 27 Sep 20:00", allergies_known="no")
    home.assign("Sun 27 Sep 20:00", ARM)
    seen = [home.due(day, at=f"{day} 08:00")[0]["due_at"] for day in days]
    assert [each[-14:] if each.endswith("Z") is False else each[-9:] for each in seen] == [
        f"09:00:00{before}",
        f"09:00:00{after}",
    ]


def test_two_helpers_telling_one_session_count_once_and_a_second_session_of_its_own_counts(home):
    first = home.log(ONE, "Mon 19 Oct 09:02")
    again = home.log(TWO, "Mon 19 Oct 09:05")
    assert again.json()["log"]["duplicate_of"] == first.json()["id"]
    path = f"session-logs/{again.json()['id']}/confirm"
    own = home.call(
        TWO, "post", path, {"codes": ["possible_duplicate"]}, at=home.at("Mon 19 Oct 12:00")
    )
    assert own.json()["state"] == "confirmed"
    figures = home.progress("Mon 19 Oct", "Mon 19 Oct", at="Mon 19 Oct 23:00")["total"]
    assert (figures["fulfilled"], figures["extra"]) == (2, 0)


def test_a_log_on_the_wrong_item_is_taken_back_and_entered_again_elsewhere(content):
    home = household("Africa/Accra", ARM, STANDING)
    wrong = home.log(ONE, "Mon 19 Oct 11:02", "Arm")
    path = f"session-logs/{wrong.json()['id']}/retract"
    gone = home.call(ONE, "post", path, {"reason": "wrong item"}, at=home.at("Mon 19 Oct 11:10"))
    assert gone.json()["state"] == "retracted"
    right = home.log(ONE, "Mon 19 Oct 11:02", "Standing", sent="Mon 19 Oct 11:12")
    assert right.json()["log"]["placement"] == "slot"
    states = [each["state"] for each in home.due("Mon 19 Oct", at="Mon 19 Oct 12:00")]
    assert sorted(states) == ["done", "due", "due"]
    # The phone that sends the first one again revives nothing.
    revived = home.call(
        ONE, "get", f"session-logs/{wrong.json()['id']}", at=home.at("Mon 19 Oct 13:00")
    )
    assert revived.json()["log"]["status"] == "entered-in-error"


def test_a_week_in_one_batch_in_any_order_is_one_state_and_one_bad_entry_sinks_no_other(home):
    bodies = [
        home.entry(home.at(f"{day} 09:0{place}"))
        for place, day in enumerate(("Tue 20 Oct", "Mon 19 Oct", "Thu 22 Oct", "Wed 21 Oct"))
    ]
    entries = [{"id": str(uuid4()), "kind": "session_log", "body": body} for body in bodies]
    bad = {"id": str(uuid4()), "kind": "session_log", "body": {**bodies[0], "effort": 11}}
    answers = home.batch(ONE, "Fri 23 Oct 08:00", *entries[:2], bad, *entries[2:])
    assert [answer["status"] for answer in answers] == [201, 201, 422, 201, 201]
    again = home.batch(ONE, "Fri 23 Oct 08:05", *reversed(entries))
    assert {answer["status"] for answer in again} == {200}
    total = home.progress("Mon 19 Oct", "Thu 22 Oct", at="Fri 23 Oct 09:00")["total"]
    assert (total["due"], total["fulfilled"], total["missed"]) == (8, 4, 4)


def test_a_plan_revised_in_mid_week_changes_no_day_before(home):
    for day in ("Mon 19 Oct", "Tue 20 Oct"):
        home.log(ONE, f"{day} 09:02")
    before = home.progress("Mon 19 Oct", "Tue 20 Oct", at="Wed 21 Oct 07:00")["total"]
    home.revise("Wed 21 Oct 12:00", home.same("Arm", schedule=weekly("09:00")))
    after = home.progress("Mon 19 Oct", "Tue 20 Oct", at="Wed 21 Oct 13:00")["total"]
    assert (before["due"], before["fulfilled"]) == (4, 2)
    assert after == before


def test_a_phone_whose_clock_runs_behind_is_noted_and_its_log_still_counts(home):
    sent = home.at("Mon 19 Oct 09:01")
    done = home.log(
        ONE, "Mon 19 Oct 09:00", sent="Mon 19 Oct 09:31", client_sent_at=sent.isoformat()
    )
    assert (done.status_code, "clock_skew" in done.json()["log"]["marks"]) == (201, True)
    assert done.json()["log"]["placement"] == "slot"


@pytest.mark.parametrize(
    ("text", "unit", "minutes"), [("1 h", "", 60), ("３０", "min", 30), ("20 分钟", "", 20)]
)
def test_what_was_typed_with_its_unit_is_read_kept_and_judged(content, text, unit, minutes):
    home = household("Africa/Accra", STANDING)
    typed = {"typed": {"minutes": {"text": text, "unit": unit}}}
    one = uuid4()
    parts = home.parts(typed, item="Standing")
    done = home.log(ONE, "Mon 19 Oct 11:02", "Standing", parts=parts, log_id=one)
    if done.status_code == 422:
        done = home.log(
            ONE, "Mon 19 Oct 11:02", "Standing", parts=parts, log_id=one, confirmed=codes(done)
        )
    assert done.status_code == 201
    part = home.history(at="Mon 19 Oct 12:00")[-1]["parts"][0]
    assert part["measures"]["minutes"] == minutes
    assert part["typed"]["minutes"]["text"] == text


def test_a_number_and_the_text_beside_it_that_disagree_are_asked_back(content):
    home = household("Africa/Accra", STANDING)
    typed = {"minutes": 30, "typed": {"minutes": {"text": "3", "unit": "min"}}}
    refused = home.log(
        ONE, "Mon 19 Oct 11:02", "Standing", parts=home.parts(typed, item="Standing")
    )
    assert (refused.status_code, codes(refused)) == (422, ["typed_disagrees"])


@pytest.mark.parametrize("note", ["gave her peanut butter after", "练完吃了花生糖"])
def test_a_note_that_names_an_allergy_is_asked_about_in_either_language(home, note):
    asked = home.log(ONE, "Mon 19 Oct 09:02", note=note)
    assert (asked.status_code, codes(asked)) == (422, ["on_allergy_list"])
    entry = home.entry(home.at("Mon 19 Oct 09:02"), note=note)
    kept = home.batch(
        ONE, "Mon 19 Oct 09:05", {"id": str(uuid4()), "kind": "session_log", "body": entry}
    )[0]
    assert (kept["status"], "unconfirmed_unusual" in kept["log"]["marks"]) == (201, True)


def test_what_swallowing_went_wrong_with_is_told_to_whoever_sees_diet_alone(home, mailbox):
    """An event and the note of a session, by every door, also after a correction."""
    at = "Mon 19 Oct 13:00"
    start = home.get(ONE, "changes", at="Mon 19 Oct 08:00")["cursor"]
    home.happened(TWO, "Mon 19 Oct 12:00", "choked on rice", symptoms=["choking"])
    told = home.log(
        TWO, "Mon 19 Oct 09:02", symptoms=["wet_voice_after_food"], note="coughed on his porridge"
    )
    one = f"session-logs/{told.json()['id']}"
    body = home.entry(home.at("Mon 19 Oct 09:03"), symptoms=["wet_voice_after_food"], pain=1)
    corrected = home.call(
        ONE,
        "post",
        f"{one}/amend",
        {"entry": body, "reason": "it was the porridge, and he had pain 1"},
        at=home.at("Mon 19 Oct 12:30"),
    )
    assert corrected.json()["state"] == "amended"
    home.tick("Mon 19 Oct 12:31")
    for who, sees in ((ONE, False), (TWO, True), (DANA, True)):
        api = [
            home.get(who, path, at=at, **query)
            for path, query in (
                ("changes", {"since": start}),
                ("session-logs", {}),
                (one, {}),
                ("offline", {}),
                ("occurrences", {}),
            )
        ]
        with time_machine.travel(home.at(at), tick=False):
            browser, patient = browser_of(home.people[who]), home.patient.pk
            pages = [
                browser.get(f"/patients/{patient}/{path}").content.decode()
                for path in ("today/", "history/", f"sessions/{told.json()['id']}/")
            ]
        words = str(api) + str(pages) + str(home.flags(at=at, who=who))
        assert ("rice" in words, "porridge" in words) == (sees, sees), who
        # That it was swallowing is told to everybody: it is what they must act on.
        assert "choking" in {flag["rule"] for flag in home.flags(at=at, who=who)}
    # Whoever could not read the note did not take it out either.
    assert "coughed on his porridge" in str(home.get(TWO, one, at=at)["log"])
    assert not any("rice" in m.as_string() or "porridge" in m.as_string() for m in mailbox.mails)


def test_pain_in_one_motion_rests_the_joint_and_no_other(home):
    stopped = home.log(ONE, "Mon 19 Oct 09:02", parts=home.parts({"pain": 8}))
    assert levels(stopped) == {"pain-threshold": "E1"}
    assert "shoulder" in stopped.json()["flags"][0]["text"]["en"].lower()
    afternoon = home.due("Mon 19 Oct", at="Mon 19 Oct 12:00")[1]
    assert [part.get("paused", False) for part in afternoon["parts"]] == [True, False]


def test_the_signs_of_a_skip_are_judged_as_those_of_a_session(content):
    home = household("Africa/Accra", ARM, SKIN)
    morning, _skin, afternoon = home.due("Mon 19 Oct", at="Mon 19 Oct 08:00")
    # The reason alone is a sign; what was measured stays with it, and saying it again adds nothing.
    pressures = {"systolic_before_mmhg": 98, "diastolic_before_mmhg": 52}
    for minute in ("05", "06"):
        dizzy = home.skip(
            ONE, f"Mon 19 Oct 09:{minute}", morning, "dizzy", measures=pressures, note="in bed"
        )
        assert (dizzy.status_code, levels(dizzy)) == (200, {"pressure-drop": "E2"})
    assert len(home.flags(at="Mon 19 Oct 09:10")) == 1
    seen = home.due("Mon 19 Oct", at="Mon 19 Oct 09:10")[0]
    assert (seen["state"], seen["skip_reason"], seen["skip_note"]) == ("skipped", "dizzy", "in bed")
    assert seen["skip_signs"] == {"measures": pressures}
    # What was skipped stays so, though its own signs pause the item from then on.
    hurts = home.skip(TWO, "Mon 19 Oct 15:30", afternoon, "pain", pain=8)
    assert levels(hurts) == {"pain-threshold": "E1"}
    states = [each["state"] for each in home.due("Mon 19 Oct", item="Arm")]
    assert states == ["skipped", "skipped"]
    paused = home.due("Tue 20 Oct", at="Tue 20 Oct 08:00", item="Arm")[0]
    assert paused["state"] == "paused"
    # A refusal of the skip loses no red flag: of what is paused, of no reason, of what cannot be.
    refused = home.skip(ONE, "Tue 20 Oct 09:05", paused, "unwell", symptoms=["chest_pain"])
    assert (refused.status_code, levels(refused)) == (409, {"breathless-or-chest-pain": "E0"})
    wrong = home.skip(
        ONE, "Mon 19 Oct 16:00", morning, "so", symptoms=["seizure"], measures={"falls": -1}
    )
    assert (wrong.status_code, levels(wrong)) == (422, {"seizure": "E0"})
    raised = {flag["rule"] for flag in home.flags(at="Tue 20 Oct 10:00")}
    assert {"breathless-or-chest-pain", "seizure"} <= raised
    # Care is not stopped by that. Told a day late by a phone that was offline, it asks about now
    # and says how old it is.
    thursday = home.due("Thu 22 Oct", at="Thu 22 Oct 08:00", item="Skin")[0]
    body = {
        "occurrence": thursday["id"],
        "reason": "unwell",
        "symptoms": ["face_weak", "wet_voice_after_food"],
        "note": "over her yam",
        "skipped_at": home.at("Thu 22 Oct 11:00").isoformat(),
    }
    entry = {"id": str(uuid4()), "kind": "skip", "body": body}
    late = home.batch(TWO, "Fri 23 Oct 20:00", entry)[0]
    # In an emergency the emergency alone is shown; both are kept.
    assert (late["status"], levels(late)) == (201, {"face-arm-speech": "E0"})
    assert "33 hours" in late["flags"][0]["text"]["en"]
    assert home.batch(TWO, "Fri 23 Oct 20:05", entry)[0]["state"] == "unchanged"
    assert [flag["rule"] for flag in home.flags(at="Fri 23 Oct 21:00")].count("choking") == 1
    for who, sees in ((ONE, False), (DANA, True)):
        there = home.due("Thu 22 Oct", at="Fri 23 Oct 21:00", item="Skin", who=who)[0]
        assert "face_weak" in there["skip_signs"]["symptoms"]
        assert ("yam" in str(there)) is sees
    # The page asks for the same, keeps what was typed, and leads to the alert.
    home.tick("Mon 26 Oct 08:00")
    slot = home.due("Mon 26 Oct", at="Mon 26 Oct 08:00", item="Skin")[0]
    with time_machine.travel(home.at("Mon 26 Oct 11:00"), tick=False):
        browser = browser_of(home.people[ONE])
        path = f"/patients/{home.patient.pk}/due/{slot['id']}/skip/"
        typed = {"reason": "unwell", "s-systolic_before_mmhg": "1180", "symptoms": ["fainted"]}
        asked = browser.post(path, typed)
        assert asked.status_code == 422
        assert "1180" in asked.content.decode()
        assert "118 mmHg" in asked.content.decode()
        kept = browser.post(path, {**typed, "s-systolic_before_mmhg": "118"})
        assert "/alerts/" in kept.url
        page = browser_of(home.people[DANA]).get(f"/patients/{home.patient.pk}/today/")
    assert "118 mmHg" in page.content.decode()


def shoulder(home: Home, *, zone: str, sent: object = "", when: object = None, **facts: object):
    """One session of the arm at an instant, sent when it is said."""
    at = when or home.at(str(facts.pop("performed")), zone=zone)
    body = home.entry(at, "Arm", zone=zone, **facts)
    received = home._moment(sent) if sent else at + timedelta(minutes=1)
    one = uuid4()
    return home.call(ONE, "put", f"session-logs/{one}", body, at=received)


def test_ama_in_st_johns_types_pounds_fahrenheit_and_fields_the_wrong_way_round(content):
    home = household("America/St_Johns", ARM, STANDING)
    turned = home.parts({"start_angle_degrees": 85, "end_angle_degrees": 10})
    asked = home.log(ONE, "Mon 26 Oct 09:02", "Arm", parts=turned)
    assert (asked.status_code, codes(asked)) == (422, ["swapped_angles"])
    upside_down = {"systolic_after_mmhg": 62, "diastolic_after_mmhg": 104}
    asked = home.log(ONE, "Mon 26 Oct 11:02", "Standing", measures=upside_down, minutes=20)
    assert (asked.status_code, codes(asked)) == (422, ["swapped_pressures"])
    # What is typed in the units at hand is read, kept and judged: 101.3 °F stops training.
    typed = {
        "temperature_celsius": {"text": "101.3", "unit": "°F"},
        "systolic_before_mmhg": {"text": "16 kPa", "unit": ""},
    }
    warm = home.log(ONE, "Mon 26 Oct 11:04", "Standing", minutes=20, typed=typed)
    assert (warm.status_code, levels(warm)) == (201, {"fever": "E2"})
    told = home.history(at="Mon 26 Oct 12:00")[-1]
    assert told["measures"]["temperature_celsius"] == pytest.approx(38.5, abs=0.05)
    assert told["measures"]["systolic_before_mmhg"] == pytest.approx(120, abs=1)
    assert told["typed"]["temperature_celsius"]["text"] == "101.3"
    assert home.due("Tue 27 Oct", at="Mon 26 Oct 12:00")[0]["state"] == "paused"
    assert home.resume("Tue 27 Oct 08:00", reconfirmed=True).status_code == 200
    # The night of the clock change has nine o'clock once on each side of it.
    sides = [home.due(day, at=f"{day} 08:00")[0]["due_at"] for day in ("Sat 31 Oct", "Sun 1 Nov")]
    assert sides == ["2026-10-31T09:00:00-02:30", "2026-11-01T09:00:00-03:30"]
    # A red flag in a body that cannot be stored is raised all the same, and told to whom it must.
    bad = home.log(
        ONE,
        "Sun 1 Nov 09:02",
        "Arm",
        effort=99,
        symptoms=["chest_pain"],
        parts=home.parts(item="Arm"),
    )
    assert (bad.status_code, levels(bad)) == (422, {"breathless-or-chest-pain": "E0"})
    assert "E0" in [flag["level"] for flag in home.flags(at="Sun 1 Nov 09:10", who=TWO)]
    assert [log["on"] for log in home.history(at="Sun 1 Nov 10:00")] == ["2026-10-26"]


def test_ama_in_kathmandu_with_both_kinds_of_stimulation_and_a_helper_who_leaves_at_noon(content):
    home = household("Asia/Kathmandu", ARM)
    home.profile(
        "Sun 18 Oct 21:00",
        allergies_known="no",
        innervation={"quadriceps": "intact", "tibialis_anterior": "denervated"},
        conditions=[
            {"code": "peripheral_nerve_injury", "since": "2026-09-28", "limbs": ["right_leg"]}
        ],
    )
    short = {
        "exercise": "fes-quadriceps",
        "title": {"en": "Short pulses", "zh-Hans": "短脉冲"},
        "parts": [
            {
                "exercise": "fes-quadriceps",
                "muscle": "quadriceps",
                "channel": 1,
                "side": "both",
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
        "schedule": weekly("11:00"),
    }
    long = {
        "exercise": "long-pulse-tibialis-anterior",
        "title": {"en": "Long pulses", "zh-Hans": "长脉冲"},
        "parts": [
            {
                "exercise": "long-pulse-tibialis-anterior",
                "muscle": "tibialis_anterior",
                "channel": 1,
                "side": "right",
                "dose": {
                    "pulse_width_ms": 120,
                    "frequency_hz": 1,
                    "amplitude_ma": 30,
                    "minutes": 10,
                },
            }
        ],
        "schedule": weekly("14:00"),
    }
    home.revise("Mon 19 Oct 08:00", home.same("Arm"), short, long)
    fine = {"skin_before": "looked_fine", "skin_after": "looked_fine"}
    milli = home.parts({"pulse_width_ms": 300, "frequency_hz": 40}, item="Short pulses")
    micro = home.parts({"pulse_width_us": 120, "frequency_hz": 1}, item="Long pulses")
    both = home.parts({"pulse_width_us": 300, "pulse_width_ms": 0.3}, item="Short pulses")
    for item, parts, wrong in (
        ("Short pulses", milli, "unit"),
        ("Long pulses", micro, "unit"),
        ("Short pulses", both, "wrong_device_class"),
    ):
        refused = home.log(ONE, "Mon 19 Oct 11:02", item, parts=parts, **fine)
        assert (refused.status_code, codes(refused)) == (422, [wrong]), item
    for clock, item, width in (
        ("11:02", "Short pulses", {"pulse_width_us": 300, "frequency_hz": 40}),
        ("14:02", "Long pulses", {"pulse_width_ms": 120, "frequency_hz": 1}),
    ):
        told = home.parts({**width, "amplitude_ma": 30}, item=item)
        stored = home.log(ONE, f"Mon 19 Oct {clock}", item, parts=told, **fine)
        assert stored.status_code == 201, stored.content
    # In progress the two stand apart: no figure and no chart holds both.
    found = home.get(DANA, "progress", at="Mon 19 Oct 20:00", **{"from": "2026-10-19"})["items"]
    widths = {
        (each["code"], each["physics"])
        for item in found
        for each in item["measures"]
        if each["code"] in ("pulse_width_us", "pulse_width_ms")
    }
    assert widths == {("pulse_width_us", "intact"), ("pulse_width_ms", "denervated")}
    # Esi's rights end at noon on Tuesday: what she did before counts, what came after waits.
    known = home.get(AMA, "care-relationships", at="Tue 20 Oct 12:00")
    hers = next(each["id"] for each in known if each["name"] == ONE)
    noon, why = home.at("Tue 20 Oct 12:00"), {"reason": "She moves away."}
    ended = home.call(AMA, "post", f"care-relationships/{hers}/end", why, at=noon)
    assert ended.status_code == 200, ended.content
    before = home.log(ONE, "Tue 20 Oct 11:59", "Arm", sent="Tue 20 Oct 13:00")
    after = home.log(ONE, "Tue 20 Oct 12:01", "Arm", sent="Tue 20 Oct 13:01")
    assert (before.status_code, before.json()["log"]["marks"]) == (201, ["received_after_access"])
    assert (after.status_code, set(after.json())) == (202, {"id", "status"})
    assert home.call(ONE, "get", "today", at=home.at("Tue 20 Oct 12:30")).status_code == 404
    states = [each["state"] for each in home.due("Tue 20 Oct", item="Arm")]
    assert states == ["done", "due"]


def test_ama_in_apia_at_the_edges_of_windows_days_weeks_and_clocks(content):
    home = household("Pacific/Apia", {**ARM, "schedule": weekly("09:00", "16:00")})
    # The windows of nine and sixteen o'clock meet at half past twelve, to the second.
    home.log(ONE, "Tue 20 Oct 12:29:59")
    home.log(ONE, "Tue 20 Oct 12:30:00", pain=1)
    assert [each["state"] for each in home.due("Tue 20 Oct")] == ["done", "done"]
    home.log(ONE, "Wed 21 Oct 12:30:00")
    assert [each["state"] for each in home.due("Wed 21 Oct")] == ["missed", "done"]
    # Local midnight parts the days: a second before it is still Thursday's.
    home.log(ONE, "Thu 22 Oct 23:59:59")
    home.log(ONE, "Fri 23 Oct 00:00:00", pain=1)
    assert [each["state"] for each in home.due("Thu 22 Oct")] == ["missed", "done"]
    friday = home.due("Fri 23 Oct", at="Fri 23 Oct 08:00")
    assert [each["state"] for each in friday] == ["done", "due"]
    # Five minutes ahead is a clock that runs fast; a second more is the future.
    now = home.at("Sat 24 Oct 10:00")
    answers = {
        seconds: shoulder(
            home, zone=home.zone, when=now + timedelta(seconds=seconds), sent=now, pain=seconds % 7
        )
        for seconds in (299, 300, 301)
    }
    assert [answer.status_code for answer in answers.values()] == [201, 201, 422]
    problem = answers[301].json()["errors"][0]
    assert (problem["field"], problem["code"]) == ("performed_at", "future")
    # Seven days back are accepted; a second more waits for a clinician.
    later = home.at("Sat 31 Oct 09:00")
    week_old = shoulder(home, zone=home.zone, when=later - timedelta(days=7), sent=later)
    older = shoulder(
        home, zone=home.zone, when=later - timedelta(days=7, seconds=1), sent=later, pain=2
    )
    assert (week_old.json()["state"], older.json()["state"]) == ("recorded", "pending")
    # A phone whose clock fell back to 2010 in one entry and ran ahead in another sinks nothing.
    sent = [
        {
            "performed_at": "2010-01-01T00:10:00+13:00",
            "client_sent_at": "2010-01-01T00:20:00+13:00",
        },
        {
            "performed_at": "2036-10-31T09:00:00+13:00",
            "client_sent_at": "2036-10-31T09:01:00+13:00",
        },
        {"performed_at": home.at("Sat 31 Oct 09:10").isoformat()},
    ]
    batch = [
        {
            "id": str(uuid4()),
            "kind": "session_log",
            "body": {**home.entry(home.at("Sat 31 Oct 09:00")), **times},
        }
        for times in sent
    ]
    for entry in batch[:2]:
        entry["body"]["symptoms"] = ["dark_urine"]
    old, ahead, right = home.batch(ONE, "Sat 31 Oct 09:30", *batch)
    # Behind: kept, marked, and left to a clinician, for nobody knows when it was. Ahead: refused.
    assert (old["status"], old["state"]) == (201, "pending")
    assert "clock_skew" in old["log"]["marks"]
    assert (ahead["status"], ahead["errors"][0]["code"]) == (422, "future")
    assert (right["status"], right["log"]["marks"]) == (201, [])
    # The sign in both counts from now: training stands still today, and no day before it.
    assert levels(old) == levels(ahead) == {"dark-urine": "E1"}
    occurred = {flag["occurred_at"][:10] for flag in home.flags(at="Sat 31 Oct 09:31")}
    assert occurred == {"2026-10-30"}
    assert home.due("Sat 31 Oct", at="Sat 31 Oct 09:31")[1]["state"] == "paused"
    week = home.progress("Mon 26 Oct", "Fri 30 Oct", at="Sat 31 Oct 09:31")["total"]
    assert (week["due"], week["missed"]) == (10, 10)


def test_ama_in_casablanca_keeps_her_hours_when_ramadan_takes_one_away_and_gives_it_back(content):
    home = make_home(
        AMA,
        zone="Africa/Casablanca",
        clinician=DANA,
        helpers={ONE: {"scopes": CAREGIVER_SCOPES}},
        language="en",
    )
    home.profile("Fri 13 Feb 20:00", allergies_known="no")
    home.assign("Fri 13 Feb 20:00", {**ARM, "schedule": weekly("02:30", "16:00")})
    # On 15 February three o'clock is two again: half past two comes twice, and is due once.
    seen = [each["due_at"] for each in home.due("Sun 15 Feb", at="Sun 15 Feb 01:00")]
    assert seen == ["2026-02-15T02:30:00+01:00", "2026-02-15T16:00:00Z"]
    first = home.log(ONE, "Sun 15 Feb 02:35")
    second = home.log(ONE, "Sun 15 Feb 02:35", again=True, pain=1)
    assert [each.json()["log"]["placement"] for each in (first, second)] == ["slot", "slot"]
    assert [each["state"] for each in home.due("Sun 15 Feb")] == ["done", "done"]
    # On 22 March two o'clock is three: half past two is not there, three o'clock is.
    spring = home.due("Sun 22 Mar", at="Sun 22 Mar 01:00")[0]
    assert spring["due_at"] == "2026-03-22T03:00:00+01:00"


def test_ama_in_dublin_is_mixed_up_with_kwame_and_corrected_until_it_is_right(content):
    home = household("Europe/Dublin", ARM)
    kwame = make_patient(home.clinic, "Kwame", zone="Europe/Dublin")
    make_helper(kwame, home.people[ONE], scopes=CAREGIVER_SCOPES)
    make_clinician(kwame, home.people[DANA])
    other = Home(home.clinic, kwame, home.people, DANA, home.zone)
    other.profile("Sun 18 Oct 20:00", allergies_known="no")
    other.assign("Sun 18 Oct 20:00", ARM)
    # Told of the wrong patient, withdrawn, and told of the right one under the same id.
    one, facts = uuid4(), {"parts": home.parts({"end_angle_degrees": 80})}
    home.log(ONE, "Sat 24 Oct 09:02", log_id=one, **facts)
    gone = home.call(
        ONE,
        "post",
        f"session-logs/{one}/retract",
        {"reason": "This was Kwame."},
        at=home.at("Sat 24 Oct 09:10"),
    )
    assert gone.json()["state"] == "retracted"
    facts = {"parts": other.parts({"end_angle_degrees": 80})}
    right = other.log(ONE, "Sat 24 Oct 09:02", log_id=one, sent="Sat 24 Oct 09:12", **facts)
    assert (right.status_code, right.json()["log"]["placement"]) == (201, "slot")
    assert [each["state"] for each in home.due("Sat 24 Oct", at="Sat 24 Oct 10:00")] == [
        "due",
        "due",
    ]
    # Parts of one patient's plan are unknown in another's.
    mixed = other.log(ONE, "Sat 24 Oct 16:02", parts=home.parts({"end_angle_degrees": 80}))
    assert set(codes(mixed)) == {"unknown_part"}
    # Amended, amended back, moved to the other slot of the 25-hour day and back: one session.
    said = {1: 80, 2: 60, 3: 80}
    for minute, degrees in said.items():
        body = other.entry(
            other.at("Sat 24 Oct 09:02"), parts=other.parts({"end_angle_degrees": degrees})
        )
        answer = other.call(
            ONE,
            "post",
            f"session-logs/{one}/amend",
            {"entry": body, "reason": "misread"},
            at=other.at(f"Sat 24 Oct 10:0{minute}"),
        )
        assert answer.status_code == 200
    moved = other.entry(
        other.at("Sun 25 Oct 01:30", again=True), parts=other.parts({"end_angle_degrees": 80})
    )
    answer = other.call(
        ONE,
        "post",
        f"session-logs/{one}/amend",
        {"entry": moved, "reason": "It was at night."},
        at=other.at("Sun 25 Oct 08:00"),
    )
    assert answer.json()["log"]["revision"] == 4
    seen = other.get(ONE, f"session-logs/{one}", at="Sun 25 Oct 09:00")
    assert seen["log"]["performed_at"] == "2026-10-25T01:30:00Z"
    assert [each["reason"] for each in seen["corrections"]] == [
        "misread",
        "misread",
        "It was at night.",
    ]
    states = [
        [each["state"] for each in other.due(day, at="Sun 25 Oct 09:00")]
        for day in ("Sat 24 Oct", "Sun 25 Oct")
    ]
    assert states == [["missed", "missed"], ["done", "due"]]
    total = other.progress("Sat 24 Oct", "Sun 25 Oct", at="Sun 25 Oct 09:00")["total"]
    assert (total["fulfilled"], total["extra"], total["sessions"]) == (1, 0, 1)
    # Whatever order a batch comes in, the correction finds its log, and the stop comes first.
    late = uuid4()
    log = {
        "id": str(late),
        "kind": "session_log",
        "body": other.entry(other.at("Sun 25 Oct 16:02")),
    }
    amend = {
        "id": str(uuid4()),
        "kind": "amend",
        "body": {
            "log": str(late),
            "reason": "pain",
            "entry": other.entry(other.at("Sun 25 Oct 16:02"), pain=2),
        },
    }
    answers = other.batch(ONE, "Sun 25 Oct 17:00", amend, log)
    assert [each["status"] for each in answers] == [200, 201]
    again = other.batch(ONE, "Sun 25 Oct 17:05", log, amend)
    assert [each["state"] for each in again] == ["unchanged", "unchanged"]
    assert other.history(at="Sun 25 Oct 18:00")[-1]["pain"] == 2
