"""Conditions on the profile: which, since when, and where on the body."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from exercises import reference
from rehab.actions.profile_faults import LIMBS
from rehab.models import ClinicalProfile
from rehab.web.forms.fields import checks, select
from rehab.web.presenters import words

Said = Mapping[str, Any]


def condition_fields(profile: ClinicalProfile, language: str) -> Iterator[tuple[str, forms.Field]]:
    named = [(code, each.labels[language]) for code, each in reference.conditions().items()]
    yield "conditions", checks(_("Conditions"), named)
    for code in recorded(profile):
        yield f"since-{code}", _day()
        yield f"limbs-{code}", checks(_("Where"), _places())
    yield "more", select(_("Another condition"), named, empty=_("None"))
    yield "more_since", _day()
    yield "more_limbs", checks(_("Where"), _places())


def condition_initial(profile: ClinicalProfile) -> dict[str, Any]:
    found: dict[str, Any] = {"conditions": recorded(profile)}
    for each in profile.conditions:
        found[f"since-{each['code']}"] = each.get("since")
        found[f"limbs-{each['code']}"] = each.get("limbs") or []
    return found


def recorded(profile: ClinicalProfile) -> list[str]:
    """Codes of the conditions on a profile that the catalogue still knows."""
    return [each["code"] for each in profile.conditions if each["code"] in reference.conditions()]


def condition_changes(said: Said, profile: ClinicalProfile) -> list[Mapping[str, object]]:
    """Conditions as the action records them; what the form does not ask for stays as it was."""
    before = {each["code"]: each for each in profile.conditions}
    chosen = list(dict.fromkeys([*said["conditions"], *filter(None, [said["more"]])]))
    return [
        {
            "note": "",
            **before.get(code, {}),
            "code": code,
            "since": _since(said, code),
            "limbs": _limbs(said, code),
        }
        for code in chosen
    ]


def _since(said: Said, code: str) -> str | None:
    day = said["more_since"] if code == said["more"] else said.get(f"since-{code}")
    return day.isoformat() if day else None


def _limbs(said: Said, code: str) -> list[str]:
    found = said["more_limbs"] if code == said["more"] else said.get(f"limbs-{code}")
    return list(found or ())


def _day() -> forms.Field:
    return forms.DateField(
        label=_("Since"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


def _places() -> list[tuple[str, str]]:
    return [(place, str(words.PLACES[place])) for place in LIMBS if place in words.PLACES]
