"""The clinical profile: each change a revision, and nothing in it that a log could stumble over."""

import pytest

from patients.domain.errors import Invalid, NotAllowed, NotVisible
from rehab.actions.profile import record_profile
from rehab.models import ClinicalProfile
from tests.integration.rehab.scenes import done, local
from tests.plans import assign, clear_profile, shoulder

AT = local(18, 20)


def record(cast, *, by=None, **changes):
    return record_profile(by=by or cast.dana, at=AT, patient_id=cast.patient.pk, changes=changes)


def refused(cast, **changes):
    with pytest.raises(Invalid) as caught:
        record(cast, **changes)
    return {error.field: error.code for error in caught.value.errors}


def test_a_change_is_a_new_revision_and_the_rest_stays(cast):
    first = record(cast, injury_level="T4", spinal_cord_injury="yes")
    second = record(cast, baselines={"systolic_mmhg": 102})
    assert (first.number, second.number, second.injury_level) == (1, 2, "T4")
    with cast.inside():
        assert ClinicalProfile.objects.get(number=1).baselines == {}


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"shoe_size": 42}, "shoe_size", "unknown_field"),
        ({"injury_level": "T13"}, "injury_level", "not_a_choice"),
        ({"spinal_cord_injury": "maybe"}, "spinal_cord_injury", "not_a_choice"),
        ({"answers": {"pacemaker": "perhaps"}}, "answers.pacemaker", "not_a_choice"),
        ({"answers": ["pacemaker"]}, "answers", "wrong_kind"),
        ({"answers": {"pacemaker": 1}}, "answers", "wrong_kind"),
        ({"answers": None}, "answers", "required"),
        ({"innervation": {"wings": "intact"}}, "innervation.wings", "unknown_muscle"),
        ({"innervation": {"quadriceps": "half"}}, "innervation.quadriceps", "not_a_choice"),
        ({"conditions": [{"code": "bad luck"}]}, "conditions.0.code", "unknown_condition"),
        ({"conditions": [{}]}, "conditions.0.code", "required"),
        ({"conditions": ["stroke"]}, "conditions.0", "wrong_kind"),
        ({"baselines": {"systolic_mmhg": "high"}}, "baselines.systolic_mmhg", "not_a_number"),
        ({"baselines": {"systolic_mmhg": 10**400}}, "baselines.systolic_mmhg", "not_a_number"),
        ({"baselines": {"systolic": 102}}, "baselines.systolic", "not_a_choice"),
        ({"baselines": {"systolic_mmhg": 29}}, "baselines.systolic_mmhg", "out_of_range"),
        ({"baselines": {"systolic_mmhg": 331}}, "baselines.systolic_mmhg", "out_of_range"),
        ({"baselines": {"effort": 11}}, "baselines.effort", "out_of_range"),
        ({"barred": [{"reason": "tone"}]}, "barred.0.exercise", "required"),
        ({"taught": [{"to": "Bob"}]}, "taught.0.motion", "required"),
        ({"insensate": "left_hand"}, "insensate", "wrong_kind"),
        ({"swallowing_food": 2}, "swallowing_food", "out_of_range"),
        ({"swallowing_drink": 1.5}, "swallowing_drink", "out_of_range"),
        ({"kidney": "x" * 17}, "kidney", "wrong_kind"),
        ({"note": "a\x00b"}, "note", "not_text"),
        ({"allergies": [{"code": "moonshine"}]}, "allergies.0.code", "unknown_code"),
        ({"allergies": [{"severity": "mild"}]}, "allergies.0.text", "blank"),
        (
            {"allergies": [{"code": "soy", "severity": "bad"}]},
            "allergies.0.severity",
            "not_a_choice",
        ),
        ({"allergies": ["peanut"]}, "allergies.0", "wrong_kind"),
        ({"drugs": [{"code": "moonshine"}]}, "drugs.0.code", "unknown_code"),
        ({"drugs": [{"code": "warfarin", "dose": "5 mg"}]}, "drugs.0.dose", "unknown_field"),
        ({"kidney": "fine"}, "kidney", "not_a_choice"),
        ({"mixed_textures": "a bit"}, "mixed_textures", "not_a_choice"),
        (
            {"conditions": [{"code": "stroke", "since": "last year"}]},
            "conditions.0.since",
            "not_a_date",
        ),
        (
            {"conditions": [{"code": "stroke", "limbs": ["tail"]}]},
            "conditions.0.limbs.0",
            "not_a_choice",
        ),
        ({"allergies": [{"code": "a\x00b"}]}, "allergies", "not_text"),
    ],
)
def test_what_cannot_be_is_refused_by_its_path(cast, changes, path, code):
    assert refused(cast, **changes).get(path) == code


def test_swallowing_may_be_unknown_again(cast):
    record(cast, swallowing_food=5)
    assert record(cast, swallowing_food=None).swallowing_food is None


def test_every_fault_is_named_at_once(cast):
    assert refused(cast, injury_level="T13", kidney="unknown", drugs_known="no idea") == {
        "injury_level": "not_a_choice",
        "drugs_known": "not_a_choice",
    }


@pytest.mark.parametrize("who", ["alice", "bob", "erin"])
def test_only_a_clinician_records_it(cast, who):
    with pytest.raises(NotAllowed):
        record(cast, by=getattr(cast, who), note="mine")


def test_strangers_find_no_patient(cast):
    with pytest.raises(NotVisible):
        record(cast, by=cast.charlie, note="mine")


def test_a_full_profile_is_read_by_every_log(cast):
    item = shoulder()
    assign(cast, item, at=AT)
    clear_profile(
        cast,
        at=local(18, 21),
        conditions=[
            {"code": "stroke", "limbs": ["left_arm"], "since": "2026-09-09", "note": "left"}
        ],
        baselines={"systolic_mmhg": 102, "pain": None},
        barred=[{"exercise": "squeeze-ball", "reason": "tone"}],
        insensate=["left_hand"],
        taught=[{"motion": "shoulder.flexion", "to": "Bob", "by": "Dana", "on": "2026-10-18"}],
        allergies=[{"code": "peanut", "severity": "anaphylaxis"}],
    )
    assert done(cast, item.series, local(19, 9)).status == 201
