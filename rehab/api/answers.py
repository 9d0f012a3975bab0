"""What an action answers about an entry, as HTTP says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.utils.translation import gettext

from patients.domain.errors import DomainError, FieldError
from rehab.actions.answers import Answer, LogState, RaisedFlag
from rehab.models.reads.due import Sparse


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAnswer:
    """What became of a session log. flags: show their text at once.

    state: recorded, unchanged, pending (older than seven days, waits for a clinician), confirmed,
    merged, retracted, amended or adopted.
    """

    id: UUID
    state: str
    log: LogState | None
    flags: Sequence[RaisedFlag]


class Quarantined(Sparse, frozen=True, kw_only=True, omit_defaults=True):
    """Kept for a coordinator to adopt: the author had no access when it was performed.

    flags: only for whoever is of the patient's circle now; show their text at once.
    """

    id: UUID
    status: str
    flags: Sequence[RaisedFlag] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    field: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAnswer:
    """One entry of a batch. status: what HTTP would say about it alone.

    id: as it was sent, also when it is no UUID; null when there was none.
    """

    id: str | None
    status: int
    state: str
    log: LogState | None
    errors: Sequence[FieldProblem]
    flags: Sequence[RaisedFlag]


class Refused(DomainError):
    """An entry that is not stored; what it set off (a flag, a clock skew) is."""

    details: Mapping[str, str] = {
        "confirm_required": "Some values are unusual. Send the same id again with `confirmed`.",
        "conflict": "This id was used for another entry.",
        "refused": "Some values cannot be right.",
    }

    def __init__(self, reply: Answer) -> None:
        super().__init__(
            self.details.get(reply.state, ""),
            code=reply.state,
            errors=reply.errors,
            members={"id": str(reply.id), "flags": msgspec.to_builtins(reply.flags)},
        )
        self.status = reply.status


class RefusedWithFlags(DomainError):
    """A refusal that says as usual what is wrong, and carries what the signs set off."""

    def __init__(self, refused: DomainError, flags: Sequence[RaisedFlag]) -> None:
        super().__init__(
            refused.detail,
            code=refused.code,
            field=refused.field,
            params=refused.params,
            errors=refused.errors,
            members={**refused.members, "flags": msgspec.to_builtins(flags)},
        )
        self.status = refused.status


def session_answer(reply: Answer) -> tuple[int, SessionAnswer | Quarantined]:
    """Return status and body; raises `Refused` for what is not stored."""
    if reply.status == 202:
        return 202, Quarantined(id=reply.id, status=reply.state, flags=reply.flags)
    if reply.status >= 400:
        raise Refused(reply)
    body = SessionAnswer(id=reply.id, state=reply.state, log=reply.log, flags=reply.flags)
    return reply.status, body


def entry_answer(reply: Answer) -> EntryAnswer:
    """Return one answer of a batch; a quarantined entry echoes only its id and status."""
    return EntryAnswer(
        id=str(reply.id),
        status=reply.status,
        state=reply.state,
        log=None if reply.status == 202 else reply.log,
        errors=[problem_of(error) for error in reply.errors],
        flags=reply.flags,
    )


def unreadable(sent_id: object, errors: Sequence[FieldError]) -> EntryAnswer:
    """Return the answer for an entry that is not even an entry."""
    return EntryAnswer(
        id=None if sent_id is None else str(sent_id),
        status=422,
        state="refused",
        log=None,
        errors=[problem_of(error) for error in errors],
        flags=[],
    )


def problem_of(error: FieldError) -> FieldProblem:
    detail = gettext(error.detail)
    return FieldProblem(
        field=error.field, code=error.code, detail=detail % error.params if error.params else detail
    )
