"""A plan as it is read: items with doses and limits, who is reminded, pauses, versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import reference
from rehab.models import Pause, Plan, PlanItem, PlanPart
from rehab.models.reads.names import part_name, said_in, title_of
from rehab.models.reads.plans import PlanDetail
from rehab.models.reads.rule_texts import text_of
from rehab.web.presenters import clock, doses, words
from rehab.web.presenters.due_card import Chip
from rehab.web.presenters.schedules import schedule_line
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class PlanPartLine:
    label: str
    dose: str
    pause: str


@dataclass(frozen=True, slots=True)
class PlanItemCard:
    series: UUID
    title: str
    modality: str
    kind: str
    schedule: str
    parts: Sequence[PlanPartLine]
    session: str
    limits: str
    reminded: str
    instruction: str
    pause: str
    log_url: str
    stop_url: str


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A running pause. `needs_reconfirming`: a safety rule caused it."""

    title: str
    since: str
    by: str
    reason: str
    series: UUID
    part: UUID | None
    needs_reconfirming: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    number: int
    when: str
    by: str
    note: str
    is_current: bool
    url: str


@dataclass(frozen=True, slots=True)
class OverrideRow:
    gate: str
    by: str
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    id: UUID
    title: str
    chip: Chip
    version: int
    is_draft: bool
    is_past: bool
    is_running: bool
    is_held: bool
    review: str
    expires: str
    items: Sequence[PlanItemCard]
    pauses: Sequence[PauseRow]
    versions: Sequence[VersionRow]
    overrides: Sequence[OverrideRow]


@dataclass(frozen=True, slots=True)
class PlanLink:
    title: str
    url: str
    chip: Chip
    when: str


def plan_page(detail: PlanDetail, viewer: Viewer, people: Mapping[UUID, str]) -> PlanPage:
    plan = detail.plan
    newest = detail.version.pk == detail.versions[-1].pk
    label, tone = words.PLAN_STATUSES[plan.status]
    pauses = [_pause(each, detail.items, viewer) for each in detail.pauses]
    return PlanPage(
        id=plan.pk,
        title=plan.title,
        chip=Chip(str(label), tone, "plan"),
        version=detail.version.number,
        is_draft=plan.status == "draft",
        is_running=plan.status in ("active", "on-hold") and newest,
        is_past=not newest,
        is_held=plan.status == "on-hold",
        review=clock.day(plan.review_due_on) if plan.review_due_on else "",
        expires=clock.day(plan.training_expires_on) if plan.training_expires_on else "",
        items=[_item(item, detail.pauses, viewer, people) for item in detail.items],
        pauses=pauses,
        versions=[
            VersionRow(
                each.number,
                clock.moment(each.effective_at or each.created_at, viewer.patient.zone),
                each.created_by.name,
                each.note,
                each.pk == detail.version.pk,
                f"{reverse('rehab:plan-detail', args=[plan.pk])}?version={each.number}",
            )
            for each in reversed(detail.versions)
        ],
        overrides=[
            OverrideRow(each.gate, each.by.name, each.reason, clock.day(each.expires_on))
            for each in detail.overrides
        ],
    )


def plan_links(plans: Sequence[Plan], viewer: Viewer) -> list[PlanLink]:
    return [
        PlanLink(
            plan.title,
            reverse("rehab:plan-detail", args=[plan.pk]),
            Chip(
                str(words.PLAN_STATUSES[plan.status][0]),
                words.PLAN_STATUSES[plan.status][1],
                "plan",
            ),
            clock.moment(plan.created_at, viewer.patient.zone),
        )
        for plan in plans
    ]


def _item(
    item: PlanItem, pauses: Sequence[Pause], viewer: Viewer, people: Mapping[UUID, str]
) -> PlanItemCard:
    language, patient = viewer.language, viewer.patient.pk
    whole = [each for each in pauses if each.series == item.series and each.part is None]
    parts = sorted(item.parts.all(), key=lambda part: part.position)
    return PlanItemCard(
        series=item.series,
        title=title_of(item.title, item.exercise.slug)[language],
        modality=reference.modalities()[item.modality].labels[language],
        kind=str(words.KINDS[item.kind]),
        schedule=schedule_line(item.schedule, item.zone, language),
        parts=[_part(part, item, pauses, viewer) for part in parts],
        session=doses.dose_line(item.target, item.maximum, language),
        limits=_limits(item),
        reminded=", ".join(people[UUID(user)] for user in item.reminded if UUID(user) in people),
        instruction=item.instruction,
        pause=_since(whole[0], viewer) if whole else "",
        log_url=reverse("rehab:log-item", args=[patient, item.series]),
        stop_url=reverse("rehab:stop", args=[patient, item.series]),
    )


def _part(part: PlanPart, item: PlanItem, pauses: Sequence[Pause], viewer: Viewer) -> PlanPartLine:
    standing = [each for each in pauses if each.series == item.series and each.part == part.part]
    label = said_in(part_name(part), viewer.language)
    if part.channel is not None:
        label = _("%(part)s (channel %(channel)s)") % {"part": label, "channel": part.channel}
    return PlanPartLine(
        label,
        doses.dose_line(part.dose, part.maximum, viewer.language),
        _since(standing[0], viewer) if standing else "",
    )


def _limits(item: PlanItem) -> str:
    a_day, a_week = item.sessions_per_day_maximum, item.sessions_per_week_maximum
    said = [
        ngettext(
            "No more than %(most)s session a day", "No more than %(most)s sessions a day", a_day
        )
        % {"most": a_day}
        if a_day is not None
        else "",
        ngettext(
            "No more than %(most)s session a week", "No more than %(most)s sessions a week", a_week
        )
        % {"most": a_week}
        if a_week is not None
        else "",
    ]
    return " · ".join(filter(None, said))


def _since(pause: Pause, viewer: Viewer) -> str:
    return _("Paused since %(when)s") % {"when": clock.moment(pause.starts_at, viewer.patient.zone)}


def _pause(pause: Pause, items: Sequence[PlanItem], viewer: Viewer) -> PauseRow:
    item = next((each for each in items if each.series == pause.series), None)
    title = title_of(item.title, item.exercise.slug)[viewer.language] if item else ""
    part = next(
        (each for each in (item.parts.all() if item else ()) if each.part == pause.part), None
    )
    name = said_in(part_name(part), viewer.language) if part else ""
    return PauseRow(
        title=f"{title}: {name}" if name else title,
        since=clock.moment(pause.starts_at, viewer.patient.zone),
        by=pause.started_by.name if pause.started_by else _("A safety rule"),
        reason=_reason(pause, viewer.language),
        series=pause.series,
        part=pause.part,
        needs_reconfirming=pause.flag_id is not None,
    )


def _reason(pause: Pause, language: str) -> str:
    """What the person wrote; of a rule what it says, not its code."""
    return text_of(pause.flag.rule, "text", language, {}) if pause.flag else pause.reason
