"""Who looks at which patient, and what they may do there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone, translation

from patients.access.authority import Authority
from patients.access.decisions import Decision, decide, require
from patients.actions import audit
from patients.domain.errors import NotVisible
from patients.models import Patient, User
from patients.models.authority import authority_of
from rehab.models import Plan
from rehab.models.reads.readers import Reader


@dataclass(frozen=True, slots=True)
class Viewer:
    """An account in front of one patient's page, at one moment."""

    user: User
    patient: Patient
    authority: Authority
    now: datetime
    language: str

    def may(self, action: str) -> bool:
        return decide(self.authority, self.patient.pk, action, self.now) is Decision.ALLOWED

    @property
    def reader(self) -> Reader:
        return Reader(sees_conditions=self.may("see_conditions"), sees_diet=self.may("see_diet"))

    @property
    def is_patient(self) -> bool:
        return self.patient.pk in self.authority.own_patient_ids

    @property
    def is_clinician(self) -> bool:
        return self.authority.is_clinician_of(self.patient.pk, self.now)

    @property
    def performer(self) -> str:
        """The performer that this account stands for when it says "I did it"."""
        if self.is_patient:
            return "patient"
        roles = {relation.role for relation in self.authority.relations_to(self.patient.pk)}
        return "clinician" if "clinician" in roles else "aide" if "aide" in roles else "caregiver"


def view_patient(
    request: HttpRequest, patient_id: UUID, *, action: str = "see_sessions", looked_at: str = ""
) -> Viewer:
    """Open a patient for the account that asks; NotVisible or NotAllowed otherwise.

    looked_at names what is read, for the audit that the patient can read.
    """
    now = timezone.now()
    user: User = request.user  # type: ignore[assignment]
    authority = authority_of(user, at=now, patient_id=patient_id)
    require(decide(authority, patient_id, action, now))
    patient = Patient.objects.select_related("clinic").get(pk=patient_id)
    if looked_at:
        audit.record_read(
            by=user.pk,
            patient_id=patient.pk,
            clinic_id=patient.clinic_id,
            kind=f"read.{looked_at}",
            at=now,
        )
    return Viewer(user, patient, authority, now, language_now())


def view_plan(request: HttpRequest, plan_id: UUID, *, action: str) -> tuple[Viewer, Plan]:
    """Open a plan, and with it its patient, for the account that asks."""
    user: User = request.user  # type: ignore[assignment]
    found = Plan.objects.visible_to(user, at=timezone.now()).filter(pk=plan_id).first()
    if found is None:
        raise NotVisible
    return view_patient(request, found.patient_id, action=action, looked_at="plan"), found


def language_now() -> str:
    """The language of this page, as content and texts of rules name it."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh-Hans"
