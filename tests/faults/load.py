"""Phones that log under a fault: they keep an entry until it is answered, and send it again."""

import http.client
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

# A phone tries on for as long as a restart may take; then it gives up and the test says so.
TRIES = 900
PAUSE_SECONDS = 0.1
# The same session told twice begins within five minutes; these are different ones.
APART = timedelta(minutes=7)


@dataclass(slots=True)
class Phone:
    """One signed-in device with one kept connection."""

    port: int
    token: str = ""
    connection: http.client.HTTPConnection | None = None

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Send one request; OSError or HTTPException where no whole answer came."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/json", "Accept-Language": "en"}
        if self.token:
            headers["X-Session-Token"] = self.token
        try:
            data = None if body is None else json.dumps(body)
            self.connection.request(method, path, data, headers)
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise

    def sign_in(self, email: str, password: str) -> None:
        credentials = {"email": email, "password": password}
        status, body = self.call("POST", "/_allauth/app/v1/auth/login", credentials)
        assert status == 200, body
        self.token = body["meta"]["session_token"]

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


@dataclass(slots=True)
class Load:
    """Several phones of one account, each with a fixed number of logs to hand over."""

    port: int
    token: str
    patient: str
    series: str
    phones: int = 4
    logs_each: int = 40
    answered: dict[UUID, int] = field(default_factory=dict)
    repeated: int = 0
    refused: list[tuple[int, Any]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.phones * self.logs_each

    def start(self, last: datetime) -> None:
        """Begin to hand over sessions that were performed before `last`."""
        bodies = [self._body(last - place * APART) for place in range(self.total)]
        shares = [bodies[place :: self.phones] for place in range(self.phones)]
        self._threads = [threading.Thread(target=self._hand_over, args=(each,)) for each in shares]
        for thread in self._threads:
            thread.start()

    def wait_for(self, share: float) -> None:
        """Wait until this share of all logs has been answered, or all phones have given up."""
        with self._changed:
            self._changed.wait_for(
                lambda: len(self.answered) >= self.total * share or not self._working
            )

    def finish(self) -> None:
        for thread in self._threads:
            thread.join()

    @property
    def _working(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _body(self, performed_at: datetime) -> dict[str, Any]:
        return {
            "performed_at": performed_at.isoformat(),
            "zone": "Asia/Shanghai",
            "series": self.series,
            "as_planned": True,
        }

    def _hand_over(self, bodies: Sequence[Mapping[str, Any]]) -> None:
        phone = Phone(self.port, self.token)
        for body in bodies:
            self._keep_until_answered(phone, uuid4(), body)
        phone.hang_up()
        with self._changed:
            self._changed.notify_all()

    def _keep_until_answered(self, phone: Phone, log_id: UUID, body: Mapping[str, Any]) -> None:
        path = f"/api/v1/patients/{self.patient}/session-logs/{log_id}"
        for attempt in range(TRIES):
            try:
                status, answer = phone.call("PUT", path, body)
            except (OSError, http.client.HTTPException):
                time.sleep(PAUSE_SECONDS)
                continue
            if status < 500:
                self._note(log_id, status, answer, repeated=attempt > 0)
                return
            time.sleep(PAUSE_SECONDS)
        self._note(log_id, 0, "gave up", repeated=True)

    def _note(self, log_id: UUID, status: int, answer: object, *, repeated: bool) -> None:
        with self._changed:
            if 200 <= status < 300:
                self.answered[log_id] = status
            else:
                self.refused.append((status, answer))
            self.repeated += repeated
            self._changed.notify_all()
