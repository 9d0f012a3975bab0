"""Between an entry as it was sent and the columns in which it is kept."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from uuid import UUID

from rehab.actions.judging import Verdict
from rehab.domain.measures import is_number
from rehab.domain.session_entry import PartEntry, SessionEntry, TypedValue
from rehab.models import SessionLog, SessionPart

NOT_CLINICAL = frozenset({"client_sent_at", "confirmed", "stopped_by_rule"})
NOT_VALUES = NOT_CLINICAL | {
    "performed_at",
    "zone",
    "performer",
    "performer_name",
    "occurrence",
    "source",
    "device",
    "note",
}


def clinical(entry: SessionEntry) -> dict[str, object]:
    """Return the fields by which two sendings are the same (R2): no transport, no confirmations."""
    return {name: value for name, value in asdict(entry).items() if name not in NOT_CLINICAL}


def values_of(entry: SessionEntry) -> dict[str, object]:
    """Return the fields by which two logs tell the same session (R3): what, not who and when."""
    return {name: value for name, value in asdict(entry).items() if name not in NOT_VALUES}


def details_of(entry: SessionEntry, verdict: Verdict) -> dict[str, object]:
    """Return what has no column of its own; an empty answer is left out, as it was not recorded."""
    kept = {
        "pain": entry.pain,
        "gate": dict(entry.gate),
        "symptoms": list(entry.symptoms),
        "measures": dict(entry.measures),
        "skin_before": entry.skin_before,
        "skin_after": entry.skin_after,
        "stop_reason": entry.stop_reason,
        "device": entry.device,
        "note": entry.note,
        "source": entry.source,
        "confirmed": list(entry.confirmed),
        "stopped_by_rule": list(entry.stopped_by_rule),
        "unusual": [{"field": error.field, "code": error.code} for error in verdict.unusual],
    }
    return {name: value for name, value in kept.items() if value not in (None, "", [], {}, ())}


def entry_of(log: SessionLog, parts: Mapping[UUID, SessionPart]) -> SessionEntry:
    """Return a stored log as the entry that would store it again."""
    kept = log.details
    return SessionEntry(
        performed_at=log.performed_at.astimezone(_offset(log)),
        zone=log.performed_zone,
        series=log.series,
        occurrence=log.occurrence_id,
        client_sent_at=log.client_sent_at,
        source=kept.get("source", "live"),
        performer=log.performer,
        performer_name=log.performer_name,
        as_planned=log.as_planned,
        parts=() if log.as_planned else tuple(_part_entry(part) for part in parts.values()),
        gate=kept.get("gate", {}),
        symptoms=tuple(kept.get("symptoms", ())),
        measures=kept.get("measures", {}),
        skin_before=kept.get("skin_before", ""),
        skin_after=kept.get("skin_after", ""),
        pain=kept.get("pain"),
        effort=log.effort,
        minutes=_minutes(log),
        stop_reason=kept.get("stop_reason", ""),
        device=kept.get("device", ""),
        note=kept.get("note", ""),
        confirmed=tuple(kept.get("confirmed", ())),
        stopped_by_rule=tuple(kept.get("stopped_by_rule", ())),
    )


def _offset(log: SessionLog) -> timezone:
    return timezone(timedelta(minutes=log.performed_offset_minutes))


def _minutes(log: SessionLog) -> float | None:
    if log.minutes is None or "minutes" in log.details.get("measures", {}):
        return None
    return float(log.minutes)


def _part_entry(part: SessionPart) -> PartEntry:
    return PartEntry(
        part=part.part,
        outcome=part.outcome,
        pain="cannot_feel" if part.pain_unfelt else part.pain,
        measures=part.measures,
        typed={code: TypedValue(**typed) for code, typed in part.typed.items()},
    )


def offset_minutes(moment: datetime) -> int:
    offset = moment.utcoffset()
    return round(offset.total_seconds() / 60) if offset else 0


def worst_pain(entry: SessionEntry) -> int | None:
    said = [entry.pain, *(part.pain for part in entry.parts)]
    return max((int(value) for value in said if is_number(value)), default=None)


def cannot_feel(entry: SessionEntry) -> bool:
    return entry.pain == "cannot_feel" or any(part.pain == "cannot_feel" for part in entry.parts)


def whole(value: object) -> int | None:
    return int(value) if is_number(value) else None


def number(value: object) -> float | None:
    return value if is_number(value) else None
