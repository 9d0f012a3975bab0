"""Many patients from one: copies, in sets, of everything that the actions wrote for a template.

A programme of hundreds of patients with months of history would take minutes to live through
session by session. The copies are the same rows, keyed to other patients.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, models

from rehab.models import (
    ClinicalProfile,
    ItemDay,
    Occurrence,
    Plan,
    PlanItem,
    PlanPart,
    PlanVersion,
    SessionLog,
)

# In the order in which they point at each other.
TABLES: Sequence[type[models.Model]] = (
    ClinicalProfile,
    Plan,
    PlanVersion,
    PlanItem,
    PlanPart,
    Occurrence,
    SessionLog,
    ItemDay,
)
# Ids that are unique over all patients; all others are unique beside their patient.
_OWN_ID = {ClinicalProfile, Plan, PlanVersion, PlanItem, PlanPart}
_POINTS_AT_OWN_ID = {"plan_id", "version_id", "item_id"}


def copy_patient(template: UUID, copies: Sequence[tuple[UUID, UUID]]) -> None:
    """Give every copy (patient, account) what the template has. Run it inside the wall."""
    patients, accounts = zip(*copies, strict=True)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(_copy(table), [list(patients), list(accounts), template])
        cursor.execute(
            "UPDATE patients_patient SET sync_sequence ="
            " (SELECT t.sync_sequence FROM patients_patient t WHERE t.id = %s)"
            " WHERE id = ANY(%s::uuid[])",
            [template, list(patients)],
        )


def _copy(table: type[models.Model]) -> str:
    columns = [field.column for field in table._meta.concrete_fields if field.column]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(_value(table, column) for column in columns)
    return (
        f"INSERT INTO {table._meta.db_table} ({names}) SELECT {values}"
        f" FROM unnest(%s::uuid[], %s::uuid[]) AS c(patient_id, user_id)"
        f" CROSS JOIN {table._meta.db_table} t WHERE t.patient_id = %s"
    )


def _value(table: type[models.Model], column: str) -> str:
    if column == "patient_id":
        return "c.patient_id"
    if column == "author_id":
        return "c.user_id"
    if column in _POINTS_AT_OWN_ID or (column == "id" and table in _OWN_ID):
        return f'md5(t."{column}"::text || c.patient_id::text)::uuid'
    return f't."{column}"'
