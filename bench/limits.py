"""What the machine could do at most, measured beside what the engine does."""

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, generate_private_key

from patients.access.walls import within_every_clinic
from patients.channels.exchange import Ready
from patients.channels.push_key import point
from patients.domain.roles import Channel
from rehab.actions import on_time
from rehab.actions.lanes import Lanes, made_ready
from rehab.channels import Message, sealing
from rehab.models.departure import oldest_note_at
from rehab.models.outbox import Finish, claim, count_due, due_soon, finish

_BATCH = 500
_LEASE = timedelta(seconds=90)
_PAYLOAD = b"x" * 250


def ecdh_per_second() -> float:
    """Return how many P-256 key agreements one core does in a second, and nothing else."""
    return _per_second(_agreement())


def ecdh_cpu_seconds(times: int = 2_000) -> float:
    """Return the CPU that one key agreement takes, however busy the machine is."""
    agree, began = _agreement(), time.process_time()
    for _ in range(times):
        agree()
    return (time.process_time() - began) / times


def seals_per_second() -> float:
    """Return how many whole messages one core encrypts in a second."""
    key = point(generate_private_key(SECP256R1()).public_key())
    return _per_second(lambda: sealing.seal(key, b"a" * 16, _PAYLOAD))


class Posting(NamedTuple):
    """What the way out manages, and the CPU that it takes, seconds a message."""

    made_ready: float
    answered: float
    answered_per_second: float


def posting(address: str, *, count: int = 5_000) -> Posting:
    """Make messages to a device ready and send them to its push service until all are answered.

    One process. Nothing is recorded, so this is what sockets, HTTP and judging the answers take.
    """
    began = time.process_time()
    ready = [made_ready(Channel.PUSH, _message(address)) for _ in range(count // 10)]
    made = (time.process_time() - began) / len(ready)
    with Lanes[None]() as lanes:
        _answered(lanes, deque(ready))  # opens the connections
        began, began_at = time.process_time(), time.perf_counter()
        _answered(lanes, deque(ready * 10))
        spent, passed = time.process_time() - began, time.perf_counter() - began_at
    return Posting(made, spent / (10 * len(ready)), 10 * len(ready) / passed)


def _message(address: str) -> Message:
    return Message(str(uuid4()), address, "en", "due", 1, "https://rehab.example.org/")


def _answered(lanes: Lanes[None], waiting: deque[Ready]) -> None:
    while waiting or lanes.is_busy():
        while waiting and lanes.has_room(Channel.PUSH):
            lanes.send_ready(Channel.PUSH, None, waiting.popleft())
        for told in lanes.told(wait=1):
            assert told.failed is None, told.failed
            lanes.recorded(told.channel)


def rows_per_second(*, at: datetime) -> float:
    """Claim and finish all that is due over one connection, without sending; rows per second."""
    began, rows = time.perf_counter(), 0
    while True:
        with within_every_clinic():
            claims = claim(at=at, limit=_BATCH, lease=_LEASE)
        if not claims:
            return rows / (time.perf_counter() - began)
        with within_every_clinic():
            finish([Finish(each, "sent") for each in claims], at=at)
        rows += len(claims)


def idle_tick_milliseconds(*, at: datetime, times: int = 200) -> float:
    """Return what a tick takes to find that nothing is due, now or soon: the median."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        with within_every_clinic():
            count_due(at=at)
            due_soon(at=at, until=at + on_time.AHEAD_AT_MOST, many=on_time.MANY)
            oldest_note_at()
        taken.append(time.perf_counter() - began)
    return 1000 * median(taken)


def _agreement() -> Callable[[], object]:
    ours, theirs = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    public = theirs.public_key()
    return lambda: ours.exchange(ECDH(), public)


def _per_second(do: Callable[[], object], seconds: float = 0.5) -> float:
    began, times = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds:
        do()
        times += 1
    return times / passed
