"""What a patient's readers get of the catalogue: cards for lists, details, and what was hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenCount:
    """How many items were hidden, or lost their advice, for one reason. label: in words.

    reason: allergy:<class>, allergies_unknown, swallowing_unknown, swallowing_level, kidney, drug,
    condition, barred, conflict, not_signed; profile for those who may not see diagnoses.
    """

    reason: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """total: items hidden for one reason or more, each counted once. line: for a screen."""

    total: int
    reasons: Sequence[HiddenCount]
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRecorded:
    """Something nobody has recorded yet: allergies, swallowing, kidney or drugs. Never "none"."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How well it is proven. people: in the best study; detail: what was found."""

    kind: str
    label: str
    people: int | None
    detail: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who has looked at it: the editors, and the clinic by its signature of this wording."""

    last_reviewed: date | None
    reviewed_by: str
    signed_by_clinic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShown:
    """Where it comes from. checked: looked_up or to_verify."""

    source: str
    title: str
    section: str
    section_title: str
    address: str
    checked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BetterEvidence:
    """Later or better evidence that contradicts the document's claim."""

    says: str
    sources: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceCard:
    """advice: null when it is not for this reader or not for this body; withheld: then why.

    because: what the content says about this body's conditions in place of the advice. modality:
    the kind of treatment that it is about, where it is about one.
    """

    slug: str
    name: str
    category: str
    topic: str
    place: str
    taught_by_clinic: bool
    modality: str | None
    advice: str | None
    caution: str | None
    withheld: Sequence[str]
    because: Sequence[str]
    evidence: Grade
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceDetail:
    """claim: what the document says; only beside the advice. The rest of the catalogue that it
    shows is what is fit for this body too."""

    card: GuidanceCard
    claim: str | None
    later_evidence: Sequence[BetterEvidence]
    sources: Sequence[SourceShown]
    exercises: Sequence[Named]
    recipes: Sequence[Named]
    foods: Sequence[Named]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodCard:
    """choking: why it is a high-risk food, null when it is not. textures: IDDSI food levels.

    notices: what is said about it and this person's drugs: for readers who may see the diet.
    """

    code: str
    name: str
    group: str
    role: str
    advice: str | None
    caution: str | None
    choking: str | None
    withheld: Sequence[str]
    because: Sequence[str]
    allergens: Sequence[Named]
    textures: Sequence[int]
    kidney_caution: str | None
    notices: Sequence[str]
    evidence: Grade
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodDetail:
    card: FoodCard
    sources: Sequence[SourceShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeCard:
    """texture: IDDSI food level; drink_level: of what is drunk; mixed: thin liquid with pieces.

    drafted: what of it no source gives and the clinic's signature stands for.
    """

    slug: str
    name: str
    summary: str
    portions: int
    minutes: int
    texture: int
    drink_level: int | None
    mixed: bool
    protein_grams: float | None
    allergens: Sequence[Named]
    drafted: str
    evidence: Grade
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientShown:
    """grams: null is "to taste"; in_source: does the document name it?"""

    food: str
    name: str
    grams: float | None
    note: str | None
    optional: bool
    in_source: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeDetail:
    card: RecipeCard
    ingredients: Sequence[IngredientShown]
    steps: Sequence[str]
    cautions: Sequence[str]
    kidney_caution: str | None
    notices: Sequence[str]
    sources: Sequence[SourceShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseCard:
    """use: plan, record or read; only a clinician puts it into a plan. withheld: why there is
    no instruction."""

    slug: str
    name: str
    summary: str
    modality: str
    motion: str | None
    muscle: str | None
    place: str
    taught_by_clinic: bool
    use: str
    withheld: Sequence[str]
    evidence: Grade
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseDetail:
    """steps, stop_at: in order, written to be heard. cautions stay when the steps do not."""

    card: ExerciseCard
    steps: Sequence[str]
    stop_at: Sequence[str]
    cautions: Sequence[str]
    sources: Sequence[SourceShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidancePage:
    results: Sequence[GuidanceCard]
    hidden: Hidden
    not_recorded: Sequence[NotRecorded]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodPage:
    """notices: what is said about the things that this person takes; a caution, never advice."""

    results: Sequence[FoodCard]
    notices: Sequence[str]
    hidden: Hidden
    not_recorded: Sequence[NotRecorded]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipePage:
    results: Sequence[RecipeCard]
    hidden: Hidden
    not_recorded: Sequence[NotRecorded]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExercisePage:
    results: Sequence[ExerciseCard]
    hidden: Hidden
    not_recorded: Sequence[NotRecorded]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One hit of a search. kind: guidance, exercise, food or recipe; ref: its slug or code."""

    kind: str
    ref: str
    name: str
    excerpt: str
    signed_by_clinic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """query: what was asked for. At most so many of each kind, in the order of the content."""

    query: str
    results: Sequence[Found]
    hidden: Hidden
    not_recorded: Sequence[NotRecorded]
