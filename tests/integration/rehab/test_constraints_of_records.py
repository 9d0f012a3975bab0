"""What the database itself refuses of measurements, meals, what is taken, feeds and orders."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from rehab.models import (
    Assessment,
    AssessmentAmendment,
    CalendarFeed,
    DietLog,
    DietLogAmendment,
    NutritionPlan,
    Plan,
    PlanItem,
    Reminder,
    TakenSubstance,
    TakenSubstanceAmendment,
)
from tests.integration.rehab.scenes import local
from tests.integration.rehab.test_constraints import keys, refuses
from tests.people import Cast
from tests.plans import assign, shoulder

AT = local(19, 12)


@pytest.fixture
def inside(cast: Cast):
    assign(cast, shoulder(), at=local(18, 20))
    with cast.inside():
        yield


def record(cast: Cast, model, **facts):
    """Store one record of a kind; without `facts` it is sound."""
    own = {
        Assessment: {"instrument": "pain_nrs", "assessed_by": "patient", "results": [{"value": 3}]},
        DietLog: {"text": "rice"},
        TakenSubstance: {"code": "ginseng"},
    }[model]
    shared = {
        "id": uuid4(),
        "fingerprint": b"0" * 32,
        "on": date(2026, 10, 19),
        "performed_at": AT,
        "performed_offset_minutes": 480,
        "performed_zone": "Asia/Shanghai",
        "received_at": AT,
        "author": cast.alice,
    }
    return model.objects.create(**keys(cast), **{**shared, **own, **facts})


def amendment(cast: Cast, model, **facts):
    given = {"record_id": uuid4(), "revision": 1, "kind": "amend", "by": cast.alice, "at": AT}
    return model.objects.create(**keys(cast), before={}, **{**given, "reason": "typo", **facts})


@pytest.mark.parametrize("model", [Assessment, DietLog, TakenSubstance])
def test_a_sound_record_is_stored(cast, inside, model):
    assert record(cast, model).revision == 1


@pytest.mark.parametrize(
    ("model", "refused"),
    [
        (Assessment, refuses("assessment_has_a_known_status")),
        (DietLog, refuses("dietlog_has_a_known_status")),
        (TakenSubstance, refuses("takensubstance_has_a_known_status")),
    ],
)
def test_a_record_has_a_known_status(cast, inside, model, refused):
    with refused:
        record(cast, model, status="lost")


@pytest.mark.parametrize(
    ("model", "refused"),
    [
        (Assessment, refuses("assessment_revision_counts_from_1")),
        (DietLog, refuses("dietlog_revision_counts_from_1")),
        (TakenSubstance, refuses("takensubstance_revision_counts_from_1")),
    ],
)
def test_revisions_of_a_record_count_from_1(cast, inside, model, refused):
    with refused:
        record(cast, model, revision=0)


@pytest.mark.parametrize(
    ("model", "refused"),
    [
        (AssessmentAmendment, refuses("assessmentamendment_has_a_reason")),
        (DietLogAmendment, refuses("dietlogamendment_has_a_reason")),
        (TakenSubstanceAmendment, refuses("takensubstanceamendment_has_a_reason")),
    ],
)
def test_who_corrects_a_record_says_why(cast, inside, model, refused):
    amendment(cast, model, kind="confirm", reason="")
    with refused:
        amendment(cast, model, reason="")


def test_an_assessment_names_its_instrument(cast, inside):
    with refuses("assessment_names_its_instrument"):
        record(cast, Assessment, instrument="")


def test_an_assessment_has_a_result(cast, inside):
    with refuses("assessment_has_a_result"):
        record(cast, Assessment, results=[])


@pytest.mark.parametrize("kilograms", [0.5, 401])
def test_a_weight_is_one_of_a_person(cast, inside, kilograms):
    with refuses("diet_weight_1_to_400_kg"):
        record(cast, DietLog, weight_kg=kilograms)


def test_protein_of_a_meal_is_not_below_0(cast, inside):
    record(cast, DietLog, protein_g=0)
    with refuses("diet_protein_not_below_0"):
        record(cast, DietLog, protein_g=-1)


def test_fluids_of_a_meal_are_not_below_0(cast, inside):
    record(cast, DietLog, fluids_ml=0)
    with refuses("diet_fluids_not_below_0"):
        record(cast, DietLog, fluids_ml=-1)


def test_what_is_taken_is_named(cast, inside):
    with refuses("taken_substance_is_named"):
        record(cast, TakenSubstance, code="", text="")


def test_what_is_taken_ends_after_it_begins(cast, inside):
    days = {"since": date(2026, 10, 5), "until": date(2026, 10, 4)}
    with refuses("taken_substance_ends_after_it_begins"):
        record(cast, TakenSubstance, **days)


def feed(cast: Cast, **facts):
    given = {"recipient": cast.alice, "secret_hash": "ab", "created_at": AT}
    return CalendarFeed.objects.create(**keys(cast), **{**given, "created_by": cast.alice, **facts})


def test_a_calendar_address_has_a_secret(cast, inside):
    with refuses("calendar_feed_has_a_secret"):
        feed(cast, secret_hash="")


def test_a_secret_is_of_one_calendar_address(cast, inside):
    feed(cast)
    with refuses("calendar_feed_secret_once"):
        feed(cast)


def test_a_calendar_address_is_revoked_by_somebody(cast, inside):
    with refuses("calendar_feed_revoked_at_with_by"):
        feed(cast, revoked_at=AT)


def test_a_calendar_address_is_not_revoked_before_it_was_made(cast, inside):
    early = {"revoked_at": AT - timedelta(hours=1), "revoked_by": cast.alice}
    with refuses("calendar_feed_revoked_after_it_was_made"):
        feed(cast, **early)


def ordered(cast: Cast, **facts):
    given = {"number": 1, "recorded_at": AT, "recorded_by": cast.dana, "set_by": "Dana"}
    return NutritionPlan.objects.create(
        **keys(cast), **{**given, "set_on": date(2026, 10, 19), **facts}
    )


def test_a_version_of_a_nutrition_plan_is_there_once(cast, inside):
    ordered(cast)
    with refuses("nutrition_version_once"):
        ordered(cast)


def test_a_nutrition_plan_is_set_by_somebody(cast, inside):
    with refuses("nutrition_set_by_somebody"):
        ordered(cast, set_by="")


def test_a_weight_in_a_nutrition_plan_has_its_day(cast, inside):
    with refuses("nutrition_weight_has_its_day"):
        ordered(cast, weight_kg=60)


@pytest.mark.parametrize("target", ["energy_kcal", "protein_g_per_kg", "protein_g"])
def test_targets_rest_on_a_weight(cast, inside, target):
    with refuses("nutrition_targets_rest_on_a_weight"):
        ordered(cast, **{target: 1.2})


@pytest.mark.parametrize("level", [2, 8])
def test_ordered_food_has_a_level_of_iddsi(cast, inside, level):
    with refuses("nutrition_food_iddsi_3_to_7"):
        ordered(cast, food_level=level)


def test_ordered_drinks_have_a_level_of_iddsi(cast, inside):
    with refuses("nutrition_drink_iddsi_0_to_4"):
        ordered(cast, drink_level=5)


@pytest.mark.parametrize("minutes", [4, 721])
def test_the_next_person_is_told_after_minutes_or_hours(inside, minutes):
    with refuses("plan_item_next_after_5_to_720_minutes"):
        PlanItem.objects.update(next_after_minutes=minutes)


def test_a_plan_that_cannot_be_computed_is_tried_again(inside):
    with refuses("plan_uncomputed_is_tried_again"):
        Plan.objects.update(uncomputed_since=AT)


def test_a_reminder_for_nobody_says_so(inside):
    with refuses("reminder_for_nobody_says_so"):
        Reminder.objects.update(recipient=None, nobody_reachable=False)
