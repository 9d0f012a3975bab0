"""A signed-in device or browser, and the one statement that recognises it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connection, models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from patients.models.prepared import Prepared
from patients.models.user import User

SEEN_EVERY = timedelta(minutes=5)


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


_USER_FIELDS = [field.attname for field in User._meta.concrete_fields]
_COLUMNS = ", ".join(f'u."{name}"' for name in _USER_FIELDS)
_SIGN_IN = Prepared(
    "sign_in",
    f"""
SELECT s.id, s.auth_hash, s.last_seen_at, {_COLUMNS}
  FROM patients_usersession s JOIN patients_user u ON u.id = s.user_id
 WHERE s.key_hash = %(key)s::text AND s.expire_date > %(at)s::timestamptz AND u.is_active
""",
)


def _first_asked(params: Mapping[str, object]) -> Sequence[tuple[Any, ...]]:
    """Ask the first question of a request, which finds out whether the kept connection lives.

    Asking "are you there?" beforehand, as Django does, would cost every request a round trip.
    """
    if connection.in_atomic_block:
        return _SIGN_IN.fetchall(params)
    connection.health_check_done = True
    try:
        return _SIGN_IN.fetchall(params)
    except (OperationalError, InterfaceError):
        connection.close()
        return _SIGN_IN.fetchall(params)


def user_behind(token: str, *, at: datetime) -> User | None:
    """The active account behind an unexpired session token: one statement.

    `last_seen_at` is written at most every five minutes, and then it is one more.
    """
    rows = _first_asked({"key": hashed(token), "at": at})
    if not rows:
        return None
    session_id, auth_hash, last_seen_at, *values = rows[0]
    user = User.from_db(connection.alias, _USER_FIELDS, values)
    if not constant_time_compare(auth_hash, user.get_session_auth_hash()):
        return None
    if last_seen_at is None or at - last_seen_at > SEEN_EVERY:
        UserSession.objects.filter(pk=session_id).update(last_seen_at=at)
    return user
