"""What was measured in the sessions of one item: a series for each quantity of each part."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from exercises import reference
from rehab.domain.measured import (
    ANGLES,
    BASELINES,
    SUMMED,
    Key,
    angle_change,
    from_baseline,
    key_of,
    mean_of,
    repetitions_asked,
    rounded,
    share,
)
from rehab.domain.score_change import ScoreChange
from rehab.models.instruments import spec_of
from rehab.models.reads.names import part_name, said_in
from rehab.models.reads.programme import Amount, ProgrammeItem, WordedPart, Wording
from rehab.models.reads.progress_rows import Summed
from rehab.models.reads.progress_shapes import (
    MeasurePoints,
    MeasureSeries,
    WordPoint,
    WordSeries,
)

REPETITIONS_DONE = {"zh-Hans": "次数（乘以组数）", "en": "Repetitions (times sets)"}
SKIN = ("skin_before", "skin_after", "skin_found")


@dataclass(frozen=True, slots=True)
class Told:
    """One quantity of one item over weeks or days."""

    key: Key
    rows: Summed


def told_in(rows: Iterable[Summed]) -> dict[UUID, list[Told]]:
    """Sort the summed keys by item."""
    found: dict[UUID, list[Told]] = {}
    for row in rows:
        key = key_of(row.key, is_word=row.last[0] is None)
        found.setdefault(row.series, []).append(Told(key, row))
    return found


def measures_and_words(
    item: ProgrammeItem,
    told: Sequence[Told],
    baselines: Mapping[str, object],
    language: str,
) -> tuple[list[MeasureSeries], list[WordSeries]]:
    """Return the series of numbers and of words of one item, part by part in the plan's order."""
    of_item = _OfItem(item, baselines, language)
    numbers = [each for each in told if not each.key.choice]
    words = [each for each in told if each.key.choice]
    return list(of_item.measures(numbers)), list(of_item.words(words))


class _OfItem:
    def __init__(self, item: ProgrammeItem, baselines: Mapping[str, object], language: str) -> None:
        self._language = language
        self._baselines = baselines
        self._wordings = {
            each.version: (each, {str(part.part): part for part in each.parts})
            for each in item.versions
        }
        self._parts = {
            name: (place, part)
            for _, parts in self._wordings.values()
            for place, (name, part) in enumerate(parts.items())
        }
        modalities = reference.modalities()
        self._kinds = {each.version: modalities[each.modality].physics for each in item.versions}
        kinds = set(self._kinds.values())
        self._other_kind = kinds.pop() if len(kinds) == 1 else "unknown"

    def measures(self, told: Iterable[Told]) -> Iterator[MeasureSeries]:
        """Yield the series; repetitions times sets alone where they say something else."""
        by_series = {
            (each.key, physics): rows for each in told for physics, rows in self._by_kind(each.rows)
        }
        repetitions: dict[tuple[str, str | None], MeasurePoints] = {}
        for (key, physics), rows in sorted(by_series.items(), key=self._order):
            found = self._measure(key, physics, rows)
            if key.code == "repetitions":
                repetitions[key.part, physics] = found.points
            said = repetitions.get((key.part, physics))
            if key.code != "repetitions_done" or said != found.points:
                yield found

    def _by_kind(self, rows: Summed) -> Iterator[tuple[str | None, Summed]]:
        kinds = [self._physics(version) for version in rows.version]
        for kind in set(kinds):
            places = [place for place, each in enumerate(kinds) if each == kind]
            yield kind, rows if len(places) == len(kinds) else rows.at(places)

    def words(self, told: Iterable[Told]) -> Iterator[WordSeries]:
        by_series: dict[tuple[str, str], list[Told]] = {}
        for each in told:
            by_series.setdefault((each.key.part, each.key.code), []).append(each)
        for (part, code), answers in sorted(by_series.items(), key=self._order_of_words):
            yield self._word(part, code, answers)

    def _physics(self, version: int) -> str | None:
        """Return the kind of stimulation of a version; unknown where none was in force."""
        return self._kinds.get(version, self._other_kind)

    def _order(
        self, pair: tuple[tuple[Key, str | None], Summed]
    ) -> tuple[int, str, str, str, str, str]:
        key, physics = pair[0]
        place = self._place_of(key.part)
        return (place, key.part, key.code, key.how, key.knee, physics or "")

    def _order_of_words(self, pair: tuple[tuple[str, str], list[Told]]) -> tuple[int, str, str]:
        part, code = pair[0]
        return (self._place_of(part), part, code)

    def _place_of(self, part: str) -> int:
        """The whole session first, then the parts as planned, then those of no plan."""
        return self._parts[part][0] if part in self._parts else len(part) * 100

    def _measure(self, key: Key, physics: str | None, rows: Summed) -> MeasureSeries:
        part = self._part(key.part)
        motion = reference.motions().get(part.motion) if part else None
        baseline = self._baseline(key.code)
        return MeasureSeries(
            part=UUID(key.part) if key.part else None,
            place=self._label(part),
            joint=motion.joint if motion else "",
            motion=part.motion if part else "",
            muscle=part.muscle if part else "",
            side=part.side if part else "none",
            code=key.code,
            name=self._name(key.code),
            unit=self._unit(key.code),
            physics=physics,
            how=key.how,
            knee_position=key.knee,
            baseline=baseline,
            change=_change(key, rows),
            points=self._points(key, rows, baseline),
        )

    def _points(self, key: Key, rows: Summed, baseline: float | None) -> MeasurePoints:
        counted = zip(rows.total, rows.count, strict=True)
        means = [mean_of(key.code, total or 0, count) for total, count in counted]
        planned = {version: self._planned(key, version) for version in set(rows.version)}
        asked = [planned[version][0] for version in rows.version]
        shares = (
            [] if key.code in ANGLES else [share(*each) for each in zip(means, asked, strict=True)]
        )
        lowest, highest, last = map(_numbers, (rows.lowest, rows.highest, rows.last))
        return MeasurePoints(
            on=rows.on,
            version=rows.version,
            count=rows.count,
            lowest=lowest,
            highest=highest,
            first=_numbers(rows.first),
            last=last,
            mean=_known([rounded(mean, 3) for mean in means]),
            total=_known([rounded(each, 3) for each in rows.total] if key.code in SUMMED else []),
            prescribed=_known(asked),
            maximum=_known([planned[version][1] for version in rows.version]),
            share=_known([rounded(each, 4) for each in shares]),
            **_from_baseline(baseline, last=last, lowest=lowest, highest=highest),
        )

    def _planned(self, key: Key, version: int) -> tuple[float | None, float | None]:
        """Return what the version asked for and its maximum; a part's own, else the session's."""
        if version not in self._wordings:
            return None, None
        wording, parts = self._wordings[version]
        dose, maximum = _doses(wording, parts.get(key.part))
        if key.code == "repetitions_done":
            return repetitions_asked(dose), None
        return _number(dose.get(key.code)), _number(maximum.get(key.code))

    def _part(self, part: str) -> WordedPart | None:
        return self._parts[part][1] if part in self._parts else None

    def _label(self, part: WordedPart | None) -> str:
        return said_in(part_name(part), self._language) if part else ""

    def _name(self, code: str) -> str:
        if code == "repetitions_done":
            return REPETITIONS_DONE[self._language]
        field = reference.dose_fields().get(code)
        return field.labels[self._language] if field else code

    def _unit(self, code: str) -> str:
        field = reference.dose_fields().get(code)
        return field.unit if field else ""

    def _baseline(self, code: str) -> float | None:
        return _number(self._baselines.get(BASELINES.get(code, "")))

    def _word(self, part: str, code: str, answers: Sequence[Told]) -> WordSeries:
        found = self._part(part)
        name, labels = self._choices(code)
        given = {each.key.choice for each in answers}
        order = [choice for choice in labels if choice in given]
        order += sorted(given.difference(order))
        counts: dict[tuple[date, int], dict[str, int]] = {}
        for each in sorted(answers, key=lambda told: order.index(told.key.choice)):
            rows = each.rows
            for on, version, count in zip(rows.on, rows.version, rows.count, strict=True):
                counts.setdefault((on, version), {})[each.key.choice] = count
        return WordSeries(
            part=UUID(part) if part else None,
            place=self._label(found),
            motion=found.motion if found else "",
            muscle=found.muscle if found else "",
            side=found.side if found else "none",
            code=code,
            name=name,
            labels={choice: labels.get(choice, choice) for choice in order},
            points=[
                WordPoint(on=on, version=version, counts=told)
                for (on, version), told in sorted(counts.items(), key=lambda pair: pair[0])
            ],
        )

    def _choices(self, code: str) -> tuple[str, dict[str, str]]:
        """Return the name of a closed list and the labels of its choices, in their order."""
        if code in SKIN:
            question = reference.gate_questions()[code]
            return question.labels[self._language], {
                each.code: each.labels[self._language] for each in question.answers
            }
        field = reference.choice_fields().get(code)
        if field is None:
            return code, {}
        labels = {each.code: each.labels[self._language] for each in field.choices}
        return field.labels[self._language], labels


def _doses(
    wording: Wording, part: WordedPart | None
) -> tuple[Mapping[str, Amount], Mapping[str, Amount]]:
    if part is None:
        return wording.target, wording.maximum
    return {**wording.target, **part.dose}, {**wording.maximum, **part.maximum}


def _known(column: Sequence[float | None]) -> Sequence[float | None]:
    """Return a column, empty where it says nothing."""
    return [] if all(value is None for value in column) else column


def _numbers(column: Sequence[float | None]) -> Sequence[float]:
    return [value or 0 for value in column]


def _from_baseline(
    baseline: float | None, **columns: Sequence[float]
) -> dict[str, Sequence[float | None]]:
    if baseline is None:
        return {}
    return {
        f"{name}_from_baseline": [from_baseline(value, baseline) for value in column]
        for name, column in columns.items()
    }


def _change(key: Key, rows: Summed) -> ScoreChange | None:
    if key.code not in ANGLES:
        return None
    goniometry, first, last = spec_of("goniometry"), rows.first[0], rows.last[-1]
    told = sum(rows.count)
    if goniometry is None or first is None or last is None or told < 2:
        return None
    return angle_change(first, last, key.how, goniometry)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
