"""What became of something that a person told, as HTTP says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from patients.domain.errors import DomainError
from rehab.actions.answers import RaisedFlag
from rehab.actions.keeping import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer:
    """state: recorded, pending (older than seven days, waits for a clinician), unchanged,

    amended, confirmed or retracted. flags: show their text at once.
    """

    id: UUID
    state: str
    flags: Sequence[RaisedFlag]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyBody:
    reason: str = ""


class NotKept(DomainError):
    """A record that is not stored; a flag that it raised is."""

    details = {
        "confirm_required": "Some values are unusual. Send the same id again with `confirmed`.",
        "conflict": "This id was used for another entry.",
        "refused": "Some values cannot be right.",
    }

    def __init__(self, reply: Kept) -> None:
        super().__init__(
            self.details.get(reply.state, ""),
            code=reply.state,
            errors=reply.errors,
            members={"id": str(reply.id), "flags": msgspec.to_builtins(reply.flags)},
        )
        self.status = reply.status


def record_answer(reply: Kept) -> tuple[int, RecordAnswer]:
    """Return status and body; raises `NotKept` for what is not stored."""
    if reply.status >= 400:
        raise NotKept(reply)
    return reply.status, RecordAnswer(id=reply.id, state=reply.state, flags=reply.flags)
