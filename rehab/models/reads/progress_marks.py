"""Changes of the plan as marks on a chart: versions, pauses, and who moved the plan and why."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from rehab.models.reads.programme import ProgrammeItem
from rehab.models.reads.progress_rows import PauseRow, Rows
from rehab.models.reads.progress_shapes import PlanMark

DAY = timedelta(days=1)


def marks_of(
    items: Iterable[ProgrammeItem], rows: Rows, *, first: date, last: date
) -> list[PlanMark]:
    """Return what changed between two local dates, oldest first."""
    since = datetime.combine(first - DAY, time.min, tzinfo=UTC)
    until = datetime.combine(last + 2 * DAY, time.min, tzinfo=UTC)
    found = [
        *_versions(items),
        *(mark for pause in rows.pauses for mark in _pause(pause)),
        *(
            PlanMark(at=each.at, kind=each.now, version=None, series=None, part=None,
                     words=each.reason, by=each.by)
            for each in rows.statuses
        ),
    ]  # fmt: skip
    return sorted(
        (mark for mark in found if since <= mark.at < until), key=lambda mark: (mark.at, mark.kind)
    )


def _versions(items: Iterable[ProgrammeItem]) -> Iterator[PlanMark]:
    """One mark for each version, however many items it words anew."""
    seen = {
        (each.effective_at, each.version): each for item in items for each in item.versions
    }  # fmt: skip
    for each in seen.values():
        yield PlanMark(
            at=each.effective_at,
            kind="version",
            version=each.version,
            series=None,
            part=None,
            words=each.note,
            by=each.by,
        )


def _pause(pause: PauseRow) -> Iterator[PlanMark]:
    yield PlanMark(
        at=pause.starts_at,
        kind="pause",
        version=None,
        series=pause.series,
        part=pause.part,
        words=pause.reason,
        by=pause.by,
    )
    if pause.ended_at is not None:
        yield PlanMark(
            at=pause.ended_at,
            kind="resume",
            version=None,
            series=pause.series,
            part=pause.part,
            words=pause.end_note,
            by=pause.end_by,
        )
