"""Learn, for one patient: who reads it, what comes first, cautions, drawings, sources, search."""

import re

import pytest
from django.utils import timezone

from exercises import pictures
from exercises.models import Exercise, Guidance, Source
from patients.models import AuditEvent, Clinic
from tests.content import make_conflict, make_guidance, said, sign
from tests.integration.web.scenes import Scene, browser, text_of
from tests.plans import clear_profile


def get(scene: Scene, name: str, who: str = "alice", language: str = "en") -> str:
    answer = browser(getattr(scene.cast, who), language).get(scene.page(name))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def words(scene: Scene, name: str, who: str = "alice", language: str = "en") -> str:
    return text_of(get(scene, name, who, language))


def require_signatures(scene: Scene) -> None:
    Clinic.objects.filter(pk=scene.cast.clinic.pk).update(requires_signature=True)


PAGES = (
    "learn/",
    "learn/?q=skin",
    "learn/topics/daily_life/",
    "learn/exercises/",
    "learn/exercises/prom-elbow-extension/",
    "learn/guidance/walks-outside/",
    "learn/sources/denervated-muscle-review/",
)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_alice_bob_and_dana_read_and_charlie_gets_nothing(
    scene: Scene, name: str, language: str
) -> None:
    make_guidance("walks-outside")
    for who in ("alice", "bob", "dana"):
        get(scene, name, who, language)
    assert browser(scene.cast.charlie).get(scene.page(name)).status_code == 404
    assert browser(scene.cast.olga).get(scene.page(name)).status_code == 404


def test_learn_and_eat_stand_among_the_tabs(scene: Scene) -> None:
    html = get(scene, "today/")
    assert scene.page("learn/") in html
    assert scene.page("eat/") in html
    assert scene.page("learn/") in get(scene, "today/", "bob")
    assert scene.page("eat/") not in get(scene, "today/", "bob"), "Bob may not see the diet"


def test_the_few_most_useful_come_first(scene: Scene) -> None:
    shown = words(scene, "learn/")
    assert shown.index("Start here") < shown.index("Topics")
    first = get(scene, "learn/").split("topics-title")[0]
    assert 3 <= first.count("content-card") <= 4


def test_advice_comes_with_its_caution_and_how_well_it_is_proven(scene: Scene) -> None:
    make_guidance(
        "walks-outside",
        caution=said("Not after dark."),
        evidence_kind="human-uncontrolled",
        evidence_people=15,
    )
    for name in ("learn/topics/daily_life/", "learn/guidance/walks-outside/"):
        shown = words(scene, name)
        assert "Do it." in shown
        assert "Not after dark." in shown
        assert "Tried in people, without a comparison: 15 people" in shown
        assert "Not yet reviewed by your clinic" in shown


def test_what_is_traditional_is_called_so(scene: Scene) -> None:
    make_guidance("herb-bath", topic="traditional")
    assert "Traditional view, not tested" in words(scene, "learn/guidance/herb-bath/")


def test_a_signature_takes_the_mark_away_and_new_words_bring_it_back(scene: Scene) -> None:
    item = make_guidance("walks-outside")
    sign(scene.cast.clinic, scene.cast.dana, item)
    shown = words(scene, "learn/guidance/walks-outside/")
    assert "Reviewed by your clinic" in shown
    assert "Not yet reviewed by your clinic" not in shown
    Guidance.objects.filter(pk=item.pk).update(digest="other")
    assert "Not yet reviewed by your clinic" in words(scene, "learn/guidance/walks-outside/")


def test_a_clinic_that_asks_for_signatures_shows_nothing_without(scene: Scene) -> None:
    signed, unsigned = make_guidance("walks-outside"), make_guidance("walks-inside")
    sign(scene.cast.clinic, scene.cast.dana, signed)
    require_signatures(scene)
    shown = words(scene, "learn/topics/daily_life/")
    assert "walks-outside" in shown
    assert "walks-inside" not in shown
    assert "not signed by the clinic yet" in shown
    refused = browser(scene.cast.alice).get(scene.page("learn/guidance/walks-inside/"))
    assert refused.status_code == 404
    hidden = text_of(refused.content.decode())
    assert "This is hidden for you" in hidden
    assert "Do it." not in hidden and "walks-inside" not in hidden
    assert unsigned.slug in words(scene, "learn/topics/daily_life/", "dana"), "she is to sign it"


def test_what_is_only_kept_is_on_no_page(scene: Scene) -> None:
    kept = {"advice_audience": "archive", "caution_audience": "archive"}
    make_guidance("cure-all", name="Xanadu cure", caution=said("Xanadu caution"), **kept)
    for who in ("alice", "bob", "dana"):
        assert "Xanadu" not in words(scene, "learn/topics/daily_life/", who)
        assert "Nothing found" in words(scene, "learn/?q=Xanadu", who)
        answer = browser(getattr(scene.cast, who)).get(scene.page("learn/guidance/cure-all/"))
        assert answer.status_code == 404


def test_a_conflict_hides_the_advice_and_leaves_the_caution(scene: Scene) -> None:
    make_guidance("xanadu-light", caution=said("Never at the cost of protein."))
    make_conflict("guidance", "xanadu-light")
    shown = words(scene, "learn/guidance/xanadu-light/")
    assert "Do it." not in shown
    assert "Not shown as advice for you: sources disagree" in shown
    assert "Never at the cost of protein." in shown


def test_a_clinician_s_item_does_not_reach_patients(scene: Scene) -> None:
    only = {"advice_audience": "clinician", "caution_audience": "clinician"}
    make_guidance("nerve-graft", name="Xanadu graft", **only)
    refused = browser(scene.cast.alice).get(scene.page("learn/guidance/nerve-graft/"))
    assert refused.status_code == 404
    assert "Xanadu" not in words(scene, "learn/topics/daily_life/")
    assert "Xanadu" in words(scene, "learn/topics/daily_life/", "dana")


def test_an_exercise_shows_steps_stops_cautions_and_the_plan_s_own_limit(scene: Scene) -> None:
    shown = words(scene, "learn/exercises/prom-shoulder-flexion/")
    row = Exercise.objects.get(slug="prom-shoulder-flexion")
    assert row.steps[0]["en"] in shown
    assert row.stop_at[0]["en"] in shown
    assert row.precautions.first().names["en"] in shown
    assert "In your plan: left, no further than 90°" in shown
    assert "<svg" in get(scene, "learn/exercises/prom-shoulder-flexion/").split("how-it")[0]


def _path_of(svg: str) -> list[str]:
    """What is drawn, without the ids."""
    return re.findall(r' d="([^"]+)"', svg)


def test_the_drawing_ends_where_the_plan_ends_and_shows_the_plan_s_side(scene: Scene) -> None:
    def drawn(**facts: object) -> list[str]:
        asked = {"motion": "shoulder.flexion", "side": "left", "language": "en", **facts}
        return _path_of(pictures.drawing(**asked))  # type: ignore[arg-type]

    html = get(scene, "learn/exercises/prom-shoulder-flexion/")
    shown = _path_of(html.split("card flat picture")[1].split("</svg>")[0])
    assert shown == drawn(end_degrees=90.0)
    assert shown != drawn(end_degrees=None)
    caption = pictures.title(motion="shoulder.flexion", side="left", language="en")
    assert caption in text_of(html)


def test_pads_are_drawn_for_stimulation_and_nothing_for_looking(scene: Scene) -> None:
    assert "card flat picture" in get(scene, "learn/exercises/fes-quadriceps/")
    assert "card flat picture" not in get(scene, "learn/exercises/skin-check/")


def test_no_page_shows_a_normal_angle(scene: Scene) -> None:
    shown = words(scene, "learn/exercises/prom-elbow-flexion/")
    assert "°" not in shown


def test_exercises_of_the_plan_stand_first(scene: Scene) -> None:
    shown = words(scene, "learn/exercises/")
    assert shown.index("In your plan") < shown.index("Passive shoulder flexion")
    assert "Your plan says what to do and how much" in shown


def test_an_exercise_barred_for_this_body_shows_no_steps(scene: Scene) -> None:
    barred = [{"exercise": "prom-elbow-flexion", "reason": "x"}]
    clear_profile(scene.cast, at=timezone.now(), barred=barred)
    refused = browser(scene.cast.alice).get(scene.page("learn/exercises/prom-elbow-flexion/"))
    assert refused.status_code == 404
    assert "barred by the clinic" in text_of(refused.content.decode())
    assert "Passive elbow flexion" not in words(scene, "learn/exercises/")


@pytest.mark.parametrize(("typed", "language"), [("elbow", "en"), ("屈肘", "zh-hans")])
def test_search_finds_in_both_languages(scene: Scene, typed: str, language: str) -> None:
    html = get(scene, f"learn/?q={typed}", "bob", language)
    assert "learn/exercises/prom-elbow-flexion/" in html


def test_searching_for_nonsense_is_calm(scene: Scene) -> None:
    shown = words(scene, "learn/?q=%00%27%3B+xylophone%00")
    assert "Nothing found" in shown


def test_a_caregiver_without_the_diet_finds_no_food(scene: Scene) -> None:
    html = get(scene, "learn/?q=peanut", "bob")
    assert "eat/foods" not in html and "eat/recipes" not in html


def test_the_source_page_shows_only_what_this_reader_reads(scene: Scene) -> None:
    section = Source.objects.get(code="denervated-muscle-review").sections.get(number="2.5")
    kept = {"advice_audience": "archive", "caution_audience": "archive"}
    for slug, facts in (("walks-outside", {}), ("cure-all", kept)):
        make_guidance(slug, name=f"Xanadu {slug}", **facts).sections.add(section)
    html = get(scene, "learn/sources/denervated-muscle-review/")
    shown = text_of(html)
    assert "2.5 Passive movement" in shown
    assert "Xanadu walks-outside" in shown
    assert "Xanadu cure-all" not in shown
    assert "Sections that nothing here rests on" in shown


def test_every_reading_page_names_the_version_of_the_content(scene: Scene) -> None:
    for name in ("learn/", "learn/exercises/", "eat/"):
        assert "Content version 1" in words(scene, name)


def test_nothing_is_said_calmly_when_there_is_nothing(scene: Scene) -> None:
    require_signatures(scene)
    shown = words(scene, "learn/")
    assert "Nothing to read yet" in shown
    assert "Your plan and your exercises are not affected" in shown


@pytest.mark.parametrize(
    "name",
    ["learn/topics/nonsense/", "learn/guidance/nothing/", "learn/exercises/nothing/",
     "learn/sources/nothing/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(scene: Scene, name: str) -> None:
    assert browser(scene.cast.alice).get(scene.page(name)).status_code == 404


def test_looking_is_written_in_the_audit(scene: Scene) -> None:
    get(scene, "learn/", "bob")
    with scene.cast.inside():
        kinds = AuditEvent.objects.filter(actor_id=scene.cast.bob.pk).values_list("kind", flat=True)
        assert "read.guidance" in set(kinds)
