"""Turning what the pure rules found into errors that name the field, the limit and the way out."""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

from patients.domain.errors import FieldError
from rehab.domain.measures import Finding

# One sentence a code; the parameters are those of `Finding.params`.
_SENTENCES: Mapping[str, str] = {
    "not_a_number": gettext_noop(
        "“%(value)s” is not a number. Enter a number in %(unit)s, or leave it empty."
    ),
    "unknown_field": gettext_noop(
        "There is no field called “%(field)s” here. Leave it out, or write it in the note."
    ),
    "not_a_choice": gettext_noop("Choose one of: %(choices)s."),
    "future": gettext_noop(
        "This lies in the future (%(value)s); it is %(now)s now."
        " Was it just now? Check the clock of this device."
    ),
    "not_whole": gettext_noop("Enter a whole number."),
    "negative": gettext_noop(
        "%(value)s is below zero, and this cannot be."
        " The least that can be recorded is %(limit)s %(unit)s."
    ),
    "below_recordable": gettext_noop(
        "%(value)s %(unit)s is below the recordable limit of %(limit)s %(unit)s."
    ),
    "above_recordable": gettext_noop(
        "%(value)s %(unit)s is above the recordable limit of %(limit)s %(unit)s."
    ),
    "unusually_low": gettext_noop(
        "%(value)s %(unit)s is unusually low (below %(limit)s). Is it right?"
    ),
    "unusually_high": gettext_noop(
        "%(value)s %(unit)s is unusually high (above %(limit)s). Is it right?"
    ),
    "far_above_plan": gettext_noop(
        "%(value)s %(unit)s is far above the plan's %(planned)s %(unit)s. Is it right?"
    ),
    "above_prescribed_maximum": gettext_noop(
        "%(value)s %(unit)s is above the prescribed maximum of %(limit)s %(unit)s. Is it right?"
    ),
    "unusual_change": gettext_noop(
        "%(value)s %(unit)s is far from the last value, %(previous)s %(unit)s. Is it right?"
    ),
    "swapped_pressures": gettext_noop(
        "The lower pressure is not below the upper one. Were the two swapped?"
    ),
    "swapped_angles": gettext_noop(
        "The start angle is larger than the end angle. Were the two swapped?"
    ),
    "width_times_frequency": gettext_noop(
        "Pulse width × frequency is %(product)s and must be below 1: such pulses would overlap."
        " Check both and their units."
    ),
    "unit": gettext_noop(
        "Your plan says %(planned)s %(planned_unit)s, and you entered %(value)s %(unit)s:"
        " 1000 times as much or as little. Correct the unit."
    ),
    "wrong_device_class": gettext_noop(
        "This item uses pulses in %(planned_unit)s; %(unit)s belong to another kind of stimulator,"
        " which does not work here. Ask your clinic."
        " What you did with it can be recorded as something outside the plan."
    ),
    "wrong_device_class:ms": gettext_noop(
        "This item uses pulses in ms; %(unit)s are those of an ordinary stimulator, and an ordinary"
        " stimulator does not work on muscle without nerve supply. Ask your clinic."
        " What you did with it can be recorded as something outside the plan."
    ),
    "nobody_named": gettext_noop("Say by name who set these targets."),
    "nothing_set": gettext_noop("Enter at least one target, a supplement or a note."),
    "nothing_named": gettext_noop("Say what is taken."),
    "no_date": gettext_noop("Say on which day."),
    "no_weight": gettext_noop("Say which weight this target rests on."),
    "day_ahead": gettext_noop("%(value)s lies in the future."),
    "protein_disagrees": gettext_noop(
        "%(each_kg)s g/kg at %(weight)s kg and %(grams)s g do not agree."
        " Correct one of the three, or leave one out."
    ),
    "above_for_kidney": gettext_noop(
        "%(value)s g/kg is above %(limit)s g/kg, and the profile says that the kidneys are severely"
        " impaired. Is it right?"
    ),
    "nothing_eaten": gettext_noop("Say what was eaten or drunk, or enter a weight."),
    "ends_before_it_begins": gettext_noop("This lies before the first day."),
    "nothing_scored": gettext_noop("Enter at least one result."),
    "off_step": gettext_noop("%(value)s cannot be scored here: it goes in steps of %(step)s."),
    "needed_beside": gettext_noop("This must stand beside the value, or it cannot be compared."),
    "clinicians_only": gettext_noop("Plus and minus grades are entered by a clinician."),
    "only_above_zero": gettext_noop("This is scored only where “%(other)s” is above 0."),
    "said_twice": gettext_noop("This score is there twice for the same place. Keep one."),
    "not_a_word": gettext_noop("Say this in a few words, %(most)s characters at most."),
}
_LIKELY = gettext_noop("Did you mean %(value)s %(unit)s?")
_OTHER_UNIT = gettext_noop(
    "%(unit)s or %(other)s? %(typed)s %(other)s would be %(value)s %(unit)s."
)
# Meanings that are another unit of the same number, as people write it.
_UNITS: Mapping[str, str] = {
    "pounds": "lb",
    "stones": "st",
    "jin": gettext_noop("jin"),
    "inches": "in",
    "millimetres": "mm",
    "fahrenheit": "°F",
    "kilopascals": "kPa",
}


def as_error(finding: Finding, *, path: str = "") -> FieldError:
    """Return the error for one finding; `path` leads to the place in the entry."""
    return FieldError(field=path or finding.field, code=finding.code, detail=_sentence(finding))


def _sentence(finding: Finding) -> str:
    params = {key: _shown(value) for key, value in finding.params.items()}
    # What is wrong with another kind of stimulator is told by what this item is for.
    by_unit = f"{finding.code}:{finding.params.get('planned_unit', '')}"
    sentence = gettext(_SENTENCES.get(by_unit) or _SENTENCES[finding.code]) % {
        "limit": _shown(finding.limit),
        "planned": "?",
        **params,
    }
    return f"{sentence} {_likely(finding)}".strip()


def _likely(finding: Finding) -> str:
    likely = finding.params.get("likely")
    if not isinstance(likely, list) or not likely or "unit" not in likely[0]:
        return ""
    best = likely[0]
    meant = {"value": _shown(best["value"]), "unit": best["unit"]}
    other = _UNITS.get(str(best.get("meaning")))
    if other is None:
        return gettext(_LIKELY) % meant
    typed = _shown(finding.params.get("value"))
    return gettext(_OTHER_UNIT) % {**meant, "other": gettext(other), "typed": typed}


def _shown(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value
