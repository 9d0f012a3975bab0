"""The catalogue as tables; filled from the YAML sheets by `manage.py load_content` only."""

from exercises.models.exercise import Exercise
from exercises.models.protocol import Protocol, ProtocolItem, ProtocolPart
from exercises.models.safety import Contraindication, Precaution
from exercises.models.source import Source, SourceSection
from exercises.models.terms import Condition, DoseField, Modality, Motion, Muscle
from exercises.models.version import ContentVersion

__all__ = [
    "Condition",
    "ContentVersion",
    "Contraindication",
    "DoseField",
    "Exercise",
    "Modality",
    "Motion",
    "Muscle",
    "Precaution",
    "Protocol",
    "ProtocolItem",
    "ProtocolPart",
    "Source",
    "SourceSection",
]
