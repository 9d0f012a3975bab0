"""Reading what a cycle wrote down about its sessions. Only reading: nothing goes back to a device.

A file is a table, as JSON objects or as CSV with a line of column names. Columns that are not
known are left out and named; an empty cell was not recorded.
"""

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO

from rehab.domain.recurrence import ScheduleError, instant, local_time

# 2026/10/9 8:05, as spreadsheets write it: the year first, so that no day is taken for a month.
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})[ T]+(\d{1,2}):(.+)")
MEASURES = (
    "cadence_rpm", "resistance_nm", "power_w", "distance_km", "energy_kj", "asymmetry_percent",
)  # fmt: skip
"""Columns that are fields of a session under the same name and unit."""
OTHERS = ("started_at", "minutes", "mean_stimulation_ma")
COLUMNS = (*OTHERS, *MEASURES)
MOST_ROWS = 200


class UnreadableFile(ValueError):
    """A file that is no such table. `code`: empty, no_start_column, too_many_rows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRide:
    """One row. started_at: null where it could not be read.

    values: column -> number, or the text that was no number, for which it is refused by name.
    """

    row: int
    started_at: datetime | None
    values: Mapping[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTable:
    rides: Sequence[DeviceRide]
    ignored: Sequence[str]


def table_from_csv(text: str, *, zone: str) -> DeviceTable:
    """Read a table with a line of column names; UnreadableFile where there is none."""
    reader = csv.DictReader(StringIO(_plain(text)), delimiter=_delimiter(text))
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    rows = [
        {(name or "").strip(): cell for name, cell in row.items() if isinstance(cell, str)}
        for row in reader
    ]
    return _table(rows, names, zone)


def lines_of(text: str, rows: Collection[int]) -> str:
    """Return the line of names and these rows of a table, as they stand in it."""
    reader = csv.reader(StringIO(_plain(text)), delimiter=_delimiter(text))
    found = StringIO()
    writer = csv.writer(found, delimiter=_delimiter(text), lineterminator="\n")
    names, *lines = [line for line in reader if line] or [[]]
    writer.writerow(names)
    writer.writerows(line for place, line in enumerate(lines, start=1) if place in rows)
    return found.getvalue()


def table_from_rows(rows: Sequence[Mapping[str, object]], *, zone: str) -> DeviceTable:
    """Read a table that came as objects; UnreadableFile where it has no start column."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return _table(rows, names, zone)


def _table(rows: Sequence[Mapping[str, object]], names: Sequence[str], zone: str) -> DeviceTable:
    if not rows:
        raise UnreadableFile("empty")
    if "started_at" not in names:
        raise UnreadableFile("no_start_column")
    if len(rows) > MOST_ROWS:
        raise UnreadableFile("too_many_rows")
    return DeviceTable(
        rides=[_ride(place, row, zone) for place, row in enumerate(rows, start=1)],
        ignored=[name for name in names if name and name not in COLUMNS],
    )


def _plain(text: str) -> str:
    return text.lstrip("\ufeff")


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: whichever stands most often between the names."""
    names = _plain(text).partition("\n")[0]
    return max(",;\t", key=names.count)


def _ride(place: int, row: Mapping[str, object], zone: str) -> DeviceRide:
    values = {
        name: value
        for name in COLUMNS
        if name != "started_at" and (value := _number(row.get(name))) is not None
    }
    return DeviceRide(row=place, started_at=_moment(row.get("started_at"), zone), values=values)


def _number(cell: object) -> float | int | str | None:
    if isinstance(cell, bool) or cell is None:
        return None if cell is None else str(cell)
    if isinstance(cell, int | float):
        return cell
    text = str(cell).strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return text[:40]


def _moment(cell: object, zone: str) -> datetime | None:
    """Read a start with its offset, or else on the clock of the file's zone."""
    try:
        read = datetime.fromisoformat(_year_first(str(cell).strip()))
        if read.tzinfo is not None:
            return read
        return local_time(instant(read.date(), read.time(), zone), zone)
    except (ValueError, ScheduleError, OverflowError):
        return None


def _year_first(typed: str) -> str:
    """Return a date of a spreadsheet as ISO 8601 writes it; anything else as it is."""
    found = _YEAR_FIRST.fullmatch(typed)
    if found is None:
        return typed
    year, month, day, hour, rest = found.groups()
    return f"{year}-{month:0>2}-{day:0>2} {hour:0>2}:{rest}"
