"""What became of a flag: who answered, when and what they wrote; a rise stays visible."""

from datetime import timedelta

import pytest

from patients.access.walls import within_every_clinic
from rehab.actions.acknowledging import acknowledge_flag
from rehab.actions.rising import raise_unseen
from rehab.models import Plan, SafetyFlag
from tests.integration.web.scenes import NOW, Scene, browser, text_of
from tests.people import Cast


@pytest.fixture
def flag(scene: Scene) -> SafetyFlag:
    return flagged(scene.cast, scene)


def flagged(cast: Cast, scene: Scene, level: str = "E2", hours: int = 80) -> SafetyFlag:
    with cast.inside():
        return SafetyFlag.objects.create(
            patient=cast.patient,
            clinic=cast.clinic,
            rule="pain-threshold",
            rule_version=1,
            level=level,
            occurred_at=NOW - timedelta(hours=hours),
            raised_at=NOW - timedelta(hours=hours),
            series=scene.passive,
        )


def rise() -> None:
    with within_every_clinic():
        raise_unseen(at=NOW)


def answer(scene: Scene, flag: SafetyFlag) -> None:
    acknowledge_flag(by=scene.cast.dana, at=NOW, flag_id=flag.pk, note="Called, she rests")


def words_at(scene: Scene, who: str, address: str) -> str:
    answer = browser(getattr(scene.cast, who)).get(address)
    assert answer.status_code == 200
    return text_of(answer.content.decode())


def test_who_answered_when_and_what_they_wrote_is_kept(scene: Scene, flag: SafetyFlag) -> None:
    assert "Nothing has been answered yet" in words_at(scene, "dana", "/flags/answered/")
    answer(scene, flag)
    for address in ("/flags/answered/", scene.page("flags/")):
        words = words_at(scene, "dana", address)
        assert "Called, she rests" in words and "Dana, Oct. 19, 2026" in words
        assert "All times are China time." in words and "17:50" in words
        assert "rose on" not in words


def test_a_flag_that_rose_unseen_says_from_which_level(scene: Scene, flag: SafetyFlag) -> None:
    rise()
    said = "Was “Next working day” and rose on"
    assert said in words_at(scene, "dana", scene.page(""))
    answer(scene, flag)
    words = words_at(scene, "dana", scene.page("flags/"))
    assert said in words and "Same day" in words


def test_only_whoever_receives_the_alerts_reads_the_answers(scene: Scene, flag: SafetyFlag) -> None:
    answer(scene, flag)
    for stranger in ("charlie", "olga"):
        assert browser(getattr(scene.cast, stranger)).get(scene.page("flags/")).status_code == 404
        assert "Called" not in words_at(scene, stranger, "/flags/answered/")


def test_what_a_flag_is_about_is_held_from_the_flag_itself(scene: Scene, flag: SafetyFlag) -> None:
    page = browser(scene.cast.dana).get(scene.page("")).content.decode()
    assert "Hold this item" in text_of(page) and f"/plans/{scene.plan.pk}/edit/" in page
    assert f'name="series" value="{scene.passive}"' in page
    sent = {"series": str(scene.passive), "reason": "sore"}
    browser(scene.cast.dana).post(f"/plans/{scene.plan.pk}/hold/", sent)
    words = words_at(scene, "dana", scene.page(""))
    assert "Let it go on" in words
    with scene.cast.inside():
        assert Plan.objects.get(pk=scene.plan.pk).status == "active", "one item, not the plan"
