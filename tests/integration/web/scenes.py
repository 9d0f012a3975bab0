"""What the page tests start from: the cast, a plan, and browsers that read forms as people do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from uuid import UUID

from django.test import Client

from patients.models import User
from rehab.models import Occurrence, Plan, SessionLog
from rehab.models.told_parts import ToldPart
from tests.people import Cast, browser_of
from tests.plans import assign, fes, items_of, parts_of, shoulder

# A Monday, 17:50 in Shanghai: the passive session of 09:00 is past, that of 16:00 is open, and
# stimulation comes at 18:00.
NOW = datetime(2026, 10, 19, 9, 50, tzinfo=UTC)
ASSIGNED = datetime(2026, 10, 18, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    cast: Cast
    plan: Plan
    passive: UUID
    stimulation: UUID

    def part(self, place: int = 0) -> UUID:
        return parts_of(items_of(self.plan)[0])[place].part

    def occurrence(self, series: UUID, slot: str) -> UUID:
        """The id of one thing due on the day of the scene."""
        with self.cast.inside():
            rows = Occurrence.objects.filter(series=series, on="2026-10-19", slot=slot)
            return rows.values_list("id", flat=True).get()

    def logs(self) -> list[SessionLog]:
        with self.cast.inside():
            return list(SessionLog.objects.order_by("performed_at", "id"))

    def logged_parts(self) -> list[ToldPart]:
        with self.cast.inside():
            parts = [part for log in self.logs() for part in log.told_parts()]
        return sorted(parts, key=lambda part: (part.motion, part.muscle))

    def page(self, name: str) -> str:
        return f"/patients/{self.cast.patient.pk}/{name}"

    def due(self, series: UUID, slot: str, name: str = "") -> str:
        return self.page(f"due/{self.occurrence(series, slot)}/{name}")


def make_scene(cast: Cast) -> Scene:
    passive, stimulation = shoulder(), fes("18:00")
    plan = assign(cast, passive, stimulation, at=ASSIGNED, title="Arm and thigh")
    assert passive.series is not None and stimulation.series is not None
    return Scene(cast, plan, passive.series, stimulation.series)


def browser(user: User, language: str = "en") -> Client:
    client = browser_of(user)
    client.cookies["django_language"] = language
    return client


class _Form(HTMLParser):
    """What a browser would send from the form that holds a field of that name."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.forms.append({})
        elif not self.forms:
            return
        elif tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea" and name:
            self._area = name
            self.forms[-1][name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.forms[-1][self._select] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None

    def _input(self, name: str, given: Mapping[str, str | None]) -> None:
        if given.get("type") in ("radio", "checkbox") and "checked" not in given:
            return
        self.forms[-1][name] = given.get("value") or ""


def form_on(html: str, field: str) -> dict[str, str]:
    """Read the form with a field of that name as it would be sent untouched."""
    reader = _Form()
    reader.feed(html)
    return next(form for form in reader.forms if field in form)


def text_of(html: str) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))
