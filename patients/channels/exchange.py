"""Many posts under way at once in one thread, over the kept connections of this process.

A thread for each would cost more than the message. Only looking names up and connecting, which
wait, are done in threads of their own.
"""

import selectors
import socket
import ssl
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

from django.conf import settings

from patients.channels.outgoing import (
    CONNECTIONS,
    Answer,
    NoAnswer,
    NotPublic,
    Place,
    as_request,
    connect,
    parsed,
)

CONNECTING_AT_ONCE = 50
_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_READ = selectors.EVENT_READ
_BOTH = selectors.EVENT_READ | selectors.EVENT_WRITE

T = TypeVar("T")


class Post(NamedTuple):
    """What is to be posted. dead: the statuses that say that this address will never work.

    trusted: the operator named the address, so it may be private.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    dead: frozenset[int]
    trusted: bool = False


class Ready(NamedTuple):
    """A post of which only the sending remains: all of its bytes, and where they go.

    It can be made before it may leave. Where its name leads is judged when it is connected to.
    """

    place: Place
    request: bytes
    dead: frozenset[int]


def ready(post: Post) -> Ready:
    """Return a post ready to leave; ValueError when this is no address that may be called."""
    place, request = as_request(post.url, post.headers, post.body, trusted=post.trusted)
    return Ready(place, request, post.dead)


@dataclass(slots=True, eq=False)
class _Call(Generic[T]):
    """One post under way. kept: over a connection that may have been closed at the other end."""

    ticket: T
    place: Place
    request: bytes
    deadline: float
    kept: bool = False


@dataclass(slots=True, eq=False)
class _Line(Generic[T]):
    """One connection, and the call that it carries. unsent: what the socket did not take yet."""

    place: Place
    socket: socket.socket
    call: _Call[T] | None = None
    unsent: bytes = b""
    read: bytes = b""
    waits_to_write: bool = False


class Exchange(Generic[T]):
    """Takes posts with a ticket each, and hands back what became of them, in any order."""

    def __init__(self) -> None:
        self._timeout = settings.OUTGOING_TIMEOUT_SECONDS
        self._selector = selectors.DefaultSelector()
        self._hears, self._wakes = socket.socketpair()
        for each in (self._hears, self._wakes):
            each.setblocking(False)
        self._selector.register(self._hears, _READ)
        self._idle: dict[Place, list[_Line[T]]] = defaultdict(list)
        # By call, in the order in which they began: the first is the first to run out of time.
        self._lines: dict[_Call[T], _Line[T] | None] = {}
        self._connected: SimpleQueue[tuple[_Call[T], socket.socket | Exception]] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None
        self._results: list[tuple[T, Answer | NoAnswer | NotPublic]] = []

    def begin(self, ticket: T, ready: Ready) -> None:
        """Let one leave.

        A kept connection that turns out to be closed is replaced once. The other side may then see
        a message twice, which is why each carries an id.
        """
        call = _Call(ticket, ready.place, ready.request, monotonic() + self._timeout)
        line = self._idle_line(ready.place)
        if line is None:
            self._connect(call)
        else:
            call.kept = True
            self._give(line, call)

    def results(self, *, wait: float) -> list[tuple[T, Answer | NoAnswer | NotPublic]]:
        """Return what is known by now; wait for something for so many seconds, or till `wake`."""
        if not self._results:
            self._look(self._patience(wait))
        found, self._results = self._results, []
        return found

    def wake(self) -> None:
        """End the waiting of `results`; any thread may."""
        with suppress(BlockingIOError):
            self._wakes.send(b"\0")

    def close(self) -> None:
        """Give idle connections back to the process; whatever is under way is broken off."""
        if self._threads:
            self._threads.shutdown(wait=True, cancel_futures=True)
        for lines in self._idle.values():
            for line in lines:
                self._selector.unregister(line.socket)
                CONNECTIONS.keep(line.place, line.socket)
        for line in self._lines.values():
            if line is not None:
                line.socket.close()
        while (late := self._next_connected()) is not None:
            if isinstance(late[1], socket.socket):
                late[1].close()
        for each in (self._selector, self._hears, self._wakes):
            each.close()

    def _idle_line(self, place: Place) -> _Line[T] | None:
        if self._idle[place]:
            return self._idle[place].pop()
        kept = CONNECTIONS.take(place)
        return None if kept is None else self._line(place, kept)

    def _line(self, place: Place, connection: socket.socket) -> _Line[T]:
        connection.setblocking(False)
        line: _Line[T] = _Line(place, connection)
        self._selector.register(connection, _READ, line)
        return line

    def _connect(self, call: _Call[T]) -> None:
        self._lines[call] = None
        if self._threads is None:
            self._threads = ThreadPoolExecutor(CONNECTING_AT_ONCE, "connect")
        self._threads.submit(self._connect_in_thread, call)

    def _connect_in_thread(self, call: _Call[T]) -> None:
        try:
            self._connected.put((call, connect(call.place, call.deadline)))
        except Exception as failed:
            self._connected.put((call, failed))
        self.wake()

    def _give(self, line: _Line[T], call: _Call[T]) -> None:
        self._lines[call] = line
        line.call, line.unsent, line.read = call, call.request, b""
        self._write(line)

    def _write(self, line: _Line[T]) -> None:
        try:
            line.unsent = line.unsent[line.socket.send(line.unsent) :]
        except _NOT_YET:
            pass
        except OSError as failed:
            self._broken(line, failed)
            return
        if line.waits_to_write != bool(line.unsent):
            line.waits_to_write = bool(line.unsent)
            self._selector.modify(line.socket, _BOTH if line.unsent else _READ, line)

    def _look(self, wait: float) -> None:
        for key, events in self._selector.select(wait):
            line = key.data
            if line is None:
                self._begin_connected()
                continue
            if events & selectors.EVENT_WRITE and line.unsent:
                self._write(line)
            if events & _READ and line.socket.fileno() >= 0:
                self._read(line)
        self._give_up_late()

    def _begin_connected(self) -> None:
        with suppress(BlockingIOError):
            self._hears.recv(4096)
        while (connected := self._next_connected()) is not None:
            call, made = connected
            if isinstance(made, Exception):
                self._failed(call, made)
            elif call in self._lines:
                self._give(self._line(call.place, made), call)
            else:
                made.close()  # it came too late: the call was given up

    def _next_connected(self) -> "tuple[_Call[T], socket.socket | Exception] | None":
        try:
            return self._connected.get_nowait()
        except Empty:
            return None

    def _read(self, line: _Line[T]) -> None:
        try:
            line.read += _received(line.socket)
            if line.call is None:
                raise ConnectionResetError("nobody had asked")
            found = parsed(line.read)
        except _NOT_YET:
            return
        except (OSError, ValueError) as failed:
            self._broken(line, failed)
            return
        if found is not None:
            self._answered(line, line.call, *found)

    def _answered(self, line: _Line[T], call: _Call[T], answer: Answer, may_stay: bool) -> None:
        line.call = None
        if may_stay and not line.unsent:
            self._idle[line.place].append(line)
        else:
            self._hang_up(line)
        self._result(call, answer)

    def _broken(self, line: _Line[T], failed: Exception) -> None:
        """The connection is no use any more; what it carried gets another one, once."""
        call, line.call = line.call, None
        self._hang_up(line)
        if call is None:
            self._idle[line.place].remove(line)
        elif call.kept and isinstance(failed, ConnectionError | ssl.SSLError):
            call.kept = False
            self._connect(call)
        else:
            self._failed(call, failed)

    def _give_up_late(self) -> None:
        now = monotonic()
        for call in list(takewhile(lambda each: each.deadline <= now, self._lines)):
            line = self._lines[call]
            if line is not None:
                line.call = None
                self._hang_up(line)
            self._failed(call, TimeoutError())

    def _patience(self, wait: float) -> float:
        first = next(iter(self._lines), None)
        return wait if first is None else max(min(wait, first.deadline - monotonic()), 0)

    def _hang_up(self, line: _Line[T]) -> None:
        self._selector.unregister(line.socket)
        line.socket.close()

    def _failed(self, call: _Call[T], failed: Exception) -> None:
        known = failed if isinstance(failed, NotPublic) else NoAnswer(type(failed).__name__)
        self._result(call, known)

    def _result(self, call: _Call[T], result: Answer | NoAnswer | NotPublic) -> None:
        if self._lines.pop(call, self) is not self:
            self._results.append((call.ticket, result))


def _received(connection: socket.socket) -> bytes:
    """Return what has come; an encrypted connection may hold more than it says to the selector."""
    received = connection.recv(65_536)
    if not received:
        raise ConnectionResetError("closed")
    if isinstance(connection, ssl.SSLSocket) and (more := connection.pending()):
        received += connection.recv(more)
    return received
