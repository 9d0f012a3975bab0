"""{% load drawings %}{% exercise_drawing exercise side end_degrees %}"""

from collections.abc import Iterator
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from exercises import pictures
from exercises.domain.languages import chosen_language

register = template.Library()


@register.simple_tag(takes_context=True)
def exercise_drawing(
    context: Context, exercise: Any, side: str = "right", end_degrees: float | None = None
) -> SafeString:
    """Draw what an exercise or a part of a plan moves, or where its electrodes lie.

    `exercise` names by code its `modality`, its `motion` or its `muscle` and `other_muscles` (with
    `_id` on a model). Nothing is drawn for what has no drawing, nor are pads for what is no
    stimulation. The page links `exercises/drawings.css`.
    """
    language = chosen_language(accepted=get_language() or "", own=None)
    figures = [
        (_figure(context, language, side=side, **asked),) for asked in _asked(exercise, end_degrees)
    ]
    return format_html_join("", "{}", figures)


def _asked(exercise: Any, end_degrees: float | None) -> Iterator[dict[str, Any]]:
    muscles = [_code(exercise, "muscle"), *(getattr(exercise, "other_muscles", None) or ())]
    for what in pictures.drawn_for(
        modality=_code(exercise, "modality"), motion=_code(exercise, "motion"), muscles=muscles
    ):
        yield {**what, "end_degrees": end_degrees} if "motion" in what else {**what}


def _figure(context: Context, language: str, **asked: Any) -> SafeString:
    drawn = pictures.drawing(language=language, occurrence=_next_of_page(context), **asked)
    asked.pop("end_degrees", None)
    caption = pictures.title(language=language, **asked)
    # Made from our own sheets alone; titles and descriptions are escaped where they are put in.
    svg = mark_safe(drawn)  # noqa: S308
    return format_html('<figure class="drawn">{}<figcaption>{}</figcaption></figure>', svg, caption)


def _next_of_page(context: Context) -> int:
    """The same drawing may stand on a page twice; its ids may not."""
    counted = context.render_context.setdefault("drawings", [0])
    request = context.get("request")
    if request is not None:
        counted = request.__dict__.setdefault("_drawings", [0])
    counted[0] += 1
    return counted[0]


def _code(exercise: Any, name: str) -> str:
    return getattr(exercise, f"{name}_id", None) or getattr(exercise, name, None) or ""
