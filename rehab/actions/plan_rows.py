"""Between a draft and its rows: storing one, and reading it back as a draft."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from rehab.actions.draft_parts import exercise_of, modality_of, motion_of, muscle_of, parts_of
from rehab.actions.surroundings import Around
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft
from rehab.models import Plan, PlanItem, PlanPart, PlanVersion

StoredItem = tuple[PlanItem, Sequence[PlanPart]]


def store_items(version: PlanVersion, draft: PlanDraft, around: Around) -> list[StoredItem]:
    """Write the items and parts of a version; ids given in the draft are kept."""
    stored = [(_item(version, place, item, around), item) for place, item in enumerate(draft.items)]
    PlanItem.objects.bulk_create([row for row, _ in stored])
    rows: list[StoredItem] = [
        (row, [_part(row, place, part, item, around) for place, part in enumerate(parts_of(item))])
        for row, item in stored
    ]
    PlanPart.objects.bulk_create([part for _, parts in rows for part in parts])
    return rows


def stored_items(version: PlanVersion) -> list[StoredItem]:
    """Read the items of a version with their parts, in order (two statements)."""
    items = PlanItem.objects.filter(version=version).select_related("exercise").order_by("position")
    found = items.prefetch_related("parts__exercise")
    rows: list[StoredItem] = [
        (item, sorted(item.parts.all(), key=lambda part: part.position)) for item in found
    ]
    return rows


def latest_version(plan: Plan) -> PlanVersion:
    return PlanVersion.objects.filter(plan=plan).order_by("-number")[:1].get()


def draft_of(plan: Plan, items: Sequence[StoredItem], *, note: str = "") -> PlanDraft:
    """Return stored items as the draft that would store them again, ids included."""
    return PlanDraft(
        title=plan.title,
        items=tuple(_item_draft(item, parts) for item, parts in items),
        protocol=plan.protocol_slug,
        review_due_on=plan.review_due_on,
        training_expires_on=plan.training_expires_on,
        note=note,
    )


def _item(version: PlanVersion, place: int, item: ItemDraft, around: Around) -> PlanItem:
    exercise = around.exercises[item.exercise]
    sessions = {code: item.maximum.get(code) for code in ("sessions_per_day", "sessions_per_week")}
    return PlanItem(
        patient_id=version.patient_id,
        clinic_id=version.clinic_id,
        version=version,
        series=item.series or uuid4(),
        position=place,
        exercise=exercise,
        modality=modality_of(item, around).code,
        title=dict(item.title),
        kind=item.kind,
        schedule=dict(item.schedule),
        zone=item.zone or around.default_zone,
        zone_policy=item.zone_policy,
        starts_on=item.starts_on or around.today(item.zone),
        ends_on=item.ends_on,
        target=_given(item.target),
        maximum={
            code: value for code, value in _given(item.maximum).items() if code not in sessions
        },
        sessions_per_day_maximum=sessions["sessions_per_day"],
        sessions_per_week_maximum=sessions["sessions_per_week"],
        gate_questions=list(modality_of(item, around).gate_questions),
        reminded=[str(user) for user in item.reminded],
        reminded_by_slot={
            slot: [str(user) for user in people] for slot, people in item.reminded_by_slot.items()
        },
        next_after_minutes=item.next_after_minutes,
        wakes=item.wakes,
        instruction=item.instruction,
    )


def _part(row: PlanItem, place: int, part: PartDraft, item: ItemDraft, around: Around) -> PlanPart:
    return PlanPart(
        patient_id=row.patient_id,
        clinic_id=row.clinic_id,
        item=row,
        part=part.part or uuid4(),
        position=place,
        exercise=exercise_of(item, part, around),
        motion=motion_of(item, part, around),
        muscle=muscle_of(item, part, around),
        channel=part.channel,
        side=part.side,
        dose=_given(part.dose),
        maximum=_given(part.maximum),
    )


def _given(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values that a person filled in."""
    return {code: value for code, value in values.items() if value is not None}


def _item_draft(item: PlanItem, parts: Sequence[PlanPart]) -> ItemDraft:
    counts = {
        "sessions_per_day": item.sessions_per_day_maximum,
        "sessions_per_week": item.sessions_per_week_maximum,
    }
    return ItemDraft(
        exercise=item.exercise.slug,
        schedule=item.schedule,
        series=item.series,
        kind=item.kind,
        title=item.title,
        parts=tuple(_part_draft(part) for part in parts),
        target=item.target,
        maximum={
            **item.maximum,
            **{code: value for code, value in counts.items() if value is not None},
        },
        zone=item.home_zone or item.zone,
        zone_policy=item.zone_policy,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        reminded=tuple(UUID(user) for user in item.reminded),
        reminded_by_slot={
            slot: tuple(UUID(user) for user in people)
            for slot, people in item.reminded_by_slot.items()
        },
        next_after_minutes=item.next_after_minutes,
        wakes=item.wakes,
        instruction=item.instruction,
    )


def _part_draft(part: PlanPart) -> PartDraft:
    return PartDraft(
        part=part.part,
        exercise=part.exercise.slug if part.exercise else "",
        motion=part.motion,
        muscle=part.muscle,
        channel=part.channel,
        side=part.side,
        dose=part.dose,
        maximum=part.maximum,
    )
