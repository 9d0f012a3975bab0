"""Prepare the database, as its owner: rights of the role `app`, migrations, content.

`python -m config.prepare` is the launcher's first step and the `migrate` service of
docker-compose.yml. Repeating it changes nothing.
"""

import io
import os
import sys
import time

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from psycopg2 import sql

OWNER = "owner"
_PATIENCE_SECONDS = 60


def let_app_use_tables() -> None:
    """Give the role `app` rows, never definitions, in every table the owner makes from now on.

    Default privileges belong to one database and one maker, so the owner sets its own.
    """
    app = sql.Identifier(settings.DATABASES["default"]["USER"])
    defaults = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT"
    grants = (
        f"{defaults} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{app}}",
        f"{defaults} USAGE, SELECT ON SEQUENCES TO {{app}}",
        "GRANT USAGE ON SCHEMA public TO {app}",
    )
    with connections[OWNER].cursor() as cursor:
        for grant in grants:
            cursor.execute(sql.SQL(grant).format(app=app))


def refuse_powerful_role() -> None:
    """Stop where the role `app` could walk around row-level security, or is the owner itself."""
    role, owner = (settings.DATABASES[alias]["USER"] for alias in ("default", OWNER))
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (powerful,) = cursor.fetchone()
    if powerful or role == owner:
        raise ImproperlyConfigured(
            "The role of DATABASE_URL must be neither superuser nor BYPASSRLS, and another than "
            "that of DATABASE_OWNER_URL: the walls between clinics would not hold for it."
        )


def wait_for_database() -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connections[OWNER].ensure_connection()
            return
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def prepare(*, demo: bool) -> None:
    _say("migrating")
    wait_for_database()
    refuse_powerful_role()
    let_app_use_tables()
    call_command("migrate", database=OWNER, interactive=False, verbosity=0)
    connections[OWNER].close()
    call_command("tend_tables", stdout=io.StringIO())
    _say("loading content")
    call_command("load_content", stdout=io.StringIO())
    if demo:
        _say("loading the demo clinic")
        call_command("load_demo", stdout=io.StringIO())


def _say(step: str) -> None:
    print(f"  … {step}", flush=True)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if OWNER not in settings.DATABASES:
        return _refuse("DATABASE_OWNER_URL is not set: only the owner may migrate.")
    try:
        call_command("check", stdout=io.StringIO())
        if os.environ.get("COLLECT_STATIC") == "1":
            call_command("collectstatic", interactive=False, verbosity=0)
        prepare(demo=os.environ.get("DEMO") == "1")
    except (CommandError, ImproperlyConfigured) as refusal:
        return _refuse(str(refusal))
    return 0


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr, flush=True)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
