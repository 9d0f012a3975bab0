"""The copy that a phone keeps: 14 days back and 14 ahead, and all it needs without a network.

Nothing here changes with the clock alone, so that an unchanged copy has an unchanged ETag.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from rehab.domain.recurrence import local_date
from rehab.domain.safety import Level, Where
from rehab.models.reads import offline_shapes as shapes
from rehab.models.reads.agenda import Agenda, ItemRow, OccurrenceRow, PartRow, PauseRow, read_agenda
from rehab.models.reads.cursors import InSequence, opaque
from rehab.models.reads.due import maximum_of
from rehab.models.reads.forecast import occurrences_between
from rehab.models.reads.names import part_name, title_of, zone_name
from rehab.models.reads.profile import facts_for_rules, profile_in_force
from rehab.models.reads.rule_texts import both_texts
from rehab.models.reads.today import placeholders
from rehab.models.reads.vocabulary import vocabulary_of
from rehab.rules import data, rules

DAY = timedelta(days=1)
REACH = timedelta(days=14)
OWN_DEVICE_HOURS = 14 * 24
OTHER_DEVICE_HOURS = 24


def offline_copy(
    patient_id: UUID, *, now: datetime, scopes: Collection[str], own_device: bool
) -> shapes.OfflineCopy:
    """Return the copy for one viewer: two statements."""
    agenda = read_agenda(
        patient_id, first=now.date() - REACH - DAY, last=now.date() + REACH + DAY, now=now
    )
    patient = agenda.patient
    first, last = (local_date(now, patient.zone) + days for days in (-REACH, REACH))
    values = placeholders(agenda)
    return shapes.OfflineCopy(
        patient=shapes.OfflinePatient(
            id=patient.id, name=patient.name, zone=patient.zone, language=patient.language
        ),
        scopes=sorted(scopes),
        lease_hours=OWN_DEVICE_HOURS if own_device else OTHER_DEVICE_HOURS,
        first=first,
        last=last,
        cursor=opaque(InSequence(patient.id, patient.sync_sequence + 1)),
        plan=_plan(agenda),
        items=[_item(item) for item in agenda.items],
        occurrences=[_occurrence(row) for row in occurrences_between(agenda, first, last)],
        pauses=[_pause(pause, values) for pause in agenda.pauses],
        body=_body(patient_id) if "see_conditions" in scopes else None,
        rules=_rule_book(),
        emergency=_emergency(values),
        contact=_contact(agenda),
        vocabulary=vocabulary_of({item.modality for item in agenda.items}),
    )


def _plan(agenda: Agenda) -> shapes.OfflinePlan | None:
    plan = agenda.plan
    if plan is None:
        return None
    return shapes.OfflinePlan(
        id=plan.id,
        title=plan.title,
        status=plan.status,
        version=plan.version,
        review_due_on=plan.review_due_on,
        training_expires_on=plan.training_expires_on,
    )


def _item(item: ItemRow) -> shapes.OfflineItem:
    return shapes.OfflineItem(
        series=item.series,
        version=item.version,
        effective_at=item.effective_at,
        ended_at=item.ended_at,
        kind=item.kind,
        modality=item.modality,
        exercise=item.exercise,
        title=title_of(item.title, item.exercise),
        instruction=item.instruction,
        zone=item.zone,
        zone_label=zone_name(item.zone),
        zone_policy=item.zone_policy,
        schedule=item.schedule,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        target=item.target,
        maximum=maximum_of(item),
        gate_questions=item.gate_questions,
        parts=[_part(part) for part in item.parts],
    )


def _part(part: PartRow) -> shapes.OfflinePart:
    return shapes.OfflinePart(
        part=part.part,
        label=part_name(part),
        motion=part.motion,
        muscle=part.muscle,
        channel=part.channel,
        side=part.side,
        dose=part.dose,
        maximum=part.maximum,
    )


def _occurrence(row: OccurrenceRow) -> shapes.OfflineOccurrence:
    return shapes.OfflineOccurrence(
        id=row.id,
        series=row.series,
        version=row.version,
        on=row.on,
        slot=row.slot,
        due_at=row.due_at,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        state=row.state,
        skip_reason=row.skip_reason,
        snoozed_until=row.snoozed_until,
        superseded_by=row.superseded_by,
        log=row.log.id if row.log else None,
    )


def _pause(pause: PauseRow, values: Mapping[str, object]) -> shapes.OfflinePause:
    return shapes.OfflinePause(
        series=pause.series,
        part=pause.part,
        starts_at=pause.starts_at,
        ended_at=pause.ended_at,
        by=pause.by,
        reason=pause.reason,
        flag=pause.flag,
        rule=pause.rule,
        text=both_texts(pause.rule, "text", values),
        instead=both_texts(pause.rule, "instead", values),
        call=both_texts(pause.rule, "call", values),
    )


def _body(patient_id: UUID) -> shapes.OfflineBody:
    profile = profile_in_force(patient_id)
    return shapes.OfflineBody(
        baselines=profile.baselines, facts=facts_for_rules(profile), insensate=profile.insensate
    )


def _rule_book() -> shapes.RuleBook:
    book = data("safety")
    return shapes.RuleBook(
        version=book["version"],
        rules=[rule for rule in book["rules"] if rule["where"] == Where.PHONE],
        notices=book["notices"],
    )


def _emergency(values: Mapping[str, object]) -> list[shapes.EmergencyText]:
    return [
        shapes.EmergencyText(
            rule=rule.code,
            version=rule.version,
            text=both_texts(rule.code, "text", values),
            instead=both_texts(rule.code, "instead", values),
            call=both_texts(rule.code, "call", values),
        )
        for rule in rules().values()
        if rule.level == Level.E0
    ]


def _contact(agenda: Agenda) -> shapes.OfflineContact:
    contact = agenda.contact
    return shapes.OfflineContact(
        clinic=contact.clinic,
        phone=contact.phone,
        emergency_number=contact.emergency_number,
        unattended=contact.unattended,
    )
