"""Each rule across the sheets of guidance, food, instruments and conflicts, broken once."""

import shutil
from pathlib import Path

import pytest
import yaml

from exercises.sheets.checks import problems
from exercises.sheets.library import read_library
from exercises.sheets.reading import CONTENT

TEXT = {"zh-Hans": "一句话。", "en": "A sentence."}
SENTENCE = {"zh-Hans": "坐不稳，要人扶。", "en": "Sits with help from one person."}
CITED = [{"source": "norkin-white"}]
EVIDENCE = {"kind": "none", "detail": TEXT, "says": TEXT}
OWNED = {"owner": "dietitian lead", "last_reviewed": None}
TOLD = {"advice_audience": "patient", "caution_audience": "patient", "evidence": EVIDENCE}


def guidance(**changes):
    return {
        "slug": "a-claim",
        "category": "lifestyle",
        "topic": "daily_life",
        "names": TEXT,
        "claim": TEXT,
        "advice": TEXT,
        "caution": None,
        "place": "home",
        "citations": CITED,
        **OWNED,
        **TOLD,
        **changes,
    }


def food(code="plain_rice", **changes):
    return {
        "code": code,
        "names": TEXT,
        "group": "cereal",
        "role": "do",
        "citations": CITED,
        **OWNED,
        **TOLD,
        **changes,
    }


def recipe(**changes):
    return {
        "slug": "a-dish",
        "names": TEXT,
        "summary": TEXT,
        "portions": 2,
        "minutes": 30,
        "ingredients": [{"food": "plain_rice", "grams": 50, "in_source": False}],
        "steps": [TEXT],
        "texture": 4,
        "mixed": False,
        "drafted": TEXT,
        "citations": CITED,
        **OWNED,
        **TOLD,
        **changes,
    }


def instrument(**changes):
    score = {"code": "points", "labels": TEXT, "per": "person"}
    return {
        "code": "a_scale",
        "names": TEXT,
        "about": TEXT,
        "better": "up",
        "ordinal": True,
        "scores": [{**score, "minimum": 0, "maximum": 10, "step": 1, **changes.pop("score", {})}],
        "licence": {"status": "free", "notes": TEXT, "checked": "to_verify"},
        "entered_by": "clinician",
        "citations": CITED,
        **OWNED,
        **changes,
    }


def conflict(*refs, **changes):
    sides = [{"kind": "guidance", "ref": ref, "hidden": True} for ref in refs]
    return {
        "code": "a_clash",
        "texts": TEXT,
        "sides": sides,
        "citations": CITED,
        "owner": "dietitian lead",
        **changes,
    }


def row(**changes):
    return {
        "source": "sci-osteoporosis-review",
        "section": "2.2",
        "sentences": [1],
        "digest": "",
        **changes,
    }


def error(pattern, code="a_wrong_word"):
    citation = {"source": "sci-osteoporosis-review", "section": "2.2"}
    return {
        "code": code,
        "citation": citation,
        "kind": "wording",
        "problem": TEXT,
        "instead": TEXT,
        "patterns": [pattern],
    }


def found(root: Path, **sheets) -> list[str]:
    """Write these sheets over a copy of the terms, and return what the checks say."""
    for name in ("foods", "interactions", "time_windows", "conflicts", "instruments"):
        write(root / f"{name}.yaml", sheets.pop(name, []))
    write(root / "source_map.yaml", [])
    if "reading" in sheets:
        write(root / "reading" / "sci-osteoporosis-review.yaml", sheets.pop("reading"))
    for name, items in sheets.items():
        write(root / name / "sheet.yaml", {"items": items})
    return [str(problem) for problem in problems(read_library(root))]


def write(path: Path, content) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def root(tmp_path):
    """Terms, sources and exercises as they ship; everything that is tested here left out."""
    own = ("guidance", "recipes", "left_behind", "reading")
    copy = shutil.copytree(CONTENT, tmp_path / "content", ignore=shutil.ignore_patterns(*own))
    return Path(copy)


SHEETS = "guidance/sheet.yaml: a-claim: "


def test_sound_sheets_have_no_problem(root):
    sheets = {
        "guidance": [guidance(), guidance(slug="another", same_as="a-claim")],
        "foods": [food()],
        "recipes": [recipe()],
        "instruments": [instrument()],
        "conflicts": [conflict("a-claim", "another")],
        "left_behind": [error("never written")],
        "reading": [row(items=["a-claim"])],
    }
    assert found(root, **sheets) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"applies_to": ["hiccups"]}, "applies_to: 'hiccups' is not known"),
        ({"same_as": "nothing"}, "same_as: 'nothing' is not known"),
        ({"modality": "juggling"}, "modality: 'juggling' is not known"),
        ({"shows": {"exercises": ["flying"]}}, "shows.exercises: 'flying' is not known"),
        ({"shows": {"foods": ["ambrosia"]}}, "shows.foods: 'ambrosia' is not known"),
        (
            {"category": "drug_rx", "shows": {"exercises": ["turning"]}},
            "shows.exercises: 'turning' may be put into a plan",
        ),
        (
            {"topic": "surgery", "shows": {"exercises": ["turning"]}},
            "shows.exercises: 'turning' may be put into a plan",
        ),
        ({"citations": []}, "citations: names no source"),
        ({"evidence": {**EVIDENCE, "n": 17}}, "evidence.n: counts people, but the kind is none"),
        (
            {"evidence": {**EVIDENCE, "kind": "human-trial"}},
            "evidence.n: is missing, and detail.en does not say so",
        ),
        (
            {"not_for": [{"condition": "stroke", "because": TEXT}] * 2},
            "not_for: 'stroke' is there twice",
        ),
    ],
)
def test_guidance_agrees_with_the_catalogue(root, changes, place):
    assert SHEETS + place in found(root, guidance=[guidance(**changes)])


@pytest.mark.parametrize(
    ("foods", "recipes", "place"),
    [
        ([food(allergens=["dust"])], [], "foods.yaml: plain_rice: allergens: 'dust' is not known"),
        (
            [food(drugs_caution=["moonshine"])],
            [],
            "foods.yaml: plain_rice: drugs_caution: 'moonshine' is not known",
        ),
        ([], [recipe()], "recipes/sheet.yaml: a-dish: ingredients: 'plain_rice' is not known"),
        (
            [food(textures=[7])],
            [recipe()],
            "recipes/sheet.yaml: a-dish: texture: 'plain_rice' is not served at level 4",
        ),
        (
            [food()],
            [recipe(mixed=True)],
            "recipes/sheet.yaml: a-dish: mixed: thin liquid with pieces is no texture of level 4",
        ),
        ([food()], [recipe(ingredients=[])], "recipes/sheet.yaml: a-dish: ingredients: is empty"),
    ],
)
def test_food_agrees_with_the_catalogue(root, foods, recipes, place):
    assert place in found(root, foods=foods, recipes=recipes)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"score": {"minimum": 10}}, "scores.points: range is out of order"),
        ({"score": {"maximum": None}}, "scores.points: needs grades, or minimum, maximum and step"),
        (
            {"score": {"step": 0.5}},
            "scores.points: an ordinal score needs grades or whole steps",
        ),
        ({"score": {"only_if": "mood"}}, "scores.points.only_if: 'mood' is not known"),
        (
            {
                "score": {"grades": [{"code": "0", "rank": 0, "labels": SENTENCE}]},
                "licence": {"status": "ask", "notes": TEXT, "checked": "to_verify"},
            },
            "scores.points: licence is ask: '0' holds words of the form",
        ),
        (
            {"score": {"grades": [{"code": c, "rank": 1, "labels": TEXT} for c in "ab"]}},
            "scores.points: grades are out of order: [1, 1]",
        ),
    ],
)
def test_an_instrument_agrees_with_itself(root, changes, place):
    problem = f"instruments.yaml: a_scale: {place}"
    assert problem in found(root, instruments=[instrument(**changes)])


@pytest.mark.parametrize(
    ("clash", "place"),
    [
        (conflict("a-claim"), "sides: needs two"),
        (conflict("a-claim", "nothing"), "sides: guidance 'nothing' is not known"),
        (conflict("a-claim", "a-claim"), "sides: 'guidance a-claim' is there twice"),
        (
            conflict("a-claim", "another", resolved=TEXT),
            "resolved: needs words, a name and a date together",
        ),
    ],
)
def test_a_conflict_is_between_things_that_exist(root, clash, place):
    items = [guidance(), guidance(slug="another")]
    problem = f"conflicts.yaml: a_clash: {place}"
    assert problem in found(root, guidance=items, conflicts=[clash])


def test_an_interaction_is_between_things_that_exist(root):
    clash = {
        "code": "x",
        "one": "plain_rice",
        "other": "moonshine",
        "severity": "know",
        "texts": TEXT,
        "citations": CITED,
        "owner": "pharmacy lead",
    }
    said = found(root, foods=[food()], interactions=[clash])
    assert "interactions.yaml: x: other: 'moonshine' is not known" in said


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({}, "items: name items or say none_because, and not both"),
        (
            {"items": ["a-claim"], "none_because": TEXT},
            "items: name items or say none_because, and not both",
        ),
        ({"items": ["nothing"]}, "items: 'nothing' is not known"),
        ({"items": ["a-claim"], "sentences": []}, "sentences: is empty"),
    ],
)
def test_a_second_readers_row_says_where_its_sentences_went(root, changes, place):
    said = found(root, guidance=[guidance()], reading=[row(**changes)])
    named = "reading/sci-osteoporosis-review.yaml: sci-osteoporosis-review #1: "
    assert named + place in said


@pytest.mark.parametrize(
    ("pattern", "where"), [("一句", "names.zh-Hans"), (r"(?i)a SENTENCE", "names.en")]
)
def test_an_error_of_the_documents_may_not_come_back_in_any_language(root, pattern, where):
    said = found(root, guidance=[guidance()], left_behind=[error(pattern)])
    place = where.replace("zh-Hans", "zh_hans")
    problem = f"{SHEETS}{place}: holds the error 'a_wrong_word' of the documents"
    assert problem in said


def test_an_error_needs_a_pattern_that_can_be_searched_for(root):
    said = found(root, left_behind=[error("(")])
    assert any("'(' is not a pattern" in problem for problem in said)
