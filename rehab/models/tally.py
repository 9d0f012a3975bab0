"""How many messages were made, sent and lost: counted by PostgreSQL itself, whoever finished them.

Rows are only ever added, so that counting makes nobody wait for anybody; `fold` adds up old ones.
Nothing here is a patient's.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models

LATENESS_SECONDS = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 21_600)
"""Upper bounds of the lateness histogram; what is later still has no bound."""


class DeliveryEvent(models.TextChoices):
    """What happens to messages.

    created + revived = sent + merged + not sent + failed + withdrawn + those that still wait.
    Withdrawn: taken back before anybody tried it, as where the plan changed. Revived: given up, and
    tried again by hand.
    """

    CREATED = "created"
    SENT = "sent"
    MERGED = "merged"
    NOT_SENT = "not_sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    REVIVED = "revived"
    RECEIVED = "received"


class DeliveryTally(models.Model):
    """Messages of one channel to which one thing happened, written by triggers.

    late_under: of what was sent, the bound in seconds that its lateness stayed under, empty
    beyond the last. seconds: the sum of their lateness.
    """

    at = models.DateTimeField()
    channel = models.CharField(max_length=10)
    event = models.CharField(max_length=10, choices=DeliveryEvent)
    late_under = models.IntegerField(null=True)
    many = models.BigIntegerField()
    seconds = models.FloatField(default=0)

    class Meta:
        indexes = [models.Index(fields=["at"], name="delivery_tally_by_time")]

    def __str__(self) -> str:
        return f"{self.many} {self.channel} {self.event}"


@dataclass(frozen=True, slots=True)
class Count:
    """The sum of one kind of rows; `seconds` is the sum of their lateness."""

    channel: str
    event: str
    late_under: int | None
    many: int
    seconds: float


def counts(*, since: datetime | None = None, until: datetime | None = None) -> list[Count]:
    """Add up what happened in [since, until), or ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, event, late_under, sum(many)::bigint, sum(seconds)"
            " FROM rehab_deliverytally"
            " WHERE (%(since)s::timestamptz IS NULL OR at >= %(since)s)"
            " AND (%(until)s::timestamptz IS NULL OR at < %(until)s)"
            " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            {"since": since, "until": until},
        )
        return [Count(*row) for row in cursor.fetchall()]


def fold(*, before: datetime) -> None:
    """Put what was counted before a moment into one row a day and kind; safe to run twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH old AS (DELETE FROM rehab_deliverytally WHERE at < %s RETURNING *)"
            " INSERT INTO rehab_deliverytally (at, channel, event, late_under, many, seconds)"
            " SELECT date_trunc('day', at), channel, event, late_under, sum(many), sum(seconds)"
            " FROM old GROUP BY 1, 2, 3, 4",
            [before],
        )
