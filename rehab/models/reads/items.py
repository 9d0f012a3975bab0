"""One item as its plan words it, for writing down a session that nothing asked for by id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from patients.domain.errors import NotVisible
from rehab.models.occurrence import Occurrence
from rehab.models.reads.agenda import ItemRow, read_agenda
from rehab.models.reads.due import DueItem, DueOccurrence, DuePart, item_shown, part_shown
from rehab.models.reads.today import today_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescribed:
    """An item in one wording, its parts with their doses, and what to ask before and after."""

    item: DueItem
    parts: Sequence[DuePart]
    gate_questions: Sequence[str]
    zone: str


def occurrence_of(
    patient_id: UUID, occurrence_id: UUID, *, now: datetime, language: str
) -> DueOccurrence:
    """Return one stored occurrence as it is to be shown now; NotVisible when there is none."""
    on = (
        Occurrence.objects.filter(patient_id=patient_id, id=occurrence_id)
        .values_list("on", flat=True)
        .first()
    )
    if on is None:
        raise NotVisible
    day = today_of(patient_id, now=now, language=language, on=on)
    for each in day.occurrences:
        if each.id == occurrence_id:
            return each
    raise NotVisible


def item_of(
    patient_id: UUID,
    series: UUID,
    *,
    on: date,
    now: datetime,
    language: str,
    version: int | None = None,
) -> Prescribed:
    """Return an item in one version, or in the newest wording that holds on a date."""
    agenda = read_agenda(patient_id, first=on - DAY, last=on + DAY, now=now)
    found = [
        item for item in agenda.items if item.series == series and version in (None, item.version)
    ]
    if not found:
        raise NotVisible
    item = max(found, key=_newest)
    return Prescribed(
        item=item_shown(item, language),
        parts=[part_shown(part, item, agenda, now, language) for part in item.parts],
        gate_questions=item.gate_questions,
        zone=item.zone,
    )


def _newest(item: ItemRow) -> datetime:
    return item.effective_at
