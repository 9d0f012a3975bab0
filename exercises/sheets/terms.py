"""Structs for the terms that exercises, plans and logs are written in.

Every limit here is a *recording* limit (what may be typed), never a treatment limit; each
carries its source and the role that owns it. Angles are degrees by the neutral-zero method.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

Language = Literal["zh-Hans", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-Hans", "en")
Words = Annotated[str, msgspec.Meta(min_length=1)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Physics = Literal["intact", "denervated"]


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every struct read from YAML: frozen, and a misspelt key is an error."""


class Text(Sheet, frozen=True, rename={"zh_hans": "zh-Hans"}):
    """The same words in both languages; reads like a mapping (`text["en"]`)."""

    zh_hans: Words
    en: Words

    def __getitem__(self, language: str) -> str:
        return {"zh-Hans": self.zh_hans, "en": self.en}[language]

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def keys(self) -> tuple[Language, ...]:
        return LANGUAGES


class Sourced(Sheet, frozen=True, kw_only=True):
    """Where a number comes from and which role answers for it."""

    source: Words
    owner: Words


class DoseField(Sourced, frozen=True, kw_only=True):
    """A number in a dose or a log: unit, hard range (refuse), soft range (ask), step.

    `likely` lists what a mistyped value usually means ("factor 10", "sign", "pounds").
    `soft_over_plan_percent`: ask when the value exceeds the plan's own by more than this.
    """

    code: Code
    labels: Text
    unit: str
    role: Literal["dose", "delivered", "observation"]
    hard_min: float
    hard_max: float
    soft_min: float | None = None
    soft_max: float | None = None
    soft_over_plan_percent: float | None = None
    step: float
    integer: bool = False
    likely: tuple[str, ...] = ()


class Choice(Sheet, frozen=True, kw_only=True):
    code: Code
    labels: Text


class ChoiceField(Sheet, frozen=True, kw_only=True):
    """A closed list to pick from; "not recorded" is the absence of an answer, never a choice."""

    code: Code
    labels: Text
    choices: tuple[Choice, ...]
    clinicians_only: bool = False


class Motion(Sourced, frozen=True, kw_only=True):
    """One movement of one joint. `normal_degrees` is for clinicians and range checks only."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[a-z_0-9]+\.[a-z_0-9]+$")]
    joint: Code
    motion: Code
    joint_labels: Text
    motion_labels: Text
    labels: Text
    region: Literal["arm", "hand", "leg", "foot", "neck"]
    normal_degrees: float
    hard_min_degrees: float
    hard_max_degrees: float
    paired_sides: bool = True
    needs_teaching: bool = False
    needs_teaching_above_degrees: float | None = None


class Muscle(Sheet, frozen=True, kw_only=True):
    code: Code
    labels: Text
    region: Literal["trunk", "arm", "hand", "leg", "foot"]
    nerve: Text
    paired_sides: bool = True


class LimitChange(Sourced, frozen=True, kw_only=True):
    """What one modality changes about a field's ranges."""

    hard_min: float | None = None
    hard_max: float | None = None
    soft_min: float | None = None
    soft_max: float | None = None


class FieldUse(Sheet, frozen=True, kw_only=True):
    """How one modality uses one field: in a prescription, in a log, per part or per session."""

    code: Code
    prescribe: Literal["required", "allowed", "no"] = "no"
    log: bool = True
    per: Literal["part", "session"] = "part"
    maximum: bool = False


class Modality(Sheet, frozen=True, kw_only=True):
    code: Code
    labels: Text
    kind: Literal["training", "care"]
    physics: Physics | None
    part_kind: Literal["motion", "muscle", "whole"]
    fields: tuple[FieldUse, ...]
    choice_fields: tuple[Code, ...] = ()
    limits: dict[Code, LimitChange] = {}
    gate_questions: tuple[Code, ...] = ()
    gate_questions_where_insensate: tuple[Code, ...] = ()
    skin_matters: bool
    pressure_matters: bool

    @property
    def prescription_required(self) -> frozenset[str]:
        return frozenset(use.code for use in self.fields if use.prescribe == "required")

    @property
    def prescription_allowed(self) -> frozenset[str]:
        return frozenset(use.code for use in self.fields if use.prescribe != "no")

    @property
    def logging_allowed(self) -> frozenset[str]:
        return frozenset(use.code for use in self.fields if use.log)

    @property
    def maximum_allowed(self) -> frozenset[str]:
        """Fields for which a plan part may carry a maximum beside its target."""
        return frozenset(use.code for use in self.fields if use.maximum)

    @property
    def session_fields(self) -> frozenset[str]:
        """Fields recorded once per session, not once per part."""
        return frozenset(use.code for use in self.fields if use.per == "session")


class Answer(Sheet, frozen=True, kw_only=True):
    """`starts`: may training go on after this answer?"""

    code: Code
    labels: Text
    starts: bool


class GateQuestion(Sourced, frozen=True, kw_only=True):
    """Asked before a session or at its end; `fields` are numbers it collects on the way."""

    code: Code
    labels: Text
    moment: Literal["before", "end"]
    answers: tuple[Answer, ...]
    fields: tuple[Code, ...] = ()


class Reason(Sheet, frozen=True, kw_only=True):
    """Why a session was skipped or stopped. `asks_about`: symptom codes to offer next.

    `as_stop_reason`, `as_symptom`: of a reason to skip, the reason to stop or the sign that says
    the same; the safety rules look at those.
    """

    code: Code
    labels: Text
    asks_about: tuple[Code, ...] = ()
    as_stop_reason: str = ""
    as_symptom: str = ""


class Symptom(Sheet, frozen=True, kw_only=True):
    code: Code
    labels: Text
    group: Code


class Condition(Sheet, frozen=True, kw_only=True):
    """`kind`: a diagnosis, a device in the body, or a state that can begin and end.

    `swallowing_at_risk`: without a known swallowing level no recipe is shown to such a person.
    """

    code: Code
    labels: Text
    kind: Literal["diagnosis", "device", "state"]
    pathway: Literal["upper", "lower", "mixed", "muscle"] | None = None
    swallowing_at_risk: bool = False
    notes: Text | None = None
