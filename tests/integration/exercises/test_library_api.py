import pytest

from exercises.models import Guidance, Instrument
from tests.people import phone_of

pytestmark = pytest.mark.usefixtures("content")


@pytest.fixture
def dana(cast):
    return phone_of(cast.dana)


def get(client, path, **query):
    return client.get(f"/api/v1/{path}", {"lang": "en", "limit": 200, **query})


def names(client, path, key="slug", **query):
    answer = get(client, path, **query)
    assert answer.status_code == 200, answer.content
    return {row[key] for row in answer.json()["results"]}


def test_guidance_says_what_is_claimed_what_we_say_and_how_well_it_is_proven(dana):
    answer = get(dana, "guidance/passive-movement").json()

    assert answer["claim"]
    assert answer["advice"]
    assert answer["caution"]
    assert answer["evidence"]["kind"] == "review-statement"
    assert {"denervated-muscle-review"} <= {row["source"] for row in answer["sources"]}
    assert answer["later_evidence"][0]["says"]
    assert answer["later_evidence"][0]["sources"]
    assert answer["exercises"]
    assert answer["last_reviewed"] is None
    assert len(answer["digest"]) == 64


def test_what_is_archived_is_shown_to_nobody(dana):
    archived = Guidance.objects.exclude(
        pk__in=Guidance.objects.shown_to("clinician").order_by().values("pk")
    )
    slugs = set(archived.values_list("slug", flat=True))
    assert slugs
    assert not slugs & names(dana, "guidance")
    assert {get(dana, f"guidance/{slug}").status_code for slug in slugs} == {404}


def test_archived_advice_is_not_shown_beside_its_caution(dana):
    row = Guidance.objects.caution_for("clinician").filter(advice_audience="archive").first()
    answer = get(dana, f"guidance/{row.slug}").json()
    assert answer["advice"] is None
    assert answer["claim"] is None
    assert answer["caution"] == row.caution["en"]


@pytest.mark.parametrize(
    "query",
    [
        {"category": "tcm"},
        {"topic": "swallowing"},
        {"source": "stem-cell-rehabilitation-review"},
        {"reader": "patient"},
        {"condition": "stroke"},
        {"q": "gentle"},
        {"q": "轻"},
    ],
)
def test_guidance_can_be_narrowed(dana, query):
    everything, some = names(dana, "guidance"), names(dana, "guidance", **query)
    assert some < everything
    assert some


def test_an_unknown_reader_is_422_and_names_the_field(dana):
    answer = get(dana, "guidance", reader="archive")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "reader"


def test_a_recipe_lists_ingredients_allergens_and_what_we_drafted(dana):
    answer = get(dana, "recipes/recipe-peanut-soymilk").json()

    assert answer["allergens"] == ["peanut", "soy"]
    assert {row["food"] for row in answer["ingredients"]} >= {"peanut"}
    assert "draft" in answer["drafted"]
    assert answer["steps"]


def test_recipes_without_an_allergen_and_at_a_texture(dana):
    everything = names(dana, "recipes")
    assert len(everything) == 8
    without = names(dana, "recipes", without_allergens="peanut, egg")
    assert without
    assert not any("peanut" in slug for slug in without)
    assert names(dana, "recipes", texture=3) <= names(dana, "recipes", texture=7) == everything


@pytest.mark.parametrize("texture", ["2", "8", "soft"])
def test_a_texture_that_does_not_exist_is_422(dana, texture):
    answer = get(dana, "recipes", texture=texture)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "texture"


def test_foods_are_found_by_any_of_their_names(dana):
    assert "peanut" in names(dana, "foods", key="code", q="落花生")
    assert "peanut" in names(dana, "foods", key="code", q="groundnuts")
    avoided = names(dana, "foods", key="code", role="avoid")
    assert "adzuki" in avoided
    assert "soybean" not in avoided
    assert "peanut" not in names(dana, "foods", key="code", without_allergens="peanut")


def test_conflicts_name_both_sides_and_whose_advice_is_hidden(dana):
    rows = {row["code"]: row for row in get(dana, "conflicts").json()["results"]}
    sides = {(s["kind"], s["ref"]): s for s in rows["raw_peanut_against_choking"]["sides"]}
    assert sides["food", "peanut_raw"]["hidden"]
    assert sides["food", "peanut_raw"]["name"]
    assert len(rows) == len(names(dana, "conflicts", key="code", unresolved="true"))


def test_interactions_are_found_by_a_code_of_either_side(dana):
    rows = get(dana, "interactions").json()["results"]
    code = rows[0]["other"]
    found = get(dana, "interactions", naming=code).json()["results"]
    assert found
    assert all(code in {row["one"], row["other"]} for row in found)
    assert not get(dana, "interactions", naming="moonshine").json()["results"]


def test_time_windows_say_what_the_tracker_does_with_them(dana):
    rows = {row["code"]: row for row in get(dana, "time-windows").json()["results"]}
    assert rows["tw_denervation_2_months"]["weeks"] == 8
    assert rows["tw_denervation_2_months"]["counts"] == "injury"


def test_an_instrument_says_range_change_and_licence(dana):
    for code in Instrument.objects.values_list("code", flat=True):
        answer = get(dana, f"instruments/{code}").json()
        assert answer["scores"]
        assert answer["licence"]["status"]
        assert all(change["sources"] for change in answer["changes"])


def test_exercises_and_protocols_are_searched_too(dana):
    assert "prom-elbow-flexion" in names(dana, "exercises", q="屈肘")
    assert names(dana, "protocols", q="radial") == {"radial-nerve-palsy-early"}
    assert names(dana, "protocols", q="!") == set()


def test_a_source_shows_which_section_is_used_by_which_item(dana):
    sources = get(dana, "sources", kind="document").json()["results"]
    page = next(row for row in sources if row["code"] == "atrophy-encyclopaedia-page")
    sections = {s["number"]: s for s in get(dana, f"sources/{page['id']}").json()["sections"]}
    assert "recipe-radish-ribs" in sections["recipes"]["recipes"]
    assert "adzuki" in sections["avoid"]["foods"]
    assert sections["prevention"]["guidance"]
