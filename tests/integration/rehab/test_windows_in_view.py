"""Weeks since an injury, days since a ride, tasks of a plan: from what is recorded of a patient."""

from datetime import date, timedelta

import pytest

from exercises.models import TimeWindow
from rehab.actions.profile import record_profile
from rehab.models import Plan
from rehab.models.reads.caseload import caseload_of
from rehab.models.reads.windows import in_view_of
from tests.integration.rehab.scenes import done, local
from tests.people import make_clinician, make_patient
from tests.plans import assign, clear_profile, fes, load_catalogue, shoulder

NOW = local(19, 12)
# Three weeks before: week 4 of 8.
INJURED = "2026-09-28"


def palsy(since: str | None = INJURED, code: str = "radial_nerve_palsy") -> list[dict[str, object]]:
    return [{"code": code, "limbs": ["left_arm"], "since": since, "note": ""}]


def in_view(cast, *, at=NOW, see=True):
    patients = [cast.patient.pk]
    with cast.inside():
        found = in_view_of(patients, with_conditions=patients if see else [], now=at)
    return found[cast.patient.pk]


def standing(found, code):
    return next((each.standing for each in found.windows if each.standing.code == code), None)


@pytest.fixture
def injured(cast):
    load_catalogue()
    clear_profile(cast, at=local(1, 8), conditions=palsy())
    return cast


def test_weeks_are_counted_from_the_day_of_the_nerve_injury(injured):
    found = standing(in_view(injured), "tw_denervation_2_months")
    assert (found.week, found.weeks) == (4, 8)


def test_after_the_window_nothing_is_said_of_it(injured):
    late = NOW + timedelta(weeks=5)
    assert standing(in_view(injured, at=late), "tw_denervation_2_months") is None


def test_who_may_not_see_diagnoses_gets_nothing_counted_from_one(injured):
    assert standing(in_view(injured, see=False), "tw_denervation_2_months") is None


@pytest.mark.parametrize("conditions", [[], palsy(None), palsy(code="stroke")])
def test_without_a_dated_nerve_injury_nothing_is_counted(cast, conditions):
    load_catalogue()
    clear_profile(cast, at=local(1, 8), conditions=conditions)
    assert standing(in_view(cast), "tw_denervation_2_months") is None


@pytest.mark.parametrize(("innervation", "week"), [("denervated", 4), ("intact", None)])
def test_a_cord_injury_counts_where_a_muscle_is_denervated(cast, innervation, week):
    load_catalogue()
    clear_profile(cast, at=local(1, 8), conditions=palsy(code="spinal_cord_injury"))
    record_profile(
        by=cast.dana,
        at=local(1, 9),
        patient_id=cast.patient.pk,
        changes={"innervation": {"quadriceps": innervation}},
    )
    found = standing(in_view(cast), "tw_denervation_2_months")
    assert (found.week if found else None) == week


def test_the_newest_injury_counts(cast):
    load_catalogue()
    older = palsy("2010-01-01", "poliomyelitis_late_effects")
    clear_profile(cast, at=local(1, 8), conditions=[*older, *palsy()])
    assert standing(in_view(cast), "tw_denervation_2_months").week == 4


def test_days_since_the_last_session_of_a_kind_ask_for_settings_after_a_gap(cast):
    item = fes("18:00")
    assign(cast, item, at=local(1, 8))
    TimeWindow.objects.filter(code="tw_fes_off_loss").update(modality="fes_nmes")
    assert standing(in_view(cast), "tw_fes_off_loss") is None, "never stimulated: no gap"
    done(cast, item.series, local(5, 18))
    found = standing(in_view(cast), "tw_fes_off_loss")
    assert (found.days_since, found.gap_too_long) == (14, False)
    found = standing(in_view(cast, at=NOW + timedelta(days=1)), "tw_fes_off_loss")
    assert (found.days_since, found.gap_too_long) == (15, True)


def test_a_plan_says_its_weeks_its_review_and_its_tasks(cast):
    plan = assign(cast, shoulder(), at=local(5, 8))
    with cast.inside():
        Plan.objects.filter(pk=plan.pk).update(
            protocol_slug="sci-fes-cycling-26-weeks", review_due_on=date(2026, 12, 28)
        )
    found = in_view(cast)
    assert standing(found, "tw_six_month_programme").week == 3
    assert found.review_due_on == date(2026, 12, 28)
    assert [task.on for task in found.tasks] == [date(2027, 1, 4), date(2027, 4, 5)]
    assert found.has_plan


def test_early_passive_movement_is_mentioned_at_the_start_of_a_plan_that_has_it(cast):
    assign(cast, shoulder(), at=local(12, 8))
    assert standing(in_view(cast), "tw_passive_early_long").week == 2
    assert standing(in_view(cast, at=local(26, 8)), "tw_passive_early_long") is None


def test_what_is_only_kept_is_no_window(injured):
    TimeWindow.objects.filter(code="tw_denervation_2_months").update(audience="archive")
    assert standing(in_view(injured), "tw_denervation_2_months") is None


def test_who_waits_for_a_plan_moves_up_the_caseload(injured):
    cast = injured
    # Aaron would come first by name.
    aaron = make_patient(cast.clinic, "Aaron")
    make_clinician(aaron, cast.dana)
    patients = [cast.patient.pk, aaron.pk]
    with cast.inside():
        found = in_view_of(patients, with_conditions=patients, now=NOW)
        before = caseload_of(patient_ids=patients, now=NOW)
        after = caseload_of(patient_ids=patients, now=NOW, in_view=found)
    assert [row.name for row in before.results] == ["Aaron", "Alice"]
    assert [row.name for row in after.results] == ["Alice", "Aaron"]
    alice, aaron_row = after.results
    assert alice.waits_for_a_plan and not aaron_row.waits_for_a_plan
    assert [each.week for each in alice.windows if each.weeks == 8] == [4]


def test_as_many_statements_for_many_patients_as_for_one(injured, django_assert_max_num_queries):
    cast = injured
    patients = [make_patient(cast.clinic, f"P{n}").pk for n in range(5)] + [cast.patient.pk]
    with cast.inside(), django_assert_max_num_queries(8):
        in_view_of(patients, with_conditions=patients, now=NOW)
