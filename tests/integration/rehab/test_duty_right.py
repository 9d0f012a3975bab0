"""Whoever answers for the clinic may see what a flag routed to them needs, and nothing more."""

import pytest

from patients.access.decisions import Decision, decide
from patients.models import AuditEvent, Clinic, DutyShift, Practitioner
from patients.models.authority import authority_of
from rehab.actions.recipients import receive_alerts
from tests.contract.client import api_client
from tests.integration.rehab.scenes import flags, local, told
from tests.people import make_post, make_user
from tests.plans import assign, in_detail, shoulder

MORE = (
    "see_conditions", "see_diet", "log_sessions", "manage", "prescribe", "resume", "adopt",
    "read_audit",
)  # fmt: skip


@pytest.fixture
def arm():
    return shoulder("09:00", maximum={})


@pytest.fixture
def frank(cast, arm):
    """On duty this week, and nobody's clinician; Alice's arm hurts on Monday at ten."""
    frank = make_user("frank")
    post = make_post(cast.clinic, frank)
    Clinic.objects.filter(pk=cast.clinic.pk).update(hours={"mon": [["08:00", "17:30"]]})
    assign(cast, arm, at=local(18, 20))
    with cast.inside():
        DutyShift.objects.update(practitioner=post, deputy=cast.danas_post)
    sore = in_detail(arm.series, local(19, 10), {arm.parts[0].part: {"pain": 8}})
    told(cast, sore)
    return frank


def may(cast, who, action, at, patient=None):
    patient_id = (patient or cast.patient).pk
    with cast.inside():
        return decide(authority_of(who, at=at, patient_id=patient_id), patient_id, action, at)


def test_during_duty_the_flag_is_read_and_answered_and_nothing_else_is_open(
    cast, arm, frank, time_machine
):
    time_machine.move_to(local(19, 11), tick=False)
    phone, [flag] = api_client(frank), flags(cast)
    [seen] = phone.get("/api/v1/flags").json()["results"]
    assert (seen["id"], seen["level"], seen["clinic_zone"]) == (
        str(flag.pk), "E1", "Asia/Shanghai",
    )  # fmt: skip
    address = f"/api/v1/patients/{cast.patient.pk}"
    assert phone.get(f"{address}/session-logs/{flag.log_id}").status_code == 200
    for closed in ("profile", "diet-logs", "nutrition-plan", "assessments", "audit"):
        assert phone.get(f"{address}/{closed}").status_code == 403, closed
    for action in MORE:
        assert may(cast, frank, action, local(19, 11)) is Decision.FORBIDDEN, action
    assert may(cast, frank, "see_patient", local(19, 11), cast.charlies_patient) is Decision.HIDDEN

    answered = phone.post(f"/api/v1/flags/{flag.pk}/acknowledge", {"note": "Called her."})

    assert (answered.status_code, answered.json()["acknowledged_by"]) == (200, "Frank")
    assert may(cast, frank, "see_patient", local(19, 11)) is Decision.HIDDEN
    assert phone.get(f"{address}/session-logs/{flag.log_id}").status_code == 404
    assert phone.get("/api/v1/flags", {"state": "all"}).json()["results"] == []
    with cast.inside():
        kinds = AuditEvent.objects.visible_to(cast.alice).values_list("kind", flat=True)
        assert {"duty.open", "duty.end", "flag.acknowledge"} <= set(kinds)


def test_it_ends_with_the_turn_and_with_the_post_and_tells_no_caregiver_anything(cast, frank):
    assert may(cast, frank, "acknowledge", local(19, 19, 59)) is Decision.ALLOWED
    assert may(cast, frank, "acknowledge", local(19, 20)) is Decision.HIDDEN
    assert may(cast, cast.erin, "acknowledge", local(19, 11)) is Decision.FORBIDDEN
    with cast.inside():
        Practitioner.objects.filter(user=frank).update(ended_at=local(19, 12), ended_by=cast.erin)
    assert may(cast, frank, "acknowledge", local(19, 13)) is Decision.HIDDEN
    with cast.inside():
        assert receive_alerts(cast.patient.pk, clinicians=False, at=local(19, 11)) == [cast.bob.pk]
