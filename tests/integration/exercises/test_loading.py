import datetime as dt

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from exercises.actions.loading import load_content
from exercises.models import Exercise, ProtocolPart, Recipe
from exercises.sheets.reading import BrokenContentError
from tests.unit.exercises.sheets import copied_sheets, rewrite

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 10, 19, 8, tzinfo=dt.UTC)
TUESDAY = MONDAY + dt.timedelta(days=1)
SHEET = "exercises/care.yaml"


def load(root, at=MONDAY):
    return load_content(by="a test", at=at, root=root)


def snapshot():
    """Every row of every table of the catalogue, links among them."""
    models = apps.get_app_config("exercises").get_models(include_auto_created=True)
    return {model: sorted(map(repr, model._base_manager.values_list())) for model in models}


@pytest.fixture
def sheets(tmp_path):
    return copied_sheets(tmp_path)


def test_the_first_load_fills_the_catalogue(sheets):
    loaded = load(sheets)

    assert loaded.version.number == 1
    assert loaded.version.added == len(loaded.changes.added)
    elbow = Exercise.objects.get(slug="prom-elbow-flexion")
    assert elbow.names == {"zh-Hans": "被动屈肘", "en": "Passive elbow flexion"}
    assert elbow.motion_id == "elbow.flexion"
    assert elbow.last_reviewed is None
    assert elbow.sections.filter(source__code="denervated-muscle-review", number="2.5").exists()


def test_loading_twice_changes_no_row(sheets, django_assert_max_num_queries):
    load(sheets)
    before = snapshot()

    with django_assert_max_num_queries(60):
        again = load(sheets, at=TUESDAY)

    assert not again.changes
    assert again.version.number == 1
    assert snapshot() == before


def test_a_changed_sheet_changes_only_its_items(sheets):
    load(sheets)
    rewrite(sheets, SHEET, "Looking over the pressure points", "Looking from head to heel")

    loaded = load(sheets, at=TUESDAY)

    assert loaded.changes.changed == ("exercise skin-check",)
    assert not loaded.changes.added
    assert not loaded.changes.withdrawn
    assert loaded.version.number == 2
    summary = Exercise.objects.get(slug="skin-check").summary["en"]
    assert summary.startswith("Looking from head to heel")


def test_another_wording_has_another_digest_and_is_found_by_its_words(sheets):
    load(sheets)
    before = Exercise.objects.get(slug="skin-check").digest
    rewrite(sheets, SHEET, "Looking over the pressure points", "Looking over the zebra crossings")

    load(sheets, at=TUESDAY)

    assert Exercise.objects.get(slug="skin-check").digest != before
    assert Exercise.objects.matching_words("zebras").get().slug == "skin-check"


def test_food_that_changed_its_name_is_found_in_its_dishes(sheets):
    load(sheets)
    rewrite(sheets, "foods.yaml", "en: Peanut}", "en: Goober of the week}")

    load(sheets, at=TUESDAY)

    found = Recipe.objects.matching_words("goober week")
    assert "recipe-peanut-soymilk" in found.values_list("slug", flat=True)


def test_an_ingredient_taken_out_leaves_the_dish_but_not_the_old_rows(sheets):
    load(sheets)
    line = "    - {food: ginger, grams: 10, in_source: false"
    sheet = "recipes/encyclopaedia.yaml"
    text = (sheets / sheet).read_text(encoding="utf-8")
    whole = next(row for row in text.splitlines() if row.startswith(line))
    rewrite(sheets, sheet, whole + "\n", "")

    loaded = load(sheets, at=TUESDAY)

    assert len(loaded.changes.withdrawn) == 1
    dish = Recipe.objects.with_grounds().get(slug="recipe-radish-ribs")
    assert "ginger" not in [part.food_id for part in dish.current_ingredients]
    assert dish.ingredients.get(food="ginger").withdrawn_at == TUESDAY


def test_a_changed_source_counts_as_a_change_of_the_item(sheets):
    load(sheets)
    rewrite(
        sheets,
        "exercises/stimulation_intact.yaml",
        "    - {source: stroke-guideline-2016}\n",
        "",
    )

    loaded = load(sheets, at=TUESDAY)

    assert loaded.changes.changed == ("exercise fes-shoulder-subluxation",)


def test_a_withdrawn_exercise_stays_readable_and_can_come_back(sheets):
    kept = (sheets / SHEET).read_text(encoding="utf-8")
    turning = kept[kept.index("- slug: turning") :].split("\n- slug:")[0]
    more = kept + "\n" + turning.replace("slug: turning", "slug: turning-again") + "\n"
    (sheets / SHEET).write_text(more, encoding="utf-8")
    load(sheets)
    (sheets / SHEET).write_text(kept, encoding="utf-8")

    loaded = load(sheets, at=TUESDAY)

    assert loaded.changes.withdrawn == ("exercise turning-again",)
    assert not Exercise.objects.current().filter(slug="turning-again").exists()
    assert Exercise.objects.get(slug="turning-again").withdrawn_at == TUESDAY

    (sheets / SHEET).write_text(more, encoding="utf-8")
    assert load(sheets, at=TUESDAY).changes.changed == ("exercise turning-again",)
    assert Exercise.objects.current().filter(slug="turning-again").exists()


def test_a_broken_sheet_changes_nothing(sheets):
    load(sheets)
    before = snapshot()
    rewrite(sheets, SHEET, "Whole-body skin check", "Another name")
    rewrite(sheets, "muscles.yaml", "region: leg", "region: tail")

    with pytest.raises(BrokenContentError):
        load(sheets, at=TUESDAY)

    assert snapshot() == before


def test_an_unsourced_dose_is_null_for_the_clinician_to_fill(sheets):
    load(sheets)
    stand = ProtocolPart.objects.get(item__protocol__slug="standing-programme", item__code="stand")

    assert stand.dose == {"minutes": None, "weight_bearing_percent": None}


def test_a_part_takes_motion_and_muscle_from_its_exercise_unless_it_names_one(sheets):
    load(sheets)
    parts = ProtocolPart.objects.order_by("position")
    ride = parts.filter(item__protocol__slug="sci-fes-cycling-26-weeks", item__code="ride")
    arm = parts.filter(item__protocol__slug="hemiplegic-shoulder-passive", item__code="passive-arm")

    assert [part.muscle_id for part in ride] == ["quadriceps", "hamstrings", "gluteals"]
    assert arm[0].motion_id == "shoulder.flexion"


def test_the_database_knows_no_fourth_use_of_an_exercise(sheets):
    load(sheets)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exercise.objects.filter(slug="turning").update(use="sell")


def test_the_command_reports_what_it_did(capsys):
    call_command("load_content")
    first = capsys.readouterr().out
    call_command("load_content")
    second = capsys.readouterr().out

    assert "added: 0" not in first
    assert "added: 0" in second
    assert "changed: 0" in second
    assert "content version 1" in second


def test_the_command_only_checks_when_asked(capsys):
    call_command("load_content", "--check")

    assert "sound" in capsys.readouterr().out
    assert not Exercise.objects.exists()


def test_the_command_names_the_place_and_loads_nothing(sheets):
    rewrite(sheets, SHEET, "modality: turning", "modality: juggling")

    with pytest.raises(CommandError, match=r"exercises/care\.yaml: turning: modality"):
        call_command("load_content", f"--folder={sheets}")

    assert not Exercise.objects.exists()
