"""Local time has one source and one place: the pinned wheel and `rehab.domain.recurrence`."""

import re
import zoneinfo
from importlib.metadata import version
from pathlib import Path

import pytest

from rehab.domain.recurrence import tzdata_version

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("config", "rehab", "patients", "exercises", "bench")
    for kind in ("*.py", "*.sql", "*.html", "*.sh")
    for path in (ROOT / folder).rglob(kind)
]
# What lets PostgreSQL turn a moment into local time, in its own words or in Django's. It picks
# the other one of two repeated hours, and its zones come from its own package.
IN_POSTGRESQL = re.compile(
    r"at\s+time\s+zone|\btimezone\s*\(\s*'|\bset\s+(local\s+)?time\s*zone\b"
    r"|\bTrunc(Date|Day|Hour|Week|Month|Year|Time)\s*\(|\bExtract(Hour|WeekDay|Day|IsoWeekDay)\s*\("
    r"|_at__(date|hour|minute|day|week|week_day|iso_week_day|month|year|time)\b",
    re.IGNORECASE,
)
OPENS_A_ZONE = re.compile(r"\bZoneInfo\(")
# `duty` only asks what a clinic's clock shows at a moment, and may not know the app above it.
MAY_OPEN_A_ZONE = {"rehab/domain/recurrence.py", "patients/models/duty.py"}


def found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.group(0) for match in pattern.finditer(text)]


def test_postgresql_is_never_asked_for_local_time() -> None:
    asked = {
        str(path.relative_to(ROOT)): words
        for path in SOURCES
        if (words := found(IN_POSTGRESQL, path.read_text(encoding="utf-8")))
    }
    assert asked == {}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT due_at AT TIME ZONE i.zone",
        "due_at at  time\nzone 'Asia/Shanghai'",
        "timezone('UTC', now())",
        'annotate(day=TruncDate("due_at"))',
        "filter(due_at__date=today)",
    ],
)
def test_the_search_finds_what_it_looks_for(text: str) -> None:
    assert found(IN_POSTGRESQL, text)


def test_one_place_opens_zones() -> None:
    opened = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if OPENS_A_ZONE.search(path.read_text(encoding="utf-8"))
    }
    assert opened == MAY_OPEN_A_ZONE


def test_the_pinned_wheel_is_the_only_source_of_zones() -> None:
    assert zoneinfo.TZPATH == ()
    assert tzdata_version() == version("tzdata")
    lock = (ROOT / "requirements/base.txt").read_text(encoding="utf-8")
    assert f"tzdata=={tzdata_version()}" in lock
