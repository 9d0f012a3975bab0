"""Is what this entry says possible, usual, and within what was prescribed?

Pure over its arguments: reads no clock and no database. Red flags are judged elsewhere and first.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import FieldError
from rehab.actions.findings import as_error
from rehab.actions.texts import text_faults
from rehab.actions.typed_values import typed_faults
from rehab.actions.value_findings import findings
from rehab.domain.receipt import judge_performed_at
from rehab.domain.recurrence import ScheduleError, zone_named
from rehab.domain.session_entry import LIMBS, SessionEntry
from rehab.models import Outcome, Performer
from rehab.models.briefing import KnownItem

ABOVE_MAXIMUM = "above_prescribed_maximum"
SOURCES = ("live", "recalled", "device")
LONGEST_NAME = 120
SKIN = ("skin_before", "skin_after")
PERFORMERS, OUTCOMES = tuple(Performer.values), tuple(Outcome.values)


@dataclass(frozen=True, slots=True)
class Verdict:
    """refused: it can't be so. unusual: a person must say that it is. Each `code` is stable."""

    refused: tuple[FieldError, ...]
    unusual: tuple[FieldError, ...]

    @property
    def above_maximum(self) -> bool:
        return any(error.code == ABOVE_MAXIMUM for error in self.unusual)


def judge_entry(entry: SessionEntry, item: KnownItem | None, *, received_at: datetime) -> Verdict:
    """Judge every value of one entry against recording limits and against the plan."""
    return with_moment(judge_told(entry, item), entry, received_at=received_at)


def with_moment(verdict: Verdict, entry: SessionEntry, *, received_at: datetime) -> Verdict:
    """Return what was judged of the words of an entry, refusing a moment that can't be as well."""
    future = judge_performed_at(entry.performed_at, received_at)
    return replace(verdict, refused=(as_error(future), *verdict.refused)) if future else verdict


def judge_told(entry: SessionEntry, item: KnownItem | None) -> Verdict:
    """Judge everything that an entry says but its moment."""
    refused = [*_impossible_frame(entry), *_impossible_parts(entry, item)]
    unusual: list[FieldError] = []
    for path, finding in findings(entry, item):
        (refused if finding.severity == "refuse" else unusual).append(as_error(finding, path=path))
    return Verdict(tuple(refused), tuple(unusual))


def unconfirmed(verdict: Verdict, confirmed: tuple[str, ...]) -> tuple[FieldError, ...]:
    """Return the unusual values that nobody has confirmed yet, by code or by "field:code"."""
    return tuple(
        error
        for error in verdict.unusual
        if error.code not in confirmed and f"{error.field}:{error.code}" not in confirmed
    )


def zone_faults(zone: str) -> Iterator[FieldError]:
    """Yield a fault for a time zone that there is not."""
    try:
        zone_named(zone)
    except ScheduleError:
        yield FieldError(
            "zone",
            "unknown_zone",
            _("There is no time zone “%(zone)s”. Use an IANA name such as Asia/Shanghai.")
            % {"zone": zone[:64]},
        )


def choice_faults(field: str, given: object, choices: Collection[str]) -> Iterator[FieldError]:
    """Yield a fault for an answer outside its list."""
    if given not in choices:
        yield FieldError(
            field,
            "not_a_choice",
            _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)},
        )


def symptom_faults(symptoms: Collection[str]) -> Iterator[FieldError]:
    """Yield a fault for each sign that no rule knows: unnoticed, it would be judged by none."""
    for place, code in enumerate(symptoms):
        if code not in reference.symptoms():
            yield FieldError(
                f"symptoms.{place}",
                "unknown_symptom",
                _("There is no such sign in the list. Write it in the note as well."),
            )


def limb_faults(limb: str) -> Iterator[FieldError]:
    """Yield a fault for a limb that there is not; none need be named."""
    if limb:
        yield from choice_faults("limb", limb, LIMBS)


def _impossible_frame(entry: SessionEntry) -> Iterator[FieldError]:
    yield from zone_faults(entry.zone)
    yield from choice_faults("performer", entry.performer, PERFORMERS)
    yield from choice_faults("source", entry.source, SOURCES)
    yield from _impossible_answers(entry)
    yield from _impossible_texts(entry)
    if entry.typed:
        yield from typed_faults(entry)
    if _says_nothing(entry):
        yield FieldError("parts", "empty", _("Say what was done, or that it was as planned."))


def _impossible_texts(entry: SessionEntry) -> Iterator[FieldError]:
    if entry.performer_name:
        yield from text_faults({"performer_name": entry.performer_name}, longest=LONGEST_NAME)
    if entry.note or entry.device:
        yield from text_faults({"note": entry.note, "device": entry.device})
    for list_name in ("confirmed", "stopped_by_rule"):
        if listed := getattr(entry, list_name):
            texts = {f"{list_name}.{place}": code for place, code in enumerate(listed)}
            yield from text_faults(texts)


def _impossible_answers(entry: SessionEntry) -> Iterator[FieldError]:
    """Judge answers from lists: the gate questions, the signs, the skin, the reason to stop."""
    questions = reference.gate_questions()
    for code, answer in entry.gate.items():
        if code not in questions:
            yield FieldError(
                f"gate.{code[:60]}", "unknown_question", _("There is no such question.")
            )
        elif answer is not None:
            answers = [each.code for each in questions[code].answers]
            yield from choice_faults(f"gate.{code}", answer, answers)
    yield from symptom_faults(entry.symptoms)
    for moment in SKIN:
        if seen := getattr(entry, moment):
            yield from choice_faults(moment, seen, _skin_findings())
    yield from limb_faults(entry.limb)
    if entry.stop_reason:
        yield from choice_faults("stop_reason", entry.stop_reason, reference.stop_reasons())


@lru_cache(maxsize=1)
def _skin_findings() -> list[str]:
    questions = reference.gate_questions()
    return list(
        dict.fromkeys(answer.code for moment in SKIN for answer in questions[moment].answers)
    )


def _says_nothing(entry: SessionEntry) -> bool:
    if entry.as_planned or entry.parts:
        return False
    said = (entry.measures, entry.gate, entry.symptoms)
    words = (entry.skin_before, entry.skin_after, entry.stop_reason, entry.note.strip())
    scores = (entry.pain, entry.effort, entry.minutes)
    return not any(said) and not any(words) and all(score is None for score in scores)


def _impossible_parts(entry: SessionEntry, item: KnownItem | None) -> Iterator[FieldError]:
    known = item.part_by_id if item else {}
    seen = set()
    for place, part in enumerate(entry.parts):
        path = f"parts.{place}"
        if item is not None and part.part not in known:
            yield FieldError(
                f"{path}.part",
                "unknown_part",
                _(
                    "This part is not in the plan. Reload the plan, or record it as something"
                    " outside the plan."
                ),
            )
        if part.part in seen:
            yield FieldError(
                f"{path}.part", "used_twice", _("This part is there twice. Keep one of the two.")
            )
        seen.add(part.part)
        yield from choice_faults(f"{path}.outcome", part.outcome, OUTCOMES)
        if part.typed:
            yield from typed_faults(part, f"{path}.")
