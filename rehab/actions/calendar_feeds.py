"""A calendar program may read when something is due, under a secret address that can be revoked."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.access.decisions import Decision, decide, require
from patients.access.walls import within_clinics
from patients.actions.audit import record_read
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.domain.roles import ConsentDecision, Purpose
from patients.models.authority import authority_of
from patients.models.consent import Consent
from patients.models.patient import Patient
from patients.models.relationship import CareRelationship
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.domain.calendar_file import calendar_file
from rehab.models import CalendarFeed
from rehab.models.reads.calendar import moments_of

SECRET_BYTES = 32
MOST_FOR_ONE_PERSON = 5


@dataclass(frozen=True, slots=True)
class IssuedFeed:
    """A feed and its secret. The secret is shown now; nobody can read it again."""

    feed: CalendarFeed
    secret: str


@dataclass(frozen=True, slots=True)
class OpenedFeed:
    feed_id: UUID
    text: str


def make_calendar_feed(
    *, by: User, at: datetime, patient_id: UUID, recipient_id: UUID | None = None
) -> IssuedFeed:
    """Make an address for one person's calendar, by default one's own.

    The patient and whoever manages may. Invalid for somebody who may not see the patient's
    sessions; Conflict when that person has five in use.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "manage", at))
        patient = lock_patient(patient_id)
        recipient = _recipient(patient, recipient_id or by.pk, at=at)
        in_use = feeds_in_use(patient_id).filter(recipient=recipient)
        if in_use.count() >= MOST_FOR_ONE_PERSON:
            raise Conflict(
                _("This person has five calendar addresses. Revoke one first."),
                code="too_many_feeds",
            )
        secret = secrets.token_urlsafe(SECRET_BYTES)
        feed = CalendarFeed.objects.create(
            patient_id=patient.id,
            clinic_id=patient.clinic_id,
            recipient=recipient,
            secret_hash=hashed(secret),
            created_at=at,
            created_by=by,
        )
        _tell(by, patient, feed, "calendar.make", at=at)
        return IssuedFeed(feed, secret)


def revoke_calendar_feed(
    *, by: User, at: datetime, patient_id: UUID, feed_id: UUID
) -> CalendarFeed:
    """Close an address: its person, the patient, and whoever manages may. Twice is once."""
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "see_patient", at))
        feed = CalendarFeed.objects.filter(patient_id=patient_id, pk=feed_id).first()
        manages = decide(authority, patient_id, "manage", at) is Decision.ALLOWED
        if not manages and (feed is None or feed.recipient_id != by.pk):
            raise NotAllowed
        if feed is None:
            raise NotVisible
        patient = lock_patient(patient_id)
        if feed.revoked_at is None:
            feed.revoked_at, feed.revoked_by = at, by
            feed.save(update_fields=["revoked_at", "revoked_by"])
            _tell(by, patient, feed, "calendar.revoke", at=at)
        return feed


def feeds_in_use(patient_id: UUID) -> QuerySet[CalendarFeed]:
    return (
        CalendarFeed.objects.filter(patient_id=patient_id, revoked_at__isnull=True)
        .select_related("recipient")
        .order_by("created_at", "id")
    )


def who_may_have_one(patient_id: UUID, *, at: datetime) -> list[User]:
    """Return the patient's own account, and everybody who may see the sessions now."""
    own = User.objects.filter(patients=patient_id)
    related = (
        CareRelationship.objects.running(at)
        .with_scope("see_sessions")
        .filter(patient_id=patient_id)
    )
    people = own | User.objects.filter(pk__in=related.values("user_id"))
    return list(people.filter(is_active=True).distinct().order_by("name", "id"))


def open_calendar_feed(*, at: datetime, recipient_id: UUID, secret: str) -> OpenedFeed:
    """Return the calendar behind an address; NotVisible for any reason that it is not served.

    Revoked, access ended, or consent withdrawn: asked anew each time, so it ends at once.
    """
    user = User.objects.filter(pk=recipient_id, is_active=True).first()
    if user is None:
        raise NotVisible
    with within_clinics(user.clinic_ids):
        feed = CalendarFeed.objects.filter(
            secret_hash=hashed(secret), recipient=user, revoked_at__isnull=True
        ).first()
        if feed is None:
            raise NotVisible
        authority = authority_of(user, at=at, patient_id=feed.patient_id)
        if decide(authority, feed.patient_id, "see_sessions", at) is not Decision.ALLOWED:
            raise NotVisible
        _must_be_consented(feed, authority)
        record_read(
            by=user.pk,
            patient_id=feed.patient_id,
            clinic_id=feed.clinic_id,
            kind="read.calendar",
            at=at,
        )
        zone = Patient.objects.values_list("zone", flat=True).get(pk=feed.patient_id)
        events = moments_of(feed.patient_id, zone=zone, now=at)
        with translation.override(user.language.lower()):
            text = calendar_file(events, title=_("Exercise times"), phrase=_("Exercise time"))
        return OpenedFeed(feed.pk, text)


def hashed(secret: str) -> str:
    """Return what is stored of a secret: useless without this installation's secret key."""
    return salted_hmac("rehab.calendar", secret, algorithm="sha256").hexdigest()


def _recipient(patient: PatientRow, user_id: UUID, *, at: datetime) -> User:
    for person in who_may_have_one(patient.id, at=at):
        if person.pk == user_id:
            return person
    raise Invalid(
        _("Only the patient and people who may see the sessions now can have a calendar."),
        field="recipient",
        code="unknown_person",
    )


def _must_be_consented(feed: CalendarFeed, authority: Authority) -> None:
    needed = {Purpose.CARE_RECORD, Purpose.REMINDERS}
    if feed.patient_id not in authority.own_patient_ids:
        needed.add(Purpose.SHARING)
    standing = Consent.objects.filter(patient_id=feed.patient_id, purpose__in=needed).standing()
    if any(each.decision == ConsentDecision.WITHDRAWN for each in standing):
        raise NotVisible


def _tell(by: User, patient: PatientRow, feed: CalendarFeed, kind: str, *, at: datetime) -> None:
    trail = AuditTrail(by=by, patient=patient, at=at)
    trail.add(kind, "calendar_feed", feed.pk, {"recipient": str(feed.recipient_id)})
    trail.settle()
