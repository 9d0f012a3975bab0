"""The floor: a bare WSGI function that does the same SELECT and INSERT, and nothing else.

It knows no access, no rules, no schedule and no audit. It runs under the same gunicorn settings,
as the same database role, on the same tables; the wall is set once for a kept connection, and
every statement commits by itself, so that nothing is spent on BEGIN and COMMIT.
`BENCH_FLOOR` names the file of `bench.setting.write_floor`.
"""

import json
import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from bench import kept

_PLAN: dict[str, Any] = json.loads(Path(os.environ["BENCH_FLOOR"]).read_text())
_WALL = f"SELECT set_config('app.clinics', '{_PLAN['clinics']}', false)"

_SIGN_IN = """
SELECT s.id, s.auth_hash, s.last_seen_at, u.*
FROM patients_usersession s JOIN patients_user u ON u.id = s.user_id
WHERE s.key_hash = %s AND s.expire_date > now() AND u.is_active
"""
_PAGE = """
SELECT id, series, version, occurrence_id, placement, status, revision, "on", performed_at,
  performed_zone, received_at, author_id, performer, performer_name, as_planned, outcome, marks,
  duplicate_of, minutes::float, pain, pain_unfelt, effort, details
FROM rehab_sessionlog WHERE patient_id = %s ORDER BY performed_at DESC, id DESC LIMIT 20
"""
_TODAY = """
SELECT o.id, o.series, o.version, o."on", o.slot, o.due_at, o.opens_at, o.closes_at, o.state,
  i.title, i.kind, i.modality, i.target, i.maximum, i.instruction,
  (SELECT json_agg(json_build_object('part', t.part, 'motion', t.motion, 'muscle', t.muscle,
     'side', t.side, 'dose', t.dose, 'maximum', t.maximum) ORDER BY t.position)
   FROM rehab_planpart t WHERE t.item_id = i.id)
FROM rehab_occurrence o JOIN rehab_planitem i ON i.id = o.item_id
WHERE o.patient_id = %s AND o."on" = %s ORDER BY o.due_at
"""
_PROGRESS = """
SELECT series, version, date_trunc('week', "on")::date, sum(due)::int, sum(done)::int,
  sum(partial)::int, sum(skipped)::int, sum(extra)::int, sum(sessions)::int, max(pain_max),
  sum(pain_sum)::int, sum(pain_count)::int, sum(minutes)::float
FROM rehab_itemday WHERE patient_id = %s AND "on" BETWEEN %s AND %s
GROUP BY 1, 2, 3 ORDER BY 1, 3, 2
"""
_NAMES = list(_PLAN["log"])
_ROW = "(" + ", ".join(["%s"] * len(_NAMES)) + ")"
_INSERT = f"INSERT INTO rehab_sessionlog ({', '.join(json.dumps(n) for n in _NAMES)}) VALUES "
_ID, _PATIENT = _NAMES.index("id"), _NAMES.index("patient_id")
_VALUES = list(_PLAN["log"].values())


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    cursor = kept.cursor([_WALL])
    token = environ["HTTP_X_SESSION_TOKEN"]
    cursor.execute(_SIGN_IN, [sha256(token.encode()).hexdigest()])
    assert cursor.fetchone(), "nobody is signed in"
    name, _, argument = environ["PATH_INFO"].strip("/").partition("/")
    body = orjson.dumps(_CALLS[name](cursor, argument, sent), default=str)
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def _log(cursor: Any, patient: str, sent: bytes) -> object:
    orjson.loads(sent)
    row = _row_for(patient)
    cursor.execute(_INSERT + _ROW, row)
    return {"id": row[_ID]}


def _entries(cursor: Any, patient: str, sent: bytes) -> object:
    rows = [_row_for(patient) for _ in orjson.loads(sent)["entries"]]
    values = ", ".join([_ROW] * len(rows))
    cursor.execute(_INSERT + values, [value for row in rows for value in row])
    return [row[_ID] for row in rows]


def _row_for(patient: str) -> list[str | None]:
    row = list(_VALUES)
    row[_ID], row[_PATIENT] = str(uuid4()), patient
    return row


def _select(statement: str, *names: str) -> Callable[[Any, str, bytes], object]:
    def call(cursor: Any, patient: str, sent: bytes) -> object:
        cursor.execute(statement, [patient, *(_PLAN[name] for name in names)])
        return cursor.fetchall()

    return call


_CALLS: dict[str, Callable[[Any, str, bytes], object]] = {
    "log": _log,
    "entries": _entries,
    "page": _select(_PAGE),
    "today": _select(_TODAY, "today"),
    "progress": _select(_PROGRESS, "first", "last"),
}
