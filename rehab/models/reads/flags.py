"""Safety flags as they are shown: what fired, what it says, and whether anybody has seen it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from patients.models import AuditEvent
from patients.models.querysets import PatientKeyedQuerySet
from rehab import rules as rulebook
from rehab.domain.safety import Level, may_be_told
from rehab.models.flag import SafetyFlag
from rehab.models.reads.cursors import InOrder, opaque
from rehab.models.reads.rule_texts import text_of

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A fact that the rule looked at."""

    field: str
    value: float | int | str | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagView:
    """One rule that fired. occurred_at: for the body; raised_at: when the server judged it.

    seen: somebody has acknowledged it; until then nobody may be taken to have read it.
    clinic_zone: the clock of the clinic that answers, an IANA name.
    because: what the rule looked at, without what only those may know who may see conditions.
    source, proposed: where the rule comes from, and whether its owner has yet to sign it.
    """

    id: UUID
    patient: UUID
    patient_name: str
    rule: str
    rule_version: int
    level: str
    occurred_at: datetime
    raised_at: datetime
    clinic_zone: str
    log: UUID | None
    event: UUID | None
    series: UUID | None
    part: UUID | None
    because: Sequence[Reason]
    source: str
    proposed: bool
    text: str
    instead: str
    call: str
    seen: bool
    acknowledged_at: datetime | None
    acknowledged_by: str
    acknowledgement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagPage:
    results: Sequence[FlagView]
    next: str | None
    previous: str | None


_FIELDS = (
    "id", "patient_id", "patient__name", "rule", "rule_version", "level", "occurred_at",
    "raised_at", "log_id", "event_id", "series", "part", "because",
    "acknowledged_at", "acknowledged_by__name", "acknowledgement",
    "clinic__name", "clinic__phone", "clinic__emergency_number", "clinic__zone",
)  # fmt: skip


def flag_rows(flags: PatientKeyedQuerySet, *besides: str) -> QuerySet[Any, dict[str, Any]]:
    """Return the rows that `flag_view` shows, the most urgent and oldest first."""
    return flags.order_by("level", "raised_at", "id").values(*_FIELDS, *besides)


def flags_in(
    flags: PatientKeyedQuerySet,
    *,
    language: str,
    with_conditions: Q,
    after: InOrder | None = None,
    limit: int = 20,
) -> FlagPage:
    """Return a page of the flags of a queryset, the most urgent and oldest first: one statement.

    with_conditions: which of them are of patients whose conditions the reader may see.
    """
    skip = after.skip if after else 0
    told = flags.annotate(told=Case(When(with_conditions, then=True), default=False))
    rows = list(flag_rows(told, "told")[skip : skip + limit + 1])
    return FlagPage(
        results=[
            flag_view(row, language, sees_conditions=bool(row["told"])) for row in rows[:limit]
        ],
        next=opaque(InOrder(skip + limit)) if len(rows) > limit else None,
        previous=opaque(InOrder(max(skip - limit, 0))) if skip else None,
    )


def answered_in(
    flags: PatientKeyedQuerySet,
    *,
    language: str,
    with_conditions: Q,
    after: InOrder | None = None,
    limit: int = 20,
) -> FlagPage:
    """Return a page of what was answered, the latest answer first: one statement.

    with_conditions: which of them are of patients whose conditions the reader may see.
    """
    skip = after.skip if after else 0
    answered = flags.filter(acknowledged_at__isnull=False).annotate(
        told=Case(When(with_conditions, then=True), default=False)
    )
    rows = list(
        answered.order_by("-acknowledged_at", "level", "id").values(*_FIELDS, "told")[
            skip : skip + limit + 1
        ]
    )
    return FlagPage(
        results=[
            flag_view(row, language, sees_conditions=bool(row["told"])) for row in rows[:limit]
        ],
        next=opaque(InOrder(skip + limit)) if len(rows) > limit else None,
        previous=opaque(InOrder(max(skip - limit, 0))) if skip else None,
    )


def levels_before(flags: Collection[FlagView]) -> dict[UUID, tuple[str, datetime]]:
    """Return the level from which each of these flags rose unseen, and when: one statement.

    The audit is read by its keys: of these patients, since the first of these flags was raised.
    """
    if not flags:
        return {}
    rises = AuditEvent.objects.filter(
        patient_id__in={each.patient for each in flags},
        at__gte=min(each.raised_at for each in flags),
        kind="flag.rise",
        target_id__in=[each.id for each in flags],
    )
    found = rises.order_by("-at").values_list("target_id", "detail", "at")
    return {flag: (detail["from"], at) for flag, detail, at in found}


def unseen_of_a_kind(
    patient_id: UUID, *, language: str, sees_conditions: bool
) -> list[tuple[FlagView, int]]:
    """Return the newest unseen flag of each rule, item and part, and how many there are.

    The most urgent kind comes first; acknowledging the newest answers for all of them.
    """
    kinds: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in _unseen(patient_id):
        kinds.setdefault((row["rule"], row["series"], row["part"]), []).append(row)
    return [
        (flag_view(same[-1], language, sees_conditions=sees_conditions), len(same))
        for same in kinds.values()
    ]


def _unseen(patient_id: UUID) -> QuerySet[Any, dict[str, Any]]:
    unseen = SafetyFlag.objects.filter(patient_id=patient_id, acknowledged_at__isnull=True)
    return flag_rows(unseen)[:LARGEST_PAGE]


def flags_by_id(
    patient_id: UUID, ids: Sequence[UUID], *, language: str, sees_conditions: bool
) -> dict[UUID, FlagView]:
    """Return these flags of one patient: one statement."""
    rows = flag_rows(SafetyFlag.objects.filter(patient_id=patient_id, id__in=ids))
    return {row["id"]: flag_view(row, language, sees_conditions=sees_conditions) for row in rows}


def flag_view(row: Mapping[str, Any], language: str, *, sees_conditions: bool = False) -> FlagView:
    """sees_conditions: may whoever reads this know of diagnoses? Else some reasons are left out."""
    values = {
        "clinic_name": row["clinic__name"],
        "clinic_phone": row["clinic__phone"],
        "emergency_number": row["clinic__emergency_number"],
    }
    rule = str(row["rule"])
    known = rulebook.known().get(rule)
    return FlagView(
        id=row["id"],
        patient=row["patient_id"],
        patient_name=row["patient__name"],
        rule=rule,
        rule_version=row["rule_version"],
        level=row["level"],
        occurred_at=row["occurred_at"],
        raised_at=row["raised_at"],
        clinic_zone=row["clinic__zone"],
        log=row["log_id"],
        event=row["event_id"],
        series=row["series"],
        part=row["part"],
        because=[
            Reason(field=each["field"], value=each["value"])
            for each in row["because"]
            if sees_conditions or may_be_told(each["field"], private=known is None or known.private)
        ],
        source=known.source if known else "",
        proposed=known is None or known.proposed,
        text=text_of(rule, "text", language, values),
        instead=text_of(rule, "instead", language, values),
        call=text_of(rule, "call", language, values),
        seen=row["acknowledged_at"] is not None,
        acknowledged_at=row["acknowledged_at"],
        acknowledged_by=row["acknowledged_by__name"] or "",
        acknowledgement=row["acknowledgement"],
    )


def flags_beside(patient_id: UUID, flag_id: UUID, *, language: str) -> list[FlagView]:
    """Return one flag and what the same log, event or stop raised, the most urgent first.

    In an emergency the emergency alone: advice of another level could contradict it.
    """
    named = SafetyFlag.objects.filter(patient_id=patient_id, pk=flag_id)
    same_entry = (
        Q(pk=flag_id)
        | Q(log_id__in=named.values("log_id"))
        | Q(event_id__in=named.values("event_id"))
        | Q(
            log_id__isnull=True,
            event_id__isnull=True,
            series__in=named.values("series"),
            raised_at__in=named.values("raised_at"),
        )
    )
    rows = SafetyFlag.objects.filter(same_entry, patient_id=patient_id).order_by(
        "level", "raised_at", "id"
    )
    found = [flag_view(row, language) for row in rows.values(*_FIELDS)[:LARGEST_PAGE]]
    return [each for each in found if each.level == Level.E0] or found
