"""Written by ourselves, so read back here by somebody else's parser."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.calendar_file import Event, calendar_file

NINE = datetime(2026, 10, 19, 1, 0, tzinfo=UTC)
EVENT = Event(UUID(int=7), NINE, 3, NINE - timedelta(days=2))


def read(text: str) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(text)


def test_another_program_reads_the_moment_in_utc() -> None:
    calendar = read(calendar_file([EVENT], title="锻炼时间", phrase="锻炼时间"))

    (event,) = calendar.walk("VEVENT")
    assert event.decoded("DTSTART") == NINE
    assert event["DTSTART"].to_ical() == b"20261019T010000Z"
    assert event.decoded("DURATION") == timedelta(minutes=15)
    assert event.decoded("LAST-MODIFIED") == event.decoded("DTSTAMP") == EVENT.changed_at
    assert str(event["UID"]) == str(EVENT.id)
    assert event["SEQUENCE"] == 3
    assert str(event["SUMMARY"]) == "锻炼时间"
    assert str(calendar["X-WR-CALNAME"]) == "锻炼时间"
    assert calendar["VERSION"] == "2.0"


def test_no_zone_needs_to_be_described() -> None:
    text = calendar_file([EVENT], title="Exercise times", phrase="Exercise time")

    assert "TZID" not in text
    assert "VTIMEZONE" not in text


def test_file_without_events_is_still_a_calendar() -> None:
    assert read(calendar_file([], title="T", phrase="P")).walk("VEVENT") == []


@pytest.mark.parametrize("words", ["a, b; c\\d", "two\nlines", "长" * 60, "é" * 200])
def test_any_words_come_back_as_they_were(words: str) -> None:
    (event,) = read(calendar_file([EVENT], title="T", phrase=words)).walk("VEVENT")

    assert str(event["SUMMARY"]) == words


@given(st.lists(st.builds(
    Event,
    st.uuids(),
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(tzinfo=UTC, microsecond=0)
    ),
    st.integers(0, 2**31 - 1),
    st.just(NINE),
), max_size=5, unique_by=lambda event: event.id))  # fmt: skip
def test_every_event_comes_back(events: list[Event]) -> None:
    text = calendar_file(events, title="Exercise times", phrase="Exercise time")

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    found = [
        (UUID(str(each["UID"])), each.decoded("DTSTART"), each["SEQUENCE"])
        for each in read(text).walk("VEVENT")
    ]
    assert found == [(each.id, each.starts_at, each.sequence) for each in events]
