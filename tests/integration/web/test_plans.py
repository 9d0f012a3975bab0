import re

from rehab.models import Plan
from tests.integration.web.scenes import Scene, browser, form_on, text_of

FILLED = {
    "i0-t-minutes": "20",
    "i0-m-minutes": "30",
    "i0-t-cadence_rpm": "30",
    "i0-m-sessions_per_day": "1",
}
CHANNEL = {
    "pulse_width_us": "300",
    "frequency_hz": "40",
    "amplitude_ma": "60",
    "max-amplitude_ma": "80",
}


def _end_the_running_plan(scene: Scene) -> None:
    browser(scene.cast.dana).post(f"/plans/{scene.plan.pk}/complete/", {"reason": "a new one"})


def _editor(scene: Scene) -> tuple[str, dict[str, str]]:
    url = scene.page("plans/new/")
    dana = browser(scene.cast.dana)
    chosen = re.search(
        r'href="\?protocol=([a-z0-9-]*cycling[a-z0-9-]*)"', dana.get(url).content.decode()
    )
    assert chosen
    html = dana.get(f"{url}?protocol={chosen[1]}").content.decode()
    return html, {**form_on(html, "base"), **_days(html)}


def _days(html: str) -> dict[str, str]:
    """Boxes of one name are several values; one day is enough here."""
    return {"i0-days": "mon", "i1-days": "mon"}


def _channels(values: dict[str, str]) -> dict[str, str]:
    return {f"i0-p{place}-{code}": value for place in range(3) for code, value in values.items()}


def _drafted(scene: Scene) -> Plan:
    _html, sent = _editor(scene)
    browser(scene.cast.dana).post(
        scene.page("plans/new/"), {**sent, **FILLED, **_channels(CHANNEL)}
    )
    with scene.cast.inside():
        return Plan.objects.get(status="draft")


def test_a_protocol_shows_how_well_it_is_proven_and_fills_in_no_dose(scene: Scene) -> None:
    dana = browser(scene.cast.dana)
    words = text_of(dana.get(scene.page("plans/new/")).content.decode())
    assert "How well proven" in words
    html, sent = _editor(scene)
    assert "source: 15–45" in text_of(html)
    doses = [
        name for name, value in sent.items() if "amplitude" in name or "minutes" in name if value
    ]
    assert doses == []


def test_assigning_a_plan_from_a_protocol(scene: Scene) -> None:
    _end_the_running_plan(scene)
    dana, plan = browser(scene.cast.dana), _drafted(scene)
    dana.post(scene.page("profile/"), {**_profile(scene), "nerve-gluteals": "intact"})

    page = dana.post(f"/plans/{plan.pk}/check/", {}, follow=True)

    with scene.cast.inside():
        assert Plan.objects.get(pk=plan.pk).status == "active"
    words = text_of(page.content.decode())
    assert "The plan is active" in words and "60 mA · at most 80 mA" in words


def _profile(scene: Scene) -> dict[str, str]:
    return form_on(
        browser(scene.cast.dana).get(scene.page("profile/")).content.decode(), "injury_level"
    )


def test_a_plan_with_gaps_cannot_start_and_says_what_is_missing(scene: Scene) -> None:
    _end_the_running_plan(scene)
    _html, sent = _editor(scene)
    dana = browser(scene.cast.dana)
    dana.post(scene.page("plans/new/"), sent)
    with scene.cast.inside():
        plan = Plan.objects.get(status="draft")
    page = dana.post(f"/plans/{plan.pk}/check/", {})
    words = text_of(page.content.decode())
    assert page.status_code == 422 and "The plan cannot start yet" in words
    assert "fill in Duration" in words and "fill in Amplitude" in words


def test_an_unanswered_gate_sends_the_clinician_to_the_profile(scene: Scene) -> None:
    dana = browser(scene.cast.dana)
    dana.post(scene.page("profile/"), {**_profile(scene), "answer-pacemaker": "unknown"})
    plan = _drafted(scene)
    words = text_of(dana.get(f"/plans/{plan.pk}/check/").content.decode())
    assert "Answer this in the profile first" in words and "pacemaker" in words
    assert "Let it past in your name" not in words


def test_a_gate_is_let_past_only_by_name_with_a_reason_and_an_end(scene: Scene) -> None:
    _end_the_running_plan(scene)
    dana = browser(scene.cast.dana)
    answers = {"answer-pacemaker": "yes", "nerve-gluteals": "intact"}
    dana.post(scene.page("profile/"), {**_profile(scene), **answers})
    plan = _drafted(scene)
    url = f"/plans/{plan.pk}/check/"
    html = dana.get(url).content.decode()
    assert "Let it past in your name" in text_of(html)
    [reason] = set(re.findall(r'name="(gate~[^"]*implanted-electronics~reason)"', html))
    assert dana.post(url, {reason: "cardiologist agrees"}).status_code == 422
    until = reason.replace("~reason", "~until")
    page = dana.post(url, {reason: "cardiologist agrees", until: "2026-12-01"}, follow=True)
    assert "cardiologist agrees" in text_of(page.content.decode())


def test_revising_makes_a_version_and_keeps_the_one_before(scene: Scene) -> None:
    dana, url = browser(scene.cast.dana), f"/plans/{scene.plan.pk}/edit/"
    sent = form_on(dana.get(url).content.decode(), "base")
    changes = {
        "i0-times": "09:00",
        "i0-p0-max-end_angle_degrees": "60",
        "i0-p0-end_angle_degrees": "60",
    }
    days = {"i0-days": ["mon", "tue"], "i1-days": ["mon"]}
    page = dana.post(url, {**sent, **changes, **days, "note": "less, it hurt"}, follow=True)
    words = text_of(page.content.decode())
    assert "Version 2" in words and "Version 1" in words and "less, it hurt" in words
    assert "to 60° and no further" in words and "Mon, Tue · 09:00" in words


def test_a_dose_that_cannot_be_is_refused_beside_its_field(scene: Scene) -> None:
    dana, url = browser(scene.cast.dana), f"/plans/{scene.plan.pk}/edit/"
    sent = form_on(dana.get(url).content.decode(), "base")
    page = dana.post(
        url, {**sent, "i1-p0-amplitude_ma": "1000", "i0-days": "mon", "i1-days": "mon"}
    )
    html = page.content.decode()
    assert page.status_code == 422 and "Did you mean 100 mA?" in text_of(html)
    assert 'name="i1-p0-amplitude_ma" value="1000"' in html


def test_items_and_parts_can_be_added_and_left_out(scene: Scene) -> None:
    dana, url = browser(scene.cast.dana), f"/plans/{scene.plan.pk}/edit/"
    sent = {**form_on(dana.get(url).content.decode(), "base"), "i0-days": "mon", "i1-days": "mon"}
    grown = dana.post(url, {**sent, "grow": "item", "add_item": "standing-frame"}).content.decode()
    assert "3. " in text_of(grown)
    more = {**form_on(grown, "base"), "i0-days": "mon", "i1-days": "mon", "i2-days": "mon"}
    more |= {"i2-rule": "weekly", "i2-times": "11:00", "i2-t-minutes": "20", "i2-p0-minutes": "20"}
    dana.post(url, {**more, "i1-remove": "on"})
    words = text_of(dana.get(scene.page("plan/")).content.decode())
    assert "Version 2" in words and "11:00" in words and "60 mA" not in words


def test_a_page_that_was_tampered_with_saves_nothing(scene: Scene) -> None:
    dana, url = browser(scene.cast.dana), f"/plans/{scene.plan.pk}/edit/"
    sent = form_on(dana.get(url).content.decode(), "base")
    page = dana.post(url, {**sent, "base": sent["base"] + "x"}, follow=True)
    assert "too old to save" in text_of(page.content.decode())


def test_the_profile_is_a_new_revision_and_unknown_stays_unknown(scene: Scene) -> None:
    dana, url = browser(scene.cast.dana), scene.page("profile/")
    sent = _profile(scene)
    assert sent["answer-epilepsy"] == "unknown"
    page = dana.post(url, {**sent, "injury_level": "T4", "base-systolic_mmhg": "102"}, follow=True)
    words = text_of(page.content.decode())
    assert "T4" in words and "102" in words and "Revision 2 by Dana" in words
    refused = dana.post(url, {**sent, "base-systolic_mmhg": "high"})
    assert refused.status_code == 422 and "Enter a number" in text_of(refused.content.decode())


def test_patients_and_caregivers_read_the_plan_and_no_normal_angle(scene: Scene) -> None:
    for who in (scene.cast.alice, scene.cast.bob):
        words = text_of(browser(who).get(scene.page("plan/")).content.decode())
        assert (
            "to 90° and no further" in words and "Usual range" not in words and "180" not in words
        )
        assert browser(who).get(f"/plans/{scene.plan.pk}/edit/").status_code == 403


def test_an_earlier_version_stays_readable(scene: Scene) -> None:
    dana, url = browser(scene.cast.dana), f"/plans/{scene.plan.pk}/edit/"
    sent = form_on(dana.get(url).content.decode(), "base")
    dana.post(url, {**sent, "i0-times": "09:00", "i0-days": "mon", "i1-days": "mon"})
    words = text_of(
        browser(scene.cast.bob).get(f"/plans/{scene.plan.pk}/?version=1").content.decode()
    )
    assert "earlier version" in words and "09:00, 16:00" in words and "Revise" not in words
