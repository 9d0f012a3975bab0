from .calendar import CalendarFeed
from .flag import EscalationStep, FlagLevel, SafetyFlag
from .item import ItemKind, Pause, PlanItem, PlanPart, Side, ZonePolicy
from .nutrition import NutritionPlan
from .occurrence import ItemDay, Occurrence, OccurrenceState, ZoneChange
from .plan import GateOverride, Plan, PlanStatus, PlanStatusChange, PlanVersion
from .profile import Answer, ClinicalProfile
from .reminder import Delivery, DeliveryOutcome, Reminder, ReminderKind
from .session import (
    AmendmentKind,
    Entry,
    LogStatus,
    Mark,
    OffPlanEvent,
    Outcome,
    Performer,
    Placement,
    SessionAmendment,
    SessionLog,
)
from .signature import ContentSignature, SignedKind

__all__ = [
    "AmendmentKind",
    "Answer",
    "CalendarFeed",
    "ClinicalProfile",
    "ContentSignature",
    "Delivery",
    "DeliveryOutcome",
    "Entry",
    "EscalationStep",
    "FlagLevel",
    "GateOverride",
    "ItemDay",
    "ItemKind",
    "LogStatus",
    "Mark",
    "NutritionPlan",
    "Occurrence",
    "OccurrenceState",
    "OffPlanEvent",
    "Outcome",
    "Pause",
    "Performer",
    "Placement",
    "Plan",
    "PlanItem",
    "PlanPart",
    "PlanStatus",
    "PlanStatusChange",
    "PlanVersion",
    "Reminder",
    "ReminderKind",
    "SafetyFlag",
    "SessionAmendment",
    "SessionLog",
    "Side",
    "SignedKind",
    "ZoneChange",
    "ZonePolicy",
]
