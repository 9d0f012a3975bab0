"""Who is on duty now and next, and the pages on which a clinic keeps that true."""

from datetime import date, timedelta

import pytest
import time_machine

from patients.models import Absence, AuditEvent, Clinic, DutyShift
from rehab.domain.opening_hours import is_open
from tests.integration.web.scenes import NOW, Scene, browser, form_on, text_of
from tests.people import make_post, make_user

WEEKDAYS = {day: [["08:00", "12:00"], ["13:30", "17:30"]] for day in ("mon", "tue", "wed")}


def duty(user) -> str:
    return text_of(browser(user).get("/duty/").content.decode())


def at(scene: Scene, name: str) -> str:
    return f"/clinics/{scene.cast.clinic.pk}/{name}/"


def clinic_of(scene: Scene) -> Clinic:
    return Clinic.objects.get(pk=scene.cast.clinic.pk)


def shifts(scene: Scene) -> list[tuple[int, str, str, str]]:
    with scene.cast.inside():
        return [
            (
                each.weekday,
                f"{each.starts:%H:%M}-{each.ends:%H:%M}",
                each.practitioner.user.name,
                each.deputy.user.name if each.deputy else "",
            )
            for each in DutyShift.objects.of(scene.cast.clinic)
        ]


def test_staff_see_who_is_on_duty_now_and_next(scene: Scene) -> None:
    words = duty(scene.cast.dana)
    assert "Now Dana, deputy Erin" in words
    assert "Next October 20 08:00–20:00: Dana, deputy Erin" in words
    with time_machine.travel(NOW + timedelta(hours=4), tick=False):
        assert "Nobody is on duty now." in duty(scene.cast.dana)


def test_a_holiday_has_no_duty_and_the_clinic_says_when_it_opens(scene: Scene) -> None:
    Clinic.objects.filter(pk=scene.cast.clinic.pk).update(
        hours=WEEKDAYS, holidays=[date(2026, 10, 19), date(2026, 10, 20)]
    )
    words = duty(scene.cast.dana)
    assert "Nobody is on duty now." in words and "Next October 21 08:00" in words
    assert "Closed. Opens October 21 08:00." in words


def test_only_a_coordinator_is_offered_the_editing_and_may_do_it(scene: Scene) -> None:
    assert "Edit the rota" in duty(scene.cast.erin)
    assert "Edit the rota" not in duty(scene.cast.dana)
    for name in ("rota", "hours"):
        assert browser(scene.cast.dana).get(at(scene, name)).status_code == 403
        assert browser(scene.cast.olga).get(at(scene, name)).status_code == 404
        assert browser(scene.cast.bob).get(at(scene, name)).status_code == 404
    assert browser(scene.cast.olga).get(at(scene, "away")).status_code == 404
    assert browser(scene.cast.bob).get(at(scene, "away")).status_code == 404


def test_other_clinics_and_families_see_no_duty(scene: Scene) -> None:
    assert "Riverside" not in duty(scene.cast.olga)
    assert "Riverside" not in duty(scene.cast.bob)
    assert "You work in no clinic here." in duty(scene.cast.bob)


def test_a_coordinator_adds_changes_and_drops_turns(scene: Scene) -> None:
    erin, url = browser(scene.cast.erin), at(scene, "rota")
    sent = form_on(erin.get(url).content.decode(), "t-0-weekday")
    sent |= {"t-0-practitioner": "", "t-1-starts": "09:00", "t-1-deputy": ""}
    sent |= {"t-7-weekday": "0", "t-7-starts": "22:00", "t-7-ends": "06:00"}
    sent["t-7-practitioner"] = str(scene.cast.erins_post.pk)
    assert erin.post(url, sent).headers["Location"] == "/duty/"
    found = shifts(scene)
    assert (0, "22:00-06:00", "Erin", "") in found
    assert (0, "08:00-20:00", "Dana", "Erin") not in found
    assert (1, "09:00-20:00", "Dana", "") in found and len(found) == 7


def test_a_turn_without_a_time_or_with_one_person_twice_is_refused_beside_its_field(
    scene: Scene,
) -> None:
    erin, url = browser(scene.cast.erin), at(scene, "rota")
    sent = form_on(erin.get(url).content.decode(), "t-0-weekday")
    before = shifts(scene)
    answer = erin.post(url, {**sent, "t-0-starts": "", "t-1-deputy": sent["t-1-practitioner"]})
    words = text_of(answer.content.decode())
    assert answer.status_code == 422 and shifts(scene) == before
    assert "Enter a time, like 08:00." in words and "The deputy must be another." in words


def test_a_person_of_another_clinic_cannot_be_put_on_the_rota(scene: Scene) -> None:
    erin, url = browser(scene.cast.erin), at(scene, "rota")
    stranger = make_post(scene.cast.other_clinic, make_user("gus"))
    sent = form_on(erin.get(url).content.decode(), "t-0-weekday")
    assert erin.post(url, {**sent, "t-0-practitioner": str(stranger.pk)}).status_code == 422


def test_hours_and_holidays_are_kept_and_alerts_wait_for_them(scene: Scene) -> None:
    erin, url = browser(scene.cast.erin), at(scene, "hours")
    sent = form_on(erin.get(url).content.decode(), "holidays")
    sent |= {"mon": "08:00-12:00, 13:30-17:30", "holidays": "2026-10-20\n2026-10-01"}
    assert erin.post(url, sent).headers["Location"] == "/duty/"
    clinic = clinic_of(scene)
    assert clinic.hours == {"mon": [["08:00", "12:00"], ["13:30", "17:30"]]}
    assert clinic.holidays == [date(2026, 10, 1), date(2026, 10, 20)]
    assert not is_open(NOW, clinic.hours, clinic.holidays, clinic.zone)
    shown = erin.get(url).content.decode()
    assert 'value="08:00-12:00, 13:30-17:30"' in shown and "2026-10-01\n2026-10-20" in shown
    with scene.cast.inside():
        assert AuditEvent.objects.filter(kind="clinic.edit", actor=scene.cast.erin).exists()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("mon", "8 to 5", "Enter times like 08:00-12:00"),
        ("mon", "12:00-08:00", "Enter times like 08:00-12:00"),
        ("holidays", "the first of May", "Enter dates like 2026-10-01"),
        ("emergency_number", "", "This field is required."),
    ],
)
def test_what_cannot_be_read_is_refused_and_what_was_typed_stays(
    scene: Scene, field: str, typed: str, said: str
) -> None:
    erin, url = browser(scene.cast.erin), at(scene, "hours")
    sent = form_on(erin.get(url).content.decode(), "holidays")
    answer = erin.post(url, {**sent, field: typed})
    assert answer.status_code == 422 and said in text_of(answer.content.decode())
    assert typed in answer.content.decode() and clinic_of(scene).hours == {}


def test_a_clinician_hands_over_and_takes_back(scene: Scene) -> None:
    dana, url = browser(scene.cast.dana), at(scene, "away")
    page = dana.get(url).content.decode()
    assert "Erin" in text_of(page)
    sent = {**form_on(page, "first"), "deputy": str(scene.cast.erins_post.pk)}
    assert sent["practitioner"] == str(scene.cast.danas_post.pk)
    sent |= {"first": "2026-10-20", "last": "2026-10-23"}
    assert dana.post(url, sent).headers["Location"] == "/duty/"
    assert "Dana is away from October 20 to October 23. Erin stands in." in duty(scene.cast.dana)
    with scene.cast.inside():
        absence = Absence.objects.get()
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert "Now Erin, without a deputy" in duty(scene.cast.dana)
        words = text_of(browser(scene.cast.erin).get("/caseload/?whose=mine").content.decode())
        assert "Alice" in words and "You stand in for Dana until October 23." in words
    dana.post(f"/absences/{absence.pk}/end/")
    assert "Nobody has said that they will be away." in duty(scene.cast.dana)


def test_a_clinician_speaks_only_for_themselves(scene: Scene) -> None:
    dana, url = browser(scene.cast.dana), at(scene, "away")
    sent = {"practitioner": str(scene.cast.erins_post.pk), "deputy": str(scene.cast.danas_post.pk)}
    sent |= {"first": "2026-10-20", "last": "2026-10-23"}
    assert dana.post(url, sent).status_code == 422
    with scene.cast.inside():
        assert not Absence.objects.exists()
    erin = browser(scene.cast.erin)
    sent = {"practitioner": str(scene.cast.danas_post.pk), "deputy": str(scene.cast.erins_post.pk)}
    assert erin.post(url, {**sent, "first": "2026-10-20", "last": "2026-10-20"}).status_code == 302


def test_days_the_wrong_way_round_are_refused_beside_the_field(scene: Scene) -> None:
    dana, url = browser(scene.cast.dana), at(scene, "away")
    sent = form_on(dana.get(url).content.decode(), "first")
    sent |= {"deputy": str(scene.cast.erins_post.pk), "first": "2026-10-23", "last": "2026-10-20"}
    answer = dana.post(url, sent)
    assert answer.status_code == 422
    assert "The last day must not be before the first." in text_of(answer.content.decode())
