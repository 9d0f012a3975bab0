"""The HTTP doors about people: what each answers, and to whom."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from patients.actions.attempts import MOST
from patients.models import AuditEvent, Clinic, Patient
from tests.people import PASSWORD, make_clinic, make_patient, make_post, phone_of


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


def patient_url(cast, rest=""):
    return f"/api/v1/patients/{cast.patient.pk}{rest}"


def test_me_lists_posts_and_patients_with_scopes(cast):
    assert phone_of(cast.bob).get("/api/v1/me").json() == {
        "id": str(cast.bob.pk),
        "name": "Bob",
        "email": "bob@example.test",
        "phone": None,
        "language": "en",
        "unreached": False,
        "roles": [],
        "patients": [
            {
                "id": str(cast.patient.pk),
                "name": "Alice",
                "clinic": str(cast.clinic.pk),
                "is_me": False,
                "scopes": ["log_sessions", "receive_alerts", "see_sessions"],
            }
        ],
    }
    alice = phone_of(cast.alice).get("/api/v1/me").json()
    assert alice["patients"][0]["is_me"]
    assert len(alice["patients"][0]["scopes"]) == 6
    erin = phone_of(cast.erin).get("/api/v1/me").json()
    assert [role["role"] for role in erin["roles"]] == ["coordinator"]


def test_account_changes_its_language(cast):
    answer = phone_of(cast.bob).patch("/api/v1/me", {"language": "zh-Hans"})
    assert answer.json()["language"] == "zh-Hans"
    refused = phone_of(cast.bob).patch("/api/v1/me", {"language": "fr"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "language")


def test_patients_are_listed_by_name_in_pages(cast):
    for number in range(51):
        make_patient(cast.clinic, f"Zoe {number:02}")
    client = phone_of(cast.erin)
    first = client.get("/api/v1/patients").json()
    assert [len(first["results"]), first["previous"]] == [50, None]
    assert first["results"][0]["name"] == "Alice"
    assert first["results"][0]["scopes"] == ["manage", "see_sessions"]
    second = client.get(first["next"]).json()
    assert [row["name"] for row in second["results"]] == ["Zoe 48", "Zoe 49", "Zoe 50"]


def test_listing_patients_takes_the_same_statements_for_one_and_for_many(
    cast, django_assert_max_num_queries
):
    client = phone_of(cast.erin)
    for number in range(20):
        make_patient(cast.clinic, f"Zoe {number:02}")
    client.get("/api/v1/patients")
    # Token, savepoint and wall, authority, page, wall and savepoint.
    with django_assert_max_num_queries(7):
        client.get("/api/v1/patients")


def test_practitioner_registers_a_patient(cast):
    answer = phone_of(cast.dana).post("/api/v1/patients", {"name": "Fay"})
    assert answer.status_code == 201
    assert answer.json()["clinic"] == str(cast.clinic.pk)
    assert "see_conditions" in answer.json()["scopes"]


def test_who_works_in_two_clinics_names_the_clinic(cast):
    second = make_clinic("Lakeside")
    make_post(second, cast.dana)
    client = phone_of(cast.dana)
    refused = client.post("/api/v1/patients", {"name": "Fay"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "clinic")
    answer = client.post("/api/v1/patients", {"name": "Fay", "clinic": str(second.pk)})
    assert answer.json()["clinic"] == str(second.pk)


def test_caregiver_cannot_register_patients(cast):
    assert phone_of(cast.bob).post("/api/v1/patients", {"name": "Fay"}).status_code == 422
    body = {"name": "Fay", "clinic": str(cast.clinic.pk)}
    assert phone_of(cast.bob).post("/api/v1/patients", body).status_code == 404


def test_birth_date_and_record_number_are_for_those_who_manage(cast):
    phone_of(cast.dana).patch(patient_url(cast), {"birth_date": "1958-03-02", "record_number": "7"})
    seen = phone_of(cast.dana).get(patient_url(cast)).json()
    assert (seen["birth_date"], seen["record_number"]) == ("1958-03-02", "7")
    seen = phone_of(cast.bob).get(patient_url(cast)).json()
    assert (seen["birth_date"], seen["record_number"]) == (None, None)


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [("alice", 200, 200), ("bob", 200, 403), ("dana", 200, 200), ("erin", 200, 200),
     ("charlie", 404, 404), ("olga", 404, 404)],
)  # fmt: skip
def test_who_may_read_and_change_a_patient(cast, who, read, write):
    client = phone_of(getattr(cast, who))
    assert client.get(patient_url(cast)).status_code == read
    assert client.patch(patient_url(cast), {"name": "Alicia"}).status_code == write


def test_alice_reads_who_looked_at_her_record(cast):
    for _ in range(2):
        phone_of(cast.bob).get(patient_url(cast))
    answer = phone_of(cast.alice).get(patient_url(cast, "/audit")).json()
    kinds = [(row["kind"], row["actor_name"]) for row in answer["results"]]
    assert sorted(kinds) == [("read.audit", "Alice"), ("read.patient", "Bob")]
    assert phone_of(cast.bob).get(patient_url(cast, "/audit")).status_code == 403


def test_audit_of_a_clinic_stays_there(cast):
    phone_of(cast.bob).get(patient_url(cast))
    with cast.inside():
        assert AuditEvent.objects.visible_to(cast.charlie, at=timezone.now()).count() == 0


def test_helpers_are_listed_begun_and_ended(cast):
    alice, url = phone_of(cast.alice), patient_url(cast, "/care-relationships")
    body = {"user": str(cast.charlie.pk), "role": "aide", "scopes": ["see_sessions"]}
    begun = alice.post(url, body)
    assert begun.status_code == 201
    assert {row["name"] for row in alice.get(url).json()} == {"Bob", "Dana", "Charlie"}
    assert {row["name"] for row in phone_of(cast.bob).get(url).json()} == {"Bob"}
    ended = alice.post(f"{url}/{begun.json()['id']}/end")
    assert ended.json()["ended_by"] == str(cast.alice.pk)
    again = alice.post(f"{url}/{begun.json()['id']}/end")
    assert (again.status_code, again.json()["code"]) == (409, "already_ended")


def test_invitation_is_sent_and_accepted_by_a_new_account(cast):
    body = {
        "patient": str(cast.patient.pk), "invited_as": "caregiver", "scopes": ["see_sessions"],
        "email": "fay@example.test", "language": "en",
    }  # fmt: skip
    issued = phone_of(cast.alice).post("/api/v1/invitations", body)
    assert issued.status_code == 201
    assert issued.json()["sent"]
    [letter] = mail.outbox
    assert letter.to == ["fay@example.test"]
    assert issued.json()["code"] in letter.body
    assert "Alice" not in letter.body
    accepted = APIClient().post(
        "/api/v1/invitations/accept",
        {"code": issued.json()["code"], "password": PASSWORD, "name": "Fay"},
    )
    assert accepted.status_code == 201, accepted.content
    assert accepted.json()["patient"] == str(cast.patient.pk)
    assert accepted.json()["invited_as"] == "caregiver"


def test_invitation_by_hand_is_accepted_by_an_account_that_is_signed_in(cast):
    body = {"patient": str(cast.patient.pk), "invited_as": "aide", "scopes": ["see_sessions"]}
    issued = phone_of(cast.alice).post("/api/v1/invitations", body).json()
    assert not issued["sent"]
    answer = phone_of(cast.charlie).post("/api/v1/invitations/accept", {"code": issued["code"]})
    assert answer.json()["user"] == str(cast.charlie.pk)


def test_coordinator_invites_staff_and_revokes(cast):
    erin = phone_of(cast.erin)
    body = {"clinic": str(cast.clinic.pk), "invited_as": "practitioner", "title": "Nurse"}
    issued = erin.post("/api/v1/invitations", body).json()
    assert phone_of(cast.dana).post("/api/v1/invitations", body).status_code == 403
    assert erin.post(f"/api/v1/invitations/{issued['id']}/revoke").status_code == 204
    answer = phone_of(cast.charlie).post("/api/v1/invitations/accept", {"code": issued["code"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "invitation_not_open")


def test_invitation_names_a_patient_or_a_clinic(cast):
    answer = phone_of(cast.erin).post("/api/v1/invitations", {"invited_as": "practitioner"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "patient")


def test_new_account_needs_a_password_and_a_weak_one_says_why(cast):
    body = {"patient": str(cast.patient.pk), "invited_as": "aide", "scopes": ["see_sessions"]}
    code = phone_of(cast.alice).post("/api/v1/invitations", body).json()["code"]
    accept = "/api/v1/invitations/accept"
    answer = APIClient().post(accept, {"code": code})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "password")
    weak = {"code": code, "password": "12345", "name": "Fay", "email": "fay@example.test"}
    answer = APIClient().post(accept, weak)
    assert answer.json()["code"] == "weak_password"
    assert {error["field"] for error in answer.json()["errors"]} == {"password"}


def test_guessing_codes_ends_with_429(db):
    answers = [
        APIClient().post("/api/v1/invitations/accept", {"code": "0000", "password": "x"})
        for _ in range(MOST + 1)
    ]
    assert {answer.status_code for answer in answers[:-1]} == {404}
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_contact_points_are_added_listed_and_removed(cast):
    bob, url = phone_of(cast.bob), "/api/v1/me/contact-points"
    added = bob.post(url, {"channel": "email", "address": "bob@work.test"})
    assert (added.status_code, added.json()["verified_at"]) == (201, None)
    assert mail.outbox[0].to == ["bob@work.test"]
    assert {row["address"] for row in bob.get(url).json()} == {
        "bob@example.test",
        "bob@work.test",
    }
    assert phone_of(cast.charlie).delete(f"{url}/{added.json()['id']}").status_code == 404
    assert bob.delete(f"{url}/{added.json()['id']}").status_code == 204
    assert len(bob.get(url).json()) == 1


def test_preferences_have_defaults_and_are_set(cast):
    bob, url = phone_of(cast.bob), "/api/v1/me/notification-preferences"
    assert bob.get(url).json()["daily_budget"] == 6
    wanted = {
        "quiet_from": "22:00:00", "quiet_until": "07:00:00", "zone": "Europe/London",
        "daily_budget": 3, "may_wake": True,
    }  # fmt: skip
    assert bob.put(url, wanted).json() == wanted
    assert bob.get(url).json() == wanted
    half = bob.put(url, {**wanted, "quiet_until": None})
    assert (half.status_code, half.json()["errors"][0]["field"]) == (422, "quiet_until")


def test_consents_are_recorded_and_the_standing_ones_listed(cast):
    alice, url = phone_of(cast.alice), patient_url(cast, "/consents")
    for decision in ("granted", "withdrawn"):
        assert alice.post(url, {"purpose": "sharing", "decision": decision}).status_code == 201
    assert [row["decision"] for row in alice.get(url).json()] == ["withdrawn"]
    assert phone_of(cast.bob).get(url).status_code == 403


def test_clinic_is_read_by_its_people_and_edited_by_its_coordinator(cast):
    url = f"/api/v1/clinics/{cast.clinic.pk}"
    for who in ("alice", "bob", "dana", "erin"):
        assert phone_of(getattr(cast, who)).get(url).status_code == 200
    assert phone_of(cast.olga).get(url).status_code == 404
    assert phone_of(cast.dana).patch(url, {"unattended": True}).status_code == 403
    assert phone_of(cast.erin).patch(url, {"unattended": True}).json()["unattended"]
    assert Clinic.objects.get(pk=cast.clinic.pk).unattended


def test_rota_is_read_by_staff_and_replaced_by_the_coordinator(cast):
    url = f"/api/v1/clinics/{cast.clinic.pk}/duty-rota"
    assert len(phone_of(cast.dana).get(url).json()) == 7
    assert phone_of(cast.bob).get(url).status_code == 404
    shift = {
        "weekday": 0, "starts": "09:00", "ends": "12:00",
        "practitioner": str(cast.danas_post.pk),
    }  # fmt: skip
    [saved] = phone_of(cast.erin).put(url, {"shifts": [shift]}).json()
    assert (saved["practitioner_name"], saved["deputy_name"]) == ("Dana", None)


def test_staff_see_each_other_and_the_coordinator_ends_posts(cast):
    url = f"/api/v1/clinics/{cast.clinic.pk}/practitioners"
    assert [row["name"] for row in phone_of(cast.dana).get(url).json()] == ["Dana", "Erin"]
    end = f"{url}/{cast.danas_post.pk}/end"
    assert phone_of(cast.dana).post(end).status_code == 403
    assert phone_of(cast.erin).post(end).json()["ended_at"]
    assert phone_of(cast.dana).get(patient_url(cast)).status_code == 404


def test_refused_writing_leaves_nothing(cast):
    body = {"name": "Fay", "zone": "Mars/Olympus"}
    assert phone_of(cast.dana).post("/api/v1/patients", body).status_code == 422
    with cast.inside():
        assert not Patient.objects.filter(name="Fay").exists()


def test_body_that_is_no_json_is_400(cast):
    answer = phone_of(cast.dana).post("/api/v1/patients", "{", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
