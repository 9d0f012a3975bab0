"""Items that an assignment gate bars by now: more is known of the body than at assignment."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from rehab.actions.gatekeeping import gate_report, standing_overrides
from rehab.actions.plan_rows import stored_items
from rehab.actions.surroundings import current_profile
from rehab.models import ClinicalProfile, PlanStatus, PlanVersion


def closed_items(patient_ids: Collection[UUID], *, at: datetime) -> set[tuple[UUID, UUID]]:
    """Return (patient, series) whose every part a gate bars, by a profile newer than the plan.

    A plan passed its gates when it came into force. It is judged again only where the profile has
    changed since: a pregnancy, a fracture, an implant noted today.
    """
    newer = ClinicalProfile.objects.filter(
        patient_id=OuterRef("patient_id"), recorded_at__gt=OuterRef("effective_at")
    )
    versions = PlanVersion.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        Exists(newer),
        patient_id__in=patient_ids,
        effective_at__lte=at,
        plan__status=PlanStatus.ACTIVE,
        plan__patient_id=F("patient_id"),
    )
    return {
        (version.patient_id, series)
        for version in versions
        for series in _closed_series(version, at=at)
    }


def _closed_series(version: PlanVersion, *, at: datetime) -> set[UUID]:
    items = stored_items(version)
    overrides = standing_overrides(version.plan_id, at=at)
    profile = current_profile(version.patient_id)
    report = gate_report(items, profile, overrides, by_id=version.created_by_id, at=at)
    barred: dict[UUID, set[UUID]] = defaultdict(set)
    for standing in report:
        if standing.blocks:
            barred[standing.series].add(standing.part)
    return {
        item.series
        for item, parts in items
        if parts and {part.part for part in parts} <= barred[item.series]
    }
