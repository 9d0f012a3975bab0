"""The assignment gates: what the profile must say before an item may be assigned to this body."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID

from exercises import reference
from rehab import rules as rulebook
from rehab.actions.facts import region_of
from rehab.domain.facts import PartSite, Profile, assignment_facts
from rehab.domain.gates import Blocked, Override, conditions_by_question, evaluate, standing
from rehab.domain.plan_draft import OverrideDraft
from rehab.models import ClinicalProfile, GateOverride, PlanItem, PlanPart


@dataclass(frozen=True, slots=True)
class Standing:
    """One gate that a part does not pass freely; a warning or an overridden one does not block."""

    series: UUID
    part: UUID
    item_position: int
    blocked: Blocked
    blocks: bool


def gate_report(
    items: Sequence[tuple[PlanItem, Sequence[PlanPart]]],
    profile: ClinicalProfile | None,
    overrides: Iterable[OverrideDraft],
    *,
    by_id: UUID,
    at: datetime,
) -> list[Standing]:
    """Judge every part of a plan by every gate.

    A gate stands open only by a named override of that item with a reason and a future expiry;
    a question that nobody answered cannot be overridden, it must be answered.
    """
    known = profile_of(profile)
    by_series = _by_series(overrides, by_id)
    same_as = conditions_by_question(rulebook.questions())
    report = []
    for item, parts in items:
        for part in parts:
            facts = assignment_facts(known, _site(item, part), same_as)
            found = evaluate(rulebook.gates().values(), facts)
            blocking = standing(found, by_series.get(item.series, ()), at)
            report += [
                Standing(item.series, part.part, item.position, each, each in blocking)
                for each in found
            ]
    return report


def profile_of(profile: ClinicalProfile | None) -> Profile:
    """Return a stored profile as the gates read it; without one everything is unknown."""
    if profile is None:
        return Profile()
    return Profile(
        spinal_cord_injury=profile.spinal_cord_injury,
        injury_level=profile.injury_level,
        answers=profile.answers,
        conditions={
            each["code"]: frozenset(each.get("limbs") or ()) for each in profile.conditions
        },
        innervation=profile.innervation,
        insensate=frozenset(profile.insensate),
        baselines={code: value for code, value in profile.baselines.items() if value is not None},
    )


def standing_overrides(plan_id: UUID, *, at: datetime) -> list[OverrideDraft]:
    """Return the overrides of a plan that have not expired."""
    today = at.astimezone(UTC).date()
    rows = GateOverride.objects.filter(plan_id=plan_id, expires_on__gt=today).order_by("at")
    return [
        OverrideDraft(
            series=row.series, gate=row.gate, reason=row.reason, expires_on=row.expires_on
        )
        for row in rows
    ]


def _by_series(overrides: Iterable[OverrideDraft], by_id: UUID) -> Mapping[UUID, list[Override]]:
    found: dict[UUID, list[Override]] = {}
    for each in overrides:
        expires_at = datetime.combine(each.expires_on, time.min, tzinfo=UTC)
        found.setdefault(each.series, []).append(
            Override(each.gate, by_id, each.reason, expires_at)
        )
    return found


def _site(item: PlanItem, part: PlanPart) -> PartSite:
    return PartSite(
        modality=item.modality,
        physics=reference.modalities()[item.modality].physics,
        region=region_of(part.motion, part.muscle),
        side=part.side,
        muscle=part.muscle,
        motion=part.motion,
        maximum_degrees=part.maximum.get("end_angle_degrees"),
    )
