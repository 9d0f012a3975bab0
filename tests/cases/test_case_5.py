"""Case 5. Chen Wei-Ting, 34: an injury at C6, aides by day and night, a leg that swells.

Priya works by day. Tom works by night, until Wednesday 7 October at 18:00.
"""

from pathlib import Path
from re import search
from uuid import uuid4

import pytest

from patients.domain.roles import Role, Scope
from tests.cases.covering import covers
from tests.cases.home import Home, levels, make_home, moment, weekly

CASE = "case 5"
WEI_TING, PRIYA, TOM, DANA = "Chen Wei-Ting", "Priya", "Tom", "Dana"
ZONE = "Australia/Sydney"
AIDE = (Scope.SEE_SESSIONS, Scope.LOG_SESSIONS)
LEGS = {
    "exercise": "prom-hip-flexion",
    "title": {"en": "Legs", "zh-Hans": "双腿"},
    # Gentle range that the plan sets is care: a fever does not stop it, a swollen leg does.
    "kind": "care",
    "parts": [
        {"exercise": exercise, "side": side, "dose": {"repetitions": 10}}
        for side in ("left", "right")
        for exercise in ("prom-hip-flexion", "prom-ankle-dorsiflexion")
    ],
    "schedule": weekly("08:00", "20:00"),
}
TURNS = {
    "exercise": "turning",
    "title": {"en": "Turns", "zh-Hans": "翻身"},
    "kind": "care",
    "schedule": weekly("22:30", "02:30", "06:30"),
}


@pytest.fixture
def home(content) -> Home:
    home = make_home(
        WEI_TING,
        zone=ZONE,
        clinician=DANA,
        helpers={
            PRIYA: {"role": Role.AIDE, "scopes": AIDE},
            TOM: {"role": Role.AIDE, "scopes": AIDE},
        },
        emergency_number="000",
    )
    home.profile(
        "Sun 27 Sep 20:00",
        conditions=[{"code": "spinal_cord_injury"}, {"code": "tenodesis_hand"}],
        answers={"tenodesis_hand": "yes"},
        spinal_cord_injury="yes",
        injury_level="C6",
        baselines={"systolic_mmhg": 96},
        allergies_known="yes",
        allergies=[{"text": "latex", "severity": "severe"}],
    )
    home.assign("Sun 27 Sep 20:00", LEGS, TURNS)
    return home


def move(home: Home, who: str, performed: str, **facts: object):
    said = {"performer": "aide", "performer_name": who, **facts}
    return home.log(who, performed, "Legs", **said)


def tom_leaves(home: Home) -> None:
    """His access ends on Wednesday at 18:00."""
    known = home.get(DANA, "care-relationships", at="Wed 7 Oct 17:00")
    his = next(each["id"] for each in known if each["name"] == TOM)
    ended = home.call(
        DANA,
        "post",
        f"care-relationships/{his}/end",
        {"reason": "His nights are over."},
        at=home.at("Wed 7 Oct 18:00"),
    )
    assert ended.status_code == 200, ended.content


def right_leg(home: Home, angle: int) -> list[dict[str, object]]:
    return home.parts({}, {}, {"end_angle_degrees": angle}, item="Legs")


@covers(CASE, "Mon 28 - Wed 30")
def test_mon_28_to_wed_30_subject_performer_and_author_are_three_fields(home):
    for day in ("Mon 28 Sep", "Tue 29 Sep", "Wed 30 Sep"):
        move(home, PRIYA, f"{day} 08:03")
        move(home, TOM, f"{day} 20:04")
        assert [each["state"] for each in home.due(day, item="Legs")] == ["done", "done"]
    log = home.history(at="Wed 30 Sep 23:00")[0]
    assert (log["author"], log["performer"], log["performer_name"]) == (PRIYA, "aide", PRIYA)


@covers(CASE, "Thu 1 Oct")
def test_thu_1_one_session_told_by_two_aides_counts_once_and_waits_for_a_person(home):
    first = move(home, PRIYA, "Thu 1 Oct 08:02")
    second = move(home, TOM, "Thu 1 Oct 08:04")
    assert second.json()["log"]["marks"] == ["possible_duplicate"]
    figures = home.progress("Thu 1 Oct", "Thu 1 Oct", at="Fri 2 Oct 08:00", item="Legs")["total"]
    assert (figures["fulfilled"], figures["extra"]) == (1, 0)
    # The coordinator finds the question on the caseload, until it is answered.
    assert asked(home, "Thu 1 Oct 09:30") == (1, "to_confirm")
    merged = home.call(
        DANA,
        "post",
        f"session-logs/{second.json()['id']}/merge",
        {"into": first.json()["id"], "reason": "Priya did it; Tom wrote it down as well."},
        at=home.at("Thu 1 Oct 10:00"),
    )
    assert merged.json()["state"] == "merged"
    assert asked(home, "Thu 1 Oct 10:05")[0] == 0


def asked(home: Home, at: str) -> tuple[int, str]:
    """How many sessions told twice wait for an answer, and what puts him on the list."""
    rows = home.get(DANA, "/api/v1/caseload", at=at)["results"]
    row = next(each for each in rows if each["patient"] == str(home.patient.pk))
    return row["duplicate_logs"], row["why"]


@covers(CASE, "Fri 2")
def test_fri_2_what_names_an_allergy_of_his_is_asked_about_before_it_is_stored(home):
    one, said = uuid4(), {"note": "gloves: Latex, size M"}
    asked = move(home, PRIYA, "Fri 2 Oct 08:03", log_id=one, **said)
    assert (asked.status_code, asked.json()["code"]) == (422, "confirm_required")
    problem = asked.json()["errors"][0]
    assert (problem["field"], problem["code"]) == ("note", "on_allergy_list")
    assert "latex" in problem["detail"].lower()
    stored = move(home, PRIYA, "Fri 2 Oct 08:03", log_id=one, confirmed=["on_allergy_list"], **said)
    assert stored.status_code == 201
    assert move(home, PRIYA, "Fri 2 Oct 20:03", note="gloves: nitrile").status_code == 201


@covers(CASE, "Sat 3 / Sun 4")
def test_sun_4_a_turn_at_an_hour_that_is_not_there_is_due_at_three_once(home, mailbox):
    turns = home.due("Sun 4 Oct", at="Sat 3 Oct 22:00", item="Turns")
    assert [each["due_at"] for each in turns] == [
        "2026-10-04T03:00:00+11:00",
        "2026-10-04T06:30:00+11:00",
        "2026-10-04T22:30:00+11:00",
    ]
    saturday = home.due("Sat 3 Oct", at="Sat 3 Oct 22:00", item="Turns")
    night = [saturday[-1], *turns[:2]]
    assert [each["local"]["time"] for each in night] == ["22:30", "03:00", "06:30"]
    evening = home.due("Sun 4 Oct", at="Sun 4 Oct 12:00", item="Legs")[1]
    assert evening["due_at"] == "2026-10-04T20:00:00+11:00"
    assert home.at("Sun 4 Oct 20:00").timestamp() == moment("Sun 4 Oct 09:00", "UTC").timestamp()


@covers(CASE, "Mon 5", "must show: left legs")
def test_mon_5_a_warm_swollen_thigh_stops_the_right_leg_and_the_left_goes_on(home):
    move(home, PRIYA, "Sat 3 Oct 08:03", parts=right_leg(home, 110))
    move(home, PRIYA, "Sun 4 Oct 08:03", parts=right_leg(home, 98))
    swollen = swell(home)
    assert levels(swollen) == {
        "suspected-dvt": "E1",
        "swelling-with-falling-range": "E1",
        "fever": "E2",
        "range-falling": "E2",
    }
    words = next(f["text"]["en"] for f in swollen.json()["flags"] if f["rule"] == "suspected-dvt")
    assert "No massage, no movement" in words
    every = str([flag["text"] for flag in swollen.json()["flags"]]).lower()
    for name in ("thrombosis", "dvt", "clot", "fracture", "ossification", "血栓", "骨折", "骨化"):
        assert name not in every
    # The alert says from where to where; it is for who receives alerts, and nobody has seen it.
    rule, noon = "swelling-with-falling-range", "Mon 5 Oct 12:00"
    flag = next(each for each in home.flags(at=noon) if each["rule"] == rule)
    looked = {each["field"]: each["value"] for each in flag["because"]}
    assert (looked["end_angle_degrees"], looked["end_angle_degrees_week_ago"]) == (85, 110)
    assert (flag["part"], flag["seen"]) == (home.part(2, "Legs"), False)
    assert home.flags(at=noon, who=TOM) == []
    # An occurrence of the days after is done when its left-leg parts are.
    tuesday = home.due("Tue 6 Oct", at="Tue 6 Oct 07:00", item="Legs")[0]
    assert [part.get("paused", False) for part in tuesday["parts"]] == [False, False, True, True]
    only_left = home.parts({}, {}, {"outcome": "not_done"}, {"outcome": "not_done"}, item="Legs")
    done = move(home, PRIYA, "Tue 6 Oct 08:03", parts=only_left)
    assert (done.json()["log"]["outcome"], done.json()["log"]["marks"]) == ("done", [])


def swell(home: Home):
    return move(
        home,
        PRIYA,
        "Mon 5 Oct 08:03",
        parts=right_leg(home, 85),
        symptoms=["limb_swollen_one_side", "limb_warm"],
        limb="right_leg",
        measures={"temperature_celsius": 38.1},
    )


@covers(CASE, "Mon 5")
def test_mon_5_an_angle_that_fell_25_degrees_in_three_days_is_told_with_its_trend(home):
    move(home, PRIYA, "Sat 3 Oct 08:03", parts=right_leg(home, 110))
    move(home, PRIYA, "Sun 4 Oct 08:03", parts=right_leg(home, 98))
    fallen = move(home, PRIYA, "Mon 5 Oct 08:03", parts=right_leg(home, 85))
    assert levels(fallen) == {"range-falling": "E2"}
    flag = next(
        each for each in home.flags(at="Mon 5 Oct 09:00") if each["rule"] == "range-falling"
    )
    looked = {each["field"]: each["value"] for each in flag["because"]}
    assert (looked["end_angle_degrees"], looked["end_angle_degrees_week_ago"]) == (85, 110)


@covers(CASE, "Tue 6")
def test_tue_6_the_emergency_comes_first_and_the_record_after(home):
    answer = move(
        home,
        PRIYA,
        "Tue 6 Oct 08:10",
        symptoms=["sweating", "catheter_blocked"],
        measures={"systolic_before_mmhg": 118},
    )
    # The measure is none that this item records, and the emergency is said all the same.
    flags = answer.json()["flags"]
    assert [(flag["rule"], flag["level"]) for flag in flags] == [("dysreflexia", "E0")]
    assert "000" in flags[0]["text"]["en"]
    assert home.flags(at="Tue 6 Oct 09:00")[0]["rule"] == "dysreflexia"


def drop_the_evening(home: Home) -> None:
    home.revise("Wed 7 Oct 12:00", home.same("Legs", schedule=weekly("08:00")), home.same("Turns"))


@covers(CASE, "Wed 7")
def test_wed_7_the_morning_counts_under_version_1_and_the_evening_is_gone(home):
    move(home, PRIYA, "Wed 7 Oct 08:03")
    drop_the_evening(home)
    figures = home.progress("Wed 7 Oct", "Wed 7 Oct", at="Thu 8 Oct 08:00", item="Legs")
    assert (figures["total"]["due"], figures["total"]["done"]) == (1, 1)
    assert [week["version"] for week in figures["weeks"] if week["due"]] == [1]


def toms_late_log(home: Home) -> tuple[str, dict[str, object]]:
    """Logged offline at 20:10, two hours after his access ended; sent on Friday."""
    tom_leaves(home)
    one = str(uuid4())
    body = home.entry(home.at("Wed 7 Oct 20:10"), "Legs", performer="aide", performer_name=TOM)
    entry = {"id": one, "kind": "session_log", "body": body}
    return one, home.batch(TOM, "Fri 9 Oct 09:00", entry)[0]


@covers(CASE, "Wed 7 20:10", "must refuse: a log without access")
def test_wed_7_what_was_logged_after_access_ended_waits_for_a_coordinator(home):
    one, answer = toms_late_log(home)
    assert (answer["status"], answer["state"], answer["log"]) == (202, "quarantined", None)
    waiting = home.get(DANA, "session-logs", at="Fri 9 Oct 10:00", status="quarantined")["results"]
    assert [each["id"] for each in waiting] == [one]
    figures = home.progress("Wed 7 Oct", "Wed 7 Oct", at="Fri 9 Oct 10:00", item="Legs")["total"]
    assert figures["done"] == 0
    adopted = home.call(
        DANA,
        "post",
        f"session-logs/{one}/adopt",
        {"note": "Priya was there and says so."},
        at=home.at("Fri 9 Oct 11:00"),
    )
    assert adopted.json()["state"] == "adopted"
    seen = home.get(DANA, f"session-logs/{one}", at="Fri 9 Oct 12:00")["log"]
    assert (seen["author"], seen["status"]) == (TOM, "recorded")


@covers(CASE, "Wed 7 20:10")
def test_what_tom_did_before_his_access_ended_counts_though_it_comes_after(home):
    tom_leaves(home)
    body = home.entry(home.at("Tue 6 Oct 20:10"), "Legs", performer="aide", performer_name=TOM)
    entry = {"id": str(uuid4()), "kind": "session_log", "body": body}
    answer = home.batch(TOM, "Fri 9 Oct 09:00", entry)[0]
    assert (answer["status"], answer["log"]["placement"]) == (201, "slot")
    assert "received_after_access" in answer["log"]["marks"]


@covers(CASE, "Thu 8")
def test_thu_8_nothing_is_readable_for_tom_any_more_and_his_copy_was_lent_for_a_day(home):
    lent = home.get(TOM, "offline", at="Wed 7 Oct 17:00")
    assert lent["lease_hours"] == 24
    assert home.get(WEI_TING, "offline", at="Wed 7 Oct 17:00")["lease_hours"] == 14 * 24
    tom_leaves(home)
    for path in ("today", "offline", "session-logs", "occurrences", "progress"):
        assert home.call(TOM, "get", path, at=home.at("Thu 8 Oct 09:00")).status_code == 404, path
    ended = home.call(TOM, "get", "changes", at=home.at("Thu 8 Oct 09:00"), since=lent["cursor"])
    assert ended.status_code in (200, 404)
    if ended.status_code == 200:
        assert (ended.json()["access"], ended.json()["results"][0]["kind"]) == ("ended", "access")


@covers(CASE, "Fri 9 - Sun 11")
def test_fri_9_a_word_that_was_misheard_is_read_back_and_nothing_is_guessed(home):
    """Voice is the phone's; the server stores what was confirmed and refuses what it knows not."""
    move(home, PRIYA, "Fri 9 Oct 08:03", parts=home.parts({}, {"repetitions": 10}, item="Legs"))
    # What is read back before it is saved is the name of the part, in the words of the plan.
    today = home.get(PRIYA, "today", at="Fri 9 Oct 08:00", lang="en")
    legs = next(each for each in today["occurrences"] if each["item"]["title"] == "Legs")
    assert legs["parts"][1]["label"] == "Ankle dorsiflexion, left"
    stored = home.history(at="Fri 9 Oct 09:00")[-1]
    assert "ankle" in stored["parts"][1]["label"].lower()
    assert "left" in stored["parts"][1]["label"].lower()
    assert stored["parts"][1]["measures"] == {"repetitions": 10}
    uncle = home.entry(home.at("Fri 9 Oct 08:03"), "Legs", parts=[{"part": "left uncle"}])
    refused = home.call(
        PRIYA, "put", f"session-logs/{uuid4()}", uncle, at=home.at("Fri 9 Oct 09:00")
    )
    assert refused.status_code == 422


@covers(CASE, "must show: due 23")
def test_the_fortnight_is_due_23(home):
    drop_the_evening(home)
    home.tick("Mon 12 Oct 08:00")
    shown = home.progress("Mon 28 Sep", "Sun 11 Oct", at="Mon 12 Oct 09:00", item="Legs")
    by_version = {1: 0, 2: 0}
    for week in shown["weeks"]:
        by_version[week["version"]] += week["due"]
    assert shown["total"]["due"] == 23
    before = home.progress("Mon 28 Sep", "Tue 6 Oct", at="Mon 12 Oct 09:00", item="Legs")
    assert before["total"]["due"] == 18


@covers(CASE, "must show: no drag")
def test_no_page_or_script_of_ours_asks_anybody_to_drag():
    """Voice and switches press and type; how large what is pressed is is held in the browser."""
    root = Path(__file__).resolve().parents[2]
    ours = [
        path
        for app in ("config", "rehab", "patients", "exercises")
        for kind in ("*.html", "*.js")
        for path in (root / app).rglob(kind)
        if "htmx" not in path.name
    ]
    drags = r"draggable|dragstart|pointermove|touchmove|mousemove|type=.range"
    assert len(ours) > 50
    assert [path.name for path in ours if search(drags, path.read_text("utf-8"))] == []


@covers(CASE, "must refuse: zh-Hant")
def test_who_asks_for_traditional_characters_is_told_that_simplified_ones_are_shown(home):
    with_hant = home.call(WEI_TING, "get", "today", at=home.at("Mon 28 Sep 09:00"), lang="zh-Hant")
    assert with_hant.headers["Content-Language"].lower() == "zh-hans"
    assert "双腿" in with_hant.content.decode()
