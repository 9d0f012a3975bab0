from .amendment import RecordChange, RecordStatus
from .assessment import Assessment, AssessmentAmendment
from .calendar import CalendarFeed
from .care_note import CareNote, CareNoteReading, NoteReaders, NoteTemplate
from .departure import Departure
from .diet import DietLog, DietLogAmendment
from .flag import EscalationStep, FlagLevel, SafetyFlag
from .item import ItemKind, Pause, PlanItem, PlanPart, Side, ZonePolicy
from .nutrition import NutritionPlan
from .occurrence import ItemDay, Occurrence, OccurrenceState, ZoneChange
from .operations import DeadLetter, UncomputedPlan
from .plan import GateOverride, Plan, PlanStatus, PlanStatusChange, PlanVersion
from .profile import Answer, ClinicalProfile
from .reminder import Delivery, DeliveryOutcome, Reminder, ReminderKind
from .sealed import SealedPush
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
from .substance import TakenSubstance, TakenSubstanceAmendment
from .tally import DeliveryTally

__all__ = [
    "AmendmentKind",
    "Answer",
    "Assessment",
    "AssessmentAmendment",
    "CalendarFeed",
    "CareNote",
    "CareNoteReading",
    "ClinicalProfile",
    "ContentSignature",
    "DeadLetter",
    "Delivery",
    "DeliveryOutcome",
    "DeliveryTally",
    "Departure",
    "DietLog",
    "DietLogAmendment",
    "Entry",
    "EscalationStep",
    "FlagLevel",
    "GateOverride",
    "ItemDay",
    "ItemKind",
    "LogStatus",
    "Mark",
    "NoteReaders",
    "NoteTemplate",
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
    "RecordChange",
    "RecordStatus",
    "Reminder",
    "ReminderKind",
    "SafetyFlag",
    "SealedPush",
    "SessionAmendment",
    "SessionLog",
    "Side",
    "SignedKind",
    "TakenSubstance",
    "TakenSubstanceAmendment",
    "UncomputedPlan",
    "ZoneChange",
    "ZonePolicy",
]
