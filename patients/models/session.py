"""A signed-in device or browser, and the one statement that recognises it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import InterfaceError, OperationalError, connection, models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from patients.access.walls import wall_around, wall_stands
from patients.domain.errors import NotSignedIn
from patients.models.prepared import Pen, Prepared
from patients.models.user import User

SEEN_EVERY = timedelta(minutes=5)
TOKEN_HEADER = "X-Session-Token"  # noqa: S105  a name
Answered = TypeVar("Answered")


def hashed(key: str) -> str:
    """What the database keeps of a session key, so that reading the table signs nobody in."""
    return sha256(key.encode()).hexdigest()


class UserSession(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="sessions", null=True, blank=True
    )
    key_hash = models.CharField(max_length=64, unique=True)
    # Of the password at sign-in: a new password signs every other device out.
    auth_hash = models.CharField(max_length=128, default="", blank=True)
    session_data = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    expire_date = models.DateTimeField(db_index=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.user_id} until {self.expire_date:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Token:
    """A session token that came at a moment, before anybody asked whose it is.

    An action that asks the database much in one trip lets it ask this too: `add_wall` before all
    else, `ACCOUNT_AS_JSON` in the question, `user_of` for the answer.
    """

    key_hash: str
    at: datetime

    @classmethod
    def of(cls, text: str, *, at: datetime) -> "Token":
        return cls(hashed(text), at)

    @property
    def params(self) -> dict[str, object]:
        return {"key": self.key_hash, "at": self.at}

    def add_wall(self, pen: Pen) -> None:
        """Put up the wall of the account behind it; who is not signed in sees no clinic's rows."""
        pen.add(_WALL, self.params)

    def ask(self) -> User:
        """Ask whose it is, in a trip of its own; NotSignedIn where it lets nobody in."""
        rows = _SIGN_IN.fetchall(self.params)
        return self.user_of(rows[0] if rows else None)

    def user_of(self, row: "AccountRow | None") -> User:
        """Return the account that was found; NotSignedIn where it lets nobody in."""
        user = _user_in(row, at=self.at) if row else None
        if user is None:
            raise NotSignedIn
        wall_stands(user.clinic_ids)
        return user


_USER_FIELDS = [field.attname for field in User._meta.concrete_fields]
_SIGNED_IN = """
  FROM patients_usersession s JOIN patients_user u ON u.id = s.user_id
 WHERE s.key_hash = %(key)s::text AND s.expire_date > %(at)s::timestamptz AND u.is_active"""
_NAMES = ["session_id", "auth_hash", "last_seen_at", *(f'"{name}"' for name in _USER_FIELDS)]
ACCOUNT = f"""SELECT s.id AS session_id, s.auth_hash, s.last_seen_at,
  {", ".join(f'u."{name}"' for name in _USER_FIELDS)} {_SIGNED_IN}"""
"""The account behind a token, for a statement that asks more; `Token.params` go with it."""
ACCOUNT_AS_JSON = f"json_build_array({', '.join(_NAMES)})"
"""The columns of `ACCOUNT` as they are decoded to an `AccountRow`."""
_SIGN_IN = Prepared("sign_in", ACCOUNT)
_WALL = Prepared("wall_of_token", wall_around(f"SELECT u.clinic_ids {_SIGNED_IN}"))


def _kind_of(field: "models.Field[Any, Any]") -> Any:
    kinds = {
        models.UUIDField: UUID,
        models.DateTimeField: datetime,
        models.BooleanField: bool,
        ArrayField: list[UUID],
    }
    kind = next((kind for of, kind in kinds.items() if isinstance(field, of)), str)
    return kind | None if field.null else kind


if TYPE_CHECKING:
    AccountRow = tuple[Any, ...]
else:
    # Session, hash of the password at sign-in, last seen, and the columns of the account.
    AccountRow = tuple[(UUID, str, datetime | None, *map(_kind_of, User._meta.concrete_fields))]


def first_asked(ask: Callable[[], Answered]) -> Answered:
    """Ask the first question of a request, which finds out whether the kept connection lives.

    Asking "are you there?" beforehand, as Django does, would cost every request a round trip.
    What is asked may be asked twice: once more where the connection was lost.
    """
    if connection.in_atomic_block:
        return ask()
    kept = connection.connection
    connection.health_check_done = True
    try:
        return ask()
    except (OperationalError, InterfaceError):
        if kept is None or not kept.closed:
            raise
        connection.close()
        return ask()


def user_behind(token: str, *, at: datetime) -> User | None:
    """The active account behind an unexpired session token: one statement.

    `last_seen_at` is written at most every five minutes, and then it is one more.
    """
    params = Token.of(token, at=at).params
    rows = first_asked(lambda: _SIGN_IN.fetchall(params))
    return _user_in(rows[0], at=at) if rows else None


def _user_in(row: Sequence[Any], *, at: datetime) -> User | None:
    session_id, auth_hash, last_seen_at, *values = row
    user = User.from_db(connection.alias, _USER_FIELDS, values)
    if not constant_time_compare(auth_hash, user.get_session_auth_hash()):
        return None
    if last_seen_at is None or at - last_seen_at > SEEN_EVERY:
        UserSession.objects.filter(pk=session_id).update(last_seen_at=at)
    return user
