"""The shipped catalogue in the test database, loaded once for a module of tests."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LOADED = dt.datetime(2026, 10, 19, 8, tzinfo=dt.UTC)


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


def _empty() -> None:
    from django.apps import apps
    from django.db import connection, transaction

    models = apps.get_app_config("exercises").get_models(include_auto_created=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in models:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
