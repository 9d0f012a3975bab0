"""The audit of one action, gathered and written at its end with one statement."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
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
        record(list(_together(self.events)), pen=pen)
        self.events = []


def _together(events: Iterable[Event]) -> Iterator[Event]:
    """Tell of many targets of one kind with one event; `targets` names each with its detail."""
    alike: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        alike.setdefault((event.kind, event.target_kind), []).append(event)
    for same in alike.values():
        if len(same) == 1:
            yield same[0]
        else:
            targets = {str(event.target_id): event.detail for event in same}
            yield replace(same[0], target_id=None, detail={"targets": targets})
