"""Migration operations that put a table behind the wall of its clinic."""

from typing import Any

from django.db import router
from django.db.migrations.operations.base import Operation

# Read once for each statement (an InitPlan), not once for each row.
CLINICS = "(SELECT nullif(current_setting('app.clinics', true), '')::uuid[])::uuid[]"
INSIDE = f"clinic_id = ANY ({CLINICS})"


class _TableOperation(Operation):
    """Plain SQL about one table; it changes nothing that Django's state knows."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._run(app_label, schema_editor, self.forwards())

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._run(app_label, schema_editor, self.backwards())

    def _run(self, app_label: str, schema_editor: Any, statements: list[str]) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            for statement in statements:
                schema_editor.execute(statement)

    def forwards(self) -> list[str]:
        raise NotImplementedError

    def backwards(self) -> list[str]:
        raise NotImplementedError


class SameClinic(_TableOperation):
    """Prove with a composite key that what a column points at belongs to the row's own clinic.

    The target table needs a unique constraint on (id, clinic_id). An empty column passes.
    """

    def __init__(self, table: str, *, column: str, target: str) -> None:
        super().__init__(table)
        self.column = column
        self.target = target

    @property
    def key(self) -> str:
        return f"{self.table}_{self.column}_same_clinic"[:63]

    def describe(self) -> str:
        return f"Hold {self.table}.{self.column} to the clinic of the row"

    def forwards(self) -> list[str]:
        reference = f'REFERENCES "{self.target}" (id, clinic_id) DEFERRABLE INITIALLY IMMEDIATE'
        key = f'CONSTRAINT "{self.key}" FOREIGN KEY ("{self.column}", clinic_id) {reference}'
        return [f'ALTER TABLE "{self.table}" ADD {key}']

    def backwards(self) -> list[str]:
        return [f'ALTER TABLE "{self.table}" DROP CONSTRAINT "{self.key}"']


class ProtectByClinic(_TableOperation):
    """Force row-level security by clinic on a table.

    `patient_column` adds the composite key that proves the row's clinic to be the patient's; None
    for tables without a patient. `append_only` grants reading and inserting, and nobody can change
    or delete a row. `partitions` names partitions that exist already: each is a table of its own
    that could be asked directly. Create the table, and for a patient's table patients_patient,
    before this.
    """

    def __init__(
        self,
        table: str,
        *,
        patient_column: str | None = None,
        append_only: bool = False,
        partitions: tuple[str, ...] = (),
    ) -> None:
        super().__init__(table)
        self.patient_column = patient_column
        self.append_only = append_only
        self.partitions = partitions

    def describe(self) -> str:
        return f"Wall {self.table} by clinic"

    def _keys(self) -> list[SameClinic]:
        if self.patient_column is None:
            return []
        return [SameClinic(self.table, column=self.patient_column, target="patients_patient")]

    def forwards(self) -> list[str]:
        statements = [sql for key in self._keys() for sql in key.forwards()]
        for table in (self.table, *self.partitions):
            statements += self._wall(table)
        return statements

    def backwards(self) -> list[str]:
        statements = []
        for table in (self.table, *self.partitions):
            statements += [f'DROP POLICY "{name}" ON "{table}"' for name, _ in self._policies()]
            statements += [
                f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
                f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            ]
        return statements + [sql for key in self._keys() for sql in key.backwards()]

    def _wall(self, table: str) -> list[str]:
        return [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            *(f'CREATE POLICY "{name}" ON "{table}" {rule}' for name, rule in self._policies()),
        ]

    def _policies(self) -> list[tuple[str, str]]:
        if self.append_only:
            return [
                ("read_within_clinic", f"FOR SELECT USING ({INSIDE})"),
                ("add_within_clinic", f"FOR INSERT WITH CHECK ({INSIDE})"),
            ]
        return [("within_clinic", f"USING ({INSIDE}) WITH CHECK ({INSIDE})")]
