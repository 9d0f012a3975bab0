"""Where a person can go from here."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from patients.access.authority import Authority
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    url: str
    label: str
    icon: str
    is_current: bool


def tabs_for(viewer: Viewer, current: str) -> list[Tab]:
    """The tabs of one patient's pages, for the person who looks."""
    return [
        Tab(name, url, label, icon, name == current)
        for name, url, label, icon in _of_patient(viewer)
    ]


def tabs_without_patient(authority: Authority, current: str) -> list[Tab]:
    """The tabs of a list of people: a caseload for those who practise, else people cared for."""
    wanted = {"caseload", "duty", "content"} if authority.posts else {"care"}
    people = [
        (name, url, label, icon)
        for name, url, label, icon in (_caseload(), _duty(), _care(), _content())
        if name in {*wanted, current}
    ]
    return [Tab(name, url, label, icon, name == current) for name, url, label, icon in people]


def _of_patient(viewer: Viewer) -> Iterator[tuple[str, str, str, str]]:
    patient = viewer.patient.pk
    if viewer.is_clinician or viewer.authority.practises_in(viewer.patient.clinic_id, viewer.now):
        yield _caseload()
        yield "patient", reverse("rehab:patient", args=[patient]), _("Overview"), "chart"
    elif not viewer.is_patient:
        yield _care()
    yield "today", reverse("rehab:today", args=[patient]), _("Today"), "list"
    yield "learn", reverse("rehab:learn", args=[patient]), _("Learn"), "book"
    if viewer.may("see_diet"):
        yield "eat", reverse("rehab:eat", args=[patient]), _("Eat"), "bowl"
    yield "history", reverse("rehab:history", args=[patient]), _("History"), "history"
    yield "plan", reverse("rehab:plan", args=[patient]), _("Plan"), "plan"
    if viewer.is_clinician:
        yield "profile", reverse("rehab:profile", args=[patient]), _("Profile"), "person"


def _caseload() -> tuple[str, str, str, str]:
    return "caseload", reverse("rehab:caseload"), _("Caseload"), "people"


def _duty() -> tuple[str, str, str, str]:
    return "duty", reverse("rehab:duty"), _("Duty"), "clock"


def _content() -> tuple[str, str, str, str]:
    return "content", reverse("rehab:content"), _("Content"), "book"


def _care() -> tuple[str, str, str, str]:
    return "care", reverse("rehab:care"), _("People"), "people"
