"""Drugs, surgery, cells, research and what is only recorded become plan items by no route."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exercises.models import Exercise, Guidance, Protocol
from patients.domain.errors import Invalid
from rehab.actions.plans import activate_plan, create_plan, revise_plan
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft
from rehab.models import Plan, PlanItem
from tests.content import make_food, make_recipe
from tests.integration.rehab.scenes import local
from tests.integration.web.scenes import browser, form_on, text_of
from tests.people import phone_of
from tests.plans import assign, clear_profile, load_catalogue, shoulder, weekly

AT = local(18, 20)
NEVER = {"drug", "surgery", "research"}


@pytest.fixture
def clinic(cast):
    load_catalogue()
    return cast


def item(slug, **facts):
    return ItemDraft(exercise=slug, schedule=weekly("09:00"), **facts)


def refused(act):
    with pytest.raises(Invalid) as caught:
        act()
    return [error for error in caught.value.errors if error.code == "not_plannable"]


def drafting(cast, *items):
    draft = PlanDraft(title="Plan", items=items)
    return lambda: create_plan(by=cast.dana, at=AT, patient_id=cast.patient.pk, draft=draft)


def test_no_item_of_guidance_can_be_drafted_and_each_refusal_names_it(clinic):
    items = list(Guidance.objects.exclude(slug__in=Exercise.objects.values("slug")))
    found = refused(drafting(clinic, *(item(each.slug) for each in items)))
    reasons = {error.members["item"]: error.members["reason"] for error in found}
    assert set(reasons) == {each.slug for each in items}
    assert {each.slug for each in items if not each.planned} == {
        slug for slug, reason in reasons.items() if reason in NEVER
    }
    names = {each.slug: tuple(each.names.values()) for each in items}
    for error in found:
        assert any(name in error.detail for name in names[error.members["item"]])


def test_what_is_only_recorded_cannot_be_drafted(clinic):
    slugs = list(Exercise.objects.filter(use="record").values_list("slug", flat=True))
    assert slugs
    found = refused(drafting(clinic, *map(item, slugs)))
    assert [error.members["reason"] for error in found] == ["record_only"] * len(slugs)


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("warfarin", "drug"),
        ("angelica", "not_an_exercise"),
        ("spread", "not_an_exercise"),
        ("soft-dish", "not_an_exercise"),
    ],
)
def test_neither_a_drug_nor_a_dish_is_an_exercise(clinic, slug, reason):
    make_recipe("soft-dish", make_food("spread"))
    [error] = refused(drafting(clinic, item(slug)))
    assert (error.field, error.members["reason"]) == ("items.0.exercise", reason)


def test_a_part_is_refused_as_its_item_is(clinic):
    part = PartDraft(exercise="warfarin")
    [error] = refused(drafting(clinic, item("prom-shoulder-flexion", parts=(part,))))
    assert error.members == {"item": "warfarin", "reason": "drug"}


def test_a_withdrawn_exercise_begins_in_no_plan(clinic):
    Exercise.objects.filter(slug="prom-shoulder-flexion").update(withdrawn_at=timezone.now())
    [error] = refused(drafting(clinic, shoulder()))
    assert error.members["reason"] == "withdrawn"


def test_neither_a_draft_nor_a_running_plan_can_be_revised_to_hold_one(clinic):
    running = assign(clinic, shoulder(), at=AT)
    draft = drafting(clinic, shoulder())()
    for plan in (running, draft):
        wanted = PlanDraft(title="Plan", items=(item("warfarin"),))
        [error] = refused(
            lambda plan=plan, wanted=wanted: revise_plan(
                by=clinic.dana, at=AT + timedelta(hours=1), plan_id=plan.pk, draft=wanted
            )
        )
        assert error.members["reason"] == "drug"


def test_a_draft_cannot_start_once_its_exercise_is_only_to_be_recorded(clinic):
    clear_profile(clinic, at=AT)
    plan = drafting(clinic, shoulder())()
    Exercise.objects.filter(slug="prom-shoulder-flexion").update(use="record")
    [error] = refused(lambda: activate_plan(by=clinic.dana, at=AT, plan_id=plan.pk))
    assert error.members["reason"] == "record_only"


def post(cast, address, body):
    return phone_of(cast.dana).post(address, body, format="json")


def test_the_call_says_what_and_why(clinic):
    slug = Guidance.objects.filter(topic="surgery").order_by("slug")[0].slug
    body = {"title": "Plan", "items": [{"exercise": slug, "schedule": weekly("09:00")}]}
    answer = post(clinic, f"/api/v1/patients/{clinic.patient.pk}/plans", body)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["code"], error["item"], error["reason"]) == ("not_plannable", slug, "surgery")


def test_the_call_that_revises_says_it_too(clinic):
    plan = drafting(clinic, shoulder())()
    body = {"title": "Plan", "items": [{"exercise": "warfarin", "schedule": weekly("09:00")}]}
    answer = post(clinic, f"/api/v1/plans/{plan.pk}/revise", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["reason"] == "drug"


def test_a_protocol_cannot_bring_one_in(clinic):
    protocol = Protocol.objects.current().with_items().order_by("slug")[0]
    brought = protocol.current_items[0].parts.all()[0].exercise
    Exercise.objects.filter(pk=brought.pk).update(use="record")
    answer = post(
        clinic, f"/api/v1/patients/{clinic.patient.pk}/plans", {"protocol": protocol.slug}
    )
    assert answer.status_code == 422
    assert brought.slug in {error.get("item") for error in answer.json()["errors"]}
    with clinic.inside():
        assert not Plan.objects.exists()


def test_the_editor_adds_none_and_says_why(clinic):
    protocol = Protocol.objects.current().order_by("slug")[0].slug
    dana, url = browser(clinic.dana), f"/patients/{clinic.patient.pk}/plans/new/"
    sent = form_on(dana.get(f"{url}?protocol={protocol}").content.decode(), "base")
    grown = dana.post(url, {**sent, "grow": "item", "add_item": "warfarin"})
    assert "is about a drug" in text_of(grown.content.decode())
    before = form_on(grown.content.decode(), "base")
    saved = dana.post(url, {**before, "add_item": "warfarin"})
    assert saved.status_code == 422
    with clinic.inside():
        assert not PlanItem.objects.filter(exercise__slug="warfarin").exists()
