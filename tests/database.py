"""The test database: made and emptied by its owner, used by the role `app`."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from psycopg2 import sql

from config.prepare import OWNER, let_app_use_tables

# Filled by the migrations themselves, and the same for every test.
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission")


@contextlib.contextmanager
def owner_cursor(database: str | None = None) -> Iterator[Any]:
    """A cursor of the owner, outside Django, so that tests cannot reach it by an alias."""
    owner = settings.DATABASES[OWNER]
    connection = psycopg2.connect(
        host=owner["HOST"],
        port=owner["PORT"] or 5432,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=database or owner["NAME"],
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


@contextlib.contextmanager
def make_test_database(blocker: Any, *, suffix: str) -> Iterator[None]:
    from django.core.management import call_command

    ordinary = settings.DATABASES["default"]["NAME"]
    name = f"test_{ordinary}_{suffix}"
    _recreate(name, ordinary)
    _point_at(name)
    with blocker.unblock():
        let_app_use_tables()
        call_command("migrate", database=OWNER, interactive=False, verbosity=0)
        connections[OWNER].close()
    yield
    with blocker.unblock():
        connections.close_all()
    _point_at(ordinary)
    with owner_cursor() as cursor:
        cursor.execute(_drop(name))


def _drop(name: str) -> sql.Composed:
    # Without FORCE: the owner may not end a superuser's process, and an autovacuum worker is one.
    # PostgreSQL asks such a worker to leave by itself.
    return sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))


def _recreate(name: str, ordinary: str) -> None:
    with owner_cursor(ordinary) as cursor:
        cursor.execute(_drop(name))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _point_at(name: str) -> None:
    for alias in ("default", OWNER):
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


@contextlib.contextmanager
def flush_as_owner() -> Iterator[None]:
    """Empty the tables after a transactional test as the owner: `app` may not TRUNCATE."""
    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda case: _truncate()  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]


def _truncate() -> None:
    with owner_cursor(settings.DATABASES["default"]["NAME"]) as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)",
            [list(KEPT_TABLES)],
        )
        tables = [sql.Identifier(name) for (name,) in cursor.fetchall()]
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(tables)))
