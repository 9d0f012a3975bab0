"""Why a plan cannot start, by item and part, in the words of the form."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from patients.domain.errors import DomainError, FieldError
from rehab.models import PlanItem
from rehab.models.reads.names import part_name, said_in, title_of
from rehab.models.reads.plans import PlanDetail
from rehab.web.forms.refusals import said
from rehab.web.presenters import doses


def problem_lines(error: DomainError, detail: PlanDetail, language: str) -> list[str]:
    """One line a problem; gates are left out, they have cards of their own."""
    found = [each for each in error.errors if ".gates." not in each.field]
    lines = [_line(each, detail.items, language) for each in found]
    return list(dict.fromkeys(lines)) or [said(error)]


def _line(error: FieldError, items: Sequence[PlanItem], language: str) -> str:
    place, part, code = _where(error.field)
    if place is None or place >= len(items):
        return error.detail
    name = _name(items[place], part, language)
    if error.code != "required" or code not in doses.known():
        return f"{name}: {error.detail}"
    return _("%(where)s: fill in %(field)s") % {
        "where": name,
        "field": doses.label_of(code, language),
    }


def _where(path: str) -> tuple[int | None, int | None, str]:
    match path.split("."):
        case ["items", item, "parts", part, *rest]:
            return int(item), int(part), rest[-1]
        case ["items", item, *rest]:
            return int(item), None, rest[-1]
    return None, None, path


def _name(item: PlanItem, part: int | None, language: str) -> str:
    title = title_of(item.title, item.exercise.slug)[language]
    parts = sorted(item.parts.all(), key=lambda each: each.position)
    if part is None or part >= len(parts):
        return title
    label = said_in(part_name(parts[part]), language)
    return f"{title}, {label}" if label else title
