"""When to raise the alarm that messages do not leave, and when to keep still.

Pure: it is told what was found and what time it is. The watch is a process of its own; this is
what it decides at each look.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

AGAIN_AFTER = timedelta(hours=1)


class Say(StrEnum):
    """well: tell the dead-man switch that all is well. alarm: something does not leave.
    again: it still does not. over: it does again. nothing: neither."""

    WELL = "well"
    ALARM = "alarm"
    AGAIN = "again"
    OVER = "over"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Watch:
    """late_after: age of the oldest due unsent message from which it is an alarm.

    since: when the trouble began to be seen; told_at: when it was last told.
    """

    late_after: timedelta
    since: datetime | None = None
    told_at: datetime | None = None

    def look(self, oldest: timedelta | None, *, now: datetime) -> tuple["Watch", Say]:
        """Decide on one look. oldest: age of the oldest due unsent message, None when the
        database did not answer.
        """
        if oldest is not None and oldest < self.late_after:
            said = Say.OVER if self.since else Say.WELL
            return Watch(self.late_after), said
        if self.since is None or self.told_at is None:
            return Watch(self.late_after, now, now), Say.ALARM
        if now - self.told_at >= AGAIN_AFTER:
            return Watch(self.late_after, self.since, now), Say.AGAIN
        return self, Say.NOTHING

    def untold(self) -> "Watch":
        """Return the watch as if the last alarm had not been told, because telling it failed."""
        return Watch(self.late_after, self.since, None)
