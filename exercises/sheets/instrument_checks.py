"""What must agree inside an instrument."""

from collections.abc import Iterator

from exercises.sheets.instruments import Grade, Instrument, Score
from exercises.sheets.library import Library, Placed
from exercises.sheets.placing import known, once
from exercises.sheets.reading import ContentError

BARE_NAME_WORDS = 3
"""A grade may be called "Grade 2" or "Deep tissue injury" under any licence."""


def check_instruments(library: Library) -> Iterator[ContentError]:
    for placed in library.instruments.values():
        item = placed.item
        scores = {score.code: score for score in item.scores}
        if not scores:
            yield placed.error("scores", "is empty")
        yield from once(placed, "scores", [score.code for score in item.scores])
        for score in item.scores:
            yield from _score(placed, score)
            yield from known(placed, f"scores.{score.code}.only_if", [score.only_if], scores)
        yield from known(placed, "changes", [change.score for change in item.changes], scores)
        yield from known(placed, "cut_offs", [cut.score for cut in item.cut_offs], scores)
        yield from _changes(placed)
        yield from _cut_offs(placed, scores)


def _score(placed: Placed[Instrument], score: Score) -> Iterator[ContentError]:
    field = f"scores.{score.code}"
    if score.grades:
        ranks = [grade.rank for grade in score.grades]
        if ranks != sorted(set(ranks)):
            yield placed.error(field, f"grades are out of order: {ranks}")
        yield from once(placed, field, [grade.code for grade in score.grades])
        yield from _wording(placed, field, score.grades)
    elif score.minimum is None or score.maximum is None or score.step is None:
        yield placed.error(field, "needs grades, or minimum, maximum and step")
    else:
        if score.minimum >= score.maximum or score.step <= 0:
            yield placed.error(field, "range is out of order")
        if placed.item.ordinal and not score.step.is_integer():
            yield placed.error(field, "an ordinal score needs grades or whole steps")


def _wording(
    placed: Placed[Instrument], field: str, grades: tuple[Grade, ...]
) -> Iterator[ContentError]:
    """The words of a form ship only where its licence is free; else a grade has a bare name."""
    status = placed.item.licence.status
    for grade in grades:
        if status != "free" and len(grade.labels.en.split()) > BARE_NAME_WORDS:
            yield placed.error(
                field, f"licence is {status}: {grade.code!r} holds words of the form"
            )


def _changes(placed: Placed[Instrument]) -> Iterator[ContentError]:
    for change in placed.item.changes:
        if change.upper_value is not None and change.upper_value < change.value:
            yield placed.error(f"changes.{change.score}", "upper value is below the value")


def _cut_offs(placed: Placed[Instrument], scores: dict[str, Score]) -> Iterator[ContentError]:
    for cut in placed.item.cut_offs:
        score = scores.get(cut.score)
        if score is None or score.minimum is None or score.maximum is None:
            continue
        if not score.minimum <= cut.value <= score.maximum:
            yield placed.error(f"cut_offs.{cut.score}", f"{cut.value:g} is outside the range")
