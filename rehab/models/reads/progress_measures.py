"""What was measured in the sessions of one item: a series for each quantity of each part."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
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
    share,
)
from rehab.domain.recurrence import week_of
from rehab.domain.score_change import ScoreChange
from rehab.models.instruments import spec_of
from rehab.models.reads.names import part_name, said_in
from rehab.models.reads.programme import Amount, ProgrammeItem, WordedPart, Wording
from rehab.models.reads.progress_rows import Summed
from rehab.models.reads.progress_shapes import (
    ChoiceCount,
    MeasurePoint,
    MeasureSeries,
    WordPoint,
    WordSeries,
)

REPETITIONS_DONE = {"zh-Hans": "次数（乘以组数）", "en": "Repetitions (times sets)"}
SKIN = ("skin_before", "skin_after", "skin_found")


@dataclass(frozen=True, slots=True)
class Told:
    """One quantity under one version in one week or on one day; `row` holds its values."""

    version: int
    on: date
    monday: date
    key: Key
    row: Summed

    @property
    def count(self) -> int:
        return self.row.count

    @property
    def total(self) -> float | None:
        return self.row.total


def told_in(rows: Iterable[Summed]) -> dict[UUID, list[Told]]:
    """Sort the summed rows by item; they come ordered by item, key and time."""
    return {
        series: [_told(row) for row in group]
        for series, group in groupby(rows, key=lambda row: row.series)
    }


def _told(row: Summed) -> Told:
    key = key_of(row.key, is_word=row.last is None)
    return Told(row.version, row.on, week_of(row.on), key, row)


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
        self._wordings = {each.version: each for each in item.versions}
        self._parts = {
            str(part.part): (place, part)
            for wording in item.versions
            for place, part in enumerate(wording.parts)
        }

    def measures(self, told: Iterable[Told]) -> Iterator[MeasureSeries]:
        by_series: dict[tuple[Key, str | None], list[Told]] = {}
        for each in told:
            by_series.setdefault((each.key, self._physics(each.version)), []).append(each)
        for (key, physics), rows in sorted(by_series.items(), key=self._order):
            yield self._measure(key, physics, sorted(rows, key=lambda row: (row.on, row.version)))

    def words(self, told: Iterable[Told]) -> Iterator[WordSeries]:
        by_series: dict[tuple[str, str], list[Told]] = {}
        for each in told:
            by_series.setdefault((each.key.part, each.key.code), []).append(each)
        for (part, code), rows in sorted(by_series.items(), key=self._order_of_words):
            yield self._word(part, code, rows)

    def _physics(self, version: int) -> str | None:
        """Return the kind of stimulation of a version; unknown where none was in force."""
        wording = self._wordings.get(version)
        if wording is not None:
            return reference.modalities()[wording.modality].physics
        kinds = {reference.modalities()[each.modality].physics for each in self._wordings.values()}
        return kinds.pop() if len(kinds) == 1 else "unknown"

    def _order(
        self, pair: tuple[tuple[Key, str | None], list[Told]]
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

    def _measure(self, key: Key, physics: str | None, rows: Sequence[Told]) -> MeasureSeries:
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
            points=[self._point(key, row, baseline) for row in rows],
        )

    def _point(self, key: Key, told: Told, baseline: float | None) -> MeasurePoint:
        row = told.row
        mean = mean_of(key.code, row.total or 0, row.count)
        prescribed, maximum = self._planned(key, told.version)
        return MeasurePoint(
            on=told.on,
            version=told.version,
            count=row.count,
            lowest=row.lowest or 0,
            highest=row.highest or 0,
            first=row.first or 0,
            last=row.last or 0,
            mean=mean,
            total=row.total if key.code in SUMMED else None,
            prescribed=prescribed,
            maximum=maximum,
            share=None if key.code in ANGLES else share(mean, prescribed),
            last_from_baseline=from_baseline(row.last, baseline),
            lowest_from_baseline=from_baseline(row.lowest, baseline),
            highest_from_baseline=from_baseline(row.highest, baseline),
        )

    def _planned(self, key: Key, version: int) -> tuple[float | None, float | None]:
        """Return what the version asked for and its maximum; a part's own, else the session's."""
        wording = self._wordings.get(version)
        if wording is None:
            return None, None
        part = next((each for each in wording.parts if str(each.part) == key.part), None)
        dose, maximum = _doses(wording, part)
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

    def _word(self, part: str, code: str, rows: Sequence[Told]) -> WordSeries:
        found = self._part(part)
        name, labels = self._choices(code)
        ordered = sorted(rows, key=lambda row: (row.on, row.version))
        return WordSeries(
            part=UUID(part) if part else None,
            place=self._label(found),
            motion=found.motion if found else "",
            muscle=found.muscle if found else "",
            side=found.side if found else "none",
            code=code,
            name=name,
            points=[
                WordPoint(on=on, version=version, counts=_counts(group, labels))
                for (on, version), group in groupby(ordered, key=lambda r: (r.on, r.version))
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


def _counts(rows: Iterable[Told], labels: Mapping[str, str]) -> list[ChoiceCount]:
    order = list(labels)
    found = [
        ChoiceCount(
            choice=row.key.choice,
            label=labels.get(row.key.choice, row.key.choice),
            count=row.count,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (order.index(each.choice) if each.choice in order
                                           else len(order), each.choice))  # fmt: skip


def _change(key: Key, rows: Sequence[Told]) -> ScoreChange | None:
    goniometry = spec_of("goniometry")
    first, last = rows[0].row.first, rows[-1].row.last
    told = sum(row.count for row in rows)
    if key.code not in ANGLES or goniometry is None or first is None or last is None or told < 2:
        return None
    return angle_change(first, last, key.how, goniometry)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
