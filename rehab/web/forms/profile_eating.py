"""What the profile asks about eating: allergies, swallowing, kidneys, and what is taken."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from exercises import reference
from rehab.domain.content_fit import KIDNEY, SEVERITIES
from rehab.models import ClinicalProfile
from rehab.web.forms.fields import checks, choice, long_text, select, text
from rehab.web.presenters import words
from rehab.web.presenters.eat import texture, thickness

BLANK_ROWS = 2
Said = Mapping[str, Any]


def eating_fields(profile: ClinicalProfile, language: str) -> Iterator[tuple[str, forms.Field]]:
    yield "allergies_known", choice(_("Any allergy?"), _answers(), required=True)
    severities = [(code, str(words.SEVERITIES[code])) for code in SEVERITIES]
    for code, allergen in reference.allergens().items():
        yield (
            f"allergen-{code}",
            select(allergen.labels[language], severities, empty=_("Not named")),
        )
    for place in range(len(_typed(profile)) + BLANK_ROWS):
        yield f"allergy-{place}", text(_("Allergic to"), max_length=200)
        yield f"severity-{place}", select(_("How badly"), severities)
    levels = [(str(level), texture(level)) for level in range(3, 8)]
    unknown = str(words.ANSWERS["unknown"])
    yield "swallowing_food", select(_("Texture of food"), levels, empty=unknown)
    levels = [(str(level), thickness(level)) for level in range(5)]
    yield "swallowing_drink", select(_("Thickness of drinks"), levels, empty=unknown)
    yield (
        "mixed_textures",
        choice(_("Thin liquid with pieces in it is allowed"), _answers(), required=True),
    )
    kidneys = [(code, str(words.KIDNEY[code])) for code in KIDNEY]
    yield "kidney", select(_("Kidneys"), kidneys, required=True)
    yield "drugs_known", choice(_("Are medicines taken?"), _answers(), required=True)
    for kind, label in words.SUBSTANCES.items():
        options = [
            (code, each.labels[language])
            for code, each in reference.substances().items()
            if each.kind == kind
        ]
        yield f"taken-{kind}", checks(str(label), options)
    yield (
        "taken_else",
        long_text(_("Anything else that is taken"), help_text=_("One thing a line.")),
    )


def eating_initial(profile: ClinicalProfile, language: str) -> dict[str, Any]:
    by_class = {each.get("code"): each.get("severity", "unknown") for each in profile.allergies}
    taken = [each.get("code") for each in profile.drugs]
    found: dict[str, Any] = {
        "allergies_known": profile.allergies_known,
        "swallowing_food": _level(profile.swallowing_food),
        "swallowing_drink": _level(profile.swallowing_drink),
        "mixed_textures": profile.mixed_textures,
        "kidney": profile.kidney,
        "drugs_known": profile.drugs_known,
        "taken_else": "\n".join(each["text"] for each in profile.drugs if each.get("text")),
    }
    for code in reference.allergens():
        found[f"allergen-{code}"] = by_class.get(code, "")
    for place, each in enumerate(_typed(profile)):
        found[f"allergy-{place}"] = _called(each, language)
        found[f"severity-{place}"] = each.get("severity", "unknown")
    for kind in words.SUBSTANCES:
        found[f"taken-{kind}"] = [code for code in taken if _kind(code) == kind]
    return found


def eating_faults(said: Said) -> Iterator[tuple[str, str]]:
    """Yield the questions that were answered "no" while something is named below them."""
    named = any(said.get(f"allergen-{code}") for code in reference.allergens()) or any(
        value for name, value in said.items() if name.startswith("allergy-")
    )
    if named and said.get("allergies_known") == "no":
        yield "allergies_known", _("An allergy is named below. Say yes, or take it away.")
    taken = said.get("taken_else") or any(said.get(f"taken-{kind}") for kind in words.SUBSTANCES)
    if taken and said.get("drugs_known") == "no":
        yield "drugs_known", _("Something is named below. Say yes, or take it away.")


def eating_changes(said: Said, profile: ClinicalProfile, language: str) -> dict[str, Any]:
    return {
        "allergies_known": said["allergies_known"],
        "allergies": list(_allergies(said, profile, language)),
        "swallowing_food": _number(said["swallowing_food"]),
        "swallowing_drink": _number(said["swallowing_drink"]),
        "mixed_textures": said["mixed_textures"],
        "kidney": said["kidney"],
        "drugs_known": said["drugs_known"],
        "drugs": list(_drugs(said, profile)),
    }


def _allergies(said: Said, profile: ClinicalProfile, language: str) -> Iterator[Mapping[str, str]]:
    for code in reference.allergens():
        if severity := said[f"allergen-{code}"]:
            yield {"code": code, "text": "", "severity": severity}
    codes = {_called(each, language): each.get("code", "") for each in _typed(profile)}
    for place in range(len(_typed(profile)) + BLANK_ROWS):
        if words_of := said[f"allergy-{place}"].strip():
            code = codes.get(words_of, "")
            severity = said[f"severity-{place}"] or "unknown"
            yield {"code": code, "text": "" if code else words_of, "severity": severity}


def _drugs(said: Said, profile: ClinicalProfile) -> Iterator[Mapping[str, str]]:
    notes = {each.get("code") or each.get("text"): each.get("note", "") for each in profile.drugs}
    for kind in words.SUBSTANCES:
        for code in said[f"taken-{kind}"]:
            yield {"code": code, "text": "", "note": notes.get(code, "")}
    for line in said["taken_else"].splitlines():
        if typed := line.strip():
            yield {"code": "", "text": typed, "note": notes.get(typed, "")}


def _typed(profile: ClinicalProfile) -> Sequence[Mapping[str, str]]:
    """Allergies that are no class of the catalogue: a single food, or words."""
    return [each for each in profile.allergies if each.get("code") not in reference.allergens()]


def _called(allergy: Mapping[str, str], language: str) -> str:
    known = reference.foods().get(allergy.get("code", ""))
    return known.names[language] if known else allergy.get("text") or allergy.get("code", "")


def _kind(code: str | None) -> str:
    known = reference.substances().get(code or "")
    return known.kind if known else ""


def _answers() -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in words.ANSWERS.items()]


def _level(value: int | None) -> str:
    return "" if value is None else str(value)


def _number(said: str) -> int | None:
    return int(said) if said else None
