"""The pages on which a patient says where they are, and gives times to a calendar program."""

import re

from django.test import Client

from rehab.actions.plans import revise_plan
from rehab.models import CalendarFeed, ZoneChange
from tests.integration.rehab.scenes import plan_of
from tests.integration.web.scenes import NOW, Scene, browser, form_on, text_of
from tests.plans import fes, items_of, shoulder


def made(scene: Scene, user, recipient):
    page = browser(user).get(scene.page("calendar/")).content.decode()
    sent = {**form_on(page, "recipient"), "recipient": str(recipient.pk)}
    return browser(user).post(scene.page("calendar/"), sent)


def address_in(html: str) -> str:
    (path,) = re.findall(r"(/calendar/[^<]+\.ics)", html)
    return path


def test_the_patient_makes_an_address_sees_it_once_and_closes_it(scene):
    alice = scene.cast.alice
    path = address_in(made(scene, alice, alice).content.decode())
    assert Client().get(path).status_code == 200

    later = browser(alice).get(scene.page("calendar/"))
    assert path not in later.content.decode()
    assert "Addresses in use" in text_of(later.content.decode())

    with scene.cast.inside():
        feed = CalendarFeed.objects.get()
    answer = browser(alice).post(scene.page(f"calendar/{feed.pk}/revoke/"))
    assert answer.status_code == 302
    assert Client().get(path).status_code == 404


def test_the_patient_makes_one_for_the_caregiver(scene):
    page = made(scene, scene.cast.alice, scene.cast.bob).content.decode()
    assert str(scene.cast.bob.pk) in address_in(page)


def test_who_does_not_manage_has_no_such_page_and_no_link_to_it(scene):
    assert browser(scene.cast.bob).get(scene.page("calendar/")).status_code == 403
    assert "calendar/" not in browser(scene.cast.bob).get(scene.page("plan/")).content.decode()
    assert "calendar/" in browser(scene.cast.alice).get(scene.page("plan/")).content.decode()


def test_the_patient_confirms_where_they_are(scene):
    follow(scene)
    page = browser(scene.cast.alice).get(scene.page("clock/")).content.decode()
    assert "data-offers-device-zone" in page
    sent = {**form_on(page, "zone"), "zone": "Asia/Tokyo"}
    answer = browser(scene.cast.alice).post(scene.page("clock/"), sent, follow=True)
    assert "Tokyo" in text_of(answer.content.decode())
    with scene.cast.inside():
        assert ZoneChange.objects.get().zone == "Asia/Tokyo"


def test_today_offers_it_to_the_patient_whose_plan_follows_them(scene):
    offered = 'data-clock-minutes="480"'
    assert offered not in browser(scene.cast.alice).get(scene.page("today/")).content.decode()
    follow(scene)
    assert offered in browser(scene.cast.alice).get(scene.page("today/")).content.decode()
    assert offered not in browser(scene.cast.bob).get(scene.page("today/")).content.decode()


def test_nobody_else_says_where_the_patient_is(scene):
    for person in (scene.cast.bob, scene.cast.dana):
        assert browser(person).get(scene.page("clock/")).status_code == 403
        assert browser(person).post(scene.page("clock/"), {"zone": "Asia/Tokyo"}).status_code == 403


def test_a_zone_that_is_not_in_the_list_is_refused_on_the_form(scene):
    answer = browser(scene.cast.alice).post(scene.page("clock/"), {"zone": "Mars/Olympus"})
    assert answer.status_code == 422


def follow(scene: Scene) -> None:
    items = [shoulder(zone_policy="follow", series=scene.passive), fes("18:00")]
    revise_plan(by=scene.cast.dana, at=NOW, plan_id=scene.plan.pk, draft=plan_of(*items))
    assert items_of(scene.plan)
