"""What is owed to the database travels with the next statement, and is lost with its savepoint."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext

from patients.postgresql.base import DatabaseWrapper

ADD = "INSERT INTO jotted VALUES (%s)"


@pytest.fixture
def connection(db: None) -> Iterator[DatabaseWrapper]:
    """A connection beside the test's own, in a transaction that has not begun yet."""
    opened = connections.create_connection("default")
    with opened.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE jotted (number integer CHECK (number > 0))")
    opened.set_autocommit(False)
    yield opened
    opened.close()


def jotted(connection: DatabaseWrapper) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM jotted ORDER BY 1")
        return [number for (number,) in cursor.fetchall()]


def test_a_write_that_nobody_waits_for_leaves_with_the_commit(connection: DatabaseWrapper) -> None:
    with CaptureQueriesContext(connection) as trips:
        connection.commit()
        connection.leave(ADD, [1])
        connection.commit()
    assert [each["sql"] for each in trips] == ["BEGIN;\nINSERT INTO jotted VALUES (1);\nCOMMIT"]
    connection.rollback()
    assert jotted(connection) == [1]


def test_a_write_that_was_left_is_seen_by_the_next_question(connection: DatabaseWrapper) -> None:
    connection.leave(ADD, [1])
    assert jotted(connection) == [1]
    connection.rollback()
    assert jotted(connection) == []


def test_a_left_write_that_cannot_be_fails_the_commit(connection: DatabaseWrapper) -> None:
    connection.leave(ADD, [1])
    connection.leave(ADD, [-1])
    with pytest.raises(DatabaseError, match="jotted_number_check"):
        connection.commit()
    connection.rollback()
    assert jotted(connection) == []


@pytest.mark.parametrize("asked", [True, False])
def test_what_was_left_since_a_savepoint_is_undone_with_it(
    connection: DatabaseWrapper, asked: bool
) -> None:
    connection.leave(ADD, [1])
    inner = connection.savepoint()
    if asked:
        assert jotted(connection) == [1]
    connection.leave(ADD, [2])
    connection.savepoint_rollback(inner)
    connection.savepoint_commit(inner)
    connection.leave(ADD, [3])
    connection.commit()
    assert jotted(connection) == [1, 3]


def test_a_savepoint_in_which_nothing_was_asked_is_never_made(connection: DatabaseWrapper) -> None:
    inner = connection.savepoint()
    connection.leave(ADD, [1])
    connection.savepoint_commit(inner)
    with CaptureQueriesContext(connection) as trips:
        connection.commit()
    assert not any("SAVEPOINT" in each["sql"] for each in trips)
    assert jotted(connection) == [1]
