"""The wall between clinics: the one setting that row-level security reads.

PostgreSQL shows a clinic's rows only while `app.clinics` names that clinic. The setting is local
to a transaction, so that nothing is left on a kept connection, and only this module sets it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.template.response import SimpleTemplateResponse

# The earlier value comes back with the new one, so that an inner wall can be taken down again.
_SET_AND_TELL = "SELECT current_setting('app.clinics', true), set_config('app.clinics', %s, true)"
_SET = "SELECT set_config('app.clinics', %s, true)"


def as_setting(clinic_ids: Iterable[UUID]) -> str:
    """The PostgreSQL array literal that the policies read."""
    return "{" + ",".join(str(clinic_id) for clinic_id in clinic_ids) + "}"


@contextmanager
def within_clinics(clinic_ids: Iterable[UUID]) -> Iterator[None]:
    """Run one transaction in which only these clinics' rows exist.

    Nested, the inner wall replaces the outer one and puts it back at its end.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _put_up(as_setting(clinic_ids))
        yield
        if nested:
            _take_back(before)


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


def _put_up(setting: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(_SET_AND_TELL, [setting])
        return cursor.fetchone()[0]


def _take_back(setting: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, [setting or ""])
