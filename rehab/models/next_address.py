"""Writing, in one statement, the deliveries to the next address of many recipients."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from patients.models.prepared import Prepared, plain_array

from .outbox import Claim


class Following(NamedTuple):
    """What follows a claim: at next_at its reminder goes to the first of these addresses that it

    was not for yet and that is still there. others: ids of contact points, best first.
    """

    claim: Claim
    others: Sequence[str]
    next_at: datetime
    created_at: datetime


# An address that was tried counts whatever became of it. It runs after `finish`, which holds the
# whole transaction to keys.
_FOLLOW = Prepared(
    "rehab_follow",
    """
INSERT INTO rehab_delivery (patient_id, clinic_id, id, due_at, reminder_id, recipient_id,
  contact_point_id, channel, next_at, wanted_at, attempts, failures, urgent, follows, outcome,
  reason, created_at)
SELECT DISTINCT ON (w.place) w.patient_id, w.clinic_id, o.id, w.due_at, w.reminder_id,
  w.recipient_id, p.id, p.channel, w.next_at, w.next_at, 0, 0, w.urgent, w.follows, '', '',
  w.created_at
FROM unnest(%(due)s::timestamptz[], %(follows)s::uuid[], %(patients)s::uuid[],
    %(clinics)s::uuid[], %(reminders)s::uuid[], %(recipients)s::uuid[], %(urgent)s::bool[],
    %(next)s::timestamptz[], %(created)s::timestamptz[]) WITH ORDINALITY
  AS w(due_at, follows, patient_id, clinic_id, reminder_id, recipient_id, urgent, next_at,
    created_at, place)
JOIN unnest(%(places)s::int[], %(points)s::uuid[], %(ids)s::uuid[]) WITH ORDINALITY
  AS o(place, point_id, id, rank) ON o.place = w.place
JOIN patients_contactpoint p ON p.id = o.point_id
WHERE NOT EXISTS (SELECT FROM rehab_delivery d WHERE d.patient_id = w.patient_id
  AND d.reminder_id = w.reminder_id AND d.contact_point_id = o.point_id)
ORDER BY w.place, o.rank
ON CONFLICT DO NOTHING
""",
)


def follow(followings: Sequence[Following]) -> None:
    """Write what follows; an id is a function of claim and address, so that twice is once."""
    claims = [each.claim for each in followings]
    offered = [
        (place, point, uuid5(UUID(each.claim.id), f"then/{point}"))
        for place, each in enumerate(followings, 1)
        for point in each.others
    ]
    _FOLLOW.run(
        {
            "due": plain_array(each.due_at for each in claims),
            "follows": plain_array(each.id for each in claims),
            "patients": plain_array(each.patient_id for each in claims),
            "clinics": plain_array(each.clinic_id for each in claims),
            "reminders": plain_array(each.reminder_id for each in claims),
            "recipients": plain_array(each.recipient_id for each in claims),
            "urgent": plain_array(each.urgent for each in claims),
            "next": plain_array(each.next_at for each in followings),
            "created": plain_array(each.created_at for each in followings),
            "places": plain_array(place for place, _, _ in offered),
            "points": plain_array(point for _, point, _ in offered),
            "ids": plain_array(new for _, _, new in offered),
        }
    )
