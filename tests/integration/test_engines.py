"""The embedded engines where the ground is rough."""

import os
from pathlib import Path

import psycopg2
import pytest

from config.launcher import postgres
from config.launcher.engines import Engines, temporary_engines
from config.launcher.place import Runner


def count_roles(engines: Engines) -> int:
    connection = psycopg2.connect(
        host=str(engines.sockets),
        user="app",
        password=engines.secrets["app"],
        dbname=postgres.DATABASE,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname IN ('owner', 'app')")
        (roles,) = cursor.fetchone()
    connection.close()
    return int(roles)


def test_a_pid_file_that_names_a_stranger_does_not_hinder_the_start() -> None:
    with temporary_engines() as engines:
        engines.stop()
        (engines.postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
        again = Engines(engines.home, root_parent=engines.root_parent)

        again.start()

        assert count_roles(again) == 2
        again.stop()


def test_nobody_enters_without_the_password() -> None:
    with temporary_engines() as engines, pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host=str(engines.sockets), user="app", password="guess", dbname="rehab")


def test_binaries_out_of_reach_are_copied_to_where_the_engines_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reachable = Runner.can_run

    def only_the_copy(runner: Runner, program: Path) -> bool:
        return "site-packages" not in str(program) and reachable(runner, program)

    monkeypatch.setattr(Runner, "can_run", only_the_copy)

    with temporary_engines() as engines:
        assert count_roles(engines) == 2
        for child in engines.children:
            assert str(child.command[0]).startswith(str(engines.folder))
