"""Who is told next is set on the plan's page, and whoever loses an address sees it in the app."""

from datetime import timedelta

import pytest

from patients.models import ContactPoint
from rehab.models import PlanItem
from tests.integration.web.scenes import NOW, Scene, browser, form_on, text_of
from tests.people import phone_of

LOST = "Messages no longer arrive at one of your addresses."


@pytest.fixture
def lost(scene: Scene) -> None:
    """The mail server says that nobody has this address, of any of them."""
    ContactPoint.objects.filter(user__in=[scene.cast.alice, scene.cast.bob]).update(
        retired_at=NOW - timedelta(days=1), retired_reason="smtp 550"
    )


def _words(scene: Scene, user, page: str) -> str:
    return text_of(browser(user).get(page).content.decode())


def test_whoever_lost_an_address_sees_it_where_they_look_first(scene: Scene, lost: None) -> None:
    assert LOST in _words(scene, scene.cast.alice, scene.page("today/"))
    assert LOST in _words(scene, scene.cast.bob, "/care/")
    assert LOST not in _words(scene, scene.cast.dana, "/caseload/")
    assert "alice@example.test" in _words(scene, scene.cast.alice, "/account/")


def test_nobody_is_told_of_an_address_that_works_again_or_that_they_removed(
    scene: Scene, lost: None
) -> None:
    ContactPoint.objects.create(
        user=scene.cast.alice, channel="email", address="alice@example.test", verified_at=NOW
    )
    ContactPoint.objects.filter(user=scene.cast.bob).update(retired_reason="removed")
    assert LOST not in _words(scene, scene.cast.alice, scene.page("today/"))
    assert LOST not in _words(scene, scene.cast.bob, "/care/")


def test_a_program_reads_the_same(scene: Scene, lost: None) -> None:
    assert phone_of(scene.cast.alice).get("/api/v1/me").json()["unreached"] is True
    assert phone_of(scene.cast.dana).get("/api/v1/me").json()["unreached"] is False


def test_who_is_told_next_and_after_how_long_is_set_on_the_plans_page(scene: Scene) -> None:
    cast, page = scene.cast, f"/plans/{scene.plan.pk}/edit/"
    dana = browser(cast.dana)
    sent = form_on(dana.get(page).content.decode(), "base")
    days = {"i0-days": "mon", "i1-days": "mon"}
    people = {"i0-first": str(cast.alice.pk), "i0-then": str(cast.bob.pk)}

    refused = dana.post(page, {**sent, **days, "i0-next_after_minutes": "30"})
    assert "Name who is told next, after the first." in text_of(refused.content.decode())

    assert "As for the item" in text_of(dana.get(page).content.decode())
    typed = {
        **sent,
        **days,
        **people,
        "i0-times": "08:00, 09:00, 16:00",
        "i0-next_after_minutes": "30",
    }
    grown = dana.post(page, {**typed, "grow": "slots"}).content.decode()
    assert "First at 08:00" in text_of(grown), "a time has its people as soon as it is typed"
    evening = {"i0-slot-s2-first": str(cast.bob.pk), "i0-slot-s2-then": str(cast.alice.pk)}
    dana.post(page, {**form_on(grown, "base"), **days, **evening})
    item = _newest(scene)
    assert item.reminded == [str(cast.alice.pk), str(cast.bob.pk)]
    assert item.next_after_minutes == 30
    assert item.reminded_by_slot == {"s2": [str(cast.bob.pk), str(cast.alice.pk)]}
    assert [each["id"] for each in item.schedule["slots"]] == ["s3", "s1", "s2"]


def test_a_time_that_goes_takes_its_people_along_and_leaves_the_others_theirs(scene: Scene) -> None:
    cast, page = scene.cast, f"/plans/{scene.plan.pk}/edit/"
    dana = browser(cast.dana)
    days = {"i0-days": "mon", "i1-days": "mon"}
    people = {"i0-slot-s1-first": str(cast.alice.pk), "i0-slot-s2-first": str(cast.bob.pk)}
    dana.post(page, {**form_on(dana.get(page).content.decode(), "base"), **days, **people})
    sent = form_on(dana.get(page).content.decode(), "base")
    assert sent["i0-slot-s2-first"] == str(cast.bob.pk)
    dana.post(page, {**sent, **days, "i0-times": "16:00"})
    item = _newest(scene)
    assert item.schedule["slots"] == [{"id": "s2", "at": "16:00"}]
    assert item.reminded_by_slot == {"s2": [str(cast.bob.pk)]}


def _newest(scene: Scene) -> PlanItem:
    with scene.cast.inside():
        item = PlanItem.objects.order_by("-version__number", "position").first()
    assert item is not None
    return item
