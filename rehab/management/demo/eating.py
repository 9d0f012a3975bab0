"""Eating in the demo clinic: its recipes are signed, and one patient has a nutrition plan."""

from datetime import datetime

from exercises.models import Recipe
from rehab.actions.nutrition import set_nutrition_plan
from rehab.actions.signing import Read, sign_content
from rehab.domain.nutrition import NutritionEntry
from rehab.domain.recurrence import local_date
from rehab.management.demo.people import CLINIC, ZONE, DemoClinic
from rehab.models import SignedKind


def sign_recipes(demo: DemoClinic, *, at: datetime) -> None:
    """Let the demo clinician sign every recipe, as a real one would after reading it."""
    recipes = Recipe.objects.current().order_by("position", "slug")
    items = [
        Read(kind=SignedKind.RECIPE, slug=recipe.slug, digest=recipe.digest) for recipe in recipes
    ]
    sign_content(by=demo.clinician, at=at, clinic_id=CLINIC, items=items)


def order_texture(demo: DemoClinic, *, at: datetime) -> None:
    """Order soft food and thickened drinks for the patient after a stroke."""
    entry = NutritionEntry(
        set_by="示例言语治疗师 Demo speech therapist",
        set_by_role="言语治疗师 Speech therapist",
        set_on=local_date(at, ZONE),
        food_level=5,
        drink_level=2,
        notes="坐直进食，吃完再坐一会儿。 Upright at meals, and for a while after.",
    )
    set_nutrition_plan(
        by=demo.clinician, at=at, patient_id=demo.patients["shoulder"].pk, entry=entry
    )
