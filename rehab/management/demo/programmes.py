"""What the demo clinic knows of each patient and assigns: protocols of the catalogue, filled in.

The numbers stand for what a clinician would decide for one person; they are not advice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from patients.models import Patient
from rehab.actions.from_protocol import draft_from_protocol
from rehab.actions.plans import activate_plan, create_plan
from rehab.actions.profile import record_profile
from rehab.domain.plan_draft import ItemDraft, PartDraft
from rehab.management.demo.people import DemoClinic
from rehab.models import Plan

DAILY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ASKED = (
    "pacemaker",
    "implanted_electronics",
    "pregnancy",
    "unstable_fracture",
    "suspected_dvt",
    "unstable_joint",
    "cancer_or_infection_at_site",
    "dysreflexia_history",
    "severe_osteoporosis",
    "heterotopic_ossification",
    "severe_contracture",
    "pressure_injury_at_seat",
    "open_skin_at_site",
    "epilepsy",
    "severe_spasticity",
    "recent_botulinum",
    "metal_in_field",
    "uncontrolled_blood_pressure",
    "impaired_cognition_without_helper",
    "shoulder_subluxation",
    "tenodesis_hand",
)
NONE_OF_THESE = dict.fromkeys(ASKED, "no")
# Asked, and nothing stands against any food.
EATS_ANYTHING = {
    "allergies_known": "no",
    "swallowing_food": 7,
    "swallowing_drink": 0,
    "kidney": "normal",
    "drugs_known": "no",
}
LEGS = dict.fromkeys(("quadriceps", "hamstrings", "gluteals", "tibialis_anterior"), "intact")


@dataclass(frozen=True, slots=True)
class Programme:
    """One patient's profile and plan."""

    protocol: str
    profile: Mapping[str, Any]
    fill: Callable[[ItemDraft], ItemDraft]


def _dosed(
    dose: Mapping[str, float], maximum: Mapping[str, float], side: str
) -> Callable[[PartDraft], PartDraft]:
    def fill(part: PartDraft) -> PartDraft:
        return replace(part, dose=dose, maximum=maximum, side=part.side or side)

    return fill


def _fill_parts(item: ItemDraft, fill: Callable[[PartDraft], PartDraft]) -> ItemDraft:
    return replace(item, parts=tuple(fill(part) for part in item.parts))


def _sided(item: ItemDraft, side: str) -> ItemDraft:
    return _fill_parts(item, lambda part: replace(part, side=part.side or side))


def _passive(item: ItemDraft, side: str, *, most: float | None = None) -> ItemDraft:
    dose = {"repetitions": 10, "hold_seconds": 5}
    maximum = {} if most is None else {"end_angle_degrees": most}
    filled = _fill_parts(item, _dosed(dose, maximum, side))
    return replace(filled, maximum={"sessions_per_day": 3})


def _cycling(item: ItemDraft) -> ItemDraft:
    if item.kind == "care":
        return item
    amplitude = {"quadriceps": 60, "hamstrings": 50, "gluteals": 40}

    def fill(part: PartDraft) -> PartDraft:
        now = amplitude.get(part.muscle, 40)
        dose = {"pulse_width_us": 300, "frequency_hz": 40, "amplitude_ma": now}
        return replace(part, dose=dose, maximum={"amplitude_ma": now + 20})

    filled = _fill_parts(item, fill)
    return replace(
        filled,
        target={"minutes": 30, "cadence_rpm": 35},
        maximum={"sessions_per_day": 1, "sessions_per_week": 4, "minutes": 45},
    )


def _shoulder(item: ItemDraft) -> ItemDraft:
    return _sided(item, "left") if item.kind == "care" else _passive(item, "left", most=80)


def _hand(item: ItemDraft) -> ItemDraft:
    return _sided(item, "right") if item.kind == "care" else _passive(item, "right", most=60)


def _standing(item: ItemDraft) -> ItemDraft:
    if item.kind == "care":
        return item
    filled = _fill_parts(item, _dosed({"minutes": 20}, {"minutes": 30}, "none"))
    schedule = {"rule": "times_per_week", "n": 4, "at": "10:00"}
    return replace(filled, schedule=schedule, maximum={"sessions_per_day": 1})


def _bed(item: ItemDraft) -> ItemDraft:
    if item.exercise.startswith("prom-"):
        return _passive(item, "both")
    if item.exercise == "turning":
        slots = [
            {"id": f"t{place}", "at": at}
            for place, at in enumerate(("06:30", "14:30", "22:30"), start=1)
        ]
        return replace(item, schedule={"rule": "weekly", "days": DAILY, "slots": slots})
    return _sided(item, "both")


PROGRAMMES: Mapping[str, Programme] = {
    "patient": Programme(
        "sci-fes-cycling-26-weeks",
        {
            "conditions": [{"code": "spinal_cord_injury"}],
            "spinal_cord_injury": "yes",
            "injury_level": "T4",
            "answers": NONE_OF_THESE,
            "innervation": {**LEGS, "deltoid": "intact", "wrist_extensors": "intact"},
            "baselines": {"systolic_mmhg": 104, "diastolic_mmhg": 64},
            "insensate": ["leg", "foot"],
            **EATS_ANYTHING,
        },
        _cycling,
    ),
    "shoulder": Programme(
        "hemiplegic-shoulder-passive",
        {
            "conditions": [
                {"code": "stroke"},
                {"code": "hemiplegia", "limbs": ["left_arm", "left_leg"]},
            ],
            "spinal_cord_injury": "no",
            "answers": {**NONE_OF_THESE, "shoulder_subluxation": "yes"},
            "innervation": {"deltoid": "intact", "supraspinatus": "intact"},
            "baselines": {"pain": 2},
            "swallowing_food": 5,
            "swallowing_drink": 2,
            "allergies_known": "yes",
            "allergies": [{"code": "peanut", "severity": "anaphylaxis"}],
            "mixed_textures": "no",
            "kidney": "normal",
            "drugs_known": "yes",
            "drugs": [{"code": "aspirin"}],
        },
        _shoulder,
    ),
    "hand": Programme(
        "radial-nerve-palsy-early",
        {
            "conditions": [{"code": "peripheral_nerve_injury"}],
            "spinal_cord_injury": "no",
            "answers": NONE_OF_THESE,
            "innervation": {"wrist_extensors": "denervated", "finger_extensors": "denervated"},
            "insensate": ["right_hand"],
        },
        _hand,
    ),
    "standing": Programme(
        "standing-programme",
        {
            "conditions": [{"code": "spinal_cord_injury"}],
            "spinal_cord_injury": "yes",
            "injury_level": "T10",
            "answers": NONE_OF_THESE,
            "innervation": LEGS,
            "baselines": {"systolic_mmhg": 112},
        },
        _standing,
    ),
    "bed": Programme(
        "bed-rest-prevention",
        {"spinal_cord_injury": "no", "answers": NONE_OF_THESE, "innervation": LEGS},
        _bed,
    ),
}


def assign(demo: DemoClinic, key: str, *, at: datetime) -> Plan:
    """Record the profile of one patient and put the filled protocol into force at a moment."""
    programme, patient = PROGRAMMES[key], demo.patients[key]
    record_profile(by=demo.clinician, at=at, patient_id=patient.pk, changes=programme.profile)
    draft = draft_from_protocol(protocol_slug=programme.protocol)
    items = tuple(
        replace(programme.fill(item), reminded=_reminded(demo, patient)) for item in draft.items
    )
    plan = create_plan(
        by=demo.clinician, at=at, patient_id=patient.pk, draft=replace(draft, items=items)
    )
    return activate_plan(by=demo.clinician, at=at, plan_id=plan.pk)


def _reminded(demo: DemoClinic, patient: Patient) -> tuple[Any, ...]:
    """Whoever has an account is reminded first, then the caregiver where there is one."""
    own = (patient.user_id,) if patient.user_id else ()
    helper = demo.caregiver.pk
    cared_for = demo.patients["hand"].pk, demo.patients["standing"].pk
    return own if patient.pk in cared_for else (*own, helper)
