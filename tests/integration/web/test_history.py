from datetime import timedelta

from patients.models import CareRelationship
from tests.integration.web.scenes import NOW, Scene, browser, form_on, text_of


def _log(scene: Scene, **values: str) -> str:
    alice, url = browser(scene.cast.alice), scene.due(scene.passive, "s2")
    sent = form_on(alice.get(url).content.decode(), "opened_at")
    alice.post(url, {**sent, **values})
    return str(scene.logs()[0].id)


def test_history_says_who_did_it_and_what_was_not_recorded(scene: Scene) -> None:
    log = _log(scene, **{"p0-pain": "2"})
    bob = browser(scene.cast.bob)
    line = text_of(bob.get(scene.page("history/")).content.decode())
    assert (
        "Today · Monday" in line
        and "Pain: 2 of 10" in line
        and "The patient · written by Alice" in line
    )
    page = text_of(bob.get(scene.page(f"sessions/{log}/")).content.decode())
    assert "Effort Not recorded" in page


def test_a_correction_keeps_what_was_said_before(scene: Scene) -> None:
    log = _log(scene, minutes="100")
    bob, url = browser(scene.cast.bob), scene.page(f"sessions/{log}/correct/")
    sent = form_on(bob.get(url).content.decode(), "opened_at")
    assert sent["minutes"] == "100"
    assert bob.post(url, {**sent, "minutes": "10", "reason": ""}).status_code == 422
    page = bob.post(url, {**sent, "minutes": "10", "reason": "typing mistake"}, follow=True)
    words = text_of(page.content.decode())
    assert "10 min" in words
    assert "Version 1, until" in words and "Corrected: Bob" in words and "typing mistake" in words
    assert "100 min" in words


def test_a_withdrawn_session_stays_readable(scene: Scene) -> None:
    log = _log(scene)
    alice, url = browser(scene.cast.alice), scene.page(f"sessions/{log}/withdraw/")
    assert alice.post(url, {"reason": " "}).status_code == 422
    alice.post(url, {"reason": "wrong patient"})
    words = text_of(alice.get(scene.page(f"sessions/{log}/")).content.decode())
    assert "Withdrawn" in words and "wrong patient" in words


def test_two_records_of_one_session_can_be_joined(scene: Scene) -> None:
    first = _log(scene)
    bob, url = browser(scene.cast.bob), scene.page(f"items/{scene.passive}/")
    sent = form_on(bob.get(url).content.decode(), "opened_at")
    bob.post(url, {**sent, "performer": "patient"})
    twin = next(log for log in scene.logs() if str(log.id) != first)
    page = bob.get(scene.page(f"sessions/{twin.id}/"))
    assert "It is the same session: count it once" in text_of(page.content.decode())
    bob.post(scene.page(f"sessions/{twin.id}/merge/"), {"into": first})
    assert [log.status for log in scene.logs()].count("recorded") == 1


def test_a_cursor_that_was_never_given_out_starts_at_the_top(scene: Scene) -> None:
    alice = browser(scene.cast.alice)
    assert alice.get(scene.page("history/?after=nonsense")).status_code == 200


def test_only_a_coordinator_reads_and_adopts_what_is_held_back(scene: Scene) -> None:
    with scene.cast.inside():
        CareRelationship.objects.filter(pk=scene.cast.bobs_relationship.pk).update(
            starts_at=NOW - timedelta(hours=1)
        )
    bob, url = browser(scene.cast.bob), scene.page(f"items/{scene.passive}/")
    sent = form_on(bob.get(url).content.decode(), "opened_at")
    page = bob.post(
        url, {**sent, "when": "earlier", "on": "2026-10-19", "at": "09:05"}, follow=True
    )
    [log] = scene.logs()
    address = scene.page(f"sessions/{log.id}/")
    assert log.status == "quarantined" and "held back" in text_of(page.content.decode())
    assert browser(scene.cast.alice).get(address).status_code == 404

    erin = browser(scene.cast.erin)
    assert "Held back until you adopt it" in text_of(erin.get(scene.page("")).content.decode())
    erin.post(f"{address}adopt/", {"reason": "Bob was there already"})
    assert scene.logs()[0].status == "recorded"
