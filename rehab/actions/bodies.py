"""Between an entry as it was sent and the columns in which it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from operator import attrgetter

from rehab.actions.judging import Verdict
from rehab.domain.identity import fingerprint
from rehab.domain.measures import is_number
from rehab.domain.session_entry import PartEntry, SessionEntry, TypedValue
from rehab.models import SessionLog
from rehab.models.told_parts import ToldPart

NOT_CLINICAL = frozenset({"client_sent_at", "confirmed", "stopped_by_rule"})
NOT_VALUES = NOT_CLINICAL | {
    "performed_at",
    "zone",
    "series",
    "performer",
    "performer_name",
    "occurrence",
    "source",
    "device",
    "note",
}
_CLINICAL = tuple(name for name in SessionEntry.__slots__ if name not in NOT_CLINICAL | {"parts"})
_VALUES = tuple(name for name in _CLINICAL if name not in NOT_VALUES)


_EMPTY: tuple[object, ...] = (None, "", (), {})
_UNSAID: tuple[object, ...] = (*_EMPTY, [])


def clinical(entry: SessionEntry) -> dict[str, object]:
    """Return the fields by which two sendings are the same (R2): no transport, no confirmations."""
    return {**_fields(entry, _CLINICAL), "parts": _parts(entry.parts)}


def values_of(entry: SessionEntry) -> dict[str, object]:
    """Return the fields by which two logs tell the same session (R3): what, not who and when."""
    return {**_fields(entry, _VALUES), "parts": _parts(_told_parts(entry))}


def tells_the_same(entry: SessionEntry, stored: SessionEntry) -> bool:
    """Tell whether a correction corrects nothing. A slot it does not name is not moved."""
    prints = {fingerprint(_compared(each)) for each in (entry, stored)}
    return entry.occurrence in (None, stored.occurrence) and len(prints) == 1


def _compared(entry: SessionEntry) -> dict[str, object]:
    told = {**_fields(entry, _CLINICAL), "parts": _parts(_told_parts(entry))}
    return {name: value for name, value in told.items() if name != "occurrence"}


def _fields(entry: SessionEntry, names: Sequence[str]) -> dict[str, object]:
    """Return the fields that say something; what is left at its empty default says nothing."""
    said = zip(names, attrgetter(*names)(entry), strict=True)
    found = {name: value for name, value in said if value or value not in _EMPTY}
    if "typed" in found:
        found["typed"] = _typed(entry.typed)
    return found


def _typed(typed: Mapping[str, TypedValue]) -> dict[str, list[str]]:
    return {code: [each.text, each.unit] for code, each in typed.items()}


def _told_parts(entry: SessionEntry) -> Sequence[PartEntry]:
    """Return the parts that say more than "as planned" already does, in one order."""
    if not entry.parts:
        return ()
    said = (part for part in entry.parts if not (entry.as_planned and _says_nothing(part)))
    return sorted(said, key=lambda part: part.part)


def _says_nothing(part: PartEntry) -> bool:
    measured = any(value is not None for value in part.measures.values())
    return part.outcome == "done" and part.pain is None and not measured and not part.typed


def _parts(parts: Sequence[PartEntry]) -> list[dict[str, object]]:
    return [
        {
            "part": part.part,
            "outcome": part.outcome,
            "pain": part.pain,
            "measures": part.measures,
            "typed": _typed(part.typed),
        }
        for part in parts
    ]


def details_of(entry: SessionEntry, verdict: Verdict) -> dict[str, object]:
    """Return what has no column of its own; an empty answer is left out, as it was not recorded."""
    kept = {
        "pain": entry.pain,
        "gate": dict(entry.gate),
        "symptoms": list(entry.symptoms),
        "measures": dict(entry.measures),
        "typed": {code: asdict(typed) for code, typed in entry.typed.items()},
        "skin_before": entry.skin_before,
        "skin_after": entry.skin_after,
        "stop_reason": entry.stop_reason,
        "limb": entry.limb,
        "device": entry.device,
        "note": entry.note,
        "source": entry.source,
        "confirmed": list(entry.confirmed),
        "stopped_by_rule": list(entry.stopped_by_rule),
        "unusual": [{"field": error.field, "code": error.code} for error in verdict.unusual],
    }
    return {name: value for name, value in kept.items() if value or value not in _UNSAID}


def entry_of(log: SessionLog) -> SessionEntry:
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
        parts=tuple(_part_entry(part) for part in log.told_parts()),
        gate=kept.get("gate", {}),
        symptoms=tuple(kept.get("symptoms", ())),
        measures=kept.get("measures", {}),
        typed={code: TypedValue(**typed) for code, typed in kept.get("typed", {}).items()},
        skin_before=kept.get("skin_before", ""),
        skin_after=kept.get("skin_after", ""),
        pain=kept.get("pain"),
        effort=log.effort,
        minutes=_minutes(log),
        stop_reason=kept.get("stop_reason", ""),
        limb=kept.get("limb", ""),
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


def _part_entry(part: ToldPart) -> PartEntry:
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
