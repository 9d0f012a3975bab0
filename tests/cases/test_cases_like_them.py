"""What the six cases do not say and the next one will: other zones, languages, people and slips."""

from uuid import uuid4

import pytest
import time_machine

from patients.domain.roles import Scope
from tests.cases.home import Home, codes, levels, make_home, weekly
from tests.people import CAREGIVER_SCOPES, browser_of

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
