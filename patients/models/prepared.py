"""Statements that PostgreSQL plans once a connection instead of once a call.

For the few long statements of the hot path planning costs more than running. Each kept connection
prepares a statement when it first needs it. Behind a connection pooler this needs session pooling.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_PLACEHOLDER = re.compile(r"%\((\w+)\)s(?:::(\w+(?:\[\])?))")
# Which statements each connection of the driver has prepared.
_known: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


def _here() -> BaseDatabaseWrapper:
    """Return this thread's connection itself: `django.db.connection` looks it up at every word."""
    return connections[DEFAULT_DB_ALIAS]


def plain_array(values: Iterable[object]) -> str:
    """Return one array literal of ids, numbers, moments or our own words: nothing to escape.

    Binding them one by one costs thirty times as much.
    """
    texts = list(map(str, values))
    return '{"' + '","'.join(texts) + '"}' if texts else "{}"


# The planner does not know how many rows a batch names, and would now and then read a whole table
# for five hundred of them.
_BY_KEYS = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off;"
    " SET LOCAL enable_mergejoin = off; "
)


class Prepared:
    """One statement with typed, named placeholders: %(patient)s::uuid.

    by_keys: it finds each row of a batch through its keys, and so does the rest of its transaction.
    """

    def __init__(self, name: str, sql: str, *, by_keys: bool = False) -> None:
        self.name = name
        self._first = _BY_KEYS if by_keys else ""
        self.names: list[str] = []
        self._types: list[str] = []
        self._body = _PLACEHOLDER.sub(self._number, sql)

    def call(self, params: Mapping[str, object]) -> tuple[str, list[object]]:
        """Return the SQL that runs it and its parameters, preparing it first where need be."""
        self._prepare()
        places = ", ".join(["%s"] * len(self.names))
        values = [_as_text(params[name]) for name in self.names]
        return f"{self._first}EXECUTE {self.name} ({places})", values

    def fetchall(self, params: Mapping[str, object]) -> Sequence[tuple[object, ...]]:
        """Run it and return its rows."""
        sql, values = self.call(params)
        with _here().cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def run(self, params: Mapping[str, object]) -> None:
        """Run it for what it does."""
        sql, values = self.call(params)
        with _here().cursor() as cursor:
            cursor.execute(sql, values)

    def _number(self, found: re.Match[str]) -> str:
        name, kind = found[1], found[2]
        if name not in self.names:
            self.names.append(name)
            self._types.append(kind)
        return f"${self.names.index(name) + 1}"

    def _prepare(self) -> None:
        here = _here()
        if here.connection is None:
            here.ensure_connection()
        prepared = _known.get(here.connection)
        if prepared is None:
            prepared = _known[here.connection] = set()
        if self.name not in prepared:
            with here.cursor() as cursor:
                cursor.execute(f"PREPARE {self.name} ({', '.join(self._types)}) AS {self._body}")
            prepared.add(self.name)


def _as_text(value: object) -> object:
    """Write ids as PostgreSQL reads them by itself: the driver takes long to adapt each one."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list) and value and all(type(each) is UUID for each in value):
        # A list of ids in JSON is their array literal, but for its brackets.
        return f"{{{msgspec.json.encode(value)[1:-1].decode()}}}"
    return value


@dataclass(slots=True)
class Pen:
    """Statements that leave together, in one round trip, in the order in which they were added."""

    statements: list[str] = field(default_factory=list)
    params: list[object] = field(default_factory=list)

    def add(self, statement: Prepared, params: Mapping[str, object]) -> None:
        sql, values = statement.call(params)
        self.statements.append(sql)
        self.params += values

    def ask(
        self, statement: Prepared, params: Mapping[str, object]
    ) -> Sequence[tuple[object, ...]]:
        """Send what is written so far, then a question, in one trip; return the answer's rows."""
        self.add(statement, params)
        with _here().cursor() as cursor:
            cursor.execute(";\n".join(self.statements), self.params)
            rows = list(cursor.fetchall())
        self.statements, self.params = [], []
        return rows

    def write(self) -> None:
        if self.statements:
            with _here().cursor() as cursor:
                cursor.execute(";\n".join(self.statements), self.params)
        self.statements, self.params = [], []

    def leave(self) -> None:
        """Let what is written go with the next statement or the COMMIT; nobody waits for it."""
        if self.statements:
            _here().leave(";\n".join(self.statements), self.params)  # type: ignore[attr-defined]
        self.statements, self.params = [], []
