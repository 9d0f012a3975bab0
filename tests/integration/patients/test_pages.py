"""The pages about accounts and people: real forms that work without script."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from patients.actions.attempts import MOST
from patients.actions.invitations import invite_to_patient
from patients.channels import letters
from patients.models import Clinic, ContactPoint, Patient, User
from tests.people import PASSWORD, browser_of, make_post


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


def invite(cast, **facts):
    with cast.inside():
        return invite_to_patient(
            by=cast.alice, at=timezone.now(), patient_id=cast.patient.pk,
            invited_as="caregiver", scopes=["see_sessions"], language="en", **facts,
        )  # fmt: skip


def text(answer):
    return answer.content.decode()


def test_new_helper_enters_the_code_and_opens_an_account(cast):
    code, browser = invite(cast).code, Client(headers={"Accept-Language": "en"})
    assert "Invitation code" in text(browser.get("/invitation/"))
    opened = browser.post("/invitation/", {"code": code})
    assert "Riverside invites you as caregiver." in text(opened)
    form = {
        "code": code, "accept": "1", "name": "Fay", "email": "fay@example.test",
        "password": PASSWORD, "language": "en",
    }  # fmt: skip
    answer = browser.post("/invitation/", form)
    assert answer.status_code == 302, text(answer)
    assert browser.get("/account/").status_code == 200
    assert User.objects.get(email="fay@example.test").clinic_ids == [cast.clinic.pk]


def test_addressed_invitation_asks_for_no_address(cast):
    issued = invite(cast, email="fay@example.test", name="Fay")
    opened = text(Client().post("/invitation/", {"code": issued.code}))
    assert 'name="email"' not in opened
    assert 'value="Fay"' in opened


def test_weak_password_is_said_at_its_field(cast):
    form = {
        "code": invite(cast).code, "accept": "1", "name": "Fay", "email": "fay@example.test",
        "password": "12345", "language": "en",
    }  # fmt: skip
    answer = Client().post("/invitation/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors["password"]


def test_form_without_a_name_is_shown_again(cast):
    form = {"code": invite(cast).code, "accept": "1"}
    assert "name" in Client().post("/invitation/", form).context["form"].errors


def test_helper_who_is_signed_in_accepts_with_one_button(cast):
    code, charlie = invite(cast).code, browser_of(cast.charlie)
    assert "You accept as Charlie." in text(
        charlie.post("/invitation/", {"code": code}, headers={"Accept-Language": "en"})
    )
    assert charlie.post("/invitation/", {"code": code, "accept": "1"}).status_code == 302
    with cast.inside():
        assert Patient.objects.visible_to(cast.charlie).count() == 2


def test_false_code_is_said_at_its_field(db):
    answer = Client().post("/invitation/", {"code": "0000-0000-0000"})
    assert answer.status_code == 404
    assert answer.context["form"].errors
    assert Client().post("/invitation/", {}).context["form"].errors["code"]


def test_guessing_codes_on_the_page_ends_with_429(db):
    for _ in range(MOST):
        Client().post("/invitation/", {"code": "0000"})
    assert Client().post("/invitation/", {"code": "0000"}).status_code == 429


def test_account_page_shows_who_can_see_alice_and_ends_it(cast):
    alice = browser_of(cast.alice)
    page = text(alice.get("/account/"))
    assert "Bob" in page
    assert "Dana" in page
    end = f"/patients/{cast.patient.pk}/helpers/{cast.bobs_relationship.pk}/end/"
    assert alice.post(end).url == "/account/"
    assert "Bob" not in text(alice.get("/account/"))
    assert alice.post(end, follow=True).status_code == 200


def test_bob_leaves_on_his_account_page(cast):
    bob = browser_of(cast.bob)
    assert "Alice" in text(bob.get("/account/"))
    end = f"/patients/{cast.patient.pk}/helpers/{cast.bobs_relationship.pk}/end/"
    assert bob.post(end).url == "/account/"
    assert "Alice" not in text(bob.get("/account/"))


def test_name_and_language_are_saved_and_the_pages_follow(cast):
    bob = browser_of(cast.bob)
    answer = bob.post("/account/profile/", {"name": "Bobby", "language": "zh-Hans"})
    assert answer.cookies["django_language"].value == "zh-hans"
    assert 'lang="zh-hans"' in text(bob.get("/account/"))
    assert bob.post("/account/profile/", {"name": ""}).status_code == 422


def test_typed_address_is_confirmed_by_pressing_the_button_in_the_letter(cast):
    bob = browser_of(cast.bob)
    bob.post("/account/contact-points/", {"channel": "email", "address": "bob@work.test"})
    [letter] = mail.outbox
    path = re.search(r"/account/confirm/\S+", letter.body).group()
    point = ContactPoint.objects.get(address="bob@work.test")
    assert bob.get(path).status_code == 200
    point.refresh_from_db()
    assert point.verified_at is None
    Client().post(path)
    point.refresh_from_db()
    assert point.verified_at is not None


def test_false_confirmation_link_confirms_nothing(db):
    answer = Client().post("/account/confirm/false/")
    assert answer.status_code == 200
    assert '<form method="post">' not in text(answer)


def test_wrong_address_is_said_at_its_field_and_a_contact_point_is_removed(cast):
    bob = browser_of(cast.bob)
    for body in ({"channel": "sms", "address": "12"}, {"channel": "sms"}):
        answer = bob.post("/account/contact-points/", body)
        assert answer.status_code == 422
        assert answer.context["contact_form"].errors["address"]
    point = ContactPoint.objects.get(user=cast.bob)
    assert bob.post(f"/account/contact-points/{point.pk}/remove/").status_code == 302
    assert not ContactPoint.objects.of(cast.bob).in_use().exists()


def test_quiet_hours_are_saved_or_said_what_is_missing(cast):
    bob = browser_of(cast.bob)
    form = {"quiet_from": "22:00", "quiet_until": "07:00", "zone": "Asia/Shanghai",
            "daily_budget": "4"}  # fmt: skip
    assert bob.post("/account/quiet-hours/", form).status_code == 302
    assert 'value="22:00"' in text(bob.get("/account/"))
    assert bob.post("/account/quiet-hours/", {**form, "quiet_from": ""}).status_code == 422
    assert bob.post("/account/quiet-hours/", {**form, "daily_budget": "x"}).status_code == 422


def test_dana_invites_a_helper_and_reads_the_code_once(cast):
    dana, url = browser_of(cast.dana), f"/patients/{cast.patient.pk}/helpers/"
    assert dana.get(url).status_code == 200
    form = {"invited_as": "aide", "scopes": ["see_sessions"], "name": "", "email": ""}
    answer = dana.post(url, form)
    assert answer.context["issued"].code in text(answer)
    assert answer.context["issued"].code not in text(dana.get(url))
    assert dana.post(url, {**form, "scopes": []}).status_code == 422
    assert dana.post(url, {**form, "email": "x"}).status_code == 422
    end = f"{url}{cast.bobs_relationship.pk}/end/"
    assert dana.post(end).url == url


def test_only_who_manages_reaches_the_helpers_page(cast):
    url = f"/patients/{cast.patient.pk}/helpers/"
    assert browser_of(cast.bob).get(url).status_code == 403
    assert browser_of(cast.charlie).get(url).status_code == 404
    assert Client().get(url).url.startswith("/accounts/login/")


def test_dana_registers_a_patient_on_a_page(cast):
    dana = browser_of(cast.dana)
    assert dana.get("/patients/register/").status_code == 200
    form = {"clinic": str(cast.clinic.pk), "name": "Fay", "language": "en"}
    assert dana.post("/patients/register/", form).status_code == 302
    assert dana.post("/patients/register/", {**form, "zone": "Mars"}).status_code == 422
    assert browser_of(cast.bob).get("/patients/register/").status_code == 404


def test_letter_that_cannot_leave_is_said_and_fails_nothing(cast, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(letters.EmailMessage, "send", refuse)
    issued = invite(cast, email="fay@example.test")
    assert not letters.send_invitation(issued.invitation, issued.code)


def test_operator_opens_a_clinic_from_the_command_line(db, capsys):
    call_command("open_clinic", "Lakeside", "gil@example.test", zone="Asia/Urumqi")
    assert Clinic.objects.get().name == "Lakeside"
    assert "with the code" in capsys.readouterr().out
    with pytest.raises(CommandError, match="zone"):
        call_command("open_clinic", "Lakeside", "gil@example.test", zone="Mars")


def test_admin_shows_people_and_changes_nothing(cast):
    cast.erin.is_staff = cast.erin.is_superuser = True
    cast.erin.save()
    make_post(cast.other_clinic, cast.erin)
    browser = browser_of(cast.erin)
    for model in ("user", "clinic", "usersession"):
        assert browser.get(f"/admin/patients/{model}/").status_code == 200
        assert browser.get(f"/admin/patients/{model}/add/").status_code == 403
    assert browser.post(f"/admin/patients/user/{cast.bob.pk}/change/").status_code == 403
