"""News that only those may know who may see conditions: nobody else reads it, or loses it."""

from dataclasses import replace
from uuid import uuid4

import pytest

from rehab.actions.corrections import amend_session
from tests.integration.api.scenes import get
from tests.integration.rehab.scenes import local, log_of, told
from tests.plans import as_planned, assign, fes, shoulder

AT = local(19, 9)


@pytest.fixture
def arm():
    return shoulder()


@pytest.fixture
def logged(cast, arm):
    """Alice says that she is pregnant, and that she fell."""
    assign(cast, arm, fes(), at=local(18, 20))
    log_id, entry = uuid4(), as_planned(arm.series, AT, symptoms=("newly_pregnant", "fall"))
    told(cast, entry, by=cast.alice, log_id=log_id)
    return log_id, entry


@pytest.mark.parametrize(("who", "reads"), [("bob", False), ("dana", True), ("alice", True)])
def test_news_are_read_by_those_alone_who_may_see_conditions(cast, logged, who, reads):
    base = f"/api/v1/patients/{cast.patient.pk}"
    for path in (f"session-logs/{logged[0]}", "session-logs", "changes", "today", "offline"):
        answer = get(getattr(cast, who), f"{base}/{path}", AT)
        assert answer.status_code == 200
        body = answer.json()
        body.pop("rules", None), body.pop("vocabulary", None)
        told_here = path.startswith("session-logs") or path == "changes"
        assert ("newly_pregnant" in str(body)) is (reads and told_here), path
    assert "fall" in str(get(getattr(cast, who), f"{base}/session-logs", AT).json())


def test_flags_of_news_say_why_to_those_alone(cast, logged):
    for who, knows in (("bob", False), ("dana", True)):
        found = get(getattr(cast, who), "/api/v1/flags", AT).json()["results"]
        (news,) = [each for each in found if each["rule"] == "private-news"]
        assert ("newly_pregnant" in str(news)) is knows
        assert "pregnan" not in news["text"].lower()


def test_a_correction_by_somebody_who_cannot_see_the_news_keeps_them(cast, logged):
    log_id, entry = logged
    amend_session(
        by=cast.bob,
        at=local(19, 10),
        patient_id=cast.patient.pk,
        log_id=log_id,
        entry=replace(entry, symptoms=("fall", "fever"), note="Better after lunch."),
        reason="Forgot the fever.",
    )
    kept = log_of(cast, log_id).details["symptoms"]
    assert kept == ["newly_pregnant", "fall", "fever"]
    said = get(cast.bob, f"/api/v1/patients/{cast.patient.pk}/session-logs/{log_id}", AT).json()
    assert "newly_pregnant" not in str(said), "not in the earlier version either"


def test_whoever_sees_the_news_may_take_them_back(cast, logged):
    log_id, entry = logged
    amend_session(
        by=cast.alice,
        at=local(19, 10),
        patient_id=cast.patient.pk,
        log_id=log_id,
        entry=replace(entry, symptoms=("fall",)),
        reason="A mistake.",
    )
    assert log_of(cast, log_id).details["symptoms"] == ["fall"]
