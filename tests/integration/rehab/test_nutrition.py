"""Nutrition plans: each change a version, set by a named person, seen with the scope for diet."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from patients.access.walls import within_clinics
from patients.domain.errors import Invalid, NotAllowed, NotVisible
from patients.domain.roles import Scope
from patients.models import AuditEvent
from rehab.actions.nutrition import set_nutrition_plan
from rehab.domain.nutrition import NutritionEntry, SupplementEntry
from rehab.models import NutritionPlan
from rehab.models.reads.nutrition import nutrition_plan_of
from tests.integration.rehab.scenes import local
from tests.people import make_helper, make_user

AT = local(19, 20)
ENTRY = NutritionEntry(
    set_by="Ana Ruiz",
    set_by_role="Dietitian",
    set_on=date(2026, 10, 12),
    weight_kg=52.0,
    weighed_on=date(2026, 10, 10),
    protein_g_per_kg=0.8,
    food_level=5,
    supplements=(SupplementEntry(text="Thickener"),),
)


def ordered(cast, *, by=None, entry=ENTRY):
    return set_nutrition_plan(by=by or cast.dana, at=AT, patient_id=cast.patient.pk, entry=entry)


def test_a_change_is_a_new_version_and_the_earlier_one_stays(cast):
    first, is_new = ordered(cast)
    second, _new = ordered(cast, entry=replace(ENTRY, protein_g_per_kg=1.0))
    assert is_new and (first.number, second.number) == (1, 2)
    with cast.inside():
        assert NutritionPlan.objects.get(number=1).protein_g_per_kg == 0.8
        view = nutrition_plan_of(cast.patient.pk)
    assert view.targets.protein_g_per_kg == 1.0
    assert [each.number for each in view.versions] == [2, 1]


def test_saying_the_same_again_adds_no_version(cast):
    ordered(cast)
    again, is_new = ordered(cast)
    assert (again.number, is_new) == (1, False)


def test_grams_that_nobody_gave_are_not_made_up(cast):
    plan, _new = ordered(cast)
    assert plan.protein_g is None


def test_a_change_is_in_the_audit_without_its_numbers(cast):
    ordered(cast)
    with cast.inside():
        event = AuditEvent.objects.get(kind="nutrition.set")
    assert (event.actor_id, event.detail) == (cast.dana.pk, {"number": 1})


def test_a_disagreement_is_refused_and_nothing_kept(cast):
    with pytest.raises(Invalid) as caught:
        ordered(cast, entry=replace(ENTRY, protein_g=70))
    assert {error.field for error in caught.value.errors} == {
        "protein_g",
        "protein_g_per_kg",
        "weight_kg",
    }
    with cast.inside():
        assert not NutritionPlan.objects.exists()


def test_an_unusual_value_is_kept_once_it_is_confirmed(cast):
    entry = replace(ENTRY, protein_g_per_kg=2.0)
    with pytest.raises(Invalid) as caught:
        ordered(cast, entry=entry)
    assert caught.value.code == "confirm_required"
    plan, _new = ordered(cast, entry=replace(entry, confirmed=("protein_g_per_kg",)))
    assert (plan.protein_g_per_kg, plan.confirmed) == (2.0, ["protein_g_per_kg"])


@pytest.mark.parametrize("who", ["alice", "bob", "erin"])
def test_only_a_clinician_of_the_patient_records_it(cast, who):
    with pytest.raises(NotAllowed):
        ordered(cast, by=getattr(cast, who))


@pytest.mark.parametrize("who", ["charlie", "olga"])
def test_strangers_find_no_patient(cast, who):
    with pytest.raises(NotVisible):
        ordered(cast, by=getattr(cast, who))


def test_it_is_seen_with_the_scope_for_diet_only(cast):
    ordered(cast)
    cook = make_user("gina")
    make_helper(cast.patient, cook, scopes=(Scope.SEE_DIET,))
    with cast.inside():
        assert NutritionPlan.objects.visible_to(cook, at=AT).exists()
        assert not NutritionPlan.objects.visible_to(cast.bob, at=AT).exists()
    with within_clinics([cast.other_clinic.pk]):
        assert not NutritionPlan.objects.exists()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"set_by": ""}, "nutrition_set_by_somebody"),
        ({"weighed_on": None}, "nutrition_weight_has_its_day"),
        ({"weight_kg": None}, "nutrition_targets_rest_on_a_weight"),
        ({"food_level": 2}, "nutrition_food_iddsi_3_to_7"),
        ({"drink_level": 5}, "nutrition_drink_iddsi_0_to_4"),
        ({"number": 1}, "nutrition_version_once"),
    ],
)
def test_the_database_holds_it_too(cast, changes, name):
    plan, _new = ordered(cast)
    row = {
        field.attname: getattr(plan, field.attname)
        for field in plan._meta.concrete_fields
        if field.attname != "id"
    }
    with cast.inside(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        NutritionPlan.objects.create(**{**row, "number": 2, **changes})
