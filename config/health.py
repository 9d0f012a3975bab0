"""`/healthz`: this process answers. `/readyz`: everything a reminder needs answers too."""

from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from patients.access.walls import within_every_clinic
from rehab.actions.storage import days_ahead
from rehab.domain.recurrence import tzdata_version
from rehab.models.outbox import oldest_due_unsent_age

Finding = dict[str, Any]
# Beat makes partitions some months ahead; with fewer days left it has not run for long.
FEWEST_DAYS_AHEAD = 31


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, else 503. Nothing here is a patient's."""
    checks = {name: check() for name, check in CHECKS.items()}
    well = all(finding["ok"] for finding in checks.values())
    body = {
        "status": "ok" if well else "unavailable",
        "checks": checks,
        # Clock times of reminders depend on it and on nothing else.
        "tzdata": tzdata_version(),
    }
    return JsonResponse(body, status=200 if well else 503)


def database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return _failed(error)
    return {"ok": True}


def migrations() -> Finding:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return _failed(error)
    return {"ok": not plan, "waiting": len(plan)}


def broker() -> Finding:
    location = settings.CACHES["default"]["LOCATION"]
    try:
        with redis.from_url(location, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
    except redis.RedisError as error:
        return _failed(error)
    return {"ok": True}


def reminders() -> Finding:
    """Tell how late the oldest due reminder is that nobody has sent."""
    try:
        with within_every_clinic():
            age = oldest_due_unsent_age(timezone.now())
    except DatabaseError as error:
        return _failed(error)
    seconds = age.total_seconds()
    late = seconds > settings.REMINDERS_LATE_AFTER_SECONDS
    return {"ok": not late, "oldest_due_unsent_seconds": round(seconds, 1)}


def partitions() -> Finding:
    """Tell how many days ahead tables are cut. Too few harm nobody: the spare part takes all."""
    try:
        days = days_ahead(timezone.now())
    except DatabaseError as error:
        return _failed(error)
    if few := {table: left for table, left in days.items() if left < FEWEST_DAYS_AHEAD}:
        return {"ok": True, "days_ahead": days, "warning": f"too few for {', '.join(few)}"}
    return {"ok": True, "days_ahead": days}


def _failed(error: Exception) -> Finding:
    # The error's text may name hosts and roles; its type is enough to look in the right log.
    return {"ok": False, "error": type(error).__name__}


CHECKS: dict[str, Callable[[], Finding]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "reminders": reminders,
    "partitions": partitions,
}
