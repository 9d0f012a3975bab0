"""Inviting and accepting: the only way to an account."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from patients.access.walls import within_clinics
from patients.actions.accounts import AddressTaken, NewAccount
from patients.actions.invitations import (
    VALID_FOR,
    InvitationNotOpen,
    accept_invitation,
    hashed_code,
    invite_staff,
    invite_to_patient,
    open_invitation,
    revoke_invitation,
)
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.models import (
    AuditEvent,
    CareRelationship,
    Invitation,
    InvitationCode,
    Patient,
    Practitioner,
    User,
)
from tests.people import PASSWORD, make_helper, make_user

NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)
NEW = NewAccount(password=PASSWORD, name="Fay")


def invite(cast, by, **facts):
    facts = {"invited_as": "caregiver", "scopes": ["see_sessions"], **facts}
    with cast.inside():
        return invite_to_patient(by=by, at=NOW, patient_id=cast.patient.pk, **facts)


def test_alice_invites_by_email_and_the_account_is_verified(cast):
    issued = invite(cast, cast.alice, email="Fay@Example.test", name="Fay")
    accepted = accept_invitation(code=issued.code, at=NOW, account=NEW)
    assert accepted.user.email == "fay@example.test"
    assert accepted.user.check_password(PASSWORD)
    assert accepted.user.clinic_ids == [cast.clinic.pk]
    assert [p.verified_at for p in accepted.user.contact_points.all()] == [NOW]
    with cast.inside():
        relationship = CareRelationship.objects.get(user=accepted.user)
        assert (relationship.role, relationship.scopes) == ("caregiver", ["see_sessions"])
        kinds = AuditEvent.objects.filter(patient=cast.patient).values_list("kind", flat=True)
        assert set(kinds) == {"invitation.create", "invitation.accept"}


def test_handed_over_code_works_with_a_typed_phone_number(cast):
    issued = invite(cast, cast.alice)
    account = NewAccount(password=PASSWORD, name="Fay", phone="138 0013 8000")
    accepted = accept_invitation(code=issued.code.lower(), at=NOW, account=account)
    assert (accepted.user.email, accepted.user.phone) == (None, "+8613800138000")
    assert [p.verified_at for p in accepted.user.contact_points.all()] == [None]


def test_invited_phone_number_is_the_account_s(cast):
    issued = invite(cast, cast.alice, phone="+8613800138000")
    assert accept_invitation(code=issued.code, at=NOW, account=NEW).user.phone == "+8613800138000"


def test_account_that_exists_accepts_by_signing_in(cast):
    issued = invite(cast, cast.alice)
    accepted = accept_invitation(code=issued.code, at=NOW, by=cast.charlie)
    assert accepted.user == cast.charlie
    with cast.inside():
        assert cast.charlie.care_relationships.count() == 2


def test_address_that_has_an_account_must_sign_in_first(cast):
    issued = invite(cast, cast.alice, email=cast.charlie.email)
    with pytest.raises(AddressTaken):
        accept_invitation(code=issued.code, at=NOW, account=NEW)
    assert open_invitation(issued.code, at=NOW).accepted_at is None


def test_phone_that_has_an_account_must_sign_in_first(cast):
    make_user("gil", email=None, phone="+8613800138000")
    issued = invite(cast, cast.alice, phone="+8613800138000")
    with pytest.raises(AddressTaken):
        accept_invitation(code=issued.code, at=NOW, account=NEW)


def test_code_works_once(cast):
    issued = invite(cast, cast.alice, email="fay@example.test")
    accept_invitation(code=issued.code, at=NOW, account=NEW)
    with pytest.raises(InvitationNotOpen):
        accept_invitation(code=issued.code, at=NOW, by=cast.charlie)


def test_code_expires(cast):
    issued = invite(cast, cast.alice)
    with pytest.raises(InvitationNotOpen):
        open_invitation(issued.code, at=NOW + VALID_FOR)
    assert open_invitation(issued.code, at=NOW + VALID_FOR - timedelta(seconds=1))


def test_guessed_code_opens_nothing(db):
    with pytest.raises(InvitationNotOpen):
        accept_invitation(code="0000-0000-0000", at=NOW, account=NEW)


def test_code_is_stored_only_as_a_hash(cast):
    issued = invite(cast, cast.alice)
    plain = issued.code.replace("-", "")
    assert issued.invitation.code_hash == hashed_code(issued.code)
    assert plain not in issued.invitation.code_hash
    assert InvitationCode.objects.get(pk=issued.invitation.code_hash).clinic == cast.clinic


def test_revoked_code_opens_nothing_and_is_revoked_once(cast):
    issued = invite(cast, cast.alice)
    with cast.inside():
        revoke_invitation(by=cast.alice, at=NOW, invitation_id=issued.invitation.pk)
        with pytest.raises(Conflict):
            revoke_invitation(by=cast.alice, at=NOW, invitation_id=issued.invitation.pk)
    with pytest.raises(InvitationNotOpen):
        open_invitation(issued.code, at=NOW)


def test_stranger_cannot_revoke(cast):
    issued = invite(cast, cast.alice)
    with cast.inside(), pytest.raises(NotVisible):
        revoke_invitation(by=cast.charlie, at=NOW, invitation_id=issued.invitation.pk)
    with cast.inside(), pytest.raises(NotVisible):
        revoke_invitation(by=cast.alice, at=NOW, invitation_id=uuid4())


def test_who_does_not_manage_invites_nobody(cast):
    with pytest.raises(NotAllowed):
        invite(cast, cast.bob)
    with pytest.raises(NotVisible):
        invite(cast, cast.charlie)


def test_nobody_passes_on_a_right_they_do_not_hold(cast):
    make_helper(cast.patient, cast.charlie, role="guardian", scopes=["see_sessions", "manage"])
    with pytest.raises(NotAllowed) as refusal:
        invite(cast, cast.charlie, scopes=["see_diet"])
    assert refusal.value.code == "right_not_held"
    assert invite(cast, cast.charlie, scopes=["see_sessions"])


def test_only_the_clinic_names_a_clinician(cast):
    with pytest.raises(NotAllowed):
        invite(cast, cast.alice, invited_as="clinician")
    assert invite(cast, cast.dana, invited_as="clinician")
    assert invite(cast, cast.erin, invited_as="clinician", scopes=["see_conditions"])


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"invited_as": "coordinator"}, "invited_as"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["fly"]}, "scopes"),
        ({"email": "no address"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"language": "fr"}, "language"),
    ],
)
def test_invitation_that_cannot_be_right_names_the_field(cast, facts, field):
    with pytest.raises(Invalid) as refusal:
        invite(cast, cast.alice, **facts)
    assert refusal.value.field == field


def test_patient_without_an_account_is_invited_to_one(cast):
    with cast.inside():
        issued = invite_to_patient(
            by=cast.erin, at=NOW, patient_id=cast.charlies_patient.pk, invited_as="patient",
            email="carol@example.test",
        )  # fmt: skip
    carol = accept_invitation(code=issued.code, at=NOW, account=NEW).user
    with cast.inside():
        assert Patient.objects.get(pk=cast.charlies_patient.pk).user == carol


def test_patient_has_one_account_only(cast):
    with pytest.raises(Conflict):
        invite(cast, cast.dana, invited_as="patient")


def test_second_code_for_a_patient_s_account_comes_too_late(cast):
    with cast.inside():
        first, second = (
            invite_to_patient(
                by=cast.erin, at=NOW, patient_id=cast.charlies_patient.pk, invited_as="patient"
            )
            for _ in range(2)
        )
    accept_invitation(code=first.code, at=NOW, by=make_user("carol"))
    with pytest.raises(Conflict):
        accept_invitation(code=second.code, at=NOW, by=make_user("gil"))


def test_patient_s_account_cannot_become_another_patient_s(cast):
    with cast.inside():
        issued = invite_to_patient(
            by=cast.erin, at=NOW, patient_id=cast.charlies_patient.pk, invited_as="patient"
        )
    with pytest.raises(Conflict):
        accept_invitation(code=issued.code, at=NOW, by=cast.alice)


def test_helper_cannot_accept_to_help_twice(cast):
    issued = invite(cast, cast.alice)
    with pytest.raises(Conflict):
        accept_invitation(code=issued.code, at=NOW, by=cast.bob)


def test_coordinator_invites_a_practitioner(cast):
    with cast.inside():
        issued = invite_staff(
            by=cast.erin, at=NOW, clinic_id=cast.clinic.pk, email="gil@example.test",
            title="Nurse",
        )  # fmt: skip
    gil = accept_invitation(code=issued.code, at=NOW, account=NEW).user
    with cast.inside():
        post = Practitioner.objects.get(user=gil)
        assert (post.title, post.is_coordinator, post.starts_at) == ("Nurse", False, NOW)
        with pytest.raises(NotAllowed):
            invite_staff(by=gil, at=NOW, clinic_id=cast.clinic.pk)
        with pytest.raises(Invalid):
            invite_staff(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk, invited_as="aide")
        again = invite_staff(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk)
    with pytest.raises(Conflict):
        accept_invitation(code=again.code, at=NOW, by=gil)


def test_new_account_needs_an_address_a_name_and_a_strong_password(cast):
    issued = invite(cast, cast.alice)
    for account, field in [
        (NewAccount(password=PASSWORD, name="Fay"), "email"),
        (NewAccount(password=PASSWORD, email="fay@example.test"), "name"),
        (NewAccount(password="12345", name="Fay", email="fay@example.test"), "password"),
    ]:
        with pytest.raises(Invalid) as refusal:
            accept_invitation(code=issued.code, at=NOW, account=account)
        fields = {refusal.value.field, *(error.field for error in refusal.value.errors)}
        assert field in fields
    assert not User.objects.filter(email="fay@example.test").exists()


def test_accepting_needs_exactly_one_account(cast):
    issued = invite(cast, cast.alice)
    with pytest.raises(ValueError, match="either"):
        accept_invitation(code=issued.code, at=NOW)


def test_invitations_of_a_clinic_stay_behind_its_wall(cast):
    invite(cast, cast.alice)
    with within_clinics([cast.other_clinic.pk]):
        assert not Invitation.objects.exists()
