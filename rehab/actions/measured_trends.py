"""Trends of what is weighed and assessed, judged by the rules when a value is recorded."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from rehab.actions.answers import RaisedFlag
from rehab.actions.flags import FlagDesk
from rehab.actions.patient_row import PatientRow
from rehab.domain.conditions import Facts
from rehab.domain.instruments import place_of, position
from rehab.domain.recurrence import local_date
from rehab.domain.trends import HALF_YEAR, days_up, loss_percent
from rehab.models import Assessment, DietLog, RecordStatus
from rehab.models.instruments import spec_of

TONE, SPASM = "modified_ashworth", "penn_spasm"
SCORES = {TONE: "tone", SPASM: "frequency"}
MONTH = timedelta(days=31)


def weight_facts(
    patient_id: UUID, kilograms: object, *, performed_at: datetime, zone: str, besides: UUID
) -> Facts:
    """Return how far a weight lies below the highest of the half year before."""
    if isinstance(kilograms, bool) or not isinstance(kilograms, int | float):
        return {}
    try:
        on = local_date(performed_at, zone)
    except ValueError:
        return {}
    rows = DietLog.objects.filter(
        patient_id=patient_id,
        status=RecordStatus.RECORDED,
        weight_kg__isnull=False,
        on__gte=on - HALF_YEAR,
        performed_at__lt=performed_at,
    ).exclude(id=besides)
    weights = [(day, weight) for day, weight in rows.values_list("on", "weight_kg") if weight]
    return {"weight_loss_percent": loss_percent(kilograms, weights, on)}


def judge_assessment(
    row: Assessment, patient: PatientRow, *, at: datetime
) -> tuple[RaisedFlag, ...]:
    """Judge what an assessment says beside those before it; what waits for a clinician waits."""
    if row.status != RecordStatus.RECORDED or row.instrument not in SCORES:
        return ()
    facts = _tone(row) if row.instrument == TONE else _spasms(row)
    desk = FlagDesk(patient=patient, at=at)
    about = uuid5(row.id, f"revision/{row.revision}")
    flags = desk.judge_facts(about, facts, row.performed_at)
    desk.settle()
    return flags


def _tone(row: Assessment) -> Facts:
    """Return the rating that rose most, and the one before it on the same place of the body."""
    before: dict[tuple[object, ...], float] = {}
    for earlier in _earlier(row, since=row.performed_at - HALF_YEAR):
        for place, value in _values(earlier):
            before.setdefault(place, value)
    pairs = [(value, before[place]) for place, value in _values(row) if place in before]
    if not pairs:
        return {}
    now, then = max(pairs, key=lambda pair: pair[0] - pair[1])
    name = f"{TONE}.{SCORES[TONE]}"
    return {f"assessment.{name}": now, f"assessment_before.{name}": then}


def _spasms(row: Assessment) -> Facts:
    said: list[tuple[date, float]] = [
        (each.on, value)
        for each in (row, *_earlier(row, since=row.performed_at - MONTH))
        for _, value in _values(each)
    ]
    return {"penn_days_up": days_up(said, row.on)}


def _earlier(row: Assessment, *, since: datetime) -> list[Assessment]:
    """Return the same instrument before, newest first."""
    rows = Assessment.objects.filter(
        patient_id=row.patient_id,
        instrument=row.instrument,
        status=RecordStatus.RECORDED,
        performed_at__gte=since,
        performed_at__lt=row.performed_at,
    )
    return list(rows.exclude(id=row.id).order_by("-performed_at", "-id"))


def _values(row: Assessment) -> list[tuple[tuple[object, ...], float]]:
    spec = spec_of(row.instrument)
    score = spec.scores[SCORES[row.instrument]] if spec else None
    found: list[tuple[tuple[object, ...], float]] = []
    for each in row.results if score else ():
        if score is not None and each["score"] == score.code:
            value = position(each["value"], score)
            if value is not None:
                found.append((place_of(each.get("facts", {})), value))
    return found
