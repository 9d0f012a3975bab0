"""Millions of rows that wait, within minutes: indexes go while the table fills and come back after.

What stands afterwards is what stood before, and it is compared: indexes, constraints, triggers,
walls, and that it is logged.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg2

# Rows that wait: one every ten minutes for each patient, from tomorrow on.
_FUTURE = """
INSERT INTO rehab_delivery (due_at, id, patient_id, clinic_id, reminder_id, recipient_id,
  contact_point_id, channel, next_at, wanted_at, attempts, outcome, reason, created_at)
SELECT f.due, gen_random_uuid(), p.id, p.clinic_id, gen_random_uuid(), p.user_id, c.id, c.channel,
  f.due, f.due, 0, '', '', now()
FROM generate_series(1, %(last)s) n
CROSS JOIN LATERAL (SELECT now() + interval '1 day' + n * interval '10 minutes' AS due) f
CROSS JOIN patients_patient p JOIN patients_contactpoint c ON c.user_id = p.user_id
WHERE c.channel = 'push'
LIMIT %(rows)s
"""
_QUICKLY = (
    # Neither triggers nor foreign keys: nothing here is counted, and every row is a copy.
    "SET session_replication_role = replica",
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '512MB'",
)
_SHAPE = """
SELECT c.relname, c.relpersistence::text, c.relrowsecurity, c.relforcerowsecurity,
  (SELECT array_agg(d.made ORDER BY d.made) FROM pg_index i CROSS JOIN LATERAL
    (SELECT regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \\S+ ON', 'INDEX ON') AS made) d
    WHERE i.indrelid = c.oid),
  (SELECT array_agg(pg_get_constraintdef(k.oid) ORDER BY pg_get_constraintdef(k.oid))
    FROM pg_constraint k WHERE k.conrelid = c.oid),
  (SELECT array_agg(t.tgname || t.tgenabled::text ORDER BY t.tgname) FROM pg_trigger t
    WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
FROM pg_class c WHERE c.oid IN (SELECT relid FROM pg_partition_tree('rehab_delivery'))
ORDER BY c.relname
"""
_INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = 'rehab_delivery'::regclass AND NOT i.indisprimary
"""
_KEY = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'rehab_delivery'::regclass AND contype = 'p'
"""


def add_future(rows: int, patients: Sequence[UUID], *, superuser: str) -> None:
    """Add rows that are due from tomorrow on."""
    found = psycopg2.connect(superuser)
    try:
        with found, found.cursor() as cursor:
            for setting in _QUICKLY:
                cursor.execute(setting)
            before = _asked(cursor, _SHAPE)
            with _without_indexes(cursor):
                last = -(-rows // len(patients))
                cursor.execute(_FUTURE, {"last": last, "rows": rows})
            assert _asked(cursor, _SHAPE) == before, "the table is not what it was"
    finally:
        found.close()


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    """Take the indexes and the key of the whole and of all its parts away, and put them back."""
    indexes, ((key, definition),) = _asked(cursor, _INDEXES), _asked(cursor, _KEY)
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    cursor.execute(f'ALTER TABLE rehab_delivery DROP CONSTRAINT "{key}"')
    yield
    cursor.execute(f'ALTER TABLE rehab_delivery ADD CONSTRAINT "{key}" {definition}')
    for _, made in indexes:
        cursor.execute(re.sub(" ON ONLY ", " ON ", made))


def _asked(cursor: Any, statement: str) -> list[tuple[Any, ...]]:
    cursor.execute(statement)
    return list(cursor.fetchall())
