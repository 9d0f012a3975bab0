"""What an operator's monitor is told."""

import importlib.metadata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from config import health

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_without_touching_anything(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_ready_service_shows_its_checks_and_the_version_of_its_time_zones(
    client: Client,
) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    body = response.json()
    assert set(body["checks"]) == {"database", "migrations", "broker", "reminders", "partitions"}
    assert all(check["ok"] for check in body["checks"].values())
    assert body["tzdata"] == importlib.metadata.version("tzdata")


def test_a_late_reminder_makes_the_service_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = timedelta(seconds=settings.REMINDERS_LATE_AFTER_SECONDS + 1)
    monkeypatch.setattr(health, "oldest_due_unsent_age", lambda now: late)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["reminders"]["ok"] is False


def test_a_dead_broker_makes_the_service_unready_and_names_no_host(
    client: Client, settings: Any
) -> None:
    nowhere = {**settings.CACHES["default"], "LOCATION": "unix://:hush@/nowhere.sock?db=1"}
    settings.CACHES = {"default": nowhere}

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == {"ok": False, "error": "ConnectionError"}


def test_a_migration_that_waits_makes_the_service_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_waiting(*_: object) -> list[str]:
        return ["patients.0002"]

    plan: Callable[..., list[str]] = one_waiting
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", plan)

    assert client.get("/readyz").json()["checks"]["migrations"] == {"ok": False, "waiting": 1}
