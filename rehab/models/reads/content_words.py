"""Reasons and gaps in words, for whoever reads what is fit for a patient."""

from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from exercises import reference
from rehab.domain.content_fit import Missing, Reason
from rehab.models.reads.content_shapes import HiddenCount, NotRecorded

REASONS: Mapping[str, str] = {
    Reason.ALLERGIES_UNKNOWN: gettext_noop("allergies not recorded"),
    Reason.SWALLOWING_UNKNOWN: gettext_noop("swallowing level not recorded"),
    Reason.SWALLOWING_LEVEL: gettext_noop("swallowing level"),
    Reason.KIDNEY: gettext_noop("kidneys"),
    Reason.DRUG: gettext_noop("medicines"),
    Reason.CONDITION: gettext_noop("a condition"),
    Reason.BARRED: gettext_noop("barred by the clinic"),
    Reason.CONFLICT: gettext_noop("sources disagree"),
    Reason.NOT_SIGNED: gettext_noop("not signed by the clinic yet"),
    Reason.PROFILE: gettext_noop("not for this person"),
}
ALLERGY = gettext_noop("%(name)s allergy")
OTHER_ALLERGY = gettext_noop("another allergy")
GAPS: Mapping[str, str] = {
    Missing.ALLERGIES: gettext_noop(
        "Allergies are not recorded. That does not mean that there are none: ask the clinic."
    ),
    Missing.ALLERGY_WORDS: gettext_noop(
        "An allergy is recorded in words that this catalogue does not know. Only its name is "
        "looked for: read every label, and ask the clinic."
    ),
    Missing.SWALLOWING: gettext_noop("The swallowing level is not recorded."),
    Missing.KIDNEY: gettext_noop("It is not recorded how the kidneys work."),
    Missing.DRUGS: gettext_noop("It is not recorded which medicines are taken."),
}
EVIDENCE: Mapping[str, str] = {
    "human-trial": gettext_noop("Tried in people, with a comparison"),
    "human-uncontrolled": gettext_noop("Tried in people, without a comparison"),
    "human-case": gettext_noop("Reported of single people"),
    "human-unspecified": gettext_noop("Said of people, without saying how it was studied"),
    "animal": gettext_noop("Tried in animals only"),
    "in-vitro": gettext_noop("Tried in cells only"),
    "review-statement": gettext_noop("An opinion of the authors"),
    "none": gettext_noop("Not tested"),
}


def reason_label(reason: str, language: str) -> str:
    kind, _colon, code = reason.partition(":")
    with translation.override(language):
        if kind != Reason.ALLERGY:
            return _(REASONS[kind])
        name = _allergen_name(code, language)
        return _(ALLERGY) % {"name": name} if name else _(OTHER_ALLERGY)


def hidden_line(total: int, reasons: Sequence[HiddenCount], language: str) -> str:
    """Return "3 hidden: peanut allergy, swallowing level"; "" when nothing was."""
    if not total:
        return ""
    with translation.override(language):
        said = ngettext("%(count)s hidden", "%(count)s hidden", total) % {"count": total}
        labels = _(", ").join(each.label for each in reasons)
        return _("%(hidden)s: %(why)s") % {"hidden": said, "why": labels} if labels else said


def not_recorded(missing: Sequence[Missing], language: str) -> list[NotRecorded]:
    with translation.override(language):
        return [NotRecorded(code=each, label=_(GAPS[each])) for each in missing]


def evidence_label(kind: str, language: str) -> str:
    with translation.override(language):
        return _(EVIDENCE[kind])


def ask_first(language: str) -> str:
    """What somebody is told who may not see which medicines are taken."""
    with translation.override(language):
        return _("Ask the clinic first whether this goes with what is taken.")


def _allergen_name(code: str, language: str) -> str:
    if code in reference.allergens():
        name = reference.allergens()[code].labels[language]
    elif code in reference.foods():
        name = reference.foods()[code].names[language]
    else:
        return ""
    return name.lower() if language == "en" else name
