"""What arrives late is judged by who its author was when the thing was done."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from patients.access.authority import Authority, Post, Relation, Subject
from patients.access.uploads import Upload, judge_upload
from patients.domain.roles import ALL_SCOPES, Role, Scope

NOW = datetime(2026, 10, 9, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PATIENT, CLINIC = uuid4(), uuid4()


def helper(*, since, until=None, scopes=(Scope.SEE_SESSIONS, Scope.LOG_SESSIONS)):
    ended_at = None if until is None else NOW + until * DAY
    relation = Relation(PATIENT, CLINIC, Role.AIDE, frozenset(scopes), NOW + since * DAY, ended_at)
    return Authority(uuid4(), relations=(relation,))


def judge(authority, *, days_ago):
    return judge_upload(authority, PATIENT, NOW - days_ago * DAY, NOW)


def test_caregiver_covered_then_and_now_is_accepted():
    assert judge(helper(since=-30), days_ago=2) is Upload.ACCEPTED


def test_tom_whose_access_ended_after_the_session_is_received_after_access():
    assert judge(helper(since=-30, until=-1), days_ago=2) is Upload.RECEIVED_AFTER_ACCESS


def test_tom_whose_access_ended_before_the_session_is_quarantined():
    assert judge(helper(since=-30, until=-2), days_ago=1) is Upload.QUARANTINED


def test_session_done_at_the_very_moment_of_the_end_is_quarantined():
    assert judge(helper(since=-30, until=-2), days_ago=2) is Upload.QUARANTINED


def test_session_from_before_the_relationship_is_quarantined():
    assert judge(helper(since=-1), days_ago=2) is Upload.QUARANTINED


@pytest.mark.parametrize(
    ("ended_days_ago", "verdict"),
    [(13.99, Upload.RECEIVED_AFTER_ACCESS), (14, Upload.HIDDEN), (40, Upload.HIDDEN)],
)
def test_former_member_may_upload_for_fourteen_days(ended_days_ago, verdict):
    tom = helper(since=-90, until=-ended_days_ago)
    assert judge(tom, days_ago=ended_days_ago + 1) is verdict


def test_who_may_see_but_never_log_is_forbidden():
    assert judge(helper(since=-30, scopes=[Scope.SEE_SESSIONS]), days_ago=1) is Upload.FORBIDDEN


def test_former_member_who_could_never_log_is_a_stranger():
    watcher = helper(since=-30, until=-1, scopes=[Scope.SEE_SESSIONS])
    assert judge(watcher, days_ago=2) is Upload.HIDDEN


def test_charlie_is_a_stranger():
    assert judge(Authority(uuid4()), days_ago=1) is Upload.HIDDEN


def test_alice_is_always_accepted():
    assert judge(Authority(uuid4(), frozenset({PATIENT})), days_ago=400) is Upload.ACCEPTED


def test_coordinator_sees_the_patient_and_logs_nothing():
    erin = Authority(
        uuid4(),
        posts=(Post(CLINIC, True, NOW - 90 * DAY, None),),
        subject=Subject(PATIENT, CLINIC),
    )
    assert judge(erin, days_ago=1) is Upload.FORBIDDEN


def clinician(*, left_days_ago, related_until=None):
    ended_at = None if related_until is None else NOW + related_until * DAY
    relation = Relation(PATIENT, CLINIC, Role.CLINICIAN, ALL_SCOPES, NOW - 90 * DAY, ended_at)
    left_at = None if left_days_ago is None else NOW - left_days_ago * DAY
    post = Post(CLINIC, False, NOW - 90 * DAY, left_at)
    return Authority(uuid4(), relations=(relation,), posts=(post,))


def test_clinician_who_left_the_clinic_is_a_former_member_from_that_day():
    assert judge(clinician(left_days_ago=3), days_ago=4) is Upload.RECEIVED_AFTER_ACCESS
    assert judge(clinician(left_days_ago=3), days_ago=2) is Upload.QUARANTINED
    assert judge(clinician(left_days_ago=15), days_ago=16) is Upload.HIDDEN


def test_clinician_whose_relationship_ended_stays_colleague_and_becomes_former_member():
    dana = clinician(left_days_ago=None, related_until=-2)
    assert judge(dana, days_ago=3) is Upload.RECEIVED_AFTER_ACCESS


def test_clinician_without_any_post_is_a_stranger():
    relation = Relation(PATIENT, CLINIC, Role.CLINICIAN, ALL_SCOPES, NOW - 90 * DAY, None)
    assert judge(Authority(uuid4(), relations=(relation,)), days_ago=1) is Upload.HIDDEN
