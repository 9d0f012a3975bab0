"""Sweeps over every model, in Django and in the real catalogue of PostgreSQL.

What is added later is covered without being named here.
"""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from patients.models import Clinic, InvitationCode, Patient, User

ROOT = Path(__file__).resolve().parents[2]
OURS = ("config", "rehab", "patients", "exercises")
# What each app's models may point at: the import direction, and Django's own permission tables.
MAY_POINT_AT = {
    "config": set(OURS),
    "rehab": {"rehab", "patients", "exercises"},
    "patients": {"patients", "auth"},
    "exercises": {"exercises"},
}
# Says which clinic a code belongs to before anybody has signed in, and nothing about anybody.
OUTSIDE_THE_WALL = {InvitationCode}
# Belong to an account, which may be known in several clinics.
OF_AN_ACCOUNT = {"patients_contactpoint", "patients_notificationpreference"}

MODELS = [model for app in OURS for model in apps.get_app_config(app).get_models()]
PATIENT_KEYED = [
    model
    for model in MODELS
    if any(field.related_model is Patient for field in model._meta.concrete_fields)
]
WALLED = [
    model
    for model in MODELS
    if model not in OUTSIDE_THE_WALL
    and any(field.related_model is Clinic for field in model._meta.concrete_fields)
]
INSIDE = "current_setting('app.clinics'::text, true)"


def label(model):
    return model._meta.label


def rows(statement, *arguments):
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall()


def test_the_sweep_finds_the_tables_it_is_about():
    assert {"patients.Consent", "patients.AuditEvent"} <= {label(model) for model in PATIENT_KEYED}
    assert Patient in WALLED


@pytest.mark.parametrize("model", [Patient, *PATIENT_KEYED], ids=label)
def test_every_patient_keyed_model_offers_visible_to(model):
    assert callable(getattr(model.objects, "visible_to", None))
    assert callable(getattr(model.objects, "visible_under", None))


@pytest.mark.parametrize("model", PATIENT_KEYED, ids=label)
def test_every_patient_keyed_model_has_its_clinic(model):
    assert model._meta.get_field("clinic").related_model is Clinic


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_what_points_behind_the_wall_stands_behind_it_too(model):
    behind = {field.name for field in model._meta.concrete_fields if field.related_model in WALLED}
    assert not behind or model in WALLED


@pytest.mark.parametrize("model", WALLED, ids=label)
def test_every_clinic_s_table_is_walled_in_the_database(db, model):
    table = model._meta.db_table
    if not model._meta.managed:
        assert_reads_as_who_asks(table)
        return
    assert_walled(table)
    partitions = rows(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", table
    )
    for (partition,) in partitions:
        assert_walled(partition)


def assert_reads_as_who_asks(view):
    """A view stands behind the walls of its tables only if it reads them as whoever asks."""
    [(kind, options)] = rows(
        "SELECT relkind, reloptions FROM pg_class WHERE oid = %s::regclass", view
    )
    assert (kind, options) == ("v", ["security_invoker=true"]), f"{view} is not walled"


def assert_walled(table):
    [(enabled, forced)] = rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
    )
    assert (enabled, forced) == (True, True), f"{table} is not walled"
    policies = rows(
        "SELECT permissive, cmd, qual, with_check FROM pg_policies WHERE tablename = %s", table
    )
    commands = {command for _permissive, command, _qual, _check in policies}
    assert commands in ({"ALL"}, {"SELECT", "INSERT"}), table
    for _permissive, command, qual, check in policies:
        conditions = [qual] * (command != "INSERT") + [check] * (command != "SELECT")
        assert conditions
        for condition in conditions:
            assert condition.startswith("(clinic_id = ANY")
            assert INSIDE in condition


@pytest.mark.parametrize("model", PATIENT_KEYED, ids=label)
def test_the_clinic_of_every_row_is_proven_to_be_the_patient_s(db, model):
    keys = rows(
        """
        SELECT array_agg(mine.attname::text ORDER BY place.n),
               array_agg(theirs.attname::text ORDER BY place.n), bool_and(key.convalidated)
          FROM pg_constraint key,
               LATERAL unnest(key.conkey, key.confkey) WITH ORDINALITY AS place (mine, theirs, n)
          JOIN pg_attribute mine ON true
          JOIN pg_attribute theirs ON true
         WHERE key.contype = 'f' AND key.conrelid = %s::regclass
           AND key.confrelid = 'patients_patient'::regclass
           AND mine.attrelid = key.conrelid AND mine.attnum = place.mine
           AND theirs.attrelid = key.confrelid AND theirs.attnum = place.theirs
         GROUP BY key.oid
        """,
        model._meta.db_table,
    )
    assert (["patient_id", "clinic_id"], ["id", "clinic_id"], True) in keys


def test_every_table_with_a_clinic_is_known_to_a_model_or_a_partition(db):
    """A table made by hand in a migration is walled as well, whatever Django knows of it."""
    tables = rows(
        """
        SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class
          JOIN pg_attribute ON attrelid = pg_class.oid AND attname IN ('clinic_id', 'patient_id')
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         GROUP BY 1, 2
        """
    )
    outside = {model._meta.db_table for model in OUTSIDE_THE_WALL}
    assert {name for name, walled in tables if not walled} == outside


def test_the_application_owns_no_table(db):
    assert not rows("SELECT tablename FROM pg_tables WHERE tableowner = current_user")


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_no_relation_runs_against_the_import_direction(model):
    allowed = MAY_POINT_AT[model._meta.app_label]
    pointed_at = {
        field.related_model._meta.app_label
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and isinstance(field, models.Field)
    }
    assert pointed_at <= allowed


def test_an_account_has_no_clinic_of_its_own():
    """Contact points follow the person; what they are told is judged for each patient."""
    of_user = {
        model._meta.db_table
        for model in MODELS
        if model not in WALLED
        and any(field.related_model is User for field in model._meta.concrete_fields)
    }
    assert of_user <= {*OF_AN_ACCOUNT, "patients_usersession"}


def product_files():
    return [
        path
        for app in OURS
        for kind in ("*.py", "*.sql", "*.html")
        for path in sorted((ROOT / app).rglob(kind))
    ]


# PostgreSQL and zoneinfo choose opposite sides of a repeated hour, so only one of them converts.
CONVERTS_IN_SQL = re.compile(
    r"AT\s+TIME\s+ZONE(?!`)|\bTrunc(Date|Day|Week|Month|Hour|Time)\b"
    r"|__(date|time|hour|week_day|iso_week_day)(__\w+)?=|\btimezone\(['%]",
    re.IGNORECASE,
)


def test_no_statement_converts_local_time():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in product_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if CONVERTS_IN_SQL.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["at at time  zone x", "TruncDate(1)", "filter(at__date=today)", "timezone('x', at)"],
)  # fmt: skip
def test_the_sweep_for_conversions_would_find_one(line):
    assert CONVERTS_IN_SQL.search(line)


def test_only_the_walls_set_the_wall():
    """`app.clinics` is read by policies and set by one module."""
    setters = {
        str(path.relative_to(ROOT))
        for path in product_files()
        if "set_config(" in path.read_text("utf-8")
    }
    assert setters == {"patients/access/walls.py"}
