from datetime import timedelta
from re import findall, search

from exercises import pictures
from tests.integration.web.scenes import NOW, Scene, browser, form_on, text_of


def _open(scene: Scene, series: str, slot: str, who: str = "alice") -> tuple:
    client = browser(getattr(scene.cast, who))
    url = scene.due(getattr(scene, series), slot)
    return client, url, form_on(client.get(url).content.decode(), "opened_at")


def test_nothing_is_prefilled_that_nobody_saw(scene: Scene) -> None:
    _client, _url, sent = _open(scene, "passive", "s2")
    seen = {name: value for name, value in sent.items() if name.startswith(("p0-", "p1-", "s-"))}
    assert {name: value for name, value in seen.items() if value} == {
        "p0-outcome": "done",
        "p1-outcome": "done",
    }
    assert sent["effort"] == "" and sent["p0-pain"] == ""


def test_a_passive_session_in_detail(scene: Scene) -> None:
    bob, url, sent = _open(scene, "passive", "s2", who="bob")
    bob.post(
        url,
        {
            **sent,
            "p0-outcome": "partial",
            "p0-pain": "0",
            "p0-reach": "less",
            "p0-end_angle_degrees": "８５",
            "p1-pain": "cannot_feel",
            "effort": "0",
            "minutes": "12 min",
            "note": "tired today",
        },
    )
    [log] = scene.logs()
    elbow, shoulder = scene.logged_parts()
    assert (log.outcome, log.pain, log.effort, float(log.minutes or 0)) == ("partial", 0, 0, 12.0)
    assert (shoulder.outcome, shoulder.pain) == ("partial", 0)
    assert shoulder.measures == {"end_angle_degrees": 85, "reach": "less"}
    assert shoulder.typed["end_angle_degrees"]["text"] == "８５"
    assert (elbow.pain, elbow.pain_unfelt, elbow.measures) == (None, True, {})


def test_stimulation_keeps_what_was_delivered_per_channel_and_the_skin(scene: Scene) -> None:
    alice, url, sent = _open(scene, "stimulation", "s1")
    alice.post(
        url,
        {
            **sent,
            "p0-amplitude_ma": "62",
            "p0-pulse_width_us": "300",
            "p0-frequency_hz": "40",
            "p0-minutes": "30",
            "gate-skin_before": "looked_fine",
            "gate-skin_after": "looked_fine",
        },
    )
    [log], [part] = scene.logs(), scene.logged_parts()
    assert part.measures["amplitude_ma"] == 62
    assert log.details["skin_after"] == "looked_fine"
    assert log.details["gate"]["skin_before"] == "looked_fine"


def test_the_plans_value_stands_beside_the_field(scene: Scene) -> None:
    alice = browser(scene.cast.alice)
    words = text_of(alice.get(scene.due(scene.stimulation, "s1")).content.decode())
    assert "Plan: 60 mA, at most 80 mA" in words


def test_what_cannot_be_is_refused_beside_its_field_and_the_rest_is_kept(scene: Scene) -> None:
    alice, url, sent = _open(scene, "stimulation", "s1")
    answer = alice.post(url, {**sent, "p0-amplitude_ma": "1000", "note": "kept"})
    html = answer.content.decode()
    kept = form_on(html, "opened_at")
    assert answer.status_code == 422 and scene.logs() == []
    assert "Did you mean 100 mA?" in text_of(html)
    assert (kept["p0-amplitude_ma"], kept["note"], kept["id"]) == ("1000", "kept", sent["id"])
    assert 'name="p0-amplitude_ma" value="1000"' in html
    assert html.count("autofocus") == 1
    # The cursor stands in the field, and a reader of screens says the error with it.
    [field] = findall(r"<input[^>]*name=\"p0-amplitude_ma\"[^>]*>", html)
    assert "autofocus" in field and 'aria-invalid="true"' in field
    described = search(r'aria-describedby="([^"]*)"', field)
    assert described and 'id="id_p0-amplitude_ma_error"' in html
    assert "id_p0-amplitude_ma_error" in described[1] and 'role="alert"' in html


def test_what_is_unusual_is_asked_about_and_kept_under_the_same_id(scene: Scene) -> None:
    alice, url, sent = _open(scene, "passive", "s2")
    asked = alice.post(url, {**sent, "p0-end_angle_degrees": "130"})
    html = asked.content.decode()
    again = form_on(html, "unusual")
    assert asked.status_code == 422 and scene.logs() == []
    assert "above the prescribed maximum" in text_of(html)

    alice.post(url, {**again, "yes": "1"})

    [log] = scene.logs()
    assert str(log.id) == sent["id"]
    assert {"confirmed_unusual", "above_prescribed_maximum"} <= set(log.marks)


def test_a_corrected_value_needs_no_confirmation(scene: Scene) -> None:
    alice, url, sent = _open(scene, "passive", "s2")
    again = form_on(
        alice.post(url, {**sent, "p0-end_angle_degrees": "130"}).content.decode(), "unusual"
    )
    alice.post(url, {**again, "p0-end_angle_degrees": "80"})
    assert scene.logs()[0].marks == []


def test_a_red_flag_leads_to_what_to_do_and_whom_to_call(scene: Scene) -> None:
    bob, url, sent = _open(scene, "passive", "s2", who="bob")
    page = bob.post(url, {**sent, "p0-pain": "8"}, follow=True)
    words = text_of(page.content.decode())
    assert "/alerts/" in page.redirect_chain[-1][0]
    assert "What is still allowed" in words and "Whom to call" in words
    assert scene.cast.clinic.emergency_number in words
    assert "Nobody watches" in words
    assert "Not yet seen by anyone at the clinic." in words
    assert "Paused" in text_of(bob.get(scene.page("today/")).content.decode())


def test_a_red_flag_in_a_refused_entry_is_shown_all_the_same(scene: Scene) -> None:
    bob, url, sent = _open(scene, "passive", "s2", who="bob")
    answer = bob.post(url, {**sent, "p0-pain": "8", "p0-end_angle_degrees": "999"})
    words = text_of(answer.content.decode())
    assert answer.status_code == 422 and scene.logs() == []
    assert "Whom to call" in words and "above the recordable limit" in words


def test_a_missed_session_is_written_down_for_its_own_time(scene: Scene) -> None:
    alice, url, sent = _open(scene, "passive", "s1")
    assert (sent["when"], sent["on"], sent["at"]) == ("earlier", "2026-10-19", "")
    assert alice.post(url, sent).status_code == 422
    alice.post(url, {**sent, "at": "09:10"})
    [log] = scene.logs()
    assert log.performed_at == NOW - timedelta(hours=8, minutes=40)
    assert log.occurrence_id == scene.occurrence(scene.passive, "s1")


def test_a_session_beyond_what_was_due_is_extra(scene: Scene) -> None:
    alice = browser(scene.cast.alice)
    url = scene.page(f"items/{scene.stimulation}/")
    sent = form_on(alice.get(url).content.decode(), "opened_at")
    alice.post(url, {**sent, "when": "earlier", "on": "2026-10-18", "at": "12:00"})
    [log] = scene.logs()
    assert log.placement == "extra" and "recalled" in log.marks


def test_what_happened_outside_the_plan_is_kept_and_not_counted(scene: Scene) -> None:
    alice, url = browser(scene.cast.alice), scene.page("outside-the-plan/")
    sent = form_on(alice.get(url).content.decode(), "description")
    page = alice.post(url, {**sent, "description": "squeezed a ball"}, follow=True)
    assert scene.logs() == []
    assert "outside the plan" in text_of(page.content.decode())


def test_each_part_is_drawn_on_its_own_side_as_far_as_the_plan_lets_it_go(scene: Scene) -> None:
    page = browser(scene.cast.bob).get(scene.due(scene.passive, "s2")).content.decode()
    shoulder = pictures.drawing(
        motion="shoulder.flexion", side="left", end_degrees=90, language="en", occurrence=1
    )
    elbow = pictures.drawing(
        motion="elbow.extension", side="left", end_degrees=None, language="en", occurrence=2
    )
    assert shoulder in page
    assert elbow in page
    assert "Shoulder flexion, left side" in page
    assert "exercises/drawings.css" in page


def test_stimulation_shows_where_the_pads_lie(scene: Scene) -> None:
    alice = browser(scene.cast.alice, language="zh-hans")
    page = alice.get(scene.due(scene.stimulation, "s1")).content.decode()
    assert "股四头肌：电极位置（左侧）" in page


def test_two_taps_stay_two_taps_without_a_picture(scene: Scene) -> None:
    page = browser(scene.cast.alice).get(scene.due(scene.passive, "s2", "as-planned/"))
    assert "<svg xmlns" not in page.content.decode()
