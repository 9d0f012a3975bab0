"""The clinical profile in force, and what the safety rules may know of it."""

from uuid import UUID

from rehab.domain.conditions import Value
from rehab.domain.facts import Profile, profile_facts
from rehab.models.profile import ClinicalProfile


def profile_in_force(patient_id: UUID) -> ClinicalProfile:
    """Return the newest revision: one statement. Before the first one everything is unknown."""
    newest = (
        ClinicalProfile.objects.filter(patient_id=patient_id)
        .select_related("recorded_by")
        .order_by("-number")
        .first()
    )
    return newest or ClinicalProfile(patient_id=patient_id, number=0)


def facts_for_rules(profile: ClinicalProfile) -> dict[str, Value]:
    """Return the facts of the patient that session rules compare with."""
    return profile_facts(
        Profile(
            spinal_cord_injury=profile.spinal_cord_injury,
            injury_level=profile.injury_level,
            answers=profile.answers,
            conditions={
                str(each["code"]): frozenset(each.get("limbs") or ()) for each in profile.conditions
            },
            innervation=profile.innervation,
            insensate=frozenset(profile.insensate),
            baselines={
                code: value for code, value in profile.baselines.items() if value is not None
            },
        )
    )
