"""Today as it is shown: what is due now, what comes next, what is settled, and what is paused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from exercises.sheets.terms import Reason, Symptom
from rehab.actions.acknowledging import ANSWERED_AT_HOME
from rehab.domain.recurrence import local_date
from rehab.models.reads.agenda import SkipSigns
from rehab.models.reads.due import DueOccurrence
from rehab.models.reads.today import Contact, FlagNotice, PauseNotice, Today
from rehab.web.presenters import clock, doses, words
from rehab.web.presenters.due_card import Chip, DueCard, card_of, when
from rehab.web.presenters.history import said_pain
from rehab.web.viewing import Viewer

# Shown as due from this long before its time; its window may open much earlier.
SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SettledLine:
    when: str
    title: str
    chip: Chip
    by: str
    marks: Sequence[str]
    url: str
    undo_url: str


@dataclass(frozen=True, slots=True)
class PauseCard:
    title: str
    since: str
    by: str
    reason: str
    text: str
    instead: str
    call: str
    alert_url: str


@dataclass(frozen=True, slots=True)
class TodayPage:
    day: str
    weekday: str
    clock_note: str
    plan_title: str
    notices: Sequence[str]
    now: Sequence[DueCard]
    next: Sequence[DueCard]
    settled: Sequence[SettledLine]
    are_you_ok: FlagNotice | None
    pauses: Sequence[PauseCard]
    still_allowed: Sequence[str]
    contact: Contact
    progress: str
    share: int
    has_plan: bool
    may_log: bool
    tomorrow: str


def today_page(today: Today, viewer: Viewer, following: Today | None = None) -> TodayPage:
    """Sort the day into what asks for something and what does not."""
    may_log = viewer.may("log_sessions")
    open_ones = [each for each in today.occurrences if each.state == "due" and not each.paused]
    settled = [each for each in today.occurrences if each.state not in ("due", "paused")]
    now = [each for each in open_ones if _is_now(each, today)]
    counted = [each for each in today.occurrences if each.state != "paused"]
    done = [each for each in counted if each.state in ("done", "partial")]
    return TodayPage(
        day=clock.month_day(today.date),
        weekday=clock.weekday(today.date),
        clock_note=_patient_clock(viewer),
        plan_title=today.plan.title if today.plan else "",
        notices=list(_notices(today)),
        now=[card_of(each, viewer, today.date) for each in now],
        next=[card_of(each, viewer, today.date) for each in open_ones if each not in now],
        settled=[_settled(each, viewer, may_log) for each in settled],
        are_you_ok=next(
            (each for each in today.unseen_flags if each.rule in ANSWERED_AT_HOME), None
        )
        if may_log
        else None,
        pauses=_together([_pause(each, today, viewer) for each in today.pauses]),
        still_allowed=_titles(today) if today.pauses else [],
        contact=today.contact,
        progress=_("%(done)s of %(all)s done") % {"done": len(done), "all": len(counted)},
        share=round(100 * len(done) / len(counted)) if counted else 0,
        has_plan=today.plan is not None,
        may_log=may_log,
        tomorrow=_tomorrow(following),
    )


def _is_now(each: DueOccurrence, today: Today) -> bool:
    if each.local.time is None:
        return True
    return each.due_at <= today.now + SOON and each.opens_at <= today.now < each.closes_at


def _patient_clock(viewer: Viewer) -> str:
    """Whose clock this page shows, for anybody who is not the patient."""
    if viewer.is_patient:
        return ""
    return _("Times are the patient's: %(zone)s, now %(time)s") % {
        "zone": clock.zone_label(viewer.patient.zone, viewer.language),
        "time": clock.clock(viewer.now, viewer.patient.zone),
    }


def _settled(each: DueOccurrence, viewer: Viewer, may_log: bool) -> SettledLine:
    label, tone, icon = words.STATES[each.state]
    patient = viewer.patient.pk
    if each.log is not None:
        url = reverse("rehab:session", args=[patient, each.log.id])
        undo = reverse("rehab:retract", args=[patient, each.log.id]) if may_log else ""
    else:
        url = reverse("rehab:log", args=[patient, each.id]) if may_log else ""
        takes_back = may_log and each.state == "skipped"
        undo = reverse("rehab:unskip", args=[patient, each.id]) if takes_back else ""
    return SettledLine(
        when=when(each, local_date(viewer.now, each.local.zone)),
        title=each.item.title,
        chip=Chip(str(label), tone, icon),
        by=_by(each, viewer.language),
        marks=[
            str(words.MARKS[mark][0])
            for mark in (each.log.marks if each.log else ())
            if mark in words.MARKS
        ],
        url=url,
        undo_url=undo,
    )


def _by(each: DueOccurrence, language: str) -> str:
    if each.log is not None:
        done_by = each.log.performer_name or str(words.PERFORMERS.get(each.log.performer, ""))
        return _("%(who)s, %(time)s · written by %(author)s") % {
            "who": done_by,
            "time": f"{each.log.performed_at:%H:%M}",
            "author": each.log.author,
        }
    if each.state == "skipped" and each.skip_reason:
        return _skipped(each, language)
    if each.state == "missed" and each.reminder == "not_reminded":
        return _("Nobody was reminded")
    return ""


def _skipped(each: DueOccurrence, language: str) -> str:
    """Why it was skipped, with which signs, and in which words."""
    told = each.skip_signs or SkipSigns()
    known = reference.symptoms()
    lines = [
        _named(reference.skip_reasons(), each.skip_reason, language),
        *(_named(known, code, language) for code in told.symptoms),
        *(
            f"{doses.label_of(code, language)}: {doses.said(code, value, language)}"
            for code, value in told.measures.items()
        ),
    ]
    if told.pain is not None:
        lines.append(f"{_('Pain')}: {said_pain(told.pain)}")
    if told.limb:
        lines.append(str(words.PLACES[told.limb]))
    return " · ".join([*lines, *([each.skip_note] if each.skip_note else [])])


def _named(known: Mapping[str, Reason | Symptom], code: str, language: str) -> str:
    return known[code].labels[language] if code in known else code


def _pause(pause: PauseNotice, today: Today, viewer: Viewer) -> PauseCard:
    part = next(
        (
            part.label
            for each in today.occurrences
            for part in each.parts
            if part.part == pause.part
        ),
        "",
    )
    title = next(
        (each.item.title for each in today.occurrences if each.item.series == pause.series), ""
    )
    return PauseCard(
        title=f"{title}: {part}" if part and title else part or title or _("An item of the plan"),
        since=clock.moment(pause.starts_at, viewer.patient.zone),
        by=pause.by or _("A safety rule"),
        reason=pause.reason,
        text=pause.text,
        instead=pause.instead,
        call=pause.call,
        alert_url=reverse("rehab:alert", args=[viewer.patient.pk, pause.flag])
        if pause.flag
        else "",
    )


def _together(cards: Sequence[PauseCard]) -> list[PauseCard]:
    """Pauses that say the same are one card: a frightened reader reads it once."""
    found: dict[PauseCard, list[str]] = {}
    for card in cards:
        found.setdefault(replace(card, title=""), []).append(card.title)
    return [replace(card, title=_(", ").join(titles)) for card, titles in found.items()]


def _titles(today: Today) -> list[str]:
    """What may go on; an item of which only a part is paused says so."""
    allowed = set(today.still_allowed)
    titles = [_allowed(each) for each in today.occurrences if each.item.series in allowed]
    return list(dict.fromkeys(titles))


def _allowed(each: DueOccurrence) -> str:
    if any(part.paused for part in each.parts):
        return _("%(title)s, without the paused part") % {"title": each.item.title}
    return each.item.title


def _notices(today: Today) -> Iterator[str]:
    plan = today.plan
    if plan is None:
        return
    if plan.status == "on-hold":
        yield _("The whole plan is on hold. Your clinician will tell you when it goes on.")
    if plan.training_expired:
        yield _(
            "The training in this plan has ended. Care goes on as usual."
            " Ask your clinic about what comes next."
        )
    elif plan.review_overdue:
        yield _("This plan should have been reviewed by your clinic on %(date)s.") % {
            "date": clock.day(plan.review_due_on) if plan.review_due_on else ""
        }


def _tomorrow(following: Today | None) -> str:
    if following is None or not following.occurrences:
        return ""
    first = following.occurrences[0]
    return f"{clock.weekday(first.on)} {first.local.time or ''} · {first.item.title}"
