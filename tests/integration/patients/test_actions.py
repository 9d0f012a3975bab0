"""Relationships, patients, consent, contact points and clinics: may they, is it sound, audited."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from patients.actions.accounts import edit_account
from patients.actions.clinics import (
    DutyTurn,
    edit_clinic,
    end_post,
    open_clinic,
    set_duty_rota,
)
from patients.actions.consent import record_consent
from patients.actions.contact import (
    add_contact_point,
    retire_contact_point,
    set_notification_preferences,
    set_reminders,
    verify_contact_point,
)
from patients.actions.invitations import accept_invitation
from patients.actions.patients import edit_patient, register_patient
from patients.actions.relationships import begin_relationship, end_relationship
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.models import AuditEvent, Consent, ContactPoint, DutyShift, Patient
from patients.models.duty import duty_contact_at, has_reachable_duty
from tests.integration.channels.browser_keys import BrowserKeys, b64
from tests.people import CAREGIVER_SCOPES, make_post, make_user

# Monday, four in the afternoon in Shanghai.
NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _inside(cast):
    with cast.inside():
        yield


def audited(kind):
    return AuditEvent.objects.filter(kind=kind, at=NOW).count()


def relate(cast, by, user, **facts):
    facts = {"role": "caregiver", "scopes": CAREGIVER_SCOPES, **facts}
    return begin_relationship(by=by, at=NOW, patient_id=cast.patient.pk, user_id=user.pk, **facts)


# Relationships


def test_alice_relates_somebody_known_in_the_clinic(cast):
    relationship = relate(cast, cast.alice, cast.charlie)
    assert (relationship.starts_at, relationship.ended_at) == (NOW, None)
    assert audited("relationship.begin") == 1


def test_coordinator_gives_alice_a_second_clinician(cast):
    assert relate(cast, cast.erin, cast.erin, role="clinician", scopes=["see_conditions"])


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"role": "friend"}, "role"),
        ({"scopes": []}, "scopes"),
        ({"starts_at": NOW - DAY}, "starts_at"),
    ],
)
def test_relationship_that_cannot_be_right_names_the_field(cast, facts, field):
    with pytest.raises(Invalid) as refusal:
        relate(cast, cast.alice, cast.charlie, **facts)
    assert refusal.value.field == field


def test_somebody_unknown_in_the_clinic_is_invited_and_not_related(cast):
    with pytest.raises(Invalid) as refusal:
        relate(cast, cast.alice, cast.olga)
    assert refusal.value.code == "unknown_user"


def test_one_running_relationship_each(cast):
    with pytest.raises(Conflict):
        relate(cast, cast.alice, cast.bob)


def test_helper_relates_nobody(cast):
    with pytest.raises(NotAllowed):
        relate(cast, cast.bob, cast.charlie)
    with pytest.raises(NotVisible):
        relate(cast, cast.charlie, cast.charlie)


def end(cast, by, at=NOW):
    return end_relationship(
        by=by, at=at, patient_id=cast.patient.pk, relationship_id=cast.bobs_relationship.pk
    )


@pytest.mark.parametrize("who", ["alice", "bob", "dana", "erin"])
def test_bob_s_help_is_ended_by_who_manages_it_and_by_bob(cast, who):
    ended = end(cast, getattr(cast, who))
    assert (ended.ended_at, ended.ended_by) == (NOW, getattr(cast, who))
    assert audited("relationship.end") == 1


def test_stranger_ends_nothing(cast):
    with pytest.raises(NotVisible):
        end(cast, cast.charlie)


def test_relationship_ends_once(cast):
    end(cast, cast.alice)
    with pytest.raises(Conflict):
        end(cast, cast.alice)


def test_relationship_is_found_only_under_its_patient(cast):
    with pytest.raises(NotVisible):
        end_relationship(
            by=cast.erin, at=NOW, patient_id=cast.charlies_patient.pk,
            relationship_id=cast.bobs_relationship.pk,
        )  # fmt: skip


def test_relationship_that_has_not_begun_ends_as_it_begins(cast):
    planned = relate(cast, cast.alice, cast.charlie, starts_at=NOW + DAY)
    ended = end_relationship(
        by=cast.alice, at=NOW, patient_id=cast.patient.pk, relationship_id=planned.pk
    )
    assert ended.ended_at == NOW + DAY


# Patients


def test_dana_registers_a_patient_and_becomes_her_clinician(cast):
    patient = register_patient(by=cast.dana, at=NOW, clinic_id=cast.clinic.pk, name=" Fay ")
    assert (patient.name, patient.zone) == ("Fay", "Asia/Shanghai")
    assert Patient.objects.visible_to(cast.dana, at=NOW).filter(pk=patient.pk).exists()
    assert audited("patient.register") == 1


def test_only_a_coordinator_registers_for_others(cast):
    facts = {"at": NOW, "clinic_id": cast.clinic.pk, "name": "Fay", "becomes_clinician": False}
    assert not register_patient(by=cast.erin, **facts).care_relationships.exists()
    with pytest.raises(NotAllowed):
        register_patient(by=cast.dana, **facts)


def test_who_does_not_work_there_registers_nobody(cast):
    for stranger in (cast.bob, cast.olga):
        with pytest.raises(NotVisible):
            register_patient(by=stranger, at=NOW, clinic_id=cast.clinic.pk, name="Fay")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"language": "fr"}, "language"),
        ({"birth_date": date(2026, 10, 20)}, "birth_date"),
        ({"birth_date": date(1899, 12, 31)}, "birth_date"),
    ],
)
def test_patient_that_cannot_be_right_names_the_field(cast, facts, field):
    with pytest.raises(Invalid) as refusal:
        edit_patient(by=cast.dana, at=NOW, patient_id=cast.patient.pk, changes=facts)
    assert refusal.value.field == field


def test_record_number_is_one_patient_s(cast):
    facts = {"at": NOW, "changes": {"record_number": "7"}}
    edit_patient(by=cast.dana, patient_id=cast.patient.pk, **facts)
    edit_patient(by=cast.dana, patient_id=cast.patient.pk, **facts)
    with pytest.raises(Conflict):
        edit_patient(by=cast.erin, patient_id=cast.charlies_patient.pk, **facts)
    assert audited("patient.edit") == 2


def test_unknown_fact_about_a_patient_is_a_programming_error(cast):
    with pytest.raises(KeyError):
        edit_patient(by=cast.dana, at=NOW, patient_id=cast.patient.pk, changes={"clinic": 1})


def test_caregiver_does_not_edit_the_patient(cast):
    with pytest.raises(NotAllowed):
        edit_patient(by=cast.bob, at=NOW, patient_id=cast.patient.pk, changes={"name": "B"})


# Consent


def consent(cast, decision, by=None, purpose="reminders", at=NOW):
    return record_consent(
        by=by or cast.alice, at=at, patient_id=cast.patient.pk, purpose=purpose,
        decision=decision,
    )  # fmt: skip


def test_the_last_decision_stands_and_every_one_is_kept(cast):
    consent(cast, "granted", at=NOW - DAY)
    consent(cast, "withdrawn")
    consent(cast, "granted", purpose="sharing")
    standing = Consent.objects.filter(patient=cast.patient).standing()
    assert {row.purpose: row.decision for row in standing} == {
        "reminders": "withdrawn",
        "sharing": "granted",
    }
    assert Consent.objects.count() == 3
    assert audited("consent.withdrawn") == 1


def test_saying_the_same_again_adds_nothing(cast):
    assert consent(cast, "granted") == consent(cast, "granted")
    assert audited("consent.granted") == 1


def test_consent_is_the_patient_s_or_their_manager_s_to_give(cast):
    assert consent(cast, "granted", by=cast.dana).by == cast.dana
    with pytest.raises(NotAllowed):
        consent(cast, "granted", by=cast.bob)
    for facts in ({"purpose": "fun"}, {"decision": "maybe"}):
        with pytest.raises(Invalid):
            consent(cast, **{"decision": "granted", **facts})


# Contact points and preferences


def add(by, channel, address):
    return add_contact_point(by=by, at=NOW, channel=channel, address=address)


def test_address_the_account_signs_in_with_is_verified_and_another_is_not(cast):
    ContactPoint.objects.filter(user=cast.bob).delete()
    assert add(cast.bob, "email", "BOB@example.test").verified_at == NOW
    other = add(cast.bob, "email", "bob@work.test")
    assert other.verified_at is None
    assert verify_contact_point(
        at=NOW, contact_point_id=other.pk, address="bob@work.test"
    ).verified_at
    assert audited("contact.add") == 2


def test_adding_an_address_again_returns_the_one_there(cast):
    assert add(cast.bob, "sms", "13800138000") == add(cast.bob, "sms", "+8613800138000")


def test_device_that_subscribes_is_verified(cast):
    subscription = BrowserKeys().subscription("https://push.example.org/1")
    assert add(cast.bob, "push", subscription).verified_at == NOW


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("pigeon", "here"),
        ("email", "no address"),
        ("sms", "12"),
        ("push", "{}"),
        ("push", "[]"),
        ("push", BrowserKeys().subscription("http://push.example.org/1")),
        ("push", BrowserKeys().subscription("https://169.254.169.254/1")),
        ("webhook", "http://insecure.test"),
        ("webhook", "https://localhost/hook"),
        ("email", "a" * 2001),
    ],
)
def test_address_that_cannot_be_right_is_refused(cast, channel, address):
    with pytest.raises(Invalid):
        add(cast.bob, channel, address)


def test_webhook_address_waits_for_its_proof(cast):
    assert add(cast.bob, "webhook", "https://hook.test/x").verified_at is None


def test_webhook_gets_a_new_secret_each_time_it_is_added(cast):
    secrets = [add(cast.bob, "webhook", "https://hook.test/x").secret for _ in range(2)]
    assert len(set(secrets)) == 2
    assert ContactPoint.objects.get(user=cast.bob, channel="webhook").secret == secrets[1]


def test_device_that_changes_hands_speaks_to_nobody_else(cast):
    subscription = BrowserKeys().subscription("https://push.example.org/1")
    alices = add(cast.alice, "push", subscription)
    add(cast.bob, "push", subscription)
    alices.refresh_from_db()
    assert (alices.retired_at, alices.retired_reason) == (NOW, "device_changed_hands")
    assert ContactPoint.objects.of(cast.bob).verified().filter(channel="push").exists()


def test_nobody_collects_addresses_without_end(cast):
    for place in range(19):
        add(cast.bob, "email", f"bob{place}@work.test")
    with pytest.raises(Invalid, match="too many"):
        add(cast.bob, "email", "one-more@work.test")


@pytest.mark.parametrize(
    ("channel", "name"), [("push", "VAPID_PRIVATE_KEY"), ("sms", "SMS_GATEWAY_URL")]
)
def test_channel_that_is_not_set_up_takes_no_address(cast, settings, channel, name):
    setattr(settings, name, "")
    with pytest.raises(Invalid) as refused:
        add(cast.bob, channel, "13800138000")
    assert refused.value.code == "channel_not_set_up"


def test_reminders_stop_at_one_address_and_begin_again(cast):
    point = ContactPoint.objects.get(user=cast.bob)
    for wanted, expected in ((False, NOW), (False, NOW), (True, None), (True, None)):
        set_reminders(at=NOW, contact_point_id=point.pk, wanted=wanted)
        point.refresh_from_db()
        assert point.reminders_off_at == expected
    assert (audited("contact.reminders_off"), audited("contact.reminders_on")) == (1, 1)


def test_address_of_a_device_is_shown_without_its_keys(cast):
    keys = BrowserKeys()
    point = add(cast.bob, "push", keys.subscription("https://push.example.org/1"))
    assert point.shown_address == "https://push.example.org/1"
    assert b64(keys.auth) not in str(point)


def test_retired_address_stays_with_its_reason(cast):
    point = ContactPoint.objects.get(user=cast.bob)
    retire_contact_point(by=cast.bob, at=NOW, contact_point_id=point.pk, reason="bounced")
    point.refresh_from_db()
    assert (point.retired_at, point.retired_reason) == (NOW, "bounced")
    assert not ContactPoint.objects.of(cast.bob).verified().exists()
    with pytest.raises(NotVisible):
        retire_contact_point(by=cast.bob, at=NOW, contact_point_id=point.pk)
    with pytest.raises(NotVisible):
        verify_contact_point(at=NOW, contact_point_id=point.pk, address=point.address)


def test_nobody_retires_another_s_address(cast):
    point = ContactPoint.objects.get(user=cast.bob)
    with pytest.raises(NotVisible):
        retire_contact_point(by=cast.charlie, at=NOW, contact_point_id=point.pk)


def prefer(by, **facts):
    facts = {"quiet_from": time(22), "quiet_until": time(7), "zone": "Asia/Shanghai", **facts}
    return set_notification_preferences(by=by, at=NOW, **facts)


def test_preferences_are_set_and_set_again(cast):
    prefer(cast.bob)
    again = prefer(cast.bob, quiet_from=None, quiet_until=None, daily_budget=0, may_wake=True)
    assert (again.quiet_from, again.daily_budget, again.may_wake) == (None, 0, True)
    assert audited("preferences.set") == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"quiet_from": None}, "quiet_from"),
        ({"quiet_until": None}, "quiet_until"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"daily_budget": -1}, "daily_budget"),
    ],
)
def test_preferences_that_cannot_be_right_name_the_field(cast, facts, field):
    with pytest.raises(Invalid) as refusal:
        prefer(cast.bob, **facts)
    assert refusal.value.field == field


def test_account_changes_its_own_name_and_language(cast):
    user = edit_account(by=cast.bob, name=" Bobby ", language="zh-Hans")
    user.refresh_from_db()
    assert (user.name, user.language) == ("Bobby", "zh-Hans")


# Clinics and duty


def test_operator_opens_a_clinic_whose_coordinator_signs_up(cast):
    from patients.actions.accounts import NewAccount
    from tests.people import PASSWORD

    issued = open_clinic(
        name="Lakeside", zone="Asia/Urumqi", coordinator_email="gil@example.test", at=NOW
    )
    account = NewAccount(password=PASSWORD, name="Gil")
    gil = accept_invitation(code=issued.code, at=NOW, account=account).user
    assert gil.is_coordinator(NOW)


def test_coordinator_edits_the_clinic(cast):
    changes = {"hours": {"mon": [["08:00", "17:30"]]}, "unattended": True}
    clinic = edit_clinic(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk, changes=changes)
    clinic.refresh_from_db()
    assert clinic.unattended
    assert audited("clinic.edit") == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"emergency_number": " "}, "emergency_number"),
        ({"hours": {"mon": "always"}}, "hours"),
    ],
)
def test_clinic_that_cannot_be_right_names_the_field(cast, changes, field):
    with pytest.raises(Invalid) as refusal:
        edit_clinic(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk, changes=changes)
    assert refusal.value.field == field


def test_only_a_coordinator_edits_the_clinic(cast):
    with pytest.raises(NotAllowed):
        edit_clinic(by=cast.dana, at=NOW, clinic_id=cast.clinic.pk, changes={})
    with pytest.raises(NotVisible):
        edit_clinic(by=cast.olga, at=NOW, clinic_id=cast.clinic.pk, changes={})
    with pytest.raises(KeyError):
        edit_clinic(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk, changes={"id": 1})


def test_rota_is_replaced_as_a_whole(cast):
    turn = DutyTurn(0, time(9), time(12), cast.erins_post.pk, cast.danas_post.pk)
    [shift] = set_duty_rota(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk, turns=[turn])
    assert shift.practitioner.user == cast.erin
    assert DutyShift.objects.count() == 1
    assert audited("clinic.rota") == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"weekday": 7}, "shifts.0.weekday"),
        ({"ends": time(9)}, "shifts.0.ends"),
        ({"deputy_id": "same"}, "shifts.0.deputy"),
        ({"practitioner_id": uuid4()}, "shifts.0.practitioner"),
        ({"deputy_id": uuid4()}, "shifts.0.deputy"),
    ],
)
def test_rota_that_cannot_be_right_names_the_shift(cast, change, field):
    facts = {
        "weekday": 0, "starts": time(9), "ends": time(12), "practitioner_id": cast.danas_post.pk,
        **change,
    }  # fmt: skip
    if facts.get("deputy_id") == "same":
        facts["deputy_id"] = cast.danas_post.pk
    with pytest.raises(Invalid) as refusal:
        set_duty_rota(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk, turns=[DutyTurn(**facts)])
    assert refusal.value.field == field


def test_dana_is_on_duty_with_erin_as_deputy(cast):
    contact = duty_contact_at(cast.clinic, NOW)
    assert (contact.practitioner.user, contact.deputy.user) == (cast.dana, cast.erin)


def test_nobody_is_on_duty_at_night_or_on_a_holiday(cast):
    assert duty_contact_at(cast.clinic, NOW + timedelta(hours=6)) is None
    cast.clinic.holidays = [date(2026, 10, 19)]
    assert duty_contact_at(cast.clinic, NOW) is None


def test_deputy_answers_when_the_first_has_left(cast):
    end_post(by=cast.erin, at=NOW, clinic_id=cast.clinic.pk, practitioner_id=cast.danas_post.pk)
    contact = duty_contact_at(cast.clinic, NOW)
    assert (contact.practitioner.user, contact.deputy) == (cast.erin, None)
    assert not has_reachable_duty(cast.clinic, at=NOW)
    assert not Patient.objects.visible_to(cast.dana, at=NOW).exists()


def test_post_ends_once_and_only_in_its_own_clinic(cast):
    facts = {"by": cast.erin, "at": NOW, "clinic_id": cast.clinic.pk}
    with pytest.raises(NotVisible):
        end_post(practitioner_id=uuid4(), **facts)
    end_post(practitioner_id=cast.danas_post.pk, **facts)
    with pytest.raises(Conflict):
        end_post(practitioner_id=cast.danas_post.pk, **facts)


def test_duty_is_reachable_with_a_deputy_and_verified_addresses(cast):
    assert has_reachable_duty(cast.clinic, at=NOW)
    DutyShift.objects.update(deputy=None)
    assert not has_reachable_duty(cast.clinic, at=NOW)


def test_duty_without_a_verified_address_reaches_nobody(cast):
    ContactPoint.objects.filter(user=cast.erin).update(verified_at=None)
    assert not has_reachable_duty(cast.clinic, at=NOW)


def test_closed_account_reaches_nobody(cast):
    cast.dana.is_active = False
    cast.dana.save()
    assert not has_reachable_duty(cast.clinic, at=NOW)


def test_post_in_the_clinic_opens_its_wall_for_good(cast):
    gil = make_user("gil")
    make_post(cast.clinic, gil)
    gil.refresh_from_db()
    gil.enter_clinics([cast.clinic.pk])
    assert gil.clinic_ids == [cast.clinic.pk]
