"""What progress says: figures by item and week, what was measured, assessed, eaten, and marks.

`rehab.domain.definitions` says in both languages what each figure means. What nobody recorded is
null and never taken for normal or for the prescribed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from rehab.domain.score_change import ScoreChange
from rehab.domain.session_entry import Value
from rehab.models.reads.due import Sparse

AS_ADHERENCE = (
    "adherence_without_recalled", "adherence_with_partial",
    "adherence_with_partial_without_recalled",
)  # fmt: skip


class Counted(Sparse, frozen=True, kw_only=True, omit_defaults=True):
    """Figures over some days of one item; each is defined in docs/api.md.

    What a week is read by is always told. Of the rest a count that is left out is 0, any other
    figure null; adherence_* are left out where they are the same as `adherence`. Shares have four
    decimals, means two. minutes_share, repetitions_share: delivered divided by prescribed, over
    the sessions in which somebody told how much it was.
    """

    due: int
    done: int
    partial: int
    missed: int
    skipped: int
    fulfilled: int
    extra: int
    over_maximum: int
    while_paused: int
    adherence: float | None
    pain_max: int | None
    waiting: int = 0
    above_part_maximum: int = 0
    recalled: int = 0
    recalled_partial: int = 0
    sessions: int = 0
    adherence_without_recalled: float | None = None
    adherence_with_partial: float | None = None
    adherence_with_partial_without_recalled: float | None = None
    pain_mean: float | None = None
    pain_unfelt: int = 0
    effort_max: int | None = None
    effort_mean: float | None = None
    skin_looked: int = 0
    skin_found: int = 0
    minutes: float | None = None
    sessions_with_minutes: int = 0
    minutes_prescribed: float | None = None
    minutes_share: float | None = None
    repetitions: float | None = None
    repetitions_share: float | None = None

    def figure(self, name: str) -> float | None:
        """Return a figure by its name, also one that the answer leaves out."""
        value: float | None = getattr(self, name)
        return self.adherence if value is None and name in AS_ADHERENCE else value


class Totals(Counted, frozen=True, kw_only=True, omit_defaults=False):
    """The figures over all the days of one item: nothing is left out, a count of 0 is 0."""


class WeekProgress(Counted, frozen=True, kw_only=True, omit_defaults=True):
    """week: the Monday of the ISO week, cut to the days asked for. version: of the plan."""

    week: date
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMark:
    """When a wording of an item came into force and ended: the marks on a chart.

    note: what was written when it was revised.
    """

    version: int
    effective_at: datetime
    ended_at: datetime | None
    note: str


class MeasurePoint(msgspec.Struct, frozen=True):
    """One row of `MeasurePoints`, as pages and the table read it; null where nothing is known."""

    on: date
    version: int
    count: int
    lowest: float
    highest: float
    first: float
    last: float
    mean: float | None
    total: float | None
    prescribed: float | None
    maximum: float | None
    share: float | None
    last_from_baseline: float | None
    lowest_from_baseline: float | None
    highest_from_baseline: float | None


class MeasurePoints(Sparse, frozen=True, kw_only=True, omit_defaults=True):
    """One quantity over the weeks (on: Mondays) or days: a column for each figure, oldest first.

    Every column has as many values as `on`; one that is left out is null throughout. version: of
    the plan. count: how often it was told. mean: none for scores. total: of what can be added up.
    prescribed, maximum: of the version. share: delivered divided by prescribed (mean by mean).
    *_from_baseline: less the person's own usual value. What is null is not known.
    """

    on: Sequence[date]
    version: Sequence[int]
    count: Sequence[int]
    lowest: Sequence[float]
    highest: Sequence[float]
    first: Sequence[float]
    last: Sequence[float]
    mean: Sequence[float | None] = []
    total: Sequence[float | None] = []
    prescribed: Sequence[float | None] = []
    maximum: Sequence[float | None] = []
    share: Sequence[float | None] = []
    last_from_baseline: Sequence[float | None] = []
    lowest_from_baseline: Sequence[float | None] = []
    highest_from_baseline: Sequence[float | None] = []

    def __iter__(self) -> Iterator[MeasurePoint]:
        unknown = [None] * len(self.on)
        columns = [getattr(self, name) or unknown for name in self.__struct_fields__]
        return (MeasurePoint(*row) for row in zip(*columns, strict=True))


class MeasureSeries(Sparse, frozen=True, kw_only=True, omit_defaults=True):
    """One quantity of one part of an item, or of its sessions as a whole (part: null).

    place: the part in words. code: dose field, unit: its unit. physics: intact or denervated for
    stimulation: the two are never in one series; unknown where no plan was in force. how: of an
    angle: measured, estimated or not_said; knee_position: straight, bent or empty.
    change: of an angle alone, the last less the first of these days. baseline: the patient's own.
    """

    part: UUID | None = None
    place: str = ""
    joint: str = ""
    motion: str = ""
    muscle: str = ""
    side: str = "none"
    code: str
    name: str
    unit: str = ""
    physics: str | None = None
    how: str = ""
    knee_position: str = ""
    baseline: float | None = None
    change: ScoreChange | None = None
    points: MeasurePoints


class WordPoint(Sparse, frozen=True, kw_only=True, omit_defaults=True):
    """counts: how often each answer was given."""

    on: date
    version: int
    counts: Mapping[str, int]


class WordSeries(Sparse, frozen=True, kw_only=True, omit_defaults=True):
    """How often each answer of a closed list was given: spasm, reach, landmark, skin_after ...

    Never turned into numbers and never averaged. labels: the answers that were given, in words.
    """

    part: UUID | None = None
    place: str = ""
    motion: str = ""
    muscle: str = ""
    side: str = "none"
    code: str
    name: str
    labels: Mapping[str, str]
    points: Sequence[WordPoint]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProgress:
    """One item over all its versions; `zone` is where its days begin and end.

    physics: intact or denervated where it stimulates, null where it does not, mixed where its
    versions do it in two ways (then total.minutes is null).
    """

    series: UUID
    title: str
    kind: str
    modality: str
    physics: str | None
    exercise: str
    zone: str
    versions: Sequence[VersionMark]
    days_since_last: int | None
    total: Totals
    weeks: Sequence[WeekProgress]
    measures: Sequence[MeasureSeries]
    words: Sequence[WordSeries]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMark:
    """A change of the plan. kind: version, active, on-hold, completed, revoked, pause or resume.

    version: where one came into force. series, part: what a pause holds, null for the whole plan.
    words: what was written; by: who, empty where a rule paused it.
    """

    at: datetime
    kind: str
    version: int | None
    series: UUID | None
    part: UUID | None
    words: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePoint:
    """value: a number, the code of a grade, or unable, cannot_feel or not_testable."""

    on: date
    value: Value
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSeries:
    """One score of one instrument on one place of the body, oldest first.

    before: the last one before these days. last: the newest of all. median: of an ordinal score,
    a grade that was given, never an average. change: last against before, else against the first
    of these days; since_last: against the one just before it.
    """

    instrument: str
    instrument_name: str
    score: str
    name: str
    unit: str
    ordinal: bool
    better: str
    place: str
    side: str
    muscle: str
    motion: str
    site: str
    before: ScorePoint | None
    points: Sequence[ScorePoint]
    last: ScorePoint | None
    median: Value
    change: ScoreChange | None
    since_last: ScoreChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightPoint:
    on: date
    count: int
    lowest_kg: float
    highest_kg: float
    last_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightProgress:
    """before_kg, before_on: the last weight before these days.

    change_kg, change_percent: the last less that one, else less the first of these days.
    """

    before_kg: float | None
    before_on: date | None
    points: Sequence[WeightPoint]
    change_kg: float | None
    change_percent: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProteinPoint:
    """days: with protein told; days_incomplete: of them, with a meal whose protein nobody told.

    mean_g: of the daily sums, a lower bound. target_g: what a person had set for the last of these
    days; share: mean_g divided by it.
    """

    on: date
    days: int
    days_incomplete: int
    lowest_g: float
    highest_g: float
    mean_g: float
    target_g: float | None
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProteinTarget:
    """What a person set, and when; grams a day and grams a kilogram as they were typed."""

    number: int
    set_on: date
    set_by: str
    protein_g: float | None
    protein_g_per_kg: float | None
    weight_kg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DietProgress:
    """targets: those that were in force on any of these days, oldest first."""

    weight: WeightProgress
    protein: Sequence[ProteinPoint]
    targets: Sequence[ProteinTarget]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The days from `first` to `last`, both included, local to each item.

    by: week or day, how the points of measures, weight and protein are summed; `weeks` of an item
    are weeks. marks: changes of the plan, oldest first. assessments: null without see_conditions,
    diet: null without see_diet; not_shown names the scopes that were wanting.
    """

    first: date
    last: date
    by: str
    items: Sequence[ItemProgress]
    marks: Sequence[PlanMark]
    assessments: Sequence[ScoreSeries] | None
    diet: DietProgress | None
    not_shown: Sequence[str]
