"""What was eaten, drunk and weighed, as it was told. No target and no sum is judged here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from rehab.domain.measures import Finding, Limits, finding, is_number, judge, judge_change
from rehab.domain.session_entry import Value

NUMBERS = ("weight_kg", "protein_g", "fluids_ml")


@dataclass(frozen=True, slots=True, kw_only=True)
class DietEntry:
    """One meal, drink or weighing; what is not given was not recorded.

    text: in plain words. foods, recipes: codes of the catalogue. protein_g, fluids_ml: of this
    entry alone. weight_kg: a number; weight_typed: what was typed with its unit ("8 st 3"), read
    where there is no number. symptoms: codes of the list of signs (choking,
    wet_voice_after_food, choking_not_clearing ...). confirmed: codes of what is unusual and right.
    """

    performed_at: datetime
    zone: str
    text: str = ""
    foods: tuple[str, ...] = ()
    recipes: tuple[str, ...] = ()
    protein_g: Value = None
    fluids_ml: Value = None
    weight_kg: Value = None
    weight_typed: str = ""
    symptoms: tuple[str, ...] = ()
    note: str = ""
    confirmed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.performed_at.utcoffset() is None:
            raise ValueError("performed_at needs its offset from UTC")

    @property
    def says_nothing(self) -> bool:
        numbers = (self.protein_g, self.fluids_ml, self.weight_kg)
        words = (self.text.strip(), self.note.strip(), self.weight_typed.strip())
        listed = (self.foods, self.recipes, self.symptoms)
        return all(each is None for each in numbers) and not any(words) and not any(listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenEntry:
    """A drug, herb or supplement that is taken. code: of the catalogue, else text: as typed.

    since, until: local dates; null: nobody said. told_at: when it was told.
    """

    told_at: datetime
    zone: str
    code: str = ""
    text: str = ""
    amount: str = ""
    since: date | None = None
    until: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.told_at.utcoffset() is None:
            raise ValueError("told_at needs its offset from UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class DietLimits:
    """Recording limits by field. weight_jump_percent: ask about more than this at once."""

    fields: Mapping[str, Limits]
    weight_jump_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """Something to know about what was eaten or taken. It happened: nothing is refused.

    kind: allergen (code: the class or food, severity: of the allergy) or interaction (code: of
    the catalogue, severity: avoid, ask_first or know). text: in the language of the answer.
    """

    kind: Literal["allergen", "interaction"]
    code: str
    severity: str
    text: str


def diet_findings(
    entry: DietEntry, limits: DietLimits, *, last_weight_kg: float | None
) -> Iterator[Finding]:
    """Yield what is missing, can't be, or is unusual, each with its field."""
    if entry.says_nothing:
        yield finding("text", "nothing_eaten", "refuse")
    for name in NUMBERS:
        value = getattr(entry, name)
        if value is None:
            continue
        found = judge(limits.fields[name], value)
        if found is not None:
            yield found
        elif name == "weight_kg" and is_number(value) and last_weight_kg is not None:
            most = last_weight_kg * limits.weight_jump_percent / 100
            jumped = judge_change(limits.fields[name], value, last_weight_kg, most)
            if jumped is not None:
                yield jumped


def taken_findings(entry: TakenEntry, *, today: date) -> Iterator[Finding]:
    """Yield what can't be: nothing named, a day ahead, an end before its beginning."""
    if not entry.code.strip() and not entry.text.strip():
        yield finding("text", "nothing_named", "refuse")
    for name in ("since", "until"):
        day: date | None = getattr(entry, name)
        if day is not None and day > today:
            yield finding(name, "day_ahead", "refuse", value=day.isoformat())
    if entry.since and entry.until and entry.until < entry.since:
        yield finding("until", "ends_before_it_begins", "refuse")


def worst_severity(cautions: Iterator[Caution] | tuple[Caution, ...], kind: str) -> str | None:
    """Return the most serious severity among cautions of one kind, None without any."""
    order = ("know", "mild", "ask_first", "moderate", "avoid", "unknown", "severe", "anaphylaxis")
    found = [each.severity for each in cautions if each.kind == kind]
    return max(found, key=order.index, default=None)
