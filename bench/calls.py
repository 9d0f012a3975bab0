"""What is measured: each call of the service, and the floor it stands on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from uuid import uuid4

import orjson

from bench.client import request
from bench.clinic import BenchClinic, Writer
from bench.played import Played, played
from bench.statements import Sample

CLIENTS = 8
BATCH = 50
_PLAYED_A_WRITER = 16
_API = "/api/v1/patients"

Script = list[bytes]
Scripts = list[Script]


@dataclass(frozen=True, slots=True)
class Call:
    """One row of the table. product, floor: make the requests of one run, one script a client.

    floor_more: the floor is quicker, so its run has more requests. played: plays the call so many
    times beforehand, for the service's own statements; None where they are not measured.
    """

    name: str
    aim: str
    requests: int
    product: Callable[[int, int], Scripts]
    floor: Callable[[int, int], Scripts]
    sample: Callable[[], Sample]
    floor_more: int = 3
    played: Callable[[int], Sequence[Played]] | None = None

    def replay(self, port: int, calls: Sequence[tuple[int, Played]]) -> Scripts:
        """Return the requests to the server that replays what was played, each by its place."""
        made = (
            request("POST", f"/{self.key}/{place}", token="", port=port, body=each.sent.encode())
            for place, each in calls
        )
        return _spread(made, len(calls))

    @property
    def key(self) -> str:
        return self.name.split(",")[0].replace(" ", "-")


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
            played=lambda count: _played_logs(clinic, count),
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
            played=lambda count: _played_entries(clinic, count),
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
    a_batch = (runs + 1) * batches(scale)
    a_played_log = (runs + 1) * round(640 * scale) // _PLAYED_A_WRITER + 1
    return a_log + (runs + 1) + 2 * a_batch + a_played_log + samples


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


def _played_logs(clinic: BenchClinic, count: int) -> list[Played]:
    """Play logs of many patients, so that those who follow each other are of different ones."""
    writers = clinic.take(-(-count // _PLAYED_A_WRITER))
    of_each = [list(played(_log_of(writer) for _ in range(_PLAYED_A_WRITER))) for writer in writers]
    return [each for turn in zip(*of_each, strict=True) for each in turn][:count]


def _played_entries(clinic: BenchClinic, count: int) -> list[Played]:
    return [each for _ in range(count) for each in played([_entries_sample(clinic)])]


def _log_sample(clinic: BenchClinic) -> Sample:
    return _log_of(clinic.take(1)[0])


def _log_of(writer: Writer) -> Sample:
    path = f"{_API}/{writer.patient_id}/session-logs/{uuid4()}"
    return "PUT", path, orjson.dumps(writer.next_entry()), writer.token


def _entries_sample(clinic: BenchClinic) -> Sample:
    writer = clinic.take(1)[0]
    return "POST", f"{_API}/{writer.patient_id}/entries", _batch(writer), writer.token
