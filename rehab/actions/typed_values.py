"""What a person typed, with a unit, becomes a number in the unit of its field.

Before anything is judged, so that a red flag sees what was typed as well. The text and the unit
stay beside the number.
"""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import FieldError
from rehab.actions.texts import text_faults
from rehab.domain.measures import is_number
from rehab.domain.session_entry import PartEntry, SessionEntry, TypedValue, Value
from rehab.domain.typed import UnreadableMeasure, parse_typed

LONGEST = 120
# A client may round what it reads; further apart, one of the two is not what was meant.
SAME_WITHIN = 0.01


def with_typed_values(entry: SessionEntry) -> SessionEntry:
    """Return the entry with a number for each typed value that its client read none from."""
    if not any(part.typed for part in entry.parts):
        return entry
    return replace(entry, parts=tuple(_with_values(part) for part in entry.parts))


def typed_faults(part: PartEntry, path: str) -> Iterator[FieldError]:
    """Yield what cannot be read, or does not agree with the number beside it."""
    for code, typed in part.typed.items():
        field = f"{path}.typed.{code[:60]}"
        yield from text_faults({field: typed.text + typed.unit}, longest=LONGEST)
        if code not in reference.dose_fields():
            continue
        given = part.measures.get(code)
        try:
            read = _read(code, typed)
        except UnreadableMeasure as error:
            if given is None:
                yield _unreadable(error, field, reference.dose_fields()[code].unit)
            continue
        if is_number(given) and abs(read - given) > SAME_WITHIN * max(abs(read), abs(given)):
            yield FieldError(
                field,
                "typed_disagrees",
                _("“%(text)s” and the number %(value)s do not agree. Enter it once more.")
                % {"text": typed.text, "value": f"{given:g}"},
            )


def _with_values(part: PartEntry) -> PartEntry:
    read: dict[str, Value] = {}
    for code, typed in part.typed.items():
        if part.measures.get(code) is None and code in reference.dose_fields():
            try:
                read[code] = _read(code, typed)
            except UnreadableMeasure:
                continue
    return replace(part, measures={**part.measures, **read}) if read else part


def _read(code: str, typed: TypedValue) -> float:
    """Read the text by itself where it names a unit, else with the unit beside it."""
    unit = reference.dose_fields()[code].unit
    beside = f"{typed.text} {typed.unit}" if typed.unit else typed.text
    try:
        return parse_typed(beside, unit).value
    except UnreadableMeasure:
        if typed.unit and not typed.text.strip()[-1:].isdigit():
            return parse_typed(typed.text, unit).value
        raise


def _unreadable(error: UnreadableMeasure, field: str, unit: str) -> FieldError:
    if error.code == "unit_not_offered":
        words = _("This unit is not offered here. Enter the value in %(unit)s.")
    else:
        words = _("“%(text)s” is not a number. Enter a number in %(unit)s, or leave it empty.")
    return FieldError(field, error.code, words % {"unit": unit, "text": error.typed})
