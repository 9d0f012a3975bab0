"""Inviting somebody, and accepting: the only way to an account and to a role."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from patients.access.authority import Authority
from patients.access.walls import within_clinics
from patients.actions import audit
from patients.actions.accounts import NewAccount, open_account
from patients.actions.checks import sound_email, sound_language, sound_phone, sound_scopes
from patients.actions.granting import grant
from patients.actions.permission import require_for_patient, require_in_clinic
from patients.domain.codes import as_typed, new_code
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.domain.roles import ALL_SCOPES, Role
from patients.models import Invitation, InvitationCode, Patient, User

VALID_FOR = timedelta(days=14)
STAFF = frozenset({"practitioner", "coordinator"})
OF_PATIENT = frozenset({"patient", *Role})


class InvitationNotOpen(NotVisible):
    code = "invitation_not_open"
    detail = "This code is not valid, was used already, or has expired. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation and its code. The code is shown or sent now; nobody can read it again."""

    invitation: Invitation
    code: str


@dataclass(frozen=True, slots=True)
class Accepted:
    user: User
    invitation: Invitation


@transaction.atomic
def invite_to_patient(
    *,
    by: User,
    at: datetime,
    patient_id: UUID,
    invited_as: str,
    scopes: Iterable[str] = (),
    email: str | None = None,
    phone: str | None = None,
    name: str = "",
    language: str | None = None,
) -> Issued:
    """Invite a helper, or the patient's own account (`invited_as="patient"`).

    Without an address the code is handed over. Nobody passes on a right they do not hold, except
    the clinic.
    """
    authority, patient = require_for_patient(by=by, at=at, patient_id=patient_id, action="invite")
    if invited_as not in OF_PATIENT:
        raise Invalid("Choose one of the roles.", field="invited_as", code="unknown_role")
    if invited_as == "patient":
        _require_no_account(patient)
        chosen: list[str] = []
    else:
        chosen = sound_scopes(scopes)
        require_may_pass_on(authority, patient.pk, invited_as, chosen, at)
    return issue(
        by=by, at=at, clinic_id=patient.clinic_id, patient_id=patient.pk, invited_as=invited_as,
        scopes=chosen, email=email, phone=phone, name=name,
        language=language or patient.language,
    )  # fmt: skip


@transaction.atomic
def invite_staff(
    *,
    by: User,
    at: datetime,
    clinic_id: UUID,
    invited_as: str = "practitioner",
    email: str | None = None,
    phone: str | None = None,
    name: str = "",
    title: str = "",
    language: str | None = None,
) -> Issued:
    """Invite a practitioner or a coordinator to the clinic."""
    require_in_clinic(by=by, at=at, clinic_id=clinic_id, coordinator=True)
    if invited_as not in STAFF:
        raise Invalid("Choose one of the roles.", field="invited_as", code="unknown_role")
    return issue(
        by=by, at=at, clinic_id=clinic_id, invited_as=invited_as, email=email, phone=phone,
        name=name, title=title, language=language or by.language,
    )  # fmt: skip


def issue(
    *,
    at: datetime,
    clinic_id: UUID,
    invited_as: str,
    by: User | None = None,
    patient_id: UUID | None = None,
    scopes: Iterable[str] = (),
    email: str | None = None,
    phone: str | None = None,
    name: str = "",
    title: str = "",
    language: str = "zh-Hans",
) -> Issued:
    """Write an invitation whose rights were judged already."""
    code = new_code(secrets.choice)
    invitation = Invitation(
        clinic_id=clinic_id, patient_id=patient_id, invited_as=invited_as, scopes=list(scopes),
        email=sound_email(email) if email else None,
        phone=sound_phone(phone) if phone else None,
        name=name.strip(), title=title.strip(), language=sound_language(language),
        code_hash=hashed_code(code), invited_by=by, created_at=at, expires_at=at + VALID_FOR,
    )  # fmt: skip
    InvitationCode.objects.create(code_hash=invitation.code_hash, clinic_id=clinic_id)
    invitation.save(force_insert=True)
    audit.record([_event(invitation, "invitation.create", by, at)])
    return Issued(invitation, code)


@transaction.atomic
def revoke_invitation(*, by: User, at: datetime, invitation_id: UUID) -> Invitation:
    """Close an invitation that nobody has accepted."""
    invitation = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if invitation is None:
        raise NotVisible
    if invitation.patient_id:
        require_for_patient(by=by, at=at, patient_id=invitation.patient_id, action="invite")
    else:
        require_in_clinic(by=by, at=at, clinic_id=invitation.clinic_id, coordinator=True)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise Conflict("This invitation is closed already.", code="invitation_closed")
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    audit.record([_event(invitation, "invitation.revoke", by, at)])
    return invitation


def open_invitation(code: str, *, at: datetime) -> Invitation:
    """The invitation a code opens, or `InvitationNotOpen`; for showing it before accepting."""
    with within_clinics(_clinic_of(code)):
        return _find(code, at, lock=False)


def accept_invitation(
    *, code: str, at: datetime, by: User | None = None, account: NewAccount | None = None
) -> Accepted:
    """Take up a role with a code: `by` an account that is signed in, or with a new `account`.

    The code itself is the right to do so, and it works once.
    """
    if (by is None) == (account is None):
        raise ValueError("either somebody signed in accepts, or a new account is opened")
    with within_clinics(_clinic_of(code)):
        invitation = _find(code, at, lock=True)
        user = by or open_account(account, invitation=invitation, at=at)  # type: ignore[arg-type]
        grant(invitation, user=user, at=at)
        user.enter_clinics([invitation.clinic_id])
        invitation.accepted_at, invitation.accepted_by = at, user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        audit.record([_event(invitation, "invitation.accept", user, at)])
        return Accepted(user, invitation)


def hashed_code(code: str) -> str:
    """What is stored of a code: useless without this installation's secret key."""
    return salted_hmac("patients.invitation", as_typed(code), algorithm="sha256").hexdigest()


def _clinic_of(code: str) -> list[UUID]:
    return list(
        InvitationCode.objects.filter(pk=hashed_code(code)).values_list("clinic_id", flat=True)
    )


def _find(code: str, at: datetime, *, lock: bool) -> Invitation:
    invitations = Invitation.objects.open_at(at).filter(code_hash=hashed_code(code))
    if lock:
        # Two browsers may type one code at once: the second finds it used.
        invitations = invitations.select_for_update()
    invitation = invitations.first()
    if invitation is None:
        raise InvitationNotOpen
    return invitation


def _require_no_account(patient: Patient) -> None:
    if patient.user_id is not None:
        raise Conflict("This patient has an account already.", code="has_account")


def require_may_pass_on(
    authority: Authority, patient_id: UUID, invited_as: str, scopes: list[str], at: datetime
) -> None:
    of_clinic = authority.coordinates(patient_id, at) or authority.is_clinician_of(patient_id, at)
    held = ALL_SCOPES if of_clinic else authority.scopes_for(patient_id, at)
    if not held.issuperset(scopes) or (invited_as == Role.CLINICIAN and not of_clinic):
        raise NotAllowed("You cannot give a right that you do not have.", code="right_not_held")


def _event(invitation: Invitation, kind: str, by: User | None, at: datetime) -> audit.Event:
    return audit.Event(
        invitation.clinic_id,
        by.pk if by else None,
        kind,
        at,
        patient_id=invitation.patient_id,
        target_kind="invitation",
        target_id=invitation.pk,
        detail={"invited_as": invitation.invited_as},
    )
