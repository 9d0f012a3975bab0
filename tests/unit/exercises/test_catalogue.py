"""What the shipped catalogue promises to patients, caregivers and clinicians."""

import re

import pytest

from exercises.sheets.checks import read_sound_library
from exercises.sheets.reading import CONTENT

LIBRARY = read_sound_library(CONTENT)
EXERCISES = {slug: placed.item for slug, placed in LIBRARY.exercises.items()}
PROTOCOLS = {slug: placed.item for slug, placed in LIBRARY.protocols.items()}
PATIENT_TEXTS = ("names", "summary", "all_steps", "stop_at")


def test_every_motion_of_every_joint_has_a_passive_exercise():
    covered = [item.motion for item in EXERCISES.values() if item.motion]
    assert sorted(covered) == sorted(LIBRARY.motions)


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


def test_training_of_every_protocol_expires_within_half_a_year():
    for protocol in PROTOCOLS.values():
        assert protocol.training_expires_after_weeks <= 26
        assert protocol.conditions
        assert protocol.gates


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
