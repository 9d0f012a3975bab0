"""What a filled-in session form says, as an entry. Nothing is judged and nothing is added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from rehab.domain.recurrence import instant, local_date, local_time
from rehab.domain.session_entry import PartEntry, SessionEntry, TypedValue, Value
from rehab.domain.typed import UnreadableMeasure, parse_typed
from rehab.web.presenters import doses

if TYPE_CHECKING:
    from rehab.web.forms.session import SessionForm

# A page that has been open longer than this no longer knows when "just now" was.
STILL_NOW = timedelta(hours=3)
CANNOT_FEEL = "cannot_feel"


@dataclass(frozen=True, slots=True)
class Told:
    """The answers of a valid form."""

    form: "SessionForm"

    def entry(
        self, *, series: UUID, occurrence: UUID | None, confirmed: Sequence[str]
    ) -> SessionEntry:
        said = self.form.cleaned_data
        gate = {code: said[f"gate-{code}"] for code in self.form.gate_codes if said[f"gate-{code}"]}
        performed_at = self._performed_at()
        return SessionEntry(
            performed_at=local_time(performed_at, self.form.zone),
            zone=self.form.zone,
            series=series,
            occurrence=occurrence,
            source="recalled" if self._is_recalled(performed_at) else "live",
            performer=said["performer"],
            performer_name=said["performer_name"] if said["performer"] == "other" else "",
            as_planned=self.form.quick,
            parts=self._part_entries(),
            gate=gate,
            symptoms=tuple(said.get("symptoms") or ()),
            measures=self._measures("s", self._session_numbers()),
            typed=self._typed("s", self._session_numbers()),
            skin_before=gate.get("skin_before", ""),
            skin_after=gate.get("skin_after", ""),
            pain=read_scale(said.get("pain", "")),
            effort=read_scale(said.get("effort", "")),
            minutes=self._value("minutes", "minutes") if "minutes" in self.form.fields else None,
            stop_reason=said.get("stop_reason", ""),
            limb=said.get("limb", ""),
            note=said["note"],
            confirmed=tuple(confirmed),
        )

    def _performed_at(self) -> datetime:
        said = self.form.cleaned_data
        if said["when"] == "earlier":
            return instant(said["on"], said["at"], self.form.zone)
        try:
            opened = datetime.fromisoformat(said["opened_at"])
        except ValueError:
            return self.form.now
        # The moment the page was opened is the same for both taps of a double tap.
        if opened.tzinfo is None or not timedelta(0) <= self.form.now - opened <= STILL_NOW:
            return self.form.now
        return opened

    def _is_recalled(self, performed_at: datetime) -> bool:
        return local_date(performed_at, self.form.zone) < local_date(self.form.now, self.form.zone)

    def _part_entries(self) -> tuple[PartEntry, ...]:
        parts = self.form.prescribed.parts
        if self.form.quick:
            # "As planned" says nothing about a part that was not to be done.
            if not any(part.paused for part in parts):
                return ()
            return tuple(PartEntry(part=part.part) for part in parts if not part.paused)
        return tuple(
            self._part_entry(place, part.part, part.motion) for place, part in enumerate(parts)
        )

    def _part_entry(self, place: int, part: UUID, motion: str) -> PartEntry:
        prefix = f"p{place}"
        numbers = [code for code in self.form.part_fields if code != "pain"]
        chosen = {
            code: value
            for code in self.form.part_choices(motion)
            if (value := self.form.cleaned_data[f"{prefix}-{code}"])
        }
        return PartEntry(
            part=part,
            outcome=self.form.cleaned_data[f"{prefix}-outcome"] or "not_done",
            pain=read_scale(self.form.cleaned_data.get(f"{prefix}-pain", "")),
            measures={**self._measures(prefix, numbers), **chosen},
            typed=self._typed(prefix, numbers),
        )

    def _session_numbers(self) -> list[str]:
        return [name.removeprefix("s-") for name in self.form.fields if name.startswith("s-")]

    def _measures(self, prefix: str, codes: Sequence[str]) -> dict[str, Value]:
        values = {code: self._value(f"{prefix}-{code}", code) for code in codes}
        return {code: value for code, value in values.items() if value is not None}

    def _value(self, name: str, code: str) -> Value:
        return read_number(self.form.cleaned_data.get(name) or "", code)

    def _typed(self, prefix: str, codes: Sequence[str]) -> dict[str, TypedValue]:
        given = {
            code: (self.form.cleaned_data.get(f"{prefix}-{code}") or "").strip() for code in codes
        }
        return {
            code: TypedValue(text=typed, unit=doses.unit_of(code))
            for code, typed in given.items()
            if typed and typed != doses.number(self._value(f"{prefix}-{code}", code))
        }


def read_number(typed: str, code: str) -> Value:
    """Return the number that was typed into a field, or the text that is none, for the rules."""
    typed = typed.strip()
    if not typed:
        return None
    try:
        return _plain(parse_typed(typed, doses.unit_of(code)).value)
    except UnreadableMeasure:
        return typed


def read_scale(said: str) -> Value:
    if said == CANNOT_FEEL:
        return CANNOT_FEEL
    return int(said) if said else None


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value
