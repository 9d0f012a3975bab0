"""Notes of what has left, written at once where many leave together; their rows are finished after.

Finishing a delivery rewrites its row and its indexes; a note is one small row for up to fifty of
them, and as durable. It lives for seconds. While one stands whose deliveries may come due again,
nothing is claimed (`outbox`), so that nothing of it is sent again.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from patients.models.prepared import Prepared, plain_array

from .outbox import COLUMNS, Claim, Finish


class Departure(models.Model):
    """What became of some messages whose deliveries are not finished yet.

    told: one JSON list for each of them, see `Fate`; it names no patient. due_again_at: when the
    first of them may be claimed again. PostgreSQL shows a note only to whoever stands within all of
    its clinics, which are those of tasks; anybody may write one.
    """

    noted_at = models.DateTimeField()
    due_again_at = models.DateTimeField()
    clinic_ids = ArrayField(models.UUIDField())
    told = models.TextField()

    class Meta:
        constraints = [
            # An empty list would stand within every wall.
            models.CheckConstraint(
                condition=~models.Q(clinic_ids=[]), name="departure_names_its_clinics"
            )
        ]
        indexes = [models.Index(fields=["due_again_at"], name="departure_due_again")]

    def __str__(self) -> str:
        return f"{self.noted_at:%Y-%m-%d %H:%M:%S}"


class Fate(NamedTuple):
    """What is written down of one message: which claim it was, what became of it, who is next.

    A moment is text in RFC 3339. The address is the one that it left to, which the row may not name
    yet. others: where else its recipient can be reached, best first.
    """

    due_at: str
    id: str
    attempts: int
    outcome: str
    reason: str
    next_at: str | None
    held: bool
    failed: bool
    contact_point_id: str
    channel: str
    others: Sequence[str]

    def finish(self, claim: Claim, *, known_at: datetime) -> Finish:
        """Return how its row is finished; claim: as the row stands now."""
        return Finish(
            claim._replace(contact_point_id=self.contact_point_id, channel=self.channel),
            self.outcome,
            self.reason,
            datetime.fromisoformat(self.next_at) if self.next_at else None,
            self.held,
            self.failed,
            known_at,
        )


class Note(NamedTuple):
    id: int
    noted_at: datetime
    fates: Sequence[Fate]


_ADD = Prepared(
    "rehab_note_departure",
    """
INSERT INTO rehab_departure (noted_at, due_again_at, clinic_ids, told)
VALUES (%(at)s::timestamptz, %(again)s::timestamptz, %(clinics)s::uuid[], %(told)s::text)
""",
)

# Whoever takes a note away finishes its deliveries in the same transaction.
_TAKE = """
WITH taken AS MATERIALIZED (
  SELECT id FROM rehab_departure WHERE {which} ORDER BY id LIMIT %(limit)s FOR UPDATE {how})
DELETE FROM rehab_departure n USING taken WHERE n.id = taken.id
RETURNING n.id, n.noted_at, n.told
"""
_TAKE_FREE = _TAKE.format(
    which="(%(before)s::timestamptz IS NULL OR noted_at < %(before)s)", how="SKIP LOCKED"
)
_TAKE_DUE_AGAIN = _TAKE.format(which="due_again_at <= %(at)s", how="")

_STILL_HELD = Prepared(
    "rehab_still_held",
    f"""
SELECT {COLUMNS}
FROM unnest(%(due)s::timestamptz[], %(id)s::uuid[], %(attempts)s::int[]) AS f(due_at, id, attempts)
JOIN rehab_delivery d ON d.due_at = f.due_at AND d.id = f.id
WHERE d.attempts = f.attempts AND d.outcome = ''
""",
    by_keys=True,
)


def add_note(
    finishes: Sequence[tuple[Finish, Sequence[str]]], *, at: datetime, due_again_at: datetime
) -> None:
    """Write one note, each finish with the other addresses of its recipient, in one statement."""
    _ADD.run(
        {
            "at": at,
            "again": due_again_at,
            "clinics": plain_array({each.claim.clinic_id for each, _ in finishes}),
            "told": orjson.dumps([_fate(*each) for each in finishes]).decode(),
        }
    )


def take_free(*, noted_before: datetime | None, limit: int) -> Sequence[Note]:
    """Take notes that nobody else has taken, the oldest first; None: however young."""
    return _taken(_TAKE_FREE, {"before": noted_before, "limit": limit})


def take_due_again(*, at: datetime, limit: int) -> Sequence[Note]:
    """Take notes of which something may be due again; wait for whoever is settling them."""
    return _taken(_TAKE_DUE_AGAIN, {"at": at, "limit": limit})


def still_held(fates: Collection[Fate]) -> Mapping[str, Claim]:
    """Return, by id, the claims that nobody has finished or claimed again since."""
    rows = _STILL_HELD.fetchall(
        {
            "due": plain_array(each.due_at for each in fates),
            "id": plain_array(each.id for each in fates),
            "attempts": plain_array(each.attempts for each in fates),
        }
    )
    return {claim.id: claim for claim in (Claim(*row) for row in rows)}


def oldest_note_at() -> datetime | None:
    """Return when the oldest note was written, None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT noted_at FROM rehab_departure ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    return row[0] if row else None


def _fate(finish: Finish, others: Sequence[str]) -> tuple[object, ...]:
    """Return the fields of a `Fate`, of which orjson makes text."""
    claim = finish.claim
    return (
        claim.due_at,
        claim.id,
        claim.attempts,
        finish.outcome,
        finish.reason,
        finish.next_at,
        finish.held,
        finish.failed,
        claim.contact_point_id,
        claim.channel,
        others,
    )


def _taken(sql: str, params: Mapping[str, Any]) -> Sequence[Note]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = sorted(cursor.fetchall())
    return [Note(pk, at, [Fate(*each) for each in orjson.loads(told)]) for pk, at, told in rows]
