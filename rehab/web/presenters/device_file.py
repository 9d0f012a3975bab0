"""A device file as it is read: each ride, what is known of it by hand, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.actions.device_imports import RideAnswer
from rehab.actions.device_preview import ForeseenRide, HandTold
from rehab.domain.device_file import DeviceRide
from rehab.web.presenters import clock, doses
from rehab.web.presenters.due_card import Chip
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class Beside:
    """One value twice: as the device wrote it down, and as somebody typed it."""

    label: str
    device: str
    hand: str


@dataclass(frozen=True, slots=True)
class RideCard:
    title: str
    chip: Chip
    meaning: str
    values: str
    beside: Sequence[Beside]
    problems: Sequence[str]
    url: str


@dataclass(frozen=True, slots=True)
class FilePage:
    summary: str
    rides: Sequence[RideCard]
    ignored: str
    may_record: bool
    record_label: str


def preview_page(
    found: Sequence[ForeseenRide], ignored: Sequence[str], zone: str, viewer: Viewer
) -> FilePage:
    ready = sum(each.state in ("new", "merges") and not each.unread for each in found)
    return FilePage(
        summary=_("%(ready)s of %(all)s rides can be recorded. Nothing is recorded yet.")
        % {"ready": ready, "all": len(found)},
        rides=[_foreseen(each, zone, viewer) for each in found],
        ignored=", ".join(ignored),
        may_record=ready > 0,
        record_label=ngettext("Record this ride", "Record these %(count)s rides", ready)
        % {"count": ready},
    )


def result_page(
    answers: Sequence[RideAnswer],
    rides: Mapping[int, DeviceRide],
    told: Mapping[int, HandTold],
    zone: str,
    viewer: Viewer,
) -> FilePage:
    kept = sum(each.state in ("recorded", "pending", "merged") for each in answers)
    return FilePage(
        summary=ngettext("%(count)s ride is recorded.", "%(count)s rides are recorded.", kept)
        % {"count": kept},
        rides=[
            _answered(each, rides[each.row], told.get(each.row), zone, viewer) for each in answers
        ],
        ignored="",
        may_record=False,
        record_label="",
    )


def _foreseen(each: ForeseenRide, zone: str, viewer: Viewer) -> RideCard:
    chip, meaning = _of_state("unread" if each.unread else each.state)
    return RideCard(
        title=_title(each.ride, zone),
        chip=chip,
        meaning=meaning,
        values="" if each.told else _values(each.ride, viewer.language),
        beside=list(device_beside_hand(each.ride, each.told, zone, viewer)) if each.told else [],
        problems=[
            _("%(column)s: “%(cell)s” is no number.")
            % {
                "column": _column(column, viewer.language),
                "cell": each.ride.values[column],
            }
            for column in each.unread
        ],
        url=_session(each.log, viewer),
    )


def _answered(
    each: RideAnswer, ride: DeviceRide, told: HandTold | None, zone: str, viewer: Viewer
) -> RideCard:
    state = each.state
    if each.log is not None and "possible_duplicate" in each.log.marks:
        state = "twice"
    chip, meaning = _of_state(state)
    merged = state == "merged" and told is not None
    return RideCard(
        title=_title(ride, zone),
        chip=chip,
        meaning=meaning,
        values="" if merged else _values(ride, viewer.language),
        beside=list(device_beside_hand(ride, told, zone, viewer)) if merged and told else [],
        problems=[
            f"{_column(error.field, viewer.language)}: {_(error.detail)}" for error in each.errors
        ],
        url="" if state == "refused" else _session(each.id, viewer),
    )


def _of_state(state: str) -> tuple[Chip, str]:
    stays = _("It is here already; nothing changes.")
    known: Mapping[str, tuple[Chip, str]] = {
        "new": (Chip(_("New"), "leaf", "plus"), ""),
        "merges": (
            Chip(_("Also typed by hand"), "leaf", "people"),
            _("One session: the device's values count, and what was typed stays readable."),
        ),
        "unread": (
            Chip(_("Not understood"), "wait", "info"),
            _("This ride is left out. Correct its line below, or record it by hand."),
        ),
        "no_start": (
            Chip(_("Not understood"), "wait", "info"),
            _("Its start is no date with a time, such as 2026-10-19 18:00. Correct it below."),
        ),
        "no_item": (
            Chip(_("Belongs to nothing"), "wait", "info"),
            _("The plan had no cycling then, or several. Choose the item below and read again."),
        ),
        "unchanged": (Chip(_("Known"), "quiet", "check"), stays),
        "conflict": (
            Chip(_("Known with other values"), "wait", "info"),
            _("What was recorded first stands. If it is wrong, correct that session."),
        ),
        "recorded": (Chip(_("Recorded"), "done", "check"), ""),
        "pending": (
            Chip(_("Waiting for a clinician"), "wait", "clock"),
            _("It is more than 7 days old. It counts when a clinician confirms it."),
        ),
        "merged": (
            Chip(_("Joined with what was typed"), "done", "check"),
            _("One session: the device's values count, and what was typed stays readable."),
        ),
        "twice": (
            Chip(_("Perhaps typed as well"), "wait", "info"),
            _("Something was typed within the hour. It counts once; open it and say which it is."),
        ),
    }
    refused = Chip(_("Not recorded"), "wait", "info"), _("Correct its line below, or leave it out.")
    return known.get(state, refused)


def device_beside_hand(
    ride: DeviceRide, told: HandTold, zone: str, viewer: Viewer
) -> Iterator[Beside]:
    yield Beside(
        _("Start"),
        clock.moment(ride.started_at, zone) if ride.started_at else "",
        clock.moment(told.started_at, zone),
    )
    typed = {"minutes": told.minutes, **told.measures}
    for name in dict.fromkeys([*ride.values, *typed]):
        yield Beside(
            _column(name, viewer.language),
            _said(name, ride.values.get(name)),
            _said(name, typed.get(name)),
        )


def _title(ride: DeviceRide, zone: str) -> str:
    if ride.started_at is None:
        return _("Line %(row)s") % {"row": ride.row}
    return clock.moment(ride.started_at, zone)


def _values(ride: DeviceRide, language: str) -> str:
    return " · ".join(
        f"{_column(name, language)} {_said(name, value)}" for name, value in ride.values.items()
    )


def _column(name: str, language: str) -> str:
    code = name.rpartition(".")[2]
    if code == "mean_stimulation_ma":
        return _("Mean stimulation")
    if code == "started_at":
        return _("Start")
    return doses.label_of(code, language)


def _said(name: str, value: object) -> str:
    """A value with its unit; what nobody told is not recorded, and not nought."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return f"“{value}”"
    if name == "mean_stimulation_ma":
        return f"{doses.number(value)} mA"  # type: ignore[arg-type]
    return doses.with_unit(name, value)  # type: ignore[arg-type]


def _session(log: UUID | None, viewer: Viewer) -> str:
    return reverse("rehab:session", args=[viewer.patient.pk, log]) if log else ""
