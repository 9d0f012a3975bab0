"""What the shipped catalogue promises to patients, caregivers and clinicians."""

import re

import msgspec
import pytest

from exercises.sheets.checks import read_sound_library
from exercises.sheets.reading import CONTENT

LIBRARY = read_sound_library(CONTENT)
EXERCISES = {slug: placed.item for slug, placed in LIBRARY.exercises.items()}
PROTOCOLS = {slug: placed.item for slug, placed in LIBRARY.protocols.items()}
PATIENT_TEXTS = ("names", "summary", "all_steps", "stop_at")
# Joint, and its motions, of the neutral-zero table (AAOS values in Norkin & White).
JOINTS = {
    "shoulder": "flexion extension abduction internal_rotation external_rotation",
    "elbow": "flexion extension",
    "forearm": "pronation supination",
    "wrist": "flexion extension radial_deviation ulnar_deviation",
    "finger_mcp": "flexion extension",
    "finger_pip": "flexion extension",
    "finger_dip": "flexion extension",
    "thumb_cmc": "abduction",
    "thumb_mcp": "flexion",
    "thumb_ip": "flexion",
    "hip": "flexion extension abduction adduction internal_rotation external_rotation",
    "knee": "flexion extension",
    "ankle": "dorsiflexion plantarflexion",
    "foot": "inversion eversion",
    "big_toe_mtp": "extension flexion",
    "neck": "flexion extension lateral_flexion rotation",
}
TABLE = [f"{joint}.{motion}" for joint, motions in JOINTS.items() for motion in motions.split()]
HAN = re.compile(r"[\u3400-\u9fff]")
LONGEST_STEP = {"en": 18, "zh-Hans": 28}
RECORDED_ONLY = {"whole_body_vibration", "therapeutic_ultrasound", "acupuncture"}


def of(modality):
    return [item for item in EXERCISES.values() if item.modality == modality]


def muscles_of(modality):
    return {muscle for item in of(modality) for muscle in (item.muscle, *item.other_muscles)}


def length(text, language):
    """Words that are heard in English, characters that are read in Chinese."""
    return len(text.en.split()) if language == "en" else len(HAN.findall(text.zh_hans))


@pytest.mark.parametrize("motion", TABLE)
def test_every_motion_of_every_joint_has_one_passive_exercise(motion):
    assert motion in LIBRARY.motions
    (item,) = [item for item in of("passive_range_of_motion") if item.motion == motion]
    assert item.use == "plan"
    assert item.stop_at


def test_no_motion_is_listed_that_the_table_does_not_have():
    assert sorted(LIBRARY.motions) == sorted(TABLE)


@pytest.mark.parametrize("item", EXERCISES.values(), ids=EXERCISES)
def test_a_step_is_short_enough_to_be_heard_with_both_hands_busy(item):
    for step in item.all_steps:
        for language, most in LONGEST_STEP.items():
            assert length(step, language) <= most, step[language]


@pytest.mark.parametrize("item", EXERCISES.values(), ids=EXERCISES)
def test_every_exercise_says_what_to_write_down(item):
    steps = item.all_steps
    assert any(re.search(r"\b([Ll]og|[Nn]ote)\b", step.en) for step in steps)
    assert any("记" in step.zh_hans for step in steps)


@pytest.mark.parametrize("modality", ["passive_range_of_motion", "stretching"])
def test_every_movement_says_how_slow_and_where_the_hands_go(modality):
    for item in of(modality):
        steps = " ".join(step.en for step in item.all_steps).lower()
        assert "count" in steps, item.slug
        assert "hand" in steps, item.slug


@pytest.mark.parametrize(
    ("modality", "muscles"),
    [
        (
            "fes_nmes",
            """deltoid supraspinatus biceps triceps wrist_extensors finger_extensors finger_flexors
            quadriceps hamstrings gluteals tibialis_anterior calf abdominals""",
        ),
        (
            "long_pulse",
            """deltoid biceps wrist_extensors finger_extensors hand_intrinsics
            quadriceps hamstrings gluteals tibialis_anterior calf""",
        ),
        ("fes_cycling", "quadriceps hamstrings gluteals"),
        (
            "strength",
            """deltoid biceps triceps shoulder_rotators shoulder_blade_muscles wrist_extensors
            finger_flexors quadriceps hamstrings gluteals hip_flexors hip_abductors
            tibialis_anterior calf back_extensors abdominals""",
        ),
    ],
)
def test_every_muscle_group_has_its_exercise(modality, muscles):
    assert muscles_of(modality) >= set(muscles.split())


def test_whoever_cannot_stand_finds_strength_while_sitting():
    seated = {item.slug for item in of("strength") if "-seated" in item.slug}
    assert len(seated) >= 8


def test_every_modality_has_an_exercise():
    assert {item.modality for item in EXERCISES.values()} == set(LIBRARY.modalities)


def test_what_is_not_proven_or_not_ours_to_assign_is_only_recorded():
    recorded = {item.modality for item in EXERCISES.values() if item.use == "record"}
    assert recorded == RECORDED_ONLY
    for code in RECORDED_ONLY:
        assert all(use.prescribe == "no" for use in LIBRARY.modalities[code].item.fields)


def test_heat_is_measured_and_skin_looked_at():
    for item in of("warm_bath"):
        assert "bath_thermometer" in item.precautions
        assert any("thermometer" in step.en for step in item.steps)
    assert "water_measured" in LIBRARY.modalities["warm_bath"].item.gate_questions


def test_nobody_massages_a_leg_that_may_hold_a_clot():
    for item in of("massage"):
        assert "massage_not_here" in item.precautions
        assert any("swollen" in stop.en for stop in item.stop_at), item.slug


def test_a_spastic_hand_is_never_told_to_squeeze():
    for item in EXERCISES.values():
        if item.muscle == "finger_flexors":
            assert "no_grip_spastic_hand" in item.precautions


def test_every_passive_exercise_has_steps_of_its_own():
    steps = {}
    for slug, item in EXERCISES.items():
        if item.motion:
            key = (item.steps, item.summary)
            assert key not in steps, f"{slug} repeats {steps[key]}"
            steps[key] = slug


@pytest.mark.parametrize(
    "slug",
    [
        *(f"fes-{muscle}" for muscle in ("quadriceps", "hamstrings", "gluteals", "calf")),
        *("fes-tibialis-anterior", "fes-wrist-extensors", "fes-shoulder-subluxation"),
        "fes-triceps",
        *(f"long-pulse-{muscle}" for muscle in ("wrist-extensors", "finger-extensors")),
        *("long-pulse-tibialis-anterior", "long-pulse-quadriceps"),
        *("fes-cycling", "standing-frame", "standing-tilt-table"),
        *("skin-check", "turning", "positioning-bed"),
    ],
)
def test_the_main_job_finds_its_exercise(slug):
    assert EXERCISES[slug].use == "plan"


def test_patients_are_never_told_a_normal_angle():
    for slug, item in EXERCISES.items():
        if item.motion is None:
            continue
        words = " ".join(
            text[language]
            for name in PATIENT_TEXTS
            for text in _all(getattr(item, name))
            for language in ("zh-Hans", "en")
        )
        assert not re.search(r"\d+ ?(°|度|degrees)", words), slug
        assert "normal" not in words.lower(), slug


def test_nobody_is_told_that_longer_is_better():
    for item in (*EXERCISES.values(), *PROTOCOLS.values()):
        assert "越长越好" not in item.evidence.says.zh_hans
        assert "longer is better" not in item.evidence.says.en.lower()


def test_stimulation_of_denervated_muscle_asks_for_the_unit():
    for item in EXERCISES.values():
        if item.modality == "long_pulse":
            assert any("(ms)" in step.en for step in item.all_steps)
            assert "long_pulse_burn" in item.precautions


def test_every_stimulation_bars_implants_and_asks_for_the_skin():
    for item in EXERCISES.values():
        if item.modality in {"fes_nmes", "long_pulse", "fes_cycling"}:
            assert "stim_implants" in item.precautions
            assert any("skin" in step.en.lower() for step in item.opening)
            assert any("skin" in step.en.lower() for step in item.closing)


def test_every_dose_of_a_protocol_has_a_source_or_is_left_to_the_clinician():
    for protocol in PROTOCOLS.values():
        for item in protocol.items:
            for dose in (item.dose, *(part.dose for part in item.parts)):
                assert all(given is None or given.citations for given in dose.values())


def test_no_dose_rests_on_one_of_the_five_documents():
    documents = {c for c, placed in LIBRARY.sources.items() if placed.item.kind == "document"}
    assert len(documents) == 5
    for protocol in PROTOCOLS.values():
        for item in protocol.items:
            for dose in (item.dose, *(part.dose for part in item.parts)):
                cited = {c.source for given in dose.values() if given for c in given.citations}
                assert not cited & documents


@pytest.mark.parametrize(
    "slug",
    [
        "radial-nerve-palsy-early",
        "sci-fes-cycling-26-weeks",
        "hemiplegic-shoulder-passive",
        "ankle-contracture-prevention",
        "standing-programme",
        "sarcopenia-strength-and-protein",
        "disuse-after-fixation",
        "guillain-barre-recovery",
        "als-bulbar-comfort",
        "bed-rest-prevention",
        "fall-prevention",
    ],
)
def test_every_programme_the_clinic_needs_is_there(slug):
    protocol = PROTOCOLS[slug]
    assert protocol.conditions
    assert protocol.gates
    assert protocol.barred
    assert protocol.milestones


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_every_protocol_is_reviewed_before_its_training_expires(protocol):
    assert protocol.training_expires_after_weeks <= 26
    assert protocol.review_after_weeks <= protocol.training_expires_after_weeks
    assert all(milestone.week <= protocol.phase_weeks for milestone in protocol.milestones)


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_a_dose_nobody_gave_is_shown_as_an_empty_field(protocol):
    for item in protocol.items:
        required = LIBRARY.modalities[item.modality].item.prescription_required
        for part in item.parts:
            assert required <= item.dose.keys() | part.dose.keys()


def is_paired(part):
    exercise = EXERCISES[part.exercise]
    motion = LIBRARY.motions.get(part.motion or exercise.motion)
    muscle = LIBRARY.muscles.get(part.muscle or exercise.muscle)
    found = motion or muscle
    return found is not None and found.item.paired_sides


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_a_part_that_has_a_left_and_a_right_is_never_without_a_side(protocol):
    for item in protocol.items:
        for part in item.parts:
            assert not is_paired(part) or part.side != "none", (item.code, part.exercise)


def test_comfort_has_no_strength_goal():
    modalities = {item.modality for item in PROTOCOLS["als-bulbar-comfort"].items}
    assert not modalities & {"strength", "walking", "fes_nmes", "long_pulse", "fes_cycling"}


def test_recovering_nerves_get_no_strength_unless_a_clinician_chooses_it():
    for item in PROTOCOLS["guillain-barre-recovery"].items:
        if item.modality == "strength":
            assert item.optional
            assert all(given is None for given in item.dose.values())
            for part in item.parts:
                assert "no_overwork_weak_nerve" in EXERCISES[part.exercise].precautions


@pytest.mark.parametrize("modality", ["strength", "walking"])
def test_weakness_that_grows_stops_what_uses_a_weak_muscle(modality):
    for item in of(modality):
        assert "rising_weakness_stop" in item.precautions, item.slug
        assert any("Weaker than yesterday" in stop.en for stop in item.stop_at), item.slug


def test_no_protocol_computes_what_somebody_should_eat():
    gates = {gate.code for gate in PROTOCOLS["sarcopenia-strength-and-protein"].gates}
    assert "protein_set_by_dietitian" in gates
    for slug, protocol in PROTOCOLS.items():
        words = msgspec.json.encode(protocol).decode()
        assert not re.search(r"\d ?(g|克)( ?/ ?(kg|公斤|千克))?\b", words), slug


@pytest.mark.parametrize(
    ("condition", "modality"),
    [
        ("pacemaker_or_icd", "fes_nmes"),
        ("pregnancy", "fes_cycling"),
        ("unstable_fracture", "passive_range_of_motion"),
        ("deep_vein_thrombosis_suspected", "standing"),
        ("lower_motor_neurone_lesion", "fes_nmes"),
    ],
)
def test_what_bars_an_assignment_is_absolute(condition, modality):
    levels = {
        placed.item.level
        for placed in LIBRARY.contraindications.values()
        if placed.item.condition == condition and modality in placed.item.modalities
    }
    assert levels == {"absolute"}


def test_a_lesion_of_the_lower_neurone_does_not_bar_long_pulses():
    barred = {
        modality
        for placed in LIBRARY.contraindications.values()
        if placed.item.condition == "lower_motor_neurone_lesion"
        for modality in placed.item.modalities
    }
    assert "long_pulse" not in barred


def _all(value):
    return value if isinstance(value, tuple) else (value,)
