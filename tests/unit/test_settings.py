"""The environment is read by type, and what is wrong is named by its variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings.env import Environment, Problem, read_env_file
from config.settings.redis_urls import broker_url, cache_url

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "kq3ZpX0v7LwT9mBfY2rJd8HsNc5GaEuR4oViWxQy1nMtKbPz6D",
    "PUBLIC_URL": "https://rehab.example.org",
    "DATABASE_URL": "postgres://app:secret@db.example.org/rehab",
    "REDIS_URL": "redis://:secret@redis.example.org:6379",
    "EMAIL_URL": "smtp://mail.example.org:587?tls=starttls",
    "EMAIL_FROM": "rehab@example.org",
    "TRUSTED_PROXIES": "1",
}


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    plain = {"PATH": os.environ["PATH"], "DATA_DIR": os.environ.get("DATA_DIR", "/nowhere")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**plain, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def noted(name: str, value: str, read: str, *arguments: object) -> list[Problem]:
    env = Environment({name: value})
    getattr(env, read)(name, *arguments)
    return env.problems


def test_a_sound_value_is_read_and_nothing_is_noted() -> None:
    env = Environment({"PORT": " 8001 ", "DEMO": "0", "HOSTS": "a.test, b.test,"})

    assert env.integer("PORT", 8000) == 8001
    assert env.flag("DEMO", True) is False
    assert env.listing("HOSTS") == ["a.test", "b.test"]
    assert env.problems == []


def test_zero_is_a_value() -> None:
    assert Environment({"TRUSTED_PROXIES": "0"}).integer("TRUSTED_PROXIES", 3) == 0


@pytest.mark.parametrize(
    ("name", "value", "read", "arguments"),
    [
        ("PORT", "eighty", "integer", (8000,)),
        ("PORT", "-1", "integer", (8000,)),
        ("DEMO", "maybe", "flag", (True,)),
        ("ENVIRONMENT", "prod", "choice", (("production", "local"), "local")),
        ("PUBLIC_URL", "rehab.example.org", "url", (("https",),)),
        ("PUBLIC_URL", "https://rehab.example.org:port", "url", (("https",),)),
    ],
)
def test_a_malformed_value_is_noted_by_the_name_of_its_variable(
    name: str, value: str, read: str, arguments: tuple[object, ...]
) -> None:
    assert [problem.variable for problem in noted(name, value, read, *arguments)] == [name]


def test_a_note_never_repeats_the_password_of_an_address() -> None:
    (problem,) = noted("DATABASE_URL", "mysql://app:hush@db/rehab", "url", ("postgres",))

    assert "hush" not in problem.message


def test_the_file_of_the_running_launcher_is_read_and_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("# note\nDATABASE_URL=postgres://app:a=b@/rehab\n\n")

    assert read_env_file(tmp_path / "env") == {"DATABASE_URL": "postgres://app:a=b@/rehab"}
    assert read_env_file(tmp_path / "other") == {}


def test_broker_and_cache_are_two_databases_of_one_server() -> None:
    assert broker_url("redis://:hush@redis:6379") == "redis://:hush@redis:6379/0"
    assert cache_url("redis://:hush@redis:6379") == "redis://:hush@redis:6379/1"
    assert broker_url("unix://:hush@/run/v.sock") == (
        "redis+socket://:hush@/run/v.sock?virtual_host=0"
    )
    assert cache_url("unix://:hush@/run/v.sock") == "unix://:hush@/run/v.sock?db=1"


def test_a_complete_production_environment_passes_the_deployment_check() -> None:
    answer = manage("check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION)

    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def test_an_empty_production_environment_names_every_missing_variable() -> None:
    answer = manage("check", environment={"ENVIRONMENT": "production"})

    assert answer.returncode != 0
    for name in PRODUCTION.keys() - {"ENVIRONMENT", "TRUSTED_PROXIES"}:
        assert f"{name} is required and is not set" in answer.stderr


@pytest.mark.parametrize(
    "change",
    [
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "a" * 60},
        {"METRICS_TOKEN": "short"},
        {"PUBLIC_URL": "http://rehab.example.org"},
        {"DEBUG": "1"},
        # A message would be claimed again before it is known whether it was taken.
        {"EMAIL_TIMEOUT": "31"},
        {"OUTGOING_TIMEOUT_SECONDS": "31"},
    ],
)
def test_production_refuses_to_serve_with_a_weak_setting(change: dict[str, str]) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **PRODUCTION, **change},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode != 0
    assert next(iter(change)) in answer.stderr.splitlines()[-1]


def test_naming_a_database_without_an_environment_means_production() -> None:
    answer = manage("check", environment={"DATABASE_URL": "postgres://app:x@db/rehab"})

    assert "SECRET_KEY is required" in answer.stderr


def test_the_web_server_names_a_malformed_variable_of_its_own() -> None:
    code = "import runpy; runpy.run_path('config/gunicorn.conf.py'); import config.wsgi"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **PRODUCTION, "WEB_CONCURRENCY": "two"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "WEB_CONCURRENCY must be a whole number" in answer.stderr
