"""Opening a clinic, keeping its facts and its duty rota, and ending posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from patients.access.walls import within_clinics
from patients.actions import audit
from patients.actions.checks import sound_email, sound_name, sound_zone
from patients.actions.invitations import Issued, issue
from patients.actions.permission import require_in_clinic
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.domain.rota import hours_from
from patients.models import Clinic, DutyShift, Practitioner, User

EDITABLE = frozenset(
    {
        "name", "zone", "hours", "holidays", "emergency_number", "phone", "last_resort_contact",
        "unattended", "requires_signature",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DutyTurn:
    """One line of a rota as it is typed."""

    weekday: int
    starts: time
    ends: time
    practitioner_id: UUID
    deputy_id: UUID | None = None


def open_clinic(*, name: str, zone: str, coordinator_email: str, at: datetime) -> Issued:
    """Open a clinic and invite its first coordinator. For the operator: nobody asks for rights."""
    clinic = Clinic(id=uuid4(), name=sound_name(name), zone=sound_zone(zone))
    email = sound_email(coordinator_email, field="coordinator_email")
    with within_clinics([clinic.id]):
        clinic.save()
        audit.record([audit.Event(clinic.id, None, "clinic.open", at)])
        return issue(at=at, clinic_id=clinic.id, invited_as="coordinator", email=email)


@transaction.atomic
def edit_clinic(*, by: User, at: datetime, clinic_id: UUID, changes: Mapping[str, Any]) -> Clinic:
    """Change facts about the clinic; an unknown fact is a KeyError."""
    clinic = require_in_clinic(by=by, at=at, clinic_id=clinic_id, coordinator=True)
    _check_changes(changes)
    for name, value in changes.items():
        setattr(clinic, name, value)
    if changes:
        clinic.save(update_fields=sorted(changes))
        audit.record([audit.Event(clinic.id, by.pk, "clinic.edit", at, detail=_noted(changes))])
    return clinic


@transaction.atomic
def set_duty_rota(
    *, by: User, at: datetime, clinic_id: UUID, turns: Sequence[DutyTurn]
) -> list[DutyShift]:
    """Replace the whole rota of a clinic."""
    clinic = require_in_clinic(by=by, at=at, clinic_id=clinic_id, coordinator=True)
    _check_turns(clinic, turns, at)
    DutyShift.objects.filter(clinic=clinic).delete()
    DutyShift.objects.bulk_create(
        DutyShift(
            clinic=clinic, weekday=turn.weekday, starts=turn.starts, ends=turn.ends,
            practitioner_id=turn.practitioner_id, deputy_id=turn.deputy_id,
        )
        for turn in turns
    )  # fmt: skip
    audit.record([audit.Event(clinic.id, by.pk, "clinic.rota", at, detail={"shifts": len(turns)})])
    return list(DutyShift.objects.of(clinic))


@transaction.atomic
def end_post(*, by: User, at: datetime, clinic_id: UUID, practitioner_id: UUID) -> Practitioner:
    """End a practitioner's post now. Every relationship held as clinician stops carrying rights."""
    require_in_clinic(by=by, at=at, clinic_id=clinic_id, coordinator=True)
    posts = Practitioner.objects.select_for_update().filter(clinic_id=clinic_id)
    post = posts.filter(pk=practitioner_id).first()
    if post is None:
        raise NotVisible
    if post.ended_at is not None:
        raise Conflict("This post has ended already.", code="already_ended")
    post.ended_at, post.ended_by = at, by
    post.save(update_fields=["ended_at", "ended_by"])
    audit.record(
        [
            audit.Event(
                post.clinic_id, by.pk, "post.end", at,
                target_kind="practitioner", target_id=post.pk,
            )
        ]
    )  # fmt: skip
    return post


def _noted(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Which facts were changed; of a switch also where it stands now."""
    switches = {name: value for name, value in changes.items() if isinstance(value, bool)}
    return {"fields": sorted(changes), **switches}


def _check_changes(changes: Mapping[str, Any]) -> None:
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"not a fact about a clinic: {', '.join(sorted(unknown))}")
    if "name" in changes:
        sound_name(changes["name"])
    if "zone" in changes:
        sound_zone(changes["zone"])
    if "emergency_number" in changes:
        sound_name(changes["emergency_number"], field="emergency_number")
    if "hours" in changes:
        try:
            hours_from(changes["hours"])
        except ValueError as error:
            raise Invalid(
                "The opening hours cannot be read: %(reason)s.",
                field="hours",
                params={"reason": error},
            ) from None


def _check_turns(clinic: Clinic, turns: Sequence[DutyTurn], at: datetime) -> None:
    staff = set(Practitioner.objects.running(at).filter(clinic=clinic).values_list("id", flat=True))
    for index, turn in enumerate(turns):
        if turn.weekday not in range(7):
            raise Invalid("Monday is 0, Sunday is 6.", field=f"shifts.{index}.weekday")
        if turn.starts == turn.ends:
            raise Invalid("A shift needs a length.", field=f"shifts.{index}.ends")
        if turn.deputy_id == turn.practitioner_id:
            raise Invalid("The deputy must be another.", field=f"shifts.{index}.deputy")
        for name, person in (("practitioner", turn.practitioner_id), ("deputy", turn.deputy_id)):
            if person is not None and person not in staff:
                raise Invalid(
                    "Nobody with a post in this clinic.",
                    field=f"shifts.{index}.{name}",
                    code="unknown_practitioner",
                )
