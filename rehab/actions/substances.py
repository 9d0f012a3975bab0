"""Recording what is taken: drugs, herbs, supplements. A notice may follow; advice never does."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from exercises import reference
from patients.access.decisions import Decision, decide
from patients.access.walls import within_clinics
from patients.domain.errors import FieldError
from patients.models.user import User
from rehab.actions.answers import RaisedFlag
from rehab.actions.diet import eaten_facts, language_now
from rehab.actions.findings import as_error
from rehab.actions.flags import FlagDesk
from rehab.actions.judging import zone_faults
from rehab.actions.keeping import (
    Desk,
    Kept,
    change,
    desk_to_correct,
    keep,
    open_desk,
    recorded,
    said_before,
    say_why,
    standing,
    withdraw,
)
from rehab.actions.texts import text_faults
from rehab.domain.diet import Caution, TakenEntry, taken_findings
from rehab.domain.identity import fingerprint
from rehab.domain.receipt import judge_performed_at
from rehab.domain.recurrence import local_date
from rehab.models import RecordChange, TakenSubstance, TakenSubstanceAmendment
from rehab.models.reads.cautions import Eaten, cautions_about

LONGEST = 200


@dataclass(frozen=True, slots=True)
class KeptSubstance:
    kept: Kept
    cautions: tuple[Caution, ...] = ()


def record_substance(
    *, by: User, at: datetime, patient_id: UUID, substance_id: UUID, entry: TakenEntry
) -> KeptSubstance:
    """Keep that something is taken; sending it again changes nothing.

    What does not go together with the drugs of this patient is said at once and put on the
    clinic's list.
    """
    with within_clinics(by.clinic_ids):
        desk = open_desk(by, at, patient_id, entry.told_at)
        refused = tuple(_faults(entry, desk))
        if refused:
            return KeptSubstance(Kept(substance_id, 422, "refused", errors=refused))
        printed = fingerprint(_clinical(entry))
        cautions = _cautions(entry, desk)
        if (known := said_before(TakenSubstance, desk, substance_id, printed)) is not None:
            return KeptSubstance(known, cautions if known.status == 200 else ())
        flags = _raise_flags(desk, substance_id, entry, cautions)
        row = keep(
            TakenSubstance,
            desk,
            substance_id,
            performed_at=entry.told_at,
            zone=entry.zone,
            printed=printed,
            values=_columns(entry),
        )
        desk.note("substance.record", "substance", row.id, cautions=len(cautions))
        return KeptSubstance(recorded(row, flags=flags), cautions)


def amend_substance(
    *,
    by: User,
    at: datetime,
    patient_id: UUID,
    substance_id: UUID,
    entry: TakenEntry,
    reason: str,
) -> KeptSubstance:
    """Correct a record, or say since when the thing is no longer taken (`until`)."""
    with within_clinics(by.clinic_ids):
        desk = desk_to_correct(by, at, patient_id)
        say_why(reason)
        row = standing(TakenSubstance, desk, substance_id)
        refused = tuple(_faults(entry, desk))
        if refused:
            return KeptSubstance(Kept(substance_id, 422, "refused", errors=refused))
        values = _columns(entry)
        cautions = _cautions(entry, desk) if entry.until is None else ()
        if all(getattr(row, name) == value for name, value in values.items()):
            return KeptSubstance(Kept(substance_id, 200, "unchanged"), cautions)
        flags = _raise_flags(desk, substance_id, entry, cautions)
        change(row, desk, TakenSubstanceAmendment, RecordChange.AMEND, reason, values)
        desk.note("substance.amend", "substance", row.id, revision=row.revision)
        return KeptSubstance(Kept(substance_id, 200, "amended", flags=flags), cautions)


def retract_substance(
    *, by: User, at: datetime, patient_id: UUID, substance_id: UUID, reason: str
) -> KeptSubstance:
    """Mark a record as entered in error."""
    with within_clinics(by.clinic_ids):
        desk = desk_to_correct(by, at, patient_id)
        reply = withdraw(TakenSubstance, TakenSubstanceAmendment, desk, substance_id, reason)
        if reply.state == "retracted":
            desk.note("substance.retract", "substance", substance_id)
        return KeptSubstance(reply)


def _faults(entry: TakenEntry, desk: Desk) -> Iterator[FieldError]:
    today = local_date(desk.at, desk.patient.zone)
    for found in taken_findings(entry, today=today):
        yield as_error(found)
    if future := judge_performed_at(entry.told_at, desk.at):
        yield as_error(future, path="told_at")
    if entry.code and entry.code not in reference.substances():
        yield FieldError(
            "code", "unknown_substance", _("This is not in the list. Say it in your own words.")
        )
    yield from zone_faults(entry.zone)
    yield from text_faults({"text": entry.text, "amount": entry.amount}, longest=LONGEST)
    yield from text_faults({"note": entry.note})


def _cautions(entry: TakenEntry, desk: Desk) -> tuple[Caution, ...]:
    tells = decide(desk.authority, desk.patient.id, "see_conditions", desk.at)
    return cautions_about(
        desk.patient.id,
        Eaten(substances=[entry.code] if entry.code else [], text=entry.text),
        language=language_now(),
        tells_conditions=tells is Decision.ALLOWED,
    )


def _raise_flags(
    desk: Desk, about: UUID, entry: TakenEntry, cautions: tuple[Caution, ...]
) -> tuple[RaisedFlag, ...]:
    if not cautions:
        return ()
    flags = FlagDesk(patient=desk.patient, at=desk.at)
    raised = flags.judge_event(about, eaten_facts(cautions), entry.told_at, counted=True)
    flags.settle()
    return raised


def _clinical(entry: TakenEntry) -> Mapping[str, object]:
    return asdict(entry)


def _columns(entry: TakenEntry) -> dict[str, object]:
    return {
        "code": entry.code,
        "text": entry.text.strip(),
        "amount": entry.amount.strip(),
        "since": entry.since,
        "until": entry.until,
        "note": entry.note.strip(),
    }
