"""What is due on one day, what became of it, and what is paused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from exercises import reference
from rehab.domain.recurrence import local_date
from rehab.models.reads.agenda import (
    Agenda,
    ItemRow,
    OccurrenceRow,
    PauseRow,
    PlanRow,
    UnseenRow,
    read_agenda,
)
from rehab.models.reads.due import DueOccurrence, shown
from rehab.models.reads.forecast import is_all_paused, occurrences_between
from rehab.models.reads.readers import Reader
from rehab.models.reads.rule_texts import notice, text_of

DAY = timedelta(days=1)
WHO_READS_LEAST = Reader()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNotice:
    """The running plan. review_overdue, training_expired: as of the day asked for."""

    id: UUID
    title: str
    status: str
    version: int | None
    review_due_on: date | None
    review_overdue: bool
    training_expires_on: date | None
    training_expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAnswer:
    """starts: may training go on after this answer?"""

    code: str
    label: str
    starts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GateQuestion:
    """moment: before or end. fields: numbers that it collects on the way."""

    label: str
    moment: str
    answers: Sequence[GateAnswer]
    fields: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseNotice:
    """What is paused since when and by whom (empty: by a rule), and what is still allowed."""

    series: UUID
    part: UUID | None
    starts_at: datetime
    by: str | None
    reason: str
    flag: UUID | None
    level: str | None
    text: str
    instead: str
    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagNotice:
    """A rule whose flags nobody has acknowledged yet, with what to do meanwhile.

    id, raised_at, series, part: of the oldest of them; many: how many there are.
    """

    id: UUID
    many: int
    rule: str
    level: str
    raised_at: datetime
    series: UUID | None
    part: UUID | None
    text: str
    instead: str
    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to call. unattended: nobody answers, and the patient is told so."""

    clinic: str
    phone: str
    emergency_number: str
    unattended: bool
    not_watched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """date: the day shown. still_allowed: series that are not paused while something else is.

    unseen_flags: not yet seen by anyone; empty for a viewer who may not receive alerts.
    """

    date: date
    now: datetime
    plan: PlanNotice | None
    occurrences: Sequence[DueOccurrence]
    gate_questions: Mapping[str, GateQuestion]
    pauses: Sequence[PauseNotice]
    still_allowed: Sequence[UUID]
    unseen_flags: Sequence[FlagNotice]
    contact: Contact


def today_of(
    patient_id: UUID,
    *,
    now: datetime,
    language: str,
    on: date | None = None,
    with_flags: bool = True,
    reader: Reader = WHO_READS_LEAST,
) -> Today:
    """Return one day of a patient: one statement. reader: the one who may read least, if none.

    Without `on` each item shows the date that it is now in its own zone, and what is still open
    since the day before. With `on`, that local date in each item's zone, stored or computed.
    """
    around = on or now.date()
    agenda = read_agenda(
        patient_id, first=around - DAY, last=around + DAY, now=now, with_flags=with_flags
    )
    day = on or local_date(now, agenda.patient.zone)
    items = {item.id: item for item in agenda.items}
    rows = [
        (row, items[row.item_id])
        for row in occurrences_between(agenda, around - DAY, around + DAY)
        if row.state != "cancelled"
        and row.item_id in items
        and _belongs(row, items[row.item_id], on, now)
    ]
    occurrences = [
        shown(row, item, agenda, now=now, language=language, reader=reader) for row, item in rows
    ]
    return Today(
        date=day,
        now=now,
        plan=_plan(agenda.plan, day),
        occurrences=occurrences,
        gate_questions=questions(
            {code for each in occurrences for code in each.gate_questions}, language
        ),
        pauses=[_pause(each, agenda, language) for each in agenda.pauses if _is_running(each, now)],
        still_allowed=_still_allowed(agenda, now),
        unseen_flags=[_notice(each, agenda, language) for each in agenda.unseen_flags],
        contact=_contact(agenda, language),
    )


def questions(codes: set[str], language: str) -> dict[str, GateQuestion]:
    """Return the gate questions of these codes, in the order of the catalogue."""
    return {
        code: GateQuestion(
            label=found.labels[language],
            moment=found.moment,
            answers=[
                GateAnswer(code=answer.code, label=answer.labels[language], starts=answer.starts)
                for answer in found.answers
            ],
            fields=found.fields,
        )
        for code, found in reference.gate_questions().items()
        if code in codes
    }


def placeholders(agenda: Agenda) -> dict[str, object]:
    """Return what the texts of the rules need to know about this patient's clinic."""
    contact = agenda.contact
    return {
        "clinic_name": contact.clinic,
        "clinic_phone": contact.phone,
        "emergency_number": contact.emergency_number,
    }


def _belongs(row: OccurrenceRow, item: ItemRow, on: date | None, now: datetime) -> bool:
    day = on or local_date(now, item.zone)
    last = (
        max(row.on, local_date(row.closes_at, item.zone) - DAY)
        if item.schedule.get("rule") == "times_per_week"
        else row.on
    )
    if row.on <= day <= last:
        return True
    return on is None and row.state == "due" and row.opens_at <= now < row.closes_at


def _plan(plan: PlanRow | None, day: date) -> PlanNotice | None:
    if plan is None:
        return None
    return PlanNotice(
        id=plan.id,
        title=plan.title,
        status=plan.status,
        version=plan.version,
        review_due_on=plan.review_due_on,
        review_overdue=plan.review_due_on is not None and plan.review_due_on < day,
        training_expires_on=plan.training_expires_on,
        training_expired=plan.training_expires_on is not None and plan.training_expires_on < day,
    )


def _is_running(pause: PauseRow, now: datetime) -> bool:
    return pause.starts_at <= now and (pause.ended_at is None or now < pause.ended_at)


def _pause(pause: PauseRow, agenda: Agenda, language: str) -> PauseNotice:
    values = placeholders(agenda)
    return PauseNotice(
        series=pause.series,
        part=pause.part,
        starts_at=pause.starts_at,
        by=pause.by,
        reason=pause.reason,
        flag=pause.flag,
        level=pause.level,
        text=text_of(pause.rule, "text", language, values),
        instead=text_of(pause.rule, "instead", language, values),
        call=text_of(pause.rule, "call", language, values),
    )


def _notice(flag: UnseenRow, agenda: Agenda, language: str) -> FlagNotice:
    values = placeholders(agenda)
    return FlagNotice(
        id=flag.id,
        many=flag.many,
        rule=flag.rule,
        level=flag.level,
        raised_at=flag.raised_at,
        series=flag.series,
        part=flag.part,
        text=text_of(flag.rule, "text", language, values),
        instead=text_of(flag.rule, "instead", language, values),
        call=text_of(flag.rule, "call", language, values),
    )


def _still_allowed(agenda: Agenda, now: datetime) -> list[UUID]:
    in_force = [item for item in agenda.items if item.running and item.effective_at <= now]
    if not any(_is_running(each, now) for each in agenda.pauses):
        return []
    return [item.series for item in in_force if not is_all_paused(agenda.pauses, item, now)]


def _contact(agenda: Agenda, language: str) -> Contact:
    contact = agenda.contact
    return Contact(
        clinic=contact.clinic,
        phone=contact.phone,
        emergency_number=contact.emergency_number,
        unattended=contact.unattended,
        not_watched=notice("not_watched", language, placeholders(agenda)),
    )
