"""Trying again what was given up."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from patients.access.walls import within_clinics, within_every_clinic
from patients.actions.audit import Event, record
from patients.models.user import User
from rehab.models.outbox import revive


def operators_wall(by: User) -> AbstractContextManager[None]:
    """Open what an operator may see of the queue: every clinic's for who runs the installation.

    It is for lists that hold no name, address or clinical word.
    """
    return within_every_clinic() if by.is_superuser else within_clinics(by.clinic_ids)


def retry_deliveries(*, by: User, at: datetime, delivery_ids: Iterable[UUID]) -> int:
    """Make failed deliveries due now, with all their tries again; return how many that were.

    Before one leaves everything is looked at anew: what is done, over or withdrawn stays unsent,
    and it goes to the best address that there is by then.
    """
    with operators_wall(by):
        revived = revive(delivery_ids, at=at)
        record(
            [
                Event(
                    clinic_id=clinic_id,
                    actor_id=by.pk,
                    kind="delivery.retry",
                    at=at,
                    patient_id=patient_id,
                    target_kind="delivery",
                    target_id=delivery_id,
                )
                for delivery_id, clinic_id, patient_id in revived
            ]
        )
    return len(revived)
