"""May this be told now, about then? Judged by who the author was when it happened."""

from datetime import datetime
from uuid import UUID

from patients.access.authority import Authority
from patients.access.decisions import Decision, require
from patients.access.uploads import Upload, judge_upload


def require_upload(
    authority: Authority, patient_id: UUID, happened_at: datetime, *, at: datetime
) -> Upload:
    """Return how an upload is taken in; NotVisible and NotAllowed as `patients.access` says.

    What cannot wait in quarantine needs access at the time it happened.
    """
    upload = judge_upload(authority, patient_id, happened_at, at)
    if upload is Upload.HIDDEN:
        require(Decision.HIDDEN)
    if upload in (Upload.FORBIDDEN, Upload.QUARANTINED):
        require(Decision.FORBIDDEN)
    return upload
