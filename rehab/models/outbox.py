"""The queue of messages: claiming, finishing and counting deliveries in sets.

Whoever waits for locks of several rows takes them in the order of their key, and who claims never
waits: so nobody waits for somebody who waits for them.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from patients.models.prepared import Prepared, plain_array

# What was due longer ago is looked for neither to travel along nor for the day's budget, so that
# only the partitions of now are touched. Nothing waits or is tried again for so long by itself.
LATELY = timedelta(days=8)
# A worker that dies gives its rows back after the lease, so it is short. No send begins so late
# that it could outlast it: a channel answers or fails within 20 to 30 seconds.
LEASE = timedelta(seconds=90)


class Claim(NamedTuple):
    """A delivery that this worker holds until its lease ends; `attempts` proves that it does.

    Ids stay text as PostgreSQL wrote them: objects made of them would be a fifth of all the work
    that a message costs. early_from: it is not due before then, and is only held to travel with a
    message that leaves. held_until: when its lease ends; None where it is not held at all.
    """

    due_at: datetime
    id: str
    patient_id: str
    clinic_id: str
    reminder_id: str
    recipient_id: str
    contact_point_id: str
    channel: str
    attempts: int
    failures: int = 0
    urgent: bool = False
    follows: str | None = None
    early_from: datetime | None = None
    held_until: datetime | None = None


class Finish(NamedTuple):
    """What became of a claim. next_at set: try again then; else it is finished with `outcome`.

    held: it was held back on purpose until next_at. failed: the channel did not take it.
    known_at: when that became known, where it is recorded later.
    """

    claim: Claim
    outcome: str
    reason: str = ""
    next_at: datetime | None = None
    held: bool = False
    failed: bool = False
    known_at: datetime | None = None


COLUMNS = """d.due_at, d.id::text, d.patient_id::text, d.clinic_id::text, d.reminder_id::text,
  d.recipient_id::text, d.contact_point_id::text, d.channel, d.attempts, d.failures, d.urgent,
  d.follows::text"""

# Some of what stands in a note that is older than its lease has left already: until it is settled
# nothing is claimed. Asked in the same statement, so that nobody settles it in between.
_CLAIM = Prepared(
    "rehab_claim",
    f"""
WITH noted AS MATERIALIZED (
  SELECT EXISTS (SELECT FROM rehab_departure WHERE due_again_at <= %(at)s::timestamptz) AS stands),
first AS MATERIALIZED (
  SELECT due_at, id FROM rehab_delivery WHERE next_at <= %(at)s::timestamptz AND urgent
    AND NOT (SELECT stands FROM noted)
  ORDER BY next_at LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED),
others AS MATERIALIZED (
  SELECT due_at, id FROM rehab_delivery WHERE next_at <= %(at)s::timestamptz AND NOT urgent
    AND NOT (SELECT stands FROM noted)
  ORDER BY next_at LIMIT GREATEST(%(limit)s::int - (SELECT count(*) FROM first), 0)
    * %(reminders)s::int
  FOR UPDATE SKIP LOCKED)
UPDATE rehab_delivery d SET next_at = %(lease)s::timestamptz, attempts = d.attempts + 1
FROM (SELECT due_at, id FROM first UNION ALL SELECT due_at, id FROM others) c
WHERE d.due_at = c.due_at AND d.id = c.id
RETURNING {COLUMNS}
""",
    by_keys=True,
)

_CLAIM_AT = Prepared(
    "rehab_claim_at",
    f"""
WITH due AS MATERIALIZED (
  SELECT due_at, id FROM rehab_delivery WHERE next_at = %(moment)s::timestamptz
    AND wanted_at = next_at AND NOT urgent
  LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED)
UPDATE rehab_delivery d SET next_at = %(lease)s::timestamptz, attempts = d.attempts + 1
FROM due WHERE d.due_at = due.due_at AND d.id = due.id
RETURNING {COLUMNS}
""",
    by_keys=True,
)

# OFFSET 0 keeps the planner from looking for these people's rows among everybody's that are due: it
# takes the indexes of what is due for nearly empty, which at eight they are not. A row that
# somebody holds, or that is tried again later, has a next_at that is not wanted_at.
_CLAIM_ALONG = Prepared(
    "rehab_claim_along",
    f"""
WITH theirs AS MATERIALIZED (
  SELECT d.due_at, d.id
  FROM unnest(%(patients)s::uuid[], %(recipients)s::uuid[]) AS w(patient_id, recipient_id)
  CROSS JOIN LATERAL (
    SELECT due_at, id, patient_id, next_at FROM rehab_delivery
    WHERE recipient_id = w.recipient_id AND finished_at IS NULL
      AND due_at > %(lately)s::timestamptz AND due_at <= %(soon)s::timestamptz OFFSET 0) d
  WHERE d.patient_id = w.patient_id AND d.next_at <= %(soon)s::timestamptz),
locked AS MATERIALIZED (
  SELECT d.due_at, d.id, d.next_at, d.wanted_at, d.urgent, d.follows
  FROM theirs t JOIN rehab_delivery d ON d.due_at = t.due_at AND d.id = t.id
  FOR UPDATE OF d SKIP LOCKED)
UPDATE rehab_delivery d SET next_at = %(lease)s::timestamptz, attempts = d.attempts + 1
FROM locked n
WHERE d.due_at = n.due_at AND d.id = n.id
  AND n.next_at <= %(soon)s::timestamptz AND NOT n.urgent
  AND (n.next_at <= %(at)s::timestamptz OR (n.next_at = n.wanted_at AND n.follows IS NULL))
RETURNING {COLUMNS}, CASE WHEN n.next_at > %(at)s::timestamptz THEN n.next_at END
""",
    by_keys=True,
)

# Unfinished is said by the outcome and not by next_at, for the same reason.
_FINISH = Prepared(
    "rehab_finish",
    """
WITH told AS MATERIALIZED (
  SELECT d.due_at, d.id, f.outcome, f.reason, f.next_at, f.held, f.failed, f.contact_point_id,
    f.channel, f.known_at
  FROM unnest(%(due)s::timestamptz[], %(id)s::uuid[], %(attempts)s::int[], %(outcome)s::text[],
    %(reason)s::text[], %(next)s::timestamptz[], %(held)s::bool[], %(failed)s::bool[],
    %(point)s::uuid[], %(channel)s::text[], %(known)s::timestamptz[])
    AS f(due_at, id, attempts, outcome, reason, next_at, held, failed, contact_point_id, channel,
      known_at)
  JOIN rehab_delivery d ON d.due_at = f.due_at AND d.id = f.id
  WHERE d.attempts = f.attempts AND d.outcome = ''
  ORDER BY d.due_at, d.id FOR UPDATE OF d)
UPDATE rehab_delivery d SET outcome = f.outcome, reason = f.reason, next_at = f.next_at,
  finished_at = CASE WHEN f.next_at IS NULL THEN f.known_at END,
  failures = CASE WHEN f.failed THEN d.failures + 1 ELSE d.failures END,
  wanted_at = CASE WHEN f.held THEN f.next_at ELSE d.wanted_at END,
  contact_point_id = f.contact_point_id, channel = f.channel
FROM told f WHERE d.due_at = f.due_at AND d.id = f.id
RETURNING d.id::text
""",
    by_keys=True,
)

_SOON = """
SELECT next_at, count(*) FROM rehab_delivery
WHERE next_at > %(at)s AND next_at <= %(until)s AND wanted_at = next_at AND NOT urgent
GROUP BY next_at HAVING count(*) >= %(many)s ORDER BY next_at
"""

_OLDEST = """
SELECT LEAST(
  (SELECT min(wanted_at) FROM rehab_delivery
   WHERE next_at <= %(leased)s AND wanted_at <= %(now)s),
  (SELECT min(wanted_at) FROM rehab_delivery
   WHERE next_at IS NOT NULL AND failures > 0 AND wanted_at <= %(now)s))
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


def claim(*, at: datetime, limit: int, lease: timedelta, only_alerts: bool = False) -> list[Claim]:
    """Take up to `limit` due deliveries, alerts first; two workers never take the same one.

    Pushing `next_at` ahead is the lease: if this worker dies, the row is due again at its end.
    Takes none while a note stands of which something may be due again.
    """
    until = at + lease
    reminders = 0 if only_alerts else 1
    rows = _CLAIM.fetchall({"at": at, "lease": until, "limit": limit, "reminders": reminders})
    claims = [Claim(*row, None, until) for row in rows]
    return sorted(claims, key=lambda each: (not each.urgent, each.due_at))


def claim_at(moment: datetime, *, limit: int, leased_until: datetime) -> list[Claim]:
    """Take up to `limit` reminders that are wanted at a moment to come; never alerts.

    What somebody works at, or is tried again, is due at another time than it was wanted.
    """
    rows = _CLAIM_AT.fetchall({"moment": moment, "limit": limit, "lease": leased_until})
    return [Claim(*row, None, leased_until) for row in rows]


def claim_along(
    claims: Collection[Claim], *, at: datetime, within: timedelta, lease: timedelta
) -> list[Claim]:
    """Take what the same people are to be told of the same patients by now, or within so long.

    It can then travel in one message with what leaves now.
    """
    people = {(each.patient_id, each.recipient_id) for each in claims if not each.urgent}
    if not people:
        return []
    until = at + lease
    rows = _CLAIM_ALONG.fetchall(
        {
            "at": at,
            "soon": at + within,
            "lately": at - LATELY,
            "lease": until,
            "patients": plain_array(patient for patient, _ in people),
            "recipients": plain_array(recipient for _, recipient in people),
        }
    )
    return [Claim(*row, until) for row in rows]


def finish(finishes: Sequence[Finish], *, at: datetime) -> set[str]:
    """Record what became of claims, but only of those still held; return which those were."""
    if not finishes:
        return set()
    claims = [each.claim for each in finishes]
    now = str(at)
    rows = _FINISH.fetchall(
        {
            "due": plain_array(each.due_at for each in claims),
            "id": plain_array(each.id for each in claims),
            "attempts": plain_array(each.attempts for each in claims),
            "outcome": plain_array(each.outcome for each in finishes),
            "reason": [each.reason for each in finishes],
            "next": [each.next_at for each in finishes],
            "held": plain_array(each.held for each in finishes),
            "failed": plain_array(each.failed for each in finishes),
            "point": plain_array(each.contact_point_id for each in claims),
            "channel": plain_array(each.channel for each in claims),
            "known": plain_array(each.known_at or now for each in finishes),
        }
    )
    return {row[0] for row in rows}


def count_due(*, at: datetime) -> int:
    """Count what is due, so that a tick knows how many drains to ask for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rehab_delivery WHERE next_at <= %s", [at])
        return int(cursor.fetchone()[0])


def due_soon(*, at: datetime, until: datetime, many: int) -> list[tuple[datetime, int]]:
    """Return the moments in (at, until] at which at least so many reminders leave, and how many."""
    with connection.cursor() as cursor:
        cursor.execute(_SOON, {"at": at, "until": until, "many": many})
        return [(row[0], int(row[1])) for row in cursor.fetchall()]


def oldest_due_unsent_age(now: datetime) -> timedelta:
    """Return how long the oldest due delivery has waited beyond its time; zero when none does.

    What has waited is due, or leased, or put off because it failed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, {"now": now, "leased": now + LEASE})
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
