"""Comparing the kept figures of days with what their rows say."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from rehab.models.item_days import Day, recompute
from rehab.models.occurrence import ItemDay, Occurrence
from rehab.models.session import LogStatus, SessionLog

FIGURES = (
    "due", "done", "partial", "skipped", "paused", "open_closes_at", "sessions", "extra",
    "over_maximum", "above_part_maximum", "while_paused", "recalled", "recalled_partial", "minutes",
    "pain_max", "pain_sum", "pain_count", "pain_unfelt", "effort_max", "effort_sum", "effort_count",
    "skin_looked", "skin_found", "told", "last_performed_at",
)  # fmt: skip
NOTHING = {field: ItemDay._meta.get_field(field).get_default() for field in FIGURES}


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of one day that is not what its rows say."""

    day: Day
    version: int
    field: str
    kept: object
    counted: object


def patients_with_days() -> list[UUID]:
    """Return every patient with something due or done, within the wall."""
    due = Occurrence.objects.order_by().values_list("patient_id", flat=True).distinct()
    told = SessionLog.objects.order_by().values_list("patient_id", flat=True).distinct()
    return sorted({*due, *told})


def differences(patient_id: UUID, *, repair: bool = False) -> list[Difference]:
    """Return where the kept figures of one patient differ from a recount; repair: keep the recount.

    The recount is made by the statement that keeps the figures. Without `repair` it is undone.
    """
    with transaction.atomic():
        _hold(patient_id)
        before = _rows(patient_id)
        recompute(_days(patient_id))
        after = _rows(patient_id)
        if not repair:
            transaction.set_rollback(True)
    return list(_compare(patient_id, before, after))


def _hold(patient_id: UUID) -> None:
    """Keep logs of this patient out while their days are counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM patients_patient WHERE id = %s FOR NO KEY UPDATE", [patient_id]
        )


def _days(patient_id: UUID) -> set[Day]:
    """Return every day that has a row of any kind."""
    kept = ItemDay.objects.filter(patient_id=patient_id)
    due = Occurrence.objects.filter(patient_id=patient_id)
    told = SessionLog.objects.filter(
        patient_id=patient_id, series__isnull=False, status=LogStatus.RECORDED
    )
    keys = {key for rows in (kept, due, told) for key in rows.values_list("series", "on")}
    return {Day(patient_id, series, on) for series, on in keys}


Row = dict[str, object]
Key = tuple[UUID, object, int]


def _rows(patient_id: UUID) -> dict[Key, Row]:
    rows = ItemDay.objects.filter(patient_id=patient_id).values("series", "on", "version", *FIGURES)
    return {
        (row["series"], row["on"], row["version"]): {field: row[field] for field in FIGURES}
        for row in rows
    }


def _compare(
    patient_id: UUID, before: dict[Key, Row], after: dict[Key, Row]
) -> Iterator[Difference]:
    for key in sorted(_keys(before, after), key=str):
        series, on, version = key
        kept, counted = before.get(key, NOTHING), after.get(key, NOTHING)
        for field in FIGURES:
            if kept[field] != counted[field]:
                day = Day(patient_id, series, on)
                yield Difference(day, version, field, kept[field], counted[field])


def _keys(*rows: dict[Key, Row]) -> Collection[Key]:
    return {key for each in rows for key in each}
