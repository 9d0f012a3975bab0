"""The signs that came with a skip: judged by the safety rules as those of a session are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from exercises import reference
from patients.domain.errors import FieldError
from rehab.actions.answers import RaisedFlag
from rehab.actions.findings import as_error
from rehab.actions.flags import FlagDesk
from rehab.actions.intake import Sent, programme_around
from rehab.actions.judging import limb_faults, symptom_faults
from rehab.actions.patient_row import PatientRow
from rehab.actions.value_findings import measure_findings, pressure_findings, scale_findings
from rehab.domain.identity import fingerprint
from rehab.domain.session_entry import SessionEntry, SkipEntry


@dataclass(frozen=True, slots=True)
class SkipJudgement:
    """What a skip set off; the desk writes it once the skip itself has been settled."""

    desk: FlagDesk
    flags: tuple[RaisedFlag, ...] = ()


def signs_of(told: SkipEntry) -> dict[str, object]:
    """Return what was told beside reason and note, as it is kept; what nobody said is left out."""
    kept = {
        "symptoms": list(told.symptoms),
        "measures": {code: value for code, value in told.measures.items() if value is not None},
        "pain": told.pain,
        "limb": told.limb,
    }
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}


def sign_faults(told: SkipEntry) -> Iterator[FieldError]:
    """Yield what cannot be so; the rules have been asked before."""
    yield from symptom_faults(told.symptoms)
    yield from limb_faults(told.limb)
    found = [
        *scale_findings("pain", told.pain, "pain"),
        *measure_findings(told.measures, "measures"),
        *pressure_findings(told.measures),
    ]
    for path, finding in found:
        if finding.severity == "refuse":
            yield as_error(finding, path=path)


def judge_skip(
    told: SkipEntry, patient: PatientRow, series: UUID | None, *, at: datetime
) -> SkipJudgement:
    """Judge the red flags, whatever becomes of the skip.

    A reason may be a sign by itself ("dizzy"). Saying the same of the same slot raises nothing
    new. Without a sign nothing is read.
    """
    desk = FlagDesk(patient=patient, at=at)
    meaning = reference.skip_reasons().get(told.reason)
    signs = signs_of(told)
    if not signs and not (meaning and (meaning.as_stop_reason or meaning.as_symptom)):
        return SkipJudgement(desk)
    said = {**signs, "reason": told.reason}
    about = uuid5(told.occurrence, f"skip/{fingerprint(said).hex()}")
    entry = _as_session(told, patient, series, at=at)
    programme = programme_around(patient.id, [Sent(about, entry)], at=at, lock=False)[1]
    item = programme.item_at(series, entry.performed_at)
    return SkipJudgement(desk, desk.judge_skip(about, entry, item, programme))


def _as_session(
    told: SkipEntry, patient: PatientRow, series: UUID | None, *, at: datetime
) -> SessionEntry:
    """Return the skip as the rules look at a session in which nothing was done."""
    meaning = reference.skip_reasons().get(told.reason)
    implied = (meaning.as_symptom,) if meaning and meaning.as_symptom else ()
    return SessionEntry(
        performed_at=min(told.skipped_at or at, at),
        zone=patient.zone,
        series=series,
        symptoms=tuple(dict.fromkeys((*told.symptoms, *implied))),
        measures=_values(told.measures),
        pain=told.pain,
        limb=told.limb,
        stop_reason=meaning.as_stop_reason if meaning else "",
    )


def _values(measures: Mapping[str, object]) -> dict[str, float | int | str | bool]:
    return {
        code: value
        for code, value in measures.items()
        if isinstance(value, float | int | str | bool)
    }
