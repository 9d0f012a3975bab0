"""The audit of one action, gathered and written at its end with one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from patients.actions.audit import Event, record
from patients.models.prepared import Pen
from patients.models.user import User
from rehab.actions.patient_row import PatientRow


@dataclass(slots=True)
class AuditTrail:
    """Who did what to one patient's record; `detail` holds codes and numbers, nothing personal."""

    by: User | None
    patient: PatientRow
    at: datetime
    events: list[Event] = field(default_factory=list)

    def add(
        self,
        kind: str,
        target_kind: str,
        target_id: UUID,
        detail: Mapping[str, object] | None = None,
    ) -> None:
        self.events.append(
            Event(
                clinic_id=self.patient.clinic_id,
                actor_id=self.by.pk if self.by else None,
                kind=kind,
                at=self.at,
                patient_id=self.patient.id,
                target_kind=target_kind,
                target_id=target_id,
                detail=detail or {},
            )
        )

    def settle(self, *, pen: Pen | None = None) -> None:
        """Write what was gathered, in one trip with what the pen holds or what comes next."""
        record(self.events, pen=pen)
        self.events = []
