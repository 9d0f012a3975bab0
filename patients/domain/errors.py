"""The named refusals of the product. The door (API, page, command) turns them into an answer."""

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field.

    `detail` is an English msgid that the door translates and then fills with `params`; `members`
    are added to the answer as they are (a limit, a likely meaning).
    """

    field: str
    code: str
    detail: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    members: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class DomainError(Exception):
    """Something that cannot be done, and why.

    `code` is stable and for programs, `detail` is for people: an English msgid with `params`
    filled in after translation. `members` are added to the answer as they are. `status` is a
    hint for doors that speak HTTP.
    """

    status = 400
    code = "refused"
    detail = "This cannot be done."

    def __init__(
        self,
        detail: str = "",
        *,
        code: str = "",
        field: str = "",
        params: Mapping[str, object] | None = None,
        errors: tuple[FieldError, ...] = (),
        members: Mapping[str, Any] | None = None,
    ) -> None:
        self.detail = detail or type(self).detail
        self.code = code or type(self).code
        self.field = field
        self.params = params or {}
        self.errors = errors
        self.members = members or {}
        super().__init__(self.detail)


class NotSignedIn(DomainError):
    """What a call named as its sign-in lets nobody in: unknown, over, or of an older password."""

    status = 401
    code = "authentication_failed"
    detail = "Sign in again."


class NotVisible(DomainError):
    """What the person may not see looks exactly like what does not exist."""

    status = 404
    code = "not_found"
    detail = "Not found."


class NotAllowed(DomainError):
    status = 403
    code = "not_allowed"
    detail = "You may see this, but not do that."


class Invalid(DomainError):
    status = 422
    code = "invalid"
    detail = "This value cannot be right."


class Conflict(DomainError):
    status = 409
    code = "conflict"
    detail = "This does not fit what is already recorded."


class TooManyAttempts(DomainError):
    """`retry_after_seconds` tells how long to wait before another try makes sense."""

    status = 429
    code = "too_many_attempts"
    detail = "Too many attempts. Wait a little, then try again."

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds
