"""The words for who someone is to a patient and what they may do."""

from enum import StrEnum


class Role(StrEnum):
    """duty: whoever answers for the clinic and was told of a flag; nobody is invited as that."""

    CAREGIVER = "caregiver"
    AIDE = "aide"
    GUARDIAN = "guardian"
    CLINICIAN = "clinician"
    DUTY = "duty"


class Scope(StrEnum):
    SEE_SESSIONS = "see_sessions"
    LOG_SESSIONS = "log_sessions"
    SEE_CONDITIONS = "see_conditions"
    SEE_DIET = "see_diet"
    RECEIVE_ALERTS = "receive_alerts"
    MANAGE = "manage"


class Purpose(StrEnum):
    """What a patient consents to, each by itself."""

    CARE_RECORD = "care_record"
    SHARING = "sharing"
    REMINDERS = "reminders"
    RESEARCH = "research"


class ConsentDecision(StrEnum):
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"
    WEBHOOK = "webhook"


ALL_SCOPES: frozenset[str] = frozenset(Scope)

# Asks for no scope in particular: whoever holds any of them.
ANY_SCOPE = "any"

# What answering a flag needs: the flag, and the sessions that it is about. No diagnosis, no diet,
# nothing to write; for more the glass is broken, with a reason.
DUTY_SCOPES: frozenset[str] = frozenset({Scope.SEE_SESSIONS, Scope.RECEIVE_ALERTS})
# Roles that rest on a post in the clinic: they end with it.
ROLES_OF_A_POST: frozenset[str] = frozenset({Role.CLINICIAN, Role.DUTY})

# A coordinator arranges care for everybody in the clinic, and reads no diagnosis for it.
COORDINATOR_SCOPES: frozenset[str] = frozenset({Scope.SEE_SESSIONS, Scope.MANAGE})
