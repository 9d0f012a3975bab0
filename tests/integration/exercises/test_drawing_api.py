"""GET /exercises/{slug}/drawing.svg"""

import pytest
from rest_framework.test import APIClient

from exercises import pictures
from tests.contract.client import api_client

pytestmark = pytest.mark.usefixtures("content")
KNEE = "/api/v1/exercises/prom-knee-flexion/drawing.svg"
RIDE = "/api/v1/exercises/fes-cycling/drawing.svg"


@pytest.fixture
def dana(cast):
    return api_client(cast.dana)


def test_a_practitioner_gets_a_picture_that_stands_alone(dana):
    answer = dana.get(KNEE, {"side": "left", "end_degrees": "60.5", "lang": "en"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Language"] == "en"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.content.decode() == pictures.drawing(
        motion="knee.flexion", side="left", end_degrees=60.5, language="en", standalone=True
    )


def test_it_speaks_the_language_that_was_asked_for(dana):
    assert "膝关节屈曲（右侧）" in dana.get(KNEE, {"lang": "zh-Hans"}).content.decode()


def test_stimulation_of_several_muscles_shows_one_at_a_time(dana):
    first, other = dana.get(RIDE), dana.get(RIDE, {"muscle": "hamstrings"})
    assert "Quadriceps" in first.content.decode()
    assert "Hamstrings" in other.content.decode()
    assert dana.get(RIDE, {"muscle": "deltoid"}).status_code == 404


@pytest.mark.parametrize("slug", ["turning", "skin-check", "strength-sit-to-stand", "flying"])
def test_what_has_no_drawing_is_not_there(dana, slug):
    assert dana.get(f"/api/v1/exercises/{slug}/drawing.svg").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [{"side": "up"}, {"end_degrees": "far"}, {"end_degrees": "nan"}, {"end_degrees": "1e9"}],
)
def test_a_value_that_cannot_be_is_refused(dana, asked):
    assert dana.get(KNEE, asked).status_code == 422


def test_only_practitioners_see_the_bare_catalogue_s_pictures(cast):
    assert APIClient().get(KNEE).status_code == 401
    for person in (cast.alice, cast.bob, cast.charlie):
        assert api_client(person).get(KNEE).status_code == 403
