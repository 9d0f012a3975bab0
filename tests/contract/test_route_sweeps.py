"""Sweeps over every route of the resolver: nobody gets in who is not expected.

What is added later is covered without being named here.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from patients.access.walls import within_clinics
from patients.actions.absences import record_absence
from patients.actions.invitations import invite_to_patient
from patients.models import ContactPoint
from rehab.actions.assessments import record_assessment
from rehab.actions.calendar_feeds import make_calendar_feed
from rehab.actions.care_notes import NoteEntry, TemplateEntry, keep_template, write_note
from rehab.actions.diet import log_diet
from rehab.actions.sessions import log_session
from rehab.actions.substances import record_substance
from rehab.domain.assessments import AssessmentEntry
from rehab.domain.diet import DietEntry, TakenEntry
from rehab.domain.instruments import ResultEntry
from rehab.models import ContentSignature, Occurrence, SafetyFlag
from tests.contract.routes import Route, anything, routes, routes_with_an_id
from tests.people import Cast, browser_of, make_cast, phone_of
from tests.plans import as_planned, assign, items_of

METHODS = ("get", "post", "put", "patch", "delete")
# What anybody may ask. Nothing here tells anything about anybody.
FOR_EVERYBODY = {
    "healthz",
    "readyz",
    # Asks for its own token, and says nothing of any patient (tests/integration/test_watch.py).
    "metrics",
    "api/schema/",
    "api/docs/",
    "api/v1/invitations/accept",
    "invitation/",
    "account/confirm/<str:token>/",
    "calendar/<uuid:user_id>/<str:token>.ics",
    "account/stop-reminders/<str:token>/",
    "received/<str:token>/",
    "language/",
    "sw.js",
    "manifest.webmanifest",
}
# Ids that name no patient: for staff (the catalogue), and links that carry their own proof.
NOT_ABOUT_A_PATIENT = {"slug", "code", "kind", "id", "token"}


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(engines):
    cache.clear()


def name(route: Route) -> str:
    return str(route)


def test_the_sweep_finds_the_routes_it_is_about():
    patterns = {route.pattern for route in routes()}
    assert {"api/v1/me", "api/v1/patients/<uuid:patient_id>", "account/"} <= patterns
    assert patterns >= FOR_EVERYBODY


@pytest.mark.parametrize(
    "route", [route for route in routes() if route.pattern not in FOR_EVERYBODY], ids=name
)
def test_every_route_refuses_a_signed_out_visitor(db, route):
    address = route.address({key: anything(kind) for key, kind in route.parameters.items()})
    for method in METHODS:
        answer = getattr(Client(), method)(address)
        refusal = f"{method} {address}: {answer.status_code}"
        if route.pattern.startswith("api/"):
            assert answer.status_code == 401, refusal
            assert answer["WWW-Authenticate"], refusal
        elif answer.status_code != 405:
            assert answer.status_code == 302, refusal
            assert answer["Location"].startswith("/accounts/login/"), refusal


def world_of(cast: Cast) -> dict[str, object]:
    """Something real of Alice's for every name that stands in an address."""
    now = timezone.now()
    plan = assign(cast, at=now - timedelta(days=2))
    item = items_of(plan)[0]
    log_id = uuid4()
    log_session(
        by=cast.alice,
        at=now,
        patient_id=cast.patient.pk,
        log_id=log_id,
        entry=as_planned(item.series, now - timedelta(hours=1)),
    )
    told = told_of_alice(cast, now)
    with cast.inside():
        issued = invite_to_patient(
            by=cast.alice, at=now, patient_id=cast.patient.pk, invited_as="caregiver",
            scopes=["see_sessions"],
        )  # fmt: skip
        flag = SafetyFlag.objects.create(
            patient=cast.patient, clinic=cast.clinic, rule="test", rule_version=1, level="E2",
            occurred_at=now, raised_at=now,
        )  # fmt: skip
        occurrence = Occurrence.objects.filter(patient=cast.patient).first()
        absence = record_absence(
            by=cast.dana, at=now, clinic_id=cast.clinic.pk, practitioner_id=cast.danas_post.pk,
            deputy_id=cast.erins_post.pk, starts_at=now, ends_at=now + timedelta(days=2),
        )  # fmt: skip
        feed = make_calendar_feed(by=cast.alice, at=now, patient_id=cast.patient.pk).feed
        signature = ContentSignature.objects.create(
            clinic=cast.clinic, kind="exercise", slug="skin-check", digest="d", wording=[],
            signed_by=cast.dana, signed_at=now,
        )  # fmt: skip
    return {
        "patient_id": cast.patient.pk,
        "plan_id": plan.pk,
        "item_id": item.pk,
        "series": item.series,
        "series_id": item.series,
        "log_id": log_id,
        "occurrence_id": occurrence.pk if occurrence else uuid4(),
        "flag_id": flag.pk,
        "relationship_id": cast.bobs_relationship.pk,
        "invitation_id": issued.invitation.pk,
        "contact_point_id": ContactPoint.objects.get(user=cast.bob).pk,
        "clinic_id": cast.other_clinic.pk,
        "signature_id": signature.pk,
        "practitioner_id": cast.danas_post.pk,
        "absence_id": absence.pk,
        **told,
        "user_id": cast.alice.pk,
        "feed_id": feed.pk,
    }


def told_of_alice(cast: Cast, now: datetime) -> dict[str, object]:
    """Something measured, something eaten and something taken."""
    given = {"by": cast.alice, "at": now, "patient_id": cast.patient.pk}
    ids = {name: uuid4() for name in ("assessment_id", "diet_log_id", "substance_id")}
    zone = {"zone": "Asia/Shanghai"}
    score = ResultEntry(score="pain", value=3, facts={"site": "knee", "side": "left"})
    record_assessment(
        **given,
        assessment_id=ids["assessment_id"],
        entry=AssessmentEntry(
            instrument="pain_nrs", performed_at=now, results=(score,), assessed_by="patient", **zone
        ),
    )
    meal = DietEntry(performed_at=now, text="Rice", **zone)
    log_diet(**given, log_id=ids["diet_log_id"], entry=meal)
    herb = TakenEntry(told_at=now, code="ginseng", **zone)
    record_substance(**given, substance_id=ids["substance_id"], entry=herb)
    return {**ids, **noted_of_alice(cast, given)}


def noted_of_alice(cast: Cast, given: Mapping[str, Any]) -> dict[str, object]:
    """A note of hers, and a text of her clinic."""
    note_id, template_id = uuid4(), uuid4()
    write_note(**given, note_id=note_id, entry=NoteEntry(body="Tighter today."))
    keep_template(
        by=cast.dana,
        at=given["at"],
        clinic_id=cast.clinic.pk,
        template_id=template_id,
        entry=TemplateEntry(title="Call", text_en="Please call."),
    )
    return {"note_id": note_id, "template_id": template_id}


def test_charlie_gets_nothing_from_any_route_with_an_id(db):
    """All routes in one test: Alice's world takes long to make and nothing here changes it."""
    cast = make_cast()
    world = world_of(cast)
    phone, browser = phone_of(cast.charlie), browser_of(cast.charlie)
    let_in = []
    for route in routes_with_an_id():
        unknown = set(route.parameters) - set(world) - NOT_ABOUT_A_PATIENT
        assert not unknown, f"{route} names {unknown}: add something of Alice's to world_of"
        if route.pattern in FOR_EVERYBODY:
            continue
        client = phone if route.pattern.startswith("api/") else browser
        values = {key: world.get(key, anything(kind)) for key, kind in route.parameters.items()}
        let_in += tries(client, route.address(values), sound_body(route, world))
    assert not let_in, "\n".join(let_in)


def tries(client: APIClient | Client, address: str, body: dict[str, Any]) -> list[str]:
    """Ask with every method; return what was answered otherwise than "not for you"."""
    found = []
    for method in METHODS:
        data = body if method in {"post", "put", "patch"} else None
        answer = getattr(client, method)(
            address, json.dumps(data) if data else None, content_type="application/json"
        )
        if answer.status_code not in {403, 404, 405}:
            found.append(f"{method} {address}: {answer.status_code} {answer.content[:200]!r}")
    return found


def sound_body(route: Route, world: dict[str, Any]) -> dict[str, Any]:
    """A body that the call would take, so that only the person can be what is wrong."""
    performed_at = timezone.now() - timedelta(hours=1)
    log = {
        "series": str(world["series"]),
        "performed_at": performed_at.isoformat(),
        "zone": "Asia/Shanghai",
        "as_planned": True,
    }
    entry = {"id": str(uuid4()), "kind": "session_log", "body": log}
    item = {"exercise": "standing-frame", "schedule": {"rule": "times_per_week", "n": 3}}
    if (told := sound_record(route, performed_at.isoformat())) is not None:
        return told
    return {
        "care-relationships": {"user": str(uuid4()), "role": "aide", "scopes": ["manage"]},
        "consents": {"purpose": "sharing", "decision": "granted"},
        "break-glass": {"reason": "on duty"},
        "duty-rota": {"shifts": []},
        "plans": {"title": "Plan", "items": [item]},
        "revise": {"title": "Plan", "items": [item]},
        "hold": {"reason": "pain"},
        "resume": {"note": "seen"},
        "complete": {"reason": "done"},
        "<uuid:log_id>": log,
        "entries": {"entries": [entry]},
        "amend": {"entry": log, "reason": "typing error"},
        "retract": {"reason": "typing error"},
        "merge": {"into": str(uuid4())},
        "adopt": {"note": "it was him"},
        "acknowledge": {"note": "called"},
        "clock": {"zone": "Asia/Tokyo", "confirmed": True},
        "<uuid:contact_point_id>": {"reminders": False},
        "confirm": {"code": "123456"} if "contact-points" in route.pattern else {},
        "absences": {
            "practitioner": str(uuid4()),
            "deputy": str(uuid4()),
            "starts_at": performed_at.isoformat(),
            "ends_at": (performed_at + timedelta(days=7)).isoformat(),
        },
        "nutrition-plan": {"set_by": "Ana Ruiz", "set_on": "2026-10-12", "fluids_ml": 1500},
        "<uuid:note_id>": {"body": "Tighter today."},
        "read": {"ids": []},
        "<uuid:template_id>": {"title": "Call", "text_en": "Please call."},
    }.get(route.pattern.rpartition("/")[2], {})


def sound_record(route: Route, moment: str) -> dict[str, Any] | None:
    """A measurement, a meal or something taken; None for a route about anything else."""
    zone = "Asia/Shanghai"
    result = {"score": "pain", "value": 3, "facts": {"site": "knee", "side": "left"}}
    scored = {"performed_at": moment, "zone": zone, "instrument": "pain_nrs", "results": [result]}
    entry = {
        "assessments": scored,
        "diet-logs": {"performed_at": moment, "zone": zone, "text": "Rice"},
        "substances": {"told_at": moment, "zone": zone, "code": "ginseng"},
    }.get(next(iter(route.pattern.split("/")[4:5]), ""))
    last = route.pattern.rpartition("/")[2]
    if last == "device-imports":
        return {"zone": zone, "sessions": [{"started_at": moment, "minutes": 30}]}
    if entry is None or last == "retract":
        return None
    amends = {"entry": entry, "reason": "typing error"}
    return amends if last == "amend" else {"id": str(uuid4()), **entry}


def test_alices_world_is_there_for_alice(db):
    """Else Charlie's refusals would prove nothing."""
    cast = make_cast()
    world = world_of(cast)
    assert phone_of(cast.alice).get(f"/api/v1/plans/{world['plan_id']}").status_code == 200
    with within_clinics([cast.clinic.pk]):
        assert SafetyFlag.objects.visible_to(cast.dana).filter(pk=world["flag_id"]).exists()
