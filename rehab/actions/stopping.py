"""Stopping at home: whoever may log may stop, at once; only a clinician lets it go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from exercises import reference
from patients.access.walls import within_clinics
from patients.domain.errors import Invalid, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.answers import RaisedFlag
from rehab.actions.audit import AuditTrail
from rehab.actions.facts import stop_facts
from rehab.actions.flags import FlagDesk
from rehab.actions.gatekeeping import profile_of
from rehab.actions.judging import choice_faults, limb_faults
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.pausing import NewPause, items_in_force, pause
from rehab.actions.surroundings import current_profile
from rehab.actions.texts import text_faults
from rehab.actions.uploading import require_upload
from rehab.domain.session_entry import StopEntry
from rehab.models import Pause, PlanItem, PlanPart


@dataclass(frozen=True, slots=True)
class Stopped:
    """What stands still now, and what must be shown at once."""

    pauses: Sequence[Pause]
    flags: tuple[RaisedFlag, ...]


def stop_item(*, by: User, at: datetime, patient_id: UUID, entry: StopEntry) -> Stopped:
    """Stop an item or a part from the moment it was stopped at home.

    NotVisible for an item that is in no plan in force, Invalid for a part that is not in the item.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require_upload(authority, patient_id, min(entry.stopped_at, at), at=at)
        patient = lock_patient(patient_id)
        _must_be_text(entry)
        moment = min(entry.stopped_at, at)
        item = _item(entry, patient_id, moment) or _item(entry, patient_id, at)
        if item is None:
            raise NotVisible
        reason = entry.rule or entry.reason or "stopped"
        wanted = NewPause(entry.series, entry.part, moment, None, reason)
        pause(patient, [wanted], at=at, by_id=by.pk)
        flags = _judge(entry, item, patient, moment, at=at)
        trail = AuditTrail(by=by, patient=patient, at=at)
        detail = {"rule": entry.rule, "reason": entry.reason}
        trail.add("item.stop", "plan_item", entry.series, detail)
        trail.settle()
        standing = Pause.objects.filter(
            patient_id=patient_id, series=entry.series, ended_at__isnull=True
        )
        return Stopped(list(standing.order_by("starts_at", "id")), flags)


def _item(entry: StopEntry, patient_id: UUID, moment: datetime) -> PlanItem | None:
    """Return the item as it was in force, with the part that is to be stopped in it."""
    item = PlanItem.objects.filter(
        items_in_force(patient_id, at=moment), series=entry.series
    ).first()
    if item is None or entry.part is None:
        return item
    if not PlanPart.objects.filter(item=item, part=entry.part).exists():
        raise Invalid(_("This part is not in the item."), field="part", code="unknown_part")
    return item


def _judge(
    entry: StopEntry, item: PlanItem, patient: PatientRow, moment: datetime, *, at: datetime
) -> tuple[RaisedFlag, ...]:
    """Judge the reason by the rules, also when no log of the session ever comes."""
    desk = FlagDesk(patient=patient, at=at)
    profile = profile_of(current_profile(patient.id))
    facts = stop_facts(entry, profile, kind=item.kind, modality=item.modality)
    stop_id = uuid5(entry.series, f"stop/{moment.isoformat()}")
    flags = desk.judge_stop(stop_id, facts, moment, series=entry.series, limb=entry.limb)
    desk.settle()
    return flags


def _must_be_text(entry: StopEntry) -> None:
    texts = text_faults({"reason": entry.reason, "rule": entry.rule})
    choice = (
        choice_faults("stop_reason", entry.stop_reason, reference.stop_reasons())
        if entry.stop_reason
        else ()
    )
    if errors := (*texts, *choice, *limb_faults(entry.limb)):
        raise Invalid(errors=errors)
