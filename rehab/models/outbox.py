"""The queue of messages: claiming, finishing and counting deliveries in sets.

Whoever waits for locks of several rows takes them in the order of their key, and who claims never
waits: so nobody waits for somebody who waits for them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this worker holds until its lease ends; `attempts` proves that it does.

    early_from: it is not due before then, and is only held to travel with a message that leaves.
    """

    due_at: datetime
    id: UUID
    patient_id: UUID
    clinic_id: UUID
    reminder_id: UUID
    recipient_id: UUID
    contact_point_id: UUID
    channel: str
    attempts: int
    failures: int = 0
    urgent: bool = False
    follows: UUID | None = None
    early_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """What became of a claim. next_at set: try again then; else it is finished with `outcome`.

    held: it was held back on purpose until next_at. failed: the channel did not take it.
    """

    claim: Claim
    outcome: str
    reason: str = ""
    next_at: datetime | None = None
    held: bool = False
    failed: bool = False


COLUMNS = """d.due_at, d.id, d.patient_id, d.clinic_id, d.reminder_id, d.recipient_id,
  d.contact_point_id, d.channel, d.attempts, d.failures, d.urgent, d.follows"""

_CLAIM = f"""
WITH first AS MATERIALIZED (
  SELECT due_at, id FROM rehab_delivery WHERE next_at <= %(at)s AND urgent
  ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
others AS MATERIALIZED (
  SELECT due_at, id FROM rehab_delivery WHERE next_at <= %(at)s AND NOT urgent
  ORDER BY next_at LIMIT GREATEST(%(limit)s - (SELECT count(*) FROM first), 0)
  FOR UPDATE SKIP LOCKED)
UPDATE rehab_delivery d SET next_at = %(lease)s, attempts = d.attempts + 1
FROM (SELECT due_at, id FROM first UNION ALL SELECT due_at, id FROM others) c
WHERE d.due_at = c.due_at AND d.id = c.id
RETURNING {COLUMNS}
"""

# A row that somebody holds, or that is tried again later, has a next_at that is not wanted_at.
_CLAIM_ALONG = f"""
WITH near AS MATERIALIZED (
  SELECT d.due_at, d.id, d.next_at
  FROM unnest(%(patients)s::uuid[], %(recipients)s::uuid[]) AS w(patient_id, recipient_id)
  JOIN rehab_delivery d ON d.recipient_id = w.recipient_id AND d.patient_id = w.patient_id
  WHERE d.next_at <= %(soon)s AND NOT d.urgent
    AND (d.next_at <= %(at)s OR (d.next_at = d.wanted_at AND d.follows IS NULL))
  FOR UPDATE OF d SKIP LOCKED)
UPDATE rehab_delivery d SET next_at = %(lease)s, attempts = d.attempts + 1
FROM near n WHERE d.due_at = n.due_at AND d.id = n.id
RETURNING {COLUMNS}, CASE WHEN n.next_at > %(at)s THEN n.next_at END
"""

_FINISH = """
WITH told AS MATERIALIZED (
  SELECT d.due_at, d.id, f.outcome, f.reason, f.next_at, f.held, f.failed, f.contact_point_id,
    f.channel
  FROM unnest(%(due)s::timestamptz[], %(id)s::uuid[], %(attempts)s::int[], %(outcome)s::text[],
    %(reason)s::text[], %(next)s::timestamptz[], %(held)s::bool[], %(failed)s::bool[],
    %(point)s::uuid[], %(channel)s::text[])
    AS f(due_at, id, attempts, outcome, reason, next_at, held, failed, contact_point_id, channel)
  JOIN rehab_delivery d ON d.due_at = f.due_at AND d.id = f.id
  WHERE d.attempts = f.attempts AND d.next_at IS NOT NULL
  ORDER BY d.due_at, d.id FOR UPDATE OF d)
UPDATE rehab_delivery d SET outcome = f.outcome, reason = f.reason, next_at = f.next_at,
  finished_at = CASE WHEN f.next_at IS NULL THEN %(at)s END,
  failures = CASE WHEN f.failed THEN d.failures + 1 ELSE d.failures END,
  wanted_at = CASE WHEN f.held THEN f.next_at ELSE d.wanted_at END,
  contact_point_id = f.contact_point_id, channel = f.channel
FROM told f WHERE d.due_at = f.due_at AND d.id = f.id
RETURNING d.id
"""

_LOCK_UNSENT = """
SELECT due_at, id FROM rehab_delivery
WHERE patient_id = %(patient)s AND reminder_id = ANY(%(reminders)s::uuid[])
  AND next_at IS NOT NULL
ORDER BY due_at, id FOR UPDATE
"""

_CANCEL = f"""
WITH unsent AS MATERIALIZED ({_LOCK_UNSENT})
UPDATE rehab_delivery d SET outcome = 'not_sent', reason = %(reason)s, next_at = NULL,
  finished_at = %(at)s
FROM unsent u WHERE d.due_at = u.due_at AND d.id = u.id
"""

_WITHDRAW = f"""
WITH unsent AS MATERIALIZED ({_LOCK_UNSENT})
DELETE FROM rehab_delivery d USING unsent u
WHERE d.due_at = u.due_at AND d.id = u.id AND d.attempts = 0
"""

_RECEIVED = """
UPDATE rehab_delivery SET received_at = %(at)s
WHERE due_at = %(due)s AND id = %(id)s AND received_at IS NULL
"""

_REVIVE = """
WITH dead AS MATERIALIZED (
  SELECT due_at, id FROM rehab_delivery
  WHERE id = ANY(%(ids)s::uuid[]) AND outcome = 'failed' AND next_at IS NULL
  ORDER BY due_at, id FOR UPDATE)
UPDATE rehab_delivery d SET outcome = '', reason = '', next_at = %(at)s, wanted_at = %(at)s,
  failures = 0, finished_at = NULL
FROM dead WHERE d.due_at = dead.due_at AND d.id = dead.id
RETURNING d.id, d.clinic_id, d.patient_id
"""


def claim(*, at: datetime, limit: int, lease: timedelta) -> list[Claim]:
    """Take up to `limit` due deliveries, alerts first; two workers never take the same one.

    Pushing `next_at` ahead is the lease: if this worker dies, the row is due again at its end.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"at": at, "lease": at + lease, "limit": limit})
        claims = [Claim(*row) for row in cursor.fetchall()]
    return sorted(claims, key=lambda each: (not each.urgent, each.due_at))


def claim_along(
    claims: Collection[Claim], *, at: datetime, within: timedelta, lease: timedelta
) -> list[Claim]:
    """Take what the same people are to be told of the same patients by now, or within so long.

    It can then travel in one message with what leaves now.
    """
    people = {(each.patient_id, each.recipient_id) for each in claims if not each.urgent}
    if not people:
        return []
    arguments = {
        "at": at,
        "soon": at + within,
        "lease": at + lease,
        "patients": [patient for patient, _ in people],
        "recipients": [recipient for _, recipient in people],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_ALONG, arguments)
        return [Claim(*row) for row in cursor.fetchall()]


def finish(finishes: Sequence[Finish], *, at: datetime) -> set[UUID]:
    """Record what became of claims, but only of those still held; return which those were."""
    if not finishes:
        return set()
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
                "failed": [each.failed for each in finishes],
                "point": [each.claim.contact_point_id for each in finishes],
                "channel": [each.claim.channel for each in finishes],
            },
        )
        return {row[0] for row in cursor.fetchall()}


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
            _CANCEL,
            {"reason": reason, "at": at, "patient": patient_id, "reminders": list(reminder_ids)},
        )


def withdraw(reminder_ids: Iterable[UUID], *, patient_id: UUID, reason: str, at: datetime) -> None:
    """Take back unsent deliveries of these reminders: what nobody has tried leaves no trace."""
    ids = list(reminder_ids)
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, {"patient": patient_id, "reminders": ids})
    cancel(ids, patient_id=patient_id, reason=reason, at=at)


def note_receipt(delivery_id: UUID, due_at: datetime, *, at: datetime) -> bool:
    """Note that a device showed a message; tell whether that was news."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVED, {"at": at, "due": due_at, "id": delivery_id})
        return cursor.rowcount > 0


def revive(delivery_ids: Iterable[UUID], *, at: datetime) -> list[tuple[UUID, UUID, UUID]]:
    """Make failed deliveries due again; return (delivery, clinic, patient) of those that were."""
    with connection.cursor() as cursor:
        cursor.execute(_REVIVE, {"ids": list(delivery_ids), "at": at})
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]
