"""SQL statements per call: as committed, and the same for a few rows as for many.

Counted with everything in it: sign-in, the wall, access, the note that somebody looked (the first
time; looking again costs none). Left out are BEGIN, COMMIT and savepoints, and PREPARE, which comes
once a connection. To accept new figures, run with WRITE_QUERY_COUNTS=1, look at the difference and
commit it.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exercises.models import Exercise
from patients.models import Absence, User
from rehab.actions.plans import create_plan
from rehab.actions.sessions import Sent, log_sessions
from rehab.domain.plan_draft import PlanDraft
from rehab.models import ContentSignature, Plan, SafetyFlag, SessionLog
from tests.contract.client import api_client
from tests.integration.api.scenes import body_of, detailed, local, of_alice
from tests.people import Cast, make_cast, make_clinician, make_patient
from tests.plans import as_planned, assign, fes, items_of, shoulder

BASELINE = Path(__file__).with_name("query_counts.json")
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PREPARE")
NOW = local(20, 12)


@dataclass(frozen=True)
class World:
    """Alice's programme at one size."""

    cast: Cast
    plan: Plan
    size: int

    @property
    def logs(self) -> list[SessionLog]:
        with self.cast.inside():
            return list(
                SessionLog.objects.filter(patient=self.cast.patient).order_by("-performed_at", "id")
            )


Call = tuple[User, str, str, Any]


def calls(world: World) -> Iterator[tuple[str, Callable[[], Call]]]:
    """Every call of the programme; each leaves the next one something to do."""
    cast, plan, series = world.cast, world.plan, items_of(world.plan)[0].series
    dana, bob = cast.dana, cast.bob
    for name in (
        "today",
        "offline",
        "occurrences",
        "session-logs",
        "progress",
        "progress.csv",
        "changes",
        "plans",
        "profile",
    ):
        yield f"GET {name}", lambda name=name: (dana, "get", of_alice(cast, name), None)
    for name in ("recipes", "foods", "exercises", "guidance", "search?q=arm", "nutrition-plan"):
        yield f"GET {name}", lambda name=name: (dana, "get", of_alice(cast, name), None)
    yield (
        "GET exercises/{slug}",
        lambda: (dana, "get", of_alice(cast, "exercises/prom-shoulder-flexion"), None),
    )
    yield (
        "GET exercises/{slug}/drawing.svg",
        lambda: (dana, "get", of_alice(cast, "exercises/prom-shoulder-flexion/drawing.svg"), None),
    )
    yield "GET today again", lambda: (dana, "get", of_alice(cast, "today"), None)
    yield "GET today ahead", lambda: (dana, "get", of_alice(cast, "today?date=2026-11-20"), None)
    yield (
        "GET session-logs/{id}",
        lambda: (dana, "get", of_alice(cast, f"session-logs/{world.logs[0].id}"), None),
    )
    yield "GET plans/{id}", lambda: (dana, "get", f"/api/v1/plans/{plan.pk}", None)
    yield "GET figures", lambda: (dana, "get", "/api/v1/figures", None)
    yield "GET caseload", lambda: (dana, "get", "/api/v1/caseload", None)
    yield (
        "GET caseload on duty",
        lambda: (dana, "get", "/api/v1/caseload?whose=on_duty", None),
    )
    yield "GET flags", lambda: (dana, "get", "/api/v1/flags", None)
    away = f"/api/v1/clinics/{cast.clinic.pk}/absences"
    yield "POST absences", lambda: (dana, "post", away, leave_of(cast))
    yield "GET absences", lambda: (dana, "get", away, None)
    yield "POST absences/{id}/end", lambda: (dana, "post", f"{absence(world)}/end", None)
    signatures = "/api/v1/content-signatures"
    yield "GET content-signatures", lambda: (dana, "get", signatures, None)
    yield "POST content-signatures", lambda: (dana, "post", signatures, skin_check_read())
    yield (
        "GET content-signatures/items/{kind}/{slug}",
        lambda: (dana, "get", f"{signatures}/items/exercise/skin-check", None),
    )
    yield (
        "POST content-signatures/{id}/withdraw",
        lambda: (dana, "post", f"{signatures}/{signed(world)}/withdraw", None),
    )
    new, body = uuid4(), body_of(series, local(20, 10))
    address = of_alice(cast, f"session-logs/{new}")
    yield "PUT session-logs/{id} new", lambda: (bob, "put", address, body)
    yield "PUT session-logs/{id} again", lambda: (bob, "put", address, body)
    painful = detailed(plan, local(20, 11), pain=5, repetitions=10)
    yield (
        "PUT session-logs/{id} in detail",
        lambda: (bob, "put", of_alice(cast, f"session-logs/{uuid4()}"), painful),
    )
    yield (
        "POST entries",
        lambda: (bob, "post", of_alice(cast, "entries"), batch(series, world.size * 5)),
    )
    entry = body_of(series, local(20, 10), minutes=12)
    yield (
        "POST session-logs/{id}/amend",
        lambda: (bob, "post", f"{address}/amend", {"entry": entry, "reason": "Typo"}),
    )
    yield (
        "POST session-logs/{id}/retract",
        lambda: (bob, "post", f"{address}/retract", {"reason": "Wrong"}),
    )
    yield (
        "POST occurrences/{id}/snooze",
        lambda: (bob, "post", f"{occurrence(world)}/snooze", {"minutes": 15}),
    )
    yield (
        "POST occurrences/{id}/skip",
        lambda: (bob, "post", f"{occurrence(world)}/skip", {"reason": "asleep"}),
    )
    yield (
        "POST flags/{id}/acknowledge",
        lambda: (dana, "post", f"{open_flag(world)}/acknowledge", {"note": "Seen"}),
    )
    yield "POST plans", lambda: (dana, "post", of_alice(cast, "plans"), draft_of(world))
    yield (
        "POST plans/{id}/hold",
        lambda: (dana, "post", f"/api/v1/plans/{plan.pk}/hold", {"reason": "Fever"}),
    )
    yield "POST plans/{id}/resume", lambda: (
        dana, "post", f"/api/v1/plans/{plan.pk}/resume", {"note": "Well", "reconfirmed": True}
    )  # fmt: skip
    yield from told_calls(cast)
    ordered = {"set_by": "Ana Ruiz", "set_on": "2026-10-12", "fluids_ml": 1500}
    yield "PUT nutrition-plan", lambda: (dana, "put", of_alice(cast, "nutrition-plan"), ordered)
    yield "PATCH profile", lambda: (dana, "patch", of_alice(cast, "profile"), {"note": "Reviewed"})


def told_calls(cast: Cast) -> Iterator[tuple[str, Callable[[], Call]]]:
    """What is measured, noted, eaten and taken."""
    dana, moment = cast.dana, {"zone": "Asia/Shanghai", "performed_at": local(20, 10).isoformat()}
    result = {"score": "grip_kg", "value": 14, "facts": {"side": "left", "device": "Jamar"}}
    scored = {"instrument": "grip", "results": [result], "id": str(uuid4()), **moment}
    eaten = {"text": "Rice", "id": str(uuid4()), **moment}
    herb = {"code": "ginseng", "id": str(uuid4()), "zone": "Asia/Shanghai",
            "told_at": local(20, 10).isoformat()}  # fmt: skip
    note = of_alice(cast, f"notes/{uuid4()}")
    yield "PUT notes/{id}", lambda: (dana, "put", note, {"body": "Seen."})
    yield "GET notes", lambda: (dana, "get", of_alice(cast, "notes"), None)
    yield "POST notes/read", lambda: (dana, "post", of_alice(cast, "notes/read"), {"ids": []})
    for name, body in (("assessments", scored), ("diet-logs", eaten), ("substances", herb)):
        path = of_alice(cast, name)
        yield f"POST {name}", lambda path=path, body=body: (dana, "post", path, body)
        yield f"GET {name}", lambda path=path: (dana, "get", path, None)


def batch(series: Any, many: int) -> dict[str, Any]:
    moments = [local(19, 10) + timedelta(minutes=10 * count) for count in range(many)]
    return {
        "entries": [
            {
                "id": str(uuid4()),
                "kind": "session_log",
                "body": body_of(series, moment, minutes=count),
            }
            for count, moment in enumerate(moments)
        ]
    }


def occurrence(world: World) -> str:
    due = api_client(world.cast.bob).get(of_alice(world.cast, "today")).json()["occurrences"]
    found = next(each for each in due if each["state"] == "due")
    return of_alice(world.cast, f"occurrences/{found['id']}")


def leave_of(cast: Cast) -> dict[str, Any]:
    return {
        "practitioner": str(cast.danas_post.pk),
        "deputy": str(cast.erins_post.pk),
        "starts_at": local(25, 8).isoformat(),
        "ends_at": local(26, 8).isoformat(),
    }


def absence(world: World) -> str:
    with world.cast.inside():
        return f"/api/v1/absences/{Absence.objects.get().pk}"


def open_flag(world: World) -> str:
    with world.cast.inside():
        unseen = SafetyFlag.objects.filter(acknowledged_at=None).order_by("raised_at", "id")
        return f"/api/v1/flags/{unseen[0].pk}"


def skin_check_read() -> dict[str, Any]:
    digest = Exercise.objects.get(slug="skin-check").digest
    return {"items": [{"kind": "exercise", "slug": "skin-check", "digest": digest}]}


def signed(world: World) -> UUID:
    with world.cast.inside():
        return ContentSignature.objects.standing().get().pk


def draft_of(world: World) -> dict[str, Any]:
    part = {"exercise": "prom-shoulder-flexion", "side": "left", "dose": {"repetitions": 10}}
    item = {
        "exercise": "prom-shoulder-flexion",
        "parts": [part],
        "schedule": {"rule": "times_per_week", "n": 3},
    }
    return {"title": "Next", "items": [item] * world.size}


def make_world(cast: Cast, *, size: int) -> World:
    """A plan of so many items, ten logs an item and size, a red flag each, and as many patients."""
    items = [shoulder("09:00", "16:00"), *(fes("18:00") for _ in range(size))]
    plan = assign(cast, *items, at=local(18, 20))
    with cast.inside():
        create_plan(
            by=cast.dana,
            at=local(18, 21),
            patient_id=cast.patient.pk,
            draft=PlanDraft(title="Old", items=(shoulder(),)),
        )
        for count in range(size):
            make_clinician(make_patient(cast.clinic, f"Patient {count}"), cast.dana)
    series = items_of(plan)[0].series
    for place in range(size):
        moments = [local(19, 1) + timedelta(minutes=11 * count + place) for count in range(10)]
        sent = [Sent(uuid4(), as_planned(series, moment, symptoms=("fall",))) for moment in moments]
        log_sessions(by=cast.bob, at=local(19, 20), patient_id=cast.patient.pk, sent=sent)
    return World(cast, plan, size)


def counted(world: World) -> dict[str, int]:
    return {name: statements(*ask()) for name, ask in calls(world)}


def statements(user: User, verb: str, address: str, body: Any) -> int:
    client = api_client(user)
    client.get("/api/v1/me")  # the session's first use writes when it was last seen
    with CaptureQueriesContext(connection) as captured:
        response = getattr(client, verb)(address, body, format="json" if body is not None else None)
    assert response.status_code < 300, (verb, address, response.content)
    return sum(not query["sql"].lstrip().startswith(CONTROL) for query in captured)


@pytest.fixture
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("size", [1, 5])
def test_each_call_takes_the_committed_number_of_statements(transactional_db, at_noon, size):
    """In real transactions: inside one of a test every wall would cost one statement more."""
    found = counted(make_world(make_cast(), size=size))
    if os.environ.get("WRITE_QUERY_COUNTS"):
        BASELINE.write_text(json.dumps(found, indent=2) + "\n")
    assert found == json.loads(BASELINE.read_text())


def test_today_and_progress_stay_within_their_budgets():
    baseline = json.loads(BASELINE.read_text())
    assert baseline["GET today"] <= 8
    assert baseline["GET progress"] <= 6
    assert baseline["GET progress.csv"] <= 6
