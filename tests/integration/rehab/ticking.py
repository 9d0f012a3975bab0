"""The ticks of the service, at a moment of the test's choosing."""

from datetime import datetime

from patients.access.walls import within_every_clinic
from rehab.actions.escalation import escalate
from rehab.actions.schedule import materialise
from tests.people import Cast


def tick(_cast: Cast, at: datetime) -> int:
    """Store what falls due within 48 hours of a moment; return how many plans were extended."""
    with within_every_clinic():
        return materialise(at=at)


def tick_escalation(at: datetime) -> int:
    with within_every_clinic():
        return escalate(at=at)
