"""A practitioner of the clinic opens a record without a relationship: briefly, with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from patients.access.decisions import decide_in_clinic, require
from patients.actions import audit
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.domain.roles import ALL_SCOPES, Role
from patients.models import AuditEvent, CareRelationship, Patient, User
from patients.models.authority import authority_of

LASTS = timedelta(hours=24)
# So long the patient's own page says that somebody opened the record this way.
TOLD_FOR = timedelta(days=14)
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Opened:
    """Who opened a record without being its clinician, when, why, and until when."""

    by: str
    at: datetime
    until: datetime
    reason: str


@transaction.atomic
def break_glass(*, by: User, at: datetime, patient_id: UUID, reason: str) -> CareRelationship:
    """Give a practitioner of the patient's clinic a clinician's rights for 24 hours.

    For the duty contact who was told of a flag and must see whose it is. The patient can read who
    did it and why. NotVisible for anybody without a running post in that clinic; Conflict for
    whoever is the patient's clinician already.
    """
    authority = authority_of(by, at=at, patient_id=patient_id)
    if authority.subject is None:
        raise NotVisible
    clinic_id = authority.subject.clinic_id
    require(decide_in_clinic(authority, clinic_id, at, coordinator=False))
    if not reason.strip():
        raise Invalid("Say why in a few words.", field="reason", code="blank")
    if authority.is_clinician_of(patient_id, at):
        raise Conflict("You are this patient's clinician already.", code="has_relationship")
    relationship = CareRelationship.objects.create(
        clinic_id=clinic_id,
        patient_id=patient_id,
        user=by,
        role=Role.CLINICIAN,
        scopes=sorted(ALL_SCOPES),
        starts_at=at,
        ended_at=at + LASTS,
        ended_by=by,
    )
    event = audit.Event(
        clinic_id,
        by.pk,
        "break_glass",
        at,
        patient_id=patient_id,
        target_kind="care_relationship",
        target_id=relationship.pk,
        detail={"reason": reason.strip()},
    )
    audit.record([event])
    return relationship


def may_break_glass(*, by: User, at: datetime, patient_id: UUID) -> bool:
    """Tell whether somebody practises in the patient's clinic and is not its clinician yet.

    NotVisible for everybody without a running post there.
    """
    authority = authority_of(by, at=at, patient_id=patient_id)
    if authority.subject is None:
        raise NotVisible
    require(decide_in_clinic(authority, authority.subject.clinic_id, at, coordinator=False))
    return not authority.is_clinician_of(patient_id, at)


def record_of_clinic(*, by: User, at: datetime, record_number: str) -> UUID:
    """Return whose record has this number in a clinic where somebody practises.

    Only the whole number finds one, and it says nothing but that there is one. NotVisible for
    whoever practises nowhere; Invalid where there is none, or one in each of two clinics.
    """
    clinics = authority_of(by, at=at).clinics_of_posts(at)
    if not clinics:
        raise NotVisible
    wanted = record_number.strip()
    found = Patient.objects.filter(clinic_id__in=clinics, record_number=wanted).order_by("id")
    ids = list(found.values_list("pk", flat=True)[:2]) if wanted else []
    if len(ids) != 1:
        raise Invalid(
            "No record of your clinic has this number. Enter all of it.",
            field="record_number",
            code="unknown_record",
        )
    return ids[0]


def opened_lately(*, by: User, at: datetime, patient_id: UUID) -> Sequence[Opened]:
    """Return who broke the glass in the last two weeks, for whoever may read the audit."""
    events = AuditEvent.objects.visible_to(by, at=at).filter(
        patient_id=patient_id, kind="break_glass", at__gt=at - TOLD_FOR
    )
    return [
        Opened(
            by=str(event.actor) if event.actor else "",
            at=event.at,
            until=event.at + LASTS,
            reason=str(event.detail.get("reason", "")),
        )
        for event in events.select_related("actor").order_by("-at")[:MOST_TOLD]
    ]
