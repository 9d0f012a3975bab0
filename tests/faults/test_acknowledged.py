"""What was answered with 2xx is there, once, whatever was killed; and who is deaf is replaced."""

import json
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import sleep
from uuid import UUID

import dj_database_url
import psutil
import psycopg2
import pytest

from config.settings.env import read_env_file
from tests.faults.load import Load, Phone
from tests.launched import Launched, all_gone, launched_in_temporary_folder, named, until

EMAIL = "patient@demo.test"
# Beat asks for something every second.
SILENT_SECONDS = 5


@pytest.fixture(scope="module")
def launched() -> Iterator[Launched]:
    with launched_in_temporary_folder(
        WEB_CONCURRENCY="2", WORKER_SILENT_SECONDS=str(SILENT_SECONDS)
    ) as launched:
        launched.start()
        yield launched


@pytest.fixture
def load(launched: Launched) -> Load:
    """A load for the demo patient, on an item of care: nothing that is logged pauses it."""
    phone = Phone(launched.port)
    phone.sign_in(EMAIL, json.loads((launched.data / "secrets.json").read_text())["demo"])
    _, me = phone.call("GET", "/api/v1/me")
    patient = me["patients"][0]["id"]
    _, plans = phone.call("GET", f"/api/v1/patients/{patient}/plans")
    _, plan = phone.call("GET", f"/api/v1/plans/{plans['results'][0]['id']}")
    series = next(item["series"] for item in plan["items"] if item["kind"] == "care")
    phone.hang_up()
    return Load(launched.port, phone.token, patient, series)


def stored(launched: Launched, load: Load) -> dict[UUID, tuple[int, int]]:
    """Return of each answered log how many rows tell it, and how many lines of the audit."""
    address = read_env_file(launched.data / "env")["DATABASE_URL"]
    found = dj_database_url.parse(address)
    connection = psycopg2.connect(
        host=found["HOST"], user=found["USER"], password=found["PASSWORD"], dbname=found["NAME"]
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.clinics', array_agg(id)::text, true) FROM patients_clinic"
            )
            cursor.execute(
                "SELECT sent.id::text,"
                " (SELECT count(*) FROM rehab_sessionlog l WHERE l.id = sent.id),"
                " (SELECT count(*) FROM patients_auditevent a"
                "   WHERE a.kind = 'session.log'"
                "   AND (a.target_id = sent.id OR a.detail->'targets' ? sent.id::text))"
                " FROM unnest(%s::uuid[]) AS sent(id)",
                [[str(log_id) for log_id in load.answered]],
            )
            return {UUID(log_id): (rows, told) for log_id, rows, told in cursor.fetchall()}
    finally:
        connection.close()


def count_logs(launched: Launched, load: Load) -> int:
    """Count the patient's logs as a phone sees them, page by page."""
    phone, number = Phone(launched.port, load.token), 0
    path = f"/api/v1/patients/{load.patient}/session-logs?limit=100"
    while path:
        status, page = phone.call("GET", path)
        assert status == 200, page
        number += len(page["results"])
        path = (page["next"] or "").partition(f":{launched.port}")[2]
    phone.hang_up()
    return number


def web_worker(launched: Launched) -> psutil.Process | None:
    """Return a gunicorn worker: a gunicorn whose parent is one."""
    servers = {child.pid: child for child in launched.children if "gunicorn" in named(child)}
    return next((each for each in servers.values() if each.ppid() in servers), None)


def celery_worker(launched: Launched) -> psutil.Process | None:
    return next((c for c in launched.children if {"celery", "worker"} <= set(named(c))), None)


def valkey(launched: Launched) -> psutil.Process | None:
    return launched.child("valkey-server")


def postgres(launched: Launched) -> psutil.Process | None:
    return launched.child("bin/postgres")


@pytest.mark.parametrize("victim", [web_worker, celery_worker, valkey, postgres])
def test_logs_answered_while_a_process_is_killed_are_there_once(
    launched: Launched, load: Load, victim: Callable[[Launched], psutil.Process | None]
) -> None:
    before = count_logs(launched, load)
    killed = []

    load.start(datetime.now(UTC) - timedelta(minutes=10))
    for share in (0.2, 0.5):
        load.wait_for(share)
        if process := victim(launched):
            process.kill()
            killed.append(process)
    load.finish()

    assert killed
    assert not load.refused
    assert len(load.answered) == load.total
    assert set(stored(launched, load).values()) == {(1, 1)}
    assert count_logs(launched, load) == before + load.total
    assert until(lambda: (now := victim(launched)) is not None and now not in killed)


def test_logs_answered_before_and_after_the_launcher_is_killed_are_there_once(
    launched: Launched, load: Load
) -> None:
    before = count_logs(launched, load)
    children = launched.children

    load.start(datetime.now(UTC) - timedelta(minutes=10))
    load.wait_for(0.3)
    launched.end(signal.SIGKILL)
    launched.start()
    load.finish()

    assert load.repeated
    assert not load.refused
    assert len(load.answered) == load.total
    assert set(stored(launched, load).values()) == {(1, 1)}
    assert count_logs(launched, load) == before + load.total
    assert all_gone(children)


def test_a_worker_that_hears_nothing_any_more_is_replaced_once(launched: Launched) -> None:
    """Nobody asks for anything, as when the consumer is deaf; the next one has nobody to hear."""
    deaf, beat = celery_worker(launched), launched.child("beat")
    assert deaf and beat
    beat.suspend()
    try:
        assert until(lambda: celery_worker(launched) not in (None, deaf), seconds=90)
        assert "heard nothing" in launched.said
        follower = celery_worker(launched)
        sleep(2 * SILENT_SECONDS)
        assert celery_worker(launched) == follower
    finally:
        beat.resume()
