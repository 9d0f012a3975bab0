"""Every answer of the catalogue is as docs/openapi.yaml describes it."""

import pytest

from exercises.models import Exercise, Food, Guidance, Instrument, Protocol, Recipe, Source
from tests.catalogue import loaded_catalogue
from tests.contract.client import api_client

pytestmark = pytest.mark.django_db

LISTS = (
    *("exercises", "protocols", "sources", "conditions", "guidance", "foods", "recipes"),
    *("instruments", "conflicts", "interactions", "time-windows"),
)


@pytest.fixture(scope="module", autouse=True)
def content(django_db_setup, django_db_blocker):
    with loaded_catalogue(django_db_blocker):
        yield


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_lists_keep_the_contract(cast, path, lang):
    answer = api_client(cast.dana).get(f"/api/v1/{path}", {"lang": lang, "limit": 200})
    assert answer.status_code == 200


def test_everything_in_the_catalogue_keeps_the_contract(cast):
    dana = api_client(cast.dana)
    guidance = Guidance.objects.shown_to("clinician")
    paths = [f"exercises/{slug}" for slug in Exercise.objects.values_list("slug", flat=True)]
    paths += [f"protocols/{slug}" for slug in Protocol.objects.values_list("slug", flat=True)]
    paths += [f"sources/{key}" for key in Source.objects.values_list("pk", flat=True)]
    paths += [f"guidance/{slug}" for slug in guidance.values_list("slug", flat=True)]
    paths += [f"foods/{code}" for code in Food.objects.values_list("code", flat=True)]
    paths += [f"recipes/{slug}" for slug in Recipe.objects.values_list("slug", flat=True)]
    paths += [f"instruments/{code}" for code in Instrument.objects.values_list("code", flat=True)]
    assert {dana.get(f"/api/v1/{path}").status_code for path in paths} == {200}


@pytest.mark.parametrize("path", LISTS)
def test_refusals_keep_the_contract(cast, path):
    assert api_client().get(f"/api/v1/{path}").status_code == 401
    assert api_client(cast.bob).get(f"/api/v1/{path}").status_code == 403
    assert api_client(cast.dana).get(f"/api/v1/{path}", {"lang": "fr"}).status_code == 422


def test_what_is_not_there_keeps_the_contract(cast):
    assert api_client(cast.dana).get("/api/v1/exercises/flying").status_code == 404
