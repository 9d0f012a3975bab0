"""Judging what arrives late: by who the author was when the thing was done."""

from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from patients.access.authority import Authority, Relation
from patients.domain.roles import ROLES_OF_A_POST, Scope

UPLOAD_ONLY = timedelta(days=14)


class Upload(Enum):
    ACCEPTED = "accepted"
    RECEIVED_AFTER_ACCESS = "received_after_access"
    QUARANTINED = "quarantined"
    FORBIDDEN = "forbidden"
    HIDDEN = "hidden"


def judge_upload(
    authority: Authority, patient_id: UUID, performed_at: datetime, now: datetime
) -> Upload:
    """Judge a log typed about `performed_at` and received `now`.

    Covered then and now: accepted. Covered then, ended since: accepted and marked. Not covered
    then: quarantined for a coordinator. A former member may upload for 14 days after the end,
    then is a stranger again. Whoever sees the patient but never could log is forbidden.
    """
    if patient_id in authority.own_patient_ids:
        return Upload.ACCEPTED
    logging = [r for r in authority.relations_to(patient_id) if Scope.LOG_SESSIONS in r.scopes]
    covered_now = any(authority.covers(relation, now) for relation in logging)
    covered_then = any(authority.covers(relation, performed_at) for relation in logging)
    if covered_now:
        return Upload.ACCEPTED if covered_then else Upload.QUARANTINED
    if any(_recently_ended(authority, relation, now) for relation in logging):
        return Upload.RECEIVED_AFTER_ACCESS if covered_then else Upload.QUARANTINED
    return Upload.FORBIDDEN if authority.scopes_for(patient_id, now) else Upload.HIDDEN


def left_recently(authority: Authority, patient_id: UUID, now: datetime) -> bool:
    """Tell whether this account lost its access to a patient within the last 14 days."""
    return any(
        _recently_ended(authority, relation, now) for relation in authority.relations_to(patient_id)
    )


def _recently_ended(authority: Authority, relation: Relation, now: datetime) -> bool:
    ended_at = _end_of_rights(authority, relation)
    return ended_at is not None and relation.starts_at <= ended_at <= now < ended_at + UPLOAD_ONLY


def _end_of_rights(authority: Authority, relation: Relation) -> datetime | None:
    """When a relationship stopped carrying rights: its own end or, before it, the last post's."""
    if relation.role not in ROLES_OF_A_POST:
        return relation.ended_at
    ends = [post.ended_at for post in authority.posts if post.clinic_id == relation.clinic_id]
    if not ends:
        return None
    if None in ends:
        return relation.ended_at
    left_at = max(end for end in ends if end is not None)
    return left_at if relation.ended_at is None else min(left_at, relation.ended_at)
