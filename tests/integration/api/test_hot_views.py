"""What every hot call has in common: sign-in, CSRF, problems, nothing kept."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client

from patients.models import Patient, User, UserSession
from patients.models.session import hashed
from tests.contract.client import api_client, check
from tests.integration.api.scenes import body_of, local, of_alice, plan_for
from tests.people import BACKEND, make_cast, make_user, phone_of, token_of
from tests.plans import items_of


@pytest.fixture
def plan(cast):
    return plan_for(cast)


@pytest.fixture
def morning():
    with time_machine.travel(local(19, 9), tick=False):
        yield


def browser(user) -> Client:
    client = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, backend=BACKEND)
    return client


def test_a_browser_reads_with_its_cookie(cast, plan, morning):
    answer = browser(cast.bob).get(of_alice(cast, "today"))
    assert answer.status_code == 200
    check(answer)


def test_a_browser_writes_only_with_a_csrf_token(cast, plan, morning):
    client, address = browser(cast.bob), of_alice(cast, f"session-logs/{uuid4()}")
    body = body_of(items_of(plan)[0].series, local(19, 8, 50))
    refused = client.put(address, body, content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    client.cookies["csrftoken"] = token = "a" * 32
    accepted = client.put(address, body, content_type="application/json", HTTP_X_CSRFTOKEN=token)
    assert accepted.status_code == 201


def test_a_wrong_token_is_401_with_a_challenge(cast, plan, morning):
    client = api_client()
    client.credentials(HTTP_X_SESSION_TOKEN="nobody")
    refused = client.get(of_alice(cast, "today"))
    assert (refused.status_code, refused["WWW-Authenticate"]) == (
        401,
        'X-Session-Token realm="api"',
    )


@pytest.mark.parametrize("body", ["{", "", "[1", "\ufeff{}"])
def test_a_body_that_is_no_json_is_400(cast, plan, morning, body):
    address = of_alice(cast, f"session-logs/{uuid4()}")
    refused = api_client(cast.bob).put(address, body, content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("body", ["null", "[]", '"x"', "3", "{}"])
def test_json_that_is_no_entry_is_422(cast, plan, morning, body):
    address = of_alice(cast, f"session-logs/{uuid4()}")
    refused = api_client(cast.bob).put(address, body, content_type="application/json")
    assert refused.status_code == 422


@pytest.mark.parametrize("verb", ["options", "delete", "patch"])
def test_a_verb_that_nobody_expects_is_405(cast, plan, morning, verb):
    phone = phone_of(cast.bob)
    assert phone.generic(verb.upper(), of_alice(cast, "progress")).status_code == 405


def test_nobody_may_keep_an_answer(cast, plan, morning):
    assert api_client(cast.bob).get(of_alice(cast, "today"))["Cache-Control"] == "private, no-store"


def test_a_phone_goes_the_short_way_and_hears_what_a_browser_hears(cast, plan, morning):
    address = of_alice(cast, "today")
    phone, page = api_client(cast.bob).get(address), browser(cast.bob).get(address)
    assert not hasattr(phone.wsgi_request, "session")
    assert hasattr(page.wsgi_request, "session")
    told = {name: value for name, value in page.headers.items() if name != "Vary"}
    assert {name: value for name, value in phone.headers.items() if name != "Vary"} == told
    assert "X-Frame-Options" in told
    assert "Content-Language" in told


def test_a_token_beside_a_cookie_opens_nothing_that_the_token_does_not(cast, plan, morning):
    client = browser(cast.bob)
    body = body_of(items_of(plan)[0].series, local(19, 8, 50))
    refused = client.put(
        of_alice(cast, f"session-logs/{uuid4()}"),
        body,
        content_type="application/json",
        HTTP_X_SESSION_TOKEN="nobody",
    )
    assert refused.status_code == 401


def with_token(token):
    client = api_client()
    client.credentials(HTTP_X_SESSION_TOKEN=token)
    return client


def put(plan, cast, client, body="{"):
    address = of_alice(cast, f"session-logs/{uuid4()}")
    if body is None:
        body = body_of(items_of(plan)[0].series, local(19, 8, 50))
        return client.put(address, body, format="json")
    return client.put(address, body, content_type="application/json")


def post(plan, cast, client, body=None):
    told = body_of(items_of(plan)[0].series, local(19, 8, 50))
    entries = [{"id": str(uuid4()), "kind": "session_log", "body": told}]
    sent = json.dumps({"entries": entries}) if body is None else body
    return client.post(of_alice(cast, "entries"), sent, content_type="application/json")


TOO_MANY = json.dumps({"entries": [{}] * 201})


def changes_counted(cast):
    with cast.inside():
        return Patient.objects.get(pk=cast.patient.pk).sync_sequence


@pytest.mark.parametrize("body", [None, "{", "{}"])
def test_a_token_that_lets_nobody_in_tells_and_changes_nothing(cast, plan, morning, body):
    over, older, shut = (token_of(cast.bob) for _ in range(3))
    before = changes_counted(cast)
    UserSession.objects.filter(key_hash=hashed(over)).update(expire_date=local(18, 9))
    UserSession.objects.filter(key_hash=hashed(older)).update(auth_hash="of an older password")
    for token in ("nobody", over, older):
        refused = put(plan, cast, with_token(token), body)
        assert (refused.status_code, refused["WWW-Authenticate"]) == (
            401,
            'X-Session-Token realm="api"',
        )
        for batch in (body, TOO_MANY):
            assert post(plan, cast, with_token(token), batch).status_code == 401
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert put(plan, cast, with_token(shut), body).status_code == 401
    assert post(plan, cast, with_token(shut), body).status_code == 401
    assert changes_counted(cast) == before


def test_a_token_of_another_clinic_or_of_a_stranger_finds_nobody(cast, plan, morning):
    """The wall of a token is its account's, whoever was asked about."""
    before = changes_counted(cast)
    outsider = make_user("outsider")
    for user in (cast.charlie, outsider):
        assert put(plan, cast, api_client(user), None).status_code == 404
        assert post(plan, cast, api_client(user)).status_code == 404
    assert changes_counted(cast) == before


def test_logging_notes_when_a_session_was_last_seen(cast, plan, morning):
    token = token_of(cast.bob)
    UserSession.objects.update(last_seen_at=None)
    assert put(plan, cast, with_token(token), None).status_code == 201
    assert UserSession.objects.get(key_hash=hashed(token)).last_seen_at == local(19, 9)
    UserSession.objects.update(last_seen_at=None)
    assert post(plan, cast, with_token(token)).json()["answers"][0]["status"] == 201
    assert UserSession.objects.get(key_hash=hashed(token)).last_seen_at == local(19, 9)


def cut_off(backend_pid):
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend_pid])


def test_a_log_outlives_the_connection_that_was_kept_for_it(transactional_db):
    cast = make_cast()
    with time_machine.travel(local(19, 9), tick=False):
        plan = plan_for(cast)
        client = api_client(cast.bob)
        assert put(plan, cast, client, None).status_code == 201
        body = body_of(items_of(plan)[0].series, local(19, 8, 55))
        connection.ensure_connection()
        with ThreadPoolExecutor(1) as somebody:
            somebody.submit(cut_off, connection.connection.info.backend_pid).result()
        again = client.put(of_alice(cast, f"session-logs/{uuid4()}"), body, format="json")
        assert again.status_code == 201


def test_a_phone_tells_by_hand_what_a_device_told_before(cast, plan, morning):
    series, client = items_of(plan)[0].series, api_client(cast.bob)
    told = [
        client.put(of_alice(cast, f"session-logs/{uuid4()}"), body, format="json").json()["state"]
        for body in (
            body_of(series, local(19, 8, 50), source="device"),
            body_of(series, local(19, 8, 52), pain=2),
        )
    ]
    assert told == ["recorded", "merged"]
