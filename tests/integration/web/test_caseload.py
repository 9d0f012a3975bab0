"""Whoever needs a person first stands at the top, the row says why, and 500 patients cost no more.

Counted in statements, so that a busy machine cannot make it red.
"""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.clones import copy_patient
from patients.domain.roles import ALL_SCOPES, Role
from patients.models import CareRelationship, DutyShift, Patient, User
from rehab.models import ItemDay, Plan, SafetyFlag
from tests.integration.web.scenes import NOW, Scene, browser, text_of
from tests.people import BEGAN, Cast, make_clinician, make_helper, make_patient

MANY = 500
A_PAGE = 50


def caseload(user: User, **asked: str) -> str:
    return text_of(browser(user).get("/caseload/", asked).content.decode())


def order(words: str, *names: str) -> list[str]:
    """The names as they follow each other on the page."""
    return sorted(names, key=lambda name: words.index(f" {name} "))


def flagged(cast: Cast, patient: Patient, level: str, hours: int) -> None:
    with cast.inside():
        SafetyFlag.objects.create(
            patient=patient,
            clinic=cast.clinic,
            rule="pain-threshold",
            rule_version=1,
            level=level,
            occurred_at=NOW - timedelta(hours=hours),
            raised_at=NOW - timedelta(hours=hours),
        )


def like_alice(scene: Scene, *names: str) -> list[Patient]:
    """Patients of Dana's who have what Alice has: the same plan, days and records."""
    cast = scene.cast
    with cast.inside():
        patients = Patient.objects.bulk_create(
            Patient(clinic=cast.clinic, name=name, zone=cast.clinic.zone) for name in names
        )
        CareRelationship.objects.bulk_create(
            CareRelationship(
                clinic_id=cast.clinic.pk,
                patient=each,
                user=cast.dana,
                role=Role.CLINICIAN,
                scopes=sorted(ALL_SCOPES),
                starts_at=BEGAN,
            )
            for each in patients
        )
        copy_patient(cast.patient.pk, [(each.pk, cast.bob.pk) for each in patients])
    return patients


def days_of(cast: Cast, patient: Patient, *days: dict[str, Any]) -> None:
    with cast.inside():
        ItemDay.objects.filter(patient=patient).delete()
        ItemDay.objects.bulk_create(
            ItemDay(patient=patient, clinic=cast.clinic, series=uuid4(), version=1, **day)
            for day in days
        )


def plans_of(cast: Cast, patient: Patient, **facts: Any) -> None:
    with cast.inside():
        Plan.objects.filter(patient=patient).update(**facts)


def test_each_kind_of_reason_has_its_place_and_its_sentence(scene: Scene) -> None:
    cast = scene.cast
    names = ("Fay", "Gil", "Hal", "Ivy", "Jon", "Kim")
    fay, gil, hal, ivy, jon, _kim = like_alice(scene, *names)
    flagged(cast, jon, "E2", hours=70)
    flagged(cast, ivy, "E1", hours=1)
    flagged(cast, hal, "E1", hours=5)
    before, lately = date(2026, 9, 30), date(2026, 10, 15)
    fell = {"due": 10, "done": 9, "on": before}, {"due": 10, "done": 4, "on": lately}
    days_of(cast, gil, *fell)
    days_of(cast, fay, {"due": 10, "done": 10, "on": lately, "over_maximum": 2})
    plans_of(cast, cast.patient, review_due_on=date(2026, 10, 26))
    words = caseload(cast.dana)
    wanted = ["Hal", "Ivy", "Jon", "Gil", "Fay", "Alice", "Kim"]
    assert order(words, *wanted) == wanted
    assert "Same day: raised 5 hours ago, not yet seen by anyone." in words
    assert "Next working day: raised 2 days ago, not yet seen by anyone." in words
    assert "Less is done than before: 40 % of what was due, before 90 %." in words
    assert "2 sessions beyond the plan's maximum in 14 days." in words
    assert "A review is due on October 26." in words
    assert "Nothing asks for you now." in words


def test_a_week_without_a_record_is_a_reason_and_a_small_fall_is_none(scene: Scene) -> None:
    fay, gil = like_alice(scene, "Fay", "Gil")
    with scene.cast.inside():
        version = Plan.objects.get(patient=gil).versions.get()
        version.effective_at = NOW - timedelta(days=9, hours=1)
        version.save(update_fields=["effective_at"])
    before, lately = date(2026, 9, 30), date(2026, 10, 15)
    fell = {"due": 10, "done": 9, "on": before}, {"due": 10, "done": 8, "on": lately}
    days_of(scene.cast, fay, *fell)
    words = caseload(scene.cast.dana)
    assert order(words, "Fay", "Gil") == ["Gil", "Fay"]
    assert "Nothing has been recorded for 9 days while a plan runs." in words
    assert "Less is done than before" not in words


def test_an_answered_flag_no_longer_lifts_its_patient(scene: Scene) -> None:
    (fay,) = like_alice(scene, "Fay")
    flagged(scene.cast, fay, "E1", hours=5)
    assert order(caseload(scene.cast.dana), "Alice", "Fay") == ["Fay", "Alice"]
    with scene.cast.inside():
        SafetyFlag.objects.update(acknowledged_at=NOW, acknowledged_by=scene.cast.dana)
    assert order(caseload(scene.cast.dana), "Alice", "Fay") == ["Alice", "Fay"]


def test_mine_are_those_whose_clinician_i_am(scene: Scene) -> None:
    erin = scene.cast.erin
    make_clinician(make_patient(scene.cast.clinic, "Zoe"), erin)
    everybody, mine = caseload(erin), caseload(erin, whose="mine")
    assert "Alice" in everybody and "Zoe" in everybody
    assert "Zoe" in mine and "Alice" not in mine


def test_on_duty_shows_unseen_flags_and_only_while_the_shift_lasts(scene: Scene) -> None:
    fay, _gil = like_alice(scene, "Fay", "Gil")
    flagged(scene.cast, fay, "E1", hours=1)
    words = caseload(scene.cast.dana, whose="on_duty")
    assert "Fay" in words and "Gil" not in words and "You are on duty now." in words
    with scene.cast.inside():
        DutyShift.objects.all().delete()
    words = caseload(scene.cast.dana, whose="on_duty")
    assert "Fay" not in words and "You are not on duty now." in words


def test_being_on_duty_shows_nobody_whom_one_may_not_see(scene: Scene) -> None:
    flagged(scene.cast, scene.cast.charlies_patient, "E0", hours=1)
    assert "Carol" not in caseload(scene.cast.dana, whose="on_duty")
    assert "Carol" not in caseload(scene.cast.dana)


def test_whoever_does_not_practise_is_sent_to_their_people(scene: Scene) -> None:
    answer = browser(scene.cast.bob).get("/caseload/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/care/")


def test_a_patient_whom_a_clinician_only_helps_at_home_is_not_on_the_list(scene: Scene) -> None:
    make_helper(scene.cast.charlies_patient, scene.cast.dana)
    assert "Carol" not in caseload(scene.cast.dana)


def test_an_unknown_choice_shows_everybody(scene: Scene) -> None:
    assert "Alice" in caseload(scene.cast.dana, whose="nobody's")


@pytest.mark.parametrize("who", ["dana", "erin"])
def test_five_hundred_patients_take_no_more_statements_than_one(scene: Scene, who: str) -> None:
    user = getattr(scene.cast, who)
    few = statements(browser(user), "/caseload/")
    patients = like_alice(scene, *(f"Patient {count:03}" for count in range(MANY)))
    for patient in patients[::10]:
        flagged(scene.cast, patient, "E2", hours=3)
    assert statements(browser(user), "/caseload/") == few
    page = browser(user).get("/caseload/").content.decode()
    assert page.count('class="card case') == A_PAGE
    assert "Patient 490" in page and "Patient 001" not in page, "flags first"


def test_every_one_of_five_hundred_is_on_one_page_and_only_one(scene: Scene) -> None:
    like_alice(scene, *(f"Patient {count:03}" for count in range(MANY)))
    client, names = browser(scene.cast.dana), []
    address: str | None = "/api/v1/caseload?limit=200"
    while address:
        answer = client.get(address).json()
        names += [row["name"] for row in answer["results"]]
        address = answer["next"]
    assert len(names) == len(set(names)) == MANY + 1


def statements(client: Client, address: str) -> int:
    client.get("/account/")  # the session's first use writes when it was last seen
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return sum(not query["sql"].lstrip().startswith("SAVEPOINT") for query in captured)
