"""Posting to addresses that people named, over kept connections.

A small HTTP/1.1 client of our own, for two reasons. The address that is judged is the address that
is connected to: a name cannot point elsewhere between the two. And a message costs microseconds of
work, so that a thousand patients due at eight are told at eight. Redirects are never followed, and
of an answer only the status and the headers count.
"""

import os
import re
import socket
import ssl
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, lru_cache
from ipaddress import ip_address
from threading import Lock
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from patients.channels.http_answer import Answer, parsed
from patients.domain.public_address import is_public, public_url

# A connection that was idle for longer may lead nowhere any more: a fresh one costs less.
KEPT_SECONDS = 30
KEPT_AT_MOST = 256
# Origin, then path and query; only letters that an address can have, and no place in a page.
_URL = re.compile(r"(https?://[!\"$-.0->@-~]+)([!\"$-~]*)", re.IGNORECASE)


class NotPublic(Exception):
    """The address leads to this machine or its network: it is never called."""


class NoAnswer(Exception):
    """Nothing sound came back: refused, too slow, broken off, or not HTTP."""


class Place(NamedTuple):
    """Where a connection leads. trusted: named by the operator, so it may be private."""

    tls: bool
    host: str
    port: int
    trusted: bool
    netloc: str


class Connections:
    """The kept connections of this process; any thread may post."""

    def __init__(self) -> None:
        self._idle: dict[Place, list[tuple[float, socket.socket]]] = defaultdict(list)
        self._lock = Lock()

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, trusted: bool = False
    ) -> Answer:
        """Post a body. NotPublic or NoAnswer; ValueError when this is no address at all.

        A kept connection that turns out to be closed is replaced once. The other side may then see
        a message twice, which is why each carries an id.
        """
        place, request = as_request(url, headers, body, trusted=trusted)
        deadline = monotonic() + settings.OUTGOING_TIMEOUT_SECONDS
        try:
            kept = self.take(place)
            if kept is not None:
                with suppress(ConnectionError, ssl.SSLError):
                    return self._exchange(place, kept, request, deadline)
            return self._exchange(place, connect(place, deadline), request, deadline)
        except (OSError, ValueError) as failed:
            raise NoAnswer(type(failed).__name__) from failed

    def reach(self, place: Place, many: int) -> None:
        """Begin to open connections to there, so that `many` are kept when they are needed.

        None is waited for. One that fails is found out again by whoever needs it.
        """
        soon_old = monotonic() - KEPT_SECONDS / 2
        with self._lock:
            kept = sum(since > soon_old for since, _ in self._idle.get(place, ()))
        if kept < many:
            threads = ThreadPoolExecutor(many - kept, "reach")
            for _ in range(many - kept):
                threads.submit(self._keep_another, place)
            threads.shutdown(wait=False)

    def _keep_another(self, place: Place) -> None:
        with suppress(NotPublic, OSError, ValueError):
            self.keep(place, connect(place, monotonic() + settings.OUTGOING_TIMEOUT_SECONDS))

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, defaultdict(list)
        for kept in idle.values():
            for _, connection in kept:
                connection.close()

    def forget(self) -> None:
        """After a fork: the connections are the parent's, and so is whoever held the lock."""
        self._lock = Lock()
        self.close()

    def _exchange(
        self, place: Place, connection: socket.socket, request: bytes, deadline: float
    ) -> Answer:
        try:
            connection.settimeout(_left(deadline))
            connection.sendall(request)
            answer, may_stay = _read(connection, deadline)
        except BaseException:
            connection.close()
            raise
        if may_stay:
            self.keep(place, connection)
        else:
            connection.close()
        return answer

    def take(self, place: Place) -> socket.socket | None:
        """Return an idle connection to there, if one is kept; it is the caller's now."""
        oldest = monotonic() - KEPT_SECONDS
        with self._lock:
            while self._idle[place]:
                since, connection = self._idle[place].pop()
                if since >= oldest:
                    return connection
                connection.close()
            del self._idle[place]
        return None

    def keep(self, place: Place, connection: socket.socket) -> None:
        """Keep a connection that can be used again."""
        with self._lock:
            if sum(map(len, self._idle.values())) < KEPT_AT_MOST:
                self._idle[place].append((monotonic(), connection))
                return
        connection.close()


CONNECTIONS = Connections()
os.register_at_fork(after_in_child=CONNECTIONS.forget)


@cache
def tls_context() -> ssl.SSLContext:
    """The system's certificate authorities, read once; SSL_CERT_FILE names others."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def destination(url: str, *, trusted: bool) -> tuple[Place, str]:
    """Return where a connection leads and what to ask for there.

    ValueError for what is no address, or none that may be called.
    """
    found = _URL.fullmatch(url)
    if not found:
        raise ValueError("not an address that can be called")
    origin, target = found.groups()
    place = _place(origin, trusted, settings.OUTGOING_PRIVATE_HOSTS)
    return place, target if target.startswith("/") else f"/{target}"


@lru_cache(maxsize=1024)
def _place(origin: str, trusted: bool, private_hosts: frozenset[str]) -> Place:
    parts = urlsplit(origin)
    if not trusted:
        public_url(origin, private_hosts=private_hosts)
        trusted = parts.hostname in private_hosts
    tls = parts.scheme == "https"
    return Place(
        tls, parts.hostname or "", parts.port or (443 if tls else 80), trusted, parts.netloc
    )


def as_request(
    url: str, headers: Mapping[str, str], body: bytes, *, trusted: bool
) -> tuple[Place, bytes]:
    """Return where a post goes and all of its bytes; ValueError as `destination` has it."""
    place, target = destination(url, trusted=trusted)
    lines = [f"POST {target} HTTP/1.1", f"Host: {place.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines)
    if head.count("\r") != len(lines) - 1 or head.count("\n") != len(lines) - 1:
        raise ValueError("a line break in a header")
    return place, f"{head}\r\n\r\n".encode("ascii") + body


def connect(place: Place, deadline: float) -> socket.socket:
    """Return a new connection; NotPublic, or OSError when nobody answers in time."""
    connection = _reach(place, deadline)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not place.tls:
        return connection
    try:
        connection.settimeout(_left(deadline))
        return tls_context().wrap_socket(connection, server_hostname=place.host)
    except BaseException:
        connection.close()
        raise


def _reach(place: Place, deadline: float) -> socket.socket:
    """Connect to one of the addresses that were judged, and to no other."""
    found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    if not place.trusted and not all(is_public(ip_address(_bare(each[4][0]))) for each in found):
        raise NotPublic(place.host)
    failed: OSError = ConnectionRefusedError()
    for family, kind, protocol, _name, address in found:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(_left(deadline))
            connection.connect(address)
        except OSError as error:
            connection.close()
            failed = error
        else:
            return connection
    raise failed


def _bare(address: str | int) -> str:
    return str(address).partition("%")[0]


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _read(connection: socket.socket, deadline: float) -> tuple[Answer, bool]:
    read = b""
    while (found := parsed(read)) is None:
        read += _receive(connection, deadline)
    return found


def _receive(connection: socket.socket, deadline: float) -> bytes:
    connection.settimeout(_left(deadline))
    received = connection.recv(8192)
    if not received:
        raise ConnectionResetError("closed")
    return received
