"""The session engine (SESSION_ENGINE): the database keeps a hash of the key, never the key.

The account, and a hash of its password, stand beside the data, so that a phone's token is
recognised by one statement (`patients.models.session.user_behind`).
"""

from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from patients.models.session import UserSession, hashed


class SessionStore(SessionBase):
    def load(self) -> dict[str, Any]:
        row = self._rows(self.session_key).filter(expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row.session_data)

    def exists(self, session_key: str) -> bool:
        return self._rows(session_key).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)
        row = {
            "user_id": data.get(SESSION_KEY),
            "auth_hash": data.get(HASH_SESSION_KEY, ""),
            "session_data": self.encode(data),
            "expire_date": self.get_expiry_date(),
        }
        if must_create:
            self._insert(row)
        elif not self._rows(self.session_key).update(**row):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self._rows(key).delete()

    @classmethod
    def clear_expired(cls) -> None:
        UserSession.objects.filter(expire_date__lt=timezone.now()).delete()

    def _insert(self, row: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                UserSession.objects.create(
                    key_hash=hashed(self._session_key), last_seen_at=timezone.now(), **row
                )
        except IntegrityError:
            raise CreateError from None

    @staticmethod
    def _rows(session_key: str | None):  # type: ignore[no-untyped-def]
        return UserSession.objects.filter(key_hash=hashed(session_key or ""))
