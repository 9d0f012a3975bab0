"""Reading what an account holds, in one statement, and what it may therefore see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from patients.access.authority import Subject
from patients.access.decisions import Decision, decide
from patients.models import CareRelationship, Consent, Patient
from patients.models.authority import authority_of
from tests.people import BEGAN, make_helper

NOW = BEGAN + timedelta(days=100)


def ready(cast):
    """Each connection prepares these statements when it first needs them."""
    authority_of(cast.bob, at=NOW)
    authority_of(cast.bob, at=NOW, patient_id=cast.patient.pk)


def test_authority_for_one_patient_is_one_statement(cast, django_assert_num_queries):
    ready(cast)
    with cast.inside(), django_assert_num_queries(1):
        bob = authority_of(cast.bob, at=NOW, patient_id=cast.patient.pk)
    assert [relation.role for relation in bob.relations] == ["caregiver"]
    assert bob.subject == Subject(cast.patient.pk, cast.clinic.pk)


def test_authority_for_everybody_is_one_statement(cast, django_assert_num_queries):
    ready(cast)
    with cast.inside(), django_assert_num_queries(1):
        dana = authority_of(cast.dana, at=NOW)
    assert dana.practises_in(cast.clinic.pk, NOW)
    assert decide(dana, cast.patient.pk, "prescribe", NOW) is Decision.ALLOWED


def test_alice_owns_her_record(cast):
    with cast.inside():
        assert authority_of(cast.alice, at=NOW).own_patient_ids == {cast.patient.pk}
        alone = authority_of(cast.alice, at=NOW, patient_id=cast.patient.pk)
    assert alone.own_patient_ids == {cast.patient.pk}


def test_ended_relationship_is_kept_for_one_patient_and_left_out_for_everybody(cast):
    with cast.inside():
        CareRelationship.objects.filter(pk=cast.bobs_relationship.pk).update(
            ended_at=NOW - timedelta(days=1), ended_by=cast.alice
        )
        assert authority_of(cast.bob, at=NOW).relations == ()
        assert authority_of(cast.bob, at=NOW, patient_id=cast.patient.pk).relations


def test_outside_the_wall_nobody_holds_anything(cast):
    alice = authority_of(cast.alice, at=NOW, patient_id=cast.patient.pk)
    assert decide(alice, cast.patient.pk, "see_patient", NOW) is Decision.HIDDEN


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("alice", {"Alice"}),
        ("bob", {"Alice"}),
        ("charlie", {"Carol"}),
        ("dana", {"Alice"}),
        ("erin", {"Alice", "Carol"}),
        ("olga", set()),
    ],
)
def test_each_sees_their_own_patients_only(cast, who, names):
    with cast.inside():
        seen = Patient.objects.visible_to(getattr(cast, who), at=NOW)
        assert {patient.name for patient in seen} == names


def test_visible_to_is_two_statements_and_no_join(cast, django_assert_num_queries):
    ready(cast)
    with cast.inside(), django_assert_num_queries(2):
        rows = Consent.objects.visible_to(cast.erin, at=NOW)
        list(rows)
    assert "JOIN" not in str(rows.query)


def test_scope_narrows_what_is_visible(cast):
    with cast.inside():
        seen = Patient.objects.visible_to(cast.bob, scope="see_diet", at=NOW)
        assert not seen.exists()


def test_helper_sees_their_own_relationship_and_not_the_others(cast):
    with cast.inside():
        make_helper(cast.charlies_patient, cast.bob)
        mine = CareRelationship.objects.visible_to(cast.bob, at=NOW)
        assert {row.user_id for row in mine} == {cast.bob.pk}
        hers = CareRelationship.objects.visible_to(cast.alice, at=NOW)
        assert {row.user_id for row in hers} == {cast.bob.pk, cast.dana.pk}


def test_practises_while_the_post_runs(cast):
    now = timezone.now()
    assert cast.dana.practises(now)
    assert cast.erin.is_coordinator(now)
    assert not cast.dana.is_coordinator(now)
    assert not cast.bob.practises(now)
    assert not cast.dana.practises(BEGAN - timedelta(seconds=1))
