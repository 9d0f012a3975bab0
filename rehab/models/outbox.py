"""The queue of messages: claiming, finishing and counting deliveries in sets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this worker holds until its lease ends; `attempts` proves that it does."""

    due_at: datetime
    id: UUID
    patient_id: UUID
    clinic_id: UUID
    reminder_id: UUID
    recipient_id: UUID
    contact_point_id: UUID
    channel: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Finish:
    """What became of a claim. next_at set: try again then; else it is finished with `outcome`.

    held: it was held back on purpose until next_at, which is no failed attempt.
    """

    claim: Claim
    outcome: str
    reason: str = ""
    next_at: datetime | None = None
    held: bool = False


_CLAIM = """
UPDATE rehab_delivery d SET next_at = %(lease)s, attempts = d.attempts + 1
FROM (SELECT due_at, id FROM rehab_delivery WHERE next_at <= %(at)s
      ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) c
WHERE d.due_at = c.due_at AND d.id = c.id
RETURNING d.due_at, d.id, d.patient_id, d.clinic_id, d.reminder_id, d.recipient_id,
  d.contact_point_id, d.channel, d.attempts
"""

_FINISH = """
UPDATE rehab_delivery d SET outcome = f.outcome, reason = f.reason, next_at = f.next_at,
  finished_at = CASE WHEN f.next_at IS NULL THEN %(at)s END,
  attempts = CASE WHEN f.held THEN d.attempts - 1 ELSE d.attempts END,
  wanted_at = CASE WHEN f.held THEN f.next_at ELSE d.wanted_at END
FROM unnest(%(due)s::timestamptz[], %(id)s::uuid[], %(attempts)s::int[], %(outcome)s::text[],
  %(reason)s::text[], %(next)s::timestamptz[], %(held)s::bool[])
  AS f(due_at, id, attempts, outcome, reason, next_at, held)
WHERE d.due_at = f.due_at AND d.id = f.id AND d.attempts = f.attempts AND d.next_at IS NOT NULL
"""


def claim(*, at: datetime, limit: int, lease: timedelta) -> list[Claim]:
    """Take up to `limit` due deliveries; two workers never take the same one.

    Pushing `next_at` ahead is the lease: if this worker dies, the row is due again at its end.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"at": at, "lease": at + lease, "limit": limit})
        return [Claim(*row) for row in cursor.fetchall()]


def finish(finishes: Sequence[Finish], *, at: datetime) -> int:
    """Record what became of claims, but only of those still held; return how many that were."""
    if not finishes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _FINISH,
            {
                "at": at,
                "due": [each.claim.due_at for each in finishes],
                "id": [each.claim.id for each in finishes],
                "attempts": [each.claim.attempts for each in finishes],
                "outcome": [each.outcome for each in finishes],
                "reason": [each.reason for each in finishes],
                "next": [each.next_at for each in finishes],
                "held": [each.held for each in finishes],
            },
        )
        return cursor.rowcount


def count_due(*, at: datetime) -> int:
    """Count what is due, so that a tick knows how many drains to ask for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rehab_delivery WHERE next_at <= %s", [at])
        return int(cursor.fetchone()[0])


def oldest_due_unsent_age(now: datetime) -> timedelta:
    """Return how long the oldest due delivery has waited beyond its time; zero when none does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(wanted_at) FROM rehab_delivery"
            " WHERE next_at IS NOT NULL AND wanted_at <= %s",
            [now],
        )
        oldest = cursor.fetchone()[0]
    return now - oldest if oldest else timedelta(0)


def cancel(reminder_ids: Iterable[UUID], *, patient_id: UUID, reason: str, at: datetime) -> None:
    """Finish unsent deliveries of these reminders as not sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rehab_delivery SET outcome = 'not_sent', reason = %s, next_at = NULL,"
            " finished_at = %s"
            " WHERE patient_id = %s AND reminder_id = ANY(%s::uuid[]) AND next_at IS NOT NULL",
            [reason, at, patient_id, list(reminder_ids)],
        )
