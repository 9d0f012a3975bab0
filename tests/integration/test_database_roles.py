"""Everything in the tests, as in the product, runs as a role that the walls hold for."""

import pytest
from django.db import ProgrammingError, connection, transaction

pytestmark = pytest.mark.django_db


def fetch_one(statement: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchone())


def test_the_application_role_has_no_way_around_the_walls() -> None:
    name, superuser, bypasses = fetch_one(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )

    assert (name, superuser, bypasses) == ("app", False, False)


def test_the_application_role_owns_nothing() -> None:
    (owned,) = fetch_one("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")

    assert owned == 0


def test_the_application_role_cannot_empty_a_table() -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        fetch_one("TRUNCATE patients_clinic CASCADE")


def test_commits_reach_the_disk() -> None:
    assert fetch_one("SHOW fsync") == ("on",)
