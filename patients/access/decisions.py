"""May this person do that for this patient, at that moment?"""

from datetime import datetime
from enum import Enum
from uuid import UUID

from django.db.models import Q

from patients.access.authority import Authority
from patients.domain.errors import NotAllowed, NotVisible
from patients.domain.roles import ANY_SCOPE, COORDINATOR_SCOPES, Scope


class Decision(Enum):
    ALLOWED = 200
    FORBIDDEN = 403
    HIDDEN = 404


# Only a clinician of the patient, holding a running post, may do these.
CLINICIAN_ACTIONS = frozenset({"prescribe", "resume"})
# These too, and whoever was told of a flag while answering for the clinic.
ANSWERING_ACTIONS = frozenset({"acknowledge"})
# Only a coordinator of the patient's clinic may do these.
COORDINATOR_ACTIONS = frozenset({"adopt"})
# Whoever logs, and a coordinator: they are asked whether two people told one session.
SHARED_ACTIONS = frozenset({"settle_duplicate"})
# Everything else asks for a scope; an action that is a scope's own name asks for that scope.
SCOPE_OF_ACTION = {
    **{scope.value: scope.value for scope in Scope},
    "edit_patient": Scope.MANAGE.value,
    "invite": Scope.MANAGE.value,
    "end_relationship": Scope.MANAGE.value,
    "record_consent": Scope.MANAGE.value,
    "read_audit": Scope.MANAGE.value,
}


def decide(authority: Authority, patient_id: UUID, action: str, at: datetime) -> Decision:
    """Judge one action for one patient; an unknown action is a KeyError.

    "see_patient" asks for no scope in particular: whoever holds any knows the patient is there.

    `authority` must have been asked about this patient, or a coordinator's post is not matched.
    """
    scopes = authority.scopes_for(patient_id, at)
    if not scopes:
        return Decision.HIDDEN
    if action == "see_patient":
        return Decision.ALLOWED
    if action in CLINICIAN_ACTIONS:
        allowed = authority.is_clinician_of(patient_id, at)
    elif action in ANSWERING_ACTIONS:
        allowed = authority.is_clinician_of(patient_id, at) or authority.answers_on_duty(
            patient_id, at
        )
    elif action in SHARED_ACTIONS:
        allowed = Scope.LOG_SESSIONS in scopes or authority.coordinates(patient_id, at)
    elif action in COORDINATOR_ACTIONS:
        allowed = authority.coordinates(patient_id, at)
    else:
        allowed = SCOPE_OF_ACTION[action] in scopes
    return Decision.ALLOWED if allowed else Decision.FORBIDDEN


def decide_in_clinic(
    authority: Authority, clinic_id: UUID, at: datetime, *, coordinator: bool
) -> Decision:
    """Judge something done in a clinic and for no single patient."""
    if not authority.practises_in(clinic_id, at):
        return Decision.HIDDEN
    if coordinator and clinic_id not in authority.coordinated_clinics(at):
        return Decision.FORBIDDEN
    return Decision.ALLOWED


def require(decision: Decision) -> None:
    """Raise the named error of a decision that does not allow."""
    if decision is Decision.HIDDEN:
        raise NotVisible
    if decision is Decision.FORBIDDEN:
        raise NotAllowed


def patients_with(authority: Authority, scope: str, at: datetime) -> frozenset[UUID]:
    """The patients this account holds a scope for by name: its own and its relationships.

    A coordinator's whole clinic is not listed here; `through` adds it as a condition.
    """
    return authority.own_patient_ids | {
        relation.patient_id
        for relation in authority.relations
        if (scope == ANY_SCOPE or scope in relation.scopes) and authority.covers(relation, at)
    }


def through(path: str, authority: Authority, scope: str, at: datetime) -> Q:
    """The rows whose patient, found along `path`, this account holds a scope for.

    `path` is how the queryset's model names its patient ("patient", "plan__patient"), or "" for
    patients themselves. The clinic is read beside the patient, so that no join is added.
    """
    prefix, _, name = path.rpartition("__")
    beside = f"{prefix}__" if prefix else ""
    patient_column = f"{beside}{name}_id" if name else "id"
    rows = Q(**{f"{patient_column}__in": patients_with(authority, scope, at)})
    clinics = authority.coordinated_clinics(at)
    if clinics and (scope == ANY_SCOPE or scope in COORDINATOR_SCOPES):
        rows |= Q(**{f"{beside}clinic_id__in": clinics})
    return rows
