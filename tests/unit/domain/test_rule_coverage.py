"""Every red flag and misuse sign of the clinical ground has a rule, and every rule three sentences.

One that fires it, one just below it, and one for the same told 30 hours late. The same for every
gate: closed, just open, and learnt after the assignment. Read the ids: each is a sentence.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from rehab.domain.conditions import Facts
from rehab.domain.gates import CAUTION, MUST_BE_ANSWERED, STANDS, Override, standing
from rehab.domain.gates import evaluate as evaluate_gates
from rehab.domain.safety import evaluate
from tests.unit.domain.rulebook import GATES, NOTICES, RULES, VECTORS

# What the table of red flags (2.8) and the misuse signs (2.7) ask for -> the rules that answer.
ROWS = {
    "2.7 shoulder or hip pain up 2 over the 7-day baseline twice": ("pain-rise",),
    "2.7 any pain of 7 or more": ("pain-threshold",),
    "2.7 spasms more often for 3 days": ("spasm-more-often",),
    "2.7 tone up 1 at the clinic": ("tone-rising",),
    "2.7 above the plan's maximum twice in a week": ("over-maximum", "over-maximum-again"),
    "2.7 end angle above the plan's maximum": ("end-angle-above-maximum",),
    "2.7 barred exercise done": ("off-plan-barred",),
    "2.7 effort above the limit, once and twice running": (
        "effort-above-limit-once",
        "effort-above-limit",
    ),
    "2.7 fatigue of 8 the next day": ("effort-or-fatigue",),
    "2.7 toe catching, new inversion": ("misuse-signs",),
    "2.7 fall, fall while training, and fall with pain": (
        "fall",
        "fall-in-training",
        "fall-with-pain",
    ),
    "2.7 end angle down 15 degrees in a week": ("range-falling",),
    "2.8 dysreflexia": ("dysreflexia", "pressure-signs-to-watch"),
    "2.8 breathless, chest pain, coughing blood": ("breathless-or-chest-pain",),
    "2.8 one calf or thigh swollen, warm, painful, 3 cm bigger": ("suspected-dvt",),
    "2.8 crunch, swelling, new spasm of a fragile limb": ("limb-injury-signs",),
    "2.8 odd angle": ("limb-deformed",),
    "2.8 warm swollen joint, and one that moves less": (
        "joint-swollen-warm",
        "swelling-with-falling-range",
    ),
    "2.8 burn or blister under a pad": ("skin-burn",),
    "2.8 redness not gone in 24 h": ("skin-redness-lasting", "skin-redness"),
    "2.8 pressure area": ("pressure-area",),
    "2.8 under a splint": ("splint-circulation",),
    "2.8 new loss of movement or feeling": ("new-loss",),
    "2.8 fever": ("fever", "fever-at-risk"),
    "2.8 pressure drop or faint": ("pressure-drop", "fainted"),
    "2.8 choking": ("choking", "choking-not-clearing"),
    "2.8 face, arm, speech": ("face-arm-speech",),
    "2.8 rising weakness, breathless lying flat, morning headache": (
        "breathing-weaker",
        "breathing-weaker-in-nerve-disease",
    ),
    "2.8 dark urine": ("dark-urine",),
    "2.8 low sugar": ("low-sugar",),
    "2.8 pregnancy, private": ("private-news", "gate-closed"),
    "2.8 pacemaker newly reported": ("private-news-urgent", "gate-closed-urgent"),
    "2.8 seizure": ("seizure",),
    "2.8 self-harm": ("self-harm",),
    "2.8 silence in a high-risk plan": ("silence",),
    "2.2 above the plan's maximum current": (
        "stimulation-above-maximum",
        "stimulation-above-maximum-insensate",
    ),
    "2.6 more than 14 days since the last ride": ("settings-after-a-gap",),
}
LEVELS = {
    "E0": "breathing-weaker-in-nerve-disease breathless-or-chest-pain choking-not-clearing"
    " dysreflexia face-arm-speech limb-deformed seizure self-harm",
    "E1": "breathing-weaker choking dark-urine fainted fall-in-training fall-with-pain"
    " fever-at-risk gate-closed-urgent joint-swollen-warm limb-injury-signs low-sugar new-loss"
    " pain-rise pain-threshold pressure-area private-news-urgent skin-burn splint-circulation"
    " stimulation-above-maximum-insensate suspected-dvt swelling-with-falling-range"
    " trained-while-paused",
}
# What is just below a rule that no number separates: the nearest thing that is another matter.
NEAREST: dict[str, tuple[str, Facts]] = {
    "dysreflexia": (
        "19 above the own baseline",
        {
            "profile.spinal_cord_injury": "yes",
            "profile.injury_level": "T6",
            "baseline.systolic_mmhg": 100,
            "systolic_during_mmhg": 119,
        },
    ),
    "suspected-dvt": ("2.9 cm between the calves", {"calf_difference_cm": 2.9}),
    "limb-injury-signs": ("a new spasm in sound bone", {"symptom.new_spasm": "yes"}),
    "pain-threshold": ("pain 6", {"pain": 6}),
    "pain-rise": (
        "2 above the baseline once",
        {"pain": 5, "previous_pain": 3, "pain_baseline_7d": 3},
    ),
    "pressure-area": ("colour gone within 30 minutes", {"gate.skin_found": "fades"}),
    "skin-burn": ("red skin", {"skin_after": "red"}),
    "skin-redness": ("skin that looked fine", {"skin_after": "looked_fine"}),
    "skin-redness-lasting": (
        "red for 23 hours",
        {"skin_before": "red", "skin_red_hours": 23},
    ),
    "hot-water": ("water of 38 degrees", {"water_celsius": 38}),
    "splint-circulation": ("no splint worn", {"gate.circulation_under_splint": "no_splint"}),
    "stimulation-above-maximum": (
        "current at the maximum",
        {"physics": "intact", "amplitude_ma": 80, "maximum.amplitude_ma": 80},
    ),
    "stimulation-above-maximum-insensate": (
        "above it where it is felt",
        {
            "physics": "intact",
            "amplitude_ma": 81,
            "maximum.amplitude_ma": 80,
            "sensation": "feels",
        },
    ),
    "end-angle-above-maximum": (
        "angle at the maximum",
        {"end_angle_degrees": 90, "maximum.end_angle_degrees": 90},
    ),
    "over-maximum": (
        "as many sessions as the maximum",
        {"sessions_today": 3, "maximum.sessions_per_day": 3},
    ),
    "over-maximum-again": ("once in the week", {"over_maximum_this_week": 1}),
    "dose-above-maximum": (
        "repetitions at the maximum",
        {"repetitions": 10, "maximum.repetitions": 10},
    ),
    "trained-while-paused": (
        "care done while paused",
        {"while_paused": "yes", "kind": "care"},
    ),
    "off-plan-barred": ("outside the plan, not barred", {"off_plan": "outside"}),
    "off-plan-outside": ("nothing outside the plan", {"off_plan": None}),
    "fever": ("37.9 degrees", {"temperature_celsius": 37.9}),
    "fever-at-risk": ("fever without a risk", {"temperature_celsius": 38.5}),
    "pressure-drop": (
        "19 lower on standing",
        {"modality": "standing", "systolic_before_mmhg": 120, "systolic_during_mmhg": 101},
    ),
    "effort-or-fatigue": ("fatigue 7", {"fatigue_next_day": 7}),
    "effort-above-limit": (
        "at the limit the second time",
        {"effort": 6, "previous_effort": 7, "baseline.effort": 6},
    ),
    "range-falling": (
        "14 degrees less",
        {"end_angle_degrees": 96, "end_angle_degrees_week_ago": 110},
    ),
    "spasm-more-often": ("more often for 2 days", {"penn_days_up": 2}),
    "tone-rising": (
        "rated as before",
        {
            "assessment.modified_ashworth.tone": 2,
            "assessment_before.modified_ashworth.tone": 2,
        },
    ),
    "weight-falling": ("4.9 percent", {"weight_loss_percent": 4.9}),
    "settings-after-a-gap": (
        "14 days after the last",
        {"modality": "fes_cycling", "days_since_last_session": 14},
    ),
    "silence": ("6 silent days", {"high_risk": "yes", "silent_days": 6}),
    "gate-closed-urgent": (
        "a gate of the next working day",
        {"gate_closed": "pregnancy-stimulation"},
    ),
    "gate-closed": ("a gate of the same day", {"gate_closed": "suspected-dvt"}),
    "fall": ("a walk without a fall", {"falls": 0}),
    "fall-in-training": (
        "a fall in a walk",
        {"symptom.fall": "yes", "kind": "training", "modality": "walking"},
    ),
    "effort-above-limit-once": ("at the limit", {"effort": 6, "maximum.effort": 6}),
    "swelling-with-falling-range": (
        "warm, and 14 degrees less",
        {"symptom.limb_warm": "yes", "end_angle_degrees": 96, "end_angle_degrees_week_ago": 110},
    ),
    "breathing-weaker-in-nerve-disease": (
        "breathless lying flat without such a disease",
        {"symptom.breathless_lying_flat": "yes", "condition.stroke": "yes"},
    ),
    "pressure-signs-to-watch": (
        "goosebumps without a cord injury",
        {"symptom.goosebumps": "yes", "profile.spinal_cord_injury": "no"},
    ),
    "allergen-eaten-severe": ("nothing on the list eaten", {"allergen_eaten": None}),
}
AT = datetime(2026, 10, 22, 12, tzinfo=UTC)
CODES = [rule.code for rule in RULES]
GATE_CODES = [gate.code for gate in GATES]


def fires_on(code: str) -> tuple[str, Facts]:
    """Return the name and the facts of the committed vector in which a rule fires most alone."""
    found = [each for each in VECTORS["safety"] if code in each["fired"]]
    first = min(found, key=lambda each: len(each["fired"]))
    return first["name"], first["facts"]


def just_below(code: str) -> tuple[str, Facts]:
    """Return what is nearest to firing: from the table, else the sign that was answered no."""
    if code in NEAREST:
        return NEAREST[code]
    name, facts = fires_on(code)
    return f"{name}, answered no", {fact: _not(value) for fact, value in facts.items()}


def _not(value: object) -> str | None:
    return "no" if value == "yes" else None


def fired(facts: Facts) -> dict[str, str]:
    return {each.rule: each.level.value for each in evaluate(RULES, facts)}


FIRES = [pytest.param(each, id=f"{each} fires: {fires_on(each)[0]}") for each in CODES]
BELOW = [pytest.param(each, id=f"{each} is silent: {just_below(each)[0]}") for each in CODES]
LATE = [pytest.param(each, id=f"{each} fires 30 h late: {fires_on(each)[0]}") for each in CODES]


@pytest.mark.parametrize("code", FIRES)
def test_a_rule_fires(code: str) -> None:
    assert code in fired(fires_on(code)[1])


@pytest.mark.parametrize("code", BELOW)
def test_a_rule_is_silent_just_below(code: str) -> None:
    assert code not in fired(just_below(code)[1])


@pytest.mark.parametrize("code", LATE)
def test_a_rule_fires_on_what_is_told_late_as_urgently_as_on_time(code: str) -> None:
    facts = fires_on(code)[1]

    assert fired({**facts, "age_hours": 30}) == fired({**facts, "age_hours": 0}) == fired(facts)
    assert "{age_hours}" in NOTICES["late"]["en"]


@pytest.mark.parametrize(("row", "rules"), ROWS.items(), ids=ROWS)
def test_every_row_of_the_clinical_ground_has_its_rules(row: str, rules: tuple[str, ...]) -> None:
    assert set(rules) <= set(CODES)


def test_emergencies_and_same_day_rules_are_those_of_the_clinical_ground() -> None:
    for level, codes in LEVELS.items():
        have = {rule.code for rule in RULES if rule.level == level}
        assert set(codes.split()) <= have
    assert {rule.code for rule in RULES if rule.level == "E0"} == set(LEVELS["E0"].split())


def closes_on(code: str) -> tuple[str, Facts]:
    """Return the committed vector in which a gate closes most alone."""
    keys = ("contraindicated", "must_be_answered", "caution")
    found = [each for each in VECTORS["gates"] if any(code in each[key] for key in keys)]
    first = min(found, key=lambda each: sum(len(each[key]) for key in keys))
    return first["name"], first["facts"]


def just_open(code: str) -> Facts:
    """Return the same part of a body of which the gate's own reason is not so."""
    facts = dict(closes_on(code)[1])
    for each in evaluate_gates(GATES, facts):
        if each.gate == code:
            for name, value in each.because:
                facts[name] = OPENS.get(name, "no" if value == "yes" else None)
            for name in each.unanswered:
                facts[name] = OPENS.get(name, "no")
    return {**facts, **({"part.maximum_degrees": 90} if "maximum" in code else {})}


OPENS = {"part.innervation": "intact", "part.region": "leg"}
# Where the reason is the nerve supply, the other supply is what is meant.
DENERVATED = {"long-pulse-innervation", "long-pulse-on-supplied-muscle"}
CLOSED = [pytest.param(each, id=f"{each} closes: {closes_on(each)[0]}") for each in GATE_CODES]
OPEN = [pytest.param(each, id=f"{each} stays open when it is not so") for each in GATE_CODES]
KNOWN_LATE = [
    pytest.param(each, id=f"{each} closes again once its override has expired")
    for each in GATE_CODES
]


def found_at(code: str, facts: Facts) -> set[str]:
    return {each.code for each in evaluate_gates(GATES, facts) if each.gate == code}


@pytest.mark.parametrize("code", CLOSED)
def test_a_gate_closes(code: str) -> None:
    assert found_at(code, closes_on(code)[1]) <= {STANDS, MUST_BE_ANSWERED, CAUTION}
    assert found_at(code, closes_on(code)[1])


@pytest.mark.parametrize("code", OPEN)
def test_a_gate_stays_open_just_below(code: str) -> None:
    supply = {"part.innervation": "denervated"} if code in DENERVATED else {}

    assert found_at(code, {**just_open(code), **supply}) == set()


@pytest.mark.parametrize("code", KNOWN_LATE)
def test_no_override_outlives_its_day(code: str) -> None:
    blocked = [each for each in evaluate_gates(GATES, closes_on(code)[1]) if each.gate == code]
    override = Override(code, UUID(int=1), "Agreed in writing.", AT)

    before = standing(blocked, [override], AT - timedelta(seconds=1))
    after = standing(blocked, [override], AT)

    assert after == [each for each in blocked if not each.is_warning]
    assert before == [each for each in after if not each.may_be_overridden]
