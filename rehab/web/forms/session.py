"""The form for one session: what was asked, what was done, what was measured, what was unusual.

It translates and judges nothing: a number that cannot be read is passed on as it was typed, and
the action answers with the way out. What is left empty is not recorded, whatever the plan says.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import FieldError
from rehab.domain.session_entry import LIMBS, SessionEntry
from rehab.models.reads.items import Prescribed
from rehab.web.forms.fields import checks, choice, hidden, long_text, number, scale, select, text
from rehab.web.forms.session_told import Told
from rehab.web.presenters import doses, words

# Numbers of the gate that belong to the skin or to the pads, and are asked for beside the part.
BESIDE_THE_PART = frozenset({"red_area_cm", "pad_uses"})


class SessionForm(forms.Form):
    """Built for one item, one person and one moment; `quick` is the two-tap form."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        prescribed: Prescribed,
        language: str,
        performer: str,
        clinician: bool,
        zone: str,
        now: datetime,
        earlier: tuple[date, time | None] | None = None,
        quick: bool = False,
        amends: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        start = {"id": uuid4(), "opened_at": now.isoformat(), "performer": performer, "when": "now"}
        if earlier is not None:
            start |= {"when": "earlier", "on": earlier[0], "at": earlier[1]}
        super().__init__(data, initial=start | (initial or {}))
        self.prescribed, self.language, self.zone, self.now = prescribed, language, zone, now
        self.quick, self.clinician = quick, clinician
        self.modality = reference.modalities()[prescribed.item.modality]
        self.fields.update(dict(self._head(performer)))
        self.fields.update(dict(self._gate()))
        if not quick:
            for place, part in enumerate(prescribed.parts):
                self.fields.update(dict(self._part(place, part.motion, part.paused)))
            self.fields.update(dict(self._session()))
        self.fields.update(dict(self._end()))
        if amends:
            self.fields["reason"] = text(_("Why is it corrected?"), required=True, max_length=500)

    # --- fields -------------------------------------------------------------------------------

    def _head(self, performer: str) -> Iterator[tuple[str, forms.Field]]:
        yield "id", forms.UUIDField(widget=forms.HiddenInput)
        yield "opened_at", hidden()
        yield (
            "when",
            choice(_("When?"), [("now", _("Just now")), ("earlier", _("Earlier"))], required=True),
        )
        yield (
            "on",
            forms.DateField(
                label=_("Date"),
                required=False,
                widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            ),
        )
        yield (
            "at",
            forms.TimeField(
                label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
            ),
        )
        yield "performer", choice(_("Who did it?"), performers(performer), required=True)
        yield "performer_name", text(_("Name"), max_length=120)

    def _gate(self) -> Iterator[tuple[str, forms.Field]]:
        for code in self.gate_codes:
            question = reference.gate_questions()[code]
            answers = [(answer.code, answer.labels[self.language]) for answer in question.answers]
            yield f"gate-{code}", choice(question.labels[self.language], answers)
            for field in self.numbers_of(code):
                yield f"s-{field}", self._number(field)

    def _part(self, place: int, motion: str, paused: bool) -> Iterator[tuple[str, forms.Field]]:
        outcome = choice(_("How did it go?"), list(words.OUTCOMES.items()))
        outcome.initial = "not_done" if paused else "done"
        yield f"p{place}-outcome", outcome
        for code in self.part_fields:
            if code == "pain":
                yield f"p{place}-pain", scale(_("Pain here"), cannot_feel=True)
            else:
                yield f"p{place}-{code}", self._number(code, motion)
        for code in self.part_choices(motion):
            yield f"p{place}-{code}", self._choice(code)

    def _session(self) -> Iterator[tuple[str, forms.Field]]:
        for code in self.session_fields:
            if code not in ("pain", "minutes") and f"s-{code}" not in self.fields:
                yield f"s-{code}", self._number(code)
        if "minutes" in self.session_fields:
            yield "minutes", self._number("minutes")
        yield "effort", scale(_("Effort"), ends=(_("0 no effort"), _("10 as hard as can be")))

    def _end(self) -> Iterator[tuple[str, forms.Field]]:
        if self.quick or "pain" in self.session_fields or "pain" not in self.part_fields:
            yield "pain", scale(_("Pain"), cannot_feel=True)
        if not self.quick:
            symptoms = [
                (code, each.labels[self.language]) for code, each in reference.symptoms().items()
            ]
            yield "symptoms", checks(_("What was unusual?"), symptoms)
            yield "limb", where_on_the_body()
            reasons = [
                (code, each.labels[self.language])
                for code, each in reference.stop_reasons().items()
            ]
            yield (
                "stop_reason",
                select(_("Stopped early because of"), reasons, empty=_("Not stopped early")),
            )
        yield "note", long_text(_("Note"))

    def _number(self, code: str, motion: str = "") -> forms.Field:
        limits = reference.limits(code, modality=self.modality.code, motion=motion or None)
        return number(doses.label_of(code, self.language), unit=limits.unit)

    def _choice(self, code: str) -> forms.Field:
        found = reference.choice_fields()[code]
        options = [(each.code, each.labels[self.language]) for each in found.choices]
        return select(found.labels[self.language], options, empty=str(words.NOT_RECORDED))

    # --- what this item asks for --------------------------------------------------------------

    @property
    def gate_codes(self) -> Sequence[str]:
        known = reference.gate_questions()
        return [code for code in self.prescribed.gate_questions if code in known]

    def numbers_of(self, question: str) -> list[str]:
        """The numbers that one gate question collects on the way."""
        fields = reference.gate_questions()[question].fields
        if self.quick:
            return [code for code in fields if code != "pad_uses"]
        return [
            code for code in fields if code not in BESIDE_THE_PART or code not in self.part_fields
        ]

    @property
    def part_fields(self) -> list[str]:
        return [use.code for use in self.modality.fields if use.log and use.per == "part"]

    @property
    def session_fields(self) -> list[str]:
        return [use.code for use in self.modality.fields if use.log and use.per == "session"]

    def part_choices(self, motion: str) -> list[str]:
        known = reference.choice_fields()
        return [
            code
            for code in self.modality.choice_fields
            if (self.clinician or not known[code].clinicians_only) and _fits(code, motion)
        ]

    # --- what was entered ---------------------------------------------------------------------

    def entry(
        self, *, series: UUID, occurrence: UUID | None, confirmed: Sequence[str]
    ) -> SessionEntry:
        """Return the session as this form tells it; call it on a valid form."""
        return Told(self).entry(series=series, occurrence=occurrence, confirmed=confirmed)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("when") == "earlier" and not said.get("on"):
            self.add_error("on", _("Enter the date."))
        if said.get("when") == "earlier" and not said.get("at"):
            self.add_error("at", _("Enter the time, as well as you remember."))
        return said

    def take(self, errors: Sequence[FieldError]) -> None:
        """Put the action's refusals beside the fields they are about."""
        for error in errors:
            name = field_name(error.field)
            self.add_error(name if name in self.fields else None, error.detail)
        self.mark_errors()

    def mark_errors(self) -> None:
        """Let the cursor stand in the first field that is wrong."""
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                return

    def mark_unusual(self, paths: Sequence[str]) -> None:
        """Show beside the fields which values a person is asked about."""
        for name in map(field_name, paths):
            if name in self.fields:
                self.fields[name].widget.attrs["aria-describedby"] = "unusual"


def field_name(path: str) -> str:
    """Where on the form a path of the entry is: "parts.0.measures.minutes" is "p0-minutes"."""
    match path.split("."):
        case ["parts", place, "measures", code]:
            return f"p{place}-{code}"
        case ["parts", place, name]:
            return f"p{place}-{name}"
        case ["measures", code]:
            return f"s-{code}"
        case ["performed_at"]:
            return "at"
    return path


def _fits(code: str, motion: str) -> bool:
    if code == "landmark":
        return motion in ("shoulder.flexion", "shoulder.abduction")
    if code == "knee_position":
        return motion.startswith(("hip.", "ankle."))
    return True


def where_on_the_body() -> forms.Field:
    """Where the signs are; the clinic's rules stop that limb, and else all training."""
    limbs = [(code, str(words.PLACES[code])) for code in LIMBS]
    return select(_("Where was it?"), limbs, empty=_("Not one arm or leg, or not sure"))


def performers(performer: str) -> list[tuple[str, str]]:
    """Who may have done it, in the words of the person who writes it down."""
    if performer == "patient":
        return [
            ("patient", _("I did it myself")),
            ("caregiver", _("My family did it for me")),
            ("aide", _("An aide did it for me")),
            ("clinician", _("A clinician did it for me")),
            ("other", _("Someone else did it for me")),
        ]
    rest = [(code, str(label)) for code, label in words.PERFORMERS.items() if code != performer]
    return [(performer, _("I did it")), *rest]
