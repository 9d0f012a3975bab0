"""More of what the six cases do not say: units and jumps, agencies, nights, weeks and clocks."""

from datetime import timedelta
from uuid import uuid4

import pytest

from patients.domain.roles import Role, Scope
from tests.cases.home import Home, codes, levels, make_home, weekly
from tests.people import CAREGIVER_SCOPES, make_post, make_user

NIA, OMAR, PIA, QUIN, DANA = "Nia", "Omar", "Pia", "Quin", "Dana"
RISES = {
    "exercise": "strength-sit-to-stand",
    "title": {"en": "Rises", "zh-Hans": "坐站"},
    "parts": [
        {
            "exercise": "strength-sit-to-stand",
            "side": "both",
            "dose": {"repetitions": 8, "sets": 2},
        }
    ],
    "maximum": {"sessions_per_day": 2, "sessions_per_week": 3, "effort": 5},
    "schedule": weekly("09:00", days=["mon", "wed", "fri"]),
}
TURNS = {
    "exercise": "turning",
    "title": {"en": "Turns", "zh-Hans": "翻身"},
    "kind": "care",
    "schedule": weekly("22:30", "01:30", "06:30"),
}


def household(zone: str, *items: object, **facts: object) -> Home:
    aide = {"role": Role.AIDE, "scopes": (Scope.SEE_SESSIONS, Scope.LOG_SESSIONS)}
    home = make_home(
        NIA,
        zone=zone,
        clinician=DANA,
        helpers={OMAR: aide, PIA: aide, QUIN: {"scopes": (*CAREGIVER_SCOPES, Scope.SEE_DIET)}},
        language="en",
    )
    home.profile("Sun 18 Oct 20:00", allergies_known="no", **facts)
    home.assign("Sun 18 Oct 20:00", *(items or (RISES,)))
    return home


def sent(home: Home, who: str, path: str, said: str, **body: object):
    at = home.at(said)
    whole = {"id": str(uuid4()), "performed_at": at.isoformat(), "zone": home.zone, **body}
    return home.call(who, "post", path, whole, at=at)


def girth(home: Home, said: str, **result: object):
    facts = {"side": "left", "landmark_distance_cm": 15, "site": "calf"}
    results = [{"score": "girth_cm", "value": None, "facts": facts, **result}]
    return sent(home, QUIN, "assessments", said, instrument="girth", results=results)


def test_inches_stones_and_fahrenheit_are_read_asked_about_and_judged(content):
    home = household("Europe/London", kidney="severe")
    # A limb in inches, with a fraction; then the same number again, taken for centimetres.
    first = girth(home, "Mon 19 Oct 08:00", typed="14 1/4 in")
    assert first.status_code == 201, first.content
    slip = girth(home, "Mon 19 Oct 09:00", value=14.3)
    assert (slip.status_code, set(codes(slip))) == (422, {"unusual_change"})
    assert "cm or in? 14.3 in would be 36.3 cm." in slip.json()["errors"][0]["detail"]
    # Fahrenheit in a session: kept as typed, judged in degrees Celsius.
    hot = home.log(
        OMAR, "Mon 19 Oct 09:10", typed={"temperature_celsius": {"text": "100.6", "unit": "°F"}},
        performer="aide", parts=home.parts({"repetitions": 8}),
    )  # fmt: skip
    assert (hot.status_code, levels(hot)) == (201, {"fever": "E2"})
    kept = home.history(at="Mon 19 Oct 10:00")[-1]
    assert kept["measures"]["temperature_celsius"] == 38.1
    assert kept["typed"]["temperature_celsius"] == {"text": "100.6", "unit": "°F"}
    # Taken for Celsius it cannot be, is asked back, and hides no fever.
    wrong = home.log(OMAR, "Mon 19 Oct 09:40", measures={"temperature_celsius": 100.6})
    assert codes(wrong) == ["above_recordable"]
    assert "°C or °F? 100.6 °F would be 38.1 °C." in wrong.json()["errors"][0]["detail"]
    assert wrong.json()["flags"][0]["rule"] == "fever"
    # A weight that jumps, in either unit, and what stands beside it.
    diary = "diet-logs"
    assert sent(home, QUIN, diary, "Mon 19 Oct 12:00", weight_typed="11 st 4").status_code == 201
    for typed in ("9 st", "158", "71 lb"):
        jump = sent(home, QUIN, diary, "Mon 19 Oct 12:05", weight_typed=typed)
        assert codes(jump) == ["unusual_change"], typed
    both = sent(home, QUIN, diary, "Mon 19 Oct 12:06", weight_kg=72, weight_typed="11 st 4")
    assert both.status_code == 201, "a client may round what it reads"
    split = sent(home, QUIN, diary, "Mon 19 Oct 12:07", weight_kg=68, weight_typed="11 st 4")
    assert codes(split) == ["typed_disagrees"]
    # Targets of protein are a person's, agree with themselves, and bear with the kidneys.
    target = {"set_by": "Helen Ash", "set_on": "2026-10-19", "weight_kg": 71.7,
              "weighed_on": "2026-10-19"}  # fmt: skip
    for changes, code in (
        ({"protein_g": 100, "protein_g_per_kg": 0.8}, "protein_disagrees"),
        ({"protein_g_per_kg": 1.4}, "above_for_kidney"),
    ):
        at = home.at("Mon 19 Oct 13:00")
        refused = home.call(DANA, "put", "nutrition-plan", {**target, **changes}, at=at)
        assert (refused.status_code, code in codes(refused)) == (422, True), refused.content
        assert home.call(QUIN, "put", "nutrition-plan", target, at=at).status_code == 403


def test_an_agency_whose_shifts_overlap_whose_aide_leaves_and_comes_back(content):
    home = household("America/Sao_Paulo")
    coordinator = "Cora"
    home.people[coordinator] = make_user(coordinator)
    make_post(home.clinic, home.people[coordinator], is_coordinator=True)
    aide = {"performer": "aide", "as_planned": True}
    one = home.log(OMAR, "Mon 19 Oct 09:02", performer_name=OMAR, **aide)
    two = home.log(PIA, "Mon 19 Oct 09:06", performer_name=PIA, **aide)
    assert two.json()["log"]["marks"] == ["possible_duplicate"]
    # A coordinator who is nobody's clinician is asked, answers, and can do no more than that.
    row = home.get(coordinator, "/api/v1/caseload", at="Mon 19 Oct 10:00")["results"][0]
    assert (row["duplicate_logs"], row["why"]) == (1, "to_confirm")
    path, at = f"session-logs/{two.json()['id']}", home.at("Mon 19 Oct 10:05")
    entry = home.entry(home.at("Mon 19 Oct 09:06"), performer="aide")
    amended = {"entry": entry, "reason": "tidy"}
    assert home.call(coordinator, "post", f"{path}/amend", amended, at=at).status_code == 403
    merged = home.call(coordinator, "post", f"{path}/merge", {"into": one.json()["id"]}, at=at)
    assert merged.json()["state"] == "merged"
    figures = home.progress("Mon 19 Oct", "Mon 19 Oct", at="Mon 19 Oct 20:00")["total"]
    assert (figures["fulfilled"], figures["extra"]) == (1, 0)
    # Pia leaves on Tuesday and is back on Thursday: Wednesday is nobody's to tell.
    known = home.get(DANA, "care-relationships", at="Tue 20 Oct 12:00")
    hers = next(each["id"] for each in known if each["name"] == PIA)
    ended = home.call(
        DANA, "post", f"care-relationships/{hers}/end", {}, at=home.at("Tue 20 Oct 12:00")
    )
    assert ended.status_code == 200
    assert home.call(PIA, "get", "today", at=home.at("Wed 21 Oct 08:00")).status_code == 404
    again = {"user": str(home.people[PIA].pk), "role": "aide",
             "scopes": ["see_sessions", "log_sessions"]}  # fmt: skip
    back = home.call(DANA, "post", "care-relationships", again, at=home.at("Thu 22 Oct 08:00"))
    assert back.status_code == 201, back.content
    bodies = [home.entry(home.at(f"{day} 09:00"), performer="aide")
              for day in ("Wed 21 Oct", "Thu 22 Oct")]  # fmt: skip
    answers = home.batch(
        PIA, "Fri 23 Oct 08:00",
        *({"id": str(uuid4()), "kind": "session_log", "body": body} for body in bodies),
    )  # fmt: skip
    assert [(each["status"], each["state"]) for each in answers] == [
        (202, "quarantined"), (201, "recorded"),
    ]  # fmt: skip


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Kolkata", "America/New_York"])
def test_a_week_and_a_day_are_those_of_the_items_clock_whatever_the_hours(content, zone):
    """In London the Sunday has 25 hours; elsewhere midnight is another one than in UTC."""
    home = household(zone)
    for day in ("Mon 19 Oct", "Wed 21 Oct", "Fri 23 Oct"):
        assert levels(home.log(NIA, f"{day} 09:02", performer="patient")) == {}
    over = home.log(NIA, "Sun 25 Oct 23:40", performer="patient")
    assert levels(over) == {"over-maximum": "E2"}
    fresh = home.log(NIA, "Mon 26 Oct 00:20", performer="patient")
    assert (fresh.status_code, levels(fresh)) == (201, {})
    # Twice on Monday is allowed, a third time is not; what was missed last week is not made up.
    assert levels(home.log(NIA, "Mon 26 Oct 12:00", performer="patient")) == {}
    third = home.log(NIA, "Mon 26 Oct 23:50", performer="patient")
    assert levels(third)["over-maximum"] == "E2"
    weeks = home.progress("Mon 19 Oct", "Sun 1 Nov", at="Mon 26 Oct 23:59")["weeks"]
    assert [(each["done"], each["extra"], each["over_maximum"]) for each in weeks[:2]] == [
        (3, 1, 1), (1, 2, 1),
    ]  # fmt: skip


def test_a_night_with_an_hour_twice_has_its_three_turns_each_due_and_done_once(content):
    home = household("Europe/London", TURNS)
    night = [home.due("Sat 24 Oct", at="Sat 24 Oct 20:00")[-1],
             *home.due("Sun 25 Oct", at="Sat 24 Oct 20:00")[:2]]  # fmt: skip
    assert [each["due_at"] for each in night] == [
        "2026-10-24T22:30:00+01:00", "2026-10-25T01:30:00+01:00", "2026-10-25T06:30:00Z",
    ]  # fmt: skip
    # Told of the second of the two hours it is still the turn of half past one.
    for clock, again in (("22:40", False), ("01:40", True), ("06:31", False)):
        day = "Sat 24 Oct" if clock == "22:40" else "Sun 25 Oct"
        told = home.log(OMAR, f"{day} {clock}", again=again, performer="aide")
        assert (told.status_code, told.json()["log"]["placement"]) == (201, "slot"), clock
    turns = [home.due("Sat 24 Oct", at="Sun 25 Oct 08:00")[-1],
             *home.due("Sun 25 Oct", at="Sun 25 Oct 08:00")]  # fmt: skip
    assert [each["state"] for each in turns] == ["done", "done", "done", "due"]


def test_clocks_of_phones_that_are_wrong_in_either_direction(content):
    home = household("Asia/Tokyo")
    now = home.at("Mon 19 Oct 09:00")

    def told(ahead: timedelta, **facts: object):
        body = home.entry(now + ahead, performer="patient", **facts)
        return home.call(NIA, "put", f"session-logs/{uuid4()}", body, at=now)

    assert told(timedelta(minutes=5)).status_code == 201
    refused = told(timedelta(minutes=6), client_sent_at=(now + timedelta(minutes=6)).isoformat())
    assert (refused.status_code, codes(refused)) == (422, ["future"])
    assert "2026-10-19T09:00:00+09:00" in refused.json()["errors"][0]["detail"]
    behind = timedelta(days=-2)
    late = told(behind, client_sent_at=(now + behind).isoformat())
    assert late.status_code == 201
    assert {"late", "clock_skew"} <= set(late.json()["log"]["marks"])
    # One entry of the future sinks no other of its batch, and how wrong the clock is is kept.
    wrong = home.entry(now + timedelta(days=1), performer="patient",
                       client_sent_at=(now + timedelta(days=1)).isoformat())  # fmt: skip
    right = home.entry(now - timedelta(minutes=30), performer="patient")
    answers = home.batch(
        NIA, now, *({"id": str(uuid4()), "kind": "session_log", "body": each}
                    for each in (wrong, right)),
    )  # fmt: skip
    assert [each["status"] for each in answers] == [422, 201]
    skews = [each["detail"]["seconds"] for each in
             home.get(DANA, "audit", at="Mon 19 Oct 10:00")["results"]
             if each["kind"] == "clock.skew"]  # fmt: skip
    assert sorted(skews) == [-172800, 360, 86400]
