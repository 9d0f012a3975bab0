"""Handing over on leave: the deputy has the patients and the alerts, and it ends by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from patients.actions import audit
from patients.actions.permission import require_in_clinic
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.domain.roles import Role
from patients.models import Absence, CareRelationship, Practitioner, User
from patients.models.authority import authority_of


@transaction.atomic
def record_absence(
    *,
    by: User,
    at: datetime,
    clinic_id: UUID,
    practitioner_id: UUID,
    deputy_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
) -> Absence:
    """Say from when to when a practitioner is away and who stands in: they, or a coordinator.

    The deputy becomes clinician of the same patients with the same rights for that time, and
    answers in their place on the rota. A start in the past counts from now. Invalid names the
    field; Conflict for somebody who is away then already, as absent or as deputy.
    """
    absent, deputy = _people(by, at, clinic_id, practitioner_id, deputy_id)
    starts_at = max(starts_at, at)
    if ends_at <= starts_at:
        raise Invalid("The last day must not be before the first.", field="last", code="too_early")
    for person in (absent, deputy):
        if Absence.objects.filter(practitioner=person).during(starts_at, ends_at).exists():
            raise Conflict(
                "%(name)s is away then already.",
                code="away_already",
                params={"name": person.user.name},
            )
    absence = Absence.objects.create(
        clinic_id=clinic_id, practitioner=absent, deputy=deputy, starts_at=starts_at,
        ends_at=ends_at, told_by=by, told_at=at,
    )  # fmt: skip
    handed = CareRelationship.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=starts_at),
        clinic_id=clinic_id, user=absent.user, role=Role.CLINICIAN, starts_at__lt=ends_at,
    )  # fmt: skip
    _stand_in(absence, list(handed.select_related("patient")), by=by, at=at)
    audit.record([_event(absence, "absence.record", by, at)])
    return absence


@transaction.atomic
def end_absence(*, by: User, at: datetime, absence_id: UUID) -> Absence:
    """End an absence now, or call one off that has not begun: the absent, or a coordinator."""
    absence = (
        Absence.objects.select_for_update(of=("self",))
        .select_related("practitioner")
        .filter(pk=absence_id)
        .first()
    )
    if absence is None:
        raise NotVisible
    _require_may(by, at, absence.clinic_id, absence.practitioner)
    if absence.ends_at <= at:
        raise Conflict("This absence has ended already.", code="already_ended")
    absence.starts_at, absence.ends_at = min(absence.starts_at, at), at
    absence.ended_by = by
    absence.save(update_fields=["starts_at", "ends_at", "ended_by"])
    rows = CareRelationship.objects.filter(absence=absence, ended_at__gt=at)
    _uncover(_end_rows(rows, by=by, at=at), by=by, at=at)
    audit.record([_event(absence, "absence.end", by, at)])
    return absence


def cover(relationship: CareRelationship, *, by: User, at: datetime) -> None:
    """Let whoever stands in for a clinician have a patient whom they were given just now."""
    if relationship.role != Role.CLINICIAN:
        return
    away = Absence.objects.filter(
        clinic_id=relationship.clinic_id, practitioner__user=relationship.user_id, ends_at__gt=at
    )
    for absence in away.select_related("deputy").order_by("starts_at"):
        _stand_in(absence, [relationship], by=by, at=at)


def uncover(relationship: CareRelationship, *, by: User, at: datetime) -> None:
    """End the deputy's access with that of whom they stand in for, and of their own deputy."""
    if relationship.role == Role.CLINICIAN:
        _uncover([relationship], by=by, at=at)


def _uncover(ended: Sequence[CareRelationship], *, by: User, at: datetime) -> None:
    """End what rests on ended relationships, deputy by deputy, in sets."""
    while ended:
        held = {(each.patient_id, each.user_id) for each in ended}
        resting = CareRelationship.objects.filter(
            ended_at__gt=at,
            patient_id__in={patient for patient, _user in held},
            absence__practitioner__user__in={user for _patient, user in held},
        ).select_related("absence__practitioner")
        ended = _end_rows([each for each in resting if _rests_on(each) in held], by=by, at=at)


def _rests_on(row: CareRelationship) -> tuple[UUID, UUID] | None:
    return (row.patient_id, row.absence.practitioner.user_id) if row.absence else None


def _people(
    by: User, at: datetime, clinic_id: UUID, practitioner_id: UUID, deputy_id: UUID
) -> tuple[Practitioner, Practitioner]:
    clinic = require_in_clinic(by=by, at=at, clinic_id=clinic_id)
    # Held, so that two absences of one person cannot be recorded at once.
    posts = Practitioner.objects.running(at).filter(clinic=clinic).select_related("user")
    locked = posts.select_for_update(of=("self",)).order_by("id")
    people = {post.pk: post for post in locked.filter(pk__in=[practitioner_id, deputy_id])}
    if practitioner_id not in people:
        raise NotVisible
    _require_may(by, at, clinic_id, people[practitioner_id])
    if deputy_id == practitioner_id:
        raise Invalid("The deputy must be another.", field="deputy", code="same_person")
    if deputy_id not in people:
        raise Invalid(
            "Nobody with a post in this clinic.", field="deputy", code="unknown_practitioner"
        )
    return people[practitioner_id], people[deputy_id]


def _require_may(by: User, at: datetime, clinic_id: UUID, absent: Practitioner) -> None:
    authority = authority_of(by, at=at)
    if not authority.practises_in(clinic_id, at):
        raise NotVisible
    if absent.user_id != by.pk and clinic_id not in authority.coordinated_clinics(at):
        raise NotAllowed


def _stand_in(
    absence: Absence, relationships: Sequence[CareRelationship], *, by: User, at: datetime
) -> None:
    deputy = absence.deputy.user_id
    patients = [each.patient_id for each in relationships]
    known = set(
        CareRelationship.objects.filter(
            patient_id__in=patients, user_id=deputy, role=Role.CLINICIAN, ended_at__isnull=True
        ).values_list("patient_id", flat=True)
    )
    rows = [
        _row(absence, each, by=by, at=at)
        for each in relationships
        # Nobody is their own clinician, and who is the patient's clinician stays it.
        if each.patient_id not in known and each.patient.user_id != deputy
    ]
    CareRelationship.objects.bulk_create(rows)
    audit.record([_handed("relationship.stand_in", each, by, at) for each in rows])


def _row(absence: Absence, held: CareRelationship, *, by: User, at: datetime) -> CareRelationship:
    ends_at = min(absence.ends_at, held.ended_at or absence.ends_at)
    return CareRelationship(
        clinic_id=absence.clinic_id,
        patient_id=held.patient_id,
        user_id=absence.deputy.user_id,
        role=Role.CLINICIAN,
        scopes=held.scopes,
        starts_at=max(absence.starts_at, held.starts_at, at),
        ended_at=ends_at,
        ended_by=by,
        absence=absence,
    )


def _end_rows(
    rows: Iterable[CareRelationship], *, by: User, at: datetime
) -> list[CareRelationship]:
    """End what has not ended; what has not begun ends as it begins, and never held."""
    open_rows = list(rows)
    for each in open_rows:
        each.ended_at, each.ended_by = max(at, each.starts_at), by
    CareRelationship.objects.bulk_update(open_rows, ["ended_at", "ended_by"])
    audit.record([_handed("relationship.end", each, by, at) for each in open_rows])
    return open_rows


def _handed(kind: str, row: CareRelationship, by: User, at: datetime) -> audit.Event:
    return audit.Event(
        row.clinic_id, by.pk, kind, at, patient_id=row.patient_id,
        target_kind="care_relationship", target_id=row.pk,
        detail={"role": row.role, "scopes": list(row.scopes), "for": str(row.absence_id or "")},
    )  # fmt: skip


def _event(absence: Absence, kind: str, by: User, at: datetime) -> audit.Event:
    return audit.Event(
        absence.clinic_id, by.pk, kind, at, target_kind="absence", target_id=absence.pk,
        detail={"practitioner": str(absence.practitioner_id), "deputy": str(absence.deputy_id)},
    )  # fmt: skip
