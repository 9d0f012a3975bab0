"""What is measured: each call of the service, and the floor it stands on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from uuid import uuid4

import orjson

from bench.client import request
from bench.clinic import BenchClinic, Writer

CLIENTS = 8
BATCH = 50
_API = "/api/v1/patients"

Script = list[bytes]
Scripts = list[Script]


@dataclass(frozen=True, slots=True)
class Call:
    """One row of the table. product, floor: make the requests of one run, one script a client.

    rows: logs in one request. floor_more: the floor is quicker, so its run has more requests.
    """

    name: str
    aim: str
    requests: int
    product: Callable[[int, int], Scripts]
    floor: Callable[[int, int], Scripts]
    sample: Callable[[], tuple[str, str, bytes, str]]
    floor_more: int = 3


def calls_of(clinic: BenchClinic, *, scale: float, runs: int) -> list[Call]:
    """Return every call; `scale` multiplies the number of requests, `runs` says how many follow."""
    writing = cycle(clinic.take(writers_to_log(scale, runs)))
    return [
        Call(
            "log a session",
            "≥ 0.35",
            round(640 * scale),
            lambda port, count: _logs(writing, port, count),
            lambda port, count: _floor_logs(clinic, port, count),
            lambda: _log_sample(clinic),
        ),
        Call(
            "  all for one patient",
            "",
            round(80 * scale),
            lambda port, count: _logs(cycle(clinic.take(1)), port, count),
            lambda port, count: _floor_logs(clinic, port, count, patients=1),
            lambda: _log_sample(clinic),
            floor_more=8,
        ),
        _read(clinic, "page of 20 logs", "page", "session-logs?limit=20", round(400 * scale), ""),
        _read(clinic, "today", "today", "today", round(320 * scale), "≤ 8 SQL, ≤ 8 kB"),
        _read(
            clinic,
            "progress, 12 weeks",
            "progress",
            f"progress?from={clinic.first}&to={clinic.last}",
            round(320 * scale),
            "≤ 6 SQL",
        ),
        Call(
            f"entries, {BATCH} logs",
            "≥ 0.40",
            batches(scale),
            lambda port, count: _entries(clinic, port, count),
            lambda port, count: _floor_entries(clinic, port, count),
            lambda: _entries_sample(clinic),
        ),
    ]


def batches(scale: float) -> int:
    return CLIENTS * max(1, round(5 * scale))


def writers_to_log(scale: float, runs: int) -> int:
    """Return how many patients it takes to log six sessions a day at most for each of them."""
    return max(CLIENTS, round(640 * scale) * (runs + 1) // 30)


def writers_needed(scale: float, runs: int) -> int:
    """Return how many patients a whole benchmark writes for, samples and warming up included."""
    a_log, samples = writers_to_log(scale, runs), 16
    return a_log + (runs + 1) + (runs + 1) * batches(scale) + samples


def _spread(made: Iterator[bytes], count: int) -> Scripts:
    scripts: Scripts = [[] for _ in range(CLIENTS)]
    for place in range(max(count, CLIENTS)):
        scripts[place % CLIENTS].append(next(made))
    return scripts


def _logs(writers: Iterator[Writer], port: int, count: int) -> Scripts:
    return _spread((_log(writer, port) for writer in writers), count)


def _log(writer: Writer, port: int) -> bytes:
    body = orjson.dumps(writer.next_entry())
    path = f"{_API}/{writer.patient_id}/session-logs/{uuid4()}"
    return request("PUT", path, token=writer.token, port=port, body=body)


def _entries(clinic: BenchClinic, port: int, count: int) -> Scripts:
    made = (
        request(
            "POST",
            f"{_API}/{writer.patient_id}/entries",
            token=writer.token,
            port=port,
            body=_batch(writer),
        )
        for writer in clinic.take(max(count, CLIENTS))
    )
    return _spread(made, count)


def _batch(writer: Writer) -> bytes:
    entries = [
        {"id": str(uuid4()), "kind": "session_log", "body": writer.next_entry()}
        for _ in range(BATCH)
    ]
    return orjson.dumps({"entries": entries})


def _read(clinic: BenchClinic, name: str, floor: str, path: str, requests: int, aim: str) -> Call:
    full = f"{_API}/{clinic.reader_id}/{path}"
    token = clinic.reader_token

    def product(port: int, count: int) -> Scripts:
        return _spread(cycle([request("GET", full, token=token, port=port)]), count)

    def bare(port: int, count: int) -> Scripts:
        address = f"/{floor}/{clinic.reader_id}"
        return _spread(cycle([request("GET", address, token=token, port=port)]), count)

    return Call(name, aim, requests, product, bare, lambda: ("GET", full, b"", token))


def _floor_logs(
    clinic: BenchClinic, port: int, count: int, *, patients: int | None = None
) -> Scripts:
    writer = clinic.writers[0]
    body = orjson.dumps(next(clinic.programme.sessions(clinic.last, days=1)))
    return _spread(
        (
            request("PUT", f"/log/{patient}", token=writer.token, port=port, body=body)
            for patient in cycle(clinic.idle[:patients])
        ),
        count,
    )


def _floor_entries(clinic: BenchClinic, port: int, count: int) -> Scripts:
    writer = clinic.writers[0]
    body = _batch(Writer(writer.patient_id, "", clinic.programme.sessions(clinic.last, days=6)))
    return _spread(
        (
            request("POST", f"/entries/{patient}", token=writer.token, port=port, body=body)
            for patient in cycle(clinic.idle)
        ),
        count,
    )


def _log_sample(clinic: BenchClinic) -> tuple[str, str, bytes, str]:
    writer = clinic.take(1)[0]
    path = f"{_API}/{writer.patient_id}/session-logs/{uuid4()}"
    return "PUT", path, orjson.dumps(writer.next_entry()), writer.token


def _entries_sample(clinic: BenchClinic) -> tuple[str, str, bytes, str]:
    writer = clinic.take(1)[0]
    return "POST", f"{_API}/{writer.patient_id}/entries", _batch(writer), writer.token
