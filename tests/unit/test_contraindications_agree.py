"""The catalogue says what bars an exercise, the gates refuse it: both must say the same.

Either app may be read without the other; only this test sees both.
"""

import pytest

from exercises.sheets.checks import read_sound_library
from exercises.sheets.reading import CONTENT
from rehab.domain.facts import PartSite, Profile, assignment_facts
from rehab.domain.gates import CAUTION, STANDS, Blocked, evaluate
from tests.unit.domain.rulebook import GATES, QUESTIONS, SAME_AS

LIBRARY = read_sound_library(CONTENT)
BARS = [placed.item for placed in LIBRARY.contraindications.values()]
ASSIGNABLE = sorted({p.item.modality for p in LIBRARY.exercises.values() if p.item.use == "plan"})
LEVELS = {STANDS: "absolute", CAUTION: "relative"}
DENERVATED = "lower_motor_neurone_lesion"
# A gate that is about one motion or muscle is tried on that one.
MOTIONS = ("hip.flexion", "shoulder.flexion", "wrist.extension")
MUSCLES = ("quadriceps", "gluteals")


def sites(modality: str) -> list[PartSite]:
    """Return the parts on which a modality is tried."""
    found = LIBRARY.modalities[modality].item
    if found.part_kind == "motion":
        return [
            PartSite(
                modality=modality, region="arm", side="left", motion=motion, maximum_degrees=80
            )
            for motion in MOTIONS
        ]
    if found.part_kind == "muscle":
        return [
            PartSite(modality=modality, physics=found.physics, region="leg", muscle=muscle)
            for muscle in MUSCLES
        ]
    return [PartSite(modality=modality)]


def stands_against(condition: str, modality: str) -> list[Blocked]:
    """Return what the gates say of a body that has this one condition and nothing else."""
    profile = Profile(
        spinal_cord_injury="yes",
        injury_level="T4",
        answers={question.code: "no" for question in QUESTIONS},
        conditions={condition: frozenset()},
        innervation=dict.fromkeys(MUSCLES, "denervated" if condition == DENERVATED else "unknown"),
    )
    return [
        blocked
        for site in sites(modality)
        for blocked in evaluate(GATES, assignment_facts(profile, site, SAME_AS))
        if blocked.code in LEVELS
    ]


def said_by_gates(condition: str, modality: str) -> set[str]:
    return {LEVELS[blocked.code] for blocked in stands_against(condition, modality)}


def said_by_catalogue(condition: str, modality: str) -> set[str]:
    return {bar.level for bar in BARS if bar.condition == condition and modality in bar.modalities}


@pytest.mark.parametrize("modality", ASSIGNABLE)
@pytest.mark.parametrize("condition", sorted(LIBRARY.conditions))
def test_catalogue_and_gates_bar_the_same(condition: str, modality: str) -> None:
    assert said_by_gates(condition, modality) == said_by_catalogue(condition, modality)


def test_one_condition_has_one_level_for_one_modality() -> None:
    for bar in BARS:
        for modality in bar.modalities:
            assert len(said_by_catalogue(bar.condition, modality)) == 1, bar.code


def test_what_can_only_be_recorded_is_assigned_by_nobody() -> None:
    recorded = {"whole_body_vibration", "therapeutic_ultrasound", "acupuncture"}

    assert recorded <= set(LIBRARY.modalities)
    assert not recorded & set(ASSIGNABLE)
