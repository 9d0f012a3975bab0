"""Progress as a person reads it: one line for each item first, and everything behind it on demand.

Names of figures come from the definitions that the API and the table quote.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.domain.definitions import DEFINITIONS
from rehab.domain.recurrence import local_date, week_of
from rehab.models.reads.progress_shapes import (
    Counted,
    ItemProgress,
    PlanMark,
    Progress,
    WeekProgress,
)
from rehab.web.presenters import clock, doses, words
from rehab.web.presenters.caseload import percent
from rehab.web.presenters.progress_body import BodyCard, DietCard, body_cards, diet_card
from rehab.web.presenters.progress_chart import Bar, Chart, Held, PlanLine, Span, bars
from rehab.web.presenters.progress_measures import (
    MeasureCard,
    Table,
    WordCard,
    measure_cards,
    word_cards,
)
from rehab.web.viewing import Viewer

PERIODS = (6, 12, 26)
USUAL_WEEKS = 12
ALWAYS = ("due", "done", "missed", "adherence", "adherence_without_recalled")
WHERE_ANY = (
    "partial", "skipped", "extra", "recalled", "recalled_partial", "while_paused",
    "over_maximum", "above_part_maximum", "minutes", "minutes_share", "repetitions",
    "repetitions_share", "pain_max", "pain_mean", "pain_unfelt", "effort_max", "effort_mean",
    "skin_looked", "skin_found",
)  # fmt: skip
SHARES = frozenset(code for code in DEFINITIONS if "adherence" in code or code.endswith("_share"))


@dataclass(frozen=True, slots=True)
class Period:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ItemCard:
    """summary: the one line. lines: what else there is to say of these weeks, in words."""

    id: str
    title: str
    kind: str
    summary: str
    lines: Sequence[str]
    clock_note: str
    chart: Chart | None
    table: Table
    measures: Sequence[MeasureCard]
    words: Sequence[WordCard]


@dataclass(frozen=True, slots=True)
class MarkLine:
    day: str
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """body, diet: null where this reader may not see them."""

    days: str
    clock_note: str
    periods: Sequence[Period]
    items: Sequence[ItemCard]
    body: Sequence[BodyCard] | None
    diet: DietCard | None
    marks: Sequence[MarkLine]
    not_shown: Sequence[str]


def progress_page(found: Progress, viewer: Viewer, *, weeks: int) -> ProgressPage:
    span = Span(found.first, week_of(found.last) + timedelta(days=6))
    titles = {item.series: item.title for item in found.items}
    base = reverse("rehab:progress", args=[viewer.patient.pk])
    return ProgressPage(
        days=_("%(first)s to %(last)s")
        % {"first": clock.day(found.first), "last": clock.day(found.last)},
        clock_note=_clock_note(viewer),
        periods=[
            Period(
                ngettext("%(count)s week", "%(count)s weeks", count) % {"count": count},
                f"{base}?weeks={count}",
                count == weeks,
            )
            for count in PERIODS
        ],
        items=[_item(each, found.marks, span, viewer) for each in found.items],
        body=body_cards(found.assessments, span, viewer),
        diet=diet_card(found.diet, span, viewer),
        marks=[_mark(each, titles, viewer) for each in reversed(found.marks)],
        not_shown=[_missing(scope) for scope in found.not_shown],
    )


def _clock_note(viewer: Viewer) -> str:
    """Whose days these are: said to everybody but the patient, who lives by them."""
    if viewer.is_patient:
        return ""
    return _("Days are the patient's: %(zone)s.") % {
        "zone": clock.zone_label(viewer.patient.zone, viewer.language)
    }


def _missing(scope: str) -> str:
    return {
        "see_conditions": _("Measurements and own usual values are not shown to you."),
        "see_diet": _("Weight and protein are not shown to you."),
    }[scope]


def _item(item: ItemProgress, marks: Sequence[PlanMark], span: Span, viewer: Viewer) -> ItemCard:
    today = local_date(viewer.now, item.zone)
    plan, held = plan_lines(item, marks), held_days(item, marks)
    zone = "" if item.zone == viewer.patient.zone else item.zone
    return ItemCard(
        id=f"item-{item.series}",
        title=item.title,
        kind=str(words.KINDS[item.kind]),
        summary=summary(item, today),
        lines=list(_lines(item.total, len(span.mondays()))),
        clock_note=_("Its days: %(zone)s") % {"zone": clock.zone_label(zone, viewer.language)}
        if zone
        else "",
        chart=_chart(item, span, plan, held) if item.weeks else None,
        table=_table(item, viewer),
        measures=measure_cards(item, span, viewer, plan=plan, held=held),
        words=word_cards(item),
    )


def summary(item: ItemProgress, today: date) -> str:
    """ "4 of 5 this week; last on Tuesday": what happened, and no judgement of it."""
    this_week = [each for each in item.weeks if each.week == week_of(today)]
    due = sum(each.due for each in this_week)
    done = sum(each.fulfilled for each in this_week)
    if due:
        week = _("%(done)s of %(due)s this week so far") % {"done": done, "due": due}
    else:
        week = _("nothing due yet this week")
    last = _last(item.days_since_last, today)
    return _("%(week)s; %(last)s") % {"week": week, "last": last}


def _last(days: int | None, today: date) -> str:
    if days is None:
        return _("not recorded yet")
    if 1 < days < 7:
        return _("last on %(weekday)s") % {"weekday": clock.weekday(today - timedelta(days=days))}
    return _("last %(ago)s") % {"ago": clock.ago(days)}


def _lines(total: Counted, weeks: int) -> Iterator[str]:
    """These weeks in words; what did not happen is not spoken of."""
    if total.due:
        yield ngettext(
            "In %(count)s week: %(done)s of %(due)s done (%(share)s)",
            "In %(count)s weeks: %(done)s of %(due)s done (%(share)s)",
            weeks,
        ) % {
            "count": weeks,
            "done": total.fulfilled,
            "due": total.due,
            "share": percent(total.adherence),
        }
    if total.recalled:
        yield _("%(count)s of them from memory; without these %(share)s") % {
            "count": total.recalled,
            "share": percent(total.figure("adherence_without_recalled")),
        }
    if total.extra:
        yield _("%(count)s beyond what was due") % {"count": total.extra}
    if total.while_paused:
        yield _("%(count)s while it was paused: kept, and not counted") % {
            "count": total.while_paused
        }
    if total.over_maximum:
        yield _("%(count)s beyond the plan's most sessions") % {"count": total.over_maximum}
    if total.above_part_maximum:
        yield _("%(count)s with a value above the plan's maximum") % {
            "count": total.above_part_maximum
        }
    yield from _dose(total)
    yield from _feeling(total)


def _dose(total: Counted) -> Iterator[str]:
    if total.minutes is not None:
        said = {"minutes": doses.number(round(total.minutes)), "told": total.sessions_with_minutes}
        line = _("%(minutes)s minutes told in %(told)s sessions") % said
        if total.minutes_share is not None:
            line += _(" (%(share)s of what was planned for them)") % {
                "share": percent(total.minutes_share)
            }
        yield line
    if total.repetitions is not None:
        line = _("%(count)s repetitions told") % {"count": doses.number(round(total.repetitions))}
        if total.repetitions_share is not None:
            line += _(" (%(share)s of what was planned for them)") % {
                "share": percent(total.repetitions_share)
            }
        yield line


def _feeling(total: Counted) -> Iterator[str]:
    if total.pain_max is not None and total.pain_mean is not None:
        yield _("Pain: %(most)s of 10 at most, %(mean)s on average") % {
            "most": total.pain_max,
            "mean": f"{total.pain_mean:.1f}",
        }
    if total.pain_unfelt:
        yield _("“Cannot feel here”: %(count)s times") % {"count": total.pain_unfelt}
    if total.effort_max is not None and total.effort_mean is not None:
        yield _("Effort: %(most)s of 10 at most, %(mean)s on average") % {
            "most": total.effort_max,
            "mean": f"{total.effort_mean:.1f}",
        }
    if total.skin_looked:
        yield _("Skin looked at %(looked)s times, not fine %(found)s times") % {
            "looked": total.skin_looked,
            "found": total.skin_found,
        }


def plan_lines(item: ItemProgress, marks: Sequence[PlanMark]) -> list[PlanLine]:
    """New wordings of this item, and what happened to the plan as a whole."""
    found = [
        PlanLine(
            local_date(each.effective_at, item.zone), _("v%(number)s") % {"number": each.version}
        )
        for each in item.versions
    ]
    found += [
        PlanLine(local_date(each.at, item.zone), str(words.PLAN_STATUSES[each.kind][0]))
        for each in marks
        if each.kind in ("on-hold", "completed", "revoked")
    ]
    return found


def held_days(item: ItemProgress, marks: Sequence[PlanMark]) -> list[Held]:
    """Days on which the whole item was paused; a pause of one part leaves the others."""
    found: list[Held] = []
    since: date | None = None
    for each in marks:
        if each.series != item.series or each.part is not None:
            continue
        on = local_date(each.at, item.zone)
        if each.kind == "pause" and since is None:
            since = on
        elif each.kind == "resume":
            found.append(Held(since or date.min, on))
            since = None
    return [*found, Held(since, None)] if since is not None else found


def _chart(item: ItemProgress, span: Span, plan: Sequence[PlanLine], held: Sequence[Held]) -> Chart:
    title = _("Sessions a week: %(title)s") % {"title": item.title}
    told = [
        Bar(
            max(week.week, span.first),
            (
                ("done", max(week.done - week.recalled, 0)),
                ("recalled", min(week.recalled, week.done)),
                ("partial", week.partial),
                ("extra", week.extra),
                ("paused", week.while_paused),
                ("missed", week.missed),
            ),
        )
        for week in item.weeks
    ]
    described = "; ".join(
        _("week of %(week)s: %(done)s of %(due)s done")
        % {"week": clock.day(week.week), "done": week.done, "due": week.due}
        for week in item.weeks
    )
    return bars(f"weeks-{item.series}", title, described, told, span, plan=plan, held=held)


def _table(item: ItemProgress, viewer: Viewer) -> Table:
    """Every week and version as numbers; figures that nobody told have no column."""
    codes = [
        *ALWAYS,
        *(code for code in WHERE_ANY if any(week.figure(code) for week in item.weeks)),
    ]
    return Table(
        caption=_("Sessions a week: %(title)s") % {"title": item.title},
        heads=[
            _("Week of"),
            _("Version"),
            *(DEFINITIONS[code].name[viewer.language] for code in codes),
        ],
        rows=[
            [clock.day(week.week), str(week.version), *(_cell(week, code) for code in codes)]
            for week in item.weeks
        ],
    )


def _cell(week: WeekProgress, code: str) -> str:
    value = week.figure(code)
    if value is None:
        return "–"
    return percent(value) if code in SHARES else doses.number(round(value, 1))


def _mark(each: PlanMark, titles: dict[UUID, str], viewer: Viewer) -> MarkLine:
    title = titles.get(each.series, "") if each.series else ""
    known = {
        "version": _("Version %(number)s of the plan came into force") % {"number": each.version},
        "pause": _("Paused: %(title)s") % {"title": title},
        "resume": _("Goes on: %(title)s") % {"title": title},
    }
    status = words.PLAN_STATUSES.get(each.kind)
    text = known.get(each.kind) or _("The plan: %(status)s") % {
        "status": status[0] if status else each.kind
    }
    if each.part is not None:
        text = _("%(text)s (one part)") % {"text": text}
    said = " · ".join(filter(None, (f"“{each.words}”" if each.words else "", each.by)))
    return MarkLine(clock.moment(each.at, viewer.patient.zone), text, said)
