from rehab.models import SafetyFlag
from tests.integration.web.scenes import Scene, browser, form_on, text_of


def _hurts(scene: Scene) -> None:
    bob, url = browser(scene.cast.bob), scene.due(scene.passive, "s2")
    sent = form_on(bob.get(url).content.decode(), "opened_at")
    bob.post(url, {**sent, "p0-pain": "8"})


def test_a_caregiver_sees_what_happened_and_what_comes_next(scene: Scene) -> None:
    bob = browser(scene.cast.bob)
    words = text_of(bob.get("/care/").content.decode())
    assert "Alice" in words and "China time, now 17:50" in words
    assert "Next : 16:00" in words or "Next: 16:00" in words
    assert "Carol" not in words, "Charlie's patient is not Bob's"


def test_times_are_labelled_with_the_patients_clock_for_others(scene: Scene) -> None:
    assert "Times are the patient's: China time" in text_of(
        browser(scene.cast.bob).get(scene.page("today/")).content.decode()
    )
    assert "Times are the patient's" not in text_of(
        browser(scene.cast.alice).get(scene.page("today/")).content.decode()
    )


def test_the_caseload_names_the_reason_to_look(scene: Scene) -> None:
    _hurts(scene)
    words = text_of(browser(scene.cast.dana).get("/caseload/").content.decode())
    assert "Alice" in words and "Same day: 1" in words and "Arm and thigh" in words


def test_the_patient_page_shows_adherence_pain_and_the_flag(scene: Scene) -> None:
    _hurts(scene)
    html = browser(scene.cast.dana).get(scene.page("")).content.decode()
    words = text_of(html)
    assert "Safety flags not seen yet" in words and "8 of 10 at most" in words
    assert 'role="img"' in html and "<title" in html and "<desc" in html and "<table>" in html


def test_a_caregiver_is_sent_from_the_overview_to_today(scene: Scene) -> None:
    answer = browser(scene.cast.bob).get(scene.page(""))
    assert answer.headers["Location"] == scene.page("today/")


def test_only_a_clinician_acknowledges_and_says_what_was_done(scene: Scene) -> None:
    _hurts(scene)
    with scene.cast.inside():
        flag = SafetyFlag.objects.get(rule="pain-threshold")
    url = f"/flags/{flag.pk}/acknowledge/"
    assert browser(scene.cast.bob).post(url, {"note": "fine"}).status_code == 403
    assert browser(scene.cast.charlie).post(url, {"note": "fine"}).status_code == 404
    dana = browser(scene.cast.dana)
    dana.post(url, {"note": ""})
    with scene.cast.inside():
        assert SafetyFlag.objects.get(pk=flag.pk).acknowledged_at is None
    dana.post(url, {"note": "rang the family"})
    with scene.cast.inside():
        assert SafetyFlag.objects.get(pk=flag.pk).acknowledged_by_id == scene.cast.dana.pk


def test_a_pause_of_a_rule_ends_only_with_a_note_and_a_second_look(scene: Scene) -> None:
    _hurts(scene)
    dana, url = browser(scene.cast.dana), f"/plans/{scene.plan.pk}/resume/"
    page = dana.get(scene.page("plan/")).content.decode()
    sent = form_on(page, "note")
    refused = dana.post(url, {**sent, "note": "rested"}, follow=True)
    assert "Look at the settings again" in text_of(refused.content.decode())
    dana.post(url, {**sent, "note": "rested", "reconfirmed": "1"})
    assert "Paused since" not in text_of(dana.get(scene.page("plan/")).content.decode())


def test_holding_all_training_and_letting_it_go_on(scene: Scene) -> None:
    dana, plan = browser(scene.cast.dana), scene.plan.pk
    dana.post(f"/plans/{plan}/hold/", {"series": "", "reason": "fever"})
    assert "whole plan is on hold" in text_of(
        browser(scene.cast.alice).get(scene.page("today/")).content.decode()
    )
    dana.post(f"/plans/{plan}/resume/", {"note": "well again"})
    assert "Done as planned" in text_of(
        browser(scene.cast.alice).get(scene.page("today/")).content.decode()
    )
