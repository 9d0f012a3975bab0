"""What hides content from one body, as conditions of a query: nothing is left to the reader.

A rule either hides an item whole, or only its advice: a conflict, a texture or a drug hides advice
and never a caution. What holds an allergen of this person is hidden whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, Model, Q, QuerySet

from exercises.models import Contraindication, Exercise, Food, Guidance, Recipe, RecipeIngredient
from exercises.models.conflict import ConflictSide
from exercises.models.diet import Role
from rehab.domain.content_fit import REGULAR_FOOD, THINNEST_FOOD, Fit, Reason, name_pattern
from rehab.domain.safety import WARMS, Pause
from rehab.models.flag import SafetyFlag
from rehab.models.item import Pause as PlanPause
from rehab.models.reads.content_reader import Reader, names_of
from rehab.models.signature import signed
from rehab.rules import rules

NOBODY = Q(pk__in=[])
NAMES = ("names__zh-Hans", "names__en")
OTHER_NAMES = ("other_names__zh-Hans", "other_names__en")
EATING = frozenset({"eating", "swallowing"})
DIET = frozenset({"diet_do", "diet_avoid", "recipe"})
TYPED = "other"
"""The class of an allergy that was typed in words that the catalogue does not know."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows for which `hit` holds are hidden for a reason."""

    reason: str
    hit: Q


@dataclass(frozen=True, slots=True)
class Rules:
    """whole: hide an item. advice: hide its advice, and leave its caution."""

    whole: tuple[Rule, ...]
    advice: tuple[Rule, ...] = ()

    @property
    def hides_whole(self) -> Q:
        return any_of(self.whole)

    @property
    def hides_advice(self) -> Q:
        return any_of(self.advice)


def any_of(rules: Sequence[Rule]) -> Q:
    return reduce(or_, (rule.hit for rule in rules), NOBODY)


def recipe_rules(reader: Reader) -> Rules:
    """A dish is advice and nothing else, so each rule hides it whole."""
    fit = reader.fit
    return Rules(
        (
            *(Rule(reason, _dish_with(foods)) for reason, foods in _allergic_to(fit)),
            *_typed_in_dishes(fit),
            *_allergies_unknown(fit),
            *_dish_to_swallow(fit),
            *_kidney(fit),
            Rule(Reason.DRUG, _drug(reader) | _dish_with(_drug_in_food(reader))),
            _not_for(Recipe, fit),
            Rule(Reason.CONFLICT, Q(slug__in=ConflictSide.objects.hiding("recipe"))),
            *_unsigned("recipe", reader, needed=True),
        )
    )


def food_rules(reader: Reader) -> Rules:
    fit = reader.fit
    return Rules(
        whole=(
            *(Rule(reason, foods) for reason, foods in _allergic_to(fit)),
            *_unsigned("food", reader, slug="code", needed=reader.signature_needed),
        ),
        advice=(
            *_food_to_swallow(fit),
            *_kidney(fit),
            Rule(Reason.DRUG, _drug_in_food(reader)),
            _not_for(Food, fit),
            Rule(Reason.CONFLICT, Q(code__in=ConflictSide.objects.hiding("food"))),
        ),
    )


def guidance_rules(reader: Reader) -> Rules:
    fit = reader.fit
    return Rules(
        whole=(
            *_about_an_allergen(fit),
            *_unsigned("guidance", reader, needed=reader.signature_needed),
        ),
        advice=(
            *_allergen_in_advice(fit),
            *_about_hidden_dishes(reader),
            _not_for(Guidance, fit),
            Rule(Reason.CONFLICT, Q(slug__in=ConflictSide.objects.hiding("guidance"))),
        ),
    )


def exercise_rules(reader: Reader) -> Rules:
    """What the clinic barred, and what cannot work or is not for this body, is no exercise."""
    fit = reader.fit
    denied = Q(modality__physics="intact", muscle__in=fit.denervated) | Q(
        modality__physics="denervated", muscle__in=fit.intact
    )
    return Rules(
        whole=(
            Rule(Reason.BARRED, Q(slug__in=sorted(fit.barred))),
            Rule(
                Reason.CONDITION,
                Q(modality__in=_contraindicated(fit)) | denied | _heat_after_a_burn(reader),
            ),
            *_unsigned("exercise", reader, needed=reader.signature_needed),
        ),
        advice=(Rule(Reason.CONFLICT, Q(slug__in=ConflictSide.objects.hiding("exercise"))),),
    )


def _heat_after_a_burn(reader: Reader) -> Q:
    """No warmth among the ideas until a clinician has answered for a burn and let things go on."""
    stopping = [
        code for code, rule in rules().items() if rule.pause_outside == Pause.CURRENT_OR_HEAT
    ]
    flags = SafetyFlag.objects.filter(patient_id=reader.patient_id, rule__in=stopping)
    standing = PlanPause.objects.filter(
        patient_id=reader.patient_id, ended_at__isnull=True, flag__in=flags
    )
    unanswered = flags.filter(acknowledged_at__isnull=True)
    return Q(modality__in=WARMS) & (Q(Exists(unanswered)) | Q(Exists(standing)))


def _allergic_to(fit: Fit) -> Iterator[tuple[str, Q]]:
    """Yield each allergy with the foods that it bars, by what they hold and by what they are
    called: a food that nobody has tagged is found by its name."""
    for code in sorted(fit.allergens):
        yield f"{Reason.ALLERGY}:{code}", _foods_with(code)
    if pattern := name_pattern(fit.allergy_words):
        yield f"{Reason.ALLERGY}:{TYPED}", _called(pattern, *NAMES, *OTHER_NAMES)


def _foods_with(code: str) -> Q:
    holding = Food.allergens.through.objects.filter(allergen=code).order_by().values("food")
    found = Q(code__in=holding) | Q(code=code)
    pattern = name_pattern(names_of(code))
    return found | _called(pattern, *NAMES, *OTHER_NAMES) if pattern else found


def _called(pattern: str, *columns: str) -> Q:
    return reduce(or_, (Q(**{f"{column}__iregex": pattern}) for column in columns))


def _dish_with(foods: Q) -> Q:
    """Dishes of which any ingredient, also an optional one, is among these foods."""
    used = RecipeIngredient.objects.as_of().filter(food__in=_pks(Food, foods))
    return Q(pk__in=used.order_by().values("recipe"))


def _typed_in_dishes(fit: Fit) -> Iterator[Rule]:
    """The words of an allergy in a dish's own name, summary or steps."""
    for reason, pattern in _patterns(fit):
        yield Rule(reason, _called(pattern, *NAMES, "summary", "steps"))


def _patterns(fit: Fit) -> Iterator[tuple[str, str]]:
    for code in sorted(fit.allergens):
        if pattern := name_pattern(names_of(code)):
            yield f"{Reason.ALLERGY}:{code}", pattern
    if pattern := name_pattern(fit.allergy_words):
        yield f"{Reason.ALLERGY}:{TYPED}", pattern


def _allergies_unknown(fit: Fit) -> Iterator[Rule]:
    """Unknown is not "none": until somebody has asked, no dish with an allergen is offered."""
    if fit.allergies_unknown:
        holding = Food.allergens.through.objects.order_by().values("food")
        yield Rule(Reason.ALLERGIES_UNKNOWN, _dish_with(Q(code__in=holding)))


def _dish_to_swallow(fit: Fit) -> Iterator[Rule]:
    flows = Q(drink_level__isnull=False) | Q(texture=THINNEST_FOOD)
    if fit.hides_all_recipes:
        yield Rule(Reason.SWALLOWING_UNKNOWN, Q(pk__isnull=False))
    elif fit.hides_drinks_of_unknown_level:
        yield Rule(Reason.SWALLOWING_UNKNOWN, flows)
    hit = NOBODY
    if fit.food_level is not None:
        hit |= Q(texture__gt=fit.food_level)
    if fit.hides_mixed:
        hit |= Q(mixed=True)
    if fit.drink_level is not None:
        hit |= Q(drink_level__lt=fit.drink_level)
        if fit.drink_level > THINNEST_FOOD:
            hit |= Q(texture=THINNEST_FOOD)
    yield Rule(Reason.SWALLOWING_LEVEL, hit)


def _food_to_swallow(fit: Fit) -> Iterator[Rule]:
    """Advice to eat something asks for a texture; advice to leave it does not."""
    eaten = ~Q(role=Role.AVOID) & ~Q(group="drink")
    if fit.hides_all_recipes:
        yield Rule(Reason.SWALLOWING_UNKNOWN, eaten)
    if fit.food_level is not None and fit.food_level < REGULAR_FOOD:
        soft = list(range(THINNEST_FOOD, fit.food_level + 1))
        yield Rule(Reason.SWALLOWING_LEVEL, eaten & ~Q(textures__overlap=soft))


def _kidney(fit: Fit) -> Iterator[Rule]:
    if fit.kidney_disease:
        yield Rule(Reason.KIDNEY, Q(kidney_caution__isnull=False))


def _drug(reader: Reader) -> Q:
    """What names one of the patient's drugs, or a group of one."""
    return Q(drugs_caution__overlap=sorted(reader.fit.substances))


def _drug_in_food(reader: Reader) -> Q:
    return _drug(reader) | Q(code__in=sorted(reader.avoided))


def _not_for(model: Any, fit: Fit) -> Rule:
    through = model.not_for.through.objects.filter(condition__in=sorted(fit.conditions))
    barred = through.order_by().values(model._meta.model_name)
    return Rule(Reason.CONDITION, Q(pk__in=barred))


def _about_an_allergen(fit: Fit) -> Iterator[Rule]:
    """Guidance that is about a food or a dish with an allergen of this person."""
    for reason, foods in _allergic_to(fit):
        dishes = _dish_with(foods)
        yield Rule(reason, _shows("foods", Food, foods) | _shows("recipes", Recipe, dishes))
    for reason, pattern in _patterns(fit):
        yield Rule(reason, _called(pattern, *NAMES))


def _allergen_in_advice(fit: Fit) -> Iterator[Rule]:
    for reason, pattern in _patterns(fit):
        yield Rule(reason, _called(pattern, "advice"))


def _about_hidden_dishes(reader: Reader) -> Iterator[Rule]:
    """Advice to eat a dish or a food goes with it; what is said beware of stays."""
    for rule in recipe_rules(reader).whole:
        if rule.reason not in (Reason.NOT_SIGNED, Reason.CONFLICT):
            hit = Q(category="recipe") & _shows("recipes", Recipe, rule.hit)
            yield Rule(rule.reason, hit)
    for rule in food_rules(reader).advice:
        if rule.reason != Reason.CONFLICT:
            yield Rule(rule.reason, Q(category="diet_do") & _shows("foods", Food, rule.hit))


def _shows(relation: str, model: type[Model], hit: Q) -> Q:
    """Guidance that shows an item of the catalogue for which a condition holds."""
    through = getattr(Guidance, relation).through.objects
    shown = through.filter(**{f"{model._meta.model_name}__in": _pks(model, hit)})
    return Q(pk__in=shown.order_by().values("guidance"))


def _pks(model: type[Model], hit: Q) -> QuerySet[Any]:
    return model._default_manager.filter(hit).order_by().values("pk")


def _contraindicated(fit: Fit) -> list[str]:
    """Kinds of treatment that a condition bars wherever on the body they are done."""
    bars = Contraindication.objects.current().filter(
        condition__in=sorted(fit.conditions), level="absolute", where="anywhere"
    )
    return sorted({code for codes in bars.values_list("modalities", flat=True) for code in codes})


def _unsigned(kind: str, reader: Reader, *, slug: str = "slug", needed: bool) -> Iterator[Rule]:
    """Patients wait for a clinic's signature; its clinicians read what they are to sign."""
    if needed and not reader.is_clinician:
        yield Rule(Reason.NOT_SIGNED, ~Q(signed(kind, reader.clinic_id, slug=slug)))


def base_rows(kind: str, reader: Reader) -> Any:
    """Return what there is for this reader at all, before anything is hidden for the body.

    A recipe is nobody's advice until it is signed, and then it is the patient's. Guidance for
    other conditions, and guidance about eating for who may not see the diet, is not there.
    """
    if kind == "recipe":
        return Recipe.objects.current().exclude(advice_audience="archive")
    if kind == "exercise":
        return Exercise.objects.current().shown_to(reader.audience)
    if kind == "food":
        return Food.objects.current().shown_to(reader.audience)
    rows = (
        Guidance.objects.current().shown_to(reader.audience).fitting(sorted(reader.fit.conditions))
    )
    if not reader.may("see_diet"):
        rows = rows.exclude(topic__in=EATING).exclude(category__in=DIET)
    return rows


RULES = {
    "recipe": recipe_rules,
    "food": food_rules,
    "guidance": guidance_rules,
    "exercise": exercise_rules,
}
