"""A calendar file (RFC 5545) of the times at which something is due, and of nothing else.

The form is small because the file is: moments in UTC, ids, and two fixed phrases. No name, no
exercise and no note enters it, so nobody's words have to be kept out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

LASTS_MINUTES = 15
REFRESH = "PT1H"
LONGEST_LINE_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Event:
    """One moment; `sequence` grows with every change of it, `changed_at` is the last one."""

    id: UUID
    starts_at: datetime
    sequence: int
    changed_at: datetime


def calendar_file(events: Iterable[Event], *, title: str, phrase: str) -> str:
    """Return the file. title: what the calendar is called. phrase: what every event says."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//rehab//times//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(title)}",
        f"X-WR-CALNAME:{_text(title)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *(line for event in events for line in _event(event, phrase)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(event: Event, phrase: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.id}"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{_utc(event.starts_at)}"
    yield f"DURATION:PT{LASTS_MINUTES}M"
    yield f"SUMMARY:{_text(phrase)}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield the line in pieces of at most 75 octets, never within a character."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > LONGEST_LINE_OCTETS:
            yield piece
            piece = " "
        piece += character
    yield piece
