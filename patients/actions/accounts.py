"""Opening an account, and changing what belongs to it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from patients.actions.checks import sound_email, sound_language, sound_name, sound_phone
from patients.domain.errors import Conflict, DomainError, FieldError, Invalid
from patients.domain.roles import Channel
from patients.models import ContactPoint, Invitation, NotificationPreference, User


class AddressTaken(Conflict):
    code = "address_taken"
    detail = "This address has an account already. Sign in first, then enter the code."


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person types to open an account. An address in the invitation comes first."""

    password: str
    name: str = ""
    email: str | None = None
    phone: str | None = None
    language: str | None = None


def open_account(account: NewAccount, *, invitation: Invitation, at: datetime) -> User:
    """Open the account that an invitation allows, with a contact point for each address.

    An address the invitation was made for is verified: its code arrived there, or the clinic
    knew it. A typed one is not.
    """
    email = invitation.email or (sound_email(account.email) if account.email else None)
    phone = invitation.phone or (sound_phone(account.phone) if account.phone else None)
    if not email and not phone:
        raise Invalid("Enter an e-mail address or a phone number.", field="email", code="required")
    _require_free(email, phone)
    user = User(
        email=email, phone=phone,
        name=sound_name(account.name or invitation.name),
        language=sound_language(account.language or invitation.language),
    )  # fmt: skip
    set_sound_password(user, account.password)
    user.save(force_insert=True)
    _add_contacts(user, invitation, at)
    NotificationPreference.objects.create(user=user, zone=_zone_of(invitation))
    return user


@transaction.atomic
def edit_account(*, by: User, name: str | None = None, language: str | None = None) -> User:
    """Change one's own name or language. The account belongs to no clinic: nothing to audit."""
    if name is not None:
        by.name = sound_name(name)
    if language is not None:
        by.language = sound_language(language)
    by.save(update_fields=["name", "language"])
    return by


def set_sound_password(user: User, password: str) -> None:
    """Put a password on an account, unsaved; a weak one is `Invalid` with every reason."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise _weak(error) from None
    user.set_password(password)


def _weak(error: ValidationError) -> DomainError:
    reasons = tuple(
        FieldError("password", each.code or "weak", message)
        for each in error.error_list
        for message in each.messages
    )
    return Invalid("Choose a stronger password.", code="weak_password", errors=reasons)


def _require_free(email: str | None, phone: str | None) -> None:
    if email and User.objects.filter(email=email).exists():
        raise AddressTaken(field="email")
    if phone and User.objects.filter(phone=phone).exists():
        raise AddressTaken(field="phone")


def _add_contacts(user: User, invitation: Invitation, at: datetime) -> None:
    addresses = [
        (Channel.EMAIL, user.email, invitation.email),
        (Channel.SMS, user.phone, invitation.phone),
    ]
    ContactPoint.objects.bulk_create(
        ContactPoint(
            user=user, channel=channel, address=address, verified_at=at if invited else None
        )
        for channel, address, invited in addresses
        if address
    )


def _zone_of(invitation: Invitation) -> str:
    return invitation.patient.zone if invitation.patient else invitation.clinic.zone
