"""Recording what became of messages: their rows at once, or a note first and the rows afterwards.

Where a few leave, their rows are finished at once. Where thousands leave in one second that would
cost more than sending them: a note is as durable and costs a fifth, and is settled when the rush is
over. If its process dies first, a tick, or `manage.py deliver`, settles it.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, OperationalError, transaction

from patients.access.walls import within_clinics, within_every_clinic
from rehab.actions.next_channel import Untold, retire, tell_elsewhere
from rehab.models.departure import Note, add_note, still_held, take_due_again, take_free
from rehab.models.outbox import finish

logger = logging.getLogger(__name__)

# About 500 deliveries in a statement.
NOTES_AT_ONCE = 20
# Whoever writes notes settles them when the rush is over. What stands for longer than a rush lasts
# was probably left by somebody who died; to settle it during one would only slow that down.
LEFT_BEHIND_AFTER = timedelta(seconds=10)


def record(told: Sequence[Untold], *, at: datetime) -> None:
    """Record in one short transaction what is still ours, and what follows from it."""
    if told:
        with within_clinics(map(UUID, {each.finish.claim.clinic_id for each in told})):
            _record(told, at=at)


def note(told: Sequence[Untold], *, at: datetime) -> None:
    """Write down what became of up to fifty messages, in one statement that commits by itself.

    Their rows stay claimed until somebody settles the note. Call it outside of a transaction.
    """
    if not told:
        return
    # A claim that does not say how long it is held may be due again at once.
    again = min(each.finish.claim.held_until or at for each in told)
    add_note([(each.finish, each.others) for each in told], at=at, due_again_at=again)


def settle(*, noted_before: datetime | None, limit: int = NOTES_AT_ONCE) -> int:
    """Finish the rows of up to `limit` notes, in one transaction; return how many notes it took.

    noted_before None: whatever its age. What somebody else is settling is left to them, so call it
    until it returns 0.
    """
    return _settle(lambda: take_free(noted_before=noted_before, limit=limit))


def settle_all(*, noted_before: datetime | None = None) -> None:
    while settle(noted_before=noted_before):
        pass


def settle_due_again(*, at: datetime) -> bool:
    """Settle every note of which something may be due again at `at`, so that it can be claimed.

    Waits for whoever is settling one. Returns whether there were any.
    """
    found = False
    while _settle(lambda: take_due_again(at=at, limit=NOTES_AT_ONCE)):
        found = True
    return found


def _settle(take: Callable[[], Sequence[Note]]) -> int:
    with within_every_clinic():
        notes = take()
        if notes:
            _finish_noted(notes)
    return len(notes)


def _finish_noted(notes: Sequence[Note]) -> None:
    """Finish what these notes tell of; one that makes no sense holds up no other.

    It is gone then, and its messages leave again when their lease ends: better twice than never.
    """
    try:
        with transaction.atomic():
            _finish_all(notes)
    except OperationalError:
        raise  # The server or a lock, and no fault of the notes: they stay for the next try.
    except (DatabaseError, LookupError, TypeError, ValueError):
        if len(notes) > 1:
            for each in notes:
                _finish_noted([each])
        else:
            logger.exception("a note of departures makes no sense", extra={"note": notes[0].id})


def _finish_all(notes: Sequence[Note]) -> None:
    claims = still_held([fate for each in notes for fate in each.fates])
    told = [
        Untold(fate.finish(claims[fate.id], known_at=each.noted_at), tuple(fate.others))
        for each in notes
        for fate in each.fates
        if fate.id in claims and claims[fate.id].attempts == fate.attempts
    ]
    if told:
        _record(told, at=notes[-1].noted_at)


def _record(told: Sequence[Untold], *, at: datetime) -> None:
    ours = finish([each.finish for each in told], at=at)
    held = [each for each in told if each.finish.claim.id in ours]
    retire([each.finish for each in held], at=at)
    tell_elsewhere(held, at=at)
