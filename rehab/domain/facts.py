"""The vocabulary of safety rules and gates: every fact a condition may look at.

A fact that nobody recorded is left out (or None). Answers are "yes", "no" or "unknown"; unknown
is a value. A rule that names a fact outside this list cannot be loaded.

Of a session, or of one of its parts
    pain                     0-10, or "cannot_feel"; of a part only what was said of that part
    effort                   0-10
    outcome                  done | partial | not_done
    <dose field>             what was measured or delivered, by the code of the dose-field list:
                             end_angle_degrees, amplitude_ma, pulse_width_us, pulse_width_ms,
                             frequency_hz, minutes, repetitions, systolic_before_mmhg,
                             systolic_during_mmhg, systolic_after_mmhg, temperature_celsius ...
    dose.<dose field>        the plan's value for this part (or item)
    maximum.<dose field>     the plan's maximum for this part (or item)
    maximum.sessions_per_day, maximum.sessions_per_week
    gate.<question>          the answer's code: gate.new_swelling, gate.fever, gate.skin_found ...
    skin_before, skin_after  finding codes: looked_fine, red, blister, burn, broken, not_looked
    symptom.<symptom>        "yes" when ticked; left out otherwise
    sensation                feels | feels_less | cannot_feel | unknown, at this part
    kind                     training | care
    modality, physics        the modality's code; physics intact | denervated
    while_paused             "yes" when the item, or a part that was worked on, was paused at
                             performed_at
    off_plan                 barred | wrong_device | outside: what makes it an off-plan event
    stop_reason              the code of the reason to stop
    allergen_eaten           how serious the allergy is to something that was eaten
    interaction              avoid | ask_first | know: of something eaten or taken with a drug
    assessment.<instrument>.<score>  the newest value of an assessment
    age_hours                hours from performed_at to receipt; no rule may wait for it

History, which only the server has
    sessions_today, sessions_this_week       of the item, this one included
    over_maximum_this_week                   sessions beyond the plan's maximum, this one included
    previous_effort                          of the item, last session in which it was said
    skin_red_hours                           hours since the skin of this item was first seen red,
                                             and never since then seen unchanged
    days_since_last_session                  of the item, from the one before to this one
    previous_pain                            of the same part, last session
    pain_baseline_7d                         mean of the part's pain over the 7 days before the
                                             previous session (else the profile's baseline)
    end_angle_degrees_week_ago               highest of the part about a week before

Of an assessment (of the patient), which only the server has; by instrument and score
    assessment.<instrument>.<score>          the value just recorded; an ordinal scale by its place
    assessment_before.<instrument>.<score>   the one before it, on the same place of the body
    penn_days_up                             days in a row on which spasms were more frequent, by 1
                                             or more, than on the last day before them
    weight_loss_percent                      below the highest of the 26 weeks before, in percent
    silent_days                              days since anybody wrote anything or was in contact
    high_risk                                yes when silence must be asked about

Of a running plan
    gate_closed                              an assignment gate that bars an item by now

Of the service itself
    operations_failed                        judging | delivery: what could not be done

Of the patient
    baseline.<name>          personal values of the profile: baseline.systolic_mmhg ...
    profile.spinal_cord_injury               yes | no | unknown
    profile.injury_level                     C1 ... S5 or unknown
    profile.<question>       answers of the clinical profile, by the codes of gates.json: pacemaker,
                             implanted_electronics, pregnancy, unstable_fracture, suspected_dvt,
                             unstable_joint, cancer_or_infection_at_site, and the relative ones
    condition.<condition>    "yes" when the profile lists the condition

Of a part about to be assigned
    part.modality, part.physics              as above; physics left out when nothing is stimulated
    part.region              trunk | arm | hand | leg | foot | neck | head | chest | whole
    part.side                none | left | right | both
    part.muscle, part.motion                 codes of the catalogue
    part.innervation         intact | partial | denervated | unknown, of this muscle
    part.maximum_degrees     the part's maximum end angle
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rehab.domain.conditions import Facts, Value

SESSION_FACTS = frozenset(
    {
        "pain", "effort", "outcome", "skin_before", "skin_after", "sensation", "kind", "modality",
        "physics", "while_paused", "off_plan", "stop_reason", "age_hours", "allergen_eaten",
        "interaction",
    }
)  # fmt: skip
HISTORY_FACTS = frozenset(
    {
        "sessions_today", "sessions_this_week", "previous_pain", "pain_baseline_7d",
        "end_angle_degrees_week_ago", "over_maximum_this_week", "previous_effort",
        "skin_red_hours", "days_since_last_session", "penn_days_up", "weight_loss_percent",
        "silent_days", "high_risk",
        "gate_closed", "operations_failed",
    }
)  # fmt: skip
PART_FACTS = frozenset(
    {
        "part.modality", "part.physics", "part.region", "part.side", "part.muscle", "part.motion",
        "part.innervation", "part.maximum_degrees",
    }
)  # fmt: skip
MEASURED_FACTS = frozenset(
    {
        "repetitions", "sets", "hold_seconds", "minutes", "hours", "start_angle_degrees",
        "end_angle_degrees", "pulse_width_us", "pulse_width_ms", "frequency_hz", "amplitude_ma",
        "on_seconds", "off_seconds", "ramp_up_seconds", "ramp_down_seconds", "pad_area_cm2",
        "pad_uses", "cadence_rpm", "resistance_nm", "power_w", "distance_km", "energy_kj",
        "asymmetry_percent", "tilt_degrees",
        "weight_bearing_percent", "fatigue_next_day", "systolic_before_mmhg",
        "diastolic_before_mmhg", "systolic_during_mmhg", "diastolic_during_mmhg",
        "systolic_after_mmhg", "diastolic_after_mmhg", "pulse_per_minute", "temperature_celsius",
        "spo2_percent", "weight_kg", "calf_difference_cm", "red_area_cm", "load_kg", "metres",
        "falls", "water_celsius", "acceleration_g", "vibration_hz", "ultrasound_mw_cm2",
        "ultrasound_mhz",
    }
)  # fmt: skip
FAMILIES = (
    "dose.", "maximum.", "gate.", "symptom.", "baseline.", "profile.", "condition.", "assessment.",
    "assessment_before.",
)  # fmt: skip

UNKNOWN = "unknown"


def is_fact(name: str) -> bool:
    """Tell whether a condition may look at a fact of this name."""
    if name in SESSION_FACTS | HISTORY_FACTS | PART_FACTS | MEASURED_FACTS:
        return True
    return any(name.startswith(family) and name != family for family in FAMILIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of a body, as rules and gates read it.

    answers: question code -> yes | no | unknown. conditions: condition code -> limbs ("left_leg",
    "right_arm" ...), empty when it is anywhere or everywhere. innervation: muscle code -> status.
    insensate: regions, joints or muscles without feeling. baselines: code -> number.
    """

    spinal_cord_injury: str = UNKNOWN
    injury_level: str = UNKNOWN
    answers: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    innervation: Mapping[str, str] = field(default_factory=dict)
    insensate: frozenset[str] = frozenset()
    baselines: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSite:
    """Where on the body an item's part works, and with what. `region` whole: no single limb."""

    modality: str
    physics: str | None = None
    region: str = "whole"
    side: str = "none"
    muscle: str = ""
    motion: str = ""
    maximum_degrees: float | None = None


def profile_facts(profile: Profile) -> dict[str, Value]:
    """Return the facts of the patient that session rules compare with."""
    return {
        "profile.spinal_cord_injury": _spinal_cord_injury(profile),
        "profile.injury_level": profile.injury_level or UNKNOWN,
        **{f"profile.{code}": answer for code, answer in profile.answers.items()},
        **{f"condition.{code}": "yes" for code in profile.conditions},
        **{f"baseline.{code}": value for code, value in profile.baselines.items()},
    }


def assignment_facts(
    profile: Profile, site: PartSite, same_as: Mapping[str, tuple[str, ...]] | None = None
) -> Facts:
    """Return the facts that the assignment gates judge for one part.

    `same_as` (`gates.conditions_by_question`): question code -> conditions that answer it "yes",
    unless every one of them is known to be in another limb than the part's.
    """
    facts = {
        **profile_facts(profile),
        **{f"part.{name}": value for name, value in _site_facts(site).items()},
        "part.innervation": profile.innervation.get(site.muscle, UNKNOWN),
    }
    for question, conditions in (same_as or {}).items():
        if any(_concerns(profile.conditions.get(code), site) for code in conditions):
            facts[f"profile.{question}"] = "yes"
    return facts


def sensation_at(profile: Profile, site: PartSite, felt: str | None = None) -> str:
    """Return the feeling at a part: what was recorded now, else the profile, else unknown."""
    if felt:
        return felt
    joint = site.motion.partition(".")[0]
    places = {site.region, site.muscle, site.motion, joint, f"{site.side}_{site.region}"}
    return "cannot_feel" if places & profile.insensate else UNKNOWN


def limbs_of(site: PartSite) -> frozenset[str]:
    """Return the limbs a part works on: left_leg, right_arm ...; empty when no single limb."""
    limb = {"hand": "arm", "arm": "arm", "foot": "leg", "leg": "leg"}.get(site.region)
    if limb is None:
        return frozenset()
    sides = ("left", "right") if site.side in ("both", "none") else (site.side,)
    return frozenset(f"{side}_{limb}" for side in sides)


def _spinal_cord_injury(profile: Profile) -> str:
    return "yes" if "spinal_cord_injury" in profile.conditions else profile.spinal_cord_injury


def _site_facts(site: PartSite) -> dict[str, Value]:
    given: dict[str, Value] = {
        "modality": site.modality,
        "physics": site.physics,
        "region": site.region,
        "side": site.side,
        "muscle": site.muscle or None,
        "motion": site.motion or None,
        "maximum_degrees": site.maximum_degrees,
    }
    return {name: value for name, value in given.items() if value is not None}


def _concerns(limbs: frozenset[str] | None, site: PartSite) -> bool:
    if limbs is None:
        return False
    part = limbs_of(site)
    return not limbs or not part or bool(limbs & part)
