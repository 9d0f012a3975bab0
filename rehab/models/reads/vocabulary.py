"""The words and limits that a phone needs to ask, check and name things without a network."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from exercises import reference
from exercises.sheets.terms import Choice, DoseField, Modality, Reason, Symptom
from exercises.sheets.terms import Text as Words
from rehab.models.reads.names import LANGUAGES, Text

# Asked in every session, whatever the modality.
_ALWAYS = ("pain", "effort", "minutes")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordChoice:
    code: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WordAnswer:
    """starts: may training go on after this answer?"""

    code: str
    label: Text
    starts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WordQuestion:
    code: str
    label: Text
    moment: str
    answers: Sequence[WordAnswer]
    fields: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLimits:
    """A number that may be recorded: outside hard refused, outside soft asked about.

    per: part or session.
    """

    code: str
    label: Text
    unit: str
    per: str
    hard_min: float
    hard_max: float
    soft_min: float | None
    soft_max: float | None
    soft_over_plan_percent: float | None
    step: float
    integer: bool
    likely: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordReason:
    """asks_about: symptoms to offer next.

    as_stop_reason, as_symptom: the code by which the rules judge a reason to skip; empty for none.
    """

    code: str
    label: Text
    asks_about: Sequence[str]
    as_stop_reason: str
    as_symptom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordModality:
    """physics: intact or denervated where something is stimulated; the two are never mixed."""

    code: str
    label: Text
    physics: str | None
    skin_matters: bool
    pressure_matters: bool
    fields: Sequence[FieldLimits]
    choices: Mapping[str, Sequence[WordChoice]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    modalities: Sequence[WordModality]
    gate_questions: Sequence[WordQuestion]
    skip_reasons: Sequence[WordReason]
    stop_reasons: Sequence[WordReason]
    symptoms: Sequence[WordChoice]


def vocabulary_of(modalities: Collection[str]) -> Vocabulary:
    """Return the words for sessions of these modalities, in both languages."""
    return _vocabulary(tuple(sorted(modalities)))


@lru_cache(maxsize=128)
def _vocabulary(modalities: tuple[str, ...]) -> Vocabulary:
    return Vocabulary(
        modalities=[_modality(reference.modalities()[code]) for code in modalities],
        gate_questions=[_question(code) for code in reference.gate_questions()],
        skip_reasons=[_reason(each) for each in reference.skip_reasons().values()],
        stop_reasons=[_reason(each) for each in reference.stop_reasons().values()],
        symptoms=_choices(reference.symptoms().values()),
    )


def _text(labels: Words) -> Text:
    return {language: labels[language] for language in LANGUAGES}


def _modality(modality: Modality) -> WordModality:
    used = {use.code: use.per for use in modality.fields if use.log}
    per = {**dict.fromkeys(_ALWAYS, "session"), **used}
    return WordModality(
        code=modality.code,
        label=_text(modality.labels),
        physics=modality.physics,
        skin_matters=modality.skin_matters,
        pressure_matters=modality.pressure_matters,
        fields=[_limits(reference.limits(code, modality=modality.code), per[code]) for code in per],
        choices={
            code: _choices(reference.choice_fields()[code].choices)
            for code in modality.choice_fields
        },
    )


def _limits(field: DoseField, per: str) -> FieldLimits:
    return FieldLimits(
        code=field.code,
        label=_text(field.labels),
        unit=field.unit,
        per=per,
        hard_min=field.hard_min,
        hard_max=field.hard_max,
        soft_min=field.soft_min,
        soft_max=field.soft_max,
        soft_over_plan_percent=field.soft_over_plan_percent,
        step=field.step,
        integer=field.integer,
        likely=field.likely,
    )


def _choices(choices: Iterable[Choice | Symptom]) -> list[WordChoice]:
    return [WordChoice(code=each.code, label=_text(each.labels)) for each in choices]


def _question(code: str) -> WordQuestion:
    found = reference.gate_questions()[code]
    return WordQuestion(
        code=code,
        label=_text(found.labels),
        moment=found.moment,
        answers=[
            WordAnswer(code=each.code, label=_text(each.labels), starts=each.starts)
            for each in found.answers
        ],
        fields=found.fields,
    )


def _reason(reason: Reason) -> WordReason:
    return WordReason(
        code=reason.code,
        label=_text(reason.labels),
        asks_about=reason.asks_about,
        as_stop_reason=reason.as_stop_reason,
        as_symptom=reason.as_symptom,
    )
