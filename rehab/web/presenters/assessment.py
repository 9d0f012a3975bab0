"""One measurement as it stands, and every version of it before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from rehab.models.reads.assessments import (
    AssessmentDetail,
    AssessmentView,
    EarlierVersion,
    ResultView,
    results_as_kept,
)
from rehab.web.presenters import clock, words
from rehab.web.presenters.assessments import (
    beside_words,
    change_words,
    done_by,
    place_words,
    value_words,
)
from rehab.web.presenters.due_card import Chip
from rehab.web.presenters.session import Fact, MarkNote, Version
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One score. change: what became of it, in words; "" where nothing can be said."""

    title: str
    place: str
    value: str
    typed: str
    change: str
    beside: str


@dataclass(frozen=True, slots=True)
class OnePage:
    title: str
    chip: Chip | None
    when: str
    by: str
    note: str
    marks: Sequence[MarkNote]
    lines: Sequence[ScoreLine]
    versions: Sequence[Version]
    amend_url: str
    withdraw_url: str
    confirm_url: str


def one_assessment(detail: AssessmentDetail, viewer: Viewer) -> OnePage:
    told = detail.assessment
    place = [viewer.patient.pk, told.id]
    stands = told.status != "entered-in-error"
    changeable = stands and may_correct(told, viewer)
    waits = told.status == "pending" and viewer.is_clinician
    return OnePage(
        title=told.name,
        chip=_chip(told),
        when=f"{clock.moment(told.performed_at, told.zone)}"
        f" · {clock.zone_label(told.zone, viewer.language)}",
        by=_("%(who)s · written by %(author)s") % {"who": done_by(told), "author": told.author},
        note=told.note,
        marks=[
            MarkNote(str(words.MARKS[mark][0]), str(words.MARKS[mark][1]))
            for mark in told.marks
            if mark in words.MARKS
        ],
        lines=[_line(result, viewer) for result in told.results],
        versions=[_version(each, told, viewer) for each in detail.earlier],
        amend_url=reverse("rehab:assessment-amend", args=place) if changeable else "",
        withdraw_url=reverse("rehab:assessment-withdraw", args=place) if changeable else "",
        confirm_url=reverse("rehab:assessment-confirm", args=place) if waits else "",
    )


def may_correct(told: AssessmentView, viewer: Viewer) -> bool:
    """What a clinician measured, or alone may enter, is a clinician's to correct."""
    sheet = reference.instruments().get(told.instrument)
    anyone = sheet is not None and sheet.entered_by == "anyone" and told.assessed_by != "clinician"
    return viewer.may("log_sessions") and (anyone or viewer.is_clinician)


def _chip(told: AssessmentView) -> Chip | None:
    label = str(words.LOG_STATUSES.get(told.status, ""))
    if not label:
        return None
    return (
        Chip(label, "quiet", "cross") if told.status != "pending" else Chip(label, "wait", "clock")
    )


def _line(result: ResultView, viewer: Viewer) -> ScoreLine:
    return ScoreLine(
        title=result.name,
        place=place_words(result.facts, viewer.language),
        value=value_words(result),
        typed=result.typed,
        change=change_words(result.since_last, result),
        beside=beside_words(result.facts),
    )


def _version(each: EarlierVersion, told: AssessmentView, viewer: Viewer) -> Version:
    return Version(
        label=_("Version %(number)s, until %(when)s")
        % {"number": each.revision, "when": clock.moment(each.at, viewer.patient.zone)},
        by=f"{words.AMENDMENTS.get(each.kind, each.kind)}: {each.by}",
        reason=each.reason,
        facts=list(_before(each.before, told, viewer)),
    )


def _before(before: Mapping[str, Any], told: AssessmentView, viewer: Viewer) -> Iterator[Fact]:
    """What an earlier version said, from the row as it was kept."""
    for result in results_as_kept(told.instrument, before, language=viewer.language):
        where = place_words(result.facts, viewer.language)
        said = " · ".join(filter(None, (value_words(result), beside_words(result.facts))))
        yield Fact(" · ".join(filter(None, (result.name, where))), said)
    yield Fact(_("Date"), clock.moment(_performed_at(before), told.zone))
    performer = str(before.get("assessed_by", ""))
    named = before.get("assessor_name") or words.PERFORMERS.get(performer, performer)
    yield Fact(_("Who measured?"), str(named))
    if before.get("note"):
        yield Fact(_("Note"), str(before["note"]))


def _performed_at(before: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(before["performed_at"]))
