"""Push messages encrypted ahead, so that many can leave in one second.

A body leaves only while it says exactly what would be sealed now: `says` is its fingerprint, and
whoever sends compares it again. Whatever finishes, moves, readdresses or deletes a delivery deletes
its body too: PostgreSQL does that, whoever writes the row.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, models

from patients.models.prepared import Prepared, plain_array

from .base import PatientKeyed
from .outbox import COLUMNS, Claim


class SealedPush(PatientKeyed):
    """The encrypted body of one delivery; it goes as soon as that one is over."""

    pk = models.CompositePrimaryKey("delivery_due_at", "delivery_id")
    delivery_due_at = models.DateTimeField()
    delivery_id = models.UUIDField(editable=False)
    contact_point_id = models.UUIDField()
    leaves_at = models.DateTimeField()
    sealed_at = models.DateTimeField()
    says = models.BinaryField(max_length=32)
    body = models.BinaryField(max_length=4096)

    class Meta:
        indexes = [models.Index(fields=["patient"], name="sealed_by_patient")]


# Moments at which so many leave at once that it pays to seal them ahead.
_PEAKS = """
SELECT d.next_at FROM rehab_delivery d
LEFT JOIN rehab_sealedpush s ON s.delivery_due_at = d.due_at AND s.delivery_id = d.id
WHERE d.next_at > %(at)s AND d.next_at <= %(until)s AND d.channel = 'push' AND NOT d.urgent
  AND s.delivery_id IS NULL
GROUP BY d.next_at HAVING count(*) >= %(many)s ORDER BY d.next_at
"""

_TO_SEAL = f"""
SELECT {COLUMNS} FROM rehab_delivery d
LEFT JOIN rehab_sealedpush s ON s.delivery_due_at = d.due_at AND s.delivery_id = d.id
WHERE d.next_at = %(moment)s AND d.channel = 'push' AND NOT d.urgent
  AND s.delivery_id IS NULL AND d.id > %(after)s::uuid
ORDER BY d.id LIMIT %(limit)s
"""

# OFFSET 0 holds the planner to the key of each body: a plan made while the table was empty would
# read all of it for every row later.
_SEALED = Prepared(
    "rehab_sealed",
    """
SELECT d.id::text, s.says, s.body
FROM unnest(%(due)s::timestamptz[], %(ids)s::uuid[]) AS d(due_at, id)
CROSS JOIN LATERAL (
  SELECT says, body FROM rehab_sealedpush
  WHERE delivery_due_at = d.due_at AND delivery_id = d.id OFFSET 0) s
""",
    by_keys=True,
)


def peaks(*, at: datetime, until: datetime, many: int) -> Sequence[datetime]:
    """Return the moments in (at, until] at which at least so many unsealed pushes leave."""
    with connection.cursor() as cursor:
        cursor.execute(_PEAKS, {"at": at, "until": until, "many": many})
        return [row[0] for row in cursor.fetchall()]


def to_seal(moment: datetime, *, after: str, limit: int) -> Sequence[Claim]:
    """Return unsealed push deliveries of a moment in the order of their ids; none is claimed."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_SEAL, {"moment": moment, "after": after, "limit": limit})
        return [Claim(*row) for row in cursor.fetchall()]


def keep_sealed(rows: Iterable[SealedPush]) -> None:
    """Store bodies; one that is there already gives way to the newer one."""
    SealedPush.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["delivery_due_at", "delivery_id"],
        update_fields=["contact_point_id", "leaves_at", "sealed_at", "says", "body"],
    )


def sealed_for(claims: Sequence[Claim]) -> Mapping[str, tuple[bytes, bytes]]:
    """Return fingerprint and body of those that were sealed ahead, by delivery."""
    pushes = [each for each in claims if each.channel == "push"]
    if not pushes:
        return {}
    found = _SEALED.fetchall(
        {
            "due": plain_array(each.due_at for each in pushes),
            "ids": plain_array(each.id for each in pushes),
        }
    )
    return {str(delivery): (bytes(says), bytes(body)) for delivery, says, body in found}


def forget_old(*, sealed_before: datetime) -> int:
    """Delete bodies that nobody came for."""
    return SealedPush.objects.filter(sealed_at__lt=sealed_before).delete()[0]
