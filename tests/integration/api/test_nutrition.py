"""The nutrition plan over HTTP: versions of a named person's targets, and refusals by field."""

import pytest

from tests.integration.api.scenes import get, local, of_alice, send

AT = local(19, 12)
ORDERED = {
    "set_by": "Ana Ruiz",
    "set_by_role": "Dietitian",
    "set_on": "2026-10-12",
    "weight_kg": 52,
    "weighed_on": "2026-10-10",
    "protein_g_per_kg": 0.8,
    "protein_g": 42,
    "supplements": [{"text": "Thickener", "amount": "as shown"}],
}


def put(cast, who="dana", **changes):
    address = of_alice(cast, "nutrition-plan")
    return send(getattr(cast, who), "put", address, {**ORDERED, **changes}, AT)


def test_before_anybody_set_one_there_is_none(cast):
    answer = get(cast.alice, of_alice(cast, "nutrition-plan"), AT)
    assert answer.json() == {"targets": None, "versions": []}


def test_a_new_version_is_201_and_the_same_again_200(cast):
    assert [put(cast).status_code, put(cast).status_code] == [201, 200]
    assert put(cast, protein_g=41).status_code == 201
    shown = get(cast.alice, of_alice(cast, "nutrition-plan"), AT).json()
    assert (shown["targets"]["number"], shown["targets"]["protein_g"]) == (2, 41)
    assert [each["set_by"] for each in shown["versions"]] == ["Ana Ruiz", "Ana Ruiz"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"protein_g": 70}, {"protein_g", "protein_g_per_kg", "weight_kg"}),
        ({"set_by": " "}, {"set_by"}),
        ({"weight_kg": None}, {"weight_kg"}),
        ({"fluids_ml": -1}, {"fluids_ml"}),
        ({"energy": 1500}, {"energy"}),
        ({"fluids_ml": "much"}, {"fluids_ml"}),
        ({"notes": "a\x00b"}, {"notes"}),
    ],
)
def test_a_refusal_names_its_fields(cast, changes, fields):
    answer = put(cast, **changes)
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == fields


def test_an_unusual_value_is_asked_about_and_confirmed(cast):
    unusual = {"protein_g_per_kg": 2.0, "protein_g": None}
    answer = put(cast, **unusual)
    assert (answer.status_code, answer.json()["code"]) == (422, "confirm_required")
    assert put(cast, **unusual, confirmed=["protein_g_per_kg"]).status_code == 201


@pytest.mark.parametrize(
    ("who", "status"),
    [("alice", 403), ("bob", 403), ("erin", 403), ("charlie", 404), ("olga", 404)],
)
def test_only_a_clinician_of_the_patient_sets_it(cast, who, status):
    assert put(cast, who).status_code == status


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("erin", 403), ("charlie", 404)])
def test_it_is_read_with_the_scope_for_diet(cast, who, status):
    assert get(getattr(cast, who), of_alice(cast, "nutrition-plan"), AT).status_code == status
