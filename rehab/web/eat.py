"""Eat: what was ordered, dishes and foods as they are fit for one patient."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from rehab.models.reads.content import HiddenForPatient
from rehab.models.reads.content_lists import (
    LARGEST_PAGE,
    food_item,
    foods_for,
    guidance_for,
    recipe_item,
    recipes_for,
)
from rehab.models.reads.nutrition import nutrition_plan_of
from rehab.web.content_reading import reader_for, version_note
from rehab.web.doors import page, show
from rehab.web.learn import hidden
from rehab.web.presenters.eat import FoodsFound, eat_page, food_page, recipe_page
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer, view_patient


@page("GET", "HEAD")
def eat(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Targets, dishes, foods to have and to leave; what is hidden and why stands at the top."""
    viewer = view_patient(request, patient_id, action="see_diet", looked_at="recipes")
    reader = reader_for(viewer)
    foods = FoodsFound(
        good=foods_for(reader, role="do", limit=LARGEST_PAGE),
        avoid=foods_for(reader, role="avoid", limit=LARGEST_PAGE),
    )
    shown = eat_page(
        viewer,
        recipes=recipes_for(reader, limit=LARGEST_PAGE),
        foods=foods,
        guidance=[
            guidance_for(reader, topic=topic, limit=LARGEST_PAGE)
            for topic in ("swallowing", "eating")
        ],
        ordered=nutrition_plan_of(viewer.patient.pk).targets,
    )
    return _show(request, viewer, "eat", {"page": shown})


@page("GET", "HEAD")
def recipe(request: HttpRequest, patient_id: UUID, slug: str) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="see_diet", looked_at="recipes")
    try:
        found = recipe_item(reader_for(viewer), slug)
    except HiddenForPatient as error:
        return hidden(request, viewer, error, current="eat")
    return _show(request, viewer, "recipe", {"page": recipe_page(found, viewer)})


@page("GET", "HEAD")
def food(request: HttpRequest, patient_id: UUID, code: str) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="see_diet", looked_at="foods")
    try:
        found = food_item(reader_for(viewer), code)
    except HiddenForPatient as error:
        return hidden(request, viewer, error, current="eat")
    return _show(request, viewer, "food", {"page": food_page(found, viewer)})


def _show(
    request: HttpRequest, viewer: Viewer, name: str, context: dict[str, object]
) -> HttpResponse:
    shown = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "eat"),
        "version": version_note(viewer),
        **context,
    }
    return show(request, f"rehab/eat/{name}.html", shown)
