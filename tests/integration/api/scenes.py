"""What the tests of the API have in common: a place, a plan and a clock."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import time_machine

from patients.models import User
from rehab.models import Plan
from tests.contract.client import ContractClient, api_client
from tests.people import Cast
from tests.plans import assign, fes, items_of, parts_of, shoulder

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int, minute: int = 0, *, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def plan_for(cast: Cast) -> Plan:
    """A passive and a stimulation item, in force since Sunday 18 October 2026, 20:00."""
    return assign(cast, shoulder(), fes(), at=local(18, 20))


def of_alice(cast: Cast, path: str) -> str:
    return f"/api/v1/patients/{cast.patient.pk}/{path}"


def get(user: User | None, address: str, at: datetime, **query: Any) -> Any:
    with time_machine.travel(at, tick=False):
        return api_client(user).get(address, query)


def send(user: User | None, verb: str, address: str, body: object, at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        return getattr(api_client(user), verb)(address, body, format="json")


def body_of(series: UUID, performed_at: datetime, **facts: Any) -> dict[str, Any]:
    """The two-tap log as a phone sends it."""
    given = {
        "series": str(series),
        "performed_at": performed_at.isoformat(),
        "zone": "Asia/Shanghai",
    }
    return {**given, "as_planned": True, **facts}


def detailed(
    plan: Plan, performed_at: datetime, *, place: int = 0, pain: object = None, **measures: Any
) -> dict[str, Any]:
    """A detailed log of one item: what was seen of its first part, the others done."""
    item = items_of(plan)[place]
    first, *others = parts_of(item)
    parts = [{"part": str(first.part), "pain": pain, "measures": measures}]
    parts += [{"part": str(each.part)} for each in others]
    return body_of(item.series, performed_at, as_planned=False, parts=parts)


def log(cast: Cast, user: User, body: object, at: datetime, log_id: UUID | None = None) -> Any:
    return send(user, "put", of_alice(cast, f"session-logs/{log_id or uuid4()}"), body, at)


__all__ = [
    "ContractClient",
    "body_of",
    "detailed",
    "get",
    "local",
    "log",
    "of_alice",
    "plan_for",
    "send",
]
