"""The tables about people. Import models from here."""

from patients.models.absence import Absence
from patients.models.audit import AuditEvent
from patients.models.clinic import Clinic, DutyShift, Practitioner
from patients.models.consent import Consent
from patients.models.contact import ContactPoint, NotificationPreference
from patients.models.invitation import Invitation, InvitationCode
from patients.models.patient import OfPatient, Patient
from patients.models.relationship import CareRelationship
from patients.models.session import UserSession
from patients.models.user import User

__all__ = [
    "Absence",
    "AuditEvent",
    "CareRelationship",
    "Clinic",
    "Consent",
    "ContactPoint",
    "DutyShift",
    "Invitation",
    "InvitationCode",
    "NotificationPreference",
    "OfPatient",
    "Patient",
    "Practitioner",
    "User",
    "UserSession",
]
