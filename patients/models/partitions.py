"""Partitions of tables that grow for ever: the owner's function adds them, see docs/adr/0063."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models

from patients.domain.periods import Period, Width, periods


@dataclass(frozen=True, slots=True)
class Cut:
    """How a table is cut. ahead: periods that are made before they begin."""

    model: type[models.Model]
    width: Width
    ahead: int

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def add_partitions(cut: Cut, *, at: datetime) -> Sequence[str]:
    """Make the partitions that are missing from now on; return their names. Needs a transaction.

    A period of which the spare partition holds rows already has none: those rows stay there.
    """
    return [
        f"{cut.table}_{each.name}"
        for each in periods(cut.width, at=at, ahead=cut.ahead)
        if _add(cut.table, each)
    ]


def _add(table: str, period: Period) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT patients_add_partition(%s::regclass, %s, %s, %s)",
            [table, period.name, period.starts_at, period.ends_at],
        )
        return bool(cursor.fetchone()[0])


def made_until(cut: Cut) -> datetime | None:
    """Return where the last partition ends, None where there is only the spare one."""
    found = _bounds(cut.table)
    return max(ends_at for _, ends_at in found) if found else None


def partitions_before(cut: Cut, moment: datetime) -> Sequence[str]:
    """Return the partitions whose whole period is over before a moment, the oldest first."""
    return [name for name, ends_at in _bounds(cut.table) if ends_at <= moment]


def _bounds(table: str) -> list[tuple[str, datetime]]:
    """Return name and end of every partition but the spare one, as PostgreSQL has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i"
            " JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass",
            [table],
        )
        rows = cursor.fetchall()
    ends = ((name, re.search(r"TO \('([^']+)'\)", bound)) for name, bound in rows)
    return sorted((name, datetime.fromisoformat(end[1])) for name, end in ends if end)
