"""Rows of the catalogue as one reader gets them, in one language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exercises.models import SourceSection
from exercises.models.audience import READS, Audience
from rehab.models.reads.content import KEYS, Shelf
from rehab.models.reads.content_reader import Reader
from rehab.models.reads.content_shapes import (
    BetterEvidence,
    ExerciseCard,
    ExerciseDetail,
    FoodCard,
    FoodDetail,
    Found,
    Grade,
    GuidanceCard,
    GuidanceDetail,
    IngredientShown,
    Named,
    RecipeCard,
    RecipeDetail,
    SourceShown,
    Standing,
)
from rehab.models.reads.content_words import ask_first, evidence_label

EXCERPT = 160
Texts = Mapping[str, str]


def guidance_card(shelf: Shelf, row: Any) -> GuidanceCard:
    language = shelf.reader.language
    return GuidanceCard(
        slug=row.slug,
        name=row.names[language],
        category=row.category,
        topic=row.topic,
        place=row.place,
        taught_by_clinic=row.taught_by_clinic,
        modality=row.modality_id,
        advice=row.advice[language] if row.advice_shown else None,
        caution=_caution(shelf, row),
        withheld=shelf.withheld(row),
        because=_because(shelf, row),
        evidence=_grade(row, language),
        standing=_standing(row),
    )


def guidance_detail(
    shelf: Shelf,
    row: Any,
    *,
    exercises: Sequence[Named],
    recipes: Sequence[Named],
    foods: Sequence[Named],
) -> GuidanceDetail:
    language = shelf.reader.language
    titles = {each.source.code: each.source.names[language] for each in row.later_sections.all()}
    return GuidanceDetail(
        card=guidance_card(shelf, row),
        claim=row.claim[language] if row.advice_shown else None,
        later_evidence=[
            BetterEvidence(
                says=each["says"][language],
                sources=[
                    titles[cited["source"]]
                    for cited in each["citations"]
                    if cited["source"] in titles
                ],
            )
            for each in row.later_evidence
        ],
        sources=_sources(row.sections.all(), language),
        exercises=exercises,
        recipes=recipes,
        foods=foods,
    )


def food_card(shelf: Shelf, row: Any) -> FoodCard:
    language = shelf.reader.language
    return FoodCard(
        code=row.code,
        name=row.names[language],
        group=row.group,
        role=row.role,
        advice=_said(row.advice, language) if row.advice_shown else None,
        caution=_caution(shelf, row),
        choking=_said(row.choking, language) if _warns(shelf, row) else None,
        withheld=shelf.withheld(row),
        because=_because(shelf, row),
        allergens=_named(row.allergens.all(), language),
        textures=row.textures,
        kidney_caution=_said(row.kidney_caution, language),
        notices=_notices(shelf, [row.code]),
        evidence=_grade(row, language),
        standing=_standing(row),
    )


def food_detail(shelf: Shelf, row: Any) -> FoodDetail:
    return FoodDetail(
        card=food_card(shelf, row), sources=_sources(row.sections.all(), shelf.reader.language)
    )


def recipe_card(shelf: Shelf, row: Any) -> RecipeCard:
    language = shelf.reader.language
    return RecipeCard(
        slug=row.slug,
        name=row.names[language],
        summary=row.summary[language],
        portions=row.portions,
        minutes=row.minutes,
        texture=row.texture,
        drink_level=row.drink_level,
        mixed=row.mixed,
        protein_grams=row.protein_grams,
        allergens=_named(row.allergens, language),
        drafted=row.drafted[language],
        evidence=_grade(row, language),
        standing=_standing(row),
    )


def recipe_detail(shelf: Shelf, row: Any) -> RecipeDetail:
    language = shelf.reader.language
    return RecipeDetail(
        card=recipe_card(shelf, row),
        ingredients=[
            IngredientShown(
                food=each.food_id,
                name=each.food.names[language],
                grams=each.grams,
                note=_said(each.note, language),
                optional=each.optional,
                in_source=each.in_source,
            )
            for each in row.current_ingredients
        ],
        steps=[each[language] for each in row.steps],
        cautions=[each[language] for each in row.cautions],
        kidney_caution=_said(row.kidney_caution, language),
        notices=_notices(shelf, [each.food_id for each in row.current_ingredients]),
        sources=_sources(row.sections.all(), language),
    )


def exercise_card(shelf: Shelf, row: Any) -> ExerciseCard:
    language = shelf.reader.language
    return ExerciseCard(
        slug=row.slug,
        name=row.names[language],
        summary=row.summary[language] if row.advice_shown else "",
        modality=row.modality_id,
        motion=row.motion_id,
        muscle=row.muscle_id,
        place=row.place,
        taught_by_clinic=row.taught_by_clinic,
        use=row.use,
        withheld=shelf.withheld(row),
        evidence=_grade(row, language),
        standing=_standing(row),
    )


def exercise_detail(shelf: Shelf, row: Any) -> ExerciseDetail:
    language = shelf.reader.language
    return ExerciseDetail(
        card=exercise_card(shelf, row),
        steps=[each[language] for each in row.steps] if row.advice_shown else [],
        stop_at=[each[language] for each in row.stop_at],
        cautions=[each.names[language] for each in row.precautions.all()]
        if _warns(shelf, row)
        else [],
        sources=_sources(row.sections.all(), language),
    )


def found(shelf: Shelf, row: Any) -> Found:
    """Return one hit of a search, with the beginning of what its reader may read."""
    language = shelf.reader.language
    return Found(
        kind=shelf.kind,
        ref=getattr(row, KEYS[shelf.kind]),
        name=row.names[language],
        excerpt=_excerpt(shelf, row)[:EXCERPT],
        signed_by_clinic=row.signed_here,
    )


def _excerpt(shelf: Shelf, row: Any) -> str:
    language = shelf.reader.language
    if row.advice_shown:
        told = row.summary if shelf.kind in ("recipe", "exercise") else row.advice
        return _said(told, language) or ""
    return (_caution(shelf, row) if shelf.kind in ("guidance", "food") else None) or ""


def _caution(shelf: Shelf, row: Any) -> str | None:
    return _said(row.caution, shelf.reader.language) if _warns(shelf, row) else None


def _warns(shelf: Shelf, row: Any) -> bool:
    return row.caution_audience in READS[Audience(shelf.reader.audience)]


def _because(shelf: Shelf, row: Any) -> list[str]:
    """What the content says about this body's conditions, for who may know of them."""
    reader = shelf.reader
    if not reader.may("see_conditions"):
        return []
    return [
        texts[reader.language]
        for code, texts in row.not_for_because.items()
        if code in reader.fit.conditions
    ]


def _notices(shelf: Shelf, foods: Iterable[str]) -> list[str]:
    """What is said about these foods and the patient's drugs; a caution, and no advice.

    Who may not see what is taken is told to ask, without the name of a drug.
    """
    reader = shelf.reader
    told = [texts[reader.language] for code in foods for texts in reader.told.get(code, ())]
    if told and not reader.may("see_conditions"):
        return [ask_first(reader.language)]
    return list(dict.fromkeys(told))


def taken_together(reader: Reader) -> list[str]:
    """What is said about the things that a patient takes; told as `_notices` tells it."""
    if reader.together and not reader.may("see_conditions"):
        return [ask_first(reader.language)]
    return [texts[reader.language] for texts in reader.together]


def _grade(row: Any, language: str) -> Grade:
    return Grade(
        kind=row.evidence_kind,
        label=evidence_label(row.evidence_kind, language),
        people=row.evidence_people,
        detail=row.evidence_detail[language],
        says=row.evidence_says[language],
    )


def _standing(row: Any) -> Standing:
    return Standing(
        last_reviewed=row.last_reviewed,
        reviewed_by=row.reviewed_by,
        signed_by_clinic=row.signed_here,
    )


def _sources(sections: Iterable[SourceSection], language: str) -> list[SourceShown]:
    return [
        SourceShown(
            source=each.source.code,
            title=each.source.names[language],
            section=each.number,
            section_title=each.names[language],
            address=each.source.address,
            checked=each.source.checked,
        )
        for each in sections
    ]


def _named(rows: Iterable[Any], language: str) -> list[Named]:
    return [Named(code=each.code, name=each.names[language]) for each in rows]


def _said(texts: Texts | None, language: str) -> str | None:
    return texts[language] if texts else None
