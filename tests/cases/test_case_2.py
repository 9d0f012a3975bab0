"""Case 2. Marcus Bell, 29: an injury at T4, FES cycling, autonomic dysreflexia.

His partner is Dana as in the cast, so his clinician is Erin here.
"""

from uuid import uuid4

import pytest

from tests.cases.covering import covers
from tests.cases.home import Home, codes, levels, make_home, weekly
from tests.people import CAREGIVER_SCOPES

CASE = "case 2"
MARCUS, PARTNER, ERIN = "Marcus Bell", "Dana", "Erin"
CURRENT = {"quadriceps": 100, "hamstrings": 80, "gluteals": 60}
RIDE = {
    "exercise": "fes-cycling",
    "title": {"en": "Ride", "zh-Hans": "踏车"},
    "target": {"minutes": 30, "cadence_rpm": 45},
    "parts": [
        {
            "exercise": "fes-cycling",
            "muscle": muscle,
            "channel": channel,
            "side": "both",
            "dose": {"pulse_width_us": 300, "frequency_hz": 40, "amplitude_ma": amplitude},
        }
        for channel, (muscle, amplitude) in enumerate(CURRENT.items(), start=1)
    ],
    "schedule": weekly("18:00", days=["mon", "wed", "fri"]),
}
SKIN = {
    "exercise": "skin-check",
    "title": {"en": "Skin", "zh-Hans": "皮肤"},
    "kind": "care",
    "schedule": weekly("01:30", days=["sun"]),
    "wakes": True,
}
LOOKED = {"skin_before": "looked_fine", "skin_after": "looked_fine"}


@pytest.fixture
def home(content) -> Home:
    home = make_home(
        MARCUS,
        zone="America/New_York",
        clinician=ERIN,
        helpers={PARTNER: {"scopes": CAREGIVER_SCOPES}},
        language="en",
        emergency_number="911",
    )
    home.profile(
        "Sun 18 Oct 20:00",
        conditions=[{"code": "spinal_cord_injury"}],
        spinal_cord_injury="yes",
        injury_level="T4",
        innervation=dict.fromkeys(CURRENT, "intact"),
        baselines={"systolic_mmhg": 102, "diastolic_mmhg": 64},
        allergies_known="no",
    )
    home.assign("Sun 18 Oct 20:00", RIDE, SKIN)
    return home


def ride(home: Home, performed: str, minutes: int = 30, current: object = None, **facts: object):
    """A whole ride as Marcus writes it down, with what each channel delivered."""
    amplitudes = {**CURRENT, **(current or {})}
    parts = home.parts(
        *(
            {"amplitude_ma": amplitude, "pulse_width_us": 300, "frequency_hz": 40}
            for amplitude in amplitudes.values()
        ),
        item="Ride",
    )
    said = {"minutes": minutes, "parts": parts, "performer": "patient", **LOOKED, **facts}
    said["measures"] = {"cadence_rpm": 45, **said.pop("pressures", {})}
    return home.log(MARCUS, performed, "Ride", **said)


def ride_into_trouble(
    home: Home, performed: str = "Mon 26 Oct 18:08", sent: str = "Mon 26 Oct 18:22"
):
    """Twelve minutes, then the pressure rises by 34 and the head pounds."""
    return ride(
        home,
        performed,
        12,
        pressures={"systolic_before_mmhg": 104, "systolic_during_mmhg": 138},
        symptoms=["pounding_headache", "sweating"],
        stop_reason="dysreflexia",
        sent=sent,
    )


def lower_the_gluteals(home: Home) -> None:
    gentler = home.same("Ride")
    gentler["parts"][2]["dose"]["amplitude_ma"] = 45
    home.revise("Thu 29 Oct 10:00", gentler, home.same("Skin", wakes=True))


@covers(CASE, "Mon 19")
def test_mon_19_a_full_ride_is_done(home):
    done = ride(home, "Mon 19 Oct 18:02")
    assert (done.status_code, done.json()["log"]["outcome"]) == (201, "done")
    assert [each["state"] for each in home.due("Mon 19 Oct", item="Ride")] == ["done"]


@covers(CASE, "Wed 21", "must refuse: 1000 mA")
def test_wed_21_a_missing_point_is_refused_by_field_and_the_second_try_is_stored(home):
    one = uuid4()
    refused = ride(home, "Wed 21 Oct 18:01", current={"quadriceps": 1000}, log_id=one)
    assert refused.status_code == 422
    problem = refused.json()["errors"]
    assert [each["field"] for each in problem] == ["parts.0.measures.amplitude_ma"]
    assert "above the recordable limit" in problem[0]["detail"]
    assert "Did you mean 100 mA?" in problem[0]["detail"]
    assert home.history(at="Wed 21 Oct 18:30") == []
    again = ride(home, "Wed 21 Oct 18:01", log_id=one)
    assert (again.status_code, again.json()["log"]["outcome"]) == (201, "done")


@covers(CASE, "Fri 23 - Sun 25")
def test_fri_23_to_sun_25_what_a_phone_kept_offline_is_taken_in_late_and_the_ride_is_missed(home):
    looked_at = home.at("Sun 25 Oct 01:35")
    entry = home.entry(looked_at, "Skin", gate={"skin_found": "looked_fine"}, performer="patient")
    taken = home.batch(
        MARCUS, "Mon 26 Oct 07:10", {"id": str(uuid4()), "kind": "session_log", "body": entry}
    )[0]
    assert (taken["status"], taken["log"]["marks"]) == (201, ["late"])
    assert taken["log"]["placement"] == "slot"
    received = home.at("Mon 26 Oct 07:10")
    assert round((received - looked_at).total_seconds() / 3600, 1) == 29.6
    friday = home.due("Fri 23 Oct", at="Mon 26 Oct 07:11", item="Ride")
    assert [each["state"] for each in friday] == ["missed"]


@covers(CASE, "Mon 26")
def test_mon_26_a_pressure_34_above_his_own_is_an_emergency_on_the_screen_and_stops_the_ride(
    home, mailbox
):
    stopped = ride_into_trouble(home)
    assert stopped.status_code == 201
    assert levels(stopped) == {"dysreflexia": "E0"}
    words = stopped.json()["flags"][0]["text"]["en"]
    for said in (
        "Switch off the stimulation now",
        "Sit up",
        "never lie flat",
        "Loosen",
        "catheter",
        "bowel",
        "every 1 to 2 minutes",
        "911",
    ):
        assert said in words
    assert stopped.json()["log"]["outcome"] == "partial"
    today = home.get(MARCUS, "today", at="Mon 26 Oct 18:30")
    assert [each["level"] for each in today["pauses"]] == ["E0"]
    assert home.series("Skin") in today["still_allowed"]
    home.tick("Mon 26 Oct 18:23")
    assert mailbox.to(home.people[PARTNER].email)
    assert not mailbox.to(home.people[ERIN].email)
    home.tick("Mon 26 Oct 18:28")
    assert mailbox.to(home.people[ERIN].email)


@covers(CASE, "Mon 26")
def test_mon_26_the_phone_has_the_rule_his_own_pressure_and_the_card_without_a_network(home):
    copy = home.get(MARCUS, "offline", at="Mon 26 Oct 07:00")
    rule = next(each for each in copy["rules"]["rules"] if each["code"] == "dysreflexia")
    assert (rule["level"], rule["where"]) == ("E0", "phone")
    assert "never lie flat" in str(rule["text"]["en"])
    assert "911" in str(copy)
    assert copy["body"]["baselines"]["systolic_mmhg"] == 102


@covers(CASE, "must show: blood pressure")
def test_each_pressure_is_shown_with_its_change_from_his_own(home):
    ride_into_trouble(home)
    shown = home.progress(
        "Mon 19 Oct", "Mon 26 Oct", at="Mon 26 Oct 20:00", item="Ride", by="day", who=MARCUS
    )
    table = {each["code"]: each for each in shown["measures"] if each["code"].endswith("_mmhg")}
    told = {
        code: (each["baseline"], each["points"]["last"][0], each["points"]["last_from_baseline"][0])
        for code, each in table.items()
    }
    assert told == {
        "systolic_before_mmhg": (102, 104, 2),
        "systolic_during_mmhg": (102, 138, 36),
    }


@covers(CASE, "Mon 26")
def test_just_below_twenty_above_his_own_pressure_nothing_stops(home):
    pressures = {"systolic_before_mmhg": 104, "systolic_during_mmhg": 121}
    assert levels(ride(home, "Mon 26 Oct 18:02", pressures=pressures)) == {}


@covers(CASE, "Mon 26")
def test_the_emergency_is_judged_though_it_is_told_days_later_and_says_how_old_it_is(home):
    late = ride(
        home,
        "Mon 26 Oct 18:08",
        12,
        pressures={"systolic_during_mmhg": 138},
        symptoms=["pounding_headache"],
        sent="Wed 28 Oct 07:08",
    )
    assert levels(late) == {"dysreflexia": "E0"}
    assert "37 hours" in late.json()["flags"][0]["text"]["en"]
    assert home.flags(at="Wed 28 Oct 08:00")[0]["occurred_at"].startswith("2026-10-26T")


@covers(CASE, "Wed 28")
def test_wed_28_training_while_paused_is_kept_flagged_and_not_due(home):
    ride_into_trouble(home)
    done = ride(home, "Wed 28 Oct 18:00")
    assert (done.status_code, done.json()["log"]["marks"]) == (201, ["while_paused"])
    assert levels(done) == {"trained-while-paused": "E1"}
    assert [each["state"] for each in home.due("Wed 28 Oct", item="Ride")] == ["paused"]


@covers(CASE, "must refuse: resume without a look")
def test_neither_the_old_nor_a_new_version_goes_on_before_a_clinician_has_looked_again(home):
    ride_into_trouble(home)
    refused = home.resume("Tue 27 Oct 10:00", "Ride")
    assert (refused.status_code, refused.json()["code"]) == (409, "reconfirm_required")
    lower_the_gluteals(home)
    assert [
        each["state"] for each in home.due("Fri 30 Oct", at="Thu 29 Oct 11:00", item="Ride")
    ] == ["paused"]
    assert home.resume("Fri 30 Oct 09:00", "Ride").status_code == 409
    assert home.resume("Fri 30 Oct 09:01", "Ride", reconfirmed=True).status_code == 200
    assert home.due("Fri 30 Oct", at="Fri 30 Oct 10:00", item="Ride")[0]["state"] == "due"
    # Version 1 under new ids, in a revision or as a plan of its own, is stopped all the same.
    copied = {**RIDE, "title": {"en": "Ride again", "zh-Hans": "再踏车"}}
    ride_into_trouble(home, performed="Fri 30 Oct 18:08", sent="Fri 30 Oct 18:22")
    home.revise("Fri 30 Oct 19:00", copied, home.same("Skin", wakes=True))
    in_a_week = home.due("Mon 2 Nov", at="Fri 30 Oct 19:01", item="Ride again")
    assert [each["state"] for each in in_a_week] == ["paused"]
    assert home.resume("Sat 31 Oct 09:00", "Ride again").json()["code"] == "reconfirm_required"
    ended = home.call(
        ERIN,
        "post",
        f"/api/v1/plans/{home.plan}/complete",
        {"reason": "Begun anew."},
        at=home.at("Sat 31 Oct 10:00"),
    )
    assert ended.status_code == 200, ended.content
    home.assign("Sat 31 Oct 10:05", RIDE)
    in_a_week = home.due("Mon 2 Nov", at="Sat 31 Oct 10:06", item="Ride")
    assert [each["state"] for each in in_a_week] == ["paused"]
    assert home.resume("Sat 31 Oct 10:10", "Ride").json()["code"] == "reconfirm_required"
    for who in (MARCUS, PARTNER):
        path = f"/api/v1/plans/{home.plan}/resume"
        body = {"note": "He feels fine.", "series": home.series("Ride"), "reconfirmed": True}
        assert home.call(who, "post", path, body, at=home.at("Thu 29 Oct 12:00")).status_code == 403


@covers(CASE, "Fri 30")
def test_fri_30_a_ride_counts_against_the_version_of_its_day(home):
    lower_the_gluteals(home)
    done = ride(home, "Fri 30 Oct 18:02", current={"gluteals": 45}, sent="Fri 30 Oct 18:40")
    assert done.status_code == 201
    assert home.history(at="Fri 30 Oct 20:00")[-1]["version"] == 2


def from_device(
    home: Home, at: str, started: str, minutes: int, *, serial: str = "RT-77", **values: object
):
    """Import the file of a cycle with one ride, as the device wrote it down."""
    row = {"started_at": home.at(started).isoformat(), "minutes": minutes, **values}
    body = {"zone": home.zone, "model": "Cycle", "serial": serial, "sessions": [row]}
    answer = home.call(MARCUS, "post", "device-imports", body, at=home.at(at))
    assert answer.status_code == 200, answer.content
    return answer.json()["rows"][0]


def counted(home: Home, at: str):
    return [
        log
        for log in home.history(at=at)
        if log["status"] == "recorded" and log["duplicate_of"] is None
    ]


@covers(CASE, "Fri 30")
@pytest.mark.parametrize("first", ["by hand", "device file"])
def test_fri_30_a_ride_by_hand_and_in_a_device_file_is_one_session_in_either_order(home, first):
    lower_the_gluteals(home)
    at, one = "Fri 30 Oct 23:00", uuid4()
    told = {
        "minutes": 25,
        "current": {"gluteals": 45},
        "pressures": {"systolic_before_mmhg": 104},
        "pain": 1,
        "note": "felt easy",
        "log_id": one,
    }
    if first == "by hand":
        ride(home, "Fri 30 Oct 18:02", sent="Fri 30 Oct 18:40", **told)
        put_in = from_device(home, "Fri 30 Oct 21:00", "Fri 30 Oct 18:05", 30, power_w=9)
        assert put_in["state"] == "merged"
    else:
        from_device(home, "Fri 30 Oct 18:38", "Fri 30 Oct 18:05", 30, power_w=9)
        by_hand = ride(home, "Fri 30 Oct 18:02", sent="Fri 30 Oct 18:40", **told)
        assert (by_hand.status_code, by_hand.json()["state"]) == (201, "merged")
        # Sent again it is the same, and nothing new.
        again = ride(home, "Fri 30 Oct 18:02", sent="Fri 30 Oct 18:41", **told)
        assert (again.status_code, again.json()["state"]) == (200, "unchanged")
    again = from_device(home, "Fri 30 Oct 21:05", "Fri 30 Oct 18:05", 30, power_w=9)
    assert again["state"] == "unchanged"
    (session,) = counted(home, at)
    assert session["performed_at"] == "2026-10-30T18:05:00-04:00"
    assert (session["minutes"], session["source"], session["version"]) == (30, "device", 2)
    measures = session["measures"]
    assert (measures["power_w"], measures["systolic_before_mmhg"]) == (9, 104)
    assert (session["pain"], session["skin_after"]) == (1, "looked_fine")
    assert "felt easy" in session["note"]
    assert [part["measures"]["amplitude_ma"] for part in session["parts"]] == [100, 80, 45]
    # A second device that began at the same moment is stored, not counted, and asked about; a
    # person says that it is the same.
    other = from_device(home, "Fri 30 Oct 21:10", "Fri 30 Oct 18:06", 28, serial="EMS-9")
    assert "possible_duplicate" in other["log"]["marks"]
    merged = home.call(
        MARCUS,
        "post",
        f"session-logs/{other['id']}/merge",
        {"into": session["id"]},
        at=home.at("Fri 30 Oct 21:15"),
    )
    assert merged.json()["state"] == "merged"
    assert [(log["id"], log["minutes"]) for log in counted(home, at)] == [(session["id"], 30)]
    total = home.progress("Fri 30 Oct", "Fri 30 Oct", at=at, item="Ride")["total"]
    assert (total["due"], total["done"], total["extra"], total["over_maximum"]) == (1, 1, 0, 0)
    # What was typed stays readable as it was.
    typed = home.get(MARCUS, f"session-logs/{one}", at=at)
    said = [version["before"].get("minutes") for version in typed["corrections"]]
    assert "25.00" in said


@covers(CASE, "Sun 1 Nov")
def test_sun_1_the_hour_that_comes_twice_reminds_once_and_keeps_the_order_of_what_was_seen(
    home, mailbox
):
    home.tick("Sun 1 Nov 00:45")
    before = len(mailbox.to(home.people[MARCUS].email))
    first = home.at("Sun 1 Nov 01:30")
    second = home.at("Sun 1 Nov 01:30", again=True)
    for tick in (first, home.at("Sun 1 Nov 01:31"), second, home.at("Sun 1 Nov 01:31", again=True)):
        home.tick(tick)
    assert len(mailbox.to(home.people[MARCUS].email)) - before == 1
    fine = home.log(
        MARCUS, "Sun 1 Nov 01:50", "Skin", gate={"skin_found": "looked_fine"}, performer="patient"
    )
    red = home.log(
        MARCUS,
        "Sun 1 Nov 01:10",
        "Skin",
        again=True,
        gate={"skin_found": "fades"},
        parts=[],
        skin_after="red",
        note="red 2 cm left heel",
        performer="patient",
    )
    assert (fine.status_code, red.status_code) == (201, 201)
    seen = home.history(at="Sun 1 Nov 09:00")
    assert [each["performed_at"] for each in seen] == [
        "2026-11-01T01:50:00-04:00",
        "2026-11-01T01:10:00-05:00",
    ]
    assert levels(red) == {"skin-redness": "E2"}
    assert [each["state"] for each in home.due("Sun 1 Nov", item="Skin")] == ["done"]


@covers(CASE, "must show: figures")
def test_the_fortnight_is_due_5_complete_3_partial_1_missed_1_and_one_while_paused(home):
    home.after(
        test_mon_19_a_full_ride_is_done,
        wednesdays_ride,
    )
    ride_into_trouble(home)
    ride(home, "Wed 28 Oct 18:00")
    lower_the_gluteals(home)
    home.resume("Thu 29 Oct 10:05", "Ride", reconfirmed=True)
    ride(home, "Fri 30 Oct 18:02", current={"gluteals": 45})
    shown = home.progress("Mon 19 Oct", "Sun 1 Nov", at="Mon 2 Nov 08:00", item="Ride")
    total = shown["total"]
    assert (total["due"], total["done"], total["partial"], total["missed"]) == (5, 3, 1, 1)
    assert total["while_paused"] == 1
    assert total["adherence"] == pytest.approx(3 / 5)
    assert [mark["version"] for mark in shown["versions"]] == [1, 2]


def wednesdays_ride(home: Home) -> None:
    """The ride of Wednesday as it was stored in the end."""
    assert ride(home, "Wed 21 Oct 18:01").status_code == 201


@covers(CASE, "must refuse: a new mA")
def test_no_emergency_text_or_card_names_a_current_to_try(home):
    stopped = ride_into_trouble(home)
    texts = [
        flag[name][lang]
        for flag in stopped.json()["flags"]
        for name in ("text", "instead")
        for lang in ("en", "zh-Hans")
    ]
    assert not [words for words in texts if "mA" in words]
    asked = ride(home, "Fri 30 Oct 18:02", current={"gluteals": 90})
    assert codes(asked) == ["far_above_plan"]
    assert "Did you mean" not in asked.json()["errors"][0]["detail"]
