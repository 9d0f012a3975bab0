"""The clinical profile as a clinician fills it in. It starts from unknown, which is an answer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from exercises import reference
from rehab import rules
from rehab.actions.profile_faults import INNERVATION, LEVELS
from rehab.domain.typed import UnreadableMeasure, parse_typed
from rehab.models import ClinicalProfile
from rehab.web.forms.fields import checks, choice, long_text, number, select, text
from rehab.web.forms.profile_conditions import (
    condition_changes,
    condition_fields,
    condition_initial,
)
from rehab.web.forms.profile_eating import (
    eating_changes,
    eating_faults,
    eating_fields,
    eating_initial,
)
from rehab.web.presenters import words

SIDED = ("arm", "hand", "leg", "foot")
BASELINES = {
    "systolic_mmhg": "mmHg",
    "diastolic_mmhg": "mmHg",
    "pulse_per_minute": "/min",
    "pain": "",
    "effort": "",
}


class ProfileForm(forms.Form):
    """Built from the profile in force; `changes` is what the action records."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        profile: ClinicalProfile,
        language: str,
        exercises: Sequence[tuple[str, str]],
    ) -> None:
        initial = {
            **_initial(profile),
            **condition_initial(profile),
            **eating_initial(profile, language),
        }
        super().__init__(data, initial=initial)
        self.profile, self.language, self.exercises = profile, language, exercises
        self.fields.update(dict(self._body()))
        self.fields.update(dict(self._lists()))
        self.fields.update(dict(condition_fields(profile, language)))
        self.fields.update(dict(eating_fields(profile, language)))

    def _body(self) -> Iterator[tuple[str, forms.Field]]:
        yield "spinal_cord_injury", choice(_("Spinal cord injury"), _answers(), required=True)
        levels = [(level, level) for level in LEVELS]
        yield "injury_level", select(_("Injury level"), levels, empty=str(words.ANSWERS["unknown"]))
        for question in rules.questions():
            yield (
                f"answer-{question.code}",
                choice(question.labels[self.language], _answers(), required=True),
            )
        for code, muscle in reference.muscles().items():
            options = [(status, str(words.INNERVATION[status])) for status in INNERVATION]
            yield f"nerve-{code}", select(muscle.labels[self.language], options)
        for code, unit in BASELINES.items():
            yield f"base-{code}", number(str(words.BASELINES[code]), unit=unit)

    def _lists(self) -> Iterator[tuple[str, forms.Field]]:
        yield "insensate", checks(_("Where feeling is missing"), list(_places()))
        for code in teachable():
            yield f"taught-{code}-to", text(_("Shown to"), max_length=120)
            yield f"taught-{code}-by", text(_("by"), max_length=120)
            yield (
                f"taught-{code}-on",
                forms.DateField(
                    label=_("on"),
                    required=False,
                    widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
                ),
            )
        for place, each in enumerate(self.profile.barred):
            yield (
                f"unbar-{place}",
                forms.BooleanField(label=self._barred_name(each), required=False),
            )
        yield "bar", select(_("Bar another exercise"), self.exercises, empty=_("None"))
        yield "bar_reason", text(_("Because"), max_length=300)
        yield "note", long_text(_("Note"))

    def _barred_name(self, barred: Mapping[str, str]) -> str:
        names = dict(self.exercises)
        return f"{names.get(barred['exercise'], barred['exercise'])} · {barred.get('reason', '')}"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for code in teachable():
            given = [said.get(f"taught-{code}-{name}") for name in ("to", "by", "on")]
            if any(given) and not all(given):
                self.add_error(f"taught-{code}-to", _("Say to whom, by whom and when."))
        if said.get("bar") and not said.get("bar_reason"):
            self.add_error("bar_reason", _("Say why in a few words."))
        for name, fault in eating_faults(said):
            self.add_error(name, fault)
        return said

    def changes(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "spinal_cord_injury": said["spinal_cord_injury"],
            "injury_level": said["injury_level"] or "unknown",
            "answers": {each.code: said[f"answer-{each.code}"] for each in rules.questions()},
            "innervation": {
                code: said[f"nerve-{code}"] for code in reference.muscles() if said[f"nerve-{code}"]
            },
            "baselines": {
                code: _typed(said[f"base-{code}"], unit) for code, unit in BASELINES.items()
            },
            "insensate": said["insensate"],
            "conditions": condition_changes(said, self.profile),
            "taught": list(self._taught()),
            "barred": self._barred(),
            "note": said["note"],
            **eating_changes(said, self.profile, self.language),
        }

    def _taught(self) -> Iterator[dict[str, str]]:
        for code in teachable():
            to, by, on = (self.cleaned_data[f"taught-{code}-{name}"] for name in ("to", "by", "on"))
            if to and by and on:
                yield {"motion": code, "to": to, "by": by, "on": on.isoformat()}

    def _barred(self) -> list[Mapping[str, str]]:
        kept = [
            each
            for place, each in enumerate(self.profile.barred)
            if not self.cleaned_data[f"unbar-{place}"]
        ]
        if self.cleaned_data["bar"]:
            kept.append(
                {"exercise": self.cleaned_data["bar"], "reason": self.cleaned_data["bar_reason"]}
            )
        return kept


def teachable() -> list[str]:
    """The motions that wait for "shown to ... by ... on ..."."""
    return [
        code
        for code, motion in reference.motions().items()
        if motion.needs_teaching or motion.needs_teaching_above_degrees is not None
    ]


def field_name(path: str) -> str:
    """Where on the form a path of the profile is: "answers.pacemaker" is "answer-pacemaker"."""
    head, _dot, rest = path.partition(".")
    prefixes = {"answers": "answer", "innervation": "nerve", "baselines": "base"}
    if head in ("conditions", "allergies", "drugs"):
        return {"conditions": "more", "allergies": "allergies_known", "drugs": "taken_else"}[head]
    return f"{prefixes[head]}-{rest}" if head in prefixes else head


def _answers() -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in words.ANSWERS.items()]


def _places() -> Iterator[tuple[str, str]]:
    for region in SIDED:
        for side in ("left", "right"):
            yield f"{side}_{region}", str(words.PLACES[f"{side}_{region}"])
    yield "trunk", str(words.PLACES["trunk"])


def _initial(profile: ClinicalProfile) -> dict[str, Any]:
    taught = {each["motion"]: each for each in profile.taught}
    return {
        "spinal_cord_injury": profile.spinal_cord_injury,
        "injury_level": "" if profile.injury_level == "unknown" else profile.injury_level,
        **{
            f"answer-{each.code}": profile.answers.get(each.code, "unknown")
            for each in rules.questions()
        },
        **{
            f"nerve-{code}": profile.innervation.get(code, "unknown")
            for code in reference.muscles()
        },
        **{f"base-{code}": profile.baselines.get(code) for code in BASELINES},
        "insensate": profile.insensate,
        **{
            f"taught-{code}-{name}": each.get(name)
            for code, each in taught.items()
            for name in ("to", "by", "on")
        },
        "note": profile.note,
    }


def _typed(said: str, unit: str) -> float | str | None:
    """A number as typed; what cannot be read goes on as it is, and the action says so."""
    if not said.strip():
        return None
    try:
        return parse_typed(said, unit).value
    except UnreadableMeasure:
        return said
