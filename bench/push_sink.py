"""A push service on loopback, in a process of its own: HTTP/1.1 that stays open, 201, a topic.

It notes when each message came, and answers at once, late, with 503, or not at all, as it is told
over the same port. Of some it keeps the body, so that it can be opened as a browser would. It
shares the processors with what is measured, so it does no more for a message than that, and reads
no more of a request than it must. `python -m bench.push_sink PORT`; `Sink` is the other end.
"""

import json
import select
import socket
import sys
import time
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from config.launcher.children import Child, wait_until
from config.launcher.ports import free_port, is_free
from config.launcher.services import ROOT

# The body of one message in so many is kept.
_KEPT_OF = 500
_HALF_A_MILLISECOND = 0.0005
_CREATED = b"HTTP/1.1 201 Created\r\nLocation: /message\r\nContent-Length: 0\r\n\r\n"
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
_HEADERS_OF_A_PUSH = (b"ttl: ", b"content-encoding: aes128gcm", b"authorization: vapid t=")


@dataclass(frozen=True, slots=True)
class Arrival:
    """topic: the reminder that a message speaks of, as base64url. at: seconds since 1970."""

    topic: str
    at: float


@dataclass(frozen=True, slots=True)
class Kept:
    """One of the messages whose body was kept. target: what was posted to, with its path."""

    target: str
    body: bytes


@dataclass(slots=True)
class _Service:
    """What it was told to do, and what came. late: answers to give, the first one first."""

    mode: str = "take"
    latency: float = 0.0
    taken: list[tuple[str, float]] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    late: deque[tuple[float, socket.socket]] = field(default_factory=deque)

    def serve(self, caller: socket.socket, read: bytes) -> bytes:
        """Answer every whole request; return what is left of the last one."""
        while (end := read.find(b"\r\n\r\n")) >= 0:
            size = end + 4 + int(_header(read, b"\r\nContent-Length: ", end) or 0)
            if len(read) < size:
                break
            if read.startswith(b"POST "):
                self._take(caller, read, end, size)
            else:
                self._told(caller, read[:end].decode("latin-1"), read[end + 4 : size])
            read = read[size:]
        return read

    def answer_late(self) -> None:
        """Answer what is due by now, to the nearest millisecond: it is woken no finer."""
        now = time.monotonic() + _HALF_A_MILLISECOND
        while self.late and self.late[0][0] <= now:
            _say(self.late.popleft()[1], _CREATED)

    def patience(self) -> float:
        """Return the seconds until there is something to do; -1: not before somebody calls."""
        if not self.late:
            return -1
        return max(self.late[0][0] - _HALF_A_MILLISECOND - time.monotonic(), 0)

    def _take(self, caller: socket.socket, read: bytes, end: int, size: int) -> None:
        if self.mode == "hang":
            return
        if self.mode == "refuse":
            _say(caller, _BUSY)
            return
        if len(self.taken) % _KEPT_OF == 0:
            self._keep(read[:end], read[end + 4 : size])
        topic = _header(read, b"\r\nTopic: ", end)
        self.taken.append((topic.decode("ascii"), time.time()))
        if self.latency:
            self.late.append((time.monotonic() + self.latency, caller))
        else:
            _say(caller, _CREATED)

    def _keep(self, head: bytes, body: bytes) -> None:
        said = head.lower()
        assert all(each in said for each in _HEADERS_OF_A_PUSH), "not a request of web push"
        self.kept.append((head.split(b" ", 2)[1].decode("ascii"), b64encode(body).decode("ascii")))

    def _told(self, caller: socket.socket, head: str, body: bytes) -> None:
        method, target, _ = head.split("\r\n", 1)[0].split(" ")
        found: Any = []
        if method == "PUT":
            self.mode, self.latency = json.loads(body)
        elif target == "/count":
            found = len(self.taken)
        elif target == "/kept":
            found, self.kept = self.kept, []
        else:
            found = self.taken[int(target.partition("?")[2]) :]
        told = json.dumps(found).encode()
        caller.setblocking(True)
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(told) + told)
        caller.setblocking(False)


@dataclass(slots=True)
class Sink:
    """The sink as those see it who started it."""

    child: Child
    port: int

    @property
    def pid(self) -> int:
        assert self.child.process
        return self.child.process.pid

    def behave(self, mode: str = "take", *, latency: float = 0.0) -> None:
        """mode: take, refuse (503) or hang. latency: seconds until it says that it took it."""
        self._ask("PUT", "/", json.dumps([mode, latency]))

    def count(self) -> int:
        return int(self._ask("GET", "/count"))

    def taken(self, *, after: int = 0) -> list[Arrival]:
        """Return what it took, in order, leaving out the first `after`."""
        return [Arrival(*each) for each in self._ask("GET", f"/?{after}")]

    def kept(self) -> list[Kept]:
        """Return the messages that it kept whole since it was last asked."""
        return [Kept(target, b64decode(body)) for target, body in self._ask("GET", "/kept")]

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


def _header(read: bytes, name: bytes, end: int) -> bytes:
    at = read.find(name, 0, end)
    return read[at + len(name) : read.find(b"\r\n", at + len(name))] if at >= 0 else b""


def _say(caller: socket.socket, answer: bytes) -> None:
    try:
        caller.send(answer)
    except OSError:
        return  # it has hung up


def _serve(port: int) -> None:
    service, unread = _Service(), dict[int, bytes]()
    callers: dict[int, socket.socket] = {}
    door = socket.create_server(("127.0.0.1", port), backlog=1024)
    poll = select.epoll()
    poll.register(door, select.EPOLLIN)
    while True:
        for number, _event in poll.poll(service.patience()):
            if number == door.fileno():
                caller, _address = door.accept()
                caller.setblocking(False)
                caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                callers[caller.fileno()], unread[caller.fileno()] = caller, b""
                poll.register(caller, select.EPOLLIN)
                continue
            received = _received(callers[number])
            if received:
                unread[number] = service.serve(callers[number], unread[number] + received)
            else:
                callers.pop(number).close()
        service.answer_late()


def _received(caller: socket.socket) -> bytes:
    try:
        return caller.recv(65_536)
    except OSError:
        return b""


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
