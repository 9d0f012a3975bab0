"""The diet log and what is taken: facts with cautions, once for each id, every version kept."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from exercises.models import Interaction
from exercises.sheets.library import read_shelf
from exercises.sheets.reading import CONTENT
from patients.access.walls import within_clinics
from patients.domain.errors import Invalid, NotAllowed, NotVisible
from patients.domain.roles import Scope
from rehab.actions.diet import amend_diet, log_diet, retract_diet
from rehab.actions.substances import amend_substance, record_substance
from rehab.domain.diet import DietEntry, TakenEntry
from rehab.models import ClinicalProfile, DietLog, DietLogAmendment, TakenSubstance
from rehab.models.reads.diet import diet_of
from rehab.models.reads.substances import substances_of
from tests.integration.rehab.scenes import flags, local
from tests.people import make_helper, make_user

AT = local(28, 12)


@pytest.fixture(autouse=True)
def _english_and_interactions(db):
    """Herbs and warfarin, with the sentences of the real content."""
    shelf = read_shelf(CONTENT, "interactions")
    for code in ("angelica", "ginseng"):
        found = shelf[f"{code}_with_vitamin_k_antagonist"].item
        Interaction.objects.create(
            code=found.code,
            names={"zh-Hans": found.texts["zh-Hans"], "en": found.texts["en"]},
            position=1,
            one=found.one,
            other=found.other,
            severity=found.severity,
            owner=found.owner,
        )
    with translation.override("en"):
        yield


def meal(**facts):
    return DietEntry(**{"performed_at": AT, "zone": "Asia/Shanghai", **facts})


def ate(cast, entry=None, *, by=None, known=None, **facts):
    return log_diet(
        by=by or cast.bob,
        at=AT,
        patient_id=cast.patient.pk,
        log_id=known or uuid4(),
        entry=entry or meal(**facts),
    )


def takes(cast, *, by=None, known=None, **facts):
    return record_substance(
        by=by or cast.alice,
        at=AT,
        patient_id=cast.patient.pk,
        substance_id=known or uuid4(),
        entry=TakenEntry(**{"told_at": AT, "zone": "Asia/Shanghai", **facts}),
    )


def profile(cast, **facts):
    with cast.inside():
        ClinicalProfile.objects.create(
            patient=cast.patient, clinic=cast.clinic, number=1, recorded_at=AT,
            recorded_by=cast.dana, **facts,
        )  # fmt: skip


def page(cast):
    with cast.inside():
        return diet_of(cast.patient.pk, first=local(20, 1).date(), last=AT.date(), language="en")


def test_a_meal_in_plain_words_is_kept_once(cast):
    known = uuid4()
    states = [
        ate(cast, text=text, known=known).kept.state for text in ("Rice", "Rice", "Noodles")
    ]  # fmt: skip
    assert states == ["recorded", "unchanged", "conflict"]
    assert [each.text for each in page(cast).results] == ["Rice"]


def test_what_nobody_entered_stays_empty_and_a_sum_says_what_it_leaves_out(cast):
    ate(cast, text="Porridge")
    ate(cast, text="Fish", protein_g=18, fluids_ml=0)
    (day,) = page(cast).days
    assert (day.entries, day.protein_g, day.entries_without_protein) == (2, 18, 1)
    assert day.fluids_ml == 0
    assert page(cast).targets is None


def test_stones_are_read_and_what_was_typed_is_kept(cast):
    ate(cast, weight_typed="8 st 3")
    (weight,) = page(cast).weights
    assert weight.weight_kg == 52.2
    with cast.inside():
        assert DietLog.objects.get().weight_typed == "8 st 3"
    assert page(cast).days == []


def test_pounds_typed_as_kilograms_are_asked_about(cast):
    ate(cast, weight_kg=52)
    asked = ate(cast, weight_kg=115)
    assert asked.kept.state == "confirm_required"
    assert "52.2 kg" in asked.kept.errors[0].detail
    sure = meal(weight_kg=115, confirmed=("unusual_change",))
    assert ate(cast, sure).kept.state == "recorded"


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({}, "text", "nothing_eaten"),
        ({"weight_kg": -4}, "weight_kg", "negative"),
        ({"weight_typed": "heavy"}, "weight_kg", "not_a_number"),
        ({"foods": ("unobtainium",)}, "foods.0", "unknown_food"),
        ({"symptoms": ("sneezing-fit",)}, "symptoms.0", "unknown_symptom"),
    ],
)
def test_what_cannot_be_is_refused_by_name(cast, facts, field, code):
    reply = ate(cast, **facts).kept
    assert (reply.status, [(each.field, each.code) for each in reply.errors]) == (
        422,
        [(field, code)],
    )


def test_an_allergen_that_was_eaten_is_a_caution_and_no_refusal(cast):
    profile(
        cast,
        allergies_known="yes",
        allergies=[{"code": "peanut", "text": "", "severity": "anaphylaxis"}],
    )
    reply = ate(cast, text="Two spoons of peanut butter")
    assert reply.kept.state == "recorded"
    assert [(each.kind, each.code, each.severity) for each in reply.cautions] == [
        ("allergen", "peanut", "anaphylaxis")
    ]
    assert [each.rule for each in flags(cast)] == ["allergen-eaten-severe"]
    assert ate(cast, text="Steamed fish").cautions == ()


def test_angelica_soup_and_warfarin_raise_a_notice_and_a_flag(cast):
    profile(cast, drugs_known="yes", drugs=[{"code": "warfarin", "text": "", "note": ""}])
    reply = ate(cast, text="当归鸡汤 3x this week", by=cast.alice)
    assert [(each.kind, each.severity) for each in reply.cautions] == [("interaction", "avoid")]
    assert "warfarin" in reply.cautions[0].text
    assert [(each.rule, each.level) for each in flags(cast)] == [("taken-together", "E2")]


def test_who_may_not_see_diagnoses_is_not_told_which_drug(cast):
    profile(cast, drugs_known="yes", drugs=[{"code": "warfarin", "text": "", "note": ""}])
    (caution,) = ate(cast, text="当归鸡汤", by=cast.bob).cautions
    assert "warfarin" not in caution.text and "medicine" in caution.text


def test_choking_raises_its_flag_even_when_the_entry_is_refused(cast):
    reply = ate(cast, text="Porridge", symptoms=("wet_voice_after_food",), protein_g=-1)
    assert reply.kept.state == "refused"
    assert [(each.rule, each.level) for each in reply.kept.flags] == [("choking", "E1")]
    assert [each.rule for each in flags(cast)] == ["choking"]
    again = ate(cast, text="Porridge", symptoms=("choking_not_clearing",))
    assert [each.level for each in again.kept.flags] == ["E0"]


def test_a_correction_keeps_the_first_version_and_a_withdrawn_entry_counts_nowhere(cast):
    known = uuid4()
    ate(cast, text="Fish", protein_g=180, known=known)
    given = {"at": AT, "patient_id": cast.patient.pk, "log_id": known}
    right = meal(text="Fish", protein_g=18)
    with pytest.raises(Invalid):
        amend_diet(by=cast.bob, entry=right, reason="", **given)
    assert amend_diet(by=cast.bob, entry=right, reason="Typo", **given).kept.state == "amended"
    with cast.inside():
        assert DietLogAmendment.objects.get().before["protein_g"] == 180
    assert page(cast).days[0].protein_g == 18
    retract_diet(by=cast.bob, reason="Somebody else's", **given)
    assert page(cast).days == []
    assert ate(cast, text="Fish", protein_g=180, known=known).kept.state == "unchanged"
    assert page(cast).days == []


def test_the_diet_is_seen_with_its_own_scope_and_never_from_another_clinic(cast):
    ate(cast, text="Rice")
    cook = make_user("gina")
    make_helper(cast.patient, cook, scopes=(Scope.SEE_DIET,))
    with cast.inside():
        assert DietLog.objects.visible_to(cook, at=AT).exists()
        assert not DietLog.objects.visible_to(cast.bob, at=AT).exists()
    with within_clinics([cast.other_clinic.pk]):
        assert not DietLog.objects.exists()
    with pytest.raises(NotAllowed):
        ate(cast, text="Rice", by=cook)


@pytest.mark.parametrize("who", ["charlie", "olga"])
def test_a_stranger_finds_no_patient(cast, who):
    with pytest.raises(NotVisible):
        ate(cast, text="Rice", by=getattr(cast, who))
    with pytest.raises(NotVisible):
        takes(cast, code="ginseng", by=getattr(cast, who))


def test_a_herb_beside_a_drug_is_recorded_with_a_notice_and_nothing_is_recommended(cast):
    profile(cast, drugs_known="yes", drugs=[{"code": "warfarin", "text": "", "note": ""}])
    reply = takes(cast, text="Korean ginseng", since=local(1, 9).date(), amount="as a tea")
    assert reply.kept.state == "recorded"
    assert {each.kind for each in reply.cautions} == {"interaction"}
    with cast.inside():
        listed = substances_of(cast.patient.pk, language="en")
    assert [each.name for each in listed.taken] == ["Korean ginseng"]
    assert [each.code for each in listed.notices] == ["ginseng_with_vitamin_k_antagonist"]


def test_what_is_taken_counts_for_what_is_eaten_later_until_it_ends(cast):
    known = uuid4()
    takes(cast, code="warfarin", known=known)
    assert ate(cast, text="当归鸡汤", by=cast.alice).cautions
    stopped = TakenEntry(
        told_at=AT, zone="Asia/Shanghai", code="warfarin", until=local(27, 9).date()
    )  # fmt: skip
    amend_substance(
        by=cast.dana, at=AT, patient_id=cast.patient.pk, substance_id=known, entry=stopped,
        reason="Stopped by the physician",
    )  # fmt: skip
    assert ate(cast, text="当归鸡汤", by=cast.alice).cautions == ()


def test_what_cannot_be_about_something_taken_is_refused(cast):
    day = AT.date()
    for facts, field in (
        ({}, "text"),
        ({"code": "unobtainium"}, "code"),
        ({"text": "Tea", "since": day, "until": local(27, 1).date()}, "until"),
        ({"text": "Tea", "since": local(29, 1).date()}, "since"),
    ):
        assert [each.field for each in takes(cast, **facts).kept.errors] == [field]
    with cast.inside():
        assert not TakenSubstance.objects.exists()


@pytest.mark.parametrize(
    ("model", "changes", "name"),
    [
        (DietLog, {"weight_kg": 500}, "diet_weight_1_to_400_kg"),
        (DietLog, {"protein_g": -1}, "diet_protein_not_below_0"),
        (DietLog, {"fluids_ml": -1}, "diet_fluids_not_below_0"),
        (TakenSubstance, {"code": "", "text": ""}, "taken_substance_is_named"),
        (
            TakenSubstance,
            {"since": local(28, 1).date(), "until": local(27, 1).date()},
            "taken_substance_ends_after_it_begins",
        ),
    ],
)
def test_the_database_holds_it_too(cast, model, changes, name):
    ate(cast, text="Rice")
    takes(cast, code="ginseng")
    with cast.inside():
        row = model.objects.get()
        values = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname != "id"
        }
    with cast.inside(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(**{**values, "id": uuid4(), **changes})
