"""The catalogue as tables; filled from the YAML sheets by `manage.py load_content` only."""

from exercises.models.conflict import Conflict, ConflictSide
from exercises.models.diet import Allergen, Food, Recipe, RecipeIngredient
from exercises.models.exercise import Exercise
from exercises.models.guidance import Guidance, TimeWindow
from exercises.models.instrument import Instrument
from exercises.models.protocol import Protocol, ProtocolItem, ProtocolPart
from exercises.models.safety import Contraindication, Precaution
from exercises.models.source import Source, SourceSection
from exercises.models.substance import Interaction, Substance
from exercises.models.terms import Condition, DoseField, Modality, Motion, Muscle
from exercises.models.version import ContentVersion

__all__ = [
    "Allergen",
    "Condition",
    "Conflict",
    "ConflictSide",
    "ContentVersion",
    "Contraindication",
    "DoseField",
    "Exercise",
    "Food",
    "Guidance",
    "Instrument",
    "Interaction",
    "Modality",
    "Motion",
    "Muscle",
    "Precaution",
    "Protocol",
    "ProtocolItem",
    "ProtocolPart",
    "Recipe",
    "RecipeIngredient",
    "Source",
    "SourceSection",
    "Substance",
    "TimeWindow",
]
