"""The main job from end to end, through HTTP and a real SMTP server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.test import override_settings

from config.launcher.ports import free_port
from rehab.actions.delivery import drain
from tests.contract.client import ContractClient, api_client
from tests.people import Cast
from tests.plans import CLEAR_ANSWERS, load_catalogue

MONDAY = datetime(2026, 10, 19, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content))
        return "250 kept"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    kept = Mailbox()
    port = free_port()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        EMAIL_USE_TLS=False,
        EMAIL_USE_SSL=False,
        EMAIL_HOST_USER="",
        EMAIL_HOST_PASSWORD="",
    ):
        yield kept
    server.stop()


PLAN = {
    "title": "Arm and thigh",
    "items": [
        {
            "exercise": "prom-shoulder-flexion",
            "parts": [
                {
                    "side": "left",
                    "dose": {"repetitions": 10, "hold_seconds": 5, "end_angle_degrees": 80},
                    "maximum": {"end_angle_degrees": 90},
                }
            ],
            "maximum": {"sessions_per_day": 3},
            "schedule": {
                "rule": "weekly",
                "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
                "slots": [{"id": "a1", "at": "09:00"}, {"id": "a2", "at": "16:00"}],
            },
        },
        {
            "exercise": "fes-quadriceps",
            "parts": [
                {
                    "muscle": "quadriceps",
                    "channel": 1,
                    "side": "left",
                    "dose": {
                        "pulse_width_us": 300,
                        "frequency_hz": 40,
                        "amplitude_ma": 60,
                        "minutes": 30,
                    },
                    "maximum": {"amplitude_ma": 80},
                }
            ],
            "schedule": {
                "rule": "weekly",
                "days": ["mon", "wed", "fri"],
                "slots": [{"id": "b1", "at": "11:00"}],
            },
        },
    ],
}


def put_log(client: ContractClient, patient: Any, body: dict[str, Any]) -> Any:
    path = f"/api/v1/patients/{patient}/session-logs/{uuid4()}"
    return client.put(path, {"zone": "Asia/Shanghai", **body}, format="json")


def test_from_the_plan_to_the_flag(cast: Cast, mailbox: Mailbox) -> None:
    load_catalogue()
    dana, alice, bob = (api_client(user) for user in (cast.dana, cast.alice, cast.bob))
    patient = f"/api/v1/patients/{cast.patient.pk}"

    with time_machine.travel(MONDAY, tick=False):
        profile = {"answers": CLEAR_ANSWERS, "innervation": {"quadriceps": "intact"}}
        assert dana.patch(f"{patient}/profile", profile, format="json").status_code == 200
        plan = dana.post(f"{patient}/plans", PLAN, format="json")
        assert plan.status_code == 201, plan.content
        activated = dana.post(f"/api/v1/plans/{plan.json()['id']}/activate", {}, format="json")
        assert activated.status_code == 200, activated.content

    with time_machine.travel(MONDAY + timedelta(minutes=30), tick=False):
        # The plan said 09:00, and at 09:00 a reminder leaves to the patient's own address.
        assert drain(at=datetime.now(UTC)).sent == 1
        assert [mail["To"] for mail in mailbox.mails] == [cast.alice.email]

    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        today = alice.get(f"{patient}/today").json()
        arm, thigh = today["occurrences"][0], today["occurrences"][1]
        passive = put_log(
            bob,
            cast.patient.pk,
            {
                "performed_at": "2026-10-19T09:05:00+08:00",
                "occurrence": arm["id"],
                "performer": "caregiver",
                "as_planned": True,
            },
        )
        assert passive.status_code == 201, passive.content
        assert passive.json()["log"]["placement"] == "slot"

    with time_machine.travel(MONDAY + timedelta(hours=4), tick=False):
        part = thigh["parts"][0]["part"]
        stimulated = put_log(
            alice,
            cast.patient.pk,
            {
                "performed_at": "2026-10-19T11:10:00+08:00",
                "occurrence": thigh["id"],
                "minutes": 30,
                "skin_before": "looked_fine",
                "skin_after": "looked_fine",
                "parts": [
                    {
                        "part": part,
                        "pain": 8,
                        "measures": {
                            "pulse_width_us": 300,
                            "frequency_hz": 40,
                            "amplitude_ma": 60,
                            "minutes": 30,
                        },
                    }
                ],
            },
        )
        assert stimulated.status_code == 201, stimulated.content
        assert [flag["rule"] for flag in stimulated.json()["flags"]] == ["pain-threshold"]

        seen = bob.get(f"{patient}/session-logs").json()["results"]
        assert len(seen) == 2

        progress = dana.get(f"{patient}/progress?from=2026-10-19&to=2026-10-25")
        assert progress.status_code == 200
        caseload = dana.get("/api/v1/caseload").json()["results"]
        # The flag itself, and the alert that told whoever receives alerts.
        assert caseload[0]["patient"] == str(cast.patient.pk)
        assert caseload[0]["open_flags"] == {"E1": 1}

    with time_machine.travel(MONDAY + timedelta(hours=4, minutes=1), tick=False):
        drain(at=datetime.now(UTC))
        told = {mail["To"] for mail in mailbox.mails[1:]}
        assert cast.bob.email in told
        text = "".join(mail.as_string() for mail in mailbox.mails)
        assert "shoulder" not in text.lower() and "alice" not in mailbox.mails[0]["Subject"].lower()
