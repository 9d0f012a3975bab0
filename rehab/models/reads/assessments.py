"""Assessments as they are read: each score with what became of it since last time and at first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from exercises import reference
from patients.domain.errors import NotVisible
from rehab.domain.instruments import InstrumentSpec, ResultEntry, place_of
from rehab.domain.score_change import Due, ScoreChange, change_between, cut_offs_met, due_again
from rehab.domain.session_entry import Value
from rehab.models.amendment import RecordStatus
from rehab.models.assessment import Assessment, AssessmentAmendment
from rehab.models.instruments import spec_of
from rehab.models.reads.cursors import InTime, opaque

PAGE, LARGEST_PAGE = 20, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest value of one score on one place of the body."""

    instrument: str
    score: str
    place: tuple[Value, ...]
    value: Value
    performed_at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOffView:
    """A screening value that the score lies beyond: a reason to ask a clinician, no diagnosis.

    sex: any, male or female; nobody's sex is guessed.
    """

    criteria: str
    year: int
    sex: str
    comparator: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """One score. value: a number in `unit`, the code of a grade, or unable, cannot_feel or

    not_testable; label: in words. since_last, since_baseline: null for the first of its series.
    """

    score: str
    name: str
    value: Value
    label: str
    unit: str
    facts: Mapping[str, Value]
    typed: str
    since_last: ScoreChange | None
    since_baseline: ScoreChange | None
    beyond: Sequence[CutOffView]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentView:
    """One assessment. status: recorded, pending (a clinician must confirm it) or

    entered-in-error. author: who typed it; assessed_by, assessor_name: who did it.
    """

    id: UUID
    instrument: str
    name: str
    status: str
    revision: int
    performed_at: datetime
    zone: str
    on: date
    received_at: datetime
    assessed_by: str
    assessor_name: str
    author: str
    results: Sequence[ResultView]
    note: str
    marks: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueView:
    """An instrument that is due again; overdue: the day is here. earliest_on: not before."""

    instrument: str
    name: str
    last_on: date
    due_on: date
    earliest_on: date | None
    overdue: bool
    entered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentPage:
    """Newest first. due: what was used and is due again, soonest first."""

    results: Sequence[AssessmentView]
    due: Sequence[DueView]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierVersion:
    revision: int
    kind: str
    by: str
    at: datetime
    reason: str
    before: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentDetail:
    assessment: AssessmentView
    earlier: Sequence[EarlierVersion]


@dataclass(frozen=True, slots=True)
class _Reading:
    row: Assessment
    entry: ResultEntry


Readings = Mapping[tuple[str, str, tuple[Value, ...]], Sequence[_Reading]]


def recent(patient_id: UUID, *, instrument: str = "", besides: UUID | None = None) -> list[Latest]:
    """Return the newest value of each score and place, of what counts: one statement.

    Rules read them as facts named `assessment.<instrument>.<score>` (`assessment_facts`).
    """
    rows = Assessment.objects.filter(patient_id=patient_id, status=RecordStatus.RECORDED)
    if instrument:
        rows = rows.filter(instrument=instrument)
    if besides is not None:
        rows = rows.exclude(patient_id=patient_id, id=besides)
    series = _series(rows.order_by("performed_at", "id"))
    return [
        Latest(
            instrument=code,
            score=score,
            place=place,
            value=readings[-1].entry.value,
            performed_at=readings[-1].row.performed_at,
            on=readings[-1].row.on,
        )
        for (code, score, place), readings in series.items()
    ]


def assessment_facts(latest: Iterable[Latest]) -> dict[str, Value]:
    """Return the newest value of each score under the name that rules know it by."""
    ordered = sorted(latest, key=lambda each: each.performed_at)
    return {f"assessment.{each.instrument}.{each.score}": each.value for each in ordered}


def assessments_of(
    patient_id: UUID,
    *,
    today: date,
    language: str,
    instrument: str = "",
    after: InTime | None = None,
    limit: int = PAGE,
) -> AssessmentPage:
    """Return assessments, the newest first, and what is due again: one statement."""
    rows = _rows(patient_id)
    shown = [row for row in reversed(rows) if not instrument or row.instrument == instrument]
    if after is not None:
        place = (after.at, str(after.id))
        shown = [row for row in shown if (row.performed_at, str(row.id)) < place]
    series = _series(rows)
    return AssessmentPage(
        results=[_view(row, series, language) for row in shown[:limit]],
        due=due_of(rows, today=today, language=language),
        next=_cursor(shown[limit - 1]) if len(shown) > limit else None,
        previous=None,
    )


def assessment_of(patient_id: UUID, assessment_id: UUID, *, language: str) -> AssessmentDetail:
    """Return one assessment and what it said before; NotVisible for another patient's."""
    rows = _rows(patient_id)
    row = next((each for each in rows if each.id == assessment_id), None)
    if row is None:
        raise NotVisible
    earlier = (
        AssessmentAmendment.objects.filter(patient_id=patient_id, record_id=assessment_id)
        .select_related("by")
        .order_by("revision")
    )
    return AssessmentDetail(
        assessment=_view(row, _series(rows), language),
        earlier=[
            EarlierVersion(
                revision=each.revision,
                kind=each.kind,
                by=str(each.by),
                at=each.at,
                reason=each.reason,
                before=each.before,
            )
            for each in earlier
        ],
    )


def due_of(rows: Iterable[Assessment], *, today: date, language: str) -> list[DueView]:
    """Return the instruments that were used and are due again, soonest first."""
    last_on: dict[str, date] = {}
    for row in rows:
        if row.status == RecordStatus.RECORDED:
            last_on[row.instrument] = max(row.on, last_on.get(row.instrument, row.on))
    found = [
        _due(spec, due, last, language)
        for code, last in last_on.items()
        if (spec := spec_of(code)) is not None and (due := due_again(spec, last, today)) is not None
    ]
    return sorted(found, key=lambda each: (each.due_on, each.instrument))


def due_for(patient_id: UUID, *, today: date, language: str) -> list[DueView]:
    """Return what is due again for one patient: one statement."""
    rows = Assessment.objects.filter(patient_id=patient_id).only("instrument", "on", "status")
    return due_of(rows, today=today, language=language)


def name_of(instrument: str, language: str) -> str:
    sheet = reference.instruments().get(instrument)
    return sheet.names[language] if sheet else instrument


def _rows(patient_id: UUID) -> list[Assessment]:
    rows = Assessment.objects.filter(patient_id=patient_id).select_related("author")
    return list(rows.order_by("performed_at", "id"))


def entries_of(row: Assessment) -> Iterator[ResultEntry]:
    for each in row.results:
        yield ResultEntry(
            score=each["score"],
            value=each["value"],
            facts=each.get("facts", {}),
            typed=each.get("typed", ""),
        )


def _series(rows: Iterable[Assessment]) -> Readings:
    """Sort what counts into series of the same score on the same place, oldest first."""
    found: dict[tuple[str, str, tuple[Value, ...]], list[_Reading]] = defaultdict(list)
    for row in rows:
        if row.status == RecordStatus.RECORDED:
            for entry in entries_of(row):
                key = (row.instrument, entry.score, place_of(entry.facts))
                found[key].append(_Reading(row, entry))
    return found


def _view(row: Assessment, series: Readings, language: str) -> AssessmentView:
    return AssessmentView(
        id=row.id,
        instrument=row.instrument,
        name=name_of(row.instrument, language),
        status=row.status,
        revision=row.revision,
        performed_at=row.performed_at.astimezone(
            timezone(timedelta(minutes=row.performed_offset_minutes))
        ),
        zone=row.performed_zone,
        on=row.on,
        received_at=row.received_at,
        assessed_by=row.assessed_by,
        assessor_name=row.assessor_name,
        author=str(row.author),
        results=[_result(row, entry, series, language) for entry in entries_of(row)],
        note=row.note,
        marks=row.marks,
    )


def _result(row: Assessment, entry: ResultEntry, series: Readings, language: str) -> ResultView:
    spec = spec_of(row.instrument)
    sheet = reference.instruments().get(row.instrument)
    score = (
        next((each for each in sheet.scores if each.code == entry.score), None) if sheet else None
    )
    grades = {each.code: each.labels[language] for each in score.grades} if score else {}
    last, baseline = _changes(row, entry, series, spec)
    return ResultView(
        score=entry.score,
        name=score.labels[language] if score else entry.score,
        value=entry.value,
        label=grades.get(str(entry.value), ""),
        unit=score.unit if score else "",
        facts=entry.facts,
        typed=entry.typed,
        since_last=last,
        since_baseline=baseline,
        beyond=[
            CutOffView(
                criteria=each.criteria,
                year=each.year,
                sex=each.sex,
                comparator=each.comparator,
                value=each.value,
            )
            for each in (cut_offs_met(spec, entry) if spec else ())
        ],
    )


def results_as_kept(
    instrument: str, before: Mapping[str, Any], *, language: str
) -> list[ResultView]:
    """Return what an earlier version said, from its row as it was kept, with nothing compared."""
    row = Assessment(
        instrument=instrument, status=RecordStatus.RETRACTED, results=before.get("results", [])
    )
    return [_result(row, entry, {}, language) for entry in entries_of(row)]


def _changes(
    row: Assessment, entry: ResultEntry, series: Readings, spec: InstrumentSpec | None
) -> tuple[ScoreChange | None, ScoreChange | None]:
    if spec is None or entry.score not in spec.scores or row.status != RecordStatus.RECORDED:
        return None, None
    key = (row.instrument, entry.score, place_of(entry.facts))
    now = (row.performed_at, str(row.id))
    before = [
        each.entry
        for each in series.get(key, ())
        if (each.row.performed_at, str(each.row.id)) < now
    ]
    if not before:
        return None, None
    score = spec.scores[entry.score]
    return (
        change_between(spec, score, before[-1], entry),
        change_between(spec, score, before[0], entry),
    )


def _due(spec: InstrumentSpec, due: Due, last: date, language: str) -> DueView:
    return DueView(
        instrument=spec.code,
        name=name_of(spec.code, language),
        last_on=last,
        due_on=due.due_on,
        earliest_on=due.earliest_on,
        overdue=due.overdue,
        entered_by=spec.entered_by,
    )


def _cursor(row: Assessment) -> str:
    return opaque(InTime(row.performed_at, row.id))
