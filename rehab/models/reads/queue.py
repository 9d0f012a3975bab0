"""How the queue of messages stands now: what is due, how long it has waited, what was given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from rehab.models.outbox import oldest_due_unsent_age


@dataclass(frozen=True, slots=True)
class QueueState:
    """Over every clinic whose wall is open. dead: given up in the last week, waiting for staff.

    unseen: unacknowledged safety flags by level, with the age of the oldest of each in seconds.
    """

    due: int
    oldest: timedelta
    dead: int
    unseen: dict[str, tuple[int, float]]


def queue_state(now: datetime) -> QueueState:
    """Read the state of the queue. Run it inside the wall of every clinic."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rehab_delivery WHERE next_at <= %s", [now])
        due = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT count(*) FROM rehab_delivery WHERE outcome = 'failed' AND due_at > %s",
            [now - timedelta(days=7)],
        )
        dead = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT level, count(*), extract(epoch FROM %s - min(raised_at))::float"
            " FROM rehab_safetyflag WHERE acknowledged_at IS NULL GROUP BY level",
            [now],
        )
        unseen = {level: (many, age) for level, many, age in cursor.fetchall()}
    return QueueState(due, oldest_due_unsent_age(now), dead, unseen)


def fates(*, since: datetime, until: datetime) -> list[tuple[str, str, str, str, int]]:
    """Count what was due in (since, until] by channel, kind, outcome and reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.channel, r.kind, COALESCE(NULLIF(d.outcome, ''), 'waiting'), d.reason,"
            " count(*)"
            " FROM rehab_delivery d JOIN rehab_reminder r"
            " ON r.patient_id = d.patient_id AND r.id = d.reminder_id"
            " WHERE d.due_at > %s AND d.due_at <= %s GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            [since, until],
        )
        return [(row[0], row[1], row[2], row[3], int(row[4])) for row in cursor.fetchall()]


def lateness(*, since: datetime, until: datetime) -> list[tuple[str, int, float, float, float]]:
    """Return (channel, sent, median, 99th percentile, most) seconds that messages left too late."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
SELECT channel, count(*),
  round((percentile_cont(0.5) WITHIN GROUP (ORDER BY late))::numeric, 1),
  round((percentile_cont(0.99) WITHIN GROUP (ORDER BY late))::numeric, 1),
  round(max(late)::numeric, 1)
FROM (SELECT channel, GREATEST(extract(epoch FROM finished_at - wanted_at), 0) AS late
  FROM rehab_delivery WHERE due_at > %s AND due_at <= %s AND outcome = 'sent') sent
GROUP BY 1 ORDER BY 1
""",
            [since, until],
        )
        return [
            (row[0], int(row[1]), float(row[2]), float(row[3]), float(row[4]))
            for row in cursor.fetchall()
        ]
