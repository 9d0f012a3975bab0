"""What was eaten and weighed beside the targets that a person set. Nothing is held against them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

from django.db.models import Count, Q, Sum

from exercises import reference
from exercises.models import Recipe
from patients.domain.errors import NotVisible
from rehab.models.amendment import RecordStatus
from rehab.models.diet import DietLog, DietLogAmendment
from rehab.models.reads.assessments import EarlierVersion
from rehab.models.reads.cursors import InTime, opaque
from rehab.models.reads.nutrition import NutritionTargets, nutrition_plan_of

PAGE, LARGEST_PAGE = 20, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Dish:
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DietLogView:
    """One entry. What is null was not recorded. cautions: what was said about it then."""

    id: UUID
    status: str
    revision: int
    performed_at: datetime
    zone: str
    on: date
    received_at: datetime
    author: str
    text: str
    foods: Sequence[Dish]
    recipes: Sequence[Dish]
    protein_g: float | None
    fluids_ml: float | None
    weight_kg: float | None
    weight_typed: str
    symptoms: Sequence[str]
    note: str
    marks: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DietDay:
    """What was logged on a local date. protein_g, fluids_ml: sums of what was entered, null where

    nothing was; entries_without_protein says how much of the day such a sum leaves out.
    """

    on: date
    entries: int
    protein_g: float | None
    entries_without_protein: int
    fluids_ml: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A weight as it was told. on: local date."""

    on: date
    performed_at: datetime
    weight_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DietPage:
    """Newest first. targets: what a person ordered, null before anybody did; days and weights
    stand beside it and nothing is computed from them."""

    results: Sequence[DietLogView]
    days: Sequence[DietDay]
    weights: Sequence[Weight]
    targets: NutritionTargets | None
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DietLogDetail:
    log: DietLogView
    earlier: Sequence[EarlierVersion]


def diet_of(
    patient_id: UUID,
    *,
    first: date,
    last: date,
    language: str,
    after: InTime | None = None,
    limit: int = PAGE,
) -> DietPage:
    """Return entries with the days and weights of a span of local dates: five statements."""
    rows = DietLog.objects.filter(patient_id=patient_id).select_related("author")
    if after is not None:
        earlier = Q(performed_at__lt=after.at) | Q(performed_at=after.at, id__lt=after.id)
        rows = rows.filter(earlier)
    found = list(rows.order_by("-performed_at", "-id")[: limit + 1])
    shown, more = found[:limit], found[limit:]
    names = _recipe_names(shown, language)
    return DietPage(
        results=[_view(row, names, language) for row in shown],
        days=_days(patient_id, first, last),
        weights=weights_of(patient_id, first=first, last=last),
        targets=nutrition_plan_of(patient_id).targets,
        next=opaque(InTime(shown[-1].performed_at, shown[-1].id)) if more else None,
        previous=None,
    )


def diet_log_of(patient_id: UUID, log_id: UUID, *, language: str) -> DietLogDetail:
    """Return one entry and what it said before; NotVisible for another patient's."""
    row = DietLog.objects.filter(patient_id=patient_id, id=log_id).select_related("author").first()
    if row is None:
        raise NotVisible
    amendments = DietLogAmendment.objects.filter(patient_id=patient_id, record_id=log_id)
    return DietLogDetail(
        log=_view(row, _recipe_names([row], language), language),
        earlier=[
            EarlierVersion(
                revision=each.revision,
                kind=each.kind,
                by=str(each.by),
                at=each.at,
                reason=each.reason,
                before=each.before,
            )
            for each in amendments.select_related("by").order_by("revision")
        ],
    )


def weights_of(patient_id: UUID, *, first: date, last: date) -> list[Weight]:
    """Return the weights of a span of local dates, oldest first."""
    rows = DietLog.objects.filter(
        patient_id=patient_id,
        status=RecordStatus.RECORDED,
        weight_kg__isnull=False,
        on__range=(first, last),
    )
    return [
        Weight(on=on, performed_at=at, weight_kg=weight)
        for on, at, weight in rows.order_by("performed_at", "id").values_list(
            "on", "performed_at", "weight_kg"
        )
    ]


def last_weight(patient_id: UUID, *, besides: UUID) -> float | None:
    """Return the newest weight of what counts, apart from one entry."""
    rows = DietLog.objects.filter(
        patient_id=patient_id, status=RecordStatus.RECORDED, weight_kg__isnull=False
    )
    newest = rows.exclude(id=besides).order_by("-performed_at", "-id")
    return newest.values_list("weight_kg", flat=True).first()


def _days(patient_id: UUID, first: date, last: date) -> list[DietDay]:
    ate = (
        ~Q(text="", foods=[], recipes=[]) | Q(protein_g__isnull=False) | Q(fluids_ml__isnull=False)
    )
    rows = (
        DietLog.objects.filter(
            ate, patient_id=patient_id, status=RecordStatus.RECORDED, on__range=(first, last)
        )
        .order_by()
        .values("on")
        .annotate(
            entries=Count("id"),
            protein=Sum("protein_g"),
            without=Count("id", filter=Q(protein_g__isnull=True)),
            fluids=Sum("fluids_ml"),
        )
        .order_by("-on")
    )
    return [
        DietDay(
            on=row["on"],
            entries=row["entries"],
            protein_g=row["protein"],
            entries_without_protein=row["without"],
            fluids_ml=row["fluids"],
        )
        for row in rows
    ]


def _recipe_names(rows: Sequence[DietLog], language: str) -> dict[str, str]:
    slugs = {slug for row in rows for slug in row.recipes}
    if not slugs:
        return {}
    found = Recipe.objects.filter(slug__in=slugs).values_list("slug", "names")
    return {slug: names[language] for slug, names in found}


def _view(row: DietLog, recipes: dict[str, str], language: str) -> DietLogView:
    foods = reference.foods()
    return DietLogView(
        id=row.id,
        status=row.status,
        revision=row.revision,
        performed_at=row.performed_at.astimezone(
            timezone(timedelta(minutes=row.performed_offset_minutes))
        ),
        zone=row.performed_zone,
        on=row.on,
        received_at=row.received_at,
        author=str(row.author),
        text=row.text,
        foods=[
            Dish(code=code, name=foods[code].names[language] if code in foods else code)
            for code in row.foods
        ],
        recipes=[Dish(code=slug, name=recipes.get(slug, slug)) for slug in row.recipes],
        protein_g=row.protein_g,
        fluids_ml=row.fluids_ml,
        weight_kg=row.weight_kg,
        weight_typed=row.weight_typed,
        symptoms=row.symptoms,
        note=row.note,
        marks=row.marks,
    )
