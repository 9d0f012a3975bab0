"""The items of cycling that a device file can belong to."""

from uuid import UUID

from rehab.models.item import PlanItem
from rehab.models.reads.names import title_of

CYCLING = "fes_cycling"


def cycling_items(patient_id: UUID, *, language: str) -> list[tuple[UUID, str]]:
    """Return each item of cycling that a plan of this patient ever had, in its last wording."""
    rows = PlanItem.objects.filter(
        patient_id=patient_id, modality=CYCLING, version__effective_at__isnull=False
    ).order_by("version__effective_at")
    titles = {
        series: title_of(title or names, slug)[language]
        for series, title, names, slug in rows.values_list(
            "series", "title", "exercise__names", "exercise__slug"
        )
    }
    return list(titles.items())
