"""One session in words: what was recorded, what was not, and every version of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from rehab.models.reads.history import Correction, SessionDetail
from rehab.models.reads.logs import LoggedPart, SessionView
from rehab.web.presenters import clock, doses, words
from rehab.web.presenters.device_file import Beside
from rehab.web.presenters.due_card import Chip
from rehab.web.presenters.history import outcome_chip, said_by, said_pain
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PartFacts:
    title: str
    outcome: str
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class MarkNote:
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Version:
    label: str
    by: str
    reason: str
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class SessionPage:
    title: str
    when: str
    by: str
    chip: Chip
    marks: Sequence[MarkNote]
    placement: str
    facts: Sequence[Fact]
    parts: Sequence[PartFacts]
    beside: Sequence[Beside]
    versions: Sequence[Version]
    amend_url: str
    retract_url: str
    confirm_url: str
    confirm_codes: Sequence[str]
    confirm_label: str
    merge_url: str
    merge_into: UUID | None
    adopt_url: str


def session_page(detail: SessionDetail, viewer: Viewer) -> SessionPage:
    log, patient = detail.log, viewer.patient.pk
    changeable = viewer.may("log_sessions") and log.status in ("recorded", "pending")
    asked = changeable or (log.status == "recorded" and viewer.may("settle_duplicate"))
    duplicate = asked and log.duplicate_of is not None
    codes, label = _confirmable(log, viewer) if changeable or duplicate else ((), "")
    return SessionPage(
        title=log.title,
        when=_when(log, viewer),
        by=said_by(log),
        chip=outcome_chip(log),
        marks=[
            MarkNote(str(words.MARKS[mark][0]), str(words.MARKS[mark][1]))
            for mark in log.marks
            if mark in words.MARKS
        ],
        placement=str(words.PLACEMENTS.get(log.placement, "")),
        facts=list(_facts(log, viewer)),
        parts=[_part(part, viewer.language) for part in log.parts],
        beside=list(_beside(detail, viewer)),
        versions=[_version(each, viewer) for each in detail.corrections],
        amend_url=reverse("rehab:amend", args=[patient, log.id])
        if changeable and log.series
        else "",
        retract_url=reverse("rehab:retract", args=[patient, log.id]) if changeable else "",
        confirm_url=reverse("rehab:confirm", args=[patient, log.id]) if label else "",
        confirm_codes=codes,
        confirm_label=label,
        merge_url=reverse("rehab:merge", args=[patient, log.id]) if duplicate else "",
        merge_into=log.duplicate_of if duplicate else None,
        adopt_url=reverse("rehab:adopt", args=[patient, log.id])
        if log.status == "quarantined" and viewer.may("adopt")
        else "",
    )


def _when(log: SessionView, viewer: Viewer) -> str:
    zone = viewer.patient.zone
    return f"{clock.moment(log.performed_at, zone)} · {clock.zone_label(zone, viewer.language)}"


def _confirmable(log: SessionView, viewer: Viewer) -> tuple[Sequence[str], str]:
    if log.status == "pending":
        return (), _("Let it count") if viewer.is_clinician else ""
    if "possible_duplicate" in log.marks:
        return ("possible_duplicate",), _("No, it was a session of its own")
    if "unconfirmed_unusual" in log.marks:
        return (), _("Yes, it is right")
    return (), ""


def _facts(log: SessionView, viewer: Viewer) -> Iterator[Fact]:
    language, none = viewer.language, str(words.NOT_RECORDED)
    if log.as_planned:
        yield Fact(_("Recorded as"), _("Done as planned, in two taps"))
    yield Fact(_("Pain"), said_pain(log.pain))
    yield Fact(
        _("Effort"), none if log.effort is None else _("%(effort)s of 10") % {"effort": log.effort}
    )
    yield Fact(
        doses.label_of("minutes", language),
        none if log.minutes is None else doses.with_unit("minutes", log.minutes),
    )
    for code, answer in log.gate.items():
        yield _gate(code, answer, language)
    for code in log.measures:
        if code != "minutes":
            yield Fact(doses.label_of(code, language), _measured(log, code, language))
    if log.symptoms:
        yield Fact(_("Unusual"), _listed(log.symptoms, reference.symptoms(), language))
    if log.limb:
        yield Fact(_("Where was it?"), str(words.PLACES[log.limb]))
    if log.stop_reason:
        yield Fact(
            _("Stopped early because of"),
            _listed([log.stop_reason], reference.stop_reasons(), language),
        )
    if log.device:
        yield Fact(_("Device"), log.device)
    if log.note:
        yield Fact(_("Note"), log.note)


def _gate(code: str, answer: object, language: str) -> Fact:
    question = reference.gate_questions().get(code)
    if question is None:
        return Fact(code, str(answer))
    said = next(
        (each.labels[language] for each in question.answers if each.code == answer), str(answer)
    )
    return Fact(question.labels[language], said)


def _listed(codes: Sequence[str], known: Mapping[str, object], language: str) -> str:
    names = [known[code].labels[language] if code in known else code for code in codes]  # type: ignore[attr-defined]
    return ("；" if language == "zh-Hans" else "; ").join(names)


def _part(part: LoggedPart, language: str) -> PartFacts:
    facts = [Fact(_("Pain"), said_pain(part.pain))]
    facts += [
        Fact(doses.label_of(code, language), _measured(part, code, language))
        for code in part.measures
    ]
    return PartFacts(part.label, str(words.OUTCOMES.get(part.outcome, part.outcome)), facts)


def _measured(part: LoggedPart | SessionView, code: str, language: str) -> str:
    said = doses.said(code, part.measures[code], language)
    typed = part.typed.get(code)
    return (
        _("%(value)s (typed: %(typed)s)") % {"value": said, "typed": typed.text} if typed else said
    )


def _beside(detail: SessionDetail, viewer: Viewer) -> Iterator[Beside]:
    """A session that was typed and that a device wrote down too: both, value by value."""
    stages = [each.before for each in detail.corrections]
    for place, before in enumerate(stages):
        after = stages[place + 1] if place + 1 < len(stages) else None
        joined = _source(after) if after is not None else detail.log.source
        if joined == "device" and _source(before) != "device":
            device = _told(after) if after is not None else _told_now(detail.log)
            yield from _both(device, _told(before), viewer)
            return


def _source(before: Mapping[str, object]) -> str:
    return str((before.get("details") or {}).get("source", ""))  # type: ignore[attr-defined]


def _told(before: Mapping[str, object]) -> Mapping[str, object]:
    """The start, the minutes and the settings of an earlier version, as they were kept."""
    details: Mapping[str, object] = before.get("details") or {}  # type: ignore[assignment]
    measures: Mapping[str, object] = details.get("measures") or {}  # type: ignore[assignment]
    minutes = before.get("minutes")
    return {
        "started_at": datetime.fromisoformat(str(before["performed_at"])),
        "minutes": None if minutes is None else float(str(minutes)),
        **measures,
    }


def _told_now(log: SessionView) -> Mapping[str, object]:
    return {"started_at": log.performed_at, "minutes": log.minutes, **log.measures}


def _both(
    device: Mapping[str, object], hand: Mapping[str, object], viewer: Viewer
) -> Iterator[Beside]:
    for name in dict.fromkeys([*device, *hand]):
        yield Beside(
            _("Start") if name == "started_at" else doses.label_of(name, viewer.language),
            _as_told(name, device.get(name), viewer),
            _as_told(name, hand.get(name), viewer),
        )


def _as_told(name: str, value: object, viewer: Viewer) -> str:
    if isinstance(value, datetime):
        return clock.moment(value, viewer.patient.zone)
    if value is None:
        return str(words.NOT_RECORDED)
    return doses.said(name, value, viewer.language)  # type: ignore[arg-type]


def _version(each: Correction, viewer: Viewer) -> Version:
    return Version(
        label=_("Version %(number)s, until %(when)s")
        % {
            "number": each.revision,
            "when": clock.moment(each.at, viewer.patient.zone),
        },
        by=f"{words.AMENDMENTS.get(each.kind, each.kind)}: {each.by}",
        reason=each.reason,
        facts=list(_before(each.before, viewer)),
    )


def _before(before: Mapping[str, object], viewer: Viewer) -> Iterator[Fact]:
    """What an earlier version said, from the row as it was kept."""
    language = viewer.language
    outcome = str(before.get("outcome", ""))
    yield Fact(_("Outcome"), str(words.OUTCOMES.get(outcome, outcome)))
    pain = (
        "cannot_feel"
        if before.get("pain_unfelt") and before.get("pain") is None
        else before.get("pain")
    )
    yield Fact(_("Pain"), said_pain(pain))  # type: ignore[arg-type]
    if before.get("minutes") is not None:
        yield Fact(
            doses.label_of("minutes", language),
            doses.with_unit("minutes", float(str(before["minutes"]))),
        )
    for part in before.get("parts") or ():  # type: ignore[attr-defined]
        for code, value in (part.get("measures") or {}).items():
            yield Fact(doses.label_of(code, language), doses.said(code, value, language))
