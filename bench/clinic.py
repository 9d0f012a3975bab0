"""A clinic for the benchmark: one patient with a long history to read, many to write for."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.db import connection, connections, transaction

from bench.clones import copy_patient
from bench.programme import DAY, Programme, make_programme, today
from patients.models import User
from rehab.actions.intake import Sent
from rehab.actions.plans import activate_plan, create_plan
from rehab.actions.schedule import store_up_to
from rehab.actions.sessions import log_sessions
from rehab.domain.plan_draft import PlanDraft
from rehab.domain.session_entry import SessionEntry
from rehab.models import SessionLog
from tests.people import Cast, make_cast, make_clinician, make_patient, make_user, token_of
from tests.plans import clear_profile, load_catalogue

WEEKS_OF_PROGRESS = 12
_SLOTS_A_DAY = 7
# Left open before today, for the logs that the benchmark sends.
OPEN_DAYS = 6


@dataclass(slots=True)
class Writer:
    """A patient who logs with the account of their own, and the sessions not yet sent."""

    patient_id: UUID
    token: str
    sessions: Iterator[dict[str, Any]]

    def next_entry(self) -> dict[str, Any]:
        return next(self.sessions)


@dataclass(slots=True)
class BenchClinic:
    """reader: has `logs` session logs. writers: have the last days open. idle: for the floor."""

    cast: Cast
    programme: Programme
    reader_id: UUID
    reader_token: str
    at: datetime
    writers: list[Writer] = field(default_factory=list)
    idle: list[UUID] = field(default_factory=list)
    taken: int = 0

    @property
    def first(self) -> date:
        return self.last - (7 * WEEKS_OF_PROGRESS - 1) * DAY

    @property
    def last(self) -> date:
        return today(self.at)

    def take(self, count: int) -> list[Writer]:
        """Return writers that nobody has taken yet."""
        found = self.writers[self.taken : self.taken + count]
        assert len(found) == count, "too few patients were made"
        self.taken += count
        return found


def make_clinic(
    *, at: datetime, writers: int, rows: int, logs: int, say: Callable[[str], None]
) -> BenchClinic:
    """Make everybody. rows: session logs in the database altogether, at least three weeks each."""
    cast, programme = make_cast(), make_programme()
    long_ago = at - timedelta(days=logs // _SLOTS_A_DAY + 1)
    say(f"telling {logs:,} logs of one patient")
    reader = second_patient(cast)
    _live(reader, programme, since=long_ago, until=at, open_days=0, at=at)
    clinic = BenchClinic(cast, programme, reader.patient.pk, token_of(reader.alice), at)
    told = (rows - logs) // (writers * _SLOTS_A_DAY)
    days = min(max(told + OPEN_DAYS, 21), 7 * WEEKS_OF_PROGRESS)
    say(f"making {writers} patients with {days} days of history each")
    _live(cast, programme, since=at - days * DAY, until=at, open_days=OPEN_DAYS, at=at)
    clinic.writers = list(_copies(clinic, writers))
    clinic.idle = [_bare_patient(cast, f"Idle {place}") for place in range(40)]
    return clinic


def second_patient(cast: Cast) -> Cast:
    """The same cast about another patient, whose account plays Alice."""
    account = make_user("reader")
    patient = make_patient(cast.clinic, "Reader", user=account)
    make_clinician(patient, cast.dana)
    account.refresh_from_db()
    return replace(cast, patient=patient, alice=account)


def _live(
    cast: Cast,
    programme: Programme,
    *,
    since: datetime,
    until: datetime,
    open_days: int,
    at: datetime,
) -> None:
    """Assign the plan, then log week by week as it goes on; nothing in the last `open_days`."""
    author = User.objects.get(pk=cast.alice.pk)
    assign(cast, programme, since=since, at=at)
    last = today(until) - open_days * DAY
    days = (last - today(since)).days - 1
    told = programme.sessions(last, days=days)
    entries = [msgspec.convert(body, SessionEntry) for body in islice(told, days * _SLOTS_A_DAY)]
    for week in range(0, len(entries), 7 * _SLOTS_A_DAY):
        sent = [Sent(uuid4(), entry) for entry in entries[week : week + 7 * _SLOTS_A_DAY]]
        received = min(sent[-1].entry.performed_at + timedelta(hours=1), at)
        log_sessions(by=author, at=received, patient_id=cast.patient.pk, sent=sent)
    with cast.inside():
        store_up_to(cast.patient.pk, at=at)


def assign(cast: Cast, programme: Programme, *, since: datetime, at: datetime) -> None:
    """Put the plan into force in the past, so that it is still in force today."""
    load_catalogue()
    clear_profile(cast, at=since)
    draft = PlanDraft(
        title="Plan",
        items=programme.items,
        review_due_on=today(at + 30 * DAY),
        training_expires_on=today(at + 30 * DAY),
    )
    plan = create_plan(by=cast.dana, at=since, patient_id=cast.patient.pk, draft=draft)
    activate_plan(by=cast.dana, at=since, plan_id=plan.pk)


def _copies(clinic: BenchClinic, count: int) -> Iterator[Writer]:
    cast = clinic.cast
    with transaction.atomic():
        people = [make_user(f"writer{place}") for place in range(count)]
        patients = [make_patient(cast.clinic, user.name, user=user) for user in people]
        with cast.inside():
            pairs = [(each.pk, user.pk) for each, user in zip(patients, people, strict=True)]
            copy_patient(cast.patient.pk, pairs)
        tokens = [token_of(user) for user in people]
    for patient, token in zip(patients, tokens, strict=True):
        sessions = clinic.programme.sessions(clinic.last, days=OPEN_DAYS)
        yield Writer(patient.pk, token, sessions)


def _bare_patient(cast: Cast, name: str) -> UUID:
    identity: UUID = make_patient(cast.clinic, name).pk
    return identity


def count_logs(clinic: BenchClinic) -> int:
    with clinic.cast.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rehab_sessionlog")
        return int(cursor.fetchone()[0])


def settle_tables() -> None:
    """Let the planner see what is there, as it would in a database that has lived."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connections["owner"].close()


def write_floor(clinic: BenchClinic, path: Path) -> None:
    """Tell the floor what to insert: one of our own rows; and what to select."""
    names = [column.column for column in SessionLog._meta.concrete_fields if column.column]
    texts = ", ".join(f'"{name}"::text' for name in names)
    with clinic.cast.inside(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {texts} FROM rehab_sessionlog WHERE patient_id = %s"
            " ORDER BY performed_at DESC LIMIT 1",
            [clinic.reader_id],
        )
        row = dict(zip(names, cursor.fetchone(), strict=True))
    row |= {"placement": "extra", "occurrence_id": None}
    plan = {
        "clinics": f"{{{clinic.cast.clinic.pk}}}",
        "log": row,
        "today": clinic.last.isoformat(),
        "first": clinic.first.isoformat(),
        "last": clinic.last.isoformat(),
    }
    path.write_text(json.dumps(plan))
