"""Room for what is to come, and an end to messages that are over.

Safe to run twice at once, and harmless where it is never run: a row without a partition of its own
goes to the spare one.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, OperationalError

from patients.access.walls import within_every_clinic
from patients.domain.periods import Width
from patients.models.audit import AuditEvent
from patients.models.partitions import Cut, add_partitions, made_until, partitions_before
from patients.models.patient import Patient
from rehab.models import Delivery
from rehab.models.old_messages import delete_finished, delete_reminders, drop_partition

logger = logging.getLogger(__name__)

DELIVERIES = Cut(Delivery, Width.MONTH, ahead=2)
# Nothing is deleted from the audit; by the year its pages stay few.
AUDIT = Cut(AuditEvent, Width.YEAR, ahead=1)
CUTS = (DELIVERIES, AUDIT)

ROWS_AT_A_TIME = 5_000
PATIENTS_AT_A_TIME = 1_000
# The rest has time until the next turn.
MOST_BATCHES = 200


@dataclass(frozen=True, slots=True)
class Tended:
    """What one turn did. made, dropped: names of partitions. Numbers of rows deleted one by one."""

    made: Sequence[str] = ()
    dropped: Sequence[str] = ()
    deliveries: int = 0
    reminders: int = 0


def tend_tables(*, at: datetime, keep: timedelta) -> Tended:
    """Make partitions ahead, and forget messages that were due longer ago than `keep`."""
    before = at - keep
    done = Tended(
        made=[name for cut in CUTS for name in _made(cut, at=at)],
        dropped=list(_dropped(before)),
        deliveries=sum(_deleted_deliveries(before)),
        reminders=sum(_deleted_reminders(before)),
    )
    logger.info("tables tended", extra={"made": len(done.made), "dropped": len(done.dropped)})
    return done


def days_ahead(now: datetime) -> Mapping[str, int]:
    """Return by table how many days are left until its last partition ends; 0 where it has none."""
    ends = {cut.table: made_until(cut) for cut in CUTS}
    return {table: max((end - now).days, 0) if end else 0 for table, end in ends.items()}


def _made(cut: Cut, *, at: datetime) -> Sequence[str]:
    try:
        with within_every_clinic():
            return add_partitions(cut, at=at)
    except (OperationalError, IntegrityError) as busy:
        _later(cut.table, busy)
        return ()


def _dropped(before: datetime) -> Iterator[str]:
    for name in partitions_before(DELIVERIES, before):
        try:
            with within_every_clinic():
                gone = drop_partition(name, before=before)
        except OperationalError as busy:
            _later(name, busy)
        else:
            if gone:
                yield name


def _later(table: str, busy: Exception) -> None:
    """A long reader holds the lock, or a row came in between: nothing is lost by waiting."""
    logger.warning("put off to the next turn: %s, %s", table, type(busy).__name__)


def _deleted_deliveries(before: datetime) -> Iterator[int]:
    """Delete what lies in the spare partition, or beside a row that nobody finished."""
    for _ in range(MOST_BATCHES):
        with within_every_clinic():
            gone = delete_finished(before=before, limit=ROWS_AT_A_TIME)
        yield gone
        if gone < ROWS_AT_A_TIME:
            return


def _deleted_reminders(before: datetime) -> Iterator[int]:
    last = UUID(int=0)
    while True:
        with within_every_clinic():
            rows = Patient.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
            patients = list(rows[:PATIENTS_AT_A_TIME])
            yield delete_reminders(patients, before=before)
        if len(patients) < PATIENTS_AT_A_TIME:
            return
        last = patients[-1]
