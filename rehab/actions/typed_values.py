"""What a person typed, with a unit, becomes a number in the unit of its field.

Before anything is judged, so that a red flag sees what was typed as well. The text and the unit
stay beside the number.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import FieldError
from rehab.actions.texts import text_faults
from rehab.domain.measures import is_number
from rehab.domain.session_entry import PartEntry, SessionEntry, TypedValue, Value
from rehab.domain.typed import UnreadableMeasure, parse_typed

Told = TypeVar("Told", SessionEntry, PartEntry)

LONGEST = 120
# A client may round what it reads; further apart, one of the two is not what was meant.
SAME_WITHIN = 0.01


def with_typed_values(entry: SessionEntry) -> SessionEntry:
    """Return the entry with a number for each typed value that its client read none from."""
    if not entry.typed and not any(part.typed for part in entry.parts):
        return entry
    parts = tuple(_with_values(part) if part.typed else part for part in entry.parts)
    return replace(_with_values(entry), parts=parts)


def typed_faults(told: SessionEntry | PartEntry, path: str = "") -> Iterator[FieldError]:
    """Yield what cannot be read, or does not agree with the number beside it."""
    for code, typed in told.typed.items():
        field = f"{path}typed.{code[:60]}"
        yield from text_faults({field: typed.text + typed.unit}, longest=LONGEST)
        if code not in reference.dose_fields():
            continue
        given = told.measures.get(code)
        try:
            read = _read(code, typed)
        except UnreadableMeasure as error:
            if given is None:
                yield unreadable(error, field, reference.dose_fields()[code].unit)
            continue
        if is_number(given) and disagree(read, given):
            yield typed_disagrees(field, typed.text, given)


def disagree(read: float, given: float) -> bool:
    """Tell whether what was read from the text is another number than the one beside it."""
    return abs(read - given) > SAME_WITHIN * max(abs(read), abs(given))


def typed_disagrees(field: str, text: str, given: float) -> FieldError:
    words = _("“%(text)s” and the number %(value)s do not agree. Enter it once more.")
    return FieldError(field, "typed_disagrees", words % {"text": text, "value": f"{given:g}"})


def _with_values(told: Told) -> Told:
    read: dict[str, Value] = {}
    for code, typed in told.typed.items():
        if told.measures.get(code) is None and code in reference.dose_fields():
            try:
                read[code] = _read(code, typed)
            except UnreadableMeasure:
                continue
    return replace(told, measures={**told.measures, **read}) if read else told


def _read(code: str, typed: TypedValue) -> float:
    """Read the text by itself where it names a unit, else with the unit beside it."""
    unit = reference.dose_fields()[code].unit
    beside = f"{typed.text} {typed.unit}" if typed.unit else typed.text
    try:
        return parse_typed(beside, unit).value
    except UnreadableMeasure:
        if typed.unit and any(each.isalpha() or each in '"″°' for each in typed.text):
            return parse_typed(typed.text, unit).value
        raise


def unreadable(error: UnreadableMeasure, field: str, unit: str) -> FieldError:
    if error.code == "unit_not_offered":
        words = _("This unit is not offered here. Enter the value in %(unit)s.")
    else:
        words = _("“%(text)s” is not a number. Enter a number in %(unit)s, or leave it empty.")
    return FieldError(field, error.code, words % {"unit": unit, "text": error.typed})
