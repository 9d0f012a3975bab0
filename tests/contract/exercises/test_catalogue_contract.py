"""Every answer of the catalogue is as docs/openapi.yaml describes it."""

import datetime as dt

import pytest

from exercises.actions.loading import load_content
from exercises.models import Exercise, Protocol, Source
from tests.contract.client import api_client

pytestmark = pytest.mark.django_db

LISTS = ("exercises", "protocols", "sources", "conditions")


@pytest.fixture(autouse=True)
def content(db):
    load_content(by="the tests", at=dt.datetime(2026, 10, 19, 8, tzinfo=dt.UTC))


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_lists_keep_the_contract(cast, path, lang):
    answer = api_client(cast.dana).get(f"/api/v1/{path}", {"lang": lang, "limit": 200})
    assert answer.status_code == 200


def test_every_exercise_protocol_and_source_keeps_the_contract(cast):
    dana = api_client(cast.dana)
    paths = [f"exercises/{slug}" for slug in Exercise.objects.values_list("slug", flat=True)]
    paths += [f"protocols/{slug}" for slug in Protocol.objects.values_list("slug", flat=True)]
    paths += [f"sources/{key}" for key in Source.objects.values_list("pk", flat=True)]
    assert {dana.get(f"/api/v1/{path}").status_code for path in paths} == {200}


@pytest.mark.parametrize("path", LISTS)
def test_refusals_keep_the_contract(cast, path):
    assert api_client().get(f"/api/v1/{path}").status_code == 401
    assert api_client(cast.bob).get(f"/api/v1/{path}").status_code == 403
    assert api_client(cast.dana).get(f"/api/v1/{path}", {"lang": "fr"}).status_code == 422


def test_what_is_not_there_keeps_the_contract(cast):
    assert api_client(cast.dana).get("/api/v1/exercises/flying").status_code == 404
