"""The shipped catalogue in the test database: read from its sheets once, then copied as rows."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction

LOADED = dt.datetime(2026, 10, 19, 8, tzinfo=dt.UTC)
# The rows of each table as COPY writes and reads them.
_STOCK: dict[str, str] = {}


def stock_catalogue() -> None:
    """Put the catalogue into the tables as they are now, for this test's transaction.

    Checking and writing the sheets takes a second, copying their rows a twentieth of it. The first
    test that asks pays; its rows serve all others of this process.
    """
    if _STOCK:
        # Numbers that loading has drawn from a sequence are drawn for good, rolled back or not.
        _copy_in()
    else:
        call_command("load_content", verbosity=0)
        _copy_out()


@contextmanager
def loaded_catalogue(django_db_blocker: Any) -> Iterator[None]:
    """Load and commit; the tests inside roll back what they change; then leave the tables empty."""
    from exercises.actions.loading import load_content

    with django_db_blocker.unblock():
        load_content(by="the tests", at=LOADED)
    try:
        yield
    finally:
        with django_db_blocker.unblock():
            _empty()


def _tables() -> list[type[models.Model]]:
    return list(apps.get_app_config("exercises").get_models(include_auto_created=True))


def _copy_out() -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        for table in _tables():
            rows = io.StringIO()
            cursor.copy_expert(f"COPY {_columns(table)} TO STDOUT", rows)
            _STOCK[table._meta.db_table] = rows.getvalue()


def _copy_in() -> None:
    """In one transaction: a row may point at one of a table that comes later."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _tables():
            rows = _STOCK[table._meta.db_table]
            cursor.copy_expert(f"COPY {_columns(table)} FROM STDIN", io.StringIO(rows))


def _columns(table: type[models.Model]) -> str:
    names = [f'"{field.column}"' for field in table._meta.concrete_fields if not field.generated]
    return f'"{table._meta.db_table}" ({", ".join(names)})'


def _empty() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in _tables():
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
