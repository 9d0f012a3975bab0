"""Counting what a request asks of the database, in this process."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

Sample = tuple[str, str, bytes, str]
"""A call: its method, path, body and session token."""

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass(frozen=True, slots=True)
class Statements:
    """statements: without BEGIN and COMMIT. round_trips: with them; several may go in one."""

    statements: int
    round_trips: int


def count(sample: Callable[[], Sample]) -> Statements:
    """Play a request twice and count the second, as on a worker that has been at work."""
    play(sample)
    with CaptureQueriesContext(connection) as captured:
        play(sample)
    # A BEGIN by itself is never sent: it goes with the first statement.
    trips = [query["sql"] for query in captured.captured_queries if query["sql"] != "BEGIN"]
    sent = [text for trip in trips for text in trip.split(";\n")]
    return Statements(len([text for text in sent if text not in _FRAME]), len(trips))


def play(sample: Callable[[], Sample]) -> HttpResponse:
    method, path, body, token = sample()
    answer: HttpResponse = Client().generic(
        method,
        path,
        body,
        content_type="application/json",
        SERVER_NAME="localhost",
        HTTP_X_SESSION_TOKEN=token,
        HTTP_ACCEPT_LANGUAGE="en",
    )
    assert answer.status_code < 300, answer.content
    return answer
