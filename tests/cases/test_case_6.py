"""Case 6. Rahul Menon, 22: recovering from Guillain-Barre, too much training, a wrong clock."""

from uuid import uuid4

import pytest

from patients.domain.roles import Scope
from tests.cases.covering import covers
from tests.cases.home import Home, codes, levels, make_home, weekly

CASE = "case 6"
RAHUL, MOTHER, DANA = "Rahul Menon", "Anita", "Dana"
STRENGTH = {
    "exercise": "strength-sit-to-stand",
    "title": {"en": "Strength", "zh-Hans": "肌力"},
    "parts": [
        {
            "exercise": "strength-sit-to-stand",
            "side": "both",
            "dose": {"repetitions": 10, "sets": 1},
        }
    ],
    "maximum": {"sessions_per_day": 1, "sessions_per_week": 3, "effort": 4},
    "schedule": weekly("07:30", days=["mon", "wed", "fri"]),
}
WALK = {
    "exercise": "walking-indoors",
    "title": {"en": "Walk", "zh-Hans": "步行"},
    "parts": [{"exercise": "walking-indoors", "side": "none", "dose": {"minutes": 10}}],
    "schedule": weekly("09:00", "17:00"),
}


@pytest.fixture
def home(content) -> Home:
    home = make_home(
        RAHUL,
        zone="Asia/Kolkata",
        clinician=DANA,
        helpers={MOTHER: {"scopes": (Scope.SEE_SESSIONS,)}},
        language="en",
        emergency_number="112",
    )
    home.profile(
        "Sun 18 Oct 20:00",
        conditions=[{"code": "guillain_barre"}],
        allergies_known="yes",
        allergies=[{"code": "crustaceans", "severity": "severe"}],
    )
    home.assign("Sun 18 Oct 20:00", STRENGTH, WALK)
    return home


def train(home: Home, performed: str, *, repetitions: object = 10, **facts: object):
    parts = home.parts({"repetitions": repetitions, "sets": 1}, item="Strength")
    return home.log(RAHUL, performed, "Strength", parts=parts, performer="patient", **facts)


@covers(CASE, "Mon 19")
def test_mon_19_what_was_done_counts(home):
    assert train(home, "Mon 19 Oct 07:33").status_code == 201
    assert [each["state"] for each in home.due("Mon 19 Oct", item="Strength")] == ["done"]


@covers(CASE, "Tue 20", "must refuse: praise")
def test_tue_20_two_extra_sessions_are_flagged_as_too_much_and_praised_by_nobody(home):
    home.after(test_mon_19_what_was_done_counts)
    first, second = train(home, "Tue 20 Oct 07:33"), train(home, "Tue 20 Oct 17:33")
    assert (levels(first), levels(second)) == ({}, {"over-maximum": "E2"})
    words = second.json()["flags"][0]["text"]["en"]
    assert "More is not faster and can harm muscle" in words
    assert "overwork makes weak muscle weaker" in words
    shown = home.progress("Mon 19 Oct", "Tue 20 Oct", at="Wed 21 Oct 06:00", item="Strength")
    total = shown["total"]
    assert (total["due"], total["fulfilled"], total["extra"]) == (1, 1, 2)
    assert total["adherence"] == 1
    praised([second.json(), shown])


@covers(CASE, "Wed 21", "must refuse: future")
def test_wed_21_a_clock_ten_years_ahead_is_refused_with_the_servers_time_and_its_skew_is_kept(home):
    ahead = home.at("Wed 21 Oct 07:33").replace(year=2036)
    body = home.entry(
        ahead,
        "Strength",
        parts=home.parts({"repetitions": 10, "sets": 1}, item="Strength"),
        client_sent_at=ahead.isoformat(),
    )
    refused = home.call(
        RAHUL, "put", f"session-logs/{uuid4()}", body, at=home.at("Wed 21 Oct 07:35")
    )
    assert (refused.status_code, codes(refused)) == (422, ["future"])
    words = refused.json()["errors"][0]["detail"]
    assert "just now" in words
    assert "2026-10-21T07:35:00+05:30" in words
    noted = home.get(DANA, "audit", at="Wed 21 Oct 08:00")["results"]
    skew = next(each for each in noted if each["kind"] == "clock.skew")
    assert (
        abs(skew["detail"]["seconds"] - (ahead - home.at("Wed 21 Oct 07:35")).total_seconds()) < 1
    )


@covers(CASE, "Thu 22", "must refuse: a million")
def test_thu_22_a_million_repetitions_are_refused(home):
    refused = train(home, "Thu 22 Oct 07:33", repetitions=1000000)
    assert (refused.status_code, codes(refused)) == (422, ["above_recordable"])
    assert home.history(at="Thu 22 Oct 08:00") == []


@covers(CASE, "Fri 23")
def test_fri_23_effort_above_the_limit_and_tiredness_the_next_day_are_put_on_the_list(home):
    one = uuid4()
    done = train(home, "Fri 23 Oct 07:33", effort=8, log_id=one)
    assert (done.status_code, levels(done)) == (201, {"effort-above-limit-once": "E3"})
    entry = home.entry(
        home.at("Fri 23 Oct 07:33"),
        "Strength",
        parts=home.parts({"repetitions": 10, "sets": 1}, item="Strength"),
        performer="patient",
        effort=8,
        measures={"fatigue_next_day": 9},
    )
    amended = home.call(
        RAHUL,
        "post",
        f"session-logs/{one}/amend",
        {"entry": entry, "reason": "How I feel today."},
        at=home.at("Sat 24 Oct 08:00"),
    )
    assert amended.json()["state"] == "amended"
    assert levels(amended)["effort-or-fatigue"] == "E2"
    words = {flag["rule"]: flag["text"]["en"] for flag in amended.json()["flags"]}
    assert "overwork makes weak muscle weaker" in words["effort-or-fatigue"]
    praised(amended.json())


def praised(said: object) -> None:
    """Nothing praises anybody for having done more."""
    for praise in ("streak", "badge", "great", "well done", "keep it up", "congrat"):
        assert praise not in str(said).lower()


def train_ride(home: Home) -> list[dict[str, object]]:
    """Five logs of three days on a train, in the order in which a phone happens to keep them."""
    moments = ("Mon 26 Oct 07:35", "Sat 24 Oct 09:05", "Sun 25 Oct 17:02", "Sat 24 Oct 17:01",
               "Sun 25 Oct 09:03")  # fmt: skip
    entries = []
    for said in moments:
        item = "Strength" if said.endswith("07:35") else "Walk"
        body = home.entry(home.at(said), item, performer="patient")
        entries.append({"id": str(uuid4()), "kind": "session_log", "body": body})
    return entries


@covers(CASE, "Sat 24 - Mon 26", "Tue 27", "must show: order")
def test_sat_24_to_tue_27_five_logs_arrive_once_in_their_order_and_again_change_nothing(home):
    entries = train_ride(home)
    first = home.batch(RAHUL, "Mon 26 Oct 21:00", *entries)
    assert [answer["status"] for answer in first] == [201] * 5
    cursor = home.get(DANA, "changes", at="Mon 26 Oct 21:05")["cursor"]
    again = home.batch(RAHUL, "Tue 27 Oct 08:00", *entries)
    assert [(answer["status"], answer["state"]) for answer in again] == [(200, "unchanged")] * 5
    assert home.get(DANA, "changes", at="Tue 27 Oct 08:05", since=cursor)["results"] == []
    seen = [each["performed_at"] for each in home.history(at="Tue 27 Oct 09:00")]
    assert seen == sorted(seen)
    assert len(seen) == 5


def graded(home: Home, who: str, said: str, value: str):
    at = home.at(said)
    body = {
        "id": str(uuid4()),
        "instrument": "mrc",
        "performed_at": at.isoformat(),
        "zone": home.zone,
        "assessed_by": "patient" if who == RAHUL else "clinician",
        "results": [
            {
                "score": "strength",
                "value": value,
                "facts": {"side": "left", "muscle": "tibialis_anterior"},
            }
        ],
    }
    return home.call(who, "post", "assessments", body, at=at)


@covers(CASE, "Wed 28", "Thu 29")
def test_wed_28_and_thu_29_a_grade_with_a_plus_or_minus_is_a_clinicians(home):
    refused = graded(home, RAHUL, "Wed 28 Oct 10:00", "3+")
    assert (refused.status_code, refused.json()["code"]) == (403, "clinicians_only")
    assert "clinician" in refused.json()["detail"]
    assert home.get(DANA, "assessments", at="Wed 28 Oct 11:00")["results"] == []
    allowed = graded(home, DANA, "Thu 29 Oct 10:00", "4-")
    assert allowed.status_code == 201, allowed.content
    [kept] = home.get(DANA, "assessments", at="Thu 29 Oct 11:00")["results"]
    assert kept["results"][0]["value"] == "4-"
    assert graded(home, DANA, "Thu 29 Oct 10:05", "4--").status_code == 422


@covers(CASE, "Fri 30", "must refuse: negative pain")
def test_fri_30_pain_below_zero_is_refused(home):
    refused = train(home, "Fri 30 Oct 07:33", pain=-1)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "pain"


@covers(CASE, "Sat 31")
def test_sat_31_a_tick_is_an_emergency_and_words_alone_are_kept_but_detect_nothing(home):
    words = "face feels weak, hard to breathe lying down"
    alone = home.happened(RAHUL, "Sat 31 Oct 10:00", words)
    assert set(levels(alone).values()) == {"E3"}
    ticked = home.happened(
        RAHUL, "Sat 31 Oct 10:05", words, symptoms=["face_weak", "breathless_lying_flat"]
    )
    assert levels(ticked) == {
        "breathing-weaker-in-nerve-disease": "E0",
        "face-arm-speech": "E0",
    }
    lying = home.happened(
        RAHUL, "Sat 31 Oct 10:07", "short of breath in bed", symptoms=["breathless_lying_flat"]
    )
    assert levels(lying) == {"breathing-weaker-in-nerve-disease": "E0"}
    assert "112" in ticked["flags"][0]["text"]["en"]
    raised = {flag["rule"]: flag["level"] for flag in home.flags(at="Sat 31 Oct 11:00")}
    assert raised["breathing-weaker"] == "E1"
    today = home.get(RAHUL, "today", at="Sat 31 Oct 11:00")
    paused = {pause["series"] for pause in today["pauses"]}
    assert {home.series("Strength"), home.series("Walk")} <= paused


@covers(CASE, "Sun 1 Nov")
def test_sun_1_ten_days_back_waits_for_a_clinician_and_then_counts(home):
    answer = train(home, "Wed 21 Oct 07:33", sent="Sun 1 Nov 09:00", source="recalled")
    assert (answer.status_code, answer.json()["state"]) == (201, "pending")
    before = home.due("Wed 21 Oct", at="Sun 1 Nov 10:00", item="Strength")
    assert [each["state"] for each in before] == ["missed"]
    path = f"session-logs/{answer.json()['id']}/confirm"
    refused = home.call(RAHUL, "post", path, {}, at=home.at("Sun 1 Nov 11:00"))
    assert refused.status_code == 403
    confirmed = home.call(DANA, "post", path, {}, at=home.at("Mon 2 Nov 09:00"))
    assert confirmed.json()["state"] == "confirmed"
    after = home.due("Wed 21 Oct", at="Mon 2 Nov 10:00", item="Strength")
    assert [each["state"] for each in after] == ["done"]


@covers(CASE, "must show: weekly report")
def test_his_mother_reads_the_weeks_and_neither_diagnosis_nor_diet_and_writes_nothing(home):
    train(home, "Mon 19 Oct 07:33")
    weeks = home.progress(
        "Mon 19 Oct", "Sun 25 Oct", at="Sun 25 Oct 20:00", item="Strength", who=MOTHER
    )["weeks"]
    assert [(each["due"], each["done"]) for each in weeks] == [(3, 1)]
    for closed in ("profile", "diet-logs", "assessments", "substances", "audit"):
        at = home.at("Sun 25 Oct 20:00")
        assert home.call(MOTHER, "get", closed, at=at).status_code == 403, closed
    assert home.log(MOTHER, "Sun 25 Oct 17:00", "Walk").status_code == 403


@covers(CASE, "must show: figures")
def test_the_fortnight_is_due_6_and_shows_what_was_above_the_plan(home):
    home.after(test_tue_20_two_extra_sessions_are_flagged_as_too_much_and_praised_by_nobody)
    home.tick("Mon 2 Nov 07:00")
    shown = home.progress("Mon 19 Oct", "Sun 1 Nov", at="Mon 2 Nov 08:00", item="Strength")
    total = shown["total"]
    assert (total["due"], total["extra"], total["over_maximum"]) == (6, 2, 1)
    weekly_report = home.progress(
        "Mon 19 Oct", "Sun 1 Nov", at="Mon 2 Nov 08:00", item="Strength", who=MOTHER
    )
    assert weekly_report == shown
