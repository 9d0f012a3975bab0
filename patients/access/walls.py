"""The wall between clinics: the one setting that row-level security reads.

PostgreSQL shows a clinic's rows only while `app.clinics` names that clinic. The setting is local
to a transaction, so that nothing is left on a kept connection, and only this module sets it. It
travels with the first statement behind the wall, which saves every request a round trip.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.template.response import SimpleTemplateResponse

# What this module set on a connection and has not taken back; it saves asking the database.
_STANDING = "standing_wall"
NOBODY = "{}"


def as_setting(clinic_ids: Iterable[UUID]) -> str:
    """The PostgreSQL array literal that the policies read."""
    return "{" + ",".join(sorted(str(clinic_id) for clinic_id in clinic_ids)) + "}"


@contextmanager
def within_clinics(clinic_ids: Iterable[UUID]) -> Iterator[None]:
    """Run one transaction in which only these clinics' rows exist.

    Nested, it is a savepoint: the inner wall replaces the outer one and puts it back at its end,
    and where both are the same it stays.
    """
    with _within(as_setting(clinic_ids)):
        yield


@contextmanager
def within_a_wall_to_come() -> Iterator[None]:
    """Run one transaction whose first trip puts up the wall itself, by `wall_around`.

    For who asks who somebody is and what is behind their wall in one trip. `wall_stands` says
    which wall it became.
    """
    with _within(None):
        yield


def wall_around(clinics: str) -> str:
    """Return the SQL that puts up the wall around the clinics of a subselect; nobody's for none."""
    return f"SELECT set_config('app.clinics', COALESCE(({clinics})::text, '{NOBODY}'), true)"


def wall_stands(clinic_ids: Iterable[UUID]) -> None:
    """Take note of a wall that the transaction's first trip put up."""
    setattr(connections[DEFAULT_DB_ALIAS], _STANDING, as_setting(clinic_ids))


@contextmanager
def _within(wanted: str | None) -> Iterator[None]:
    """Run a transaction behind a wall; None: its first trip puts one up that is not known yet."""
    # The connection itself: `django.db.connection` looks it up at every word.
    here = connections[DEFAULT_DB_ALIAS]
    nested = here.in_atomic_block
    standing = (getattr(here, _STANDING, None) or NOBODY) if nested else NOBODY
    with transaction.atomic():
        if wanted not in (None, standing):
            _put_up(wanted)
        setattr(here, _STANDING, wanted)
        try:
            yield
        finally:
            setattr(here, _STANDING, standing)
            _take_back()
        # A savepoint that rolls back puts the outer wall back by itself.
        if nested and wanted != standing and not here.needs_rollback:
            _put_up(standing)


@contextmanager
def within_every_clinic() -> Iterator[None]:
    """For tasks and commands only: a request never sees more than its account's clinics."""
    with within_clinics(all_clinic_ids()):
        yield


def all_clinic_ids() -> tuple[UUID, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM patients_clinic")
        return tuple(row[0] for row in cursor.fetchall())


def walled(view: Callable[..., Any]) -> Callable[..., Any]:
    """Run a view inside the wall of the account that asks.

    For function views, and for the methods of Django and DRF class views: put it on `get`,
    `post` and so on (`dispatch` of a DRF view is too early, there the account is not known yet).
    An error that leaves the view rolls everything back. A template is rendered inside the wall.
    """

    @wraps(view)
    def inside(*args: Any, **kwargs: Any) -> Any:
        request = args[0] if hasattr(args[0], "user") else args[1]
        with within_clinics(getattr(request.user, "clinic_ids", ())):
            response = view(*args, **kwargs)
            if _waits_to_be_rendered(response):
                response.render()
            return response

    return inside


def _waits_to_be_rendered(response: Any) -> bool:
    # DRF's Response is a SimpleTemplateResponse too, but its data is complete already.
    return (
        isinstance(response, SimpleTemplateResponse)
        and not response.is_rendered
        and not hasattr(response, "data")
    )


def _put_up(setting: str) -> None:
    """Let the next statement on this connection put up the wall before it runs itself.

    The setting is made of UUIDs and holds nothing that would need quoting.
    """
    _take_back()
    connection.execute_wrappers.append(_WallFirst(setting))


def _take_back() -> None:
    """Forget a wall that no statement came for."""
    wrappers = connections[DEFAULT_DB_ALIAS].execute_wrappers
    for each in [each for each in wrappers if isinstance(each, _WallFirst)]:
        wrappers.remove(each)


@dataclass(frozen=True, slots=True)
class _WallFirst:
    """Goes before one statement, and is gone."""

    setting: str

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        connection.execute_wrappers.remove(self)
        wall = f"SELECT set_config('app.clinics', '{self.setting}', true)"
        if many:
            execute(wall, None, False, context)
            return execute(sql, params, many, context)
        return execute(f"{wall}; {sql}", params, many, context)
