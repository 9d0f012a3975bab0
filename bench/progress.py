"""`make bench-progress`: twelve weeks of progress for 200 logs and for 20,000, among a million.

Engines of its own in a temporary folder. One patient is lived through the actions; the others are
copies in sets of SQL (`bench/clones.py`), whose days the product's own statement counts. The
patients are asked in turn, so that a noisy minute hits all of them; medians are printed.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from bench.api import prepare, say, set_up_django
from config.launcher.engines import temporary_engines

if TYPE_CHECKING:
    from tests.people import Cast

WEEKS = 12
A_BATCH = 14
TIMES = 100
"""The long histories hold so many times the logs of the short one."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.progress", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="session logs in the database")
    parser.add_argument("--logs", type=int, default=200, help="logs of the short history")
    parser.add_argument("--runs", type=int, default=40, help="turns of all patients")
    return parser.parse_args()


@dataclass(frozen=True, slots=True)
class Reader:
    """A patient whose progress is read with the account of their own."""

    name: str
    patient_id: UUID
    token: str


def main() -> None:
    asked = arguments()
    say("starting PostgreSQL and Valkey in a temporary folder")
    with temporary_engines() as engines:
        set_up_django({**prepare(engines), **engines.owner_environment()})
        from django.db import connections

        try:
            measure(asked)
        finally:
            connections.close_all()


def measure(asked: argparse.Namespace) -> None:
    from django.utils import timezone

    from bench.clinic import settle_tables
    from bench.machine import described

    machine = described()
    readers = make_readers(timezone.now(), asked.logs, asked.rows)
    settle_tables()
    say("measuring")
    counts = {each.name: statements(each) for each in readers}
    times = in_turn(readers, asked.runs)
    print(f"\n{machine}\n{asked.runs} turns, medians\n")
    print(table(readers, counts, times))


def make_readers(at: datetime, logs: int, rows: int) -> list[Reader]:
    """Make the patients who are read, and enough others for so many rows altogether."""
    from bench.clinic import second_patient, settle_tables
    from bench.clones import copy_patient
    from tests.people import make_cast, make_patient, make_user, token_of

    cast = make_cast()
    template = second_patient(cast)
    say(f"telling {logs} logs of one patient")
    tell(template, logs, at)
    short = Reader(f"{logs:,} logs", template.patient.pk, token_of(template.alice))
    others = max((rows // (logs * TIMES)) - 2, 0)
    names = ["dense", "long", *(f"other{place}" for place in range(others))]
    people = [make_user(name) for name in names]
    patients = [make_patient(cast.clinic, user.name, user=user) for user in people]
    pairs = [(each.pk, user.pk) for each, user in zip(patients, people, strict=True)]
    with cast.inside():
        copy_patient(template.patient.pk, pairs)
    dense, long, *rest = patients
    say(f"multiplying {len(names)} histories by {TIMES}")
    with cast.inside():
        multiply([dense.pk, *(each.pk for each in rest)], apart=timedelta(seconds=1))
        multiply([long.pk], apart=timedelta(weeks=WEEKS))
    settle_tables()
    for each in (dense, long):
        with cast.inside():
            say(f"counting the days of {each.name}")
            count_days(each.pk)
    return [
        short,
        Reader(f"{logs * TIMES:,} logs, all in these weeks", dense.pk, token_of(people[0])),
        Reader(f"{logs * TIMES:,} logs, most of them earlier", long.pk, token_of(people[1])),
    ]


def tell(cast: "Cast", logs: int, at: datetime) -> None:
    """Log so many sessions over the weeks, two a day on their slots and the others beyond them."""
    import msgspec

    from bench.clinic import assign
    from bench.programme import DAY, Programme, make_programme, today
    from rehab.actions.intake import Sent
    from rehab.actions.schedule import store_up_to
    from rehab.actions.sessions import log_sessions
    from rehab.domain.session_entry import SessionEntry

    programme = Programme(make_programme().items[2:])
    assign(cast, programme, since=at - 7 * WEEKS * DAY, at=at)
    bodies = islice(programme.sessions(today(at), days=7 * WEEKS - 1), logs)
    entries = sorted(
        (msgspec.convert(body, SessionEntry) for body in bodies), key=lambda each: each.performed_at
    )
    for place in range(0, logs, A_BATCH):
        sent = [Sent(uuid4(), entry) for entry in entries[place : place + A_BATCH]]
        received = min(sent[-1].entry.performed_at + timedelta(hours=1), at)
        log_sessions(by=cast.alice, at=received, patient_id=cast.patient.pk, sent=sent)
    with cast.inside():
        store_up_to(cast.patient.pk, at=at)


def multiply(patients: Sequence[UUID], *, apart: timedelta) -> None:
    """Tell every log of some patients again, so much earlier each time, as one beyond the plan."""
    from django.db import connection

    from rehab.models import SessionLog

    changed = {
        "id": "md5(l.id::text || g)::uuid",
        "performed_at": "l.performed_at - g * %(apart)s::interval",
        "on": 'l."on" - (g * extract(epoch FROM %(apart)s::interval) / 86400)::int',
        "occurrence_id": "NULL::uuid",
        "placement": "'extra'",
    }
    columns = [field.column for field in SessionLog._meta.concrete_fields if field.column]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(changed.get(column, f'l."{column}"') for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO rehab_sessionlog ({names}) SELECT {values} FROM rehab_sessionlog l"
            " CROSS JOIN generate_series(1, %(times)s) g WHERE l.patient_id = ANY(%(patients)s)",
            {"apart": apart, "times": TIMES - 1, "patients": list(patients)},
        )


def count_days(patient_id: UUID) -> None:
    """Recount every day of a patient by the statement that counts it after each log."""
    from rehab.models import SessionLog
    from rehab.models.item_days import Day, recompute

    rows = SessionLog.objects.filter(patient_id=patient_id).order_by()
    recompute({Day(patient_id, *key) for key in rows.values_list("series", "on").distinct()})


def statements(reader: Reader) -> int:
    from bench.statements import count

    return count(lambda: ("GET", address(reader), b"", reader.token)).statements


def in_turn(readers: Sequence[Reader], runs: int) -> dict[str, list[float]]:
    """Ask for each patient in turn; return milliseconds. The first turns warm up."""
    from bench.statements import play

    times: dict[str, list[float]] = {each.name: [] for each in readers}
    for run in range(runs + 3):
        for each in readers:
            began = time.perf_counter()
            play(lambda each=each: ("GET", address(each), b"", each.token))
            if run >= 3:
                times[each.name].append((time.perf_counter() - began) * 1000)
    return times


def address(reader: Reader) -> str:
    return f"/api/v1/patients/{reader.patient_id}/progress"


def table(readers: Sequence[Reader], counts: dict[str, int], times: dict[str, list[float]]) -> str:
    least = median(times[readers[0].name])
    lines = ["| patient | statements | ms | times the first |", "|---|---|---|---|"]
    for each in readers:
        found = median(times[each.name])
        lines.append(f"| {each.name} | {counts[each.name]} | {found:.1f} | {found / least:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
