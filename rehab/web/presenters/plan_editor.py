"""The plan editor laid out: items, parts, and what the sources say beside each empty field."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _

from exercises import reference
from rehab.models.reads.choices import Ranges, SourcedRange
from rehab.models.reads.names import title_of
from rehab.web.forms.plan import PlanForm
from rehab.web.presenters import doses, words


@dataclass(frozen=True, slots=True)
class DoseRow:
    """One dose field: what is prescribed, the most that is allowed, and what is known about it."""

    dose: BoundField | None
    maximum: BoundField | None
    label: str
    unit: str
    hint: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class PartEditor:
    title: str
    side: BoundField
    channel: BoundField | None
    rows: Sequence[DoseRow]
    more: Sequence[DoseRow]
    choices: Sequence[BoundField]
    is_open: bool
    remove: BoundField
    normal: str


@dataclass(frozen=True, slots=True)
class SlotPeople:
    """Who is reminded at one time of the day."""

    first: BoundField
    then: BoundField


@dataclass(frozen=True, slots=True)
class ItemEditor:
    number: int
    title: str
    modality: str
    kind: str
    physics: str
    rule: BoundField
    days: BoundField
    n: BoundField
    anchor: BoundField
    times: BoundField
    zone_policy: BoundField
    starts_on: BoundField
    ends_on: BoundField
    session: Sequence[DoseRow]
    a_day: BoundField
    a_week: BoundField
    first: BoundField
    then: BoundField
    next_after: BoundField
    slots: Sequence[SlotPeople]
    are_slots_open: bool
    wakes: BoundField | None
    instruction: BoundField
    parts: Sequence[PartEditor]
    add: BoundField
    remove: BoundField


@dataclass(frozen=True, slots=True)
class PlanEditor:
    form: PlanForm
    items: Sequence[ItemEditor]
    too_many: str


# More than this a day is rarely kept up (survey of home programmes).
COMFORTABLE_ITEMS = 4


def plan_editor(form: PlanForm, ranges: Ranges) -> PlanEditor:
    items = [_item(form, place, ranges) for place in range(len(form.draft.items))]
    return PlanEditor(form=form, items=items, too_many=_too_many(len(items)))


def _too_many(count: int) -> str:
    if count <= COMFORTABLE_ITEMS:
        return ""
    return _(
        "%(count)s items: more than four a day are rarely kept up at home. Is each of them needed?"
    ) % {"count": count}


def _item(form: PlanForm, place: int, ranges: Ranges) -> ItemEditor:
    item, prefix, language = form.draft.items[place], f"i{place}", form.language
    modality = form.modality(item)
    names = dict(form.choices.exercises)
    session = [
        _row(
            form,
            code,
            f"{prefix}-t-{code}",
            f"{prefix}-m-{code}",
            modality.code,
            "",
            ranges.get((item.exercise, code)),
        )
        for code in _codes(form, f"{prefix}-t-", f"{prefix}-m-")
    ]
    slots = [
        SlotPeople(
            form[f"{prefix}-slot-{each['id']}-first"], form[f"{prefix}-slot-{each['id']}-then"]
        )
        for each in form.slots(place, item)
    ]
    return ItemEditor(
        number=place + 1,
        title=title_of(item.title, names.get(item.exercise, item.exercise))[language],
        modality=modality.labels[language],
        kind=str(words.KINDS[item.kind]),
        physics=_physics(modality.physics),
        rule=form[f"{prefix}-rule"],
        days=form[f"{prefix}-days"],
        n=form[f"{prefix}-n"],
        anchor=form[f"{prefix}-anchor"],
        times=form[f"{prefix}-times"],
        zone_policy=form[f"{prefix}-zone_policy"],
        starts_on=form[f"{prefix}-starts_on"],
        ends_on=form[f"{prefix}-ends_on"],
        session=session,
        a_day=form[f"{prefix}-m-sessions_per_day"],
        a_week=form[f"{prefix}-m-sessions_per_week"],
        first=form[f"{prefix}-first"],
        then=form[f"{prefix}-then"],
        next_after=form[f"{prefix}-next_after_minutes"],
        slots=slots,
        are_slots_open=any(
            field.value() or field.errors for each in slots for field in (each.first, each.then)
        ),
        wakes=form[f"{prefix}-wakes"] if f"{prefix}-wakes" in form.fields else None,
        instruction=form[f"{prefix}-instruction"],
        parts=[_part(form, place, each, ranges) for each in range(len(item.parts))],
        add=form[f"{prefix}-add"],
        remove=form[f"{prefix}-remove"],
    )


def _physics(physics: str | None) -> str:
    match physics:
        case "intact":
            return _("For muscles with an intact nerve: pulse width in µs.")
        case "denervated":
            return _("For denervated muscles: pulse width in ms.")
    return ""


def _part(form: PlanForm, place: int, number: int, ranges: Ranges) -> PartEditor:
    item = form.draft.items[place]
    part, prefix = item.parts[number], f"i{place}-p{number}"
    modality, language = form.modality(item), form.language
    slug = part.exercise or item.exercise
    rows = [
        _row(
            form,
            code,
            f"{prefix}-{code}",
            f"{prefix}-max-{code}",
            modality.code,
            part.motion,
            ranges.get((slug, code)),
        )
        for code in _codes(form, f"{prefix}-", f"{prefix}-max-")
    ]
    chosen = [code for code in modality.choice_fields if f"{prefix}-{code}" in form.fields]
    return PartEditor(
        title=_part_title(form, slug, part.motion, part.muscle),
        side=form[f"{prefix}-side"],
        channel=form[f"{prefix}-channel"] if f"{prefix}-channel" in form.fields else None,
        rows=[row for row in rows if row.is_required or row.maximum],
        more=[row for row in rows if not (row.is_required or row.maximum)],
        is_open=any(
            row.dose and (row.dose.value() or row.dose.errors)
            for row in rows
            if not row.is_required
        ),
        choices=[form[f"{prefix}-{code}"] for code in chosen],
        remove=form[f"{prefix}-remove"],
        normal=_normal(part.motion, language),
    )


def _part_title(form: PlanForm, slug: str, motion: str, muscle: str) -> str:
    found = reference.motions().get(motion) or reference.muscles().get(muscle)
    return found.labels[form.language] if found else dict(form.choices.exercises).get(slug, slug)


def _normal(motion: str, language: str) -> str:
    """What is usual in adults: for the clinician who sets a limit, and for nobody else."""
    found = reference.motions().get(motion)
    if found is None:
        return ""
    return _("Usual range %(degrees)s° (clinicians only)") % {
        "degrees": doses.number(found.normal_degrees)
    }


def _codes(form: PlanForm, dose: str, maximum: str) -> list[str]:
    known = reference.dose_fields()
    return [
        code
        for code in known
        if f"{dose}{code}" in form.fields or f"{maximum}{code}" in form.fields
    ]


def _row(
    form: PlanForm,
    code: str,
    dose: str,
    maximum: str,
    modality: str,
    motion: str,
    found: SourcedRange | None,
) -> DoseRow:
    limits = reference.limits(code, modality=modality, motion=motion or None)
    required = code in reference.modalities()[modality].prescription_required
    return DoseRow(
        dose=form[dose] if dose in form.fields else None,
        maximum=form[maximum] if maximum in form.fields else None,
        label=doses.label_of(code, form.language) + (" *" if required else ""),
        unit=limits.unit,
        hint=_hint(limits.hard_min, limits.hard_max, found),
        is_required=required,
    )


def _hint(low: float, high: float, found: SourcedRange | None) -> str:
    recordable = _("can be recorded: %(low)s–%(high)s") % {
        "low": doses.number(low),
        "high": doses.number(high),
    }
    if found is None:
        return recordable
    given = doses.number(found.low)
    if found.high != found.low:
        given = f"{given}–{doses.number(found.high)}"
    sourced = _("source: %(range)s (%(source)s)") % {"range": given, "source": found.source}
    return f"{sourced} · {recordable}"
