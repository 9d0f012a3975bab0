"""Sessions beyond the maximum (R13), counted again when one of them was corrected away."""

from collections import Counter
from datetime import date, timedelta

from rehab.actions.patient_row import PatientRow
from rehab.domain.recurrence import week_of
from rehab.models import LogStatus, Mark, SessionLog
from rehab.models.briefing import KnownItem
from rehab.models.item_days import Day, recompute

WEEK = timedelta(days=7)


def lift_over_maximum(patient: PatientRow, item: KnownItem, on: date) -> None:
    """Unmark the sessions of a week that are no longer beyond the maximum, the earliest first."""
    monday = week_of(on)
    logs = list(
        SessionLog.objects.filter(
            patient_id=patient.id,
            series=item.series,
            on__gte=monday,
            on__lt=monday + WEEK,
            status=LogStatus.RECORDED,
            duplicate_of__isnull=True,
        ).order_by("performed_at", "id")
    )
    marked = [log for log in logs if Mark.OVER_MAXIMUM in log.marks]
    days = Counter(log.on for log in logs if Mark.OVER_MAXIMUM not in log.marks)
    for log in marked:
        if not _is_full(item, a_day=days[log.on], a_week=days.total()):
            days[log.on] += 1
            _unmark(log, patient)


def _is_full(item: KnownItem, *, a_day: int, a_week: int) -> bool:
    """Tell whether so many sessions leave no room for one more."""
    by_day, by_week = item.sessions_per_day_maximum, item.sessions_per_week_maximum
    return (by_day is not None and a_day >= by_day) or (by_week is not None and a_week >= by_week)


def _unmark(log: SessionLog, patient: PatientRow) -> None:
    marks = [mark for mark in log.marks if mark != Mark.OVER_MAXIMUM]
    rows = SessionLog.objects.filter(patient_id=patient.id, id=log.id)
    rows.update(marks=marks, sync_sequence=patient.sequence)
    if log.series is not None:
        recompute({Day(patient.id, log.series, log.on)})
