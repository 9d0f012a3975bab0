"""The terms of the catalogue, read once from the YAML that ships with the code.

Other apps take codes, labels, units and limits from here; no database is asked. Everything
returned is frozen.

    from exercises import reference
    reference.limits("frequency_hz", modality="long_pulse").hard_max
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec

from exercises.sheets import diet, terms
from exercises.sheets.instruments import Instrument
from exercises.sheets.reading import CONTENT, ContentError, read_items, shape

Term = TypeVar("Term", bound=terms.Sheet)


def dose_fields() -> Mapping[str, terms.DoseField]:
    return _terms("dose_fields.yaml", terms.DoseField)


def choice_fields() -> Mapping[str, terms.ChoiceField]:
    return _terms("choice_fields.yaml", terms.ChoiceField)


def motions() -> Mapping[str, terms.Motion]:
    return _terms("motions.yaml", terms.Motion)


def muscles() -> Mapping[str, terms.Muscle]:
    return _terms("muscles.yaml", terms.Muscle)


def modalities() -> Mapping[str, terms.Modality]:
    return _terms("modalities.yaml", terms.Modality)


def gate_questions() -> Mapping[str, terms.GateQuestion]:
    return _terms("gate_questions.yaml", terms.GateQuestion)


def skip_reasons() -> Mapping[str, terms.Reason]:
    return _terms("skip_reasons.yaml", terms.Reason)


def stop_reasons() -> Mapping[str, terms.Reason]:
    return _terms("stop_reasons.yaml", terms.Reason)


def symptoms() -> Mapping[str, terms.Symptom]:
    return _terms("symptoms.yaml", terms.Symptom)


def conditions() -> Mapping[str, terms.Condition]:
    return _terms("conditions.yaml", terms.Condition)


def allergens() -> Mapping[str, diet.Allergen]:
    return _terms("allergens.yaml", diet.Allergen)


def foods() -> Mapping[str, diet.Food]:
    return _terms("foods.yaml", diet.Food)


def substances() -> Mapping[str, diet.Substance]:
    return _terms("substances.yaml", diet.Substance)


def instruments() -> Mapping[str, Instrument]:
    return _terms("instruments.yaml", Instrument)


@lru_cache(maxsize=1024)
def limits(code: str, *, modality: str | None = None, motion: str | None = None) -> terms.DoseField:
    """Return the field with the ranges that hold for this modality and this motion.

    KeyError for an unknown code, modality or motion. An angle takes its hard range from the
    motion; any other field is the same for every motion.
    """
    field = dose_fields()[code]
    if modality is not None and (change := modalities()[modality].limits.get(code)):
        field = msgspec.structs.replace(field, **_given(change))
    if motion is not None and field.unit == "°" and code in _ANGLES_OF_A_MOTION:
        joint = motions()[motion]
        field = msgspec.structs.replace(
            field,
            hard_min=joint.hard_min_degrees,
            hard_max=joint.hard_max_degrees,
            source=joint.source,
            owner=joint.owner,
        )
    return field


_ANGLES_OF_A_MOTION = frozenset({"start_angle_degrees", "end_angle_degrees"})


def _given(change: terms.LimitChange) -> dict[str, float | str]:
    return {
        name: value for name, value in msgspec.structs.asdict(change).items() if value is not None
    }


@lru_cache(maxsize=64)
def _terms(file: str, kind: type[Term]) -> Mapping[str, Term]:
    return read_terms(CONTENT, file, kind)


@lru_cache(maxsize=64)
def read_terms(root: Path, file: str, kind: type[Term]) -> Mapping[str, Term]:
    """Read one sheet of terms, keyed by code, in the order of the sheet."""
    found: dict[str, Term] = {}
    for code, raw in read_items(root, file):
        if code in found:
            raise ContentError(file=file, item=code, field="code", problem="is there twice")
        found[code] = shape(kind, raw, file=file, item=code)
    return MappingProxyType(found)
