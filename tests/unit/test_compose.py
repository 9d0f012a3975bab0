"""docker-compose.yml runs what the launcher runs, and keeps no secret."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.launcher import commands

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(TEXT)["services"]
PRODUCT = ("migrate", "web", "worker", "beat", "watch")


@pytest.mark.parametrize(
    ("service", "command"),
    [
        ("migrate", commands.PREPARE),
        ("web", commands.WEB),
        ("worker", commands.WORKER),
        ("beat", commands.BEAT),
        ("watch", commands.WATCH),
    ],
)
def test_a_service_runs_exactly_the_command_of_the_launcher(
    service: str, command: tuple[str, ...]
) -> None:
    assert tuple(SERVICES[service]["command"]) == command


def test_every_lasting_service_has_a_health_check() -> None:
    lasting = SERVICES.keys() - {"migrate"}

    assert all("healthcheck" in SERVICES[name] for name in lasting)


def test_only_the_migration_knows_the_owner() -> None:
    knowing = [name for name in PRODUCT if "DATABASE_OWNER_URL" in SERVICES[name]["environment"]]

    assert knowing == ["migrate"]


def test_the_product_waits_for_its_migrations() -> None:
    for name in ("web", "worker", "beat", "watch"):
        condition = SERVICES[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"


def test_one_image_serves_and_it_runs_as_an_ordinary_user() -> None:
    assert {SERVICES[name]["image"] for name in PRODUCT} == {"rehab-tracker"}
    assert "\nUSER rehab\n" in (ROOT / "Dockerfile").read_text()


def test_every_secret_comes_from_the_environment_and_a_missing_one_stops_the_start() -> None:
    secrets = ("SECRET_KEY", "APP_PASSWORD", "OWNER_PASSWORD", "REDIS_PASSWORD", "EMAIL_URL")

    for name in secrets:
        assert re.search(rf"\$\{{{name}:\?", TEXT), name
    assert not re.search(r"PASSWORD: (?!\$\{)", TEXT)


def test_the_volumes_have_names() -> None:
    assert set(yaml.safe_load(TEXT)["volumes"]) == {"postgres", "redis"}
