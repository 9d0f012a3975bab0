"""Keep-alive clients in one thread: prepared bytes out, whole answers in, nothing between.

A client shares the machine with what it measures, so it does as little as it can.
"""

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_PATIENCE_SECONDS = 60


class UnexpectedAnswerError(SystemExit):
    """The server did not do what is being measured."""


@dataclass(slots=True)
class Run:
    """What one run of all clients found. sizes: bytes of each body."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency in milliseconds that this share of requests stayed below."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@dataclass(slots=True)
class _Caller:
    """One connection with its requests, sent one after the other."""

    socket: socket.socket
    requests: Sequence[bytes]
    place: int = 0
    sent_at: float = 0.0
    buffer: bytearray = field(default_factory=bytearray)

    def send(self) -> None:
        self.buffer.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.requests[self.place])
        self.place += 1

    def receive(self) -> int | None:
        """Take in what has come; return the size of the body once it is whole."""
        arrived = self.socket.recv(262_144)
        if not arrived:
            raise UnexpectedAnswerError("The server closed a connection that was to be kept.")
        self.buffer += arrived
        head, found, body = bytes(self.buffer).partition(HEAD_END)
        if not found or len(body) < _length(head):
            return None
        if head[9:10] != b"2":
            raise UnexpectedAnswerError(f"{head.decode()}\n\n{body[:2000].decode()}")
        return len(body)

    @property
    def finished(self) -> bool:
        return self.place == len(self.requests)


def drive(address: tuple[str, int], scripts: Sequence[Sequence[bytes]]) -> Run:
    """Play one list of requests on each of as many connections, all at once."""
    run, waiting = Run(), 0
    with selectors.DefaultSelector() as selector:
        callers = [_Caller(socket.create_connection(address), script) for script in scripts]
        for caller in callers:
            caller.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(caller.socket, selectors.EVENT_READ, caller)
        began = time.perf_counter()
        for caller in callers:
            caller.send()
            waiting += 1
        while waiting:
            ready = selector.select(_PATIENCE_SECONDS)
            if not ready:
                raise UnexpectedAnswerError(f"No answer within {_PATIENCE_SECONDS} seconds.")
            for key, _ in ready:
                waiting -= _serve(key.data, run)
        run.seconds = time.perf_counter() - began
        for caller in callers:
            caller.socket.close()
    return run


def _serve(caller: _Caller, run: Run) -> bool:
    """Go on with one connection; tell whether it has nothing more to ask."""
    size = caller.receive()
    if size is None:
        return False
    run.latencies.append(time.perf_counter() - caller.sent_at)
    run.sizes.append(size)
    if caller.finished:
        return True
    caller.send()
    return False


def _length(head: bytes) -> int:
    lower = head.lower()
    place = lower.find(_LENGTH)
    if place < 0:
        raise UnexpectedAnswerError(f"An answer without its length:\n{head.decode()}")
    return int(lower[place + len(_LENGTH) :].split(b"\r\n", 1)[0])


def request(
    method: str, path: str, *, token: str, port: int, body: bytes = b"", language: str = "en"
) -> bytes:
    """Return the bytes of one HTTP/1.1 request as a phone would send it."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: localhost:{port}",
        f"X-Session-Token: {token}",
        f"Accept-Language: {language}",
        "Accept: application/json",
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + HEAD_END + body
