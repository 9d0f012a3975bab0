"""A household of a case: who belongs to it, what its clock says, and who sends what.

Every call goes through HTTP and is held against the committed OpenAPI document. A moment is said
as people say it ("Mon 19 Oct 09:05"), on the clock of the household unless another is named.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import time_machine
from django.core.management import call_command

from patients.models import Clinic, Patient, User
from rehab.tasks.schedule import materialise
from tests.contract.client import api_client
from tests.people import (
    make_clinic,
    make_clinician,
    make_helper,
    make_patient,
    make_post,
    make_rota,
    make_user,
)
from tests.plans import CLEAR_ANSWERS, load_catalogue

YEAR = 2026
A_MINUTE = timedelta(minutes=1)
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Body = dict[str, Any]


def moment(said: str, zone: str, *, again: bool = False) -> datetime:
    """Read "Sun 1 Nov 01:10" on a zone's clock; again: the second of a repeated hour."""
    weekday, day, month, clock = said.split()
    form = "%d %b %Y %H:%M:%S" if clock.count(":") == 2 else "%d %b %Y %H:%M"
    naive = datetime.strptime(f"{day} {month} {YEAR} {clock}", form)  # noqa: DTZ007 a wall clock
    assert naive.strftime("%a") == weekday, f"{said} is a {naive:%A}"
    return naive.replace(tzinfo=ZoneInfo(zone), fold=int(again))


def after(performed_at: datetime, delay: timedelta = A_MINUTE) -> datetime:
    """Return the instant a little later; wall clocks cannot be added to in a repeated hour."""
    return performed_at.astimezone(UTC) + delay


@dataclass
class Home:
    """A patient, the people around, and the clinician, each with an account of their own."""

    clinic: Clinic
    patient: Patient
    people: dict[str, User]
    clinician: str
    zone: str
    plan: str = ""
    items: dict[str, Body] = field(default_factory=dict)
    lived: list[Callable[["Home"], object]] = field(default_factory=list)

    def at(self, said: str, *, zone: str = "", again: bool = False) -> datetime:
        return moment(said, zone or self.zone, again=again)

    def after(self, *earlier: Callable[["Home"], object]) -> None:
        """Live through what the day at hand rests on, once."""
        for day in earlier:
            if day not in self.lived:
                self.lived.append(day)
                day(self)

    def call(
        self, who: str, verb: str, path: str, body: object = None, *, at: datetime, **query: Any
    ) -> Any:
        """Ask the server at a moment, as one of the people."""
        with time_machine.travel(at, tick=False):
            phone = api_client(self.people[who])
            address = path if path.startswith("/") else f"/api/v1/patients/{self.patient.pk}/{path}"
            if verb == "get":
                return phone.get(address, query)
            return getattr(phone, verb)(address, body, format="json")

    def get(self, who: str, path: str, *, at: str | datetime, **query: Any) -> Any:
        """Read something that must be readable."""
        found = self.call(who, "get", path, at=self._moment(at), **query)
        assert found.status_code == 200, found.content
        return found.json()

    # What a clinician does.

    def profile(self, at: str, **changes: Any) -> None:
        answers = {**CLEAR_ANSWERS, **changes.pop("answers", {})}
        said = self.call(
            self.clinician, "patch", "profile", {"answers": answers, **changes}, at=self.at(at)
        )
        assert said.status_code == 200, said.content

    def assign(self, at: str, *items: Body, title: str = "Plan") -> None:
        """Create a plan and put it into force."""
        when = self.at(at)
        made = self.call(self.clinician, "post", "plans", {"title": title, "items": items}, at=when)
        assert made.status_code == 201, made.content
        self.plan = made.json()["id"]
        started = self.call(
            self.clinician, "post", f"/api/v1/plans/{self.plan}/activate", {}, at=when
        )
        assert started.status_code == 200, started.content
        self._learn(when)

    def revise(self, at: str, *items: Body, title: str = "Plan") -> None:
        when = self.at(at)
        body = {"title": title, "items": items}
        revised = self.call(
            self.clinician, "post", f"/api/v1/plans/{self.plan}/revise", body, at=when
        )
        assert revised.status_code == 200, revised.content
        self._learn(when)

    def resume(self, at: str, item: str = "", **said: Any) -> Any:
        series = {"series": self.series(item)} if item else {}
        body = {"note": "Looked at again.", **series, **said}
        path = f"/api/v1/plans/{self.plan}/resume"
        return self.call(self.clinician, "post", path, body, at=self.at(at))

    def _learn(self, at: datetime) -> None:
        plan = self.get(self.clinician, f"/api/v1/plans/{self.plan}", at=at)
        self.items = {item["title"]["en"]: item for item in plan["items"]}

    def same(self, item: str = "", **changes: Any) -> Body:
        """Return an item of the running plan as a revision sends it, with some of it changed."""
        known = self._item(item)
        kept = {
            name: known[name]
            for name in ("series", "exercise", "kind", "title", "target", "maximum", "schedule")
        }
        parts = [
            {name: value for name, value in part.items() if name != "label"}
            for part in known["parts"]
        ]
        return {**kept, "zone": known["zone"], "parts": parts, **changes}

    def series(self, item: str = "") -> str:
        return str(self._item(item)["series"])

    def part(self, place: int, item: str = "") -> str:
        return str(self._item(item)["parts"][place]["part"])

    def _item(self, item: str) -> Body:
        return self.items[item] if item else next(iter(self.items.values()))

    # What the people around send.

    def log(
        self,
        who: str,
        performed: str,
        item: str = "",
        *,
        sent: str | datetime = "",
        log_id: UUID | None = None,
        zone: str = "",
        again: bool = False,
        **facts: Any,
    ) -> Any:
        """Send a session; without parts it is the two-tap log. sent: when, a minute later."""
        performed_at = self.at(performed, zone=zone, again=again)
        body = self.entry(performed_at, item, zone=zone, **facts)
        received = self._moment(sent) if sent else after(performed_at)
        return self.call(who, "put", f"session-logs/{log_id or uuid4()}", body, at=received)

    def entry(
        self, performed_at: datetime, item: str = "", *, zone: str = "", **facts: Any
    ) -> Body:
        said = {"parts", "symptoms", "stop_reason", "measures"} & set(facts)
        given = {
            "performed_at": performed_at.isoformat(),
            "zone": zone or self.zone,
            "series": self.series(item),
            "performer": "caregiver",
            **({} if said else {"as_planned": True}),
        }
        return {**given, **facts}

    def parts(self, *seen: Mapping[str, Any], item: str = "") -> list[Body]:
        """Tell of every part: what was seen of the first ones, the others done."""
        known = self._item(item)["parts"]
        told = [*seen, *[{}] * (len(known) - len(seen))]
        return [
            {"part": each["part"], **_part(dict(facts))}
            for each, facts in zip(known, told, strict=True)
        ]

    def batch(self, who: str, at: str | datetime, *entries: Body) -> list[Body]:
        """Send what a phone kept while it was offline."""
        sent = self.call(who, "post", "entries", {"entries": entries}, at=self._moment(at))
        assert sent.status_code == 200, sent.content
        return sent.json()["answers"]

    def skip(self, who: str, at: str, occurrence: Body, reason: str, **said: Any) -> Any:
        path = f"occurrences/{occurrence['id']}/skip"
        return self.call(who, "post", path, {"reason": reason, **said}, at=self.at(at))

    def happened(
        self, who: str, at: str, description: str, *, sent: str = "", **facts: Any
    ) -> Body:
        """Send something outside the plan."""
        body = {
            "description": description,
            "performed_at": self.at(at).isoformat(),
            "zone": self.zone,
            **facts,
        }
        entry = {"id": str(uuid4()), "kind": "off_plan_event", "body": body}
        return self.batch(who, sent or after(self.at(at)), entry)[0]

    # What can be seen.

    def due(self, day: str, *, at: str = "", item: str = "", who: str = "") -> list[Body]:
        """Return what is due on a day ("Mon 19 Oct"), in its order, as it stands at a moment."""
        on = self.at(f"{day} 00:00").date().isoformat()
        seen = self.get(
            who or self.clinician, "occurrences", at=at or f"{day} 23:59", **{"from": on, "to": on}
        )["results"]
        wanted = self.series(item) if item else None
        return [
            each
            for each in seen
            if each["state"] != "cancelled" and wanted in (None, each["item"]["series"])
        ]

    def progress(
        self, first: str, last: str, *, at: str, item: str = "", who: str = "", **query: str
    ) -> Body:
        days = {
            "from": self.at(f"{first} 00:00").date().isoformat(),
            "to": self.at(f"{last} 00:00").date().isoformat(),
            **query,
        }
        found = self.get(who or self.clinician, "progress", at=at, **days)["items"]
        series = self.series(item)
        return next(each for each in found if each["series"] == series)

    def flags(self, *, at: str, who: str = "", state: str = "all") -> list[Body]:
        """Return the flags of this patient that somebody may see, oldest first."""
        path, patient = "/api/v1/flags", str(self.patient.pk)
        seen = self.get(who or self.clinician, path, at=at, state=state, patient=patient, limit=100)
        return sorted(seen["results"], key=lambda each: each["raised_at"])

    def history(self, *, at: str, who: str = "") -> list[Body]:
        """Return the sessions in the order in which they were performed."""
        seen = self.get(who or self.clinician, "session-logs", at=at, limit=100)["results"]
        return list(reversed(seen))

    def tick(self, said: str | datetime) -> None:
        """Let the clock reach a moment: what is due is stored, what is to be told leaves."""
        at = self._moment(said).astimezone(UTC)
        with time_machine.travel(at, tick=False):
            materialise()
            call_command("deliver", verbosity=0)

    def _moment(self, said: str | datetime) -> datetime:
        return self.at(said) if isinstance(said, str) else said


def _part(facts: Body) -> Body:
    known = {"pain", "outcome", "typed", "symptoms"}
    own = {name: value for name, value in facts.items() if name in known}
    measures = {name: value for name, value in facts.items() if name not in known}
    return {**own, **({"measures": measures} if measures else {})}


def make_home(
    patient: str,
    *,
    zone: str,
    clinician: str,
    helpers: Mapping[str, Mapping[str, Any]],
    language: str = "zh-Hans",
    patient_zone: str = "",
    emergency_number: str = "120",
) -> Home:
    """A clinic with a rota, a patient with an account, helpers, and a clinician.

    patient_zone: where the patient's own phone is on another clock than the household.
    """
    load_catalogue()
    clinic = make_clinic(
        "Riverside",
        zone=zone,
        emergency_number=emergency_number,
        phone="555 0100",
        hours={day: [["08:00", "20:00"]] for day in EVERY_DAY},
    )
    accounts = {name: _account(name, "en") for name in (clinician, *helpers)}
    accounts[patient] = _account(patient, language)
    record = make_patient(clinic, patient, user=accounts[patient], zone=patient_zone or zone)
    post = make_post(clinic, accounts[clinician], title="Physiotherapist", is_coordinator=True)
    make_rota(clinic, post, deputy=make_post(clinic, _account("Deputy", "en")))
    make_clinician(record, accounts[clinician])
    for name, facts in helpers.items():
        make_helper(record, accounts[name], **facts)
    return Home(clinic, record, accounts, clinician, zone)


def _account(name: str, language: str) -> User:
    return make_user(
        name, email=f"{name.lower().replace(' ', '.')}@example.test", language=language
    )


def weekly(*times: str, days: Sequence[str] = EVERY_DAY) -> Body:
    slots = [{"id": f"s{place}", "at": at} for place, at in enumerate(times, start=1)]
    return {"rule": "weekly", "days": list(days), "slots": slots}


def codes(answer: Any) -> list[str]:
    """Return the codes of what was wrong or asked."""
    return [error["code"] for error in answer.json()["errors"]]


def levels(answer: Any) -> dict[str, str]:
    """Return the rules that fired, each with its level."""
    body = answer if isinstance(answer, dict) else answer.json()
    flags = body["flags"] if "flags" in body else body.get("log", {}).get("flags", [])
    return {flag["rule"]: flag["level"] for flag in flags}
