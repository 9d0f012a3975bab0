"""Progress on a page: a line first, charts and tables behind it, and to each reader their own."""

from uuid import uuid4

import time_machine

from rehab.actions.diet import log_diet
from rehab.actions.pauses import hold_plan
from rehab.actions.plans import revise_plan
from rehab.actions.schedule import materialise
from rehab.domain.definitions import DEFINITIONS
from rehab.domain.diet import DietEntry
from rehab.domain.plan_draft import PlanDraft
from tests.integration.api.scenes import body_of, detailed, local, log, plan_for
from tests.integration.web.scenes import browser, text_of
from tests.plans import items_of, shoulder

JUDGES = ("streak", "badge", "well done", "failed", "keep it up")


def days_pass(cast, first, last):
    for day in range(first, last + 1):
        with cast.inside():
            materialise(at=local(day, 1))


def a_fortnight(cast):
    """Arm twice a day; once from memory; revised on Wednesday of the second week, then paused."""
    plan = plan_for(cast)
    passive = items_of(plan)[0]
    days_pass(cast, 19, 26)
    for day, angle in ((19, 70), (20, 75), (21, 80), (26, 85)):
        seen = detailed(plan, local(day, 9), pain=2, end_angle_degrees=angle)
        log(cast, cast.bob, seen, local(day, 9, 10))
    log(cast, cast.bob, body_of(passive.series, local(22, 9), source="recalled"), local(23, 8))
    draft = PlanDraft(title="Plan", items=(shoulder("09:00", series=passive.series),), note="Less")
    revise_plan(by=cast.dana, at=local(28, 12), plan_id=plan.pk, draft=draft)
    days_pass(cast, 27, 30)
    hold_plan(by=cast.dana, at=local(29, 8), plan_id=plan.pk, series=passive.series, reason="Red")
    log(cast, cast.bob, body_of(passive.series, local(29, 9)), local(29, 9, 10))
    for day, kg in ((19, 62.0), (27, 61.0)):
        entry = DietEntry(
            performed_at=local(day, 8), zone="Asia/Shanghai", weight_kg=kg, protein_g=40
        )
        log_diet(
            by=cast.alice, at=local(day, 8, 5), patient_id=cast.patient.pk, log_id=uuid4(),
            entry=entry,
        )  # fmt: skip


def test_progress_says_one_line_first_and_everything_behind_it(cast):
    a_fortnight(cast)
    address = f"/patients/{cast.patient.pk}/progress/"
    with time_machine.travel(local(30, 12), tick=False):
        answer = browser(cast.alice).get(address)
        html, words = answer.content.decode(), text_of(answer.content.decode())
        table = f"/api/v1/patients/{cast.patient.pk}/progress.csv"
        assert table in html and browser(cast.alice).get(table).status_code == 200
        assert "1 of 5 this week so far; last yesterday" in words
        assert "In 12 weeks: 5 of " in words and "1 of them from memory; without these" in words
        assert "1 while it was paused: kept, and not counted" in words
        assert "Pain: 2 of 10 at most, 2.0 on average" in words
        assert 'class="recalled"' in html and 'class="paused"' in html and 'class="held"' in html
        assert html.count('class="plan-mark"') > 2 and ">v2<" in html
        assert "Version 2 of the plan came into force" in words and "“Less”" in words
        assert "last 85° · between 70 and 85°" in words and "61 kg" in words
        assert "partly from memory" in words
        assert [word for word in JUDGES if word in words.lower()] == []
        assert "China time" not in words, "the patient lives by that clock"

        bob = text_of(browser(cast.bob).get(address).content.decode())
        assert "China time" in bob and "last 85°" in bob
        assert "61 kg" not in bob and "Protein a day" not in bob
        assert "Weight and protein are not shown to you." in bob
        six = browser(cast.dana, "zh-hans").get(f"{address}?weeks=6").content.decode()
        assert "6 周内" in text_of(six) and "体重" in six
        assert browser(cast.charlie).get(address).status_code == 404


def test_every_figure_is_explained_in_the_words_that_programs_read(cast):
    page = browser(cast.bob, "zh-hans").get("/help/figures/").content.decode()
    for code, each in DEFINITIONS.items():
        assert f'id="{code}"' in page and each.meaning["zh-Hans"] in text_of(page), code
