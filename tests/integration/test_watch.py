"""Nothing stops in silence: metrics, the watch, and the report, on real rows and real sockets."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from config.launcher.ports import free_port
from rehab.actions.delivery import drain
from rehab.domain.watch import Watch
from rehab.management.commands.watch import look
from rehab.models.tally import Count, counts, fold
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import local
from tests.people import Cast
from tests.plans import assign, shoulder

LATE = timedelta(seconds=300)


@pytest.fixture
def plan(cast: Cast) -> Any:
    return assign(cast, shoulder("09:00", reminded=()), at=local(18, 20))


@pytest.fixture
def mailbox() -> Iterator[Any]:
    with open_mailbox() as opened:
        yield opened


class Listener(ThreadingHTTPServer):
    """Whoever the watch calls: it keeps what it heard."""

    heard: list[tuple[str, str, Any]]
    answers = 200


class _Ear(BaseHTTPRequestHandler):
    server: Listener

    def _take(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.heard.append((self.command, self.path, json.loads(sent) if sent else None))
        self.send_response(self.server.answers)
        self.end_headers()

    do_GET = do_POST = _take  # noqa: N815 - names of the standard library

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    server = Listener(("127.0.0.1", 0), _Ear)
    server.heard = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WATCH_PING_URL = f"http://127.0.0.1:{server.server_port}/ping"
    settings.WATCH_ALERT_URL = f"http://127.0.0.1:{server.server_port}/alarm"
    yield server
    server.shutdown()
    server.server_close()


def tallied() -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for each in counts():
        found[each.channel, each.event] = found.get((each.channel, each.event), 0) + each.many
    return found


def test_postgresql_counts_what_is_made_and_what_leaves(plan: Any, mailbox: Any) -> None:
    made = tallied()["email", "created"]
    drain(at=local(19, 9))

    assert made >= 1
    assert tallied() == {("email", "created"): made, ("email", "sent"): 1}
    (sent,) = [each for each in counts() if each.event == "sent"]
    assert sent.late_under is not None
    assert sent.late_under <= 30


def test_a_message_that_left_late_is_counted_by_how_late(plan: Any, mailbox: Any) -> None:
    drain(at=local(19, 9) + timedelta(seconds=40))
    (sent,) = [each for each in counts() if each.event == "sent"]

    assert sent.late_under == 60
    assert 40 <= sent.seconds < 60


def test_adding_up_old_counts_changes_no_sum(plan: Any, mailbox: Any) -> None:
    drain(at=local(19, 9))
    before = counts()
    with time_machine.travel(local(25, 9), tick=False):
        fold(before=datetime.now(local(25, 9).tzinfo) + timedelta(days=3650))

    assert counts() == before
    assert all(isinstance(each, Count) for each in before)


def test_metrics_tell_what_left_how_late_and_what_waits(plan: Any, mailbox: Any) -> None:
    drain(at=local(19, 9))
    with time_machine.travel(local(20, 9) + timedelta(minutes=7), tick=False):
        answer = Client(headers={"authorization": "Bearer t"}).get("/metrics")
    assert answer.status_code == 404

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.METRICS_TOKEN", "long-enough", raising=False)
        with time_machine.travel(local(20, 9) + timedelta(minutes=7), tick=False):
            answer = Client(headers={"authorization": "Bearer long-enough"}).get("/metrics")
            refused = Client(headers={"authorization": "Bearer wrong"}).get("/metrics")
    text = answer.content.decode()

    assert refused.status_code == 404
    assert 'rehab_deliveries_total{channel="email",event="sent"} 1.0' in text
    assert 'rehab_delivery_lateness_seconds_bucket{channel="email",le="30"} 1.0' in text
    assert "rehab_delivery_oldest_due_seconds 420.0" in text
    assert "rehab_deliveries_due 1.0" in text


def test_readyz_knows_of_a_late_reminder_of_any_clinic(client: Client, plan: Any) -> None:
    with time_machine.travel(local(19, 9, 4), tick=False):
        assert client.get("/readyz").json()["checks"]["reminders"]["ok"] is True
    with time_machine.travel(local(19, 9, 6), tick=False):
        found = client.get("/readyz").json()["checks"]["reminders"]
    assert found == {"ok": False, "oldest_due_unsent_seconds": 360.0}


def test_the_watch_pings_while_all_is_well_and_falls_silent_with_an_alarm(
    plan: Any, listener: Listener
) -> None:
    watch = look(Watch(LATE), now=local(19, 9, 4))
    assert listener.heard == [("GET", "/ping", None)]

    watch = look(watch, now=local(19, 9, 6))
    assert listener.heard[1][:2] == ("POST", "/alarm")
    assert listener.heard[1][2]["oldest_due_unsent_seconds"] == 360

    look(watch, now=local(19, 9, 7))
    assert len(listener.heard) == 2


def test_the_watch_says_when_it_is_over(plan: Any, listener: Listener, mailbox: Any) -> None:
    watch = look(Watch(LATE), now=local(19, 9, 6))
    drain(at=local(19, 9, 7))
    look(watch, now=local(19, 9, 8))

    assert [path for _, path, _ in listener.heard] == ["/alarm", "/ping", "/alarm"]
    assert listener.heard[-1][2]["event"] == "over"


def test_an_alarm_nobody_took_is_tried_again_and_on_a_second_way(
    plan: Any, listener: Listener, settings: Any, mailbox: Any
) -> None:
    listener.answers = 500
    watch = look(Watch(LATE), now=local(19, 9, 6))
    settings.WATCH_ALERT_EMAIL = "operator@example.test"
    look(watch, now=local(19, 9, 7))

    assert [path for _, path, _ in listener.heard] == ["/alarm", "/alarm"]
    assert mailbox.recipients == ["operator@example.test"]


def test_the_watch_outlives_an_address_that_does_not_answer(plan: Any, settings: Any) -> None:
    settings.WATCH_PING_URL = f"http://127.0.0.1:{free_port()}/"

    assert look(Watch(LATE), now=local(19, 9, 4)) == Watch(LATE)


def test_the_command_looks_once(plan: Any, listener: Listener) -> None:
    with time_machine.travel(local(19, 9, 4), tick=False):
        call_command("watch", "--once")

    assert listener.heard == [("GET", "/ping", None)]


def test_the_report_says_what_became_of_everything_and_names_nobody(
    cast: Cast, plan: Any, mailbox: Any
) -> None:
    drain(at=local(19, 9))
    out = StringIO()
    with time_machine.travel(local(19, 12), tick=False):
        call_command("reminder_report", stdout=out)
    text = out.getvalue()

    assert "email    training  sent" in text
    assert "late p50 s" in text
    assert cast.patient.name not in text
