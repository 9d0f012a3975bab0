"""Signing in: by token in one statement, by page, and what ends a session."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from patients.models import User, UserSession
from patients.models.session import SEEN_EVERY, hashed, user_behind
from patients.sessions import SessionStore
from tests.people import PASSWORD, browser_of, make_user, phone_of, token_of

LOGIN = "/_allauth/app/v1/auth/login"
ME = "/api/v1/me"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    """Attempts are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def bob(db):
    return make_user("bob", phone="+8613800138000")


def sign_in(**credentials):
    return APIClient().post(LOGIN, {"password": PASSWORD, **credentials}, format="json")


def with_token(token):
    client = APIClient()
    client.credentials(HTTP_X_SESSION_TOKEN=token)
    return client


@pytest.mark.parametrize(
    "credentials", [{"email": "Bob@example.test"}, {"phone": "+8613800138000"}]
)
def test_phone_app_signs_in_and_reads_with_its_token(bob, credentials):
    answer = sign_in(**credentials)
    assert answer.status_code == 200, answer.content
    token = answer.json()["meta"]["session_token"]
    assert with_token(token).get(ME).json()["name"] == "Bob"
    assert user_behind(token, at=timezone.now()) == bob


def test_wrong_password_gives_no_token(bob):
    answer = sign_in(email=bob.email, password="wrong")
    assert answer.status_code == 400
    assert "session_token" not in answer.json().get("meta", {})


def test_too_many_wrong_passwords_are_refused_even_with_the_right_one(bob):
    for _ in range(6):
        sign_in(email=bob.email, password="wrong")
    assert sign_in(email=bob.email).status_code in {400, 429}


def test_phone_app_signs_out(bob):
    token = sign_in(email=bob.email).json()["meta"]["session_token"]
    with_token(token).delete("/_allauth/app/v1/auth/session")
    assert with_token(token).get(ME).status_code == 401


def test_nobody_signs_up_by_themselves(db):
    body = {"email": "new@example.test", "password": PASSWORD}
    answer = APIClient().post("/_allauth/app/v1/auth/signup", body, format="json")
    assert answer.status_code == 403
    assert not User.objects.exists()


def test_token_is_recognised_by_one_statement(bob, django_assert_num_queries):
    token = token_of(bob)
    user_behind("false", at=timezone.now())
    with django_assert_num_queries(1):
        assert user_behind(token, at=timezone.now()) == bob


def test_database_keeps_no_token(bob):
    token = token_of(bob)
    row = UserSession.objects.get()
    assert row.key_hash == hashed(token)
    assert token not in f"{row.key_hash}{row.session_data}"


def test_last_seen_is_written_at_most_every_five_minutes(bob, django_assert_num_queries):
    token = token_of(bob)
    began_at = UserSession.objects.get().last_seen_at
    user_behind("false", at=began_at)
    later = began_at + SEEN_EVERY
    with django_assert_num_queries(1):
        user_behind(token, at=later)
    with django_assert_num_queries(2):
        user_behind(token, at=later + timedelta(seconds=1))
    with django_assert_num_queries(1):
        user_behind(token, at=later + timedelta(seconds=2))


def test_expired_session_is_nobodys(bob):
    token = token_of(bob)
    expires_at = UserSession.objects.get().expire_date
    assert user_behind(token, at=expires_at) is None


def test_closed_account_is_signed_out(bob):
    token = token_of(bob)
    User.objects.update(is_active=False)
    assert user_behind(token, at=timezone.now()) is None


def test_new_password_signs_other_devices_out(bob):
    token = token_of(bob)
    bob.set_password("another long password")
    bob.save()
    assert user_behind(token, at=timezone.now()) is None
    assert with_token(token).get(ME).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"X-Session-Token": "false"}])
def test_signed_out_answer_is_401_with_a_challenge(db, headers):
    answer = APIClient().get(ME, headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'X-Session-Token realm="api"'
    assert answer["Content-Type"] == "application/problem+json"


def test_token_request_writes_no_session(bob):
    client = phone_of(bob)
    before = UserSession.objects.values().get()
    answer = client.get(ME)
    assert UserSession.objects.values().get() == before
    assert not answer.cookies


def test_browser_s_cookie_needs_a_csrf_token_to_write(bob):
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(ME).status_code == 200
    answer = client.patch(ME, {"name": "Bobby"}, content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize("login", ["bob@example.test", "+86 138 0013 8000"])
def test_browser_signs_in_on_the_page_and_out_again(bob, login):
    client = Client()
    answer = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    assert client.cookies["django_language"].value == "en"
    assert client.get(ME).status_code == 200
    client.post("/accounts/logout/")
    assert client.get(ME).status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/0-x/",
        "/accounts/password/reset/key/done/",
        "/accounts/inactive/",
    ],
)
def test_sign_in_pages_are_ours(db, address):
    answer = Client().get(address)
    assert answer.status_code == 200
    assert b'id="main"' in answer.content


@pytest.mark.parametrize("address", ["/accounts/logout/", "/accounts/password/change/"])
def test_account_pages_are_ours(bob, address):
    answer = browser_of(bob).get(address)
    assert answer.status_code == 200
    assert b'id="main"' in answer.content


def test_forgotten_password_is_replaced_by_a_letter_s_link(bob):
    client = Client()
    client.post("/accounts/password/reset/", {"email": bob.email})
    [letter] = mail.outbox
    link = next(word for word in letter.body.split() if "/accounts/password/reset/key/" in word)
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    form = {"password1": "another long password", "password2": "another long password"}
    client.post(page.redirect_chain[-1][0], form)
    bob.refresh_from_db()
    assert bob.check_password("another long password")


def test_session_engine_keeps_data_and_forgets_it(db):
    store = SessionStore()
    store["language"] = "en"
    store.save()
    again = SessionStore(store.session_key)
    assert again["language"] == "en"
    assert again.exists(store.session_key)
    again.delete()
    assert SessionStore(store.session_key).get("language") is None


def test_session_that_is_gone_cannot_be_saved(db):
    store = SessionStore()
    store.create()
    UserSession.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()


def test_session_key_is_never_taken_twice(db):
    store = SessionStore()
    store.create()
    with pytest.raises(CreateError):
        store.save(must_create=True)


def test_expired_sessions_are_cleared(bob):
    token_of(bob)
    UserSession.objects.update(expire_date=timezone.now() - timedelta(days=1))
    SessionStore.clear_expired()
    assert not UserSession.objects.exists()
