from django.test import Client

from tests.integration.web.scenes import Scene, browser, form_on, text_of


def test_everybody_is_sent_to_their_own_work(scene: Scene) -> None:
    cast = scene.cast
    assert browser(cast.alice).get("/").headers["Location"] == scene.page("today/")
    assert browser(cast.bob).get("/").headers["Location"] == "/care/"
    assert browser(cast.dana).get("/").headers["Location"] == "/caseload/"
    assert Client().get("/").headers["Location"].startswith("/accounts/login/")


def test_today_says_what_is_due_now_and_what_was_missed(scene: Scene) -> None:
    html = browser(scene.cast.alice).get(scene.page("today/")).content.decode()
    words = text_of(html)
    assert "Due now" in words and "Done as planned" in words
    assert "to 90° and no further" in words
    assert "Not recorded" in words, "the morning's session was missed"
    assert "180" not in words, "a normal angle is for clinicians only"


def test_today_is_complete_in_chinese(scene: Scene) -> None:
    words = text_of(browser(scene.cast.alice, "zh-hans").get(scene.page("today/")).content.decode())
    assert "现在该做" in words and "已按计划完成" in words and "到 90°，不可超过" in words
    assert "Due now" not in words


def test_two_taps_record_that_it_was_done_and_nothing_else(scene: Scene) -> None:
    alice, url = browser(scene.cast.alice), scene.due(scene.passive, "s2", "as-planned/")
    sent = form_on(alice.get(url).content.decode(), "opened_at")

    answer = alice.post(url, sent)

    assert answer.status_code == 302 and answer.headers["Location"] == scene.page("today/")
    [log] = scene.logs()
    assert (log.as_planned, log.outcome, log.performer, log.pain) == (True, "done", "patient", None)
    assert [part.measures for part in scene.logged_parts()] == [{}, {}]


def test_a_double_tap_is_one_session(scene: Scene) -> None:
    alice, url = browser(scene.cast.alice), scene.due(scene.passive, "s2", "as-planned/")
    sent = form_on(alice.get(url).content.decode(), "opened_at")

    alice.post(url, sent)
    again = alice.post(url, sent, follow=True)

    assert len(scene.logs()) == 1
    assert "was recorded already" in text_of(again.content.decode())


def test_htmx_gets_the_card_and_then_the_day(scene: Scene) -> None:
    alice, occurrence = browser(scene.cast.alice), scene.occurrence(scene.passive, "s2")
    url = scene.due(scene.passive, "s2", "as-planned/")
    card = alice.get(url, headers={"HX-Request": "true", "HX-Target": f"due-{occurrence}"})
    assert b"<html" not in card.content and f'id="due-{occurrence}"'.encode() in card.content

    sent = form_on(card.content.decode(), "opened_at")
    day = alice.post(url, sent, headers={"HX-Request": "true", "HX-Target": "today"})

    assert b"<html" not in day.content and b'id="today"' in day.content
    assert "HX-Request" in day.headers["Vary"]
    assert "is recorded" in text_of(day.content.decode())


def test_the_two_taps_of_stimulation_ask_about_the_skin_first_and_last(scene: Scene) -> None:
    words = text_of(
        browser(scene.cast.alice)
        .get(scene.due(scene.stimulation, "s1", "as-planned/"))
        .content.decode()
    )
    before = words.index("Have you looked at the skin")
    after = words.index("After the session, how is the skin?")
    assert before < words.index("Now, at the end") < after


def test_undo_withdraws_the_session_and_makes_it_due_again(scene: Scene) -> None:
    alice, url = browser(scene.cast.alice), scene.due(scene.passive, "s2", "as-planned/")
    alice.post(url, form_on(alice.get(url).content.decode(), "opened_at"))
    [log] = scene.logs()

    page = alice.post(scene.page(f"sessions/{log.id}/withdraw/"), {"undo": "1"}, follow=True)

    [log] = scene.logs()
    assert log.status == "entered-in-error"
    assert "Done as planned" in text_of(page.content.decode())


def test_a_caregiver_did_it_unless_somebody_says_otherwise(scene: Scene) -> None:
    bob, url = browser(scene.cast.bob), scene.due(scene.passive, "s2", "as-planned/")
    sent = form_on(bob.get(url).content.decode(), "opened_at")
    bob.post(url, {**sent, "performer": "other", "performer_name": "Aunt Mei"})
    [log] = scene.logs()
    assert (log.author_id, log.performer, log.performer_name) == (
        scene.cast.bob.pk,
        "other",
        "Aunt Mei",
    )


def test_skipping_needs_a_reason_and_keeps_it(scene: Scene) -> None:
    alice, url = browser(scene.cast.alice), scene.due(scene.passive, "s2", "skip/")
    assert alice.post(url, {"reason": "", "note": ""}).status_code == 422
    page = alice.post(url, {"reason": "asleep", "note": "long nap"}, follow=True)
    words = text_of(page.content.decode())
    assert "Skipped" in words and "Asleep" in words


def test_later_reminds_again_and_leaves_it_due(scene: Scene) -> None:
    alice = browser(scene.cast.alice)
    page = alice.post(scene.due(scene.passive, "s2", "later/"), follow=True)
    words = text_of(page.content.decode())
    assert "We remind you again" in words and "Done as planned" in words


def test_a_stop_pauses_the_item_at_once_and_says_who_lets_it_go_on(scene: Scene) -> None:
    alice, url = browser(scene.cast.alice), scene.page(f"items/{scene.passive}/stop/")
    assert "Nobody watches" in text_of(alice.get(url).content.decode())
    page = alice.post(url, {"reason": "pain", "note": "sharp", "part": ""}, follow=True)
    words = text_of(page.content.decode())
    assert "Paused" in words and "Pain: sharp" in words
    assert "Only a clinician can let a paused item go on." in words


def test_a_stop_for_an_emergency_shows_what_to_do_at_once(scene: Scene) -> None:
    alice, url = browser(scene.cast.alice), scene.page(f"items/{scene.passive}/stop/")
    page = alice.post(url, {"reason": "breathless_or_chest_pain", "part": ""}, follow=True)
    words = text_of(page.content.decode())
    assert "What to do now" in words and "Do not stay alone" in words
    assert "Nobody watches" in words


def test_a_viewer_who_may_not_log_gets_no_buttons_and_no_way_in(scene: Scene) -> None:
    from tests.people import make_helper, make_user

    eve = make_user("eve")
    make_helper(scene.cast.patient, eve, scopes=["see_sessions"])
    client = browser(eve)
    assert "Done as planned" not in text_of(client.get(scene.page("today/")).content.decode())
    assert client.get(scene.due(scene.passive, "s2", "as-planned/")).status_code == 403
    assert client.get(scene.page("profile/")).status_code == 403


def test_a_stranger_finds_nothing(scene: Scene) -> None:
    charlie = browser(scene.cast.charlie)
    for name in ("", "today/", "history/", "plan/", "profile/", "outside-the-plan/"):
        assert charlie.get(scene.page(name)).status_code == 404, name


def test_a_skip_can_be_taken_back(scene: Scene) -> None:
    alice = browser(scene.cast.alice)
    alice.post(scene.due(scene.passive, "s2", "skip/"), {"reason": "asleep", "note": ""})
    page = alice.post(scene.due(scene.passive, "s2", "unskip/"), follow=True)
    assert "Done as planned" in text_of(page.content.decode())
