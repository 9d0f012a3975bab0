"""A measurement as it is typed: the scores of one instrument, and what must stand beside them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from exercises import reference
from rehab.domain.assessments import AssessmentEntry
from rehab.domain.instruments import InstrumentSpec, ResultEntry, ScoreSpec
from rehab.domain.recurrence import instant, local_time
from rehab.domain.session_entry import Value
from rehab.domain.typed import UnreadableMeasure, parse_typed
from rehab.models.reads.assessments import AssessmentView, ResultView
from rehab.web.forms.assessment_words import answer_words, fact_label, fact_options, fact_words
from rehab.web.forms.fields import Options, choice, hidden, long_text, number, select, shaped, text
from rehab.web.forms.session import performers
from rehab.web.presenters import doses
from rehab.web.viewing import Viewer

SIDES = ("left", "right")


class AssessmentForm(forms.Form):
    """Scores of one hand, leg or half of the body have a field for each side.

    corrects: the measurement that a correction starts from. What of it has no field of its own
    here (a second muscle in one measurement) gets one, so that nothing of it is lost.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        spec: InstrumentSpec,
        viewer: Viewer,
        corrects: AssessmentView | None = None,
    ) -> None:
        self.spec, self.viewer, self.corrects = spec, viewer, corrects
        self.zone = corrects.zone if corrects else viewer.patient.zone
        local = local_time(corrects.performed_at if corrects else viewer.now, self.zone)
        self.placed, self.others = self._placed(corrects.results if corrects else ())
        start = {
            "id": uuid4(),
            "on": local.date(),
            "at": local.time(),
            "assessed_by": corrects.assessed_by if corrects else viewer.performer,
            "assessor_name": corrects.assessor_name if corrects else "",
            "note": corrects.note if corrects else "",
            **dict(self._told()),
        }
        super().__init__(data, initial=start)
        self.sheet = reference.instruments()[spec.code]
        self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["confirmed"] = hidden()
        self.fields.update(dict(self._facts()))
        self.fields.update(dict(self._scores()))
        self.fields.update(dict(self._other_values()))
        self.fields.update(dict(self._when()))
        if corrects is not None:
            self.fields["reason"] = long_text(_("Why is it corrected?"), required=True)

    def value_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(("v-", "w-"))]

    def fact_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("f-")]

    def _sided(self, score: ScoreSpec) -> bool:
        """Both sides at once where the side alone tells two values apart."""
        return "side" in score.needs and not {"muscle", "motion", "site"} & set(score.needs)

    def _placed(self, told: Sequence[ResultView]) -> tuple[dict[str, ResultView], list[ResultView]]:
        """Lay what was measured over the fields: those with a field of their own, and the rest."""
        placed: dict[str, ResultView] = {}
        others: list[ResultView] = []
        shared: dict[str, Value] = {}
        for each in told:
            score = self.spec.scores.get(each.score)
            sided = score is not None and self._sided(score)
            side = str(each.facts.get("side", "")) if sided else ""
            name = f"{each.score}-{side}"
            beside = {
                key: value for key, value in each.facts.items() if not (sided and key == "side")
            }
            same = all(shared.get(key, value) == value for key, value in beside.items())
            if score and same and name not in placed and (not sided or side in SIDES):
                placed[name] = each
                shared |= beside
            else:
                others.append(each)
        return placed, others

    def _told(self) -> Iterator[tuple[str, Value]]:
        """What the fields say at first: the values as they were typed, and what stood beside."""
        listed = [*self.placed.items(), *((str(n), one) for n, one in enumerate(self.others))]
        for name, each in listed:
            score = self.spec.scores.get(each.score)
            is_word = score is not None and not score.grades and each.value in score.answers
            yield f"{'w' if is_word else 'v'}-{name}", each.typed or _shown(each.value)
        for each in self.placed.values():
            yield from ((f"f-{name}", _shown(value)) for name, value in each.facts.items())

    def _other_values(self) -> Iterator[tuple[str, forms.Field]]:
        for place, each in enumerate(self.others):
            if (score := self.spec.scores.get(each.score)) is not None:
                where = " · ".join(
                    fact_words(name, value, self.viewer.language)
                    for name, value in each.facts.items()
                )
                yield from self._score(score, str(place), where)

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
                where = dict(fact_options()["side"])[side] if side else ""
                yield from self._score(score, f"{score.code}-{side}", str(where))

    def _score(self, score: ScoreSpec, name: str, where: str) -> Iterator[tuple[str, forms.Field]]:
        """The field of one value, and of a word in its place where the score allows one."""
        yield f"v-{name}", self._value(score, where)
        if score.answers and not score.grades:
            words = answer_words()
            options = [(code, words[code]) for code in score.answers]
            label = _("Instead of a number")
            if where:
                label = f"{label} ({where})"
            yield f"w-{name}", select(label, options, empty=_("Not needed"))

    def _value(self, score: ScoreSpec, where: str) -> forms.Field:
        sheet = next(each for each in self.sheet.scores if each.code == score.code)
        label = sheet.labels[self.viewer.language]
        if where:
            label = f"{label} · {where}"
        if not score.grades:
            low, high = f"{score.minimum:g}", f"{score.maximum:g}"
            hint = _("%(low)s to %(high)s") % {"low": low, "high": high}
            return number(label, unit=score.unit, help_text=hint)
        words = answer_words()
        # A grade that stands already stays to be chosen, or a correction would drop it unsaid.
        told = {str(each.value) for each in (self.corrects.results if self.corrects else ())}
        grades: Options = [
            *(
                (each.code, each.labels[self.viewer.language])
                for each in sheet.grades
                if self.viewer.is_clinician or not each.clinicians_only or each.code in told
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
        said = self.cleaned_data
        return AssessmentEntry(
            instrument=self.spec.code,
            performed_at=self._performed_at(),
            zone=self.zone,
            results=tuple(entry for _name, entry in self._results()),
            assessed_by=said["assessed_by"],
            assessor_name=said["assessor_name"],
            note=said["note"],
            confirmed=("unusual_change",) if said["confirmed"] == self._said() else (),
        )

    def _performed_at(self) -> datetime:
        """The moment as typed; one that nobody changed keeps its seconds."""
        said = self.cleaned_data
        typed = local_time(instant(said["on"], said["at"], self.zone), self.zone)
        before = self.corrects.performed_at if self.corrects else None
        if before is not None and local_time(before, self.zone).replace(
            second=0, microsecond=0
        ) == typed.replace(second=0):
            return before
        return typed

    def asking(self) -> str:
        """What to send along so that these values, and no others, count as confirmed."""
        return self._said()

    def _said(self) -> str:
        values = (str(self.cleaned_data.get(name, "")) for name in self.data if name[:2] == "v-")
        return "|".join(values)

    def _results(self) -> Iterator[tuple[str, ResultEntry]]:
        """Yield what is told, each with the name of its field."""
        for score in self.spec.scores.values():
            for side in SIDES if self._sided(score) else ("",):
                name = f"{score.code}-{side}"
                if (found := self._result(score, name, self._beside(score, side))) is not None:
                    yield name, found
        for place, each in enumerate(self.others):
            other = self.spec.scores.get(each.score)
            if other is None:
                yield (
                    str(place),
                    ResultEntry(
                        score=each.score, value=each.value, facts=each.facts, typed=each.typed
                    ),
                )
            elif (found := self._result(other, str(place), each.facts)) is not None:
                yield str(place), found

    def _result(
        self, score: ScoreSpec, name: str, facts: Mapping[str, Value]
    ) -> ResultEntry | None:
        typed = self.cleaned_data[f"v-{name}"].strip()
        word = self.cleaned_data.get(f"w-{name}", "")
        if not (typed or word):
            return None
        value = word or _number(typed, score)
        plain = word or score.grades or typed == str(value)
        return ResultEntry(score=score.code, value=value, facts=facts, typed="" if plain else typed)

    def _beside(self, score: ScoreSpec, side: str) -> dict[str, Value]:
        told = self.placed.get(f"{score.code}-{side}")
        facts: dict[str, Value] = dict(told.facts) if told else {}
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
            case ["results", _place, "facts", name]:
                return f"f-{name}"
            case ["results", place, _rest]:
                names = [name for name, _entry in self._results()]
                return f"v-{names[int(place)]}"
        return {"performed_at": "at"}.get(path, path)


def _shown(value: Value) -> Value:
    return value if isinstance(value, str) else doses.number(value)


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
