"""A push service on loopback, in a process of its own: HTTP/1.1 that stays open, 201, a topic.

It notes when each message came, and answers at once, late, with 503, or not at all, as it is told
over the same port. `python -m bench.push_sink PORT`; `Sink` is the other end.
"""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from config.launcher.children import Child, wait_until
from config.launcher.ports import free_port, is_free
from config.launcher.services import ROOT

_CREATED = b"HTTP/1.1 201 Created\r\nLocation: /message\r\nContent-Length: 0\r\n\r\n"
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Arrival:
    """topic: the reminder that a message speaks of, as base64url. at: seconds since 1970."""

    topic: str
    at: float


@dataclass(slots=True)
class _Behaviour:
    mode: str = "take"
    latency: float = 0.0
    taken: list[tuple[str, float]] = field(default_factory=list)


class _Caller(asyncio.Protocol):
    def __init__(self, behaviour: _Behaviour) -> None:
        self._behaviour, self._read = behaviour, b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end].decode("latin-1")
            headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
            size = end + 4 + int(headers.get("Content-Length", 0))
            if len(self._read) < size:
                return
            body, self._read = self._read[end + 4 : size], self._read[size:]
            self._serve(head, headers, body)

    def _serve(self, head: str, headers: dict[str, str], body: bytes) -> None:
        method, target, _ = head.split("\r\n", 1)[0].split(" ")
        if method == "POST":
            self._take(headers)
        elif method == "PUT":
            self._behaviour.mode, self._behaviour.latency = json.loads(body)
            self._say([])
        elif target == "/count":
            self._say(len(self._behaviour.taken))
        else:
            self._say(self._behaviour.taken[int(target.partition("?")[2]) :])

    def _take(self, headers: dict[str, str]) -> None:
        behaviour = self._behaviour
        if behaviour.mode == "hang":
            return
        if behaviour.mode == "refuse":
            self._transport.write(_BUSY)
            return
        behaviour.taken.append((headers["Topic"], time.time()))
        if behaviour.latency:
            asyncio.get_running_loop().call_later(
                behaviour.latency, self._transport.write, _CREATED
            )
        else:
            self._transport.write(_CREATED)

    def _say(self, found: object) -> None:
        body = json.dumps(found).encode()
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@dataclass(slots=True)
class Sink:
    """The sink as those see it who started it."""

    child: Child
    port: int

    def behave(self, mode: str = "take", *, latency: float = 0.0) -> None:
        """mode: take, refuse (503) or hang. latency: seconds until it says that it took it."""
        self._ask("PUT", "/", json.dumps([mode, latency]))

    def count(self) -> int:
        return int(self._ask("GET", "/count"))

    def taken(self, *, after: int = 0) -> list[Arrival]:
        """Return what it took, in order, leaving out the first `after`."""
        return [Arrival(*each) for each in self._ask("GET", f"/?{after}")]

    def _ask(self, method: str, target: str, body: str = "") -> Any:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, target, body)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def running_sink() -> Iterator[Sink]:
    port = free_port()
    child = Child("sink", [sys.executable, "-m", "bench.push_sink", str(port)], folder=ROOT)
    child.start()
    try:
        wait_until(lambda: not is_free("127.0.0.1", port), child, 20)
        yield Sink(child, port)
    finally:
        child.stop()


async def _serve(port: int) -> None:
    behaviour = _Behaviour()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Caller(behaviour), "127.0.0.1", port, backlog=1024)
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
