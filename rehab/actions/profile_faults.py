"""Is what a clinician records of a body sound? What is stored here is read on every log."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import FieldError
from rehab.actions.decoding import read
from rehab.actions.texts import text_faults
from rehab.domain.content_fit import KIDNEY, SEVERITIES
from rehab.domain.measures import is_number
from rehab.models import Answer

LEVELS = tuple(
    f"{part}{number}"
    for part, most in (("C", 8), ("T", 12), ("L", 5), ("S", 5))
    for number in range(1, most + 1)
)
INNERVATION = ("intact", "partial", "denervated", "unknown")
LIMBS = (
    *(f"{side}_{limb}" for limb in ("arm", "hand", "leg", "foot") for side in ("left", "right")),
    "trunk",
)
# Own values that rules compare with -> the dose field whose recording limits they keep.
BASELINES = {
    "systolic_mmhg": "systolic_before_mmhg",
    "diastolic_mmhg": "diastolic_before_mmhg",
    "pulse_per_minute": "pulse_per_minute",
    "pain": "pain",
    "effort": "effort",
}
MAY_BE_EMPTY = ("swallowing_food", "swallowing_drink")

Short = Annotated[str, msgspec.Meta(max_length=120)]
Line = Annotated[str, msgspec.Meta(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionShape:
    code: Short
    limbs: Sequence[Short] = ()
    since: Short | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarredShape:
    exercise: Short
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtShape:
    motion: Short
    to: Short = ""
    by: Short = ""
    on: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllergyShape:
    """A class or a food of the catalogue by its code, or what was said in words."""

    code: Short = ""
    text: Line = ""
    severity: Short = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugShape:
    """A drug, herb or supplement by its code, or what was said in words."""

    code: Short = ""
    text: Line = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileShape:
    """The JSON form of the changes; which codes there are is judged afterwards."""

    conditions: Sequence[ConditionShape] | None = None
    spinal_cord_injury: str | None = None
    injury_level: str | None = None
    answers: Mapping[str, str] | None = None
    innervation: Mapping[str, str] | None = None
    allergies_known: str | None = None
    allergies: Sequence[AllergyShape] | None = None
    swallowing_food: float | int | None = None
    swallowing_drink: float | int | None = None
    mixed_textures: str | None = None
    kidney: Annotated[str, msgspec.Meta(max_length=16)] | None = None
    drugs_known: str | None = None
    drugs: Sequence[DrugShape] | None = None
    baselines: Mapping[str, Any] | None = None
    barred: Sequence[BarredShape] | None = None
    insensate: Sequence[Short] | None = None
    taught: Sequence[TaughtShape] | None = None
    note: str | None = None


def profile_faults(changes: Mapping[str, Any]) -> Iterator[FieldError]:
    """Yield what can't be so, each with its path."""
    _shape, errors = read(changes, ProfileShape)
    yield from errors
    for name, value in changes.items():
        if value is None and name not in MAY_BE_EMPTY:
            yield FieldError(name, "required", _("Leave this out, or say what it is."))
    if not errors:
        yield from _fact_faults(
            {name: value for name, value in changes.items() if value is not None}
        )


def _fact_faults(changes: Mapping[str, Any]) -> Iterator[FieldError]:
    for name in ("spinal_cord_injury", "allergies_known", "drugs_known", "mixed_textures"):
        yield from _choice(name, changes.get(name), Answer.values)
    yield from _choice("injury_level", changes.get("injury_level"), (*LEVELS, "unknown"))
    for code, answer in changes.get("answers", {}).items():
        yield from _choice(f"answers.{code}", answer, Answer.values)
    yield from _innervation(changes.get("innervation", {}))
    yield from _conditions(changes.get("conditions", ()))
    yield from _taken("allergies", changes.get("allergies", ()), _allergens)
    yield from _taken("drugs", changes.get("drugs", ()), _substances)
    for place, allergy in enumerate(changes.get("allergies", ())):
        yield from _choice(f"allergies.{place}.severity", allergy.get("severity"), SEVERITIES)
    yield from _choice("kidney", changes.get("kidney"), KIDNEY)
    yield from _baselines(changes.get("baselines", {}))
    yield from _iddsi("swallowing_food", changes.get("swallowing_food"), 3, 7)
    yield from _iddsi("swallowing_drink", changes.get("swallowing_drink"), 0, 4)
    for name, value in changes.items():
        for text in _texts(value):
            yield from text_faults({name: text})


def _baselines(given: Mapping[str, Any]) -> Iterator[FieldError]:
    """Yield own values that no rule knows, that are no numbers, or that nobody could record."""
    for code, value in given.items():
        path = f"baselines.{code[:60]}"
        if code not in BASELINES:
            yield from _choice(path, code, tuple(BASELINES))
        elif value is not None and not is_number(value):
            yield FieldError(path, "not_a_number", _("Enter a number, or leave it empty."))
        elif value is not None:
            limits = reference.limits(BASELINES[code])
            low, high = limits.hard_min, limits.hard_max
            if not low <= value <= high:
                yield FieldError(
                    path,
                    "out_of_range",
                    _("Between %(low)s and %(high)s.") % {"low": f"{low:g}", "high": f"{high:g}"},
                )


def _innervation(given: Mapping[str, str]) -> Iterator[FieldError]:
    for muscle, status in given.items():
        if muscle not in reference.muscles():
            yield FieldError(
                f"innervation.{muscle}", "unknown_muscle", _("There is no muscle of this code.")
            )
        yield from _choice(f"innervation.{muscle}", status, INNERVATION)


def _conditions(given: Sequence[Mapping[str, Any]]) -> Iterator[FieldError]:
    for place, condition in enumerate(given):
        path = f"conditions.{place}"
        if condition["code"] not in reference.conditions():
            yield FieldError(
                f"{path}.code", "unknown_condition", _("There is no condition of this code.")
            )
        if not _is_day(condition.get("since")):
            yield FieldError(f"{path}.since", "not_a_date", _("A date such as 2026-10-19."))
        for number, limb in enumerate(condition.get("limbs") or ()):
            yield from _choice(f"{path}.limbs.{number}", limb, LIMBS)


def _is_day(given: object) -> bool:
    """Tell whether this is a date as it is kept, or none."""
    try:
        return not given or bool(date.fromisoformat(str(given)))
    except ValueError:
        return False


def _taken(
    field: str, given: Sequence[Mapping[str, Any]], known: Callable[[], Collection[str]]
) -> Iterator[FieldError]:
    """Yield what is neither a code of the catalogue nor said in words."""
    for place, each in enumerate(given):
        code, text = each.get("code", ""), each.get("text", "")
        if code and code not in known():
            yield FieldError(
                f"{field}.{place}.code",
                "unknown_code",
                _("The catalogue has no such code. Say it in words instead."),
            )
        if not code and not text.strip():
            yield FieldError(f"{field}.{place}.text", "blank", _("Say what it is."))


def _allergens() -> Collection[str]:
    return {*reference.allergens(), *reference.foods()}


def _substances() -> Collection[str]:
    return reference.substances()


def _choice(field: str, value: object, choices: Collection[str]) -> Iterator[FieldError]:
    if value is not None and value not in choices:
        yield FieldError(
            field,
            "not_a_choice",
            _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)},
        )


def _iddsi(field: str, value: object, low: int, high: int) -> Iterator[FieldError]:
    if value is not None and not (
        is_number(value) and low <= value <= high and value == int(value)
    ):
        yield FieldError(
            field,
            "out_of_range",
            _("IDDSI levels here go from %(low)s to %(high)s; leave it empty when unknown.")
            % {"low": low, "high": high},
        )


def _texts(value: object) -> Iterator[str]:
    """Yield every text inside a value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(_texts(each) for pair in value.items() for each in pair)
    elif isinstance(value, list | tuple):
        yield from chain.from_iterable(_texts(each) for each in value)
