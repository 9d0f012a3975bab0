"""Many posts under way at once in one thread, over the kept connections of this process.

A thread for each would cost more than the message. Only looking names up and connecting, which
wait, are done in threads of their own.
"""

import select
import socket
import ssl
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from queue import SimpleQueue
from select import EPOLLIN, EPOLLOUT
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

from django.conf import settings

from patients.channels.http_answer import Answer, parsed
from patients.channels.outgoing import (
    CONNECTIONS,
    NoAnswer,
    NotPublic,
    Place,
    as_request,
    connect,
)

CONNECTING_AT_ONCE = 50
_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
# An answer to a message is a head of a few hundred bytes.
_AT_A_TIME = 4096

T = TypeVar("T")
Result = Answer | NoAnswer | NotPublic


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
    """One post under way. deadline: when it is given up, on the clock of `monotonic`."""

    ticket: T
    ready: Ready
    deadline: float


@dataclass(slots=True, eq=False)
class _Line(Generic[T]):
    """One connection, and the call that it carries.

    kept: it was idle before, so the other end may have closed it meanwhile. unsent: what the socket
    did not take yet. read: what has come of an answer that is not whole.
    """

    place: Place
    socket: socket.socket
    call: _Call[T] | None = None
    kept: bool = False
    unsent: bytes = b""
    read: bytes = b""
    waits_to_write: bool = False


class Exchange(Generic[T]):
    """Takes posts with a ticket each, and hands back what became of them, in any order."""

    def __init__(self) -> None:
        self._timeout = settings.OUTGOING_TIMEOUT_SECONDS
        # Without the objects that `selectors` makes of each event: there is one for every message.
        self._poll = select.epoll()
        self._hears, self._wakes = socket.socketpair()
        for each in (self._hears, self._wakes):
            each.setblocking(False)
        self._poll.register(self._hears, EPOLLIN)
        self._lines: dict[int, _Line[T]] = {}
        self._idle: dict[Place, list[_Line[T]]] = defaultdict(list)
        self._connecting: set[_Call[T]] = set()
        self._connected: SimpleQueue[tuple[_Call[T], socket.socket | Exception]] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None
        # No call runs out of time before this moment. It is looked at anew only when it has come.
        self._none_late_before = inf
        self._results: list[tuple[T, Result]] = []

    def begin(self, ticket: T, ready: Ready) -> None:
        """Let one leave.

        A kept connection that turns out to be closed is replaced once. The other side may then see
        a message twice, which is why each carries an id.
        """
        call = _Call(ticket, ready, monotonic() + self._timeout)
        self._none_late_before = min(self._none_late_before, call.deadline)
        line = self._idle_line(ready.place)
        if line is None:
            self._connect(call)
        else:
            self._give(line, call)

    def results(self, *, wait: float) -> list[tuple[T, Result]]:
        """Return what is known by now; wait for something for so many seconds, or till `wake`."""
        if not self._results:
            self._look(wait)
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
        for line in self._lines.values():
            if line.call is None:
                CONNECTIONS.keep(line.place, line.socket)
            else:
                line.socket.close()
        for _call, late in self._all_connected():
            if isinstance(late, socket.socket):
                late.close()
        for each in (self._poll, self._hears, self._wakes):
            each.close()

    def _idle_line(self, place: Place) -> _Line[T] | None:
        idle = self._idle[place]
        if idle:
            return idle.pop()
        kept = CONNECTIONS.take(place)
        return None if kept is None else self._line(place, kept, kept=True)

    def _line(self, place: Place, connection: socket.socket, *, kept: bool) -> _Line[T]:
        connection.setblocking(False)
        line: _Line[T] = _Line(place, connection, kept=kept)
        self._lines[connection.fileno()] = line
        self._poll.register(connection, EPOLLIN)
        return line

    def _connect(self, call: _Call[T]) -> None:
        self._connecting.add(call)
        if self._threads is None:
            self._threads = ThreadPoolExecutor(CONNECTING_AT_ONCE, "connect")
        self._threads.submit(self._connect_in_thread, call)

    def _connect_in_thread(self, call: _Call[T]) -> None:
        try:
            self._connected.put((call, connect(call.ready.place, call.deadline)))
        except Exception as failed:
            self._connected.put((call, failed))
        self.wake()

    def _give(self, line: _Line[T], call: _Call[T]) -> None:
        line.call = call
        self._write(line, call.ready.request)

    def _write(self, line: _Line[T], request: bytes) -> None:
        try:
            sent = line.socket.send(request)
        except _NOT_YET:
            sent = 0
        except OSError as failed:
            self._broken(line, failed)
            return
        if sent < len(request) or line.unsent:
            self._write_on(line, request[sent:])

    def _write_on(self, line: _Line[T], unsent: bytes) -> None:
        """Send the rest as soon as the socket takes it."""
        line.unsent = unsent
        if line.waits_to_write != bool(unsent):
            line.waits_to_write = bool(unsent)
            self._poll.modify(line.socket, EPOLLIN | EPOLLOUT if unsent else EPOLLIN)

    def _look(self, wait: float) -> None:
        """Go on with all that something has happened to, and give up what is late."""
        lines = self._lines
        for number, events in self._poll.poll(max(min(wait, self._left()), 0)):
            line = lines.get(number)
            if line is None:
                self._begin_connected()
                continue
            # A connection that broke says neither, or both: reading and writing tell why.
            if line.unsent and events & ~EPOLLIN:
                self._write(line, line.unsent)
            if events & ~EPOLLOUT and lines.get(number) is line:
                self._read(line)
        if self._left() <= 0:
            self._give_up_late()

    def _begin_connected(self) -> None:
        with suppress(BlockingIOError):
            self._hears.recv(4096)
        for call, made in self._all_connected():
            if call not in self._connecting:  # it came too late: the call was given up
                if isinstance(made, socket.socket):
                    made.close()
                continue
            self._connecting.remove(call)
            if isinstance(made, Exception):
                self._failed(call, made)
            else:
                self._give(self._line(call.ready.place, made, kept=False), call)

    def _all_connected(self) -> "Iterator[tuple[_Call[T], socket.socket | Exception]]":
        while not self._connected.empty():
            yield self._connected.get()

    def _read(self, line: _Line[T]) -> None:
        call = line.call
        try:
            received = _received(line)
            if call is None:
                raise ConnectionResetError("nobody had asked")
            line.read = read = line.read + received if line.read else received
            found = parsed(read)
        except _NOT_YET:
            return
        except (OSError, ValueError) as failed:
            self._broken(line, failed)
            return
        if found is not None:
            self._answered(line, call, *found)

    def _answered(self, line: _Line[T], call: _Call[T], answer: Answer, may_stay: bool) -> None:
        line.call, line.read, line.kept = None, b"", True
        if may_stay and not line.unsent:
            self._idle[line.place].append(line)
        else:
            self._hang_up(line)
        self._results.append((call.ticket, answer))

    def _broken(self, line: _Line[T], failed: Exception) -> None:
        """The connection is no use any more; what it carried gets another one, once."""
        call, line.call = line.call, None
        self._hang_up(line)
        if call is None:
            self._idle[line.place].remove(line)
        elif line.kept and isinstance(failed, ConnectionError | ssl.SSLError):
            self._connect(call)
        else:
            self._failed(call, failed)

    def _left(self) -> float:
        """Return the seconds until a call may run out of time."""
        return self._none_late_before - monotonic()

    def _give_up_late(self) -> None:
        now = monotonic()
        for line in [each for each in self._lines.values() if each.call]:
            if line.call and line.call.deadline <= now:
                self._hang_up(line)
                self._failed(line.call, TimeoutError())
        for call in [each for each in self._connecting if each.deadline <= now]:
            self._connecting.remove(call)
            self._failed(call, TimeoutError())
        calls = [*self._connecting, *(each.call for each in self._lines.values() if each.call)]
        self._none_late_before = min((each.deadline for each in calls), default=inf)

    def _hang_up(self, line: _Line[T]) -> None:
        del self._lines[line.socket.fileno()]
        self._poll.unregister(line.socket)
        line.socket.close()

    def _failed(self, call: _Call[T], failed: Exception) -> None:
        known = failed if isinstance(failed, NotPublic) else NoAnswer(type(failed).__name__)
        self._results.append((call.ticket, known))


def _received(line: _Line[T]) -> bytes:
    """Return what has come; an encrypted connection may hold more than it says to epoll."""
    received = line.socket.recv(_AT_A_TIME)
    if not received:
        raise ConnectionResetError("closed")
    if line.place.tls and (more := _pending(line.socket)):
        received += line.socket.recv(more)
    return received


def _pending(connection: socket.socket) -> int:
    return connection.pending() if isinstance(connection, ssl.SSLSocket) else 0
