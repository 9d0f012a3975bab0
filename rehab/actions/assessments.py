"""Recording what was assessed, as the registry of instruments allows it, and correcting it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exercises import reference
from patients.access.walls import within_clinics
from patients.domain.errors import FieldError, Invalid, NotAllowed
from patients.models.user import User
from rehab.actions.findings import as_error
from rehab.actions.judging import choice_faults, zone_faults
from rehab.actions.keeping import (
    Desk,
    Kept,
    change,
    confirm,
    desk_to_correct,
    keep,
    moved,
    open_desk,
    recorded,
    said_before,
    say_why,
    standing,
    withdraw,
)
from rehab.actions.measured_trends import judge_assessment
from rehab.actions.texts import text_faults
from rehab.actions.typed_values import disagree, typed_disagrees
from rehab.domain.assessments import AssessmentEntry, assessment_findings
from rehab.domain.identity import fingerprint
from rehab.domain.instruments import (
    InstrumentSpec,
    ResultEntry,
    canonical,
    place_of,
    typed_number,
    with_typed,
)
from rehab.domain.measures import is_number
from rehab.domain.receipt import judge_performed_at
from rehab.domain.score_change import jump
from rehab.models import Assessment, AssessmentAmendment, Performer, RecordChange
from rehab.models.instruments import spec_of
from rehab.models.reads.assessments import recent

LONGEST_NAME = 120
MOST_RESULTS = 100


def record_assessment(
    *, by: User, at: datetime, patient_id: UUID, assessment_id: UUID, entry: AssessmentEntry
) -> Kept:
    """Keep what one instrument scored; sending it again changes nothing.

    NotAllowed for an instrument that clinicians enter. Invalid for one that is not in the
    registry or not offered, with the reason. Everything else is in the answer.
    """
    with within_clinics(by.clinic_ids):
        desk = open_desk(by, at, patient_id, entry.performed_at)
        spec = _instrument(entry.instrument)
        _may_enter(desk, spec)
        entry = _canonical(entry, spec)
        refused = tuple(_faults(entry, spec, desk))
        if refused:
            return Kept(assessment_id, 422, "refused", errors=refused)
        printed = fingerprint(_clinical(entry))
        if (known := said_before(Assessment, desk, assessment_id, printed)) is not None:
            return known
        unusual = list(_unusual(entry, spec, patient_id, besides=assessment_id))
        if left := _left(unusual, entry):
            return Kept(assessment_id, 422, "confirm_required", errors=left)
        row = keep(
            Assessment,
            desk,
            assessment_id,
            performed_at=entry.performed_at,
            zone=entry.zone,
            printed=printed,
            values={"instrument": spec.code, **_columns(entry)},
            unusual=bool(unusual),
        )
        detail = {"instrument": spec.code, "status": row.status}
        desk.note("assessment.record", "assessment", row.id, **detail)
        return recorded(row, flags=judge_assessment(row, desk.patient, at=at))


def amend_assessment(
    *,
    by: User,
    at: datetime,
    patient_id: UUID,
    assessment_id: UUID,
    entry: AssessmentEntry,
    reason: str,
) -> Kept:
    """Put another version in place of an assessment; it stays one of the same instrument."""
    with within_clinics(by.clinic_ids):
        desk = desk_to_correct(by, at, patient_id)
        say_why(reason)
        row = standing(Assessment, desk, assessment_id)
        spec = _instrument(row.instrument)
        _may_correct(desk, row)
        if entry.instrument != row.instrument:
            raise Invalid(
                _("A correction stays with its instrument. Withdraw this and record the other."),
                field="instrument",
                code="other_instrument",
            )
        entry = _canonical(entry, spec)
        refused = tuple(_faults(entry, spec, desk))
        if refused:
            return Kept(assessment_id, 422, "refused", errors=refused)
        values = {**moved(entry.performed_at, entry.zone), **_columns(entry)}
        if all(getattr(row, name) == value for name, value in values.items()):
            return Kept(assessment_id, 200, "unchanged")
        if left := _left(_unusual(entry, spec, patient_id, besides=assessment_id), entry):
            return Kept(assessment_id, 422, "confirm_required", errors=left)
        change(row, desk, AssessmentAmendment, RecordChange.AMEND, reason, values)
        desk.note("assessment.amend", "assessment", row.id, revision=row.revision)
        flags = judge_assessment(row, desk.patient, at=at)
        return Kept(assessment_id, 200, "amended", flags=flags)


def retract_assessment(
    *, by: User, at: datetime, patient_id: UUID, assessment_id: UUID, reason: str
) -> Kept:
    """Mark an assessment as entered in error: nothing is compared with it any more."""
    with within_clinics(by.clinic_ids):
        desk = desk_to_correct(by, at, patient_id)
        reply = withdraw(
            Assessment,
            AssessmentAmendment,
            desk,
            assessment_id,
            reason,
            may=lambda row: _may_correct(desk, row),
        )
        if reply.state == "retracted":
            desk.note("assessment.retract", "assessment", assessment_id)
        return reply


def confirm_assessment(*, by: User, at: datetime, patient_id: UUID, assessment_id: UUID) -> Kept:
    """Let an assessment count that was told more than seven days late, as a clinician."""
    with within_clinics(by.clinic_ids):
        desk = desk_to_correct(by, at, patient_id)
        reply = confirm(Assessment, AssessmentAmendment, desk, assessment_id)
        if reply.state == "confirmed":
            desk.note("assessment.confirm", "assessment", assessment_id)
        return reply


def _instrument(code: str) -> InstrumentSpec:
    spec = spec_of(code)
    if spec is None:
        raise Invalid(
            _("There is no such instrument."), field="instrument", code="unknown_instrument"
        )
    if not spec.offered:
        sheet = reference.instruments()[code]
        language = "en" if (get_language() or "").startswith("en") else "zh-Hans"
        reason = f"{sheet.about[language]} ({sheet.licence.notes[language]})"
        raise Invalid(reason.replace("%", "%%"), field="instrument", code="not_offered")
    return spec


def _may_enter(desk: Desk, spec: InstrumentSpec) -> None:
    if spec.entered_by != "anyone" and not desk.by_clinician:
        raise NotAllowed(
            _("This instrument is entered by a clinician of this patient."),
            field="instrument",
            code="clinicians_only",
        )


def _may_correct(desk: Desk, row: Assessment) -> None:
    """What a clinician measured is a clinician's to correct, with whatever instrument."""
    _may_enter(desk, _instrument(row.instrument))
    if row.assessed_by == Performer.CLINICIAN and not desk.by_clinician:
        raise NotAllowed(
            _("This was measured by a clinician, and a clinician corrects it."),
            code="clinicians_only",
        )


def _canonical(entry: AssessmentEntry, spec: InstrumentSpec) -> AssessmentEntry:
    """Return an entry whose grades are codes, whose typed values are numbers, and whose empty

    facts are left out.
    """
    return replace(entry, results=tuple(_canonical_result(each, spec) for each in entry.results))


def _canonical_result(told: ResultEntry, spec: InstrumentSpec) -> ResultEntry:
    facts = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in told.facts.items()
        if value is not None and value != ""
    }
    score = spec.scores.get(told.score)
    if score is None:
        return replace(told, facts=facts)
    told = with_typed(told, score)
    return replace(told, value=canonical(told.value, score), facts=facts)


def _faults(entry: AssessmentEntry, spec: InstrumentSpec, desk: Desk) -> Iterator[FieldError]:
    codes = {"muscle": reference.muscles(), "motion": reference.motions()}
    findings = assessment_findings(entry, spec, by_clinician=desk.by_clinician, codes=codes)
    for path, found in findings:
        yield as_error(found, path=path)
    if future := judge_performed_at(entry.performed_at, desk.at):
        yield as_error(future, path="performed_at")
    if len(entry.results) > MOST_RESULTS:
        yield FieldError("results", "too_many", _("Send fewer results at once."))
    yield from zone_faults(entry.zone)
    yield from choice_faults("assessed_by", entry.assessed_by, Performer.values)
    yield from text_faults({"assessor_name": entry.assessor_name}, longest=LONGEST_NAME)
    yield from text_faults({"note": entry.note})
    typed = {f"results.{place}.typed": each.typed for place, each in enumerate(entry.results)}
    yield from text_faults(typed, longest=LONGEST_NAME)
    for place, each in enumerate(entry.results):
        score = spec.scores.get(each.score)
        read = typed_number(each, score) if score else None
        if read is not None and is_number(each.value) and disagree(read, each.value):
            yield typed_disagrees(f"results.{place}.typed", each.typed, each.value)


def _unusual(
    entry: AssessmentEntry, spec: InstrumentSpec, patient_id: UUID, *, besides: UUID
) -> Iterator[FieldError]:
    """Ask about what is far from the value before, once."""
    known = {
        (each.score, each.place): each.value
        for each in recent(patient_id, instrument=spec.code, besides=besides)
    }
    for place, each in enumerate(entry.results):
        before = known.get((each.score, place_of(each.facts)))
        found = jump(spec, spec.scores[each.score], each.value, before)
        if found is not None:
            yield as_error(found, path=f"results.{place}.value")


def _left(unusual: object, entry: AssessmentEntry) -> tuple[FieldError, ...]:
    return tuple(
        each
        for each in unusual  # type: ignore[attr-defined]
        if each.code not in entry.confirmed and f"{each.field}:{each.code}" not in entry.confirmed
    )


def _clinical(entry: AssessmentEntry) -> Mapping[str, object]:
    return {name: value for name, value in asdict(entry).items() if name != "confirmed"}


def _columns(entry: AssessmentEntry) -> dict[str, object]:
    return {
        "assessed_by": entry.assessed_by,
        "assessor_name": entry.assessor_name.strip(),
        "results": [_stored(asdict(each)) for each in entry.results],
        "note": entry.note.strip(),
        "confirmed": list(entry.confirmed),
    }


def _stored(result: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in result.items() if value not in ("", {})}
