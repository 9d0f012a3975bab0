"""What whoever answers for the clinic may see of a patient whose flag was routed to them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from patients.actions import audit
from patients.domain.roles import DUTY_SCOPES, Role
from patients.models import CareRelationship, Clinic, Practitioner, User
from patients.models.duty import duty_ends_at

# Whoever was told outside a turn (a coordinator, the last resort) has as long as a broken glass.
OUTSIDE_A_TURN = timedelta(hours=24)


def open_for_duty(
    *, patient_id: UUID, clinic_id: UUID, user_ids: Collection[UUID], flag_id: UUID, at: datetime
) -> None:
    """Let people who were told of a flag read what it needs, and answer it.

    Until the end of their turn on the rota, else for 24 hours, and no longer than until the last
    flag that they were told of is answered (`end_duty`). Only for posts of this clinic, and for
    nobody who may do more already.
    """
    entitled = _without_more(patient_id, clinic_id, user_ids, at)
    if not entitled:
        return
    until = duty_ends_at(Clinic.objects.get(pk=clinic_id), at) or at + OUTSIDE_A_TURN
    rows = [
        CareRelationship(
            clinic_id=clinic_id,
            patient_id=patient_id,
            user_id=user_id,
            role=Role.DUTY,
            scopes=sorted(DUTY_SCOPES),
            starts_at=at,
            ended_at=until,
            ended_by_id=user_id,
        )
        for user_id in entitled
    ]
    CareRelationship.objects.bulk_create(rows)
    audit.record([_event(row, "duty.open", None, at, flag=str(flag_id)) for row in rows])


def end_duty(*, by: User, at: datetime, patient_id: UUID, keep: Collection[UUID] = ()) -> None:
    """End what was opened for duty; keep: the accounts for whom another flag still waits."""
    rows = list(
        CareRelationship.objects.filter(
            patient_id=patient_id, role=Role.DUTY, starts_at__lte=at, ended_at__gt=at
        ).exclude(user_id__in=keep)
    )
    for row in rows:
        row.ended_at, row.ended_by = at, by
    CareRelationship.objects.bulk_update(rows, ["ended_at", "ended_by"])
    audit.record([_event(row, "duty.end", by.pk, at) for row in rows])


def _without_more(
    patient_id: UUID, clinic_id: UUID, user_ids: Collection[UUID], at: datetime
) -> list[UUID]:
    """Return who of them holds a post here, and neither cares for the patient nor has this."""
    posts = Practitioner.objects.running(at).filter(clinic_id=clinic_id, user_id__in=user_ids)
    in_post = set(posts.values_list("user_id", flat=True))
    held = CareRelationship.objects.running(at).filter(
        patient_id=patient_id, user_id__in=in_post, role__in=[Role.CLINICIAN, Role.DUTY]
    )
    has = set(held.values_list("user_id", flat=True))
    return [user_id for user_id in dict.fromkeys(user_ids) if user_id in in_post - has]


def _event(
    row: CareRelationship, kind: str, by_id: UUID | None, at: datetime, **detail: str
) -> audit.Event:
    return audit.Event(
        row.clinic_id,
        by_id,
        kind,
        at,
        patient_id=row.patient_id,
        target_kind="care_relationship",
        target_id=row.pk,
        detail={"user": str(row.user_id), "until": row.ended_at.isoformat(), **detail}
        if row.ended_at
        else {"user": str(row.user_id), **detail},
    )
