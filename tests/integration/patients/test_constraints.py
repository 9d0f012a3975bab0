"""What must always hold is held by the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from patients.models import (
    CareRelationship,
    Clinic,
    Consent,
    ContactPoint,
    DutyShift,
    Invitation,
    NotificationPreference,
    Patient,
    Practitioner,
    User,
)
from tests.people import BEGAN

LATER = BEGAN + timedelta(days=1)


@pytest.fixture(autouse=True)
def _inside(cast):
    with cast.inside():
        yield


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("user_has_email_or_phone", {}),
        ("user_email_is_lower_case", {"email": "Alice@Example.test"}),
        ("user_email_is_lower_case", {"email": ""}),
        ("user_phone_is_international", {"phone": "13800138000"}),
    ],
)
def test_account(name, facts):
    refused(name, lambda: User.objects.create(**facts))


def test_account_by_phone_alone_is_one():
    assert User.objects.create(phone="+8613800138000").pk


@pytest.mark.parametrize("field", ["email", "phone"])
def test_two_accounts_cannot_share_an_address(field):
    address = {"email": "new@example.test", "phone": "+8613800138000"}[field]
    User.objects.create(**{field: address})
    refused(field, lambda: User.objects.create(**{field: address}))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("clinic_has_a_name", {"name": ""}),
        ("clinic_has_an_emergency_number", {"name": "A", "emergency_number": ""}),
    ],
)
def test_clinic(name, facts):
    refused(name, lambda: Clinic.objects.create(**facts))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("duty_shift_on_a_weekday", {"weekday": 7}),
        ("duty_shift_has_a_length", {"ends": "08:00"}),
        ("duty_shift_deputy_is_another", {"same": True}),
    ],
)
def test_duty_shift(cast, name, facts):
    facts = dict(facts)
    if facts.pop("same", False):
        facts["deputy"] = cast.danas_post
    shift = {"weekday": 0, "starts": "08:00", "ends": "17:00", **facts}
    refused(
        name,
        lambda: DutyShift.objects.create(clinic=cast.clinic, practitioner=cast.danas_post, **shift),
    )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("practitioner_ended_at_with_ended_by", {"ended_at": LATER}),
        ("practitioner_ends_after_start", {"ended_at": BEGAN - timedelta(1), "ended": True}),
        ("practitioner_one_running_post", {"same": True}),
    ],
)
def test_practitioner(cast, name, facts):
    facts = dict(facts)
    if facts.pop("ended", False):
        facts["ended_by"] = cast.erin
    user = cast.dana if facts.pop("same", False) else cast.bob
    refused(
        name,
        lambda: Practitioner.objects.create(
            clinic=cast.clinic, user=user, starts_at=BEGAN, **facts
        ),
    )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("patient_has_a_name", {"name": ""}),
        ("patient_sync_sequence_counts_up", {"sync_sequence": -1}),
        ("patient_record_number_is_unique", {"record_number": "7"}),
        ("patient_one_per_account_and_clinic", {"alice": True}),
    ],
)
def test_patient(cast, name, facts):
    Patient.objects.filter(pk=cast.patient.pk).update(record_number="7")
    facts = {"name": "New", **facts}
    if facts.pop("alice", False):
        facts["user"] = cast.alice
    refused(name, lambda: Patient.objects.create(clinic=cast.clinic, **facts))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("carerelationship_role_is_known", {"role": "friend"}),
        ("carerelationship_scopes_are_known", {"scopes": ["fly"]}),
        ("carerelationship_scopes_are_known", {"scopes": []}),
        ("carerelationship_ended_at_with_ended_by", {"ended_at": LATER}),
        ("carerelationship_ends_after_start", {"ended_at": BEGAN - timedelta(1), "ended": True}),
        ("carerelationship_one_running", {"bob": True}),
    ],
)
def test_care_relationship(cast, name, facts):
    facts = {"role": "aide", "scopes": ["see_sessions"], **facts}
    if facts.pop("ended", False):
        facts["ended_by"] = cast.erin
    user = cast.bob if facts.pop("bob", False) else cast.charlie
    refused(
        name,
        lambda: CareRelationship.objects.create(
            clinic=cast.clinic, patient=cast.patient, user=user, starts_at=BEGAN, **facts
        ),
    )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("consent_purpose_is_known", {"purpose": "fun"}),
        ("consent_decision_is_known", {"decision": "maybe"}),
    ],
)
def test_consent(cast, name, facts):
    facts = {"purpose": "reminders", "decision": "granted", **facts}
    refused(
        name,
        lambda: Consent.objects.create(
            clinic=cast.clinic, patient=cast.patient, by=cast.alice, at=BEGAN, **facts
        ),
    )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("invitation_role_is_known", {"invited_as": "friend"}),
        ("invitation_has_a_patient_unless_staff", {"patient": None}),
        ("invitation_has_a_patient_unless_staff", {"invited_as": "practitioner"}),
        ("invitation_scopes_are_known", {"scopes": ["fly"]}),
        ("invitation_accepted_at_with_accepted_by", {"accepted_at": LATER}),
        ("invitation_expires_later", {"expires_at": BEGAN}),
        (
            "invitation_accepted_or_revoked",
            {"accepted_at": LATER, "by": True, "revoked_at": LATER},
        ),
    ],
)
def test_invitation(cast, name, facts):
    facts = {"invited_as": "aide", "patient": cast.patient, "expires_at": LATER, **facts}
    if facts.pop("by", False):
        facts["accepted_by"] = cast.bob
    refused(
        name,
        lambda: Invitation.objects.create(
            clinic=cast.clinic, code_hash="x", created_at=BEGAN, **facts
        ),
    )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("contactpoint_channel_is_known", {"channel": "pigeon"}),
        ("contactpoint_has_an_address", {"address": ""}),
        ("contactpoint_retired_with_reason", {"retired_at": LATER}),
        ("contactpoint_retired_with_reason", {"retired_reason": "moved"}),
        ("contactpoint_once_per_account", {"address": "bob@example.test"}),
    ],
)
def test_contact_point(cast, name, facts):
    facts = {"channel": "email", "address": "new@example.test", **facts}
    refused(name, lambda: ContactPoint.objects.create(user=cast.bob, **facts))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("notificationpreference_quiet_from_with_until", {"quiet_from": "22:00"}),
        ("notificationpreference_budget_is_sane", {"daily_budget": 101}),
    ],
)
def test_notification_preference(cast, name, facts):
    refused(name, lambda: NotificationPreference.objects.create(user=cast.bob, **facts))
