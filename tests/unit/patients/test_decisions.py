"""Who may do what for which patient, from a frozen authority."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Q

from patients.access.authority import Authority, Post, Relation, Subject
from patients.access.decisions import (
    Decision,
    decide,
    decide_in_clinic,
    patients_with,
    require,
    through,
)
from patients.domain.errors import NotAllowed, NotVisible
from patients.domain.roles import ALL_SCOPES, ANY_SCOPE, Role, Scope

NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)
DAY = timedelta(days=1)
ALICE, CAROL = uuid4(), uuid4()
CLINIC, OTHER_CLINIC = uuid4(), uuid4()


def relation(role=Role.CAREGIVER, scopes=(Scope.SEE_SESSIONS,), *, since=-30, until=None):
    return Relation(
        ALICE,
        CLINIC,
        role,
        frozenset(scopes),
        NOW + since * DAY,
        None if until is None else NOW + until * DAY,
    )


def post(*, coordinator=False, clinic=CLINIC, since=-30, until=None):
    ended_at = None if until is None else NOW + until * DAY
    return Post(clinic, coordinator, NOW + since * DAY, ended_at)


def authority(*relations, posts=(), own=(), subject=None):
    return Authority(uuid4(), frozenset(own), relations, tuple(posts), subject)


def test_stranger_does_not_learn_that_a_patient_exists():
    assert decide(authority(), ALICE, "see_patient", NOW) is Decision.HIDDEN


def test_alice_holds_every_scope_for_herself():
    alice = authority(own=[ALICE])
    assert all(decide(alice, ALICE, scope, NOW) is Decision.ALLOWED for scope in Scope)


@pytest.mark.parametrize("action", ["prescribe", "resume", "acknowledge", "adopt"])
def test_alice_cannot_decide_clinically_about_herself(action):
    assert decide(authority(own=[ALICE]), ALICE, action, NOW) is Decision.FORBIDDEN


def test_caregiver_without_the_scope_is_forbidden_and_not_hidden():
    bob = authority(relation(scopes=[Scope.SEE_SESSIONS]))
    assert decide(bob, ALICE, "see_sessions", NOW) is Decision.ALLOWED
    assert decide(bob, ALICE, "log_sessions", NOW) is Decision.FORBIDDEN


def test_relationship_holds_from_its_start_to_just_before_its_end():
    bob = authority(relation(since=0, until=1))
    just_before = timedelta(microseconds=1)
    assert decide(bob, ALICE, "see_sessions", NOW - just_before) is Decision.HIDDEN
    assert decide(bob, ALICE, "see_sessions", NOW) is Decision.ALLOWED
    assert decide(bob, ALICE, "see_sessions", NOW + DAY - just_before) is Decision.ALLOWED
    assert decide(bob, ALICE, "see_sessions", NOW + DAY) is Decision.HIDDEN


def test_clinician_with_a_post_may_prescribe():
    dana = authority(relation(Role.CLINICIAN, ALL_SCOPES), posts=[post()])
    assert decide(dana, ALICE, "prescribe", NOW) is Decision.ALLOWED


@pytest.mark.parametrize("posts", [[], [post(until=-1)], [post(clinic=OTHER_CLINIC)]])
def test_clinician_without_a_running_post_in_the_clinic_sees_nobody(posts):
    dana = authority(relation(Role.CLINICIAN, ALL_SCOPES), posts=posts)
    assert decide(dana, ALICE, "see_patient", NOW) is Decision.HIDDEN


def test_guardian_with_every_scope_may_not_prescribe():
    guardian = authority(relation(Role.GUARDIAN, ALL_SCOPES))
    assert decide(guardian, ALICE, "manage", NOW) is Decision.ALLOWED
    assert decide(guardian, ALICE, "prescribe", NOW) is Decision.FORBIDDEN


def test_coordinator_manages_the_clinics_patients_and_reads_no_diagnosis():
    erin = authority(posts=[post(coordinator=True)], subject=Subject(ALICE, CLINIC))
    assert decide(erin, ALICE, "manage", NOW) is Decision.ALLOWED
    assert decide(erin, ALICE, "adopt", NOW) is Decision.ALLOWED
    assert decide(erin, ALICE, "see_conditions", NOW) is Decision.FORBIDDEN
    assert decide(erin, ALICE, "prescribe", NOW) is Decision.FORBIDDEN


def test_coordinator_of_another_clinic_sees_nobody_here():
    olga = authority(
        posts=[post(coordinator=True, clinic=OTHER_CLINIC)], subject=Subject(ALICE, CLINIC)
    )
    assert decide(olga, ALICE, "see_patient", NOW) is Decision.HIDDEN


def test_colleague_without_a_relationship_sees_nobody():
    colleague = authority(posts=[post()], subject=Subject(ALICE, CLINIC))
    assert decide(colleague, ALICE, "see_patient", NOW) is Decision.HIDDEN


def test_unknown_action_is_a_programming_error():
    with pytest.raises(KeyError):
        decide(authority(own=[ALICE]), ALICE, "fly", NOW)


def test_in_a_clinic_a_post_is_needed_and_for_some_things_the_coordinators():
    dana, erin = authority(posts=[post()]), authority(posts=[post(coordinator=True)])
    nobody = authority()
    assert decide_in_clinic(nobody, CLINIC, NOW, coordinator=False) is Decision.HIDDEN
    assert decide_in_clinic(dana, CLINIC, NOW, coordinator=False) is Decision.ALLOWED
    assert decide_in_clinic(dana, CLINIC, NOW, coordinator=True) is Decision.FORBIDDEN
    assert decide_in_clinic(erin, CLINIC, NOW, coordinator=True) is Decision.ALLOWED


def test_a_refusal_becomes_its_named_error():
    require(Decision.ALLOWED)
    with pytest.raises(NotVisible):
        require(Decision.HIDDEN)
    with pytest.raises(NotAllowed):
        require(Decision.FORBIDDEN)


def test_patients_with_a_scope_are_ones_own_and_those_of_running_relationships():
    bob = authority(relation(scopes=[Scope.SEE_SESSIONS]), own=[CAROL])
    assert patients_with(bob, Scope.SEE_SESSIONS, NOW) == {ALICE, CAROL}
    assert patients_with(bob, Scope.SEE_DIET, NOW) == {CAROL}
    assert patients_with(bob, ANY_SCOPE, NOW) == {ALICE, CAROL}


@pytest.mark.parametrize(
    ("path", "patient_column", "clinic_column"),
    [
        ("", "id__in", "clinic_id__in"),
        ("patient", "patient_id__in", "clinic_id__in"),
        ("plan__patient", "plan__patient_id__in", "plan__clinic_id__in"),
    ],
)
def test_rows_are_found_through_the_patient_and_the_clinic_beside_it(
    path, patient_column, clinic_column
):
    erin = authority(relation(), posts=[post(coordinator=True)])
    named = Q(**{patient_column: frozenset({ALICE})})
    coordinated = Q(**{clinic_column: frozenset({CLINIC})})
    assert through(path, erin, Scope.SEE_SESSIONS, NOW) == named | coordinated
    assert through(path, erin, Scope.SEE_DIET, NOW) == Q(**{patient_column: frozenset()})
