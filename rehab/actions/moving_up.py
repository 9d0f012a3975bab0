"""Whoever comes after a log that leaves moves up.

A session told twice takes the place of its first telling; one beyond what was due takes the slot
that is open again.
"""

from collections.abc import Iterator
from uuid import UUID

from rehab.actions.bodies import entry_of
from rehab.actions.intake import Intake, Sent
from rehab.actions.judging import Verdict
from rehab.actions.placing import FirstTelling, place
from rehab.actions.sessions import item_of
from rehab.domain.receipt import SAME_START_WITHIN
from rehab.domain.recurrence import local_date
from rehab.domain.resolution import choose
from rehab.models import LogStatus, Mark, SessionLog
from rehab.models.briefing import KnownOccurrence, Neighbour

NO_VERDICT = Verdict((), ())
# What a log is marked with because of the others around it.
AMONG_OTHERS = (Mark.POSSIBLE_DUPLICATE, Mark.WHILE_PAUSED, Mark.OVER_MAXIMUM)


def move_up(intake: Intake, left: SessionLog) -> None:
    """Let twins of a log that left, and then one extra session, take the place that it left."""
    for twin in _twins_left(intake, left):
        _place_again(intake, twin)
    slot = intake.programme.occurrences.get(left.occurrence_id or left.id)
    if slot is None or slot.state != "due":
        return
    extra = next(iter(_extras_for(slot, intake, besides=left.id)), None)
    if extra is not None:
        _place_again(intake, SessionLog.objects.get(patient_id=left.patient_id, id=extra.id))


def _twins_left(intake: Intake, left: SessionLog) -> list[SessionLog]:
    """Return the possible duplicates of a log that is gone, or was moved to another time."""
    stands = intake.programme.logs.get(left.id)
    twins = SessionLog.objects.filter(
        patient_id=left.patient_id, duplicate_of=left.id, status=LogStatus.RECORDED
    ).order_by("performed_at", "id")
    return [
        twin
        for twin in twins
        if stands is None or abs(stands.performed_at - twin.performed_at) > SAME_START_WITHIN
    ]


def _extras_for(slot: KnownOccurrence, intake: Intake, *, besides: UUID) -> Iterator[Neighbour]:
    """Yield the sessions beyond what was due that would have resolved an open slot."""
    programme = intake.programme
    for log in sorted(programme.logs.values(), key=lambda each: (each.performed_at, each.id)):
        item = programme.item_at(slot.series, log.performed_at)
        if item is None or not _is_extra(log, slot.series, besides=besides):
            continue
        candidates = programme.candidates(slot.series, None, log.performed_at)
        on = local_date(log.performed_at, item.zone)
        if choose(None, log.performed_at, candidates, on) == slot.id:
            yield log


def _is_extra(log: Neighbour, series: UUID, *, besides: UUID) -> bool:
    return (
        log.series == series
        and log.placement == "extra"
        and log.duplicate_of is None
        and Mark.WHILE_PAUSED not in log.marks
        and log.id != besides
    )


def _place_again(intake: Intake, log: SessionLog) -> None:
    """Place a neighbour anew: nobody changed it, so it stays the same revision."""
    entry = entry_of(log)
    intake.programme.forget(log.id)
    place(
        intake,
        Sent(log.id, entry),
        item_of(intake, entry),
        NO_VERDICT,
        status=log.status,
        marks=[mark for mark in log.marks if mark not in AMONG_OTHERS],
        first=FirstTelling(
            log.revision - 1, log.author_id, log.received_at, bytes(log.fingerprint)
        ),
    )
