"""A patient's page for a clinician: what asks for attention, then how it goes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from rehab.models import ClinicalProfile
from rehab.models.reads.flags import FlagView, Reason
from rehab.models.reads.history import HistoryPage
from rehab.models.reads.plans import PlanDetail
from rehab.models.reads.progress_shapes import ItemProgress, Progress
from rehab.models.reads.windows import InView
from rehab.web.presenters import clock, doses, words
from rehab.web.presenters.caseload import percent
from rehab.web.presenters.chart import Chart, WeekRow, sessions_chart, week_rows
from rehab.web.presenters.due_card import Chip
from rehab.web.presenters.eat import texture, thickness
from rehab.web.presenters.flags import rose_from
from rehab.web.presenters.history import HistoryDay, history_page
from rehab.web.presenters.plan import PlanPage, plan_page
from rehab.web.presenters.windows import WindowsCard, windows_card
from rehab.web.viewing import Viewer, language_now


@dataclass(frozen=True, slots=True)
class FlagRow:
    id: UUID
    chip: Chip
    text: str
    occurred: str
    raised: str
    because: str
    rule: str
    rose: str
    series: UUID | None
    log_url: str
    acknowledge_url: str
    is_urgent: bool
    many: int


@dataclass(frozen=True, slots=True)
class ItemPanel:
    title: str
    kind: str
    adherence: str
    last: str
    pain: str
    chart: Chart
    weeks: Sequence[WeekRow]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class ProfileFact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PatientPage:
    name: str
    clock_note: str
    record: str
    flags: Sequence[FlagRow]
    sees_flags: bool
    items: Sequence[ItemPanel]
    plan: PlanPage | None
    history: Sequence[HistoryDay]
    held_back: Sequence[HistoryDay]
    profile: Sequence[ProfileFact]
    profile_revision: str
    windows: WindowsCard
    may_prescribe: bool
    may_resume: bool


def patient_page(
    viewer: Viewer,
    *,
    flags: Sequence[tuple[FlagView, int]],
    rose: Mapping[UUID, tuple[str, datetime]],
    progress: Progress,
    history: HistoryPage,
    plan: PlanDetail | None,
    profile: ClinicalProfile | None,
    held_back: HistoryPage | None,
    in_view: InView,
) -> PatientPage:
    patient = viewer.patient
    return PatientPage(
        name=patient.name,
        clock_note=_("%(zone)s, now %(time)s")
        % {
            "zone": clock.zone_label(patient.zone, viewer.language),
            "time": clock.clock(viewer.now, patient.zone),
        },
        record=patient.record_number,
        flags=[_flag(each, many, rose.get(each.id), viewer) for each, many in flags],
        sees_flags=viewer.may("receive_alerts"),
        items=[_item(each) for each in progress.items],
        plan=plan_page(plan, viewer, {}) if plan else None,
        history=history_page(history, viewer).days,
        held_back=history_page(held_back, viewer).days if held_back else [],
        profile=list(_profile(profile)) if profile else [],
        profile_revision=revision(profile, viewer),
        windows=windows_card(in_view, viewer.language),
        may_prescribe=viewer.is_clinician,
        may_resume=viewer.is_clinician,
    )


def _flag(flag: FlagView, many: int, rose: tuple[str, datetime] | None, viewer: Viewer) -> FlagRow:
    label, tone = words.LEVELS[flag.level]
    zone = viewer.patient.zone
    return FlagRow(
        id=flag.id,
        chip=Chip(str(label), tone, "alert"),
        text=flag.text,
        occurred=clock.moment(flag.occurred_at, zone),
        raised=clock.moment(flag.raised_at, zone),
        because=_because(flag.because, viewer.language),
        rule=_("Rule %(rule)s, version %(version)s. Source: %(source)s")
        % {"rule": flag.rule, "version": flag.rule_version, "source": flag.source},
        rose=rose_from(rose, zone),
        series=flag.series,
        log_url=reverse("rehab:session", args=[flag.patient, flag.log]) if flag.log else "",
        acknowledge_url=reverse("rehab:acknowledge", args=[flag.id]),
        is_urgent=flag.level in ("E0", "E1"),
        many=many,
    )


def _because(reasons: Sequence[Reason], language: str) -> str:
    """What the rule looked at, in the words of the catalogue where there are any."""
    return " · ".join(
        f"{_fact(each.field, language)}: {_value(each, language)}" for each in reasons
    )


def _fact(field: str, language: str) -> str:
    head, _dot, code = field.partition(".")
    known: Mapping[str, Mapping[str, object]] = {
        "gate": reference.gate_questions(),
        "symptom": reference.symptoms(),
    }
    if head in known and code in known[head]:
        return known[head][code].labels[language]  # type: ignore[attr-defined]
    name = doses.label_of(code or head, language)
    if head == "maximum":
        return _("Plan's maximum (%(field)s)") % {"field": name}
    if head == "baseline":
        return _("Own baseline (%(field)s)") % {"field": name}
    return str(words.FACTS.get(field, name))


def _value(reason: Reason, language: str) -> str:
    if isinstance(reason.value, str):
        found = words.ANSWERS.get(reason.value) or words.VALUES.get(reason.value)
        return str(found or reason.value)
    return doses.number(reason.value)


def _item(item: ItemProgress) -> ItemPanel:
    pain = (
        _("none recorded")
        if item.total.pain_max is None
        else _("%(pain)s of 10 at most") % {"pain": item.total.pain_max}
    )
    return ItemPanel(
        title=item.title,
        kind=str(words.KINDS[item.kind]),
        adherence=percent(item.total.adherence),
        last=clock.ago(item.days_since_last) or _("never"),
        pain=pain,
        chart=sessions_chart(item),
        weeks=week_rows(item),
        is_empty=not item.weeks,
    )


def _profile(profile: ClinicalProfile) -> Iterator[ProfileFact]:
    unknown = str(words.ANSWERS["unknown"])
    yield ProfileFact(_("Spinal cord injury"), str(words.ANSWERS[profile.spinal_cord_injury]))
    yield ProfileFact(
        _("Injury level"), unknown if profile.injury_level == "unknown" else profile.injury_level
    )
    for code, value in profile.baselines.items():
        if value is not None:
            yield ProfileFact(str(words.BASELINES.get(code, code)), doses.number(value))
    yield ProfileFact(_("Allergies"), _allergies(profile) or unknown)
    food, drink = profile.swallowing_food, profile.swallowing_drink
    yield ProfileFact(_("Texture of food"), unknown if food is None else texture(food))
    yield ProfileFact(_("Thickness of drinks"), unknown if drink is None else thickness(drink))
    yield ProfileFact(_("Kidneys"), str(words.KIDNEY.get(profile.kidney, profile.kidney)))


def _allergies(profile: ClinicalProfile) -> str:
    """What is recorded, in words; "" while nobody has said whether there is any."""
    named = [_allergen(each) for each in profile.allergies]
    if named:
        return _(", ").join(named)
    return _("None") if profile.allergies_known == "no" else ""


def _allergen(allergy: Mapping[str, str]) -> str:
    code, language = allergy.get("code", ""), language_now()
    severity = str(words.SEVERITIES.get(allergy.get("severity", ""), ""))
    if code in reference.allergens():
        name = reference.allergens()[code].labels[language]
    elif code in reference.foods():
        name = reference.foods()[code].names[language]
    else:
        name = allergy.get("text") or code
    return f"{name} ({severity})" if severity else name


def revision(profile: ClinicalProfile | None, viewer: Viewer) -> str:
    if profile is None:
        return ""
    if profile.number == 0:
        return _("Nothing has been recorded yet: everything counts as unknown.")
    return _("Revision %(number)s by %(who)s, %(when)s") % {
        "number": profile.number,
        "who": profile.recorded_by.name,
        "when": clock.moment(profile.recorded_at, viewer.patient.zone),
    }
