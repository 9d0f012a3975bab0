"""Structs for assessment instruments: what can be scored, and what a change means."""

import datetime as dt
from typing import Literal

from exercises.sheets.catalogue import Citation
from exercises.sheets.terms import Code, Sheet, Text, Words


class Grade(Sheet, frozen=True, kw_only=True):
    """A named step of an ordinal scale, such as 1+; `rank` orders it."""

    code: Words
    rank: int
    labels: Text
    clinicians_only: bool = False


class Score(Sheet, frozen=True, kw_only=True):
    """One number or grade of an instrument; `per`: what it is measured on.

    Either `grades` (ordinal) or a range with step. `needs`: codes of facts that must stand
    beside the value (landmark distance, side, muscle). `only_if`: a score that must be above
    0 for this one to exist.
    """

    code: Code
    labels: Text
    unit: str = ""
    per: Literal["person", "side", "muscle", "motion", "site"]
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    grades: tuple[Grade, ...] = ()
    unable_allowed: bool = False
    cannot_feel_allowed: bool = False
    not_testable_allowed: bool = False
    needs: tuple[Code, ...] = ()
    only_if: Code | None = None


class MeaningfulChange(Sheet, frozen=True, kw_only=True):
    """`kind`: below `noise` nothing is said to have changed."""

    score: Code
    kind: Literal["noise", "small", "meaningful", "substantial"]
    value: float
    upper_value: float | None = None
    percent: float | None = None
    population: Text
    citations: tuple[Citation, ...]


class CutOff(Sheet, frozen=True, kw_only=True):
    """A screening value of a named criteria set; quoted with its year, never a diagnosis."""

    score: Code
    criteria: Words
    year: int
    sex: Literal["any", "male", "female"]
    comparator: Literal["<", "<=", ">", ">="]
    value: float
    citations: tuple[Citation, ...]


class Licence(Sheet, frozen=True, kw_only=True):
    """`free` alone may ship the form's wording; everything else takes scores only.

    `offered` is false for what is known by name and not to be entered here.
    """

    status: Literal["free", "ask", "fee", "registration"]
    notes: Text
    checked: Literal["looked_up", "to_verify"]
    offered: bool = True


class Instrument(Sheet, frozen=True, kw_only=True):
    """`entered_by`: who may enter it. `reassess_weeks`: when it is due again, null when never."""

    code: Code
    names: Text
    about: Text
    scores: tuple[Score, ...]
    better: Literal["up", "down", "context"]
    ordinal: bool
    changes: tuple[MeaningfulChange, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    licence: Licence
    entered_by: Literal["anyone", "clinician", "certified"]
    reassess_weeks: int | None = None
    earliest_weeks: int | None = None
    citations: tuple[Citation, ...]
    owner: Words
    last_reviewed: dt.date | None
    reviewed_by: Words | None = None
