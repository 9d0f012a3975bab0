"""Words for the codes of the catalogue, as pages say them."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from exercises import reference
from rehab.models.reads.content_words import EVIDENCE
from rehab.web.presenters import doses

KINDS = {
    "guidance": gettext_lazy("Guidance"),
    "exercise": gettext_lazy("Exercise"),
    "food": gettext_lazy("Food"),
    "recipe": gettext_lazy("Recipe"),
    "protocol": gettext_lazy("Plan template"),
    "instrument": gettext_lazy("Assessment"),
}

# What has no page of its own.
PARTS = {
    "precaution": gettext_lazy("Precaution"),
    "time_window": gettext_lazy("Time window"),
    "conflict": gettext_lazy("Conflict"),
}
ALL_KINDS = {**KINDS, **PARTS}

STATES = {
    "changed": (gettext_lazy("Changed since it was signed"), "wait", "edit"),
    "new": (gettext_lazy("Not signed"), "quiet", "info"),
    "signed": (gettext_lazy("Signed"), "done", "check"),
}

TOPICS = {
    "movement": gettext_lazy("Moving and stretching"),
    "stimulation": gettext_lazy("Electrical stimulation"),
    "standing_and_bone": gettext_lazy("Standing and bone"),
    "strength": gettext_lazy("Strength"),
    "skin_and_position": gettext_lazy("Skin and position"),
    "daily_life": gettext_lazy("Daily life"),
    "eating": gettext_lazy("Eating"),
    "swallowing": gettext_lazy("Swallowing"),
    "traditional": gettext_lazy("Traditional ways"),
    "checking": gettext_lazy("Checks and tests"),
    "medicine": gettext_lazy("Medicines"),
    "surgery": gettext_lazy("Surgery"),
    "research": gettext_lazy("Research"),
    "about": gettext_lazy("About the condition"),
}

ROLES = {
    "do": gettext_lazy("Good to eat"),
    "avoid": gettext_lazy("Better left out"),
    "ingredient": gettext_lazy("Ingredient"),
}

AUDIENCES = {
    "patient": gettext_lazy("Patients and clinicians"),
    "clinician": gettext_lazy("Clinicians only"),
    "archive": gettext_lazy("Nobody: kept for the record"),
}

PLACES = {
    "home": gettext_lazy("At home"),
    "clinic": gettext_lazy("At the clinic"),
    "anywhere": gettext_lazy("Anywhere"),
}

USES = {
    "plan": gettext_lazy("May be put into a plan"),
    "record": gettext_lazy("May be recorded"),
    "read": gettext_lazy("To read only"),
}

# How firm the ground is, as a colour: never the only sign, the words stand beside it.
GROUND = {
    "human-trial": "done",
    "human-uncontrolled": "leaf",
    "human-case": "leaf",
    "human-unspecified": "quiet",
    "animal": "wait",
    "in-vitro": "wait",
    "review-statement": "quiet",
    "none": "wait",
}

FIELDS = {
    "names": pgettext_lazy("of an item", "Name"),
    "other_names": gettext_lazy("Other names"),
    "summary": gettext_lazy("In short"),
    "advice": gettext_lazy("Advice"),
    "caution": gettext_lazy("Caution"),
    "cautions": gettext_lazy("Caution"),
    "choking": gettext_lazy("Risk of choking"),
    "kidney_caution": gettext_lazy("With weak kidneys"),
    "drugs_caution": gettext_lazy("Not together with"),
    "claim": gettext_lazy("What the document says"),
    "not_for_because": gettext_lazy("Not for"),
    "later_evidence": gettext_lazy("What was found later"),
    "evidence_kind": gettext_lazy("How well proven"),
    "evidence_people": gettext_lazy("People in the best study"),
    "evidence_detail": gettext_lazy("What was found"),
    "evidence_says": gettext_lazy("What we make of it"),
    "topic": gettext_lazy("Topic"),
    "place": gettext_lazy("Where"),
    "use": gettext_lazy("Use"),
    "role": gettext_lazy("On the list"),
    "taught_by_clinic": gettext_lazy("Taught by the clinic first"),
    "advice_audience": gettext_lazy("Who reads the advice"),
    "caution_audience": gettext_lazy("Who reads the caution"),
    "steps": gettext_lazy("Step"),
    "stop_at": gettext_lazy("Stop"),
    "precautions": gettext_lazy("Beware"),
    "sources": gettext_lazy("Source"),
    "allergens": gettext_lazy("Allergens"),
    "textures": gettext_lazy("IDDSI food level"),
    "texture": gettext_lazy("IDDSI food level"),
    "drink_level": gettext_lazy("IDDSI drink level"),
    "mixed": gettext_lazy("Thin liquid with pieces in it"),
    "portions": gettext_lazy("Portions"),
    "minutes": gettext_lazy("Minutes"),
    "protein_grams": gettext_lazy("Protein, grams a portion"),
    "ingredients": gettext_lazy("Ingredient"),
    "drafted": gettext_lazy("How it was drafted"),
    "conditions": gettext_lazy("For"),
    "gates": gettext_lazy("Confirmed before it starts"),
    "barred": gettext_lazy("What the plan forbids"),
    "milestones": gettext_lazy("Milestone"),
    "phase_weeks": gettext_lazy("Weeks of this phase"),
    "review_after_weeks": gettext_lazy("Review after weeks"),
    "training_expires_after_weeks": gettext_lazy("Training ends after weeks"),
    "items": gettext_lazy("Item"),
    "about": gettext_lazy("What it measures"),
    "scores": gettext_lazy("Score"),
    "better": gettext_lazy("Better"),
    "changes": gettext_lazy("Change that means something"),
    "cut_offs": gettext_lazy("Limits"),
    "licence": gettext_lazy("Licence"),
    "entered_by": gettext_lazy("Entered by"),
    "reassess_weeks": gettext_lazy("Again after weeks"),
    "earliest_weeks": gettext_lazy("Not again before weeks"),
}

CODES = {
    "topic": TOPICS,
    "place": PLACES,
    "use": USES,
    "role": ROLES,
    "advice_audience": AUDIENCES,
    "caution_audience": AUDIENCES,
}

YES_NO = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}


def field_label(field: str, language: str) -> str:
    """What a line of a wording is: "Step 2", "Not for: Dysphagia", "Item ride, dose: minutes"."""
    head, *rest = field.split(".")
    label = str(FIELDS.get(head, head))
    return " · ".join([label, *(_piece(each, language) for each in rest)])


def _piece(piece: str, language: str) -> str:
    if piece.isdigit():
        return piece
    condition = reference.conditions().get(piece)
    if condition:
        return condition.labels[language]
    return str(FIELDS.get(piece) or doses.label_of(piece, language))


def value_words(field: str, value: str, language: str) -> str:
    """A line's text; a code is said in words of that language, whatever the page's is."""
    with translation.override(language):
        if field == "evidence_kind" and value in EVIDENCE:
            return _(EVIDENCE[value])
        words = CODES.get(field, {}).get(value)
        if words is None and field in ("taught_by_clinic", "mixed"):
            words = YES_NO.get(value)
        return str(words or value)


def proven(kind: str, people: int | None, *, traditional: bool = False) -> str:
    """How well something is proven, in plain words: "Tested in people, …: 15 people"."""
    if traditional and kind in ("none", "review-statement"):
        return _("Traditional view, not tested")
    words = _(EVIDENCE[kind])
    if people is None or not kind.startswith("human"):
        return words
    counted = ngettext("%(many)s person", "%(many)s people", people) % {"many": people}
    return _("%(words)s: %(people)s") % {"words": words, "people": counted}
