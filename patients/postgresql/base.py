"""PostgreSQL, where what nobody waits for travels with what somebody waits for.

The driver sends BEGIN in a round trip of its own, Django SAVEPOINT and RELEASE in one each, and a
write whose rows nobody reads comes before a COMMIT. Here they are owed: kept until the next
statement, and sent in front of it in one trip. A transaction in which nothing was asked is never
begun. An error of an owed write shows where it is sent, in the same transaction.
"""

from collections.abc import Sequence
from typing import Any

import psycopg2.extensions
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction

_JOINED = b";\n"
_BEGIN = (b"BEGIN", False)


class Cursor(psycopg2.extensions.cursor):
    """Sends what its connection owes in front of each statement."""

    engine: "DatabaseWrapper"
    _sent: bytes | None = None

    @property
    def query(self) -> bytes | None:
        """What was sent last, without the frame of transactions and savepoints."""
        return self._sent

    def execute(self, sql: Any, params: Any = None) -> None:
        statement = self.mogrify(sql, params)
        frame, left = self.engine.settle_debts()
        self._sent = _JOINED.join([*left, statement])
        super().execute(_JOINED.join([*frame, statement]) if frame else statement)

    def executemany(self, sql: Any, rows: Any) -> None:
        self.engine.pay()
        super().executemany(sql, rows)

    def callproc(self, name: Any, parameters: Any = None) -> Any:
        self.engine.pay()
        return super().callproc(name, parameters)

    def copy_expert(self, *args: Any, **kwargs: Any) -> None:
        self.engine.pay()
        super().copy_expert(*args, **kwargs)


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In order; true stands beside a write, false beside BEGIN, SAVEPOINT and RELEASE.
        self._owed: list[tuple[bytes, bool]] = []

    def leave(self, sql: str, params: Sequence[object]) -> None:
        """Let a write go with the next statement or the COMMIT; outside a transaction at once."""
        with self.cursor() as cursor:
            if self.get_autocommit():
                cursor.execute(sql, params)
            else:
                self._owed.append((cursor.mogrify(sql, params), True))

    def settle_debts(self) -> tuple[list[bytes], list[bytes]]:
        """Forget what is owed and return it: all of it, and the writes among it."""
        owed, self._owed = self._owed, []
        return [text for text, _ in owed], [text for text, writes in owed if writes]

    def pay(self) -> None:
        """Send what is owed now, before something that cannot take it along."""
        if self._owed:
            frame, _ = self.settle_debts()
            self._send(_JOINED.join(frame))

    def init_connection_state(self) -> None:
        # The frame is ours: in its own mode the driver sends nothing by itself.
        self.connection.autocommit = True
        self._owed = []
        super().init_connection_state()

    def create_cursor(self, name: str | None = None) -> Any:
        if name:
            self.pay()
            return super().create_cursor(name)
        cursor = self.connection.cursor(cursor_factory=Cursor)
        cursor.engine = self
        cursor.tzinfo_factory = self.tzinfo_factory
        return cursor

    def _set_autocommit(self, autocommit: bool) -> None:
        self._owed = [] if autocommit else [_BEGIN]

    def _commit(self) -> None:
        self._end(b"COMMIT")

    def _rollback(self) -> None:
        self._owed = [_BEGIN] if _BEGIN in self._owed else []
        self._end(b"ROLLBACK")

    def _end(self, how: bytes) -> None:
        """End a transaction and owe the next BEGIN; one that was never begun needs no trip."""
        if self.connection is None or self.autocommit:
            return
        owed, self._owed = self._owed, []
        needed = [text for text, writes in owed if writes or text == _BEGIN[0]]
        if needed != [_BEGIN[0]]:
            self._send(_JOINED.join([*needed, how]))
        self._owed = [_BEGIN]

    def _savepoint(self, sid: str) -> None:
        self._owed.append((self.ops.savepoint_create_sql(sid).encode(), False))

    def _savepoint_commit(self, sid: str) -> None:
        made = self._place_of(sid)
        if made is not None:
            del self._owed[made]
        else:
            self._owed.append((self.ops.savepoint_commit_sql(sid).encode(), False))

    def _savepoint_rollback(self, sid: str) -> None:
        made = self._place_of(sid)
        if made is not None:
            del self._owed[made + 1 :]
        else:
            self._owed = []
            super()._savepoint_rollback(sid)

    def _place_of(self, sid: str) -> int | None:
        """Return where a savepoint stands among what is owed; None once it was sent."""
        made = (self.ops.savepoint_create_sql(sid).encode(), False)
        return self._owed.index(made) if made in self._owed else None

    def _send(self, statements: bytes) -> None:
        with (
            debug_transaction(self, statements.decode()),
            self.wrap_database_errors,
            self.connection.cursor() as cursor,
        ):
            cursor.execute(statements)
