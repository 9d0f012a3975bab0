import pytest

from rehab.domain.facts import (
    PartSite,
    Profile,
    is_fact,
    limbs_of,
    profile_facts,
    sensation_at,
)


@pytest.mark.parametrize(
    "name",
    ["pain", "amplitude_ma", "maximum.amplitude_ma", "profile.pacemaker", "symptom.fever"],
)
def test_fact_is_in_the_vocabulary(name: str) -> None:
    assert is_fact(name)


@pytest.mark.parametrize("name", ["", "pian", "profile", "profile.", "clinic.name", "part.colour"])
def test_anything_else_is_not(name: str) -> None:
    assert not is_fact(name)


def test_empty_profile_is_unknown_and_never_no() -> None:
    assert profile_facts(Profile()) == {
        "profile.spinal_cord_injury": "unknown",
        "profile.injury_level": "unknown",
    }


def test_listed_injury_is_an_injury() -> None:
    facts = profile_facts(Profile(conditions={"spinal_cord_injury": frozenset()}))

    assert facts["profile.spinal_cord_injury"] == "yes"
    assert facts["condition.spinal_cord_injury"] == "yes"


def test_baseline_of_zero_is_a_baseline() -> None:
    assert profile_facts(Profile(baselines={"pain": 0}))["baseline.pain"] == 0


@pytest.mark.parametrize(
    ("region", "side", "limbs"),
    [
        ("leg", "left", {"left_leg"}),
        ("foot", "right", {"right_leg"}),
        ("hand", "both", {"left_arm", "right_arm"}),
        ("arm", "none", {"left_arm", "right_arm"}),
        ("whole", "none", set()),
        ("trunk", "none", set()),
    ],
)
def test_part_works_on_its_limbs(region: str, side: str, limbs: set[str]) -> None:
    assert limbs_of(PartSite(modality="fes_nmes", region=region, side=side)) == limbs


def test_feeling_recorded_now_outweighs_the_profile() -> None:
    site = PartSite(modality="fes_nmes", region="leg", side="left", muscle="quadriceps")
    insensate = Profile(insensate=frozenset({"quadriceps"}))

    assert sensation_at(insensate, site) == "cannot_feel"
    assert sensation_at(insensate, site, "feels_less") == "feels_less"
    assert sensation_at(Profile(), site) == "unknown"


@pytest.mark.parametrize("place", ["leg", "left_leg", "knee", "knee.flexion"])
def test_insensate_place_is_named_by_region_limb_joint_or_motion(place: str) -> None:
    site = PartSite(
        modality="passive_range_of_motion", region="leg", side="left", motion="knee.flexion"
    )

    assert sensation_at(Profile(insensate=frozenset({place})), site) == "cannot_feel"
