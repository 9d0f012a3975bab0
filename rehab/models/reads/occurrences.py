"""What is due between two dates, stored or computed, with what became of it."""

from datetime import date, datetime
from uuid import UUID

from rehab.models.reads.agenda import read_agenda
from rehab.models.reads.due import DueOccurrence, shown
from rehab.models.reads.forecast import occurrences_between
from rehab.models.reads.readers import Reader


def occurrences_of(
    patient_id: UUID, *, first: date, last: date, now: datetime, language: str, reader: Reader
) -> list[DueOccurrence]:
    """Return every occurrence of these local dates, cancelled ones too: one statement."""
    agenda = read_agenda(patient_id, first=first, last=last, now=now)
    items = {item.id: item for item in agenda.items}
    return [
        shown(row, items[row.item_id], agenda, now=now, language=language, reader=reader)
        for row in occurrences_between(agenda, first, last)
        if row.item_id in items
    ]
