"""What decides about messages at the moment of sending: one flat statement for a whole batch."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import NamedTuple

from patients.domain.roles import ROLES_OF_A_POST
from patients.models.prepared import Prepared, plain_array
from rehab.models.outbox import LATELY, Claim


class Around(NamedTuple):
    """What is true of one claim now, and of one occurrence that it speaks of, where there is one.

    kind: of its reminder; None when that is gone. related: its recipient may be told of this
    patient. The clock times, zone and budget are the recipient's; who chose none has the patient's
    zone and the budget that was given. sent_at: when they were sent something lately.
    note_read: the recipient has read the note that this tells of, or it was taken back.
    """

    place: int
    kind: str | None
    due_at: datetime
    flag_id: str | None
    wakes: bool
    after_silence: bool
    related: bool
    withdrawn: bool
    zone: str
    quiet_from: time | None
    quiet_until: time | None
    may_wake: bool
    daily_budget: int
    sent_at: list[datetime] | None
    occurrence_id: str | None
    state: str | None
    closes_at: datetime | None
    snoozed_until: datetime | None
    note_read: bool


# Reminders: the patient's own account, and whoever may log. Alerts: whoever receives them, and
# everybody with a running post in the clinic, as the rota may name them.
_RELATED = """
  p.user_id = c.recipient_id
  OR EXISTS (SELECT 1 FROM patients_carerelationship k
    WHERE k.patient_id = c.patient_id AND k.user_id = c.recipient_id
      AND k.role <> ALL (%(posts)s::text[])
      AND k.starts_at <= %(at)s::timestamptz
      AND (k.ended_at IS NULL OR k.ended_at > %(at)s::timestamptz)
      AND k.scopes @> ARRAY[CASE WHEN r.kind = 'alert' THEN 'receive_alerts'
        ELSE 'log_sessions' END])
  OR (r.kind = 'alert' AND EXISTS (SELECT 1 FROM patients_practitioner w
    WHERE w.clinic_id = p.clinic_id AND w.user_id = c.recipient_id
      AND w.starts_at <= %(at)s::timestamptz
      AND (w.ended_at IS NULL OR w.ended_at > %(at)s::timestamptz)))
"""

_AROUND = Prepared(
    "rehab_around",
    f"""
SELECT c.place::int, r.kind, r.due_at, r.flag_id::text, r.wakes, r.after_silence,
  COALESCE({_RELATED}, false),
  (SELECT s.decision FROM patients_consent s
    WHERE s.patient_id = c.patient_id AND s.purpose = 'reminders'
    ORDER BY s.at DESC, s.id DESC LIMIT 1) IS NOT DISTINCT FROM 'withdrawn',
  COALESCE(n.zone, p.zone), n.quiet_from, n.quiet_until, COALESCE(n.may_wake, false),
  COALESCE(n.daily_budget, %(budget)s::int),
  (SELECT array_agg(d.finished_at) FROM rehab_delivery d
    WHERE d.recipient_id = c.recipient_id AND d.outcome = 'sent'
      AND d.finished_at > %(since)s::timestamptz AND d.due_at > %(lately)s::timestamptz),
  o.id::text, o.state, o.closes_at, o.snoozed_until,
  CASE WHEN r.kind = 'note' THEN
    EXISTS (SELECT 1 FROM rehab_carenotereading g WHERE g.patient_id = r.patient_id
      AND g.note_id = r.note_id AND g.reader_id = c.recipient_id)
    OR NOT EXISTS (SELECT 1 FROM rehab_carenote t WHERE t.patient_id = r.patient_id
      AND t.id = r.note_id AND t.withdrawn_at IS NULL)
    ELSE false END
FROM unnest(%(patients)s::uuid[], %(recipients)s::uuid[], %(reminders)s::uuid[])
  WITH ORDINALITY AS c(patient_id, recipient_id, reminder_id, place)
JOIN patients_patient p ON p.id = c.patient_id
LEFT JOIN patients_notificationpreference n ON n.user_id = c.recipient_id
LEFT JOIN rehab_reminder r ON r.patient_id = c.patient_id AND r.id = c.reminder_id
LEFT JOIN LATERAL unnest(r.occurrence_ids) AS one(id) ON true
LEFT JOIN rehab_occurrence o ON o.patient_id = c.patient_id AND o.id = one.id
ORDER BY c.place
""",
    by_keys=True,
)


def around(
    claims: Sequence[Claim], *, at: datetime, since: datetime, budget: int
) -> Sequence[Around]:
    """Return a row for each occurrence of each claim, in the order of the claims; at least one.

    since: from when on to say what a recipient was sent. budget: of who chose none. `place` counts
    the claims from 1.
    """
    rows = _AROUND.fetchall(
        {
            "at": at,
            "since": since,
            "lately": at - LATELY,
            "budget": budget,
            "posts": plain_array(ROLES_OF_A_POST),
            "patients": plain_array(each.patient_id for each in claims),
            "recipients": plain_array(each.recipient_id for each in claims),
            "reminders": plain_array(each.reminder_id for each in claims),
        }
    )
    return [Around._make(row) for row in rows]
