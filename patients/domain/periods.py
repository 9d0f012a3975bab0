"""Calendar months and years of UTC, by which tables that grow for ever are cut into partitions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Width(StrEnum):
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """[starts_at, ends_at). name: 2026_11, or 2026 for a year."""

    name: str
    starts_at: datetime
    ends_at: datetime


def periods(width: Width, *, at: datetime, ahead: int) -> Iterator[Period]:
    """Yield the period that holds a moment, and `ahead` more that follow it."""
    moment = at.astimezone(UTC)
    number = 12 * moment.year + moment.month - 1 if width is Width.MONTH else moment.year
    for each in range(number, number + ahead + 1):
        yield _period(width, each)


def _period(width: Width, number: int) -> Period:
    starts_at, ends_at = _start(width, number), _start(width, number + 1)
    name = f"{starts_at:%Y_%m}" if width is Width.MONTH else f"{starts_at:%Y}"
    return Period(name, starts_at, ends_at)


def _start(width: Width, number: int) -> datetime:
    """Return when a period begins. number: months or years since the year 0."""
    year, month = divmod(number, 12) if width is Width.MONTH else (number, 0)
    return datetime(year, month + 1, 1, tzinfo=UTC)
