"""A measurement as it is typed: the scores of one instrument, and what must stand beside them."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from exercises import reference
from rehab.domain.assessments import AssessmentEntry
from rehab.domain.instruments import (
    CANNOT_FEEL,
    NOT_TESTABLE,
    UNABLE,
    InstrumentSpec,
    ResultEntry,
    ScoreSpec,
)
from rehab.domain.recurrence import instant, local_time
from rehab.domain.session_entry import Value
from rehab.domain.typed import UnreadableMeasure, parse_typed
from rehab.web.forms.fields import Options, choice, hidden, long_text, number, select, shaped, text
from rehab.web.forms.session import performers
from rehab.web.viewing import Viewer

SIDES = ("left", "right")


class AssessmentForm(forms.Form):
    """Scores of one hand, leg or half of the body have a field for each side."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, spec: InstrumentSpec, viewer: Viewer
    ) -> None:
        local = local_time(viewer.now, viewer.patient.zone)
        start = {
            "id": uuid4(),
            "on": local.date(),
            "at": local.time(),
            "assessed_by": viewer.performer,
        }
        super().__init__(data, initial=start)
        self.spec, self.viewer = spec, viewer
        self.sheet = reference.instruments()[spec.code]
        self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["confirmed"] = hidden()
        self.fields.update(dict(self._facts()))
        self.fields.update(dict(self._scores()))
        self.fields.update(dict(self._when()))

    def value_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(("v-", "w-"))]

    def fact_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("f-")]

    def _sided(self, score: ScoreSpec) -> bool:
        """Both sides at once where the side alone tells two values apart."""
        return "side" in score.needs and not {"muscle", "motion", "site"} & set(score.needs)

    def _facts(self) -> Iterator[tuple[str, forms.Field]]:
        wanted = dict.fromkeys(
            name
            for score in self.spec.scores.values()
            for name in score.needs
            if not (name == "side" and self._sided(score))
        )
        for name in wanted:
            yield f"f-{name}", self._fact(name)

    def _fact(self, name: str) -> forms.Field:
        language = self.viewer.language
        label = fact_label(name)
        if name == "muscle":
            muscles = reference.muscles().items()
            return select(
                label, [(code, each.labels[language]) for code, each in muscles], empty=_("Choose")
            )
        if name == "motion":
            motions = reference.motions().items()
            return select(
                label, [(code, each.labels[language]) for code, each in motions], empty=_("Choose")
            )
        if (options := fact_options().get(name)) is not None:
            return choice(label, options)
        if name in ("landmark_distance_cm", "distance_m"):
            return number(label, unit="cm" if name.endswith("_cm") else "m")
        return text(label, max_length=120)

    def _scores(self) -> Iterator[tuple[str, forms.Field]]:
        for score in self.spec.scores.values():
            for side in SIDES if self._sided(score) else ("",):
                yield f"v-{score.code}-{side}", self._value(score, side)
                if score.answers and not score.grades:
                    words = answer_words()
                    options = [(code, words[code]) for code in score.answers]
                    label = _("Instead of a number")
                    if side:
                        label = f"{label} ({dict(fact_options()['side'])[side]})"
                    yield f"w-{score.code}-{side}", select(label, options, empty=_("Not needed"))

    def _value(self, score: ScoreSpec, side: str) -> forms.Field:
        sheet = next(each for each in self.sheet.scores if each.code == score.code)
        label = sheet.labels[self.viewer.language]
        if side:
            label = f"{label} · {dict(fact_options()['side'])[side]}"
        if not score.grades:
            low, high = f"{score.minimum:g}", f"{score.maximum:g}"
            hint = _("%(low)s to %(high)s") % {"low": low, "high": high}
            return number(label, unit=score.unit, help_text=hint)
        words = answer_words()
        grades: Options = [
            *(
                (each.code, each.labels[self.viewer.language])
                for each in sheet.grades
                if self.viewer.is_clinician or not each.clinicians_only
            ),
            *((code, words[code]) for code in score.answers),
        ]
        return select(label, grades, empty=_("Not recorded"))

    def _when(self) -> Iterator[tuple[str, forms.Field]]:
        yield (
            "on",
            shaped(
                forms.DateField(
                    label=_("Date"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
                ),
                "text",
            ),
        )
        yield (
            "at",
            shaped(
                forms.TimeField(label=_("Time"), widget=forms.TimeInput({"type": "time"}, "%H:%M")),
                "text",
            ),
        )
        yield (
            "assessed_by",
            choice(_("Who measured?"), performers(self.viewer.performer), required=True),
        )
        yield "assessor_name", text(_("Name"), max_length=120)
        yield "note", long_text(_("Note"))

    def entry(self) -> AssessmentEntry:
        said, zone = self.cleaned_data, self.viewer.patient.zone
        return AssessmentEntry(
            instrument=self.spec.code,
            performed_at=local_time(instant(said["on"], said["at"], zone), zone),
            zone=zone,
            results=tuple(self._results()),
            assessed_by=said["assessed_by"],
            assessor_name=said["assessor_name"],
            note=said["note"],
            confirmed=("unusual_change",) if said["confirmed"] == self._said() else (),
        )

    def asking(self) -> str:
        """What to send along so that these values, and no others, count as confirmed."""
        return self._said()

    def _said(self) -> str:
        values = (str(self.cleaned_data.get(name, "")) for name in self.data if name[:2] == "v-")
        return "|".join(values)

    def _results(self) -> Iterator[ResultEntry]:
        for score in self.spec.scores.values():
            for side in SIDES if self._sided(score) else ("",):
                name = f"{score.code}-{side}"
                typed = self.cleaned_data[f"v-{name}"].strip()
                word = self.cleaned_data.get(f"w-{name}", "")
                if typed or word:
                    value = word or _number(typed, score)
                    yield ResultEntry(
                        score=score.code,
                        value=value,
                        facts=self._beside(score, side),
                        typed="" if word or score.grades or typed == str(value) else typed,
                    )

    def _beside(self, score: ScoreSpec, side: str) -> dict[str, Value]:
        facts: dict[str, Value] = {}
        for name in score.needs:
            given = side if name == "side" and side else self.cleaned_data.get(f"f-{name}", "")
            if name in ("landmark_distance_cm", "distance_m") and given:
                facts[name] = _typed_number(given, "cm" if name.endswith("_cm") else "m")
            else:
                facts[name] = given
        return facts

    def name_of(self, path: str) -> str:
        """Where on the form a path of the entry is: "results.0.facts.side" is "f-side"."""
        match path.split("."):
            case ["results", place, "facts", name]:
                return f"f-{name}"
            case ["results", place, _rest]:
                told = list(self._results())[int(place)]
                side = (
                    told.facts.get("side", "") if self._sided(self.spec.scores[told.score]) else ""
                )
                return f"v-{told.score}-{side}"
        return {"performed_at": "at"}.get(path, path)


def _number(typed: str, score: ScoreSpec) -> Value:
    return typed if score.grades else _typed_number(typed, score.unit, score.step)


def _typed_number(typed: str, unit: str, step: float | None = None) -> Value:
    """A number as typed; what cannot be read goes on as it is, and the action says so.

    One in another unit lands between the steps of the scale, and is put on the nearest.
    """
    try:
        value = parse_typed(typed, unit).value
    except UnreadableMeasure:
        return typed
    if step and typed[-1:].isalpha():
        value = round(round(value / step) * step, 6)
    return int(value) if value == int(value) else value


def answer_words() -> dict[str, str]:
    return {
        UNABLE: _("Not able to do it"),
        CANNOT_FEEL: _("Cannot feel here"),
        NOT_TESTABLE: _("Not testable"),
    }


def fact_options() -> dict[str, Options]:
    return {
        "side": [("left", _("Left")), ("right", _("Right")), ("none", _("No side"))],
        "active_or_passive": [("active", _("Active")), ("passive", _("Passive"))],
        "knee_position": [
            ("straight", _("Knee straight")),
            ("bent", _("Knee bent")),
            ("not_applicable", _("Does not matter here")),
        ],
        "swelling": [("yes", _("Swollen")), ("no", _("Not swollen"))],
    }


def fact_label(name: str) -> str:
    return {
        "side": _("Side"),
        "muscle": _("Muscle"),
        "motion": _("Motion"),
        "site": _("Where on the body"),
        "active_or_passive": _("Active or passive"),
        "angle_instrument": _("Measured with"),
        "knee_position": _("Position of the knee"),
        "landmark_distance_cm": _("Distance from the landmark"),
        "device": _("Device"),
        "distance_m": _("Measured distance"),
        "walking_aid": _("Walking aid"),
        "swelling": _("Swelling"),
        "version": _("Version of the form"),
        "rater": _("Certified rater"),
        "scale": _("Scale"),
        "value_set": _("Value set of which country"),
    }.get(name, name)
