"""One connection to the database for each thread of a bare server, kept as those of the service."""

import os
import threading
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2

_KEPT = threading.local()


def cursor(first: Sequence[str]) -> Any:
    """Return this thread's cursor, without BEGIN of its own. first: what a new connection says."""
    if not hasattr(_KEPT, "cursor"):
        address = urlsplit(os.environ["DATABASE_URL"])
        connection = psycopg2.connect(
            host=unquote(address.hostname or ""),
            user=address.username,
            password=unquote(address.password or ""),
            dbname=address.path.lstrip("/"),
        )
        connection.autocommit = True
        _KEPT.cursor = connection.cursor()
        for statement in first:
            _KEPT.cursor.execute(statement)
    return _KEPT.cursor
