"""What the tests of the programme share: a clock, short ways to log, and what is stored."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from patients.models import User
from rehab.actions.answers import Answer
from rehab.actions.entries import OfflineEntry, receive_entries
from rehab.actions.sessions import log_session
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft
from rehab.domain.session_entry import SessionEntry
from rehab.models import ItemDay, Occurrence, Pause, Plan, SafetyFlag, SessionLog
from tests.people import Cast
from tests.plans import as_planned, weekly

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int, minute: int = 0, *, month: int = 10) -> datetime:
    """A moment of autumn 2026 on the clinic's clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def told(
    cast: Cast,
    entry: SessionEntry,
    *,
    at: datetime | None = None,
    by: User | None = None,
    log_id: UUID | None = None,
    interactive: bool = True,
) -> Answer:
    """Log one session as Bob, at the moment it was done unless another is given."""
    return log_session(
        by=by or cast.bob,
        at=at or entry.performed_at,
        patient_id=cast.patient.pk,
        log_id=log_id or uuid4(),
        entry=entry,
        interactive=interactive,
    )


def done(cast: Cast, series: UUID, at: datetime, **facts: Any) -> Answer:
    """The two-tap log, received when it was done."""
    return told(cast, as_planned(series, at, **facts))


def batch(
    cast: Cast, entries: Iterable[OfflineEntry], *, at: datetime, by: User | None = None
) -> list[Answer]:
    return receive_entries(
        by=by or cast.bob, at=at, patient_id=cast.patient.pk, entries=list(entries)
    )


def offline(kind: str, body: dict[str, Any], entry_id: UUID | None = None) -> OfflineEntry:
    return OfflineEntry(id=entry_id or uuid4(), kind=kind, body=body)


def body_of(series: UUID | None, at: datetime, **facts: Any) -> dict[str, Any]:
    """The two-tap log as a phone keeps it."""
    given = {"performed_at": at.isoformat(), "zone": "Asia/Shanghai", "as_planned": True}
    return {**given, "series": str(series) if series else None, **facts}


def occurrences(cast: Cast, **facts: Any) -> list[Occurrence]:
    with cast.inside():
        rows = Occurrence.objects.filter(patient_id=cast.patient.pk, **facts)
        return list(rows.order_by("due_at", "version", "slot", "id"))


def states(cast: Cast, **facts: Any) -> list[str]:
    return [each.state for each in occurrences(cast, **facts)]


def day_of(cast: Cast, series: UUID, on: date | str) -> ItemDay:
    """The figures of one item on one date, of whatever version has any."""
    with cast.inside():
        return ItemDay.objects.get(patient_id=cast.patient.pk, series=series, on=on)


def figures(cast: Cast, *names: str, **facts: Any) -> tuple[int, ...]:
    """Sums over per-day rows, in the order of the names."""
    with cast.inside():
        rows = list(ItemDay.objects.filter(patient_id=cast.patient.pk, **facts).values(*names))
    return tuple(sum(row[name] for row in rows) for name in names)


def flags(cast: Cast, **facts: Any) -> list[SafetyFlag]:
    with cast.inside():
        rows = SafetyFlag.objects.filter(patient_id=cast.patient.pk, **facts)
        return list(rows.order_by("level", "rule", "id"))


def pauses(cast: Cast, **facts: Any) -> list[Pause]:
    with cast.inside():
        rows = Pause.objects.filter(patient_id=cast.patient.pk, **facts)
        return list(rows.order_by("starts_at", "reason", "id"))


def log_of(cast: Cast, log_id: UUID) -> SessionLog:
    with cast.inside():
        return SessionLog.objects.get(patient_id=cast.patient.pk, id=log_id)


def reread(cast: Cast, plan: Plan) -> Plan:
    with cast.inside():
        return Plan.objects.get(pk=plan.pk)


def turning(*times: str, **facts: Any) -> ItemDraft:
    """Care: turning in bed."""
    given: dict[str, Any] = {
        "exercise": "turning",
        "series": uuid4(),
        "kind": "care",
        "schedule": weekly(*(times or ("22:30", "06:30"))),
        "parts": (PartDraft(part=uuid4(), exercise="turning"),),
    }
    return ItemDraft(**{**given, **facts})


def long_pulse(*times: str, **facts: Any) -> ItemDraft:
    """Long-pulse stimulation of the denervated left wrist extensors: 100 ms, 0.5 Hz, 12 mA."""
    given: dict[str, Any] = {
        "exercise": "long-pulse-wrist-extensors",
        "series": uuid4(),
        "schedule": weekly(*(times or ("11:00",))),
        "parts": (
            PartDraft(
                part=uuid4(),
                exercise="long-pulse-wrist-extensors",
                muscle="wrist_extensors",
                channel=1,
                side="left",
                dose={
                    "pulse_width_ms": 100,
                    "frequency_hz": 0.5,
                    "amplitude_ma": 12,
                    "minutes": 10,
                },
                maximum={"amplitude_ma": 15},
            ),
        ),
    }
    return ItemDraft(**{**given, **facts})


def plan_of(*items: ItemDraft, **facts: Any) -> PlanDraft:
    return PlanDraft(**{"title": "Plan", "items": items, **facts})
