"""The instruments of the registry as the rules about assessments read them."""

from functools import lru_cache

from exercises import reference
from exercises.sheets.instruments import Instrument, Score
from rehab.domain.instruments import (
    CANNOT_FEEL,
    NOT_TESTABLE,
    UNABLE,
    ChangeSpec,
    CutOffSpec,
    GradeSpec,
    InstrumentSpec,
    ScoreSpec,
)

# What a score is measured on stands beside it, whether or not the sheet says so again.
_OF = {"person": (), "side": ("side",), "muscle": ("muscle",), "motion": ("motion",),
       "site": ("site",)}  # fmt: skip


@lru_cache(maxsize=128)
def spec_of(code: str) -> InstrumentSpec | None:
    """Return what the rules need of an instrument, None for a code that the registry lacks."""
    sheet = reference.instruments().get(code)
    return None if sheet is None else _spec(sheet)


def _spec(sheet: Instrument) -> InstrumentSpec:
    return InstrumentSpec(
        code=sheet.code,
        scores={score.code: _score(score) for score in sheet.scores},
        better=sheet.better,
        ordinal=sheet.ordinal,
        changes=tuple(
            ChangeSpec(
                score=each.score,
                kind=each.kind,
                value=each.value,
                upper_value=each.upper_value,
                percent=each.percent,
                population={"zh-Hans": each.population["zh-Hans"], "en": each.population["en"]},
            )
            for each in sheet.changes
        ),
        cut_offs=tuple(
            CutOffSpec(
                score=each.score,
                criteria=each.criteria,
                year=each.year,
                sex=each.sex,
                comparator=each.comparator,
                value=each.value,
            )
            for each in sheet.cut_offs
        ),
        entered_by=sheet.entered_by,
        offered=sheet.licence.offered,
        reassess_weeks=sheet.reassess_weeks,
        earliest_weeks=sheet.earliest_weeks,
    )


def _score(score: Score) -> ScoreSpec:
    allowed = (
        (UNABLE, score.unable_allowed),
        (CANNOT_FEEL, score.cannot_feel_allowed),
        (NOT_TESTABLE, score.not_testable_allowed),
    )
    return ScoreSpec(
        code=score.code,
        unit=score.unit,
        minimum=score.minimum,
        maximum=score.maximum,
        step=score.step,
        grades=tuple(
            GradeSpec(code=each.code, rank=each.rank, clinicians_only=each.clinicians_only)
            for each in score.grades
        ),
        answers=tuple(answer for answer, holds in allowed if holds),
        needs=tuple(dict.fromkeys((*_OF[score.per], *score.needs))),
        only_if=score.only_if,
    )
